import { addressesIn, mailboxes } from '../mime/addresses.js';
import type { HeaderFields } from '../mime/header-fields.js';
import { messageIdsIn } from './returned-original.js';

const MAX_TRAILS = 60;
/** Whom this mail was sent to, or left at. */
const DELIVERED_TO = [
  'to',
  'cc',
  'delivered-to',
  'x-original-to',
  'envelope-to',
  'x-envelope-to',
  'x-delivered-to',
  'x-rcpt-to',
  'resent-to',
  'apparently-to',
  'x-real-to',
  'x-forwarded-to',
];
/** Return paths that a report or what it returns names, and where complaints about it go to. */
const QUOTED = [
  'return-path',
  'errors-to',
  'x-postfix-sender',
  'x-sendgrid-sender',
  'original-mail-from',
  'x-envelope-from',
  'envelope-from',
  'x-sender',
  'x-env-sender',
  'sender',
  'x-return-path',
  'x-original-sender',
  'x-originalarrivaltime-sender',
  'cfbl-address',
];

/** Every address at which our token may stand: this mail's own recipients first. Case kept. */
export function returnPathsOf(own: HeaderFields, quoted: readonly HeaderFields[]): string[] {
  const direct = DELIVERED_TO.flatMap((name) => own.all(name).flatMap((value) => mailboxes(value)));
  const traces = own
    .all('received')
    .slice(0, 5)
    .flatMap((value) => addressesIn(/\bfor\s+<?([^\s>;]{3,320})/i.exec(value)?.[1] ?? ''));
  const paths = quoted.flatMap((fields) =>
    QUOTED.flatMap((name) => fields.all(name).flatMap((value) => addressesIn(value))),
  );
  const all = [...direct, ...traces, ...paths];
  return [...new Set([...all, ...all.flatMap(rewritten)])].slice(0, MAX_TRAILS);
}

/** The return path within one that a forwarder made of it: `SRS0=hash=time=domain=local@forwarder`. */
function rewritten(address: string): string[] {
  const [, domain, local] =
    /^SRS0[=+-][^=+@]{1,40}[=+][^=+@]{1,10}[=+]([^=+@]{3,255})[=+]([^@]{1,200})@/i.exec(address) ?? [];
  return domain && local ? [`${local}@${domain}`] : [];
}

/** Message-IDs that may be ours: of what is returned, then of what this mail answers to. */
export function messageIdsOf(
  own: HeaderFields,
  original: HeaderFields,
  reported: readonly HeaderFields[],
  text: string,
): string[] {
  const from = (fields: HeaderFields, name: string) =>
    fields.all(name).flatMap((value) => messageIdsIn(value));
  const inText = [
    ...text
      .slice(0, 65_536)
      .matchAll(/^[\s>|]{0,8}(?:original )?message-id[ \t]{0,4}:[ \t]{0,4}(<[^<>\s]{3,500}>)/gim),
  ].map(([, id = '']) => id);
  const found = [
    ...from(original, 'message-id'),
    ...inText,
    ...reported.flatMap((fields) => [
      ...from(fields, 'original-message-id'),
      ...from(fields, 'x-original-message-id'),
      ...from(fields, 'original-envelope-id'),
    ]),
    ...from(own, 'in-reply-to'),
    ...from(own, 'x-original-message-id'),
    ...from(own, 'references').reverse(),
    ...from(original, 'references').slice(0, 5),
  ];
  const mine = new Set(from(own, 'message-id'));
  return [...new Set(found)].filter((id) => !mine.has(id)).slice(0, MAX_TRAILS);
}
