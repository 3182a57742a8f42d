/**
 * Files that nothing needs any more leave the bucket after 30 days, and no other does, whoever else has
 * the same bytes.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  approve,
  makeBuyer,
  type Org,
  pdfOf,
  preparedReview,
  publish,
  saidBy,
  stageRows,
} from '../cast.ts';
import type { Customer } from '../clients.ts';
import { storedDocument } from '../copies.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customer: Customer;
beforeAll(async () => {
  stack = await useStack();
  ({ org, customer } = await makeBuyer(stack));
});

const slip = (number: string, file = `${number}.pdf`) => ({
  customer_code: 'A',
  order_number: 'SO-1',
  document_kind: 'packing_slip',
  document_number: number,
  file_name: file,
});

/** A staged publish of one document whose rendition is made, and where both their bytes are. */
async function stage(number: string, text = number) {
  const publishId = await stageRows(org, [slip(number)], { [`${number}.pdf`]: pdfOf(text) });
  await preparedReview(org, publishId);
  return { publishId, ...(await keysOf(publishId)) };
}
async function keysOf(publishId: string) {
  const [row] = await stack.sql<{ file: string; rendition: string }>(
    `select f.org_id || '/' || f.sha256 as file, r.org_id || '/' || r.sha256 as rendition
       from staff.staged_files f left join staff.renditions r on r.org_id = f.org_id and r.source_sha256 = f.sha256
      where f.publish_id = $1`,
    [publishId],
  );
  return { file: row?.file ?? '', rendition: row?.rendition ?? '' };
}
const reject = (publishId: string) =>
  org.approver.post(`publishes/${publishId}/rejection`, { reason: 'Not these' });
/** As if all that this org has staged had happened so many days earlier. */
async function age(days: number) {
  const ago = [org.id, days];
  await stack.sql(
    'update staff.files set inspected_at = inspected_at - make_interval(days => $2::int) where org_id = $1',
    ago,
  );
  await stack.sql(
    'update staff.renditions set made_at = made_at - make_interval(days => $2::int) where org_id = $1',
    ago,
  );
  await stack.sql(
    'update staff.publishes set decided_at = decided_at - make_interval(days => $2::int) where org_id = $1',
    ago,
  );
}
async function isThere(key: string) {
  return (await (await stack.bucket()).head(key)) !== null;
}
const collect = () => stack.scheduled('41 3 * * *');
const events = () =>
  stack.sql<{ actor_kind: string; detail: { files: number; renditions: number } }>(
    "select actor_kind, detail from audit.events where org_id = $1 and action = 'files.collected' order by at, id",
    [org.id],
  );
const copyOf = async (number: string) => {
  const { id } = await storedDocument(stack, org, number);
  const answer = await customer.bytes(`documents/${id}`);
  expect([number, answer.status]).toEqual([number, 200]);
  return answer.arrayBuffer();
};

test('what a publish brought that was rejected 30 days ago is gone, with its copies, and the trail says so', async () => {
  const { publishId, file, rendition } = await stage('GONE');
  await reject(publishId);
  await age(29);
  await collect();
  expect([await isThere(file), await isThere(rendition)]).toEqual([true, true]);
  await age(2);
  const before = await events();
  await collect();
  expect([await isThere(file), await isThere(rendition)]).toEqual([false, false]);
  expect((await events()).slice(before.length)).toEqual([
    {
      actor_kind: 'system',
      detail: { files: [file.split('/')[1]], renditions: [rendition.split('/')[1]] },
    },
  ]);
  // Nothing is left to say.
  await collect();
  expect(await events()).toHaveLength(before.length + 1);
});

test('what a person took out of a publish goes too', async () => {
  const { publishId, file } = await stage('REMOVED');
  await org.clerk.remove(`publishes/${publishId}/files/REMOVED.pdf`);
  await age(31);
  await collect();
  expect(await isThere(file)).toBe(false);
});

describe('what is needed stays, however old, though a rejected publish had the same bytes', () => {
  const take = (number: string) =>
    publish(org, [slip(number)], { [`${number}.pdf`]: pdfOf(number) });
  const needs: [what: string, number: string, need: (number: string) => Promise<unknown>][] = [
    ['a live document', 'LIVE', take],
    [
      'a document that was withdrawn',
      'WITHDRAWN',
      async (number) =>
        org.approver.post(`publishes/${await take(number)}/withdrawal`, { reason: 'Taken back' }),
    ],
    ['another publish that is staged', 'STAGED', (number) => stage(number)],
  ];
  test.each(needs)('for %s', async (_, number, need) => {
    const { publishId, file, rendition } = await stage(number);
    await reject(publishId);
    await need(number);
    await age(60);
    await collect();
    expect([await isThere(file), await isThere(rendition)]).toEqual([true, true]);
  });

  test('for another publish that was rejected since', async () => {
    const [first, second] = [await stage('TWICE'), await stage('TWICE')];
    await reject(first.publishId);
    await age(31);
    await reject(second.publishId);
    await collect();
    expect(await isThere(first.file)).toBe(true);
    await age(31);
    await collect();
    expect(await isThere(first.file)).toBe(false);
  });

  test('a file that was withdrawn can be published once more from what is kept', async () => {
    await publish(org, [slip('AGAIN')], { 'AGAIN.pdf': pdfOf('AGAIN') });
    const newer = await publish(org, [slip('AGAIN')], { 'AGAIN.pdf': pdfOf('AGAIN, mended') });
    await age(60);
    await collect();
    // The newer one is taken back: what was before it is there again, bytes and all.
    await org.approver.post(`publishes/${newer}/withdrawal`, { reason: 'Taken back' });
    expect(saidBy(await copyOf('AGAIN'))).toBe('AGAIN');
  });
});

test('bytes that were collected and come again are stored, inspected and served as new ones', async () => {
  const { publishId, file, rendition } = await stage('BACK');
  await reject(publishId);
  await age(31);
  await collect();
  expect([await isThere(file), await isThere(rendition)]).toEqual([false, false]);
  const again = await stageRows(org, [slip('BACK')]);
  const uploaded = await org.clerk.uploadPdf(again, 'BACK.pdf', pdfOf('BACK'));
  expect(uploaded).toMatchObject({
    status: 201,
    body: { file: { pages: 1, served: 'stampable' } },
  });
  expect(await isThere(file)).toBe(true);
  expect((await approve(org, again)).status).toBe(200);
  expect(saidBy(await copyOf('BACK'))).toBe('BACK');
  await age(31);
  await collect();
  expect(saidBy(await copyOf('BACK'))).toBe('BACK');
});
