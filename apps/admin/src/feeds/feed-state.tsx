import { Badge } from '@mantine/core';
import type { Feed } from '../api/types';
import { showTime } from '../ui/format';

/** Whether a feed is read, in a word. */
export function FeedState({ feed }: { feed: Feed }) {
  const [word, colour] = !feed.enabled
    ? ['off', 'gray']
    : feed.lastError
      ? ['failing', 'accent']
      : feed.warning
        ? ['read in part', 'orange']
        : ['fine', 'green'];
  return (
    <Badge color={colour} variant="light">
      {word}
    </Badge>
  );
}

/** `every 30 minutes · next 22 Nov 2026, 17:05` */
export function paceOf({ enabled, everyMinutes, dueAt }: Feed): string {
  return enabled ? `every ${everyMinutes} minutes · next ${showTime(dueAt)}` : 'not looked at';
}
