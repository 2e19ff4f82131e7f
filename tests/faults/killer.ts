import { setTimeout as pause } from 'node:timers/promises';
import type { AppProcess } from '../support/app-process.js';
import type { SmtpPeer } from '../support/smtp-peer.js';
import { eventually } from '../support/wait-for.js';
import { CONNECTIONS } from './faults.harness.js';

/** A starting process reads its journals and makes its first claims in this time (ms). */
const STARTING_MS = 2_500;

/** Kills processes with -9 at random moments, and counts. */
export class Killer {
  kills = 0;
  /** Connections that were open when their process was killed, in all: the most that may be in doubt (I2). */
  connections = 0;

  constructor(
    private readonly peer: SmtpPeer,
    private readonly roll: (below: number) => number,
  ) {}

  /** Kills it and starts it again. */
  async now(app: AppProcess): Promise<void> {
    this.count();
    await app.restart('SIGKILL');
  }

  /** Kills it within so many milliseconds, and starts it again. */
  async soon(app: AppProcess, withinMs: number): Promise<void> {
    await pause(this.roll(withinMs));
    await this.now(app);
  }

  /** Kills it once, or, one time in three, again while it starts and settles what it left. @returns how often */
  async atSomeMoment(app: AppProcess): Promise<number> {
    await pause(this.roll(100));
    if (this.roll(3) > 0) {
      await this.now(app);
      return 1;
    }
    this.count();
    const starting = app.restart('SIGKILL').catch(() => undefined); // it is killed before it is up
    const { pid } = app;
    await eventually(() => app.pid !== pid);
    await pause(this.roll(STARTING_MS));
    this.count();
    await app.kill('SIGKILL');
    await starting;
    await app.restart();
    return 2;
  }

  private count(): void {
    this.kills += 1;
    this.connections += Math.min(this.peer.openConnections, CONNECTIONS);
  }
}
