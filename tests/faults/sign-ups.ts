import type { AppProcess } from '../support/app-process.js';
import type { SmtpPeer } from '../support/smtp-peer.js';
import { eventually } from '../support/wait-for.js';

/** People who sign up while things are killed: whom the site said yes to must get their confirmation (I4). */
export class SignUps {
  private readonly answered: string[] = [];
  private tried = 0;

  constructor(private readonly app: AppProcess) {}

  /** One sign-up. @returns the status of the answer; undefined: there was none */
  async make(): Promise<number | undefined> {
    this.tried += 1;
    const email = `newcomer${this.tried}@quay.example`;
    const body = JSON.stringify({ email, terms: 'accepted' });
    const headers = { 'content-type': 'application/json' };
    let status: number;
    try {
      ({ status } = await this.app.fetch('/subscribe', { method: 'POST', headers, body }));
    } catch {
      return undefined; // killed before it could answer: nothing was promised
    }
    if (status < 300) this.answered.push(email);
    return status;
  }

  /**
   * Resolves when the server has a confirmation for everybody who was told that one comes.
   * @param tick asked for while some are missing, so that the minute's own is not waited for
   * @returns for how many
   */
  async untilConfirmed(peer: SmtpPeer, tick?: () => Promise<void>): Promise<number> {
    await eventually(
      async () => {
        const received = peer.acceptedPerRecipient();
        const missing = this.answered.filter((email) => !received.has(email));
        if (missing.length > 0) await tick?.();
        if (missing.length > 0) throw new Error(`${missing.length} of ${this.answered.length} are missing`);
        return true;
      },
      { timeoutMs: 90_000, everyMs: 500, what: 'a confirmation for everybody who signed up' },
    );
    return this.answered.length;
  }
}
