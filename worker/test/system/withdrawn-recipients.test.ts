/** A recipient stands with the approvals that name them: taken back, they see nothing, and come back with a tick. */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  approve,
  contactOf,
  customerRow,
  day,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  preparedReview,
  publish,
  signIn,
  stageRows,
} from '../cast.ts';
import { openLink, postLanding } from '../clients.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

type Lost = { count: number; people: { email: string; customer: string; contactId: string }[] };
type Item = { kind: string; key: string; change: string; needsTick: boolean; passes: boolean };
const REASON = 'It went to the wrong address';
const WRONG = 'wrong@elsewhere.example';

const order = (code: string, tag: string) => ({
  customer_code: code,
  order_number: `SO-${tag}`,
  order_date: day(-4),
});
const wrongly = (code: string) => ({ ...customerRow(code, org), contact_email: WRONG });
const withdraw = async (id: string, part: object = {}) => {
  const path = `publishes/${id}/withdrawal`;
  const { status, body } = await org.approver.post<{ lostAccess: Lost }>(path, {
    reason: REASON,
    ...part,
  });
  expect(status).toBe(200);
  return body.lostAccess;
};
const foretold = async (id: string, query = '') =>
  (await org.clerk.get<{ losesAccess: Lost }>(`publishes/${id}/withdrawal${query}`)).body
    .losesAccess;
const contacts = async (code: string) => {
  const { customerId } = await contactOf(stack, org, code);
  const { body } = await org.clerk.get<{
    contacts: { id: string; email: string; access: string }[];
  }>(`customers/${customerId}`);
  return Object.fromEntries(body.contacts.map(({ email, access }) => [email, access]));
};
const own = (code: string) => customerRow(code, org).contact_email;
const staged = async (id: string) =>
  (await org.clerk.get<{ items: Item[] }>(`publishes/${id}/review?kind=contact`)).body.items;
const changesOf = (contactId: string) =>
  stack.sql<{ access: string; because: string | null; kind: string }>(
    `select detail->>'access' as access, detail->>'because' as because, actor_kind as kind from audit.events
      where org_id = $1 and subject_id = $2 and action = 'contact.access_changed' order by at, id`,
    [org.id, contactId],
  );

test('a wrong recipient that a publish brought sees nothing once it is withdrawn, earlier orders included', async () => {
  await publish(org, [customerRow('A', org), order('A', 'A1')]);
  const second = await publish(org, [wrongly('A'), order('A', 'A2')]);
  const { customerId } = await contactOf(stack, org, 'A');
  const { body } = await org.clerk.get<{ contacts: { id: string; email: string }[] }>(
    `customers/${customerId}`,
  );
  const wrong = body.contacts.find(({ email }) => email === WRONG)?.id ?? '';
  const link = await org.clerk.post<{ url: string }>(`customers/${customerId}/links`, {
    contactId: wrong,
    delivery: 'copy',
  });
  const mistaken = await openLink(stack, link.body.url);
  expect((await mistaken.me('home')).body).toMatchObject({
    orders: [{ number: 'SO-A2' }, { number: 'SO-A1' }],
  });
  const right = await signIn(stack, org, 'A');

  const people = [{ contactId: wrong, email: WRONG, customer: 'Customer A' }];
  expect(await foretold(second)).toMatchObject({ count: 1, people });
  expect(await withdraw(second)).toMatchObject({ count: 1, people });
  expect(await foretold(second)).toEqual({ count: 0, people: [] });
  expect(await contacts('A')).toEqual({ [own('A')]: 'allowed', [WRONG]: 'paused' });
  expect((await mistaken.me('home')).status).toBe(401);
  expect((await postLanding(stack, link.body.url)).status).toBe(401);
  expect((await right.me('home')).body).toMatchObject({ orders: [{ number: 'SO-A1' }] });
  expect(await changesOf(wrong)).toEqual([
    { access: 'paused', because: 'publish_withdrawn', kind: 'staff' },
  ]);
  // Imported again, the address is a new recipient, and the person whom it always was is not.
  const again = await stageRows(org, [wrongly('A'), customerRow('A', org), order('A', 'A2')]);
  expect(await staged(again)).toMatchObject([
    { key: `A:${WRONG}`, change: 'new', needsTick: true, passes: false },
    { key: `A:${own('A')}`, change: 'same', needsTick: false },
  ]);
});

describe('the correction of a withdrawn publish', () => {
  test('gives those back whom it names with a tick, and lets nobody in without one', async () => {
    const first = await publish(org, [customerRow('B', org), order('B', 'B1')]);
    const customer = await signIn(stack, org, 'B');
    expect(await withdraw(first)).toMatchObject({ count: 1, people: [{ email: own('B') }] });
    expect((await customer.me('home')).status).toBe(401);
    const { contactId } = await contactOf(stack, org, 'B');

    const unticked = await stageRows(org, [customerRow('B', org), order('B', 'B1')]);
    const { hash } = await preparedReview(org, unticked);
    await org.approver.post(`publishes/${unticked}/approval`, { reviewHash: hash });
    expect(await contacts('B')).toEqual({ [own('B')]: 'paused' });

    await publish(org, [customerRow('B', org), order('B', 'B1')]);
    expect(await contacts('B')).toEqual({ [own('B')]: 'allowed' });
    expect((await customer.me('home')).body).toMatchObject({ orders: [{ number: 'SO-B1' }] });
    expect(await changesOf(contactId)).toMatchObject([
      { access: 'paused', because: 'publish_withdrawn' },
      { access: 'allowed', because: 'publish_approved' },
    ]);
    // They are told of what came with it.
    const letters = await stack.sql(
      "select 1 from staff.outbox where contact_id = $1 and template = 'documents-ready' and state <> 'dead'",
      [contactId],
    );
    expect(letters).toHaveLength(1);
  });

  test('does not undo what staff decided about a person', async () => {
    const rows = ['C', 'D', 'E'].map((code) => customerRow(code, org));
    const first = await publish(org, rows);
    const set = async (code: string, access: string) => {
      const { contactId } = await contactOf(stack, org, code);
      expect((await org.approver.put(`contacts/${contactId}/access`, { access })).status).toBe(200);
    };
    await set('C', 'paused');
    await set('C', 'allowed');
    await set('D', 'paused');
    expect(await withdraw(first)).toMatchObject({ count: 1, people: [{ email: own('E') }] });
    expect(await contacts('C')).toEqual({ [own('C')]: 'allowed' });
    await set('E', 'ended');
    await publish(org, rows);
    expect(await contacts('D')).toEqual({ [own('D')]: 'paused' });
    expect(await contacts('E')).toEqual({ [own('E')]: 'ended' });
  });
});

test('whom another approved publish names keeps their access, and so does another customer’s part', async () => {
  const rows = ['F', 'G'].map((code) => customerRow(code, org));
  const first = await publish(org, [...rows, order('F', 'F1'), order('G', 'G1')]);
  const second = await publish(org, [customerRow('F', org), order('F', 'F2')]);
  expect(await foretold(first)).toMatchObject({ count: 1, people: [{ email: own('G') }] });
  expect(await foretold(first, '?customer=F')).toEqual({ count: 0, people: [] });
  expect(await withdraw(first, { customer: 'F' })).toEqual({ count: 0, people: [] });
  expect(await contacts('F')).toEqual({ [own('F')]: 'allowed' });
  expect(await contacts('G')).toEqual({ [own('G')]: 'allowed' });
  expect(await withdraw(second)).toMatchObject({ count: 1, people: [{ email: own('F') }] });
  expect(await contacts('G')).toEqual({ [own('G')]: 'allowed' });
});

test('one document that is taken back takes nobody’s access', async () => {
  const id = await publish(org, [customerRow('H', org), ...orderRows('H', 'H')], orderFiles('H'));
  expect(await withdraw(id, { document: 'packing_slip:PS-H' })).toEqual({ count: 0, people: [] });
  expect(await contacts('H')).toEqual({ [own('H')]: 'allowed' });
  await makeLink(stack, org, 'H');
});

describe('letters about a publish that wait while it is withdrawn', () => {
  // Of a day ahead, so that no run of the job takes it meanwhile.
  const queue = async (id: string, code: string) => {
    const { contactId } = await contactOf(stack, org, code);
    await stack.sql(
      `insert into staff.outbox (org_id, event, recipient, contact_id, template, language, params, due_at)
       values ($1, $2, 'waits@customer.example', $3, 'documents-ready', 'en', '{"documents": 2, "orders": 1}', now() + interval '1 day')`,
      [org.id, `publish.approved/${id}/${code}`, contactId],
    );
  };
  const letters = (id: string) =>
    stack.sql<{ state: string; last_error: string | null }>(
      `select state, last_error from staff.outbox
        where org_id = $1 and recipient = 'waits@customer.example' and starts_with(event, $2) order by event`,
      [org.id, `publish.approved/${id}/`],
    );

  test('do not go out, whether all of it or a customer’s part is taken back, and the trail says so', async () => {
    await publish(org, [customerRow('I', org), customerRow('J', org)]);
    const id = await publish(org, [order('I', 'I1'), order('J', 'J1')]);
    await queue(id, 'I');
    await queue(id, 'J');
    await withdraw(id, { customer: 'I' });
    expect(await letters(id)).toMatchObject([
      { state: 'dead', last_error: 'withdrawn' },
      { state: 'queued', last_error: null },
    ]);
    await withdraw(id);
    expect(await letters(id)).toMatchObject([{ state: 'dead' }, { state: 'dead' }]);
    const { body } = await org.clerk.get<{ events: object[] }>('audit?action=mail.died');
    expect(body.events.slice(0, 2)).toMatchObject([
      { detail: { template: 'documents-ready', reason: 'withdrawn' } },
      { detail: { template: 'documents-ready', reason: 'withdrawn' } },
    ]);
    // Neither had lost their access: an earlier publish names them.
    expect(await contacts('I')).toEqual({ [own('I')]: 'allowed' });
  });

  test('go out where something is left to tell, and not once the last of it is taken back', async () => {
    await publish(org, [customerRow('K', org), order('K', 'K')]);
    const [, invoice = {}, slip = {}] = orderRows('K', 'K');
    const id = await publish(org, [invoice, slip], orderFiles('K'));
    await queue(id, 'K');
    await withdraw(id, { document: 'packing_slip:PS-K' });
    expect(await letters(id)).toMatchObject([{ state: 'queued' }]);
    await withdraw(id, { customer: 'K' });
    expect(await letters(id)).toMatchObject([{ state: 'dead', last_error: 'withdrawn' }]);
  });
});

test('an approval that waited for its ticks is asked for them anew', async () => {
  const first = await publish(org, [customerRow('L', org), order('L', 'L1')]);
  const next = await stageRows(org, [customerRow('L', org), order('L', 'L2')]);
  expect(await staged(next)).toMatchObject([{ change: 'same', needsTick: false }]);
  const { hash } = await preparedReview(org, next);
  await withdraw(first);
  expect((await org.approver.post(`publishes/${next}/approval`, { reviewHash: hash })).status).toBe(
    409,
  );
  expect(await staged(next)).toMatchObject([{ change: 'new', needsTick: true }]);
  expect((await approve(org, next)).status).toBe(200);
  expect(await contacts('L')).toEqual({ [own('L')]: 'allowed' });
});
