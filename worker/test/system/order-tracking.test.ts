/** Where a parcel is, who says so, when it is expected and by whom, and where its carrier tells more. */
import { beforeAll, describe, expect, test } from 'vitest';
import { customerRow, makeOrg, type Org, orderRows, publish, signIn } from '../cast.ts';
import type { Customer } from '../clients.ts';
import { readOrder } from '../order-page.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
let customer: Customer;

/** The first parcel of `SO-<tag>`, once its row says so. */
async function parcelOf(tag: string, is: string): Promise<Record<string, unknown> | undefined> {
  await stack.sql(
    `update portal.shipments s set ${is} from portal.orders o
      where o.id = s.order_id and o.org_id = $1 and o.number = $2`,
    [org.id, `SO-${tag}`],
  );
  return (await readOrder(customer, `SO-${tag}`))?.shipments[0];
}

beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await publish(org, [customerRow('TRIX', org), ...orderRows('TRIX', 'T1')]);
  customer = await signIn(stack, org, 'TRIX');
});

describe('the day on which a parcel is expected', () => {
  const silent =
    'carrier_estimate = null, estimated_delivery = null, predicted_delivery = null, predicted_latest = null';

  test.each([
    [
      'its carrier, before anybody else',
      "carrier_estimate = '2026-12-03', estimated_delivery = '2026-12-01'",
      { day: '2026-12-03', by: 'carrier' },
    ],
    [
      'its supplier',
      "estimated_delivery = '2026-12-01', predicted_latest = '2026-12-09'",
      { day: '2026-12-01', by: 'supplier' },
    ],
    [
      'nobody, as an estimate',
      "predicted_delivery = '2026-12-05', predicted_latest = '2026-12-09'",
      { day: '2026-12-09', by: 'estimate', often: '2026-12-05' },
    ],
    [
      'nobody, when all like it took the same time',
      "predicted_delivery = '2026-12-09', predicted_latest = '2026-12-09'",
      { day: '2026-12-09', by: 'estimate', often: null },
    ],
    ['nobody at all', "status = 'in_transit'", null],
  ])('is said by %s', async (_, is, expected) => {
    await parcelOf('T1', `status = 'in_transit', ${silent}`);
    expect(await parcelOf('T1', is)).toMatchObject({ expected });
  });

  test('is none once it is there, and an earlier one is shown while it is not', async () => {
    const moving =
      "status = 'in_transit', carrier_estimate = '2026-12-03', estimated_delivery = '2026-11-28'";
    await parcelOf('T1', moving);
    await stack.sql('delete from portal.delivery_estimates where org_id = $1', [org.id]);
    await stack.sql(
      `insert into portal.delivery_estimates (org_id, customer_id, order_id, shipment_id, day, source, told_at)
       select s.org_id, s.customer_id, s.order_id, s.id, d.day::date, d.source, d.told_at::timestamptz
         from portal.shipments s,
              (values ('2026-11-28', 'supplier', '2026-11-01T00:00:00Z'), ('2026-12-01', 'carrier', '2026-11-02T00:00:00Z'),
                      ('2026-12-03', 'carrier', '2026-11-03T00:00:00Z')) d(day, source, told_at)
        where s.org_id = $1`,
      [org.id],
    );
    expect(await parcelOf('T1', moving)).toMatchObject({
      expected: { day: '2026-12-03', by: 'carrier' },
      earlier: [
        { day: '2026-12-01', by: 'carrier' },
        { day: '2026-11-28', by: 'supplier' },
      ],
    });
    const there =
      "status = 'delivered', delivered_at = '2026-12-02T10:30:00Z', signed_by = 'J. Smith'";
    expect(await parcelOf('T1', there)).toMatchObject({
      expected: null,
      earlier: [],
      deliveredAt: '2026-12-02T10:30:00.000000Z',
      signedBy: 'J. Smith',
    });
  });
});

test('the list of orders says when a delivered one came, once that is known of each parcel', async () => {
  const came = async () => {
    type Listed = { orders: { number: string; deliveredAt: string | null }[] };
    const { body } = await customer.me<Listed>('orders');
    return body.orders.find(({ number }) => number === 'SO-T1')?.deliveredAt;
  };
  const mark = (status: string) =>
    stack.sql("update portal.orders set status = $2 where org_id = $1 and number = 'SO-T1'", [
      org.id,
      status,
    ]);
  await parcelOf('T1', "status = 'delivered', delivered_at = '2026-12-02T10:30:00Z'");
  await mark('shipped');
  expect(await came()).toBeNull();
  await mark('delivered');
  expect(await came()).toBe('2026-12-02T10:30:00.000000Z');
  await parcelOf('T1', 'delivered_at = null');
  expect(await came()).toBeNull();
  await stack.sql(
    `insert into portal.tracking_events (org_id, customer_id, order_id, shipment_id, event_key, at, status, source)
     select s.org_id, s.customer_id, s.order_id, s.id, 'came', '2026-12-01T09:00:00Z', 'delivered', 'carrier'
       from portal.shipments s join portal.orders o on o.id = s.order_id
      where o.org_id = $1 and o.number = 'SO-T1'`,
    [org.id],
  );
  expect(await came()).toBe('2026-12-01T09:00:00.000000Z');
});

describe('a parcel can be followed', () => {
  test('at its carrier’s own site, whatever its number holds', async () => {
    const parcel = await parcelOf(
      'T1',
      "carrier = 'Federal Express', tracking_number = '1 2&x=<3>'",
    );
    expect(parcel).toMatchObject({
      tracking: { site: 'FedEx', url: 'https://www.fedex.com/fedextrack/?trknbr=12%26x%3D%3C3%3E' },
    });
  });

  test('where the supplier says, for a carrier of theirs, by its name', async () => {
    await stack.sql('update portal.orgs set tracking_links = $2::jsonb where id = $1', [
      org.id,
      JSON.stringify({
        ' DHL ': 'https://dhl.example/track?n={tracking_number}',
        Odd: 'http://odd.example/{tracking_number}',
      }),
    ]);
    expect(await parcelOf('T1', "carrier = 'dhl', tracking_number = 'A/B 1'")).toMatchObject({
      tracking: { site: 'dhl', url: 'https://dhl.example/track?n=A%2FB1' },
    });
    expect(await parcelOf('T1', "carrier = 'odd'")).toMatchObject({ tracking: null });
    expect(await parcelOf('T1', "carrier = 'Someone'")).toMatchObject({ tracking: null });
  });
});

test('the tracking of an order says the same as its page, and that it was looked at', async () => {
  await parcelOf(
    'T1',
    "status = 'exception', substatus = 'customs', checked_at = '2026-12-01T08:00:00Z'",
  );
  const page = await readOrder(customer, 'SO-T1');
  const id = String(page?.order.id);
  const viewed = async () =>
    (
      await stack.sql(
        "select from audit.events where action = 'order.viewed' and subject_id = $1",
        [id],
      )
    ).length;
  const before = await viewed();
  const { status, body } = await customer.me<{ order: object; shipments: object[] }>(
    `orders/${id}/tracking`,
  );
  expect(status).toBe(200);
  expect(body).toMatchObject({ order: { number: 'SO-T1' }, shipments: page?.shipments });
  expect(body.shipments).toMatchObject([
    { status: 'exception', substatus: 'customs', checkedAt: '2026-12-01T08:00:00.000000Z' },
  ]);
  expect(await viewed()).toBe(before + 1);
  expect((await customer.me(`orders/${crypto.randomUUID()}/tracking`)).status).toBe(404);
});
