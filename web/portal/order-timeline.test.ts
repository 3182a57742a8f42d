import { describe, expect, it } from 'vitest';
import { ORDER_STATUSES } from '../../worker/vocabulary.ts';
import { type OrderFacts, timelineOf } from './order-timeline.ts';

const TODAY = '2026-11-20';
const order: OrderFacts['order'] = {
  status: 'shipped',
  placedOn: '2026-11-01',
  cancelledOn: null,
  expectedShip: null,
  expectedDelivery: null,
};
const parcel: OrderFacts['shipments'][number] = {
  status: 'in_transit',
  shippedOn: '2026-11-05',
  estimatedDelivery: '2026-11-22',
  events: [],
};
const there = (at: string): typeof parcel => ({
  ...parcel,
  status: 'delivered',
  events: [{ at, status: 'delivered' }],
});
const of = (
  more: Partial<OrderFacts['order']>,
  shipments: OrderFacts['shipments'] = [],
  documents: OrderFacts['documents'] = [],
) => timelineOf({ order: { ...order, ...more }, shipments, documents }, TODAY);
const carried = (day: string): typeof parcel => ({ ...parcel, expected: { day, by: 'carrier' } });
const states = (steps: ReturnType<typeof of>) => steps.map(({ name, state }) => `${name} ${state}`);

describe('timelineOf', () => {
  it.each([
    ['draft', ['expected', 'expected', 'expected', 'expected']],
    ['pending', ['now', 'expected', 'expected', 'expected']],
    ['processing', ['done', 'now', 'expected', 'expected']],
    ['shipped', ['done', 'done', 'now', 'expected']],
    ['delivered', ['done', 'done', 'done', 'done']],
    [null, ['done', 'unsaid', 'unsaid', 'unsaid']],
  ] as const)('says how far an order is that is %s', (status, wanted) => {
    expect(of({ status }).map(({ state }) => state)).toEqual(wanted);
  });

  it('gives each of the days that are known, and no other', () => {
    const confirmation = {
      kind: 'order_confirmation',
      datedOn: '2026-11-02',
      served: 'stamped',
    } as const;
    expect(of({ expectedDelivery: '2026-11-21' }, [parcel], [confirmation])).toMatchObject([
      { at: '2026-11-01' },
      { at: '2026-11-02' },
      { at: '2026-11-05' },
      { at: '2026-11-21', late: false },
    ]);
    const days = (status: 'draft' | 'delivered') => of({ status }).map(({ at }) => at);
    expect(days('draft')).toEqual([null, null, null, null]);
    expect(days('delivered')).toEqual(['2026-11-01', null, null, null]);
  });

  it('does not take the date of a paper that we drew for the day of the confirmation', () => {
    const drawn = { kind: 'order_confirmation', datedOn: '2026-11-01', served: 'drawn' } as const;
    expect(of({}, [], [drawn])[1]?.at).toBeNull();
  });

  it('says where one of two parcels has arrived, and expects the other', () => {
    const steps = of({}, [there('2026-11-10T08:00:00Z'), parcel]);
    expect(steps[3]).toMatchObject({
      state: 'expected',
      at: '2026-11-22',
      parcels: { count: 1, of: 2 },
    });
  });

  it('is delivered with its last parcel, and has no day while one of them is silent', () => {
    const two = [there('2026-11-12T08:00:00Z'), there('2026-11-10T08:00:00Z')];
    expect(of({ status: 'delivered' }, two)[3]?.at).toBe('2026-11-12T08:00:00Z');
    expect(of({ status: 'delivered' }, [...two, parcel])[3]?.at).toBeNull();
  });

  it('believes a parcel that is gone more than a status that has not followed', () => {
    const waiting = { ...parcel, status: 'label_created', shippedOn: null } as const;
    const steps = of({ status: 'processing' }, [parcel, waiting]);
    expect(states(steps)).toEqual([
      'ordered done',
      'confirmed done',
      'shipped now',
      'delivered expected',
    ]);
    expect(steps[2]?.parcels).toEqual({ count: 1, of: 2 });
    expect(states(of({ status: 'processing' }, [waiting]))[1]).toBe('confirmed now');
  });

  it('says of an order without a status what its parcels say', () => {
    expect(states(of({ status: null }, [parcel]))).toEqual([
      'ordered done',
      'confirmed done',
      'shipped done',
      'delivered expected',
    ]);
    expect(states(of({ status: null }, [there('2026-11-10T08:00:00Z')]))[3]).toBe('delivered done');
  });

  it('ends with the cancelling, whatever was on its way', () => {
    const cancelled = { status: 'cancelled', cancelledOn: '2026-11-03' } as const;
    expect(states(of(cancelled))).toEqual(['ordered done', 'cancelled done']);
    expect(states(of(cancelled, [parcel]))).toEqual([
      'ordered done',
      'shipped done',
      'cancelled done',
    ]);
    expect(of(cancelled).at(-1)?.at).toBe('2026-11-03');
  });

  it('knows when a day that was expected has passed', () => {
    const at = (expectedDelivery: string) => of({ expectedDelivery })[3]?.late;
    expect([at('2026-11-19'), at('2026-11-20')]).toEqual([true, false]);
    expect(of({ status: 'delivered', expectedDelivery: '2026-11-19' })[3]?.late).toBe(false);
  });

  it('has one place to stand at most, for every status', () => {
    for (const status of [null, ...ORDER_STATUSES]) {
      const now = of({ status, cancelledOn: TODAY }, [parcel]).filter(
        ({ state }) => state === 'now',
      );
      expect(now.length).toBeLessThanOrEqual(1);
    }
  });

  it('expects an order on the last day that carriers say, once they say one of each parcel', () => {
    const expectedOf = (...parcels: (typeof parcel)[]) =>
      of({ expectedDelivery: '2026-11-21' }, parcels).at(-1)?.at;
    expect(expectedOf(carried('2026-11-24'), carried('2026-11-23'))).toBe('2026-11-24');
    expect(expectedOf(carried('2026-11-24'), parcel)).toBe('2026-11-21');
    expect(expectedOf(carried('2026-11-24'), there('2026-11-19T10:00:00Z'))).toBe('2026-11-24');
  });
});
