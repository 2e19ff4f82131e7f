import { HOUR, quartersIn, wallAt } from './calendar.js';
import type { Dice } from './dice.js';
import type { Oracle } from './oracle.js';
import { clockOf, randomChoice, randomReader, subscriptionsOf } from './readers.js';
import type { ClockedApp } from '../../support/clocked-app.js';

/** Of an hour, that somebody does this. */
const CHANGES = 0.3;
const LEAVES = 0.12;
const JOINS = 0.15;

/** The readers who do something in the week. */
export class Public {
  readonly done = { changed: 0, left: 0, joined: 0 };

  constructor(
    private readonly app: ClockedApp,
    private readonly oracle: Oracle,
    private readonly dice: Dice,
    private number: number,
  ) {}

  async act(at: number): Promise<boolean> {
    const { dice } = this;
    const [changes, leaves, joins] = [dice.chance(CHANGES), dice.chance(LEAVES), dice.chance(JOINS)];
    if (changes) await this.change(at);
    if (leaves) await this.leave();
    if (joins) await this.join(at);
    return changes || leaves || joins;
  }

  private async change(at: number): Promise<void> {
    const before = this.dice.pick([...this.oracle.readers.values()]);
    // Some want it at once: at the next full hour, which nobody else may have chosen.
    const hurries = this.dice.chance(0.3);
    const choices = Object.keys(before.choices).map((digest) => {
      const choice = randomChoice(this.dice, at);
      return [digest, hurries ? { ...choice, hour: nextHour(clockOf(before), at) } : choice];
    });
    const reader = { ...before, choices: Object.fromEntries(choices) as typeof before.choices };
    const subscriptions = subscriptionsOf(reader);
    await this.app.operator('PATCH', `/subscribers/${await this.idOf(reader.email)}`, { subscriptions });
    this.oracle.joins(reader);
    this.done.changed += 1;
  }

  private async leave(): Promise<void> {
    const { email } = this.dice.pick([...this.oracle.readers.values()]);
    await this.app.operator('PATCH', `/subscribers/${await this.idOf(email)}`, { status: 'unsubscribed' });
    this.oracle.leaves(email);
    this.done.left += 1;
  }

  private async join(at: number): Promise<void> {
    const reader = randomReader(this.dice, this.number++, at);
    const { email, zone, locale } = reader;
    const consent = { source: 'a form at the harbour fair', terms: 'accepted' };
    await this.app.operator('POST', '/subscribers', {
      email,
      timeZone: zone,
      locale,
      consent,
      status: 'active',
      subscriptions: subscriptionsOf(reader),
    });
    this.oracle.joins(reader);
    this.done.joined += 1;
  }

  private async idOf(email: string): Promise<string> {
    const [row] = await this.app.rows<{ id: string }>(`SELECT id FROM subscriber WHERE email = '${email}'`);
    return row?.id ?? '';
  }
}

/** The next full hour that a zone's clocks will show. */
function nextHour(zone: string, at: number): number {
  const walls = quartersIn(at, at + HOUR).map((quarter) => wallAt(zone, quarter));
  return Number(walls.find((wall) => wall.endsWith(':00'))!.slice(11, 13));
}
