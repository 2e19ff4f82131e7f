import { HOUR, IS_WHOLE, MINUTE, WEEK_FROM, WEEK_UNTIL } from './calendar.js';
import { TOPICS } from './digests.js';
import type { Dice } from './dice.js';

export type FeedName = 'rss' | 'atom' | 'json';
export const FEEDS: readonly FeedName[] = ['rss', 'atom', 'json'];

/** What is wrong with an entry. */
export type Damage = 'bad-date' | 'no-date' | 'far-off-date' | 'old-date' | 'shared-guid' | 'twice' | 'html';

export interface Story {
  /** In its title and its URL: by this it is known in a mail. */
  code: string;
  feeds: FeedName[];
  /** As a reader is to see it. */
  title: string;
  topics: string[];
  /** When it is put into the feed. */
  appears: number;
  /** What the entry says, if it says something. */
  dated: number;
  damage: Damage | null;
  /** From then on it has another title. */
  change: { at: number; title: string } | null;
}

const COUNT = IS_WHOLE ? 84 : 42;
/** In RSS alone: two stories without a date, polled together, are in the order of one document then. */
const DAMAGES: readonly Damage[] = ['bad-date', 'no-date', 'far-off-date', 'old-date', 'twice', 'html'];

export const urlOf = ({ code }: Story) => `https://post.example/${code}`;

/** The stories of the week, in the order in which they appear, and some that were there before. */
export function randomStories(dice: Dice): Story[] {
  const span = WEEK_UNTIL - WEEK_FROM - 4 * HOUR;
  const times = Array.from({ length: COUNT }, () => WEEK_FROM + 20 * MINUTE + dice.below(span));
  const old = FEEDS.map((feed, at) => story(`h00${at}`, WEEK_FROM - 2 * HOUR, [feed], dice));
  const fresh = times
    .sort((a, b) => a - b)
    .map((at, number) => story(`s${String(number).padStart(3, '0')}`, at, [dice.pick(FEEDS)], dice));
  damage(fresh, dice);
  return [...old, ...fresh];
}

function story(code: string, appears: number, feeds: FeedName[], dice: Dice): Story {
  const title = `${code.toUpperCase()} ${feeds[0] === 'rss' ? '“Über” the' : 'About the'} ferry & <more>`;
  return {
    code,
    feeds,
    title,
    appears,
    damage: null,
    change: null,
    topics: dice.some(TOPICS, dice.pick([0, 1, 1, 1, 2])),
    dated: appears - (1 + dice.below(90)) * MINUTE - dice.below(60) * 1000,
  };
}

function damage(stories: Story[], dice: Dice): void {
  const ofRss = stories.filter(({ feeds }) => feeds[0] === 'rss');
  for (const [at, one] of ofRss.entries()) if (at % 2 === 0) one.damage = dice.pick(DAMAGES);
  for (const one of stories.filter(({ feeds }) => feeds[0] === 'json'))
    if (dice.chance(0.3)) one.damage = 'html';
  // Two that some system gave the site's GUID. They come together, else the first is known by it alone.
  const [first, second] = ofRss.filter((one) => one.damage === null);
  if (first && second) {
    first.damage = second.damage = 'shared-guid';
    second.appears = first.appears;
    second.dated = first.dated - 1_000;
  }
  const whole = stories.filter((one) => one.damage === null);
  // The same story in two feeds.
  for (const one of dice.some(whole, 4)) one.feeds = ['atom', 'json'];
  // Some are changed at their source: before or after readers have them.
  for (const one of dice.some(
    whole.filter(({ feeds }) => feeds.length === 1),
    8,
  )) {
    const at = one.appears + dice.pick([61 * MINUTE, 61 * MINUTE, 26 * HOUR]);
    one.change = { at, title: one.title.replace('ferry', 'old ferry') };
  }
}

export function titleAt(one: Story, at: number): string {
  return one.change && one.change.at <= at ? one.change.title : one.title;
}
