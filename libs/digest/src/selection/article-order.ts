import type { OrderRule } from '#database/schema/index.js';

/** What of an article decides where it stands. */
export interface Rankable {
  id: string;
  publishedAt: Date;
  priority: number;
}

/**
 * Articles in the order in which they are to stand: by the first rule, then the second and so on, at last by id, the later made
 * first. `pin`: those pinned, as they were pinned; `priority`: the higher; `recency`: the newer.
 */
export function inOrder<T extends Rankable>(
  articles: readonly T[],
  rules: readonly OrderRule[],
  pinned: readonly string[],
): T[] {
  const rank = new Map(pinned.map((id, index) => [id, index]));
  const placeOf = ({ id }: T) => rank.get(id) ?? pinned.length;
  const compare: Record<OrderRule, (a: T, b: T) => number> = {
    pin: (a, b) => placeOf(a) - placeOf(b),
    priority: (a, b) => b.priority - a.priority,
    recency: (a, b) => b.publishedAt.getTime() - a.publishedAt.getTime(),
  };
  return [...articles].sort((a, b) => {
    for (const rule of rules) {
      const order = compare[rule](a, b);
      if (order !== 0) return order;
    }
    return a.id < b.id ? 1 : -1;
  });
}
