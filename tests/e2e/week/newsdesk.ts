import { HOUR, QUARTER, WEEK_FROM } from './calendar.js';
import type { Dice } from './dice.js';
import type { Oracle } from './oracle.js';
import type { ClockedApp } from '../../support/clocked-app.js';

type Deed = 'breaking' | 'retract' | 'priority' | 'pin';

/** What editors do in the week, from an hour of it on, as soon as there is a story for it. */
const DEEDS: readonly (readonly [fromHour: number, Deed])[] = [
  [9, 'breaking'],
  [13, 'pin'],
  [20, 'priority'],
  [27, 'retract'],
  [40, 'priority'],
  [50, 'breaking'],
  [70, 'retract'],
  [90, 'priority'],
  [118, 'breaking'],
  [140, 'priority'],
];
const EMBARGOES_FROM = [15, 33, 77];
/** What is done even at a weekend. */
export const ALL_DEEDS = ['breaking', 'retract', 'priority', 'pin', 'embargo'];

/** The people who work with stories. */
export class Newsdesk {
  readonly done: Record<string, number> = {};
  private readonly deeds = [...DEEDS];
  private readonly embargoes = [...EMBARGOES_FROM];

  constructor(
    private readonly app: ClockedApp,
    private readonly oracle: Oracle,
    private readonly dice: Dice,
  ) {}

  async act(at: number): Promise<boolean> {
    const [fromHour, deed] = this.deeds[0] ?? ([Infinity, 'pin'] as const);
    const code = at >= WEEK_FROM + fromHour * HOUR ? this.fresh(at, 2 * HOUR) : undefined;
    if (!code) return false;
    this.deeds.shift();
    await this.carryOut(deed, code);
    this.done[deed] = (this.done[deed] ?? 0) + 1;
    return true;
  }

  /** Just after the feeds were read, before anybody can have it: held back for a day and some. */
  async embargo(at: number): Promise<boolean> {
    const fromHour = this.embargoes[0] ?? Infinity;
    const code = at >= WEEK_FROM + fromHour * HOUR ? this.fresh(at, 5 * 60_000) : undefined;
    if (!code) return false;
    this.embargoes.shift();
    const until = Math.ceil(at / QUARTER) * QUARTER + 26 * HOUR + this.dice.below(16) * QUARTER;
    await this.patch(code, { embargoUntil: new Date(until).toISOString() });
    this.oracle.changes(code, { embargoUntil: until });
    this.done.embargo = (this.done.embargo ?? 0) + 1;
    return true;
  }

  private async carryOut(deed: Deed, code: string): Promise<void> {
    switch (deed) {
      case 'breaking':
        await this.patch(code, { breaking: true });
        this.oracle.breaks(code);
        break;
      case 'retract':
        await this.app.operator('POST', `/articles/${await this.idOf(code)}/retract`);
        this.oracle.changes(code, { retracted: true });
        break;
      case 'priority':
        await this.patch(code, { priority: 5 });
        this.oracle.changes(code, { priority: 5 });
        break;
      case 'pin': {
        const [digest] = await this.app.rows<{ id: string }>(`SELECT id FROM digest WHERE slug = 'weekly'`);
        await this.app.operator('PATCH', `/digests/${digest?.id}`, { pinned: [await this.idOf(code)] });
        this.oracle.pins('weekly', [code]);
      }
    }
  }

  /** A story that came lately and with which nobody has done anything yet. */
  private fresh(at: number, within: number): string | undefined {
    const found = [...this.oracle.articles.values()].filter(
      (one) => one.releasedAt > at - within && !one.edited && one.embargoUntil === null && !one.story.change,
    );
    return found.length > 0 ? this.dice.pick(found).story.code : undefined;
  }

  private async patch(code: string, changes: object): Promise<void> {
    await this.app.operator('PATCH', `/articles/${await this.idOf(code)}`, changes);
  }

  private async idOf(code: string): Promise<string> {
    const url = `https://post.example/${code}`;
    const [row] = await this.app.rows<{ id: string }>(`SELECT id FROM article WHERE url = '${url}'`);
    if (!row) throw new Error(`There is no article of ${url}`);
    return row.id;
  }
}
