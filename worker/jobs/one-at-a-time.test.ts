import { expect, test } from 'vitest';
import { oneAtATime } from './one-at-a-time.ts';

test('what is asked for while it is done is done once more, and never twice at once', async () => {
  const ends: (() => void)[] = [];
  const work = oneAtATime(() => new Promise((resolve) => ends.push(resolve)));
  await work.done();
  for (let time = 0; time < 5; time += 1) work.ask();
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await Promise.resolve();
  expect(ends).toHaveLength(2);
  let isDone = false;
  const done = work.done().then(() => {
    isDone = true;
  });
  await Promise.resolve();
  expect(isDone).toBe(false);
  ends[1]?.();
  await done;
  work.ask();
  expect(ends).toHaveLength(3);
});
