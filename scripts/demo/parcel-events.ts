import { addDays, type Day, daysBetween } from './calendar.ts';
import type { Chance } from './chance.ts';
import type { Order, ParcelEvent } from './model.ts';

/** How far back, in days, carriers still tell what happened. */
const TOLD_DAYS = 60;
const STUCK_DAYS = 4;

/** Whether a parcel that is under way on `today` is told to have an exception, and no more. */
export function isStuck(shipped: Day, today: Day): boolean {
  return addDays(shipped, STUCK_DAYS + 1) < today;
}

/** What has happened to an order's shipment before `today`, by the supplier's clock; oldest first. */
export function parcelEvents(
  order: Order,
  cities: { from: string; hub: string; to: string },
  today: Day,
  random: Chance,
): ParcelEvent[] {
  const { shipment } = order;
  if (!shipment || daysBetween(shipment.shipped, today) > TOLD_DAYS) return [];
  const minute = () => String(random.between(0, 59)).padStart(2, '0');
  const events: ParcelEvent[] = [
    { at: `${shipment.shipped} 17:${minute()}`, status: 'picked_up', city: cities.from },
  ];
  const later = (day: Day, hour: string, status: ParcelEvent['status'], city: string) => {
    if (day < today) events.push({ at: `${day} ${hour}:${minute()}`, status, city });
  };
  const next = addDays(shipment.shipped, 1);
  if (next < (shipment.delivered ?? today)) later(next, '04', 'in_transit', cities.hub);
  if (shipment.delivered) {
    later(shipment.delivered, '08', 'out_for_delivery', cities.to);
    later(shipment.delivered, '11', 'delivered', cities.to);
  } else if (isStuck(shipment.shipped, today)) {
    later(addDays(shipment.shipped, STUCK_DAYS), '15', 'exception', cities.hub);
  }
  return events;
}
