/** The only source of "now" for decisions, so that a test can set it. Leases use the database's own clock. */
export abstract class Clock {
  /** @returns the current instant. */
  abstract now(): Date;
}

/** The machine's clock. */
export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }
}

/** A clock that stands still until told otherwise. */
export class SettableClock extends Clock {
  private instant: Date;

  constructor(start: Date | string) {
    super();
    this.instant = new Date(start);
  }

  override now(): Date {
    return new Date(this.instant);
  }

  /** Moves the clock to an instant, forwards or back. */
  set(instant: Date | string): void {
    this.instant = new Date(instant);
  }

  /** Moves the clock by a number of milliseconds. */
  advance(milliseconds: number): void {
    this.instant = new Date(this.instant.getTime() + milliseconds);
  }
}
