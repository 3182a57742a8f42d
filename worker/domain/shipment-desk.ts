/** Shipments for staff: where each parcel is said to be, and what staff know of it themselves. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { anywhere, instant } from '../database/text.ts';
import {
  PAGE_SIZE,
  type ShipmentStatus,
  type ShipmentSubstatus,
  type TRACKING_SOURCES,
} from '../vocabulary.ts';

export type ShipmentRow = {
  id: string;
  order: { number: string };
  customer: { id: string; name: string };
  carrier: string | null;
  trackingNumber: string | null;
  status: ShipmentStatus;
  substatus: ShipmentSubstatus | null;
  /** YYYY-MM-DD. */
  shippedOn: string | null;
  /** The newest thing that is known of it. */
  lastEvent: { at: string; source: (typeof TRACKING_SOURCES)[number] } | null;
  /** How its carrier is asked about it; null: it is not. `lastError` is a code. */
  polled: { checkedAt: string | null; lastError: string | null; isOver: boolean } | null;
};

/** A page of shipments, newest first, and one row more. */
export function listShipments(
  db: Db,
  query: { q?: string | undefined; customer?: string | undefined; cursor?: string | undefined },
) {
  const { q, customer, cursor } = query;
  const found = q && anywhere(q);
  return db.execute<ShipmentRow>(sql`
    select s.id, jsonb_build_object('number', o.number) as "order",
           jsonb_build_object('id', b.id, 'name', b.name) as customer,
           s.carrier, s.tracking_number as "trackingNumber", s.status, s.substatus, s.shipped_on::text as "shippedOn",
           (select jsonb_build_object('at', ${instant(sql`t.at`)}, 'source', t.source)
              from portal.tracking_events t where t.shipment_id = s.id order by t.at desc, t.id desc limit 1) as "lastEvent",
           (select jsonb_build_object('checkedAt', ${instant(sql`p.checked_at`)}, 'lastError', p.last_error,
                                      'isOver', p.next_poll_at is null)
              from staff.polled_shipments p where p.shipment_id = s.id) as polled
      from portal.shipments s
      join portal.orders o on o.id = s.order_id
      join portal.customers b on b.id = s.customer_id
     where ${found ? sql`(o.number ilike ${found} or s.tracking_number ilike ${found} or b.name ilike ${found} or b.code ilike ${found})` : sql`true`}
       and ${customer ? sql`s.customer_id = ${customer}::uuid` : sql`true`}
       and ${cursor ? sql`s.id < ${cursor}::uuid` : sql`true`}
     order by s.id desc
     limit ${PAGE_SIZE + 1}`);
}

/** What somebody knows of a parcel. `at` is RFC 3339; the same key again is the same event. */
type ToldEvent = {
  at: string;
  status: ShipmentStatus;
  substatus: ShipmentSubstatus | null;
  city: string | null;
  description: string | null;
  key: string;
};

/** Adds it to a shipment, whose status follows, with its event. */
export function addShipmentEvent(db: Db, id: string, told: ToldEvent) {
  return db.execute<{
    status: 'ok' | 'not_found' | 'invalid' | 'tracking_not_shown';
    eventId: string | null;
    isNew: boolean;
  }>(sql`
    select status, event_id as "eventId", is_new as "isNew"
      from staff.add_shipment_event(${id}::uuid, ${told.at}::timestamptz, ${told.status}, ${told.substatus}, ${told.city},
                                    ${told.description}, ${told.key})`);
}
