/**
 * What is taken back is gone, though a later night's file listed it again: a repeat goes with what it repeats,
 * and what a later publish said of its own stays and is named.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  approve,
  type Cells,
  contactOf,
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
  const codes = 'DOC REV EARLY MONEY PART OTHER WHOLE SEEN AGAIN BACK FIXED TICK MOVED'.split(' ');
  await publish(
    org,
    codes.map((code) => customerRow(code, org)),
  );
});

type Publishes = { count: number; publishes: { id: string; name: string }[] };
type Answer = { publish: { status: string }; repeats: Publishes; sources: Publishes };
const REASON = 'It was the wrong paper';
const none = { count: 0, publishes: [] };
const named = (...ids: string[]) => ({
  count: ids.length,
  publishes: ids.map((id) => ({ id, name: expect.any(String) })),
});
/** What is foretold of a withdrawal, then withdrawn: both say the same. */
const withdraw = async (publishId: string, part: Record<string, string> = {}) => {
  const path = `publishes/${publishId}/withdrawal`;
  const told = await org.clerk.get<Answer>(`${path}?${new URLSearchParams(part)}`);
  const { status, body } = await org.approver.post<Answer>(path, { reason: REASON, ...part });
  expect(status).toBe(200);
  expect(told.body).toMatchObject({ repeats: body.repeats, sources: body.sources });
  return body;
};
const statusOf = async (publishId: string) =>
  (
    await stack.sql<{ status: string }>('select status from staff.publishes where id = $1', [
      publishId,
    ])
  )[0]?.status;
const statesOf = async (publishId: string, code: string) => {
  const { body } = await org.clerk.get<{ documents: { key: string; state: string }[] }>(
    `publishes/${publishId}/documents?customer=${code}`,
  );
  return Object.fromEntries(body.documents.map(({ key, state }) => [key, state]));
};
const taken = async (customer: Customer, tag: string, kind: string) => {
  const page = await readOrder(customer, `SO-${tag}`);
  const id = page?.documents.find((document) => document.kind === kind)?.id;
  const answer = await customer.bytes(`documents/${id}`);
  return answer.status === 200 ? saidBy(await answer.arrayBuffer()) : answer.status;
};

describe('withdrawing a document', () => {
  test('takes it from every later publish that only listed it again, with its amounts', async () => {
    const rows = orderRows('DOC', 'DOC');
    const first = await publish(org, rows, orderFiles('DOC'));
    const nights = [await publish(org, rows), await publish(org, rows, orderFiles('DOC'))];
    const customer = await signIn(stack, org, 'DOC');
    expect(await taken(customer, 'DOC', 'invoice')).toBe('INV-DOC');
    const answer = await withdraw(first, { document: 'invoice:INV-DOC' });
    expect(answer).toMatchObject({ repeats: named(...nights.toReversed()), sources: none });
    expect(kindsOf(await readOrder(customer, 'SO-DOC'))).toEqual(['packing_slip']);
    const amounts = await stack.sql(
      'select 1 from portal.invoices where org_id = $1 and number = $2',
      [org.id, 'INV-DOC'],
    );
    expect(amounts).toEqual([]);
    for (const id of [first, ...nights]) {
      expect(await statesOf(id, 'DOC')).toEqual({
        'invoice:INV-DOC': 'withdrawn',
        'packing_slip:PS-DOC': 'current',
      });
      expect(await statusOf(id)).toBe('approved');
    }
    const [night = ''] = nights;
    expect((await org.clerk.get(`publishes/${night}/outcome`)).body).toMatchObject({
      withdrawals: [
        {
          by: 'Amir Haddad',
          reason: REASON,
          document: { kind: 'invoice', number: 'INV-DOC' },
          with: { id: first, name: expect.any(String) },
        },
      ],
    });
    const { body } = await org.clerk.get<object>('documents/invoice/INV-DOC/history');
    expect(body).toMatchObject({
      versions: [...nights.toReversed(), first].map((id) => ({
        publish: { id },
        state: 'withdrawn',
        withdrawal: { by: 'Amir Haddad', reason: REASON },
      })),
    });
    const events = await stack.sql(
      "select subject_id, detail from audit.events where org_id = $1 and action = 'publish.part_withdrawn' order by subject_id = $2, subject_id",
      [org.id, first],
    );
    const document = { document: 'invoice:INV-DOC', reason: REASON, items: 2 };
    expect(events).toEqual([
      ...nights.toSorted().map((id) => ({ subject_id: id, detail: { ...document, with: first } })),
      {
        subject_id: first,
        detail: { ...document, repeats: expect.toSatisfy((ids) => ids.length === 2) },
      },
    ]);
  });

  test('leaves the other file that a later publish brought, and says which', async () => {
    const rows = orderRows('REV', 'REV');
    const first = await publish(org, rows, orderFiles('REV'));
    const revised = await publish(org, rows, { 'PS-REV.pdf': pdfOf('the right slip') });
    await publish(org, rows);
    const customer = await signIn(stack, org, 'REV');
    const answer = await withdraw(first, { document: 'packing_slip:PS-REV' });
    expect(answer).toMatchObject({ repeats: none, sources: named(revised) });
    expect(await taken(customer, 'REV', 'packing_slip')).toBe('the right slip');
    expect(await statesOf(revised, 'REV')).toMatchObject({ 'packing_slip:PS-REV': 'current' });
  });

  test('brings back what an earlier publish showed, though the wrong one was repeated', async () => {
    const rows = orderRows('EARLY', 'EARLY');
    const first = await publish(org, rows, orderFiles('EARLY'));
    const wrong = await publish(org, rows, { 'PS-EARLY.pdf': pdfOf('a wrong slip') });
    const night = await publish(org, rows);
    const customer = await signIn(stack, org, 'EARLY');
    expect(await taken(customer, 'EARLY', 'packing_slip')).toBe('a wrong slip');
    const answer = await withdraw(wrong, { document: 'packing_slip:PS-EARLY' });
    expect(answer).toMatchObject({ repeats: named(night), sources: named(first) });
    expect(await taken(customer, 'EARLY', 'packing_slip')).toBe('PS-EARLY');
    // On the page of a night that only repeated it, it is said whose it is.
    const other = await withdraw(night, { document: 'invoice:INV-EARLY' });
    expect(other).toMatchObject({ repeats: none, sources: named(first) });
    expect(await taken(customer, 'EARLY', 'invoice')).toBe('INV-EARLY');
  });

  test('leaves the other amounts that a later publish told, and says which', async () => {
    const [order = {}, invoice = {}] = orderRows('MONEY', 'MONEY');
    const file = { 'INV-MONEY.pdf': pdfOf('INV-MONEY') };
    const first = await publish(org, [order, invoice], file);
    const other = await publish(org, [{ ...invoice, paid: '21.00' }]);
    const answer = await withdraw(first, { document: 'invoice:INV-MONEY' });
    // The paper was only repeated.
    expect(answer).toMatchObject({ repeats: named(other), sources: named(other) });
    const customer = await signIn(stack, org, 'MONEY');
    expect(kindsOf(await readOrder(customer, 'SO-MONEY'))).toEqual([]);
    const amounts = await stack.sql(
      'select paid from portal.invoices where org_id = $1 and number = $2',
      [org.id, 'INV-MONEY'],
    );
    expect(amounts).toEqual([{ paid: '21.00' }]);
  });

  test('leaves the amounts with the other file that a later publish brought', async () => {
    const rows = orderRows('FIXED', 'FIXED');
    const first = await publish(org, rows, orderFiles('FIXED'));
    const fixed = await publish(org, rows, { 'INV-FIXED.pdf': pdfOf('INV-FIXED, corrected') });
    const answer = await withdraw(first, { document: 'invoice:INV-FIXED' });
    expect(answer).toMatchObject({ repeats: none, sources: named(fixed) });
    const customer = await signIn(stack, org, 'FIXED');
    expect(await taken(customer, 'FIXED', 'invoice')).toBe('INV-FIXED, corrected');
    const amounts = await stack.sql(
      'select total from portal.invoices where org_id = $1 and number = $2',
      [org.id, 'INV-FIXED'],
    );
    expect(amounts).toEqual([{ total: '121.00' }]);
  });

  test('neither a paper nor its amounts go out again without a tick', async () => {
    const rows = orderRows('TICK', 'TICK');
    const first = await publish(org, rows, orderFiles('TICK'));
    await withdraw(first, { document: 'invoice:INV-TICK' });
    const again = await stageRows(org, rows, orderFiles('TICK'));
    const { body } = await org.clerk.get<{ items: { kind: string; key: string }[] }>(
      `publishes/${again}/review?show=ticks`,
    );
    expect(body.items.map(({ kind, key }) => `${kind} ${key}`).sort()).toEqual([
      'document invoice:INV-TICK',
      'invoice INV-TICK',
    ]);
  });

  test('lets it come again later, as new, with word of it', async () => {
    const rows = orderRows('AGAIN', 'AGAIN');
    const first = await publish(org, rows, orderFiles('AGAIN'));
    await publish(org, rows);
    await withdraw(first, { document: 'packing_slip:PS-AGAIN' });
    const again = await stageRows(org, rows, orderFiles('AGAIN'));
    const review = await org.clerk.get<object>(`publishes/${again}/review?kind=document`);
    expect(review.body).toMatchObject({
      items: [
        { key: 'invoice:INV-AGAIN', change: 'same' },
        {
          key: 'packing_slip:PS-AGAIN',
          change: 'new',
          problems: expect.arrayContaining([expect.objectContaining({ code: 'withdrawn_before' })]),
        },
      ],
    });
    expect((await approve(org, again)).status).toBe(200);
    const customer = await signIn(stack, org, 'AGAIN');
    expect(await taken(customer, 'AGAIN', 'packing_slip')).toBe('PS-AGAIN');
    expect(await statesOf(first, 'AGAIN')).toMatchObject({ 'packing_slip:PS-AGAIN': 'withdrawn' });
  });
});

describe('withdrawing a customer’s part, or all of a publish', () => {
  test('takes theirs from later publishes too, and nobody else’s', async () => {
    const rows = ['PART', 'OTHER'].flatMap((code) => orderRows(code, code));
    const first = await publish(org, rows, { ...orderFiles('PART'), ...orderFiles('OTHER') });
    const next = rows.map((row) =>
      row.po_number === 'PO-PART' ? { ...row, line_description: 'Another bolt' } : row,
    );
    const night = await publish(org, next);
    const [anna, ben] = [await signIn(stack, org, 'PART'), await signIn(stack, org, 'OTHER')];
    const answer = await withdraw(first, { customer: 'PART' });
    // The line's other description was said of its own; without its order nobody sees it.
    expect(answer).toMatchObject({ repeats: named(night), sources: none });
    expect(await readOrder(anna, 'SO-PART')).toBeNull();
    expect((await anna.me('home')).body).toMatchObject({ orders: [], documents: [] });
    expect(kindsOf(await readOrder(ben, 'SO-OTHER'))).toEqual(['invoice', 'packing_slip']);
    expect(await statusOf(night)).toBe('approved');
  });

  test('what hangs on an order that a later publish moved on stays with it', async () => {
    const [order = {}, ...others] = orderRows('MOVED', 'MOVED');
    const first = await publish(org, [order, ...others], orderFiles('MOVED'));
    const moved = await publish(org, [{ ...order, order_status: 'delivered' }, ...others]);
    const answer = await withdraw(first, { customer: 'MOVED' });
    expect(answer).toMatchObject({ sources: named(moved) });
    const customer = await signIn(stack, org, 'MOVED');
    const page = await readOrder(customer, 'SO-MOVED');
    expect(page?.lines).toHaveLength(1);
    expect(page?.shipments).toHaveLength(1);
  });

  test('a later publish of which nothing is left is withdrawn with it', async () => {
    const rows = orderRows('WHOLE', 'WHOLE');
    const first = await publish(org, rows, orderFiles('WHOLE'));
    const night = await publish(org, rows);
    const customer = await signIn(stack, org, 'WHOLE');
    const answer = await withdraw(first);
    expect(answer).toMatchObject({
      publish: { status: 'withdrawn' },
      repeats: named(night),
      sources: none,
    });
    expect((await customer.me('home')).body).toMatchObject({ orders: [], documents: [] });
    expect(await statusOf(night)).toBe('withdrawn');
    const events = await stack.sql(
      "select detail from audit.events where action = 'publish.withdrawn' and subject_id = $1",
      [night],
    );
    expect(events).toMatchObject([{ detail: { with: first, reason: REASON } }]);
    expect((await org.clerk.get('documents/invoice/INV-WHOLE/history')).body).toMatchObject({
      versions: [night, first].map((id) => ({
        publish: { id },
        state: 'withdrawn',
        withdrawal: { by: 'Amir Haddad', reason: REASON },
      })),
    });
    // Once more, it is nobody's news.
    expect(await withdraw(first)).toMatchObject({ repeats: none, sources: none });
  });

  test('takes the access of a person whom later publishes only repeated', async () => {
    const rows: Cells[] = [customerRow('LATE', org), ...orderRows('LATE', 'LATE')];
    const first = await publish(org, rows, orderFiles('LATE'));
    const night = await publish(org, rows);
    const path = `publishes/${first}/withdrawal`;
    const lost = { count: 1, people: [{ email: customerRow('LATE', org).contact_email }] };
    expect((await org.clerk.get(path)).body).toMatchObject({ losesAccess: lost });
    const { body } = await org.approver.post(path, { reason: REASON });
    expect(body).toMatchObject({ lostAccess: lost, repeats: named(night) });
    const { contactId } = await contactOf(stack, org, 'LATE');
    const access = await stack.sql('select access from portal.contacts where id = $1', [contactId]);
    expect(access).toEqual([{ access: 'paused' }]);
    // And they come back with a tick, as a new person.
    const again = await stageRows(org, rows, orderFiles('LATE'));
    const review = await org.clerk.get(`publishes/${again}/review?kind=contact`);
    expect(review.body).toMatchObject({ items: [{ change: 'new', needsTick: true }] });
  });
});

test('the exposure report of a repeat ends where it was taken back, and is kept', async () => {
  const rows = orderRows('SEEN', 'SEEN');
  const first = await publish(org, rows, orderFiles('SEEN'));
  const night = await publish(org, rows);
  const customer = await signIn(stack, org, 'SEEN');
  expect(await taken(customer, 'SEEN', 'invoice')).toBe('INV-SEEN');
  const downloads = async (id: string) =>
    (await org.clerk.get<{ totals: { downloaded: number } }>(`publishes/${id}/exposure-report`))
      .body.totals.downloaded;
  expect([await downloads(first), await downloads(night)]).toEqual([1, 1]);
  await withdraw(first, { document: 'invoice:INV-SEEN' });
  expect(await taken(customer, 'SEEN', 'invoice')).not.toBe('INV-SEEN');
  // A later taking of the same file, as an hour behind, is of whatever publish brought it again.
  await stack.sql(
    `insert into staff.stamps (org_id, reference, document_id, kind, number, object_sha256, taken_as, customer_id, contact_id, link_id, at)
     select s.org_id, '0000-0000-0000-00AA', s.document_id, s.kind, s.number, s.object_sha256, 'attachment', s.customer_id,
            s.contact_id, s.link_id, s.at + interval '1 hour'
       from staff.stamps s where s.org_id = $1 and s.number = 'INV-SEEN'`,
    [org.id],
  );
  expect([await downloads(first), await downloads(night)]).toEqual([1, 1]);
});
