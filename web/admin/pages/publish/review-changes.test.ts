import { describe, expect, it } from 'vitest';
import type { ReviewItem, ReviewProblem } from '../../types.ts';
import { answered, isForeign, leftOut, leftWith, tickedAs } from './review-changes.ts';

const FOREIGN: ReviewProblem = {
  code: 'of_other_customer',
  severity: 'blocking',
  line: 2,
  value: 'Borealis',
  overridable: true,
};
const SCAN: ReviewProblem = { code: 'no_text', severity: 'warning', line: 2 };
const MISSING: ReviewProblem = { code: 'customer_not_published', severity: 'blocking', line: 2 };
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

describe('what somebody else has changed', () => {
  const mine = [
    { was: 'a', now: 'b' },
    { was: 'b', now: 'c' },
  ];

  it('is nothing where the review is as this person left it', () => {
    expect(isForeign('a', 'a', [])).toBe(false);
    expect(isForeign('a', 'c', mine)).toBe(false);
  });

  it('is told whether it came before, between or after this person’s own changes', () => {
    expect(isForeign('a', 'x', [])).toBe(true);
    expect(isForeign('before', 'c', mine)).toBe(true);
    expect(
      isForeign('a', 'c', [
        { was: 'a', now: 'b' },
        { was: 'x', now: 'c' },
      ]),
    ).toBe(true);
    expect(isForeign('a', 'after', mine)).toBe(true);
    expect(isForeign('a', 'b', [{ was: null, now: null }])).toBe(true);
  });
});
