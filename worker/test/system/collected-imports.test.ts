/** A CSV that was uploaded and that nobody staged leaves after a week, and no other does. */
import { beforeAll, expect, test } from 'vitest';
import { approve, customerRow, makeOrg, type Org, stageRows } from '../cast.ts';
import { readingOf } from '../clients.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

const collect = () => stack.scheduled('41 3 * * *');
const upload = async (publishId?: string) =>
  (await org.clerk.upload('customer_code,customer_name\nA,Anna\n', publishId, 'left.csv')).body
    .import;
const age = (id: string, days: number) =>
  stack.sql(
    // What is in a publish is only changed where its org is open.
    `update staff.imports set created_at = created_at - make_interval(days => $2::int)
       from (select set_config('counterfoil.org', $3, true)) opened where id = $1`,
    [id, days, org.id],
  );
const isThere = async (id: string) =>
  (await (await stack.bucket()).head(`${org.id}/imports/${id}`)) !== null;
const events = async (id: string) =>
  stack.sql(
    "select actor_kind, detail from audit.events where org_id = $1 and action = 'import.collected' and subject_id = $2",
    [org.id, id],
  );

test('one that waited for a week loses its bytes and its row, and the trail says so', async () => {
  const { id } = await upload();
  expect(await isThere(id)).toBe(true);
  await age(id, 6);
  await collect();
  expect([(await org.clerk.get(`imports/${id}`)).status, await isThere(id)]).toEqual([200, true]);
  await age(id, 2);
  await collect();
  expect([(await org.clerk.get(`imports/${id}`)).status, await isThere(id)]).toEqual([404, false]);
  expect(await events(id)).toEqual([
    {
      actor_kind: 'system',
      detail: { name: 'left.csv', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    },
  ]);
  await collect();
  expect(await events(id)).toHaveLength(1);
});

test('bytes that an earlier night did not come to go on the next', async () => {
  const { id } = await upload();
  await age(id, 8);
  await stack.sqlAs('system', ['select * from staff.collect_imports($1, 10)', [org.id]]);
  expect(await isThere(id)).toBe(true);
  await collect();
  expect(await isThere(id)).toBe(false);
});

test('one that was staged stays, however old', async () => {
  const { id, detected } = await upload();
  expect((await org.clerk.confirm(id, readingOf(detected))).status).toBe(201);
  await age(id, 400);
  await collect();
  expect([(await org.clerk.get(`imports/${id}`)).status, await isThere(id)]).toEqual([200, true]);
});

test('one that was meant for a publish which is decided goes too', async () => {
  const publishId = await stageRows(org, [customerRow('B', org)]);
  const { id } = await upload(publishId);
  await age(id, 8);
  expect((await approve(org, publishId)).status).toBe(200);
  await collect();
  expect([(await org.clerk.get(`imports/${id}`)).status, await isThere(id)]).toEqual([404, false]);
});
