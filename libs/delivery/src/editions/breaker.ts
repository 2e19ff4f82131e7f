/** So many of the latest outcomes of an edition are looked at. */
const WINDOW = 100;
/** Fewer say nothing yet. */
const AT_LEAST = 50;
const SHARE = 0.5;

/**
 * Stops an edition of which too many messages are refused, or in doubt because the connection broke after them: the list
 * is stale, or something is wrong with the mail or its server. Going on would cost the sender's good name, or the readers
 * their mail.
 */
export class Breaker {
  private readonly windows = new Map<string, boolean[]>();

  /**
   * Takes note of an outcome.
   * @returns why the edition should be paused, if it should be
   */
  note(editionId: string, failed: boolean, reply: string): string | undefined {
    const window = this.windows.get(editionId) ?? [];
    this.windows.set(editionId, window);
    window.push(failed);
    if (window.length > WINDOW) window.shift();
    if (!failed || window.length < AT_LEAST) return undefined;
    const count = window.filter(Boolean).length;
    if (count < window.length * SHARE) return undefined;
    this.windows.delete(editionId); // resumed, it begins anew
    return `${count} of the last ${window.length} messages were refused or are in doubt, the last with: ${reply}`;
  }

  /** The edition is over. */
  forget(editionId: string): void {
    this.windows.delete(editionId);
  }
}
