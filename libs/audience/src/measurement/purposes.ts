import { z } from 'zod';
import { listField } from '../publication/fields.js';

/** The purpose that a reader agrees to who may be measured. It is never part of another consent. */
export const MEASUREMENT = 'measurement';

const PURPOSES = ['newsletter', MEASUREMENT] as const;

/** What a sign-up or an operator says consent is given for. `newsletter` goes without saying. */
export const purposesField = listField(z.enum(PURPOSES));

/** Whether a list of purposes has that of measurement. */
export function namesMeasurement(purposes: readonly string[] | undefined): boolean {
  return purposes?.includes(MEASUREMENT) ?? false;
}

/** The purposes with that of measurement, or without it. */
export function withMeasurement(purposes: readonly string[], measured: boolean): string[] {
  const others = purposes.filter((purpose) => purpose !== MEASUREMENT);
  return measured ? [...others, MEASUREMENT] : others;
}
