/**
 * What is counted of an edition. `deferred` are tries that did not end it: put off by the server, broken off, or in doubt after a
 * crash. `failed` are the messages given up, `expired` ones too. What was accepted and came back is `bounced` beside it.
 */
export const EDITION_NUMBERS = [
  'frozen',
  'accepted',
  'deferred',
  'failed',
  'bounced',
  'complained',
  'unsubscribed',
] as const;
export type EditionNumber = (typeof EDITION_NUMBERS)[number];

/**
 * The columns of an edition's numbers. `measured` are the mails that were accepted for readers who agreed to be measured, less those of
 * whoever has withdrawn it since; no answer has it in its rows.
 */
export const EDITION_COLUMNS = [...EDITION_NUMBERS, 'measured'] as const;
export type EditionColumn = (typeof EDITION_COLUMNS)[number];
