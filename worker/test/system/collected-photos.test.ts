/** A photo that no report names leaves the bucket after a day, and no other does. */
import { beforeAll, expect, test } from 'vitest';
import { collectPhotosOf } from '../../jobs/collect-photos.ts';
import { addPhoto, customerRow, day, makeIssue, makeOrg, type Org, publish } from '../cast.ts';
import { type Stack, useStack } from '../stack.ts';

const HOUR_MS = 60 * 60 * 1000;

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(org, [
    customerRow('A', org),
    { customer_code: 'A', order_number: 'SO-A', order_date: day(-3) },
  ]);
});

const collect = async (inHours: number) =>
  collectPhotosOf(
    { database: stack.system, bucket: await stack.bucket() },
    org.id,
    Date.now() + inHours * HOUR_MS,
  );
const photos = async () => {
  const { objects } = await (await stack.bucket()).list({ prefix: `${org.id}/photos/` });
  return objects.map(({ key }) => key.split('/').at(-1));
};
const collected = () =>
  stack.sql<{ actor_kind: string; detail: object }>(
    "select actor_kind, detail from audit.events where org_id = $1 and action = 'files.collected'",
    [org.id],
  );

test('a photo whose upload ended before its row is gone the night after, and the trail says so', async () => {
  await addPhoto(stack, org, await makeIssue(stack, org, 'A', 'A'));
  const [named] = await photos();
  const stray = 'f'.repeat(64);
  await (await stack.bucket()).put(`${org.id}/photos/${stray}`, 'half an upload');

  // As the night's cron runs it: neither is a day old.
  await stack.scheduled('41 3 * * *');
  await collect(23);
  expect(await photos()).toEqual([named, stray].sort());
  expect(await collected()).toEqual([]);

  await collect(25);
  expect(await photos()).toEqual([named]);
  const told = [{ actor_kind: 'system', detail: { files: [], renditions: [], photos: [stray] } }];
  expect(await collected()).toEqual(told);
  await collect(49);
  expect(await collected()).toEqual(told);
});
