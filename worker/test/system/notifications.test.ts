/** What customers are told of: once for each thing that happened, and only what they may see. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Cells,
  contactOf,
  customerRow,
  makeChange,
  makeIssue,
  makeLink,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  publish,
  signIn,
} from '../cast.ts';
import { type Customer, openLink } from '../clients.ts';
import { openPreview } from '../previews.ts';
import { settle } from '../rows-of.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customerId: string;
let contactId: string;
beforeAll(async () => {
  stack = await useStack();
});
beforeEach(async () => {
  org = await makeOrg(stack);
  await publish(org, [customerRow('ANNA', org), parcel('P1'), parcel('P2')]);
  ({ customerId, contactId } = await contactOf(stack, org, 'ANNA'));
});

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
const parcel = (tag: string): Cells => ({
  customer_code: 'ANNA',
  order_number: `SO-${tag}`,
  order_date: daysAgo(10).slice(0, 10),
  order_status: 'shipped',
  carrier: 'UPS',
  tracking_number: `TRK-${tag}`,
});
const event = (tag: string, status: string, at = daysAgo(0.1)): Cells => ({
  customer_code: 'ANNA',
  order_number: `SO-${tag}`,
  tracking_number: `TRK-${tag}`,
  event_time: `${at.slice(0, 19)}Z`,
  event_status: status,
});
/** A carrier's own event, with the status that it makes. */
async function carrierTells(tag: string, status: string) {
  const [shipment] = await stack.sql<{ id: string }>(
    `insert into portal.tracking_events (org_id, customer_id, order_id, shipment_id, event_key, at, status, source)
     select s.org_id, s.customer_id, s.order_id, s.id, $2, date_trunc('second', now()), $3, 'carrier'
       from portal.shipments s where s.customer_id = $1 and s.tracking_number = $2
     returning shipment_id as id`,
    [customerId, `TRK-${tag}`, status],
  );
  await stack.sql('update portal.shipments set status = $2 where id = $1', [shipment?.id, status]);
}
const happens = (...rows: Cells[]) => publish(org, rows);
const told = async () =>
  (
    await stack.sql<{ status: string }>(
      `select params->>'status' as status from portal.notifications
        where customer_id = $1 and kind = 'shipment_status' order by params->>'at'`,
      [customerId],
    )
  ).map(({ status }) => status);
const digests = () =>
  stack.sql<{ notices: number; state: string; last_error: string | null }>(
    `select (select count(*)::int from staff.notice_letters l where l.letter_id = o.id) as notices, state, last_error
       from staff.outbox o where o.org_id = $1 and o.template = 'news' order by o.created_at`,
    [org.id],
  );
const waiting = (notices: number) => ({ notices, state: 'queued', last_error: null });
const dropped = (notices: number) => ({ notices, state: 'dead', last_error: 'withdrawn' });
/** Ten minutes go by. */
async function wait() {
  await stack.sql(
    "update staff.outbox set due_at = due_at - interval '10 minutes' where org_id = $1 and template = 'news'",
    [org.id],
  );
  await settle(stack, [org.id]);
}
/** The mails of parcels and statements that Anna got, oldest first. */
const mails = () =>
  stack.mail
    .mails()
    .filter(
      ({ to, tags }) =>
        to.includes(`anna@${org.slug}.customer.example`) &&
        tags.some(({ value }) => value === 'news' || value === 'statement-ready'),
    )
    .reverse();
const linkIn = (text: string) => text.match(/http:\/\/portal\.test\/customer\/\S+/)?.[0] ?? '';

describe('a parcel on its way', () => {
  test('is told of step by step, once, in one letter that leaves after ten minutes', async () => {
    await happens(event('P1', 'in transit', daysAgo(1)), event('P2', 'picked up', daysAgo(1)));
    await happens(event('P1', 'out for delivery', daysAgo(0.5)));
    await happens(event('P1', 'delivered'));
    await happens(event('P1', 'delivered'), event('P2', 'in transit', daysAgo(0.7)));
    expect((await told()).sort()).toEqual([
      'delivered',
      'in_transit',
      'in_transit',
      'out_for_delivery',
      'picked_up',
    ]);
    expect(await digests()).toEqual([waiting(5)]);
    await settle(stack, [org.id]);
    expect(mails()).toEqual([]);

    await wait();
    const [mail, ...others] = mails();
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('Acme Manufacturing: 5 updates on 2 orders');
    const groups = mail?.text.match(/Order SO-P1\n(- .+\n){3}\nOrder SO-P2\n(- .+\n){2}/)?.[0];
    expect(groups?.split('\n').map((line) => line.replace(/^- .* · /, ''))).toEqual([
      'Order SO-P1',
      'Parcel TRK-P1 (UPS) is on its way.',
      'Parcel TRK-P1 (UPS) is out for delivery.',
      'Parcel TRK-P1 (UPS) was delivered.',
      '',
      'Order SO-P2',
      'Parcel TRK-P2 (UPS) was picked up by the carrier.',
      'Parcel TRK-P2 (UPS) is on its way.',
      '',
    ]);
    expect(linkIn(mail?.text ?? '')).not.toContain('?to=');
  });

  test('of one order alone leads to that order, and what comes later has a letter of its own', async () => {
    await happens(event('P1', 'in transit', daysAgo(1)));
    await wait();
    await happens(event('P1', 'delivered'));
    expect(await digests()).toMatchObject([{ notices: 1, state: 'sent' }, waiting(1)]);
    await wait();
    expect(mails().map(({ subject }) => subject)).toEqual([
      'Acme Manufacturing: order SO-P1 is on its way',
      'Acme Manufacturing: order SO-P1 was delivered',
    ]);
    const [order] = await stack.sql<{ id: string }>(
      "select id from portal.orders where org_id = $1 and number = 'SO-P1'",
      [org.id],
    );
    expect(linkIn(mails()[0]?.text ?? '')).toContain(`?to=/orders/${order?.id}`);
    await openLink(stack, linkIn(mails()[1]?.text ?? ''));
  });

  test('is not told of by what first shows it, nor by a correction', async () => {
    await happens(parcel('P3'), event('P3', 'in transit', daysAgo(1)));
    expect(await told()).toEqual([]);
    const delivered = await happens(event('P1', 'delivered'));
    await happens(event('P1', 'in transit', daysAgo(1)));
    await org.approver.post(`publishes/${delivered}/withdrawal`, { reason: 'Not ours' });
    expect(await told()).toEqual(['delivered']);
  });

  test('is mailed to nobody when it happened days ago', async () => {
    await happens(event('P1', 'delivered', daysAgo(4)));
    expect(await told()).toEqual(['delivered']);
    expect(await digests()).toEqual([]);
  });
});

describe('a digest leaves out', () => {
  test('what was withdrawn since, and is not sent for nothing', async () => {
    await happens(event('P1', 'in transit', daysAgo(1)));
    const wrong = await happens(event('P2', 'delivered'));
    await org.approver.post(`publishes/${wrong}/withdrawal`, { reason: 'Not ours' });
    await wait();
    expect(mails().map(({ subject }) => subject)).toEqual([
      'Acme Manufacturing: order SO-P1 is on its way',
    ]);
    const again = await happens(event('P2', 'exception'));
    await org.approver.post(`publishes/${again}/withdrawal`, { reason: 'Not ours' });
    await wait();
    expect(mails()).toHaveLength(1);
    expect(await digests()).toMatchObject([{ state: 'sent' }, dropped(1)]);
  });

  test('an order that is hidden by now', async () => {
    await happens(event('P1', 'in transit', daysAgo(1)));
    await stack.sql(
      "update portal.orders set placed_on = '2001-01-01' where org_id = $1 and number = 'SO-P1'",
      [org.id],
    );
    await carrierTells('P1', 'delivered');
    expect(await told()).toEqual(['in_transit']);
    await wait();
    expect(mails()).toEqual([]);
    expect(await digests()).toEqual([dropped(1)]);
  });

  test('what was withdrawn after a try that failed, with all that it told beside it', async () => {
    await happens(event('P1', 'in transit', daysAgo(1)));
    const wrong = await happens(event('P2', 'delivered'));
    stack.mail.fault = { status: 503 };
    try {
      await wait();
    } finally {
      stack.mail.fault = null;
    }
    expect(await digests()).toMatchObject([{ state: 'queued', notices: 2 }]);
    await org.approver.post(`publishes/${wrong}/withdrawal`, { reason: 'Not ours' });
    await wait();
    expect(mails()).toEqual([]);
    expect(await digests()).toMatchObject([dropped(2)]);
    // What it left out stays in the portal; what comes next has a letter of its own.
    await happens(event('P1', 'exception'));
    await wait();
    expect(mails().map(({ subject }) => subject)).toEqual([
      'Acme Manufacturing: order SO-P1 is held up',
    ]);
  });

  test('nothing of what it told, and goes out at a later try', async () => {
    await happens(event('P1', 'in transit', daysAgo(1)));
    stack.mail.fault = { status: 503 };
    try {
      await wait();
    } finally {
      stack.mail.fault = null;
    }
    expect(mails()).toEqual([]);
    await wait();
    expect(mails().map(({ subject }) => subject)).toEqual([
      'Acme Manufacturing: order SO-P1 is on its way',
    ]);
  });

  test('whoever wants no such mail, before and after it was queued', async () => {
    const anna = await signIn(stack, org, 'ANNA');
    await happens(event('P1', 'in transit', daysAgo(1)));
    await anna.put('preferences', { mutedMail: ['tracking'] });
    await happens(event('P1', 'delivered'));
    expect(await digests()).toEqual([waiting(1)]);
    await wait();
    expect(mails()).toEqual([]);
    expect(await told()).toEqual(['in_transit', 'delivered']);
  });
});

describe('a statement', () => {
  let statementId: string;
  const tells = async (month: string) => {
    const [[row] = []] = await stack.sqlAs('system', [
      `select staff.tell($1, $2, 'statement_ready', 'statement/' || $4::text, null, $3::text,
                         jsonb_build_object('from', $4::text || '-01', 'to', $4::text || '-28'), true) is not null as is_new`,
      [org.id, customerId, statementId, month],
    ]);
    await settle(stack, [org.id]);
    return row?.is_new;
  };
  beforeEach(async () => {
    const [row] = await stack.sql<{ id: string }>(
      `insert into portal.documents (org_id, customer_id, kind, number, number_key, file_name, served)
       values ($1, $2, 'statement', 'ST-1', 'ST-1', 'st-1.pdf', 'drawn') returning id`,
      [org.id, customerId],
    );
    statementId = row?.id ?? '';
  });

  test('is mailed at once, and once, with an end to mail of its own topic', async () => {
    expect(await tells('2026-02')).toBe(true);
    expect(await tells('2026-02')).toBe(false);
    const [mail, ...others] = mails();
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('Acme Manufacturing: your statement is ready');
    expect(mail?.text).toContain('from February 1, 2026 to February 28, 2026');
    expect(linkIn(mail?.text ?? '')).toContain('?to=/documents');

    const url = (mail?.headers['List-Unsubscribe'] ?? '').slice(1, -1);
    const headers = { 'CF-Connecting-IP': '192.0.2.77' };
    expect((await stack.fetch(url, { method: 'POST', headers })).status).toBe(200);
    expect(
      await stack.sql('select muted_mail from portal.contacts where id = $1', [contactId]),
    ).toEqual([{ muted_mail: ['statements'] }]);
    expect(await tells('2026-03')).toBe(true);
    expect(mails()).toHaveLength(1);
  });

  test('is mailed to nobody who may see no amounts', async () => {
    await makeLink(stack, org, 'ANNA', 'no_financials');
    expect(await tells('2026-02')).toBe(true);
    expect(mails()).toEqual([]);
    expect(
      await stack.sql(
        "select from staff.outbox where org_id = $1 and template = 'statement-ready'",
        [org.id],
      ),
    ).toEqual([]);
  });
});

type Told = {
  id: string;
  createdAt: string;
  at: string;
  isUnread: boolean;
  about: Record<string, unknown>;
};
type Listed = { notifications: Told[]; nextCursor: string | null; unread: number };
const listed = async (customer: Customer, cursor?: string) =>
  (await customer.me<Listed>(`notifications${cursor ? `?cursor=${cursor}` : ''}`)).body;

describe('the portal tells a customer', () => {
  test('what happened, with what leads there, newest first, and what of it is unread', async () => {
    const anna = await signIn(stack, org, 'ANNA');
    expect((await listed(anna)).notifications.map(({ about }) => about)).toEqual([
      { kind: 'documents_ready', documents: 0, orders: 2 },
    ]);
    const at = daysAgo(0.1);
    await happens(event('P1', 'delivered', at));
    const issueId = await makeIssue(stack, org, 'ANNA', 'P1');
    await org.clerk.send(
      'POST',
      `issues/${issueId}/messages`,
      JSON.stringify({ body: 'New ones are on their way.' }),
      'application/json',
      { 'Idempotency-Key': 'the-first-answer' },
    );
    const change = await makeChange(stack, org, 'ANNA');
    await org.clerk.put(`change-requests/${change}/decision`, { status: 'accepted' });

    const { notifications, unread } = await listed(anna);
    // What first let them in is no news.
    expect(unread).toBe(3);
    expect(notifications.map(({ isUnread }) => isUnread)).toEqual([true, true, true, false]);
    expect(notifications.slice(0, 3).map(({ about }) => about)).toEqual([
      { kind: 'change_answered', change: 'contact_details', status: 'accepted' },
      { kind: 'issue_replied', issueId, number: 1, orderNumber: 'SO-P1' },
      {
        kind: 'shipment_status',
        status: 'delivered',
        orderId: expect.any(String),
        orderNumber: 'SO-P1',
        carrier: 'UPS',
        trackingNumber: 'TRK-P1',
      },
    ]);
    expect(notifications[2]?.at.slice(0, 19)).toBe(at.slice(0, 19));
    // What has a letter of its own is in no digest.
    expect(await digests()).toEqual([waiting(1)]);
    expect((await anna.me<Listed>('home')).body.unread).toBe(3);

    // Read until the second newest: what came since is unread.
    const { status } = await anna.post('notifications/read', {
      until: notifications[1]?.createdAt,
    });
    expect(status).toBe(200);
    expect((await listed(anna)).notifications.map(({ isUnread }) => isUnread)).toEqual([
      true,
      false,
      false,
      false,
    ]);
    // A later look of another window at less takes nothing back, and nobody reads what is to come.
    await anna.post('notifications/read', { until: notifications[3]?.createdAt });
    expect((await listed(anna)).unread).toBe(1);
    await anna.post('notifications/read', { until: daysAgo(-5) });
    expect((await listed(anna)).unread).toBe(0);
    await happens(event('P2', 'delivered'));
    expect((await listed(anna)).unread).toBe(1);
    const events = await stack.sql(
      "select from audit.events where action = 'notifications.read' and contact_id = $1",
      [contactId],
    );
    expect(events).toHaveLength(2);
  });

  test('nothing of what was withdrawn, is hidden, or shows amounts to whoever may see none', async () => {
    const anna = await signIn(stack, org, 'ANNA');
    const kinds = async (customer = anna) =>
      (await listed(customer)).notifications.map(({ about }) => about.kind);
    const papers = await publish(org, orderRows('ANNA', 'A1'), orderFiles('A1'));
    const warehouse = await signIn(stack, org, 'ANNA', 'no_financials');
    const documents = async (customer: Customer) =>
      (await listed(customer)).notifications.map(({ about }) => about.documents);
    expect(await documents(anna)).toEqual([2, 0]);
    expect(await documents(warehouse)).toEqual([1, 0]);
    const wrong = await happens(event('P1', 'delivered'));
    await carrierTells('P2', 'exception');
    expect(await kinds()).toEqual([
      'shipment_status',
      'shipment_status',
      'documents_ready',
      'documents_ready',
    ]);
    const { unread } = await listed(anna);
    await org.approver.post(`publishes/${wrong}/withdrawal`, { reason: 'Not ours' });
    expect(await kinds()).toHaveLength(3);
    expect((await listed(anna)).unread).toBe(unread - 1);
    await org.approver.post(`publishes/${papers}/withdrawal`, { reason: 'Not ours' });
    expect(await kinds()).toEqual(['shipment_status', 'documents_ready']);
    await stack.sql(
      "update portal.orders set placed_on = '2001-01-01' where org_id = $1 and number = 'SO-P2'",
      [org.id],
    );
    expect(await kinds()).toEqual(['documents_ready']);
    expect((await listed(anna)).unread).toBe(0);
  });

  test('page by page', async () => {
    const anna = await signIn(stack, org, 'ANNA');
    await stack.sql(
      `insert into portal.notifications (org_id, customer_id, kind, event, subject, params, created_at)
       select $1, $2, 'issue_replied', 'reply ' || g, gen_random_uuid()::text, jsonb_build_object('number', g, 'order', 'SO-P1'),
              now() + make_interval(secs => g)
         from generate_series(1, 24) g`,
      [org.id, customerId],
    );
    const first = await listed(anna);
    expect(first.unread).toBe(24);
    const second = await listed(anna, first.nextCursor ?? '');
    const numbers = [...first.notifications, ...second.notifications].map(
      ({ about }) => about.number,
    );
    expect(numbers).toEqual([...Array.from({ length: 24 }, (_, at) => 24 - at), undefined]);
    expect(second.nextCursor).toBeNull();
  });

  test('and a member who looks as them reads nothing for them', async () => {
    await carrierTells('P1', 'delivered');
    const preview = (await openPreview(stack, org.approver, contactId)).customer;
    const { status, body } = await preview.post('notifications/read', { until: daysAgo(0) });
    expect([status, body]).toMatchObject([403, { error: { code: 'preview_only' } }]);
    expect((await listed(await signIn(stack, org, 'ANNA'))).unread).toBe(1);
  });
});
