/** Shipments as a customer reads them: where each is, who says so, and when it is expected. */
import { asc, eq, sql } from 'drizzle-orm';
import { carrierOf, trackingPage } from '../carriers/tracking-page.ts';
import type { Db } from '../database/context.ts';
import { shipments } from '../database/schema.ts';
import { instant } from '../database/text.ts';
import {
  CARRIER_NAMES,
  type ESTIMATE_SOURCES,
  type ShipmentStatus,
  type ShipmentSubstatus,
} from '../vocabulary.ts';
import { trackingLink } from './tracking-link.ts';

/** What happened to a shipment; `at` is RFC 3339. */
type TrackingEvent = {
  at: string;
  status: ShipmentStatus;
  substatus: ShipmentSubstatus | null;
  city: string | null;
  description: string | null;
};

/** A day (YYYY-MM-DD) that was said, and by whom. */
type SaidDay = { day: string; by: (typeof ESTIMATE_SOURCES)[number] };

/** Of one shipment: the latest are what anybody asks for. */
const EVENTS_SHOWN = 100;
const EARLIER_SHOWN = 5;

/** An order's shipments, first sent first, each with its tracking events, newest first. */
export function listShipments(db: Db, orderId: string) {
  return db
    .select({
      id: shipments.id,
      carrier: shipments.carrier,
      trackingNumber: shipments.trackingNumber,
      status: sql<ShipmentStatus>`${shipments.status}`,
      substatus: sql<ShipmentSubstatus | null>`${shipments.substatus}`,
      checkedAt: sql<string | null>`${instant(shipments.checkedAt)}`,
      deliveredAt: sql<string | null>`${instant(shipments.deliveredAt)}`,
      signedBy: shipments.signedBy,
      shippedOn: shipments.shippedOn,
      estimatedDelivery: shipments.estimatedDelivery,
      carrierEstimate: shipments.carrierEstimate,
      predictedDelivery: shipments.predictedDelivery,
      predictedLatest: shipments.predictedLatest,
      trackingLinks: sql<Record<string, string>>`(select g.tracking_links from portal.orgs g)`,
      said: sql<SaidDay[]>`(
        select coalesce(jsonb_agg(jsonb_build_object('day', d.day, 'by', d.source) order by d.told_at desc, d.id desc), '[]')
          from (select x.id, x.day, x.source, x.told_at from portal.delivery_estimates x
                 where x.shipment_id = shipments.id order by x.told_at desc, x.id desc limit ${2 * EARLIER_SHOWN}) d)`,
      events: sql<TrackingEvent[]>`(
        select coalesce(jsonb_agg(jsonb_build_object('at', ${instant(sql`e.at`)}, 'status', e.status, 'substatus', e.substatus,
                                                     'city', e.city, 'description', e.description)
                                  order by e.at desc, e.id desc), '[]')
          from (select x.id, x.at, x.status, x.substatus, x.city, x.description from portal.tracking_events x
                 where x.shipment_id = shipments.id order by x.at desc, x.id desc limit ${EVENTS_SHOWN}) e)`,
    })
    .from(shipments)
    .where(eq(shipments.orderId, orderId))
    .orderBy(asc(shipments.shippedOn), asc(shipments.id));
}
type ShipmentRow = Awaited<ReturnType<typeof listShipments>>[number];

/**
 * When a parcel is expected: a day that somebody said, or by when four in five like it have arrived; `often`: by
 * when half have, where that is another day.
 */
type Expected = SaidDay | { day: string; by: 'estimate'; often: string | null };

/** A shipment as the portal's API gives it. Pure. */
export function presentShipment(row: ShipmentRow) {
  const { carrierEstimate, predictedDelivery, predictedLatest, trackingLinks, said, ...shipment } =
    row;
  const expected = expectedOf(row);
  // A day is told once, however often it was said; the one that holds now is no earlier one.
  const earlier = said.filter(
    ({ day }, at) => day !== expected?.day && said.findIndex((one) => one.day === day) === at,
  );
  return {
    ...shipment,
    expected,
    earlier: expected === null ? [] : earlier.slice(0, EARLIER_SHOWN),
    tracking: trackingOf(row),
  };
}

function expectedOf(row: ShipmentRow): Expected | null {
  const { status, substatus, carrierEstimate, estimatedDelivery } = row;
  if (status === 'delivered' || status === 'returned' || substatus === 'cancelled') {
    return null;
  }
  if (carrierEstimate !== null) {
    return { day: carrierEstimate, by: 'carrier' };
  }
  if (estimatedDelivery !== null) {
    return { day: estimatedDelivery, by: 'supplier' };
  }
  const { predictedDelivery: often, predictedLatest: latest } = row;
  const day = latest ?? often;
  return day === null ? null : { day, by: 'estimate', often: often === day ? null : often };
}

/** Where anybody can follow it, and whose site that is; null where nobody said. */
function trackingOf({ carrier, trackingNumber, trackingLinks }: ShipmentRow) {
  if (carrier === null || trackingNumber === null) {
    return null;
  }
  const code = carrierOf(carrier);
  if (code !== null) {
    return { url: trackingPage(code, trackingNumber), site: CARRIER_NAMES[code] };
  }
  const named = carrier.trim().toLowerCase();
  const link = Object.entries(trackingLinks).find(
    ([name]) => name.trim().toLowerCase() === named,
  )?.[1];
  const url = link === undefined ? null : trackingLink(link, trackingNumber);
  return url === null ? null : { url, site: carrier };
}
