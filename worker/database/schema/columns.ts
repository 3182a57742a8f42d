/** Columns, checks and policies that many tables have. */
import { sql } from 'drizzle-orm';
import { bigint, integer, numeric, pgPolicy, timestamp, uuid } from 'drizzle-orm/pg-core';
import { customerRole } from './roles.ts';

/** `column in ('a', 'b')` for a check or a policy, from a closed list of the vocabulary. */
export function oneOf(column: string, values: readonly string[]) {
  return sql.raw(`${column} in (${values.map((value) => `'${value}'`).join(', ')})`);
}

/** A closed list as an array of text. */
export function listOf(values: readonly string[]) {
  return sql.raw(`array[${values.map((value) => `'${value}'`).join(', ')}]`);
}

export const id = () => uuid('id').primaryKey().default(sql`uuidv7()`);
export const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' });
export const money = (name: string) => numeric(name, { precision: 14, scale: 2 });

/**
 * Where an object's stamp goes, and the CRC-32 of what stands before and behind it: with the stamp's
 * own they make the whole's, so a ZIP of many files needs none of their bytes to be summed. Without
 * a slot, `head_crc` is the whole's.
 */
export const slot = () => ({
  slotOffset: bigint('slot_offset', { mode: 'number' }),
  slotLength: integer('slot_length'),
  headCrc: bigint('head_crc', { mode: 'number' }),
  tailCrc: bigint('tail_crc', { mode: 'number' }),
});

export const customerReads = (using: ReturnType<typeof sql>) =>
  pgPolicy('customer_own', { to: customerRole, for: 'select', using });
