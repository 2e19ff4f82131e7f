import { customType, timestamp, uuid } from 'drizzle-orm/pg-core';

/** An instant. Stored with time zone, read as a Date. */
export const instant = () => timestamp({ withTimezone: true, mode: 'date' });

/** Raw bytes. */
export const bytes = customType<{ data: Buffer; driverData: Uint8Array }>({
  dataType: () => 'bytea',
  fromDriver: (value) => Buffer.from(value.buffer, value.byteOffset, value.byteLength),
});

/** A bit string as text: `'0110'`. The first character is bit 0. */
export const bits = customType<{ data: string; driverData: string }>({
  dataType: () => 'bit varying',
});

/** Primary key made by the application (UUID version 7). */
export const id = () => uuid().primaryKey();
