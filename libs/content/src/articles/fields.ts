import { z } from 'zod';
import { instant as rfc3339 } from '#kernel/input/instant.js';

/** One line of text: control characters and line breaks are spaces; non-breaking spaces stay. */
export const oneLine = (max: number) =>
  z
    .string()
    .overwrite((text) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim())
    .max(max, `must be at most ${max} characters long`);

/** RFC 3339 in, Date out. A Date passes, so that what was parsed once can be parsed again. */
export const instant = z.preprocess(
  (value) => (value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : value),
  rfc3339,
);
