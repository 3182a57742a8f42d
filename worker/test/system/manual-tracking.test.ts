/** What staff tell of a parcel themselves, and how the services behind tracking and mail fare. */
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  contactOf,
  customerRow,
  makeOrg,
  type Org,
  orderRows,
  publish,
  setSettings,
  signIn,
} from '../cast.ts';
import { settle } from '../rows-of.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let shipment: string;
beforeAll(async () => {
  stack = await useStack();
});
beforeEach(async () => {
  org = await makeOrg(stack);
  await publish(org, [
    customerRow('ANNA', org),
    // No carrier that is asked: what is known of it, somebody has to tell.
    { ...orderRows('ANNA', 'A')[0], carrier: 'Van of Anna' },
  ]);
  const { body } = await org.clerk.get<Listed>('shipments?q=SO-A');
  shipment = body.shipments[0]?.id ?? '';
});

type Listed = {
  shipments: {
    id: string;
    order: { number: string };
    status: string;
    lastEvent: { source: string } | null;
  }[];
  nextCursor: string | null;
};
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
let keys = 0;
function tell(event: object, of = shipment, key?: string) {
  keys += 1;
  return org.clerk.send<{ event?: { id: string }; error?: { code: string; fields?: object } }>(
    'POST',
    `shipments/${of}/events`,
    JSON.stringify({ at: ago(1), status: 'in_transit', ...event }),
    'application/json',
    { 'Idempotency-Key': key ?? `told-by-hand-${keys}` },
  );
}
const statusOf = async () =>
  (await org.clerk.get<Listed>('shipments?q=SO-A')).body.shipments[0]?.status;

describe('an event that staff tell', () => {
  test('is the customer’s at once, moves the shipment, and is in the trail', async () => {
    expect((await tell({ status: 'delivered', city: 'Gdańsk' })).status).toBe(201);
    expect((await org.clerk.get<Listed>('shipments')).body.shipments).toMatchObject([
      { order: { number: 'SO-A' }, status: 'delivered', lastEvent: { source: 'staff' } },
    ]);
    const customer = await signIn(stack, org, 'ANNA');
    const { body } = await customer.me<{ orders: { id: string }[] }>('orders');
    const order = await customer.me(`orders/${body.orders[0]?.id}`);
    expect(JSON.stringify(order.body)).toContain('Gdańsk');
    const told = await stack.sql(
      "select subject_kind, subject_id, actor_kind, detail->>'status' as status from audit.events where org_id = $1 and action = 'shipment.event_added'",
      [org.id],
    );
    expect(told).toEqual([
      { subject_kind: 'shipment', subject_id: shipment, actor_kind: 'staff', status: 'delivered' },
    ]);
  });

  test('is one event, however often it is sent', async () => {
    const [first, again] = [
      await tell({}, shipment, 'one-key-1'),
      await tell({}, shipment, 'one-key-1'),
    ];
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    const events = await stack.sql('select 1 from portal.tracking_events where org_id = $1', [
      org.id,
    ]);
    expect(events).toHaveLength(1);
  });

  test('is in order whenever it is told: an older one moves nothing back', async () => {
    await tell({ status: 'delivered', at: ago(10) });
    await tell({ status: 'in_transit', at: ago(60) });
    expect(await statusOf()).toBe('delivered');
    await tell({ status: 'returned', at: ago(5) });
    expect(await statusOf()).toBe('returned');
  });

  test('is neither of tomorrow nor of three years ago', async () => {
    for (const at of [ago(-60), ago(3 * 366 * 24 * 60), '0000-01-01T00:00:00Z']) {
      const refused = await tell({ at });
      expect(refused).toMatchObject({ status: 422, body: { error: { code: 'invalid' } } });
      expect(refused.body.error?.fields).toHaveProperty('at');
    }
    expect((await tell({ status: 'unknown' })).status).toBe(422);
  });

  test('is not for a customer who is shown no tracking', async () => {
    await org.owner.put('exposures', { customerKey: 'ANNA', kinds: [], fields: [] });
    expect(await tell({})).toMatchObject({
      status: 409,
      body: { error: { code: 'tracking_not_shown' } },
    });
  });
});

test('shipments are found by customer, a page at a time, each once', async () => {
  const rows = Array.from({ length: 25 }, (_, at) => orderRows('MANY', `M${at}`)[0] ?? {});
  await publish(org, [customerRow('MANY', org), ...rows]);
  const { customerId } = await contactOf(stack, org, 'MANY');
  const first = (await org.clerk.get<Listed>(`shipments?customer=${customerId}`)).body;
  const second = (
    await org.clerk.get<Listed>(`shipments?customer=${customerId}&cursor=${first.nextCursor}`)
  ).body;
  const ids = [...first.shipments, ...second.shipments].map(({ id }) => id);
  expect([ids.length, new Set(ids).size, second.nextCursor]).toEqual([25, 25, null]);
});

describe('pages of carriers', () => {
  const linkOf = (link: string) => setSettings(org, { trackingLinks: { 'Van of Anna': link } });

  test('are kept by the carrier’s name', async () => {
    await linkOf('https://van.example/{tracking_number}');
    expect((await org.clerk.get('settings')).body).toMatchObject({
      trackingLinks: { 'Van of Anna': 'https://van.example/{tracking_number}' },
    });
  });

  test('are https, and say where the number goes', async () => {
    for (const link of [
      'http://van.example/{tracking_number}',
      'https://van.example/',
      'javascript:alert({tracking_number})',
      'https://van.example@evil.example/{tracking_number}',
      'https://{tracking_number}/x',
      'https:x/{tracking_number}',
    ]) {
      await expect(linkOf(link), link).rejects.toThrow('trackingLinks.Van of Anna');
    }
  });
});

type Fare = {
  carriers: {
    carrier: string;
    callsPerHour: number | null;
    shipments: number;
    due: number;
    hourCalls: number;
  }[];
  mail: {
    lastSuccessAt: string | null;
    waiting: number;
    failed: number;
    hearsBack: boolean;
    lastFailure: { reason: string } | null;
  };
};
type Asked = { shipments: number; waitsFor: string | null; waitsUntil: string | null };
type Log = {
  entries: {
    id: string;
    integration: string;
    outcome: string;
    reason: string | null;
    subjects: number | null;
  }[];
};

describe('integrations', () => {
  test('count one’s own shipments and mail, and nobody else’s', async () => {
    const other = await makeOrg(stack, 'Borealis');
    const fedex = (tag: string) => ({ ...orderRows('B', tag)[0], tracking_number: '794644790132' });
    await publish(other, [customerRow('B', other), fedex('B')]);
    await stack.sql(
      `insert into staff.polled_shipments (org_id, shipment_id, order_id, carrier, number, next_poll_at)
       select org_id, id, order_id, 'fedex', '794644790132', now() + interval '1 day' from portal.shipments where org_id = $1
       on conflict do nothing`,
      [other.id],
    );
    const fare = async (of: Org) => (await of.clerk.get<Fare>('integrations')).body;
    expect((await fare(other)).carriers[0]).toMatchObject({ carrier: 'fedex', shipments: 1 });
    expect((await fare(org)).carriers[0]).toMatchObject({ carrier: 'fedex', shipments: 0 });

    const theirs = await contactOf(stack, other, 'B');
    // Apart from the letter of what was published: a run counts what it sends together.
    await settle(stack, [other.id]);
    await other.clerk.post(`customers/${theirs.customerId}/links`, {
      contactId: theirs.contactId,
      delivery: 'mail',
    });
    await settle(stack, [other.id]);
    expect((await fare(other)).mail).toMatchObject({ waiting: 0, hearsBack: true });
    expect((await fare(other)).mail.lastSuccessAt).not.toBeNull();
    const mailOf = async (of: Org) =>
      (await of.clerk.get<Log>('integrations/log?integration=mail')).body.entries;
    await expect
      .poll(() => mailOf(other))
      .toContainEqual(expect.objectContaining({ outcome: 'ok', subjects: 1 }));
    const own = (await mailOf(org)).map(({ id }) => id);
    expect((await mailOf(other)).filter(({ id }) => own.includes(id))).toEqual([]);
  });

  test('say why mail does not go out', async () => {
    const { customerId, contactId } = await contactOf(stack, org, 'ANNA');
    // The letter of what was published goes out: only the next one is refused.
    await settle(stack, [org.id]);
    stack.mail.fault = { status: 422 };
    try {
      await org.clerk.post(`customers/${customerId}/links`, { contactId, delivery: 'mail' });
      await settle(stack, [org.id]);
    } finally {
      stack.mail.fault = null;
    }
    const mail = async () => (await org.clerk.get<Fare>('integrations')).body.mail;
    await expect.poll(mail).toMatchObject({ lastFailure: { reason: 'refused' } });
    // Another letter of this org may have been on its way when mail was refused.
    expect((await mail()).failed).toBeGreaterThan(0);
    expect(
      (await org.clerk.get<Log>('integrations/log?outcome=failed')).body.entries,
    ).toContainEqual(
      expect.objectContaining({ integration: 'mail', reason: 'refused', subjects: 1 }),
    );
  });

  test('what is about all suppliers alike is shown without its number', async () => {
    await stack.sql(
      "insert into staff.integration_log (integration, outcome, reason, subjects) values ('usps', 'failed', 'timed_out', 4711)",
    );
    const { body } = await org.clerk.get<Log>('integrations/log?integration=usps');
    expect(body.entries).toContainEqual(
      expect.objectContaining({ outcome: 'failed', reason: 'timed_out', subjects: null }),
    );
    expect(JSON.stringify(body)).not.toContain('4711');
  });

  test('a check makes one’s own shipments due, and nobody else’s', async () => {
    const other = await makeOrg(stack, 'Borealis');
    await publish(other, [customerRow('B', other), { ...orderRows('B', 'B')[0], carrier: 'Van' }]);
    // In nobody's hands: a carrier that the deployment has no say over would be asked at once.
    await stack.sql(
      `insert into staff.polled_shipments (org_id, shipment_id, order_id, carrier, number, next_poll_at, leased_until, lease)
       select org_id, id, order_id, 'usps', '9400100000000000000000', now() + interval '1 day',
              now() + interval '1 day', gen_random_uuid()
         from portal.shipments where org_id = any ($1::uuid[]) on conflict do nothing`,
      [`{${org.id},${other.id}}`],
    );
    await stack.sql("delete from staff.carrier_state where carrier = 'usps'");
    const asked = { shipments: 1, waitsFor: null, waitsUntil: null };
    expect((await org.clerk.post('integrations/usps/checks')).body).toEqual(asked);
    expect((await org.clerk.get<Fare>('integrations')).body.carriers).toContainEqual(
      expect.objectContaining({ carrier: 'usps', shipments: 1, due: 1 }),
    );
    const due = await stack.sql<{ org_id: string }>(
      'select org_id from staff.polled_shipments where org_id = any ($1::uuid[]) and next_poll_at <= now()',
      [`{${org.id},${other.id}}`],
    );
    expect(due).toEqual([{ org_id: org.id }]);
    expect((await org.clerk.post('integrations/dhl/checks')).status).toBe(404);
    const told = await stack.sql(
      "select distinct subject_id, detail from audit.events where org_id = $1 and action = 'check.requested'",
      [org.id],
    );
    expect(told).toEqual([{ subject_id: 'usps', detail: { shipments: 1 } }]);

    // Not again for 5 minutes, which is nobody else's wait, nor another carrier's.
    const again = await org.approver.post('integrations/usps/checks');
    expect(again).toMatchObject({ status: 429, body: { error: { code: 'rate_limited' } } });
    const seconds = Number(again.headers.get('Retry-After'));
    expect(seconds > 200 && seconds <= 300).toBe(true);
    // What is due already will be asked about as well.
    await stack.sql(
      "update staff.polled_shipments set next_poll_at = now() where org_id = $1 and carrier = 'usps'",
      [other.id],
    );
    expect(await other.clerk.post('integrations/usps/checks')).toMatchObject({
      status: 202,
      body: asked,
    });
    expect((await org.clerk.post('integrations/ups/checks')).status).toBe(202);
    const times = await stack.sql(
      "select 1 from audit.events where org_id = $1 and action = 'check.requested'",
      [org.id],
    );
    expect(times).toHaveLength(2);
  });

  test('a check says from when on it is made, where the carrier is left alone or the hour is used up', async () => {
    // An org asks once in five minutes.
    const check = async () =>
      (await (await makeOrg(stack)).clerk.post<Asked>('integrations/usps/checks')).body;
    const minutesTo = ({ waitsUntil }: Asked) =>
      Math.round((Date.parse(waitsUntil ?? '') - Date.now()) / 60_000);
    const state = (openFor: number | null, calls: Record<number, number>) =>
      stack.sql(
        `insert into staff.carrier_state (carrier, open_until, recent_calls)
         select 'usps', now() + make_interval(mins => $1::int), jsonb_object_agg(floor(extract(epoch from now()) / 60)::bigint - k::int, v)
           from jsonb_each($2::jsonb) x(k, v)
         on conflict (carrier) do update set open_until = excluded.open_until, recent_calls = excluded.recent_calls`,
        [openFor, JSON.stringify(calls)],
      );
    try {
      // Sixty an hour: one of the oldest twenty has to be forgotten first.
      await state(null, { 70: 60, 40: 20, 20: 20, 3: 20 });
      const used = await check();
      expect(used).toMatchObject({ shipments: 0, waitsFor: 'hour' });
      expect(minutesTo(used)).toBeGreaterThanOrEqual(22);
      expect(minutesTo(used)).toBeLessThanOrEqual(23);
      await state(null, { 70: 60, 40: 19, 3: 40 });
      expect(await check()).toMatchObject({ waitsFor: null, waitsUntil: null });
      await state(30, { 40: 60 });
      const open = await check();
      expect(open).toMatchObject({ waitsFor: 'left_alone' });
      expect(minutesTo(open)).toBe(30);
    } finally {
      await stack.sql("delete from staff.carrier_state where carrier = 'usps'");
    }
  });
});
