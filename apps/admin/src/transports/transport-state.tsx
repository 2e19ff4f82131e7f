import { Badge } from '@mantine/core';
import type { Transport } from '../api/types';
import { showNumber } from '../ui/format';

/** Whether a transport is used, in a word. */
export function TransportState({ transport }: { transport: Transport }) {
  const [word, colour] = !transport.enabled
    ? ['disabled', 'gray']
    : transport.restingUntil
      ? ['resting', 'orange']
      : ['enabled', 'green'];
  return (
    <Badge color={colour} variant="light">
      {word}
    </Badge>
  );
}

/** `smtp.example.org:587` */
export function serverOf({ host, port }: Transport): string {
  return host === null ? 'SMTP_URL is not set' : `${host}:${port}`;
}

/** `1,200 of 5,000 today` */
export function todayOf({ usedToday, allowedToday }: Transport): string {
  const used = showNumber(usedToday);
  return allowedToday === null ? `${used} today` : `${used} of ${showNumber(allowedToday)} today`;
}
