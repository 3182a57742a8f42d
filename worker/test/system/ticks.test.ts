/** A tick is for what was looked at: what has since become live, or is so no longer, asks for it again. */
import { beforeAll, expect, test } from 'vitest';
import {
  approve,
  csvOf,
  customerRow,
  day,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  pdfOf,
  preparedReview,
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
});

const itemOf = async (id: string, key: string, kind = 'document') => {
  const { body } = await org.approver.get<ReviewSeen>(`publishes/${id}/review`);
  return body.items.find((item) => item.key === key && item.kind === kind);
};
type Looked = Awaited<ReturnType<typeof itemOf>>;
const tickSeen = (id: string, item: Looked) =>
  org.clerk.put<{ error?: { code: string } }>(`publishes/${id}/ticks`, {
    items: [
      {
        kind: item?.kind,
        key: item?.key,
        sha256: item?.file?.sha256 ?? null,
        change: item?.change,
      },
    ],
    ticked: true,
  });
const tick = async (id: string, key: string, kind = 'document') =>
  tickSeen(id, await itemOf(id, key, kind));
const sign = async (id: string) => {
  const { hash } = await preparedReview(org, id);
  return org.approver.post(`publishes/${id}/approval`, { reviewHash: hash });
};
const waiting = { needsTick: true, ticked: false, passes: false };
/** An order of a customer of its own, with an invoice of these words. */
const staged = (tag: string, words: string) =>
  stageRows(org, [customerRow(tag, org), ...orderRows(tag, tag)], {
    ...orderFiles(tag),
    [`INV-${tag}.pdf`]: pdfOf(words),
  });

test('a recipient who was ticked before somebody else let them in, and took them out, stays out', async () => {
  await publish(org, [customerRow('EVE', org)]);
  const eve = { customer_code: 'EVE', contact_name: 'Eve', contact_email: 'eve@elsewhere.example' };
  const theirs = await stageRows(org, [eve]);
  const order = { customer_code: 'EVE', order_number: 'SO-EVE', order_date: day(-2) };
  const ours = await stageRows(org, [eve, order]);
  const key = 'EVE:eve@elsewhere.example';
  await tick(ours, key, 'contact');
  expect((await approve(org, theirs)).status).toBe(200);
  await org.owner.post(`publishes/${theirs}/withdrawal`, { reason: 'She is not theirs' });
  expect(await itemOf(ours, key, 'contact')).toMatchObject({ change: 'new', ...waiting });
  expect((await sign(ours)).status).toBe(200);
  const [contact] = await stack.sql(
    'select access from portal.contacts where org_id = $1 and email = $2',
    [org.id, 'eve@elsewhere.example'],
  );
  expect(contact).toEqual({ access: 'paused' });
});

test('a tick for a revision does not bring back a paper that was since taken down', async () => {
  const first = await publish(
    org,
    [customerRow('TA', org), ...orderRows('TA', 'TA')],
    orderFiles('TA'),
  );
  const id = await staged('TA', 'INV-TA second');
  await tick(id, 'invoice:INV-TA');
  expect(await itemOf(id, 'invoice:INV-TA')).toMatchObject({ change: 'revision', passes: true });
  await org.owner.post(`publishes/${first}/withdrawal`, {
    reason: 'Must not be seen',
    document: 'invoice:INV-TA',
    customer: 'TA',
  });
  expect(await itemOf(id, 'invoice:INV-TA')).toMatchObject({ change: 'new', ...waiting });
  expect((await sign(id)).status).toBe(200);
  expect(
    await stack.sql("select 1 from portal.documents where org_id = $1 and number = 'INV-TA'", [
      org.id,
    ]),
  ).toEqual([]);
});

test('a tick for what was taken down before is none for the revision that it became', async () => {
  const rows = [customerRow('TB', org), ...orderRows('TB', 'TB')];
  const first = await publish(org, rows, orderFiles('TB'));
  await org.owner.post(`publishes/${first}/withdrawal`, { reason: 'Wrong amounts' });
  const one = await staged('TB', 'INV-TB one');
  const two = await staged('TB', 'INV-TB two');
  await tick(two, 'invoice:INV-TB');
  expect((await approve(org, one)).status).toBe(200);
  expect(await itemOf(two, 'invoice:INV-TB')).toMatchObject({ change: 'revision', ...waiting });
});

test('a tick for a paper that was new is none for the revision that it became', async () => {
  const one = await staged('TC', 'INV-TC one');
  const two = await staged('TC', 'INV-TC two');
  await tick(two, 'invoice:INV-TC');
  expect((await approve(org, one)).status).toBe(200);
  expect(await itemOf(two, 'invoice:INV-TC')).toMatchObject({ change: 'revision', ...waiting });
});

test('a tick for a paper that names no customer goes when its order is staged as another’s', async () => {
  const rows = [customerRow('TE', org), ...orderRows('TE', 'TE')];
  const first = await publish(org, [...rows, customerRow('TF', org)], orderFiles('TE'));
  await org.owner.post(`publishes/${first}/withdrawal`, { reason: 'Wrong', customer: 'TE' });
  const unnamed = orderRows('', 'TE').map(({ customer_code: _, ...row }) => row);
  const id = await stageRows(
    org,
    [customerRow('TE', org), { customer_code: 'TE', order_number: 'SO-TE' }],
    orderFiles('TE'),
  );
  await org.clerk.importCsv(csvOf(unnamed), id);
  await tick(id, 'invoice:INV-TE');
  expect(await itemOf(id, 'invoice:INV-TE')).toMatchObject({ customerKey: 'TE', ticked: true });
  await org.clerk.importCsv('customer_code,order_number\nTF,SO-TE\n', id);
  expect(await itemOf(id, 'invoice:INV-TE')).toMatchObject({ customerKey: 'TF', ...waiting });
});

test('a tick stays while only others’ papers become live', async () => {
  await publish(org, [customerRow('TG', org), ...orderRows('TG', 'TG')], orderFiles('TG'));
  const id = await staged('TG', 'INV-TG second');
  await tick(id, 'invoice:INV-TG');
  await publish(org, [customerRow('TH', org), ...orderRows('TH', 'TH')], orderFiles('TH'));
  expect(await itemOf(id, 'invoice:INV-TG')).toMatchObject({ ticked: true, passes: true });
});

test('a tick is refused for bytes, or for a change, that its giver did not see', async () => {
  const first = await publish(
    org,
    [customerRow('TD', org), ...orderRows('TD', 'TD')],
    orderFiles('TD'),
  );
  const id = await staged('TD', 'INV-TD second');
  const refused = { status: 409, body: { error: { code: 'review_stale' } } };
  const second = await itemOf(id, 'invoice:INV-TD');
  await org.clerk.uploadPdf(id, 'INV-TD.pdf', pdfOf('INV-TD third'));
  expect(await tickSeen(id, second)).toMatchObject(refused);
  const third = await itemOf(id, 'invoice:INV-TD');
  expect(third).toMatchObject(waiting);
  await org.owner.post(`publishes/${first}/withdrawal`, { reason: 'Must not be seen' });
  expect(await tickSeen(id, third)).toMatchObject(refused);
  expect((await tickSeen(id, await itemOf(id, 'invoice:INV-TD'))).status).toBe(200);
});
