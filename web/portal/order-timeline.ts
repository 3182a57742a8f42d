import type { DocumentKind, OrderStatus, Served, ShipmentStatus } from '../../worker/vocabulary.ts';

type StepName = 'ordered' | 'confirmed' | 'shipped' | 'delivered' | 'cancelled';

/** A step on an order's way. */
export type Step = {
  name: StepName;
  /** `now` is where it stands; `unsaid`: nobody has said whether it is so, or when it would be. */
  state: 'done' | 'now' | 'expected' | 'unsaid';
  /** When it was, or is expected: a day (YYYY-MM-DD) or a moment (RFC 3339); null where nobody said. */
  at: string | null;
  /** The day on which it was expected has passed. */
  late: boolean;
  /** How many parcels of how many, where they are not all there. */
  parcels: { count: number; of: number } | null;
};

/** What of the order page the timeline is read from. */
export type OrderFacts = {
  order: {
    status: OrderStatus | null;
    placedOn: string;
    cancelledOn: string | null;
    expectedShip: string | null;
    expectedDelivery: string | null;
  };
  shipments: readonly Parcel[];
  documents: readonly { kind: DocumentKind; datedOn: string | null; served: Served }[];
};
type Parcel = {
  status: ShipmentStatus;
  shippedOn: string | null;
  estimatedDelivery: string | null;
  /** As its carrier says, or else its supplier. */
  expected?: { day: string; by: string } | null;
  events: readonly { at: string; status: ShipmentStatus }[];
};

const WAY = ['ordered', 'confirmed', 'shipped', 'delivered'] as const;
const [ORDERED, CONFIRMED, SHIPPED, DELIVERED] = [1, 2, 3, 4];
/** How many steps an order of this status has behind it. */
const REACHED: Record<OrderStatus, number> = {
  draft: 0,
  pending: ORDERED,
  processing: CONFIRMED,
  shipped: SHIPPED,
  delivered: DELIVERED,
  cancelled: ORDERED,
};

/**
 * The steps of an order, from its status and, where that is behind or silent, from its parcels. Nothing
 * is guessed: a step without a day has none. Pure.
 *
 * @param today YYYY-MM-DD
 */
export function timelineOf(facts: OrderFacts, today: string): Step[] {
  const { status, cancelledOn } = facts.order;
  const { shipments } = facts;
  const sent = shipments.filter(isSent).length;
  const arrived = shipments.filter((parcel) => parcel.status === 'delivered').length;
  if (status === 'cancelled') {
    const past = sent > 0 ? (['ordered', 'shipped'] as const) : (['ordered'] as const);
    return [
      ...past.map((name) => step(name, 'done', dayOf(name, facts))),
      step('cancelled', 'done', cancelledOn),
    ];
  }
  const isAllThere = arrived > 0 && arrived === shipments.length;
  const byParcels = status === null && isAllThere ? DELIVERED : sent > 0 ? SHIPPED : 0;
  const reached =
    status === 'draft' ? 0 : Math.max(status === null ? ORDERED : REACHED[status], byParcels);
  return WAY.map((name, at) => {
    if (at + 1 < reached || reached === DELIVERED) return step(name, 'done', dayOf(name, facts));
    const isNext = at + 1 > reached;
    if (!isNext) {
      const some = name === 'shipped' && sent > 0 && sent < shipments.length;
      return {
        ...step(name, status === null ? 'done' : 'now', dayOf(name, facts)),
        parcels: some ? { count: sent, of: shipments.length } : null,
      };
    }
    const expected = expectedOf(name, facts);
    return {
      ...step(name, status === null && !expected ? 'unsaid' : 'expected', expected),
      late: expected !== null && expected < today,
      parcels:
        name === 'delivered' && arrived > 0 ? { count: arrived, of: shipments.length } : null,
    };
  });
}

function step(name: StepName, state: Step['state'], at: string | null): Step {
  return { name, state, at, late: false, parcels: null };
}

function isSent({ status, shippedOn }: Parcel): boolean {
  return shippedOn !== null || (status !== 'label_created' && status !== 'unknown');
}

const first = (days: string[]) => days.toSorted().at(0) ?? null;
const last = (days: string[]) => days.toSorted().at(-1) ?? null;
const known = (days: (string | null)[]) => days.filter((day) => day !== null);

/** When a step was. */
function dayOf(name: (typeof WAY)[number], { order, shipments, documents }: OrderFacts) {
  switch (name) {
    case 'ordered':
      return order.placedOn;
    case 'confirmed': {
      // What we draw ourselves is dated by the order: only the supplier's own says when.
      const paper = documents.find(
        ({ kind, served }) => kind === 'order_confirmation' && served !== 'drawn',
      );
      return paper?.datedOn ?? null;
    }
    case 'shipped':
      return first(known(shipments.map(({ shippedOn }) => shippedOn)));
    case 'delivered': {
      const moments = shipments.map(({ events }) =>
        last(events.filter(({ status }) => status === 'delivered').map(({ at }) => at)),
      );
      // The order is there when its last parcel is: of one that is silent nobody knows.
      return moments.includes(null) ? null : last(known(moments));
    }
  }
}

/** When a step to come is expected. */
function expectedOf(name: (typeof WAY)[number], { order, shipments }: OrderFacts) {
  if (name === 'shipped') return order.expectedShip;
  if (name !== 'delivered') return null;
  const parcels = shipments.filter(({ status }) => status !== 'delivered');
  // Once the carriers know all of them, they know better than the order.
  const carried = parcels.map(({ expected }) => (expected?.by === 'carrier' ? expected.day : null));
  if (parcels.length > 0 && !carried.includes(null)) return last(known(carried));
  return (
    order.expectedDelivery ?? last(known(parcels.map(({ estimatedDelivery }) => estimatedDelivery)))
  );
}
