export interface JobContext {
  /** Aborted when the process is asked to stop: begin nothing new, put back what is not begun. */
  signal: AbortSignal;
  /** Aborted shortly before SHUTDOWN_TIMEOUT is over: break off even what is in flight, and write down how it stands. */
  deadline: AbortSignal;
}
