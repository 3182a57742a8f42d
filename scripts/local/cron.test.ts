import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isDue, startCrons } from './cron.ts';

const at = (text: string) => new Date(`${text}Z`);

test('every field of an expression must fit, in UTC', () => {
  expect(isDue('* * * * *', at('2026-11-21T09:07:31'))).toBe(true);
  expect(isDue('*/30 * * * *', at('2026-11-21T09:30:00'))).toBe(true);
  expect(isDue('*/30 * * * *', at('2026-11-21T09:31:00'))).toBe(false);
  expect(isDue('15 3 * * *', at('2026-11-21T03:15:00'))).toBe(true);
  expect(isDue('15 3 * * *', at('2026-11-21T04:15:00'))).toBe(false);
  expect(isDue('0 6-18/6 1,15 * *', at('2026-11-15T12:00:00'))).toBe(true);
  expect(isDue('0 6-18/6 1,15 * *', at('2026-11-14T12:00:00'))).toBe(false);
  expect(isDue('5/10 * * 2 *', at('2026-02-01T00:55:00'))).toBe(true);
});

test('Sunday is 1 and Saturday 7, as at Cloudflare', () => {
  expect(isDue('* * * * 1', at('2026-11-22T00:00:00'))).toBe(true);
  expect(isDue('* * * * 2-6', at('2026-11-22T00:00:00'))).toBe(false);
  expect(isDue('* * * * 7', at('2026-11-21T00:00:00'))).toBe(true);
});

test('a step runs as often as it divides the hour', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 59 }), (step) => {
      const minutes = Array.from({ length: 60 }, (_, minute) => new Date(minute * 60_000));
      const due = minutes.filter((minute) => isDue(`*/${step} * * * *`, minute));
      expect(due.length).toBe(Math.ceil(60 / step));
    }),
  );
});

test.each(['* * * *', '60 * * * *', '*/0 * * * *', '9-5 * * * *', '* * * * MON', '* * L * *', ''])(
  'what is not understood is said, never skipped: "%s"',
  (cron) => expect(() => isDue(cron, at('2026-11-21T00:00:00'))).toThrow('cron'),
);

beforeEach(() => vi.useFakeTimers({ now: at('2026-11-21T09:00:10') }));
afterEach(() => vi.useRealTimers());

test('a cron fires each minute, but not while its last run goes on', async () => {
  const ends: (() => void)[] = [];
  const stop = startCrons(
    ['* * * * *'],
    () => new Promise<void>((resolve) => ends.push(resolve)),
    () => {},
  );
  await vi.advanceTimersByTimeAsync(45_000);
  expect(ends.length).toBe(0);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(ends.length).toBe(1);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(ends.length).toBe(1);
  ends[0]?.();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(ends.length).toBe(2);
  stop();
});

test('a run that fails is told and does not stop the next', async () => {
  const told: string[] = [];
  const stop = startCrons(
    ['* * * * *'],
    () => Promise.reject(new Error('no answer')),
    (cron, error) => told.push(`${cron}: ${error}`),
  );
  await vi.advanceTimersByTimeAsync(115_000);
  expect(told).toEqual(Array(2).fill('* * * * *: Error: no answer'));
  stop();
});
