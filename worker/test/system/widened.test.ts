/** Signing shows a customer more than they see only where the review says so, and nobody's change is undone unseen. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { ReviewCustomer } from '../../domain/review-customer.ts';
import {
  approve,
  customerRow,
  day,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  preparedReview,
  publish,
  setSettings,
  stageRows,
} from '../cast.ts';
import { type Stack, useStack } from '../stack.ts';

type Lists = { kinds: string[]; fields: string[] };

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await setSettings(org, { requiresTwoPersons: false });
});

const set = (customerKey: string | null, wanted: Lists, basedOn?: Lists, as = org.owner) =>
  as.put<{ error?: { code: string } }>('exposures', { customerKey, ...wanted, basedOn });
const NARROW = { kinds: ['packing_slip'], fields: ['po_number'] };
const WIDE = { kinds: ['invoice', 'packing_slip'], fields: ['po_number', 'line_unit_price'] };

/** A customer who has been shown little. */
async function known(code: string): Promise<void> {
  await publish(org, [customerRow(code, org)]);
  await set(code, NARROW);
  await publish(org, [customerRow(code, org), ...orderRows(code, code)], orderFiles(code));
}
const more = (code: string) =>
  stageRows(org, [{ customer_code: code, order_number: `MORE-${code}`, order_date: day(-1) }]);
const widenedOf = ({ widenedKinds, widenedFields }: ReviewCustomer) => [
  ...widenedKinds,
  ...widenedFields,
];

describe('a review says what signing would show anew', () => {
  test('of a customer who is known, and not of one who comes for the first time', async () => {
    await known('MORE');
    await set('MORE', WIDE);
    const publishId = await stageRows(org, [
      customerRow('FIRST', org),
      ...['MORE', 'FIRST'].map((code) => ({
        customer_code: code,
        order_number: `NEW-${code}`,
        order_date: day(-1),
      })),
    ]);
    const review = await preparedReview(org, publishId);
    expect(review.totals.passing).toMatchObject({ firstCustomers: 1, widened: 1 });
    expect(review.widened.map(({ key }) => key)).toEqual(['MORE']);
    expect(Object.fromEntries(review.customers.map((one) => [one.key, widenedOf(one)]))).toEqual({
      FIRST: [],
      MORE: ['invoice', 'line_unit_price'],
    });
    const found = await org.clerk.get<{ customers: { key: string }[] }>(
      `publishes/${publishId}/review/customers?show=widened`,
    );
    expect(found.body.customers.map(({ key }) => key)).toEqual(['MORE']);
    expect((await approve(org, publishId)).status).toBe(200);
    const after = await preparedReview(org, await more('MORE'));
    expect(after.totals.passing.widened).toBe(0);
  });

  test('only where something of theirs goes out', async () => {
    await known('OUT');
    await set('OUT', WIDE);
    const publishId = await more('OUT');
    expect((await preparedReview(org, publishId)).totals.passing.widened).toBe(1);
    const customers = ['OUT'];
    await org.clerk.put(`publishes/${publishId}/exclusions`, { customers, excluded: true });
    expect((await preparedReview(org, publishId)).totals.passing.widened).toBe(0);
  });

  test('and is stale when that changes, though what is wanted stays', async () => {
    await known('STALE');
    const publishId = await more('STALE');
    await set('STALE', WIDE);
    const { hash } = await preparedReview(org, publishId);
    // Another approval grants it first.
    expect((await approve(org, await more('STALE'))).status).toBe(200);
    const answer = await org.approver.post<{ error: { code: string } }>(
      `publishes/${publishId}/approval`,
      { reviewHash: hash },
    );
    expect(answer.body.error.code).toBe('review_stale');
    expect((await preparedReview(org, publishId)).totals.passing.widened).toBe(0);
  });
});

describe('what is shown is changed from what it is now', () => {
  test('lists of an older page undo nothing: they are refused, and nothing is changed', async () => {
    await known('RACE');
    await set('RACE', WIDE);
    // One takes the invoices away, and the other, whose page still has them, the order numbers.
    expect((await set('RACE', NARROW, WIDE)).status).toBe(200);
    const older = await set('RACE', { ...WIDE, fields: ['line_unit_price'] }, WIDE);
    expect([older.status, older.body.error?.code]).toEqual([409, 'exposure_changed']);
    const [kept] = await stack.sql(
      "select kinds, fields from staff.exposures where org_id = $1 and customer_key = 'RACE'",
      [org.id],
    );
    expect(kept).toEqual(NARROW);
    const shuffled = { kinds: NARROW.kinds, fields: [...NARROW.fields].reverse() };
    expect((await set('RACE', WIDE, shuffled)).status).toBe(200);
  });

  test('from a review as well, and for everyone', async () => {
    await known('FROM');
    const publishId = await more('FROM');
    const body = { customerKey: 'FROM', ...WIDE, basedOn: WIDE };
    const answer = await org.owner.put(`exposures?publish=${publishId}`, body);
    expect([answer.status, answer.body]).toMatchObject([
      409,
      { error: { code: 'exposure_changed' } },
    ]);
    const byDefault = (await org.owner.get<Lists>('exposures')).body;
    expect((await set(null, byDefault, NARROW)).status).toBe(409);
    expect((await set(null, byDefault, byDefault)).status).toBe(200);
    // Who may not change it is told that, whatever they saw.
    expect((await set('FROM', WIDE, WIDE, org.clerk)).status).toBe(403);
  });
});
