import { startSmtpPeer, type SmtpPeer } from '../../support/smtp-peer.js';
import { stopAfterTests } from '../../support/leftovers.js';
import type { DatabaseKind } from '../../support/stores.js';
import { HOUR, IS_WHOLE, MINUTE, OWN_ZONE, QUARTER, WEEK_FROM, WEEK_UNTIL } from './calendar.js';
import { compare, type Differences } from './compare.js';
import { Dice } from './dice.js';
import { RULES, TOPICS } from './digests.js';
import { FeedSite } from './feed-site.js';
import { Newsdesk } from './newsdesk.js';
import { Oracle } from './oracle.js';
import { Public } from './public.js';
import { randomReader, subscriptionsOf } from './readers.js';
import { readMessage, type ReceivedMail } from './received.js';
import { FEEDS, randomStories } from './stories.js';
import type { ClockedApp } from '../../support/clocked-app.js';
import { startWeekApp } from './week-app.js';

const READERS = IS_WHOLE ? 1_000 : 800;
const FEEDS_ADDED = WEEK_FROM + 10 * MINUTE;
/** In the middle of many people's breakfast, so that the process dies with messages on the wire. */
export const KILLED_AT = WEEK_FROM + (IS_WHOLE ? 44 : 8) * HOUR;
/** So many messages go through before the others are held on the wire. */
const LET_THROUGH = 4;
/** Over the time of the weekly digest; feeds are not due in it. */
const DOWN = { from: Date.UTC(2026, 9, 24, 16, 22), until: Date.UTC(2026, 9, 24, 16, 37) };

/** A week of a publication: what happens, what is expected, and what the mail server got. */
export class Week {
  readonly all: ReceivedMail[] = [];
  readonly doubled: ReceivedMail[] = [];
  steps = 0;
  restarts = 0;
  private ticked = WEEK_FROM;
  private newsdesk!: Newsdesk;
  private people!: Public;

  private constructor(
    readonly app: ClockedApp,
    readonly peer: SmtpPeer,
    readonly site: FeedSite,
    readonly oracle: Oracle,
    private readonly dice: Dice,
    /** What time it is, for everybody here. */
    private readonly time: { at: number },
  ) {}

  static async open(kind: DatabaseKind, seed: number): Promise<Week> {
    const dice = new Dice(seed);
    const peer = await startSmtpPeer();
    const time = { at: WEEK_FROM };
    const site = await FeedSite.open(randomStories(dice), () => time.at, FEEDS_ADDED);
    stopAfterTests(async () => {
      await site.close();
      await peer.close();
    });
    const app = await startWeekApp(kind, peer.url, WEEK_FROM);
    const week = new Week(app, peer, site, new Oracle(), dice, time);
    await week.setUp();
    return week;
  }

  /** @throws Error naming what differs at the first time at which something does */
  async run(): Promise<void> {
    for (const at of this.instants()) {
      if (DOWN.from <= at && at < DOWN.until) continue;
      if (at === KILLED_AT) await this.killAt(at);
      else if (at === DOWN.until) await this.restartAt(at);
      await this.step(at);
    }
  }

  /** For the line that a run prints. */
  sums(): Record<string, number> {
    const readers = new Set(this.all.map(({ email }) => email)).size;
    const polls = FEEDS.reduce((sum, feed) => sum + this.site.asked[feed].length, 0);
    return {
      steps: this.steps,
      polls,
      stories: this.oracle.articles.size,
      mails: this.all.length,
      readers,
      ...this.newsdesk.done,
      ...this.people.done,
      doubled: this.doubled.length,
    };
  }

  private async setUp(): Promise<void> {
    const { app, dice } = this;
    await app.operator('PATCH', '/publication', { timeZone: OWN_ZONE, name: 'The Harbour Post' });
    for (const name of TOPICS) await app.operator('POST', '/topics', { name });
    for (const [slug, { topics, least, most, lookbackDays, schedule }] of Object.entries(RULES)) {
      const limits = { minArticles: least, maxArticles: most, lookbackDays };
      await app.operator('POST', '/digests', { name: slug, slug, topics, schedule, ...limits });
    }
    const readers = Array.from({ length: READERS }, (_, number) => randomReader(dice, number, WEEK_FROM));
    const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const lines = readers.map((reader) =>
      [reader.email, reader.zone ?? '', reader.locale, cell(JSON.stringify(subscriptionsOf(reader)))].join(),
    );
    const imported = await app.app.fetch('/api/v1/subscribers/import?source=a%20test&terms=accepted', {
      method: 'POST',
      headers: { authorization: `Bearer ${app.app.apiKey}`, 'content-type': 'text/csv' },
      body: ['email,time_zone,locale,subscriptions', ...lines].join('\n'),
    });
    expect(await imported.json()).toMatchObject({ imported: READERS, errors: [] });
    for (const reader of readers) this.oracle.joins(reader);
    await this.moveTo(FEEDS_ADDED);
    for (const feed of FEEDS) {
      await app.operator('POST', '/feeds', { url: this.site.url(feed), everyMinutes: 60 });
    }
    this.readFeeds();
    this.newsdesk = new Newsdesk(app, this.oracle, dice);
    this.people = new Public(app, this.oracle, dice, READERS);
  }

  /** Each quarter of an hour; feeds are due at ten past, so that no digest is chosen while one is read. */
  private *instants(): Generator<number> {
    for (let hour = WEEK_FROM; hour < WEEK_UNTIL; hour += HOUR) {
      const minutes = [0, 5, 10, 12, 15, 30, 45];
      for (const minute of minutes) {
        const at = hour + minute * MINUTE;
        if (at === DOWN.from - (DOWN.from % HOUR) + 15 * MINUTE) yield* [at, DOWN.until];
        else if (at > FEEDS_ADDED) yield at;
      }
    }
  }

  private async step(at: number): Promise<void> {
    await this.moveTo(at);
    const minute = (at % HOUR) / MINUTE;
    const acted = minute === 5 || minute === 12 ? await this.act(at, minute) : true;
    if (!acted) return;
    await this.app.at(at, true);
    this.settle();
  }

  /** What people do between the clock's ticks. @returns whether somebody did something */
  private async act(at: number, minute: number): Promise<boolean> {
    if (minute === 12) return this.newsdesk.embargo(at);
    // Readers first: an alert is under way at once, and goes by what they had chosen by then.
    const people = await this.people.act(at);
    const news = await this.newsdesk.act(at);
    return news || people;
  }

  private async moveTo(at: number): Promise<void> {
    this.time.at = at;
    await this.app.at(at, false);
  }

  /** Takes in what was served and sent since the last time, and holds it against what was to be sent. */
  private settle(): void {
    this.readFeeds();
    const received = this.peer.accepted.splice(0).map(readMessage);
    const known = new Set<string>();
    const once = received.filter(({ messageId }) => !known.has(messageId) && known.add(messageId));
    this.doubled.push(...received.filter((mail) => !once.includes(mail)));
    this.all.push(...once);
    const differences = compare(this.oracle.outcomes(this.ticked, this.time.at), once);
    this.ticked = this.time.at;
    this.steps += 1;
    this.insist(differences);
  }

  private insist({ missing, unexpected }: Differences): void {
    if (missing.length === 0 && unexpected.length === 0) return;
    const list = (mails: readonly object[]) => mails.slice(0, 8).map((mail) => JSON.stringify(mail));
    const emails = [...missing.map((one) => one[0]?.mails[0]?.email), ...unexpected.map((one) => one.email)];
    const readers = [...new Set(emails)].slice(0, 5).map((email) => this.oracle.readers.get(email ?? ''));
    const told = JSON.stringify([missing.map((ways) => ways.map(({ mails }) => mails)), unexpected]);
    const stories = this.site.stories
      .filter((story) => told.includes(`"${story.code.toUpperCase()} `))
      .map((story) => this.oracle.articles.get(story.code) ?? story);
    throw new Error(
      [
        `At ${new Date(this.time.at).toISOString()} of the simulated week:`,
        `${missing.length} not sent, ${unexpected.length} not expected`,
        'missing (in one of these ways):',
        ...list(missing.map((ways) => ways.map(({ mails }) => mails))),
        'unexpected:',
        ...list(unexpected),
        'readers:',
        ...list(readers as object[]),
        'stories:',
        ...stories.map((one) => JSON.stringify(one)),
      ].join('\n'),
    );
  }

  private readFeeds(): void {
    for (const served of this.site.served.splice(0)) this.oracle.polled(served, FEEDS_ADDED);
  }

  /** Dies in the middle of a wave, with a message on every connection, and is started again at the same time. */
  private async killAt(at: number): Promise<void> {
    await this.moveTo(at);
    let letGo = (): void => undefined;
    const held = new Promise<undefined>((resolve) => (letGo = () => resolve(undefined)));
    let messages = 0;
    this.peer.script = ({ command }) => (command === 'DOT' && ++messages > LET_THROUGH ? held : undefined);
    const before = this.peer.steps.filter(({ command }) => command === 'DOT').length;
    const interrupted = this.app.at(at, true).then(
      () => 'it came to its end',
      () => 'interrupted',
    );
    const inMidWave = this.peer.reached('DOT', before + LET_THROUGH + 2).then(() => 'in mid-wave');
    expect(await Promise.race([inMidWave, interrupted])).toBe('in mid-wave');
    await this.app.app.kill('SIGKILL');
    expect(await interrupted).toBe('interrupted');
    this.peer.script = undefined;
    letGo();
    await this.app.restart(at, 'SIGKILL');
    this.restarts += 1;
  }

  /** Was stopped in order, and is away for a while in which something is due. */
  private async restartAt(at: number): Promise<void> {
    this.time.at = at;
    await this.app.restart(at, 'SIGTERM');
    this.restarts += 1;
  }
}

if (KILLED_AT % QUARTER !== 0) throw new Error('At that time nothing is sent.');
