/** What tests of tracking look at: one supplier's shipments and what they are waiting for. */
import { type Polled, pollCarriers } from '../jobs/poll-carriers.ts';
import { customerRow, day, type Org, publish } from './cast.ts';
import type { Stack } from './stack.ts';
import { scan, type ToldCarrier } from './told-carrier.ts';

const OUTBOX_KEY = btoa('k'.repeat(32));

/** An order of one parcel, on its way with a carrier; its order is `SO-<number>`. */
export const parcelRow = (
  customer: string,
  number: string,
  more: Record<string, string> = {},
): Record<string, string> => ({
  customer_code: customer,
  order_number: `SO-${number}`,
  order_date: day(-9),
  order_status: 'processing',
  carrier: 'FedEx',
  tracking_number: number,
  shipped_at: day(-3),
  ...more,
});

export async function publishParcels(
  org: Org,
  customer: string,
  rows: Record<string, string>[],
): Promise<string> {
  return publish(org, [customerRow(customer, org), ...rows]);
}

/** Runs the job with these carriers. */
export function poll(stack: Stack, ...carriers: ToldCarrier[]): Promise<Polled> {
  return pollCarriers({
    database: stack.system,
    carriers: Object.fromEntries(carriers.map((carrier) => [carrier.code, carrier])),
    outboxKey: OUTBOX_KEY,
    log: () => undefined,
    wrote: () => undefined,
  });
}

export async function pollLater(stack: Stack, minutes: number, ...carriers: ToldCarrier[]) {
  await passMinutes(stack, minutes);
  return poll(stack, ...carriers);
}

/** Published parcels `T<tag>0` …, all of them due, with carriers whom nobody has asked yet. */
export async function onTheWay(
  stack: Stack,
  org: Org,
  tag: string,
  count: number,
): Promise<string[]> {
  const numbers = Array.from({ length: count }, (_, at) => `T${tag}${at}`);
  await publishParcels(
    org,
    'BUYER',
    numbers.map((number) => parcelRow('BUYER', number)),
  );
  await dueNow(stack, org);
  await stack.sql('delete from staff.carrier_state');
  return numbers;
}

/** The carrier says that these are in transit. */
export function moving(carrier: ToldCarrier, numbers: readonly string[]): void {
  for (const number of numbers) carrier.says.set(number, { events: [scan(2, 'in_transit')] });
}

export type ShipmentSeen = {
  id: string;
  order: string | null;
  status: string;
  substatus: string | null;
  checked: boolean;
  delivered_at: string | null;
  signed_by: string | null;
  carrier_estimate: string | null;
  predicted_delivery: string | null;
  predicted_latest: string | null;
  carrier: string | null;
  last_error: string | null;
  /** Minutes from now; null: never again. */
  due: number | null;
};

/** A shipment by its key, which is its order's number and its own. */
export async function shipmentOf(
  stack: Stack,
  org: Org,
  number: string,
  order = `SO-${number}`,
): Promise<ShipmentSeen> {
  const [row] = await stack.sql<ShipmentSeen>(
    `select s.id, o.status as order, s.status, s.substatus, s.checked_at is not null as checked,
            to_char(s.delivered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as delivered_at, s.signed_by,
            s.carrier_estimate::text, s.predicted_delivery::text, s.predicted_latest::text,
            p.carrier, p.last_error, round(extract(epoch from p.next_poll_at - now()) / 60)::int as due
       from portal.shipments s join portal.orders o on o.id = s.order_id
       left join staff.polled_shipments p on p.shipment_id = s.id
      where s.org_id = $1 and s.shipment_key = $2`,
    [org.id, `${order}:${number}`],
  );
  if (row === undefined) {
    throw new Error(`no shipment ${number}`);
  }
  return row;
}

/** Only this supplier's parcels are due, now; no carrier has been asked for anything before. */
export async function dueNow(stack: Stack, org: Org): Promise<void> {
  await stack.sql('delete from staff.carrier_state');
  await stack.sql('update staff.polled_shipments set next_poll_at = null where org_id <> $1', [
    org.id,
  ]);
  await stack.sql(
    'update staff.polled_shipments set next_poll_at = now(), lease = null, leased_until = null where org_id = $1 and next_poll_at is not null',
    [org.id],
  );
}

/** As much time as this has passed for the queue and for the carriers' hours. */
export async function passMinutes(stack: Stack, minutes: number): Promise<void> {
  await stack.sql(
    `update staff.polled_shipments set next_poll_at = next_poll_at - make_interval(mins => $1),
            leased_until = leased_until - make_interval(mins => $1) where next_poll_at is not null`,
    [minutes],
  );
  await stack.sql(
    `update staff.carrier_state set open_until = open_until - make_interval(mins => $1),
            recent_calls = coalesce((select jsonb_object_agg(r.key::bigint - $1::int, r.value) from jsonb_each(recent_calls) r), '{}')`,
    [minutes],
  );
}

export async function eventsOf(stack: Stack, shipment: string) {
  return stack.sql<{ status: string; city: string | null; source: string }>(
    'select status, city, source from portal.tracking_events where shipment_id = $1 order by at',
    [shipment],
  );
}

/** What the audit trail says of a subject's status: before and after. */
export async function changesOf(stack: Stack, subject: string): Promise<string[]> {
  const rows = await stack.sql<{ change: string }>(
    `select detail->>'before' || ' > ' || (detail->>'after') as change from audit.events
      where subject_id = $1 and action in ('shipment.status_changed', 'order.status_changed') order by at, id`,
    [subject],
  );
  return rows.map(({ change }) => change);
}

/** The last two runs that were noted of a service, the newest first. */
export function logOf(stack: Stack, code: string) {
  return stack.sql<{ outcome: string; reason: string | null; subjects: number }>(
    'select outcome, reason, subjects from staff.integration_log where integration = $1 order by at desc, id desc limit 2',
    [code],
  );
}

/** How a carrier fares; `open`: minutes for which it is left alone. */
export async function stateOf(stack: Stack, code: string) {
  const [row] = await stack.sql<{ failures: number; open: number | null; last_error: string }>(
    'select failures, round(extract(epoch from open_until - now()) / 60)::int as open, last_error from staff.carrier_state where carrier = $1',
    [code],
  );
  return row;
}

/** What an org’s customers were told of parcels, oldest first, and the letters that tell of it. */
export async function toldOf(stack: Stack, org: Org) {
  const told = await stack.sql<{ status: string }>(
    `select params->>'status' as status from portal.notifications
      where org_id = $1 and kind = 'shipment_status' order by params->>'at', id`,
    [org.id],
  );
  const letters = await stack.sql<{ state: string; notices: number }>(
    `select o.state, (select count(*)::int from staff.notice_letters l where l.letter_id = o.id) as notices
       from staff.outbox o where o.org_id = $1 and o.template = 'news' order by o.created_at, o.id`,
    [org.id],
  );
  return { told: told.map(({ status }) => status), letters };
}
