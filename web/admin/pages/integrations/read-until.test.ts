import { expect, test } from 'vitest';
import { readUntil } from './read-until.ts';

const never = () => false;
function reads(values: (number | undefined)[]) {
  const pauses: number[] = [];
  const pause = async (ms: number) => void pauses.push(ms);
  const read = async () => values.shift();
  return { pauses, pause, read };
}

test('what is read is read again after longer and longer, until it is through', async () => {
  const { pauses, pause, read } = reads([3, undefined, 0, 5]);
  expect(await readUntil(read, (due) => due === 0, never, pause)).toBe(true);
  expect(pauses).toEqual([1_000, 2_000]);
});

test('it is given up after a while, and at once when nobody looks any more', async () => {
  const { pauses, pause, read } = reads(Array.from({ length: 50 }, () => 1));
  expect(await readUntil(read, (due) => due === 0, never, pause)).toBe(false);
  expect(pauses.length).toBeLessThan(10);
  const left = reads([1, 0]);
  expect(
    await readUntil(
      left.read,
      (due) => due === 0,
      () => left.pauses.length > 0,
      left.pause,
    ),
  ).toBe(false);
});
