/** A customer's part of a publish, or one document of it, taken back: that is gone, and nothing else is. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  approve,
  customerRow,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  pdfOf,
  publish,
  saidBy,
  signIn,
  stageRows,
} from '../cast.ts';
import type { Customer } from '../clients.ts';
import { kindsOf, readOrder } from '../order-page.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

type Body = {
  publish?: { status: string; summary: object };
  error?: { code: string; fields?: object };
};
const REASON = 'It was the wrong paper';
const withdraw = (publishId: string, part: object, as = org.approver) =>
  as.post<Body>(`publishes/${publishId}/withdrawal`, { reason: REASON, ...part });
const outcome = async (publishId: string) =>
  (await org.clerk.get<{ withdrawals: object[] }>(`publishes/${publishId}/outcome`)).body;
const taken = async (customer: Customer, tag: string, kind: string) => {
  const page = await readOrder(customer, `SO-${tag}`);
  const id = page?.documents.find((document) => document.kind === kind)?.id;
  const answer = await customer.bytes(`documents/${id}`);
  return answer.status === 200 ? saidBy(await answer.arrayBuffer()) : answer.status;
};

describe('withdrawing a customer’s part', () => {
  test('takes all of theirs with the next request, and leaves the other’s', async () => {
    await publish(
      org,
      ['PA', 'PB'].map((code) => customerRow(code, org)),
    );
    const publishId = await publish(
      org,
      ['PA', 'PB'].flatMap((code) => [customerRow(code, org), ...orderRows(code, code)]),
      { ...orderFiles('PA'), ...orderFiles('PB') },
    );
    const [anna, ben] = [await signIn(stack, org, 'PA'), await signIn(stack, org, 'PB')];
    expect(kindsOf(await readOrder(anna, 'SO-PA'))).toEqual(['invoice', 'packing_slip']);
    const answer = await withdraw(publishId, { customer: 'PA' });
    expect(answer).toMatchObject({ status: 200, body: { publish: { status: 'approved' } } });
    expect(answer.body.publish?.summary).not.toHaveProperty('withdrawals');
    expect(await readOrder(anna, 'SO-PA')).toBeNull();
    expect((await anna.me('home')).body).toMatchObject({ orders: [], documents: [] });
    expect(kindsOf(await readOrder(ben, 'SO-PB'))).toEqual(['invoice', 'packing_slip']);
    expect(await outcome(publishId)).toMatchObject({
      withdrawals: [
        {
          by: 'Amir Haddad',
          reason: REASON,
          customer: { key: 'PA', name: 'Customer PA' },
          document: null,
        },
      ],
    });
    // The last of it taken back, the publish is.
    expect(await withdraw(publishId, { customer: 'PB' })).toMatchObject({
      body: { publish: { status: 'withdrawn' } },
    });
    expect(await readOrder(ben, 'SO-PB')).toBeNull();
  });

  test('brings back what an earlier publish told this customer', async () => {
    const files = { ...orderFiles('QA'), ...orderFiles('QB') };
    const rows = ['QA', 'QB'].flatMap((code) => [customerRow(code, org), ...orderRows(code, code)]);
    await publish(org, rows, files);
    const second = await publish(
      org,
      rows.map((row) => ({ ...row, ...('po_number' in row ? { po_number: 'PO-WRONG' } : {}) })),
      { 'INV-QA.pdf': pdfOf('wrong A'), 'INV-QB.pdf': pdfOf('right B') },
    );
    const [anna, ben] = [await signIn(stack, org, 'QA'), await signIn(stack, org, 'QB')];
    expect(await taken(anna, 'QA', 'invoice')).toBe('wrong A');
    await withdraw(second, { customer: 'QA' });
    expect(await taken(anna, 'QA', 'invoice')).toBe('INV-QA');
    expect(await readOrder(anna, 'SO-QA')).toMatchObject({ order: { poNumber: 'PO-QA' } });
    expect(await taken(ben, 'QB', 'invoice')).toBe('right B');
    expect(await readOrder(ben, 'SO-QB')).toMatchObject({ order: { poNumber: 'PO-WRONG' } });
  });

  test('leaves papers that a later publish hung on the order', async () => {
    const [order = {}, invoice = {}, slip = {}] = orderRows('RA', 'RA');
    await publish(org, [customerRow('RA', org)]);
    const first = await publish(
      org,
      [customerRow('RA', org), customerRow('RB', org), order, slip, ...orderRows('RB', 'RB')],
      { 'PS-RA.pdf': pdfOf('PS-RA'), ...orderFiles('RB') },
    );
    await publish(org, [invoice], { 'INV-RA.pdf': pdfOf('INV-RA') });
    await withdraw(first, { customer: 'RA' });
    const customer = await signIn(stack, org, 'RA');
    expect(await readOrder(customer, 'SO-RA')).toBeNull();
    expect((await customer.me('home')).body).toMatchObject({
      documents: [{ kind: 'invoice', number: 'INV-RA', orderId: null }],
    });
  });
});

describe('withdrawing one document', () => {
  test('takes it, and an invoice’s amounts; its order and its siblings stay', async () => {
    const publishId = await publish(
      org,
      [customerRow('DA', org), ...orderRows('DA', 'DA')],
      orderFiles('DA'),
    );
    const customer = await signIn(stack, org, 'DA');
    expect((await withdraw(publishId, { document: 'invoice:INV-DA' })).status).toBe(200);
    expect(kindsOf(await readOrder(customer, 'SO-DA'))).toEqual(['packing_slip']);
    const left = await stack.sql(
      'select 1 from portal.invoices where org_id = $1 and number = $2',
      [org.id, 'INV-DA'],
    );
    expect(left).toEqual([]);
    expect(await withdraw(publishId, { document: 'invoice:INV-DA' })).toMatchObject({
      status: 200,
    });
    const events = await stack.sql<{ detail: object; customer: string }>(
      `select e.detail, b.code as customer from audit.events e join portal.customers b on b.id = e.customer_id
        where e.action = 'publish.part_withdrawn' and e.subject_id = $1`,
      [publishId],
    );
    expect(events).toEqual([
      { customer: 'DA', detail: { document: 'invoice:INV-DA', reason: REASON, items: 2 } },
    ]);
    expect(
      (await org.clerk.get(`publishes/${publishId}/documents?customer=DA`)).body,
    ).toMatchObject({
      documents: [{ key: 'invoice:INV-DA', state: 'withdrawn' }, { state: 'current' }],
    });
  });

  test('brings back the file of an earlier publish, which its history tells', async () => {
    const rows = [customerRow('HA', org), ...orderRows('HA', 'HA')];
    const first = await publish(org, rows, orderFiles('HA'));
    const second = await publish(org, rows, { 'PS-HA.pdf': pdfOf('a wrong slip') });
    const customer = await signIn(stack, org, 'HA');
    expect(await taken(customer, 'HA', 'packing_slip')).toBe('a wrong slip');
    await withdraw(second, { document: 'packing_slip:PS-HA' });
    expect(await taken(customer, 'HA', 'packing_slip')).toBe('PS-HA');
    const { body } = await org.clerk.get<{
      versions: { file: { readable: { publish: string; name: string } } }[];
    }>('documents/packing_slip/ps-ha/history');
    expect(body).toMatchObject({
      versions: [
        {
          publish: { id: second },
          state: 'withdrawn',
          approvedBy: 'Amir Haddad',
          withdrawal: { by: 'Amir Haddad', reason: REASON },
        },
        { publish: { id: first }, state: 'current', withdrawal: null },
      ],
    });
    const said = body.versions.map(async ({ file: { readable } }) => {
      const path = `publishes/${readable.publish}/files/${readable.name}`;
      return org.clerk.get<string>(path);
    });
    expect((await Promise.all(said)).map((read) => read.status)).toEqual([200, 200]);
  });

  test('a corrected revision takes the old one’s place, and the old one is kept', async () => {
    const rows = [customerRow('KA', org), ...orderRows('KA', 'KA')];
    const first = await publish(org, rows, orderFiles('KA'));
    const second = await publish(org, rows, { 'PS-KA.pdf': pdfOf('the corrected slip') });
    const { body } = await org.clerk.get('documents/packing_slip/PS-KA/history');
    expect(body).toMatchObject({
      versions: [
        { publish: { id: second }, state: 'current' },
        { publish: { id: first }, state: 'replaced', file: { readable: { publish: first } } },
      ],
    });
  });

  test('comes again as it was, or otherwise, and is told of', async () => {
    const rows = [customerRow('NA', org), ...orderRows('NA', 'NA')];
    const first = await publish(org, rows, orderFiles('NA'));
    const before = async () =>
      stack.sqlAs(
        'staff',
        ["select staff.enter($1, null, $2, 'test')", [`amir@${org.slug}.example`, org.slug]],
        [
          'select key, at is not null as told from staff.withdrawn_before($1::uuid, $2::text[])',
          [org.id, ['packing_slip:PS-NA', 'invoice:INV-NA']],
        ],
      );
    expect((await before())[1]).toEqual([]);
    await withdraw(first, { document: 'packing_slip:PS-NA' });
    expect((await before())[1]).toEqual([{ key: 'packing_slip:PS-NA', told: true }]);
    const again = await stageRows(org, rows, orderFiles('NA'));
    const review = await org.clerk.get<{ items: { key: string; change: string }[] }>(
      `publishes/${again}/review?kind=document`,
    );
    expect(review.body.items).toMatchObject([
      { key: 'invoice:INV-NA', change: 'same' },
      { key: 'packing_slip:PS-NA', change: 'new' },
    ]);
    expect((await approve(org, again)).status).toBe(200);
    expect(await taken(await signIn(stack, org, 'NA'), 'NA', 'packing_slip')).toBe('PS-NA');
    expect((await before())[1]).toEqual([]);
    // All of a publish taken back is each of its documents taken back.
    await withdraw(again, {});
    expect((await before())[1]).toHaveLength(2);
  });

  test('stays gone whatever is shown to its customer later', async () => {
    const publishId = await publish(
      org,
      [customerRow('EA', org), ...orderRows('EA', 'EA')],
      orderFiles('EA'),
    );
    const customer = await signIn(stack, org, 'EA');
    await withdraw(publishId, { document: 'invoice:INV-EA' });
    const show = (kinds: string[]) =>
      org.owner.put('exposures', { customerKey: 'EA', kinds, fields: [] });
    expect((await show([])).status).toBeLessThan(300);
    expect(kindsOf(await readOrder(customer, 'SO-EA'))).toEqual([]);
    // What is added waits for an approval, and that does not bring back what was withdrawn.
    await show(['invoice', 'packing_slip']);
    expect(kindsOf(await readOrder(customer, 'SO-EA'))).toEqual([]);
    const [, , slip = {}] = orderRows('EA', 'EA');
    await publish(org, [slip]);
    expect(kindsOf(await readOrder(customer, 'SO-EA'))).toEqual(['packing_slip']);
  });
});

describe('a withdrawal is refused', () => {
  test('to a clerk and a machine; without a reason; for what the publish does not hold', async () => {
    const publishId = await publish(
      org,
      [customerRow('XA', org), ...orderRows('XA', 'XA')],
      orderFiles('XA'),
    );
    for (const as of [org.clerk, org.service]) {
      expect(await withdraw(publishId, { customer: 'XA' }, as)).toMatchObject({
        status: 403,
        body: { error: { code: 'forbidden' } },
      });
    }
    for (const reason of [undefined, '', ' no ', 'x'.repeat(501)]) {
      expect(await withdraw(publishId, { reason })).toMatchObject({
        status: 422,
        body: { error: { fields: { reason: expect.any(String) } } },
      });
    }
    for (const part of [
      { customer: 'PB' },
      { document: 'invoice:INV-NONE' },
      { document: 'order:SO-XA' },
      { customer: 'PB', document: 'invoice:INV-XA' },
    ]) {
      expect(await withdraw(publishId, part)).toMatchObject({ status: 404 });
    }
    const customer = await signIn(stack, org, 'XA');
    expect(kindsOf(await readOrder(customer, 'SO-XA'))).toEqual(['invoice', 'packing_slip']);
  });

  test('of rows that are withdrawn, to be changed in any other way', async () => {
    const publishId = await publish(
      org,
      [customerRow('FA', org), ...orderRows('FA', 'FA')],
      orderFiles('FA'),
    );
    await withdraw(publishId, { document: 'invoice:INV-FA' });
    for (const change of [
      "fields = '{}'",
      'withdrawn = false',
      'withdrawn = not withdrawn',
      "withdrawn = true, customer_key = 'PB'",
    ]) {
      const query = `update staff.publish_items set ${change} where publish_id = $1`;
      await expect(stack.sql(query, [publishId]), change).rejects.toThrow('publish_not_staged');
    }
  });
});
