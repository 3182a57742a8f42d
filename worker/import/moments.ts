/** Days with a time of day, as files write them. */

import type { DateOrder } from '../vocabulary.ts';
import { readDate } from './dates.ts';

const DAY_AND_TIME =
  /^(.+?)(?:T| ) ?(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?: ?([AP])\.?M\.?)?(?: ?(Z|[+-]\d{2}(?::?\d{2})?))?$/i;
const SERIAL = /^(\d{5})[.,](\d+)$/;
const DAY_SECONDS = 86_400;

/**
 * The moment of a cell, or undefined. With a zone it becomes UTC, `2026-05-12T12:30:00Z`. Without
 * one it stays the clock's time, `2026-05-12T14:30:00`, for whoever knows where the clock hangs. The
 * day is read as {@link readDate} does; Excel's day numbers have their time behind the point. A day
 * without a time is none: two things of one day could not be told apart.
 */
export function readMoment(cell: string, order: DateOrder): string | undefined {
  const serial = SERIAL.exec(cell);
  if (serial !== null) return ofSerial(serial[1] ?? '', serial[2] ?? '');
  const [, dayText = '', hours = '', minutes = '', seconds = '0', half, zone] =
    DAY_AND_TIME.exec(cell) ?? [];
  const day = readDate(dayText, order);
  const hour = hourOf(Number(hours), half?.toUpperCase());
  if (day === undefined || hour === undefined) return undefined;
  if (Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const clock = `${day}T${two(hour)}:${minutes}:${two(Number(seconds))}`;
  if (zone === undefined) return clock;
  const offset = offsetOf(zone);
  return offset === undefined ? undefined : inUtc(Date.parse(`${clock}Z`) - offset);
}

function hourOf(hour: number, half: string | undefined): number | undefined {
  if (half === undefined) return hour > 23 ? undefined : hour;
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half === 'P' ? 12 : 0);
}

/** Milliseconds that a zone's clock is ahead of UTC. */
function offsetOf(zone: string): number | undefined {
  const [, sign, hours = '', minutes = '0'] = /^([+-])(\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  if (sign === undefined) return 0;
  if (Number(hours) > 14 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

function ofSerial(days: string, part: string): string | undefined {
  const day = readDate(days, 'ymd');
  if (day === undefined) return undefined;
  const seconds = Math.round(Number(`0.${part}`) * DAY_SECONDS);
  return inUtc(Date.parse(`${day}T00:00:00Z`) + seconds * 1000).slice(0, -1);
}

const inUtc = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;
const two = (number: number): string => String(number).padStart(2, '0');
