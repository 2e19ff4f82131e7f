import type { Wording } from '../phrases.js';
import { DEAD_ADDRESS, DEAD_BY_CODE, REFUSED_ADDRESS } from './address.js';
import { BAD_CONTENT, TOO_LARGE_FOR_MAILBOX, UNFIT_CONTENT } from './content.js';
import { LANGUAGES } from './languages.js';
import { FULL, NOT_NOW } from './mailbox.js';
import { DELIVERED, NOT_FOUND_YET, TROUBLE } from './network.js';
import { NOT_IN_DIRECTORY, PROVIDERS } from './providers.js';
import { NOT_FROM_US, OUR_QUOTA, POLICY, TOO_FAST } from './sender.js';

/** Where a reply has words of several, the first of these counts: a full mailbox or our bad name before a dead address. */
export const IN_ORDER: readonly Wording[] = [
  ...PROVIDERS,
  OUR_QUOTA,
  FULL,
  NOT_NOW,
  NOT_FROM_US,
  BAD_CONTENT,
  NOT_FOUND_YET,
  ...NOT_IN_DIRECTORY,
  DEAD_ADDRESS,
  DEAD_BY_CODE,
  ...LANGUAGES,
  TOO_FAST,
  TOO_LARGE_FOR_MAILBOX,
  UNFIT_CONTENT,
  POLICY,
  TROUBLE,
  REFUSED_ADDRESS,
  DELIVERED,
];
