import { z } from 'zod';

/** A time of RFC 3339 with its offset, as a Date. Only years that RFC 3339 and PostgreSQL both write with four digits. */
export const instant = z.iso
  .datetime({ offset: true, error: 'must be a time like 2027-03-01T06:00:00Z' })
  .transform((text) => new Date(text))
  .refine((at) => at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9999, {
    error: 'must be between the years 1 and 9999',
    params: { code: 'invalid_format' },
  });
