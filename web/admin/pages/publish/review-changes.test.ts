import { describe, expect, it } from 'vitest';
import type { Review, ReviewCustomer, ReviewItem, ReviewProblem } from '../../types.ts';
import { answered, isForeign, leftOut, leftWith, prepared, tickedAs } from './review-changes.ts';

const FOREIGN: ReviewProblem = {
  code: 'of_other_customer',
  severity: 'blocking',
  line: 2,
  value: 'Borealis',
  overridable: true,
};
const SCAN: ReviewProblem = { code: 'no_text', severity: 'warning', line: 2 };
const MISSING: ReviewProblem = { code: 'customer_not_published', severity: 'blocking', line: 2 };
const PUBLISH: Review['publish'] = {
  id: 'p1',
  name: 'Deliveries',
  status: 'staged',
  createdBy: 'Clara Nowak',
  createdAt: '2026-11-21T09:00:00Z',
  decidedBy: null,
  decidedAt: null,
  rejectionReason: null,
  items: 3,
  files: 2,
  summary: null,
};
const GIVEN = { reason: 'Compared with the order by telephone.', by: 'Amir Haddad' };

function item(problems: ReviewProblem[], more: Partial<ReviewItem> = {}): ReviewItem {
  return {
    kind: 'document',
    key: 'invoice:INV-1',
    customerKey: 'ACME',
    orderKey: null,
    line: 2,
    fields: {},
    before: null,
    change: 'new',
    problems,
    blocked: true,
    needsTick: false,
    ticked: false,
    excluded: false,
    passes: false,
    override: null,
    file: { name: 'a.pdf', size: 1, sha256: 'a', pages: 1, served: 'stamped', ready: false },
    ...more,
  };
}

describe('an override', () => {
  it('lets an item through that nothing else holds back', () => {
    const after = answered(item([FOREIGN, SCAN]), GIVEN);
    expect(after).toMatchObject({ blocked: false, passes: true, override: GIVEN });
    expect(after.problems).toEqual([{ ...FOREIGN, overridden: true }, SCAN]);
  });

  it('lets nothing through that a problem of another kind holds back', () => {
    expect(answered(item([FOREIGN, MISSING]), GIVEN)).toMatchObject({
      blocked: true,
      passes: false,
    });
  });

  it('is no tick: a revision still waits for its own', () => {
    expect(answered(item([FOREIGN], { needsTick: true }), GIVEN)).toMatchObject({
      blocked: false,
      passes: false,
    });
  });

  it('leaves no trace once it is taken back', () => {
    const before = item([FOREIGN, SCAN]);
    expect(answered(answered(before, GIVEN), null)).toEqual(before);
  });
});

it('a prepared file is ready', () => {
  expect(prepared(item([])).file?.ready).toBe(true);
  expect(prepared(item([], { file: null })).file).toBeNull();
});

describe('what is left out', () => {
  const free = { problems: [], blocked: false, passes: true };
  const order = item([], { ...free, kind: 'order', key: 'o1', orderKey: 'o1' });
  const ofOrder = item([], { ...free, orderKey: 'o1' });
  const other = item([], { ...free, key: 'invoice:INV-2', customerKey: 'BOREAL' });
  const all = [order, ofOrder, other];

  it('is an order with all that hangs on it, and nothing else', () => {
    const after = leftOut(all, { items: [order] }, true);
    expect(after.map(({ excluded, passes }) => [excluded, passes])).toEqual([
      [true, false],
      [true, false],
      [false, true],
    ]);
    expect(leftOut(after, { items: [order] }, false)).toEqual(all);
  });

  it('is all that a customer has in the publish', () => {
    const after = leftOut(all, { customers: ['ACME'] }, true);
    expect(after.map(({ excluded }) => excluded)).toEqual([true, true, false]);
  });

  it('does not pass with a tick, and waits for its tick when it is taken in again', () => {
    const waiting = item([], { ...free, needsTick: true, excluded: true, passes: false });
    expect(tickedAs(waiting, true).passes).toBe(false);
    expect(leftOut([waiting], { items: [waiting] }, false)[0]?.passes).toBe(false);
  });

  it('tells with what it went', () => {
    const out = { ...ofOrder, excluded: true };
    expect(leftWith(ofOrder, undefined, undefined)).toBeNull();
    expect(leftWith(out, { excluded: true }, order)).toBe('customer');
    expect(leftWith(out, { excluded: false }, { excluded: true })).toBe('order');
    expect(leftWith(out, { excluded: false }, order)).toBe('itself');
    expect(leftWith({ ...order, excluded: true }, undefined, { excluded: true })).toBe('itself');
  });
});

describe('what only somebody else can have changed', () => {
  const acme: ReviewCustomer = {
    key: 'ACME',
    name: 'Acme Ltd',
    items: 3,
    orders: 1,
    documents: 2,
    contacts: 0,
    passes: 3,
    blocked: 0,
    isFirst: false,
    excluded: false,
    kinds: ['invoice'],
    fields: ['total'],
  };
  const totals: Review['totals'] = {
    items: 3,
    passes: 3,
    blocked: 0,
    warnings: 0,
    awaitingTick: 0,
    overridden: 0,
    excluded: 0,
    new: 3,
    changed: 0,
    same: 0,
    revision: 0,
    conflict: 0,
    passing: { customers: 1, firstCustomers: 0, orders: 1, documents: 2, contacts: 0 },
    rows: 3,
    skipped: 0,
  };
  const before: Review = {
    hash: 'before',
    publish: PUBLISH,
    totals,
    became: { created: 3, changed: 0, same: 0, blocked: 0, excluded: 0 },
    control: { documents: [], invoices: [], payments: [] },
    customers: [acme],
    customerCount: 1,
    items: [],
    nextPlace: null,
    nextCursor: null,
    preparing: 0,
    unmatchedFiles: [],
    imports: [],
    approval: { allowed: true, reason: null, ownImport: false },
  };
  const gone: Review = {
    ...before,
    hash: 'gone',
    totals: { ...totals, passes: 0, excluded: 3 },
    customers: [{ ...acme, passes: 0, excluded: true }],
  };

  it('is no customer that this person has just left out', () => {
    expect(isForeign(before, gone, 'exclusions')).toBe(false);
  });

  it('is a customer left out while this person ticked or overrode', () => {
    expect(isForeign(before, gone, 'ticks')).toBe(true);
    expect(isForeign(before, gone, 'overrides')).toBe(true);
  });

  it('is an override, or what a customer sees, while this person left something out', () => {
    const overridden = { ...gone, totals: { ...gone.totals, overridden: 1 } };
    expect(isForeign(before, overridden, 'exclusions')).toBe(true);
    const exposed = { ...gone, customers: [{ ...acme, excluded: true, fields: [] }] };
    expect(isForeign(before, exposed, 'exclusions')).toBe(true);
  });
});
