/** What the review counts, pages and leaves out, as the person before it relies on it. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  approve,
  customerRow,
  day,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  preparedReview,
  publish,
  signIn,
  stageRows,
} from '../cast.ts';
import { type Stack, useStack } from '../stack.ts';

type Figures = Record<string, number>;
type Item = {
  kind: string;
  key: string;
  customerKey: string;
  change: string;
  passes: boolean;
  excluded: boolean;
  problems: { code: string }[];
};
type Seen = {
  hash: string;
  totals: Figures & { passing: Figures };
  became: Figures;
  control: Record<'documents' | 'invoices', { name: string; all: string; goes: string }[]>;
  customers: {
    key: string;
    isFirst: boolean;
    excluded: boolean;
    blocked: number;
    hasOpenContacts: boolean;
  }[];
  customerCount: number;
  itemCustomers: { key: string; name: string | null }[];
  items: Item[];
  matching: number;
  nextCursor: string | null;
};

let stack: Stack;
let org: Org;
const look = async (id: string, query = '') =>
  (await org.approver.get<Seen>(`publishes/${id}/review${query}`)).body;
const exclude = (id: string, what: object, excluded = true) =>
  org.clerk.put(`publishes/${id}/exclusions`, { ...what, excluded });

beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(org, [customerRow('A', org), ...orderRows('A', 'A0')], orderFiles('A0'));
});

/** Two customers: A is known, B comes for the first time. */
const stageTwo = (tag: string) =>
  stageRows(
    org,
    [customerRow(`B${tag}`, org), ...orderRows('A', `A${tag}`), ...orderRows(`B${tag}`, `B${tag}`)],
    { ...orderFiles(`A${tag}`), ...orderFiles(`B${tag}`) },
  );

describe('the figures', () => {
  test('say what is in the file and what of it goes out, by kind and by currency', async () => {
    const id = await stageTwo('1');
    await exclude(id, { customers: ['B1'] });
    const { control, totals, customers } = await look(id);
    expect(control.documents).toEqual([
      { name: 'invoice', all: '2', goes: '1' },
      { name: 'packing_slip', all: '2', goes: '1' },
    ]);
    expect(control.invoices).toEqual([{ name: 'EUR', all: '242.00', goes: '121.00' }]);
    expect(totals.passing).toMatchObject({ customers: 1, firstCustomers: 0, documents: 2 });
    expect(customers.find(({ key }) => key === 'B1')).toMatchObject({
      isFirst: true,
      excluded: true,
    });
  });
});

describe('what is left out', () => {
  test('stays behind with what hangs on it, and comes back when it is taken in again', async () => {
    const id = await stageTwo('2');
    const before = await look(id);
    expect((await exclude(id, { items: [{ kind: 'order', key: 'SO-A2' }] })).status).toBe(200);
    const without = await look(id, '?customer=A');
    const left = without.items.filter(({ kind }) => kind !== 'customer');
    expect(left.map(({ kind }) => kind)).toContain('document');
    expect(left.filter(({ passes, excluded }) => passes || !excluded)).toEqual([]);
    expect(without.hash).not.toBe(before.hash);
    expect((await look(id, '?show=excluded')).matching).toBe(left.length);

    await exclude(id, { items: [{ kind: 'order', key: 'SO-A2' }] }, false);
    expect((await look(id)).hash).toBe(before.hash);
  });

  test('is not published, not even when more of that customer is staged afterwards', async () => {
    const id = await stageTwo('3');
    await exclude(id, { customers: ['A'] });
    const more = new URLSearchParams({ name: 'more.csv', publish: id });
    await org.clerk.importCsv(
      `customer_code,order_number,order_date\nA,SO-A3-LATE,2026-10-01`,
      more.get('publish') ?? undefined,
    );
    await preparedReview(org, id);
    expect((await approve(org, id)).status).toBe(200);
    const customer = await signIn(stack, org, 'A');
    const { body } = await customer.me<{ orders: { number: string }[] }>('orders?q=A3');
    expect(body.orders).toEqual([]);
    const other = await signIn(stack, org, 'B3');
    const theirs = await other.me<{ orders: { number: string }[] }>('orders');
    expect(theirs.body.orders.map(({ number }) => number)).toEqual(['SO-B3']);
  });

  test('names nobody: a copy carries the name that is live, not one that was left out', async () => {
    const id = await stageRows(
      org,
      [customerRow('A', org, 'Somebody Else Ltd'), ...orderRows('A', 'NAMED')],
      orderFiles('NAMED'),
    );
    await exclude(id, { items: [{ kind: 'customer', key: 'A' }] });
    expect((await approve(org, id)).status).toBe(200);
    const names = await stack.sql(
      `select distinct n.customer_name as name from staff.publish_items i
         join staff.renditions n on n.id = i.rendition_id where i.publish_id = $1 and i.included`,
      [id],
    );
    expect(names).toEqual([{ name: 'Customer A' }]);
  });

  test('makes an approval of what was seen before stale', async () => {
    const id = await stageTwo('4');
    const { hash } = await preparedReview(org, id);
    await exclude(id, { customers: ['A'] });
    const answer = await org.approver.post<{ error: { code: string } }>(
      `publishes/${id}/approval`,
      { reviewHash: hash },
    );
    expect(answer.body.error.code).toBe('review_stale');
  });

  test('of what is not there is said', async () => {
    const id = await stageTwo('5');
    expect((await exclude(id, { customers: ['NOBODY'] })).status).toBe(404);
    expect((await exclude(id, {})).status).toBe(422);
  });
});

test('a document that comes again after it was withdrawn says so, and goes out again with a tick only', async () => {
  const again = () => stageRows(org, orderRows('A', 'AGAIN'), orderFiles('AGAIN'));
  const first = await again();
  expect((await approve(org, first)).status).toBe(200);
  await org.approver.post(`publishes/${first}/withdrawal`, { reason: 'The amounts were wrong' });
  const second = await again();
  const { items } = await look(second, '?kind=document&problem=withdrawn_before');
  expect(items.map(({ key, change, passes }) => [key, change, passes])).toEqual([
    ['invoice:INV-AGAIN', 'new', false],
    ['packing_slip:PS-AGAIN', 'new', false],
  ]);
  // Two papers, and the amounts of one.
  expect((await look(second, '?show=ticks')).matching).toBe(3);
  expect((await approve(org, second)).status).toBe(200);
  const third = await again();
  expect((await look(third, '?problem=withdrawn_before')).items).toEqual([]);
});

test('whose new recipients wait for a tick is said until they have one, whatever else waits', async () => {
  const rows = [customerRow('NEWS', org), ...orderRows('NEWS', 'NEWS')];
  const first = await stageRows(org, rows, orderFiles('NEWS'));
  const waits = async (id: string) =>
    (await look(id)).customers.map(({ key, hasOpenContacts }) => [key, hasOpenContacts]);
  expect(await waits(first)).toEqual([['NEWS', true]]);
  expect((await approve(org, first)).status).toBe(200);
  await org.approver.post(`publishes/${first}/withdrawal`, { reason: 'The amounts were wrong' });
  const second = await stageRows(org, rows, orderFiles('NEWS'));
  const { items } = await look(second, '?show=ticks&kind=contact');
  await org.approver.put(`publishes/${second}/ticks`, {
    items: items.map(({ kind, key }) => ({ kind, key })),
    ticked: true,
  });
  expect((await look(second)).totals.awaitingTick).toBeGreaterThan(0);
  expect(await waits(second)).toEqual([['NEWS', false]]);
});

test('what every row became adds up to all of them', async () => {
  await publish(org, [customerRow('SUM', org), ...orderRows('SUM', 'SUM1')], orderFiles('SUM1'));
  const id = await stageRows(
    org,
    [
      ...orderRows('SUM', 'SUM1'),
      ...orderRows('SUM', 'SUM2'),
      { customer_code: 'NOBODY', order_number: 'SO-LOST', order_date: 'someday' },
      { po_number: 'about nothing' },
    ],
    { ...orderFiles('SUM1'), ...orderFiles('SUM2') },
  );
  await exclude(id, { items: [{ kind: 'document', key: 'packing_slip:PS-SUM2' }] });
  const { totals, became } = await look(id);
  const sum = Object.values(became).reduce((all, next) => all + next, 0);
  expect(sum + (totals.skipped ?? 0)).toBe(totals.rows);
  expect(totals.rows).toBe(8);
  expect(became).toMatchObject({ same: 3, created: 2, excluded: 1 });
});

describe('pages', () => {
  test('of items go on where the last one ended, each item once', async () => {
    const rows = Array.from({ length: 130 }, (_, i) => ({
      customer_code: 'A',
      order_number: `SO-P${i}`,
      order_date: '2026-10-01',
    }));
    const id = await stageRows(org, rows);
    const first = await look(id, '?kind=order');
    expect(first.items).toHaveLength(100);
    expect(first.matching).toBe(130);
    const second = await look(id, `?kind=order&cursor=${first.nextCursor}`);
    expect(second.nextCursor).toBeNull();
    const keys = [...first.items, ...second.items].map(({ key }) => key);
    expect(new Set(keys).size).toBe(130);
  });

  test('of customers are by name, and found by a part of it', async () => {
    const rows = Array.from({ length: 120 }, (_, i) =>
      customerRow(`P${i}`, org, `Name ${String(i).padStart(3, '0')}`),
    );
    const id = await stageRows(org, rows);
    expect((await look(id)).customerCount).toBe(120);
    const page = async (query: string) =>
      (
        await org.clerk.get<{ customers: { name: string }[]; nextCursor: string | null }>(
          `publishes/${id}/review/customers${query}`,
        )
      ).body;
    const first = await page('');
    const second = await page(`?cursor=${encodeURIComponent(first.nextCursor ?? '')}`);
    const names = [...first.customers, ...second.customers].map(({ name }) => name);
    expect(names).toEqual(rows.map(({ customer_name }) => customer_name));
    expect((await page('?q=ame%20077')).customers.map(({ name }) => name)).toEqual(['Name 077']);
    expect((await page('?q=100%25')).customers).toEqual([]);
  });

  test('of items say whose they are, however far behind their customers stand', async () => {
    const rows = Array.from({ length: 120 }, (_, i) =>
      customerRow(`W${i}`, org, `Whose ${String(i).padStart(3, '0')}`),
    );
    const id = await stageRows(org, rows);
    const page = await look(id, '?kind=customer&customer=W119');
    expect(page.customers.map(({ key }) => key)).not.toContain('W119');
    expect(page.itemCustomers).toMatchObject([{ key: 'W119', name: 'Whose 119' }]);
  });
});

test('a paper that comes under an order changes by that, and the approval says so', async () => {
  const invoice = { customer_code: 'A', document_kind: 'invoice', document_number: 'INV-LONE' };
  const { id: orgId } = org;
  const amounts = { document_date: day(-9), total: '121.00', currency: 'EUR' };
  await publish(org, [customerRow('A', org), { ...invoice, ...amounts }]);
  await publish(org, [
    {
      customer_code: 'A',
      order_number: 'SO-LONE',
      order_date: day(-5),
      order_status: 'pending',
    },
  ]);
  const rows = [{ ...invoice, order_number: 'SO-LONE' }];
  const id = await stageRows(org, rows);
  const { items } = await look(id);
  expect(items.find(({ kind }) => kind === 'invoice')).toMatchObject({ change: 'changed' });
  expect(await approve(org, id)).toMatchObject({
    status: 200,
    body: { summary: { customers: 1 } },
  });
  expect(
    await stack.sql(
      `select o.number as order, i.held from portal.invoices i join portal.orders o on o.id = i.order_id
        where i.org_id = $1 and i.number = 'INV-LONE'`,
      [orgId],
    ),
  ).toEqual([{ order: 'SO-LONE', held: true }]);
  // Said again, it is what it was.
  const again = await look(await stageRows(org, rows));
  expect(again.items.find(({ kind }) => kind === 'invoice')).toMatchObject({ change: 'same' });
});
