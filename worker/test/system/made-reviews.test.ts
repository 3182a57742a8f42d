/** A review that is stale is made before anybody opens it, once its publish rests. */
import { beforeAll, expect, test } from 'vitest';
import {
  customerRow,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  pdfOf,
  publish,
  type ReviewSeen,
  stageRows,
} from '../cast.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(org, [customerRow('A', org)]);
});

const stage = (tag: string) => stageRows(org, orderRows('A', tag), orderFiles(tag));
const keptOf = async (id: string) => {
  const [row] = await stack.sql<{ review_stale: boolean; kept_hash: string | null }>(
    'select review_stale, kept_hash from staff.publishes where id = $1',
    [id],
  );
  return row;
};
const open = async (id: string) =>
  (await org.approver.get<ReviewSeen>(`publishes/${id}/review`)).body;
/** Changes a publish's imports or files as their own supplier would. */
const change = (table: 'imports' | 'staged_files', set: string, id: string) =>
  stack.sql(
    `update staff.${table} set ${set} from (select set_config('counterfoil.org', $2, true)) opened where publish_id = $1`,
    [id, org.id],
  );
/** As if nobody had sent anything to it for a while. */
async function rest(id: string): Promise<void> {
  await change('imports', "staged_at = now() - interval '61 seconds'", id);
  await change('staged_files', "uploaded_at = now() - interval '61 seconds'", id);
}

test('what rests is made by the minute, and opens as it was made', async () => {
  const id = await stage('REST');
  await stack.minute();
  expect(await keptOf(id)).toEqual({ review_stale: true, kept_hash: null });
  await rest(id);
  await stack.minute();
  const made = await keptOf(id);
  expect(made?.review_stale).toBe(false);
  const opened = await open(id);
  expect(opened.items.length).toBeGreaterThan(0);
  expect(opened.hash).toBe(made?.kept_hash);
  // Opened while it is stale, it is made by whoever opens it: the same.
  await stack.sql('update staff.publishes set review_stale = true where id = $1', [id]);
  expect((await open(id)).hash).toBe(made?.kept_hash);
});

test('what another approval makes stale is made again', async () => {
  const id = await stage('AGAIN');
  await rest(id);
  await stack.minute();
  const before = await keptOf(id);
  await publish(org, orderRows('A', 'AGAIN'), orderFiles('AGAIN'));
  expect((await keptOf(id))?.review_stale).toBe(true);
  await stack.minute();
  const after = await keptOf(id);
  expect(after?.review_stale).toBe(false);
  expect(after?.kept_hash).not.toBe(before?.kept_hash);
  expect((await open(id)).hash).toBe(after?.kept_hash);
});

test('nothing is made of what is being read or still comes in', async () => {
  const reading = await stage('READ');
  await rest(reading);
  await change('imports', "state = 'reading'", reading);
  const coming = await stage('COME');
  await rest(coming);
  await org.clerk.uploadPdf(coming, 'one-more.pdf', pdfOf('MORE'));
  await stack.minute();
  expect((await keptOf(reading))?.review_stale).toBe(true);
  expect((await keptOf(coming))?.review_stale).toBe(true);
});
