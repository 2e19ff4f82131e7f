const bold = (text: string) => (process.stdout.isTTY ? `\u001b[1m${text}\u001b[0m` : text);

/** Tells what happens, and counts what was checked. */
export class Narrator {
  private step = 0;
  private failures = 0;

  title(text: string): void {
    this.step += 1;
    console.log(`\n${bold(`${this.step}. ${text}`)}`);
  }

  say(text: string): void {
    console.log(`   ${text}`);
  }

  /** Says whether something is as it must be. */
  check(what: string, ok: boolean, seen?: unknown): void {
    if (!ok) this.failures += 1;
    console.log(
      `   ${ok ? '✓' : '✗'} ${what}${ok || seen === undefined ? '' : ` (seen: ${JSON.stringify(seen)})`}`,
    );
  }

  get failed(): number {
    return this.failures;
  }
}
