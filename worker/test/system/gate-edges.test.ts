/** What slips between the gate's rules: files that interleave, the same file again, texts that no text is. */
import fc from 'fast-check';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { importFile } from '../../../scripts/bench/import-file.ts';
import {
  approve,
  csvOf,
  customerRow,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  preparedReview,
  publish,
  type ReviewSeen,
  stageRows,
} from '../cast.ts';
import { readingOf } from '../clients.ts';
import { type Stack, useStack } from '../stack.ts';

type Refusal = { error?: { code: string; fields?: Record<string, string> } };

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});
afterEach(() => {
  stack.database.fault = null;
});

const look = async (id: string, query = '') =>
  (await org.approver.get<ReviewSeen>(`publishes/${id}/review${query}`)).body;

test('a supplier of whom the statistics know nothing has ten thousand rows approved in time', async () => {
  const bring = async (supplier: Org, rows: number) => {
    const { body } = await supplier.clerk.importCsv(importFile(rows));
    const { hash } = await preparedReview(supplier, body.publishId);
    const approval = { reviewHash: hash };
    return (await supplier.approver.post(`publishes/${body.publishId}/approval`, approval)).status;
  };
  expect(await bring(await makeOrg(stack), 1_000)).toBe(200);
  // Statistics of a thousand publishes of a row or two: to them, this one's rows are as few.
  const tables = ['staff.publish_items', 'staff.reviewed_items'];
  const among = async (setting: string) => {
    for (const table of tables) {
      await stack.sql(`alter table ${table} alter column publish_id ${setting}`);
    }
    await stack.sql('analyze');
  };
  await among('set (n_distinct = -0.5)');
  expect(await bring(await makeOrg(stack), 10_000)).toBe(200);
  await among('reset (n_distinct)');
});

describe('a CSV that is half read', () => {
  test('lets no other into its publish: what both say of one order would not be compared', async () => {
    const filler = Array.from({ length: 700 }, (_, at) => `W${at},${'x'.repeat(1_900)},,`).join(
      '\n',
    );
    const header = 'customer_code,customer_name,order_number,order_date';
    const slow = await org.clerk.upload(
      `${header}\nA,Adam,SO-HALF,2026-05-01\n${filler}\nB,Bert,SO-HALF,2026-05-01\n`,
    );
    const { id, detected } = slow.body.import;
    stack.database.fault = { kind: 'error', match: 'staff.finish_import' };
    expect((await org.clerk.confirm(id, readingOf(detected))).status).toBe(500);
    stack.database.fault = null;
    const state = await org.clerk.get<{ import: { publishId: string } }>(`imports/${id}`);
    const { publishId } = state.body.import;

    const quick = csvOf([
      { customer_code: 'A', order_number: 'SO-HALF', order_date: '2026-05-01' },
    ]);
    const refused = await org.service.importCsv(quick, publishId);
    expect([refused.status, refused.body]).toMatchObject([
      409,
      { error: { code: 'import_unfinished' } },
    ]);

    const { status, body } = await org.clerk.confirm(id, readingOf(detected));
    expect(status).toBe(201);
    expect(body.import.problems).toContainEqual(
      expect.objectContaining({
        code: 'contradiction',
        field: 'customer_code',
        line: 703,
        otherLine: 2,
      }),
    );
    const { items } = await look(publishId, '?kind=order');
    expect(items).toMatchObject([{ key: 'SO-HALF', customerKey: 'A', passes: false }]);
    expect((await org.service.importCsv(quick, publishId)).status).toBe(201);
  });
});

test('the same file again brings nothing new, and every look at it says so', async () => {
  const rows = [customerRow('SAME', org), ...orderRows('SAME', 'SAME')];
  await publish(org, rows, orderFiles('SAME'));
  const uploaded = await org.clerk.upload(csvOf(rows));
  expect(uploaded.body.import.alreadyStaged?.at).toEqual(expect.any(String));
  const { body } = await org.clerk.confirm(
    uploaded.body.import.id,
    readingOf(uploaded.body.import.detected),
  );
  const { totals, became, items } = await look(body.publishId);
  expect(new Set(items.map(({ change }) => change))).toEqual(new Set(['same']));
  expect(became).toMatchObject({
    created: 0,
    changed: 0,
    same: rows.length,
    blocked: 0,
    excluded: 0,
  });
  expect(totals.passing).toMatchObject({ customers: 0, orders: 0, documents: 0, contacts: 0 });
  const letters = () =>
    stack.sql("select id from staff.outbox where org_id = $1 and event like 'publish.approved/%'", [
      org.id,
    ]);
  const before = (await letters()).length;
  const { status, body: approval } = await approve(org, body.publishId);
  expect([status, approval.summary]).toMatchObject([
    200,
    { changes: 0, documents: 0, contacts: 0 },
  ]);
  expect((await letters()).length).toBe(before);
});

test('texts that are no text are refused by their field, and not by a database that cannot keep them', async () => {
  const id = await stageRows(org, [customerRow('TEXT', org)]);
  const half = '"\\ud800"';
  const asks: [method: string, path: string, body: string, field: string][] = [
    ['POST', 'publishes', `{"name": ${half}}`, 'name'],
    ['POST', `publishes/${id}/rejection`, `{"reason": "abc \\udfff"}`, 'reason'],
    [
      'PUT',
      `publishes/${id}/ticks`,
      `{"items": [{"kind": "order", "key": ${half}}], "ticked": true}`,
      'items',
    ],
    [
      'PUT',
      `publishes/${id}/exclusions`,
      `{"customers": [${half}], "excluded": true}`,
      'customers',
    ],
    [
      'PUT',
      `publishes/${id}/overrides`,
      `{"kind": "order", "key": "x", "reason": "long enough \\ud800", "seen": {"sha256": null, "problems": []}}`,
      'reason',
    ],
  ];
  for (const [method, path, body, field] of asks) {
    const answer = await org.approver.send<Refusal>(method, path, body, 'application/json');
    expect([path, answer.status, answer.body.error?.code]).toEqual([path, 422, 'invalid']);
    expect(Object.keys(answer.body.error?.fields ?? {})).toEqual([field]);
  }
});

test('rows in are created, changed, same, blocked, left out or skipped, over any imports and exclusions', async () => {
  await publish(org, [customerRow('R0', org), ...orderRows('R0', 'R0')], orderFiles('R0'));
  const cell = (...values: string[]) => fc.constantFrom(...values);
  const row = fc.record({
    customer_code: cell('R0', 'R1', 'R2', ''),
    customer_name: cell('Customer R0', 'Another', ''),
    contact_email: cell('', '', 'r@r.example', 'not one'),
    order_number: cell('SO-R0', 'SO-R1', 'SO-R2', '', '1.2E+11'),
    order_date: cell('2026-05-01', '', 'someday'),
    line_item_code: cell('', 'BOLT'),
    document_kind: cell('', '', 'invoice', 'packing_slip'),
    document_number: cell('INV-R0', 'D1', ''),
  });
  const publishes = fc.record({
    files: fc.array(fc.array(row, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 }),
    leaves: fc.array(fc.nat(30), { maxLength: 3 }),
    customer: cell('', 'R0', 'R1', 'R2'),
  });
  await fc.assert(
    fc.asyncProperty(publishes, async ({ files, leaves, customer }) => {
      let id: string | undefined;
      for (const rows of files) {
        const { status, body } = await org.clerk.importCsv(csvOf(rows), id);
        expect(status).toBe(201);
        id = body.publishId;
      }
      const { items } = await look(id ?? '');
      for (const at of leaves) {
        const { kind, key } = items[at % Math.max(1, items.length)] ?? {};
        if (kind !== undefined) {
          await org.clerk.put(`publishes/${id}/exclusions`, {
            items: [{ kind, key }],
            excluded: true,
          });
        }
      }
      if (customer !== '') {
        await org.clerk.put(`publishes/${id}/exclusions`, {
          customers: [customer],
          excluded: true,
        });
      }
      const { totals, became } = await look(id ?? '');
      const sum = Object.values(became).reduce((all, next) => all + next, 0);
      expect(sum + (totals.skipped ?? 0)).toBe(totals.rows);
      // A row of which every cell is blank is no row.
      const filled = files
        .flat()
        .filter((cells) => Object.values(cells).some((value) => value !== ''));
      expect(totals.rows).toBe(filled.length);
    }),
    { numRuns: 15 },
  );
}, 60_000);
