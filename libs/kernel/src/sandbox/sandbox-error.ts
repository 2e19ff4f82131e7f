/** Why a task was ended: its time or its memory was used up, too many waited already, or its process died. */
export type SandboxReason = 'time' | 'memory' | 'busy' | 'died';

const WORDS: Record<SandboxReason, string> = {
  time: 'It took longer than it may.',
  memory: 'It needed more memory than it may.',
  busy: 'Too much is waiting already.',
  died: 'Its process ended.',
};

/**
 * A task did not come to an end within its limits. Whose input it was (`time`, `memory`) or that it is worth another try
 * (`busy`, `died`) is in {@link reason}.
 */
export class SandboxError extends Error {
  constructor(
    readonly task: string,
    readonly reason: SandboxReason,
  ) {
    super(`The task "${task}" was ended: ${WORDS[reason]}`);
    this.name = 'SandboxError';
  }

  /** The input is at fault: another try would end alike. */
  get isLimit(): boolean {
    return this.reason === 'time' || this.reason === 'memory';
  }
}
