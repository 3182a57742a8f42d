/**
 * The wrong-customer guard: a document whose text says that it is another's cannot be approved, and
 * one that is its customer's own is never held up, however its paper spells things.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  approve,
  customerRow,
  day,
  makeOrg,
  type Org,
  paperOf,
  publish,
  type ReviewSeen,
  stageRows,
} from '../cast.ts';
import { type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;

const LODZ = 'Łódzkie Zakłady Tkackie Sp. z o.o.';
const TALLERES = 'Talleres Ibáñez e Hijos, S.L.';
const ACME = 'Acme';
const ACME_POLAND = 'Acme Poland Logistics GmbH';

beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack, 'Northwind Supplies');
  await publish(org, [
    customerRow('LODZ-007', org, LODZ),
    { ...customerRow('IBER-022', org, TALLERES), customer_tax_id: 'ES B00417736' },
    customerRow('ACME-1', org, ACME),
    customerRow('ACME-2', org, ACME_POLAND),
    // A number that is live for Talleres, in an earlier publish.
    { ...invoice('IBER-022', 'FV/2024/0099'), file_name: '' },
  ]);
});

const invoice = (customer: string, number: string, total = '1234.50') => ({
  customer_code: customer,
  document_kind: 'invoice',
  document_number: number,
  document_date: day(-3),
  file_name: `${number.replaceAll('/', '_')}.pdf`,
  currency: 'EUR',
  total,
});

type Problem = {
  code: string;
  severity: string;
  value?: string;
  overridable?: true;
  overridden?: true;
};

const review = async (publishId: string) =>
  (await org.approver.get<ReviewSeen>(`publishes/${publishId}/review`)).body;
const documents = async (publishId: string) =>
  (await org.approver.get<ReviewSeen>(`publishes/${publishId}/review?kind=document`)).body.items;
/** What the guard says of one invoice whose paper has these lines. */
async function said(row: Record<string, string>, lines: string[]): Promise<Problem[]> {
  const publishId = await stageRows(org, [row], {
    [row.file_name ?? '']: await paperOf(lines),
  });
  const [item] = await documents(publishId);
  return item?.problems ?? [];
}
const codes = (problems: Problem[]) => problems.map(({ code }) => code);

describe('a paper of the customer’s own passes', () => {
  const own: [what: string, row: Record<string, string>, lines: string[]][] = [
    [
      'as it is usually written',
      invoice('LODZ-007', 'FV/2024/0017'),
      ['Faktura FV/2024/0017', LODZ, 'Razem 1 234,50 EUR'],
    ],
    [
      'with spaces in its number and a decimal point',
      invoice('LODZ-007', 'FV/2024/0018'),
      ['Faktura FV 2024 0018', 'LODZKIE ZAKLADY TKACKIE', '1,234.50'],
    ],
    [
      'with other dashes, its name over two lines, its total without cents',
      invoice('LODZ-007', 'FV-2024-0019', '1200'),
      ['FV–2024—0019', 'Łódzkie Zakłady', 'Tkackie Spółka z o.o.', 'Total 1200'],
    ],
    [
      'with its number run together, its code for its name',
      invoice('IBER-022', 'FV-2024-0020'),
      ['FV20240020', 'Cliente IBER-022', '1.234,50 €'],
    ],
    [
      'whose name is the beginning of another’s',
      invoice('ACME-1', 'INV-70001'),
      ['INV-70001', 'Acme', '1234.50'],
    ],
    [
      'whose name holds another’s',
      invoice('ACME-2', 'INV-70002'),
      ['INV-70002', 'Acme Poland Logistics', '1234.50'],
    ],
    [
      'whose table sets a quantity behind a number',
      invoice('LODZ-007', 'FV-2024-00'),
      ['FV-2024-00 99', LODZ, '1234.50'],
    ],
    [
      'that names another of its own numbers',
      invoice('IBER-022', 'FV/2024/0021'),
      ['FV/2024/0021', 'Corrige FV/2024/0099', TALLERES, '1234,50'],
    ],
    [
      'that a tax number names',
      invoice('IBER-022', 'FV/2024/0022'),
      ['FV/2024/0022', 'NIF ES-B00417736', '1 234,50'],
    ],
  ];
  test.each(own)('%s', async (_, row, lines) => {
    expect(await said(row, lines)).toEqual([]);
  });
});

describe('a paper of another customer is blocked', () => {
  const others: [what: string, lines: string[], value: string][] = [
    ['by name', ['FV/2024/0031', TALLERES], TALLERES],
    ['by a name without accents or form', ['TALLERES IBANEZ E HIJOS'], TALLERES],
    ['by a name over two lines', ['Talleres Ibáñez', 'e Hijos'], TALLERES],
    ['by its number', ['Factura FV/2024/0099', 'total 5,00'], 'FV/2024/0099'],
    ['by its number, written otherwise', ['Factura FV 2024-0099'], 'FV/2024/0099'],
    ['by its tax number', ['NIF ES B00417736'], 'ES B00417736'],
    ['though it names its own customer too', [LODZ, 'FV/2024/0031', TALLERES], TALLERES],
    ['by a name that begins as another’s', ['FV/2024/0031', ACME_POLAND], ACME_POLAND],
    ['by its tax number as it is printed at home', ['NIF B00417736'], 'ES B00417736'],
    ['by its number behind a number sign', ['Factura №FV/2024/0099'], 'FV/2024/0099'],
  ];
  test.each(others)('%s', async (_, lines, value) => {
    const problems = await said(invoice('LODZ-007', 'FV/2024/0031'), lines);
    expect(problems[0]).toMatchObject({
      code: 'of_other_customer',
      severity: 'blocking',
      overridable: true,
    });
    expect(problems[0]?.value).toContain(value);
  });

  test('by a number that its own only begins with, and a quantity behind it', async () => {
    await publish(org, [{ ...invoice('IBER-022', 'FV-7001'), file_name: '' }]);
    const problems = await said(invoice('LODZ-007', 'FV-70015'), ['FV-7001 5 szt.', '1234.50']);
    expect(problems[0]).toMatchObject({ code: 'of_other_customer' });
  });

  test('though the import gives that customer’s name to its own: a column of codes has slipped', async () => {
    const row = { ...invoice('LODZ-007', 'FV/2024/0091'), customer_name: TALLERES };
    const problems = await said(row, ['FV/2024/0091', TALLERES, '1234.50']);
    expect(codes(problems)).toContain('of_other_customer');
  });

  test('also where only its invoice is known as another’s', async () => {
    const publishId = await stageRows(org, [invoice('LODZ-007', 'FV/2024/0099')], {
      'FV_2024_0099.pdf': await paperOf([]),
    });
    expect(codes((await documents(publishId))[0]?.problems ?? [])).toContain('conflict');
  });

  test('a swapped pair is blocked on both sides, and is free again when it is put right', async () => {
    const rows = [invoice('LODZ-007', 'FV/2024/0041'), invoice('IBER-022', 'FV/2024/0042')];
    const first = await paperOf(['FV/2024/0041', LODZ, '1234,50']);
    const second = await paperOf(['FV/2024/0042', TALLERES, '1234,50']);
    const publishId = await stageRows(org, rows, {
      'FV_2024_0041.pdf': second,
      'FV_2024_0042.pdf': first,
    });
    const swapped = await documents(publishId);
    expect(swapped.map(({ blocked }) => blocked)).toEqual([true, true]);
    for (const { problems } of swapped) {
      expect(codes(problems)).toContain('of_other_customer');
    }
    await org.clerk.uploadPdf(publishId, 'FV_2024_0041.pdf', first);
    await org.clerk.uploadPdf(publishId, 'FV_2024_0042.pdf', second);
    expect((await documents(publishId)).map(({ problems }) => problems)).toEqual([[], []]);
  });

  test('also when the file came before its row, and when the row is moved to its customer', async () => {
    const { body } = await org.clerk.post<{ id: string }>('publishes', { name: 'Files first' });
    const row = invoice('LODZ-007', 'FV/2024/0051');
    await org.clerk.uploadPdf(
      body.id,
      'FV_2024_0051.pdf',
      await paperOf(['FV/2024/0051', TALLERES, '1234.50']),
    );
    const stage = (customer: string) =>
      org.clerk.importCsv(
        `customer_code,document_kind,document_number,file_name,currency,total\n${customer},invoice,${row.document_number},${row.file_name},EUR,1234.50`,
        body.id,
      );
    await stage('LODZ-007');
    expect(codes((await documents(body.id))[0]?.problems ?? [])).toContain('of_other_customer');
    await stage('IBER-022');
    expect((await documents(body.id))[0]?.problems).toEqual([]);
  });

  test('by bytes that are live under another number', async () => {
    const bytes = await paperOf(['FV/2024/0061', LODZ, '1234.50']);
    await publish(org, [invoice('LODZ-007', 'FV/2024/0061')], { 'FV_2024_0061.pdf': bytes });
    const publishId = await stageRows(org, [invoice('LODZ-007', 'FV/2024/0062')], {
      'FV_2024_0062.pdf': bytes,
    });
    const [item] = await documents(publishId);
    expect(item).toMatchObject({ blocked: true });
    expect(item?.problems).toContainEqual(
      expect.objectContaining({ code: 'file_live_elsewhere', value: 'FV/2024/0061' }),
    );
  });

  test('by the same bytes under two names, for two customers', async () => {
    const bytes = await paperOf(['A general notice']);
    const publishId = await stageRows(
      org,
      [invoice('LODZ-007', 'FV/2024/0063'), invoice('IBER-022', 'FV/2024/0064')],
      { 'FV_2024_0063.pdf': bytes, 'FV_2024_0064.pdf': bytes },
    );
    for (const { problems } of await documents(publishId)) {
      expect(codes(problems)).toContain('file_ambiguous');
    }
  });
});

describe('what a paper does not say is a warning', () => {
  test.each([
    ['nothing at all, as a scan', [], ['no_text']],
    [
      'neither number nor customer nor total',
      ['Hello'],
      ['number_not_found', 'customer_not_found', 'total_not_found'],
    ],
    ['another total', ['FV/2024/0071', LODZ, '1234.05'], ['total_not_found']],
  ])('%s', async (_, lines, expected) => {
    const problems = await said(invoice('LODZ-007', 'FV/2024/0071'), lines);
    expect(codes(problems)).toEqual(expected);
    expect(problems.every(({ severity }) => severity === 'warning')).toBe(true);
  });
});

describe('an approver answers for what the guard says', () => {
  const row = () => invoice('LODZ-007', 'FV/2024/0081');
  const wrong = () => paperOf(['FV/2024/0081', LODZ, 'c/o', TALLERES, '1234.50']);
  const REASON = 'Delivered through Talleres, as agreed by phone';
  /** An answer for what the review says of the item now. */
  async function answer(publishId: string, reason = REASON, key = 'invoice:FV/2024/0081') {
    const item = (await documents(publishId)).find((one) => one.key === key);
    const problems = (item?.problems ?? []).filter(({ overridable }) => overridable);
    const seen = {
      sha256: item?.file?.sha256 ?? null,
      problems: problems.map(({ code, value }) => ({ code, value })),
    };
    return { kind: 'document', key, reason, seen };
  }

  test('with a reason, by name; a clerk and a machine may not', async () => {
    const publishId = await stageRows(org, [row()], { 'FV_2024_0081.pdf': await wrong() });
    const path = `publishes/${publishId}/overrides`;
    for (const who of [org.clerk, org.service]) {
      expect((await who.put(path, await answer(publishId))).status).toBe(403);
    }
    expect((await org.approver.put(path, await answer(publishId, 'because'))).status).toBe(422);
    const before = await review(publishId);
    expect((await org.approver.put(path, await answer(publishId))).status).toBe(200);
    const after = await review(publishId);
    expect(after.hash).not.toBe(before.hash);
    expect(after.totals.overridden).toBe(1);
    const [item] = await documents(publishId);
    expect(item).toMatchObject({
      blocked: false,
      passes: true,
      override: { reason: REASON, by: 'Amir Haddad' },
      problems: [{ code: 'of_other_customer', overridden: true }],
    });
    const [event] = await stack.sql(
      "select detail from audit.events where org_id = $1 and action = 'item.overridden' and subject_id = $2",
      [org.id, publishId],
    );
    expect(event).toMatchObject({
      detail: { reason: REASON, problems: [{ code: 'of_other_customer' }] },
    });
    expect(await approve(org, publishId)).toMatchObject({
      status: 200,
      body: { summary: { overrides: 1 } },
    });
  });

  test('for these bytes, this customer and these words only', async () => {
    const publishId = await stageRows(org, [row()], { 'FV_2024_0081.pdf': await wrong() });
    const path = `publishes/${publishId}/overrides`;
    const isBlocked = async () => (await documents(publishId))[0]?.blocked;
    await org.approver.put(path, await answer(publishId));
    expect(await isBlocked()).toBe(false);
    // Other bytes that say the same.
    await org.clerk.uploadPdf(
      publishId,
      'FV_2024_0081.pdf',
      await paperOf(['FV/2024/0081', LODZ, 'and', TALLERES, '1234.50']),
    );
    expect(await isBlocked()).toBe(true);
    await org.approver.put(path, await answer(publishId));
    expect(await isBlocked()).toBe(false);
    // The row staged anew.
    await org.clerk.importCsv(
      'document_kind,document_number,total,currency\ninvoice,FV/2024/0081,1234.50,EUR',
      publishId,
    );
    expect(await isBlocked()).toBe(true);
    await org.approver.put(path, await answer(publishId));
    expect(
      (await org.approver.remove(`${path}?kind=document&key=invoice%3AFV%2F2024%2F0081`)).status,
    ).toBe(200);
    expect(await isBlocked()).toBe(true);
  });

  test('for what they saw, and not for what came after', async () => {
    const publishId = await stageRows(org, [row()], { 'FV_2024_0081.pdf': await wrong() });
    const path = `publishes/${publishId}/overrides`;
    const seen = await answer(publishId);
    await org.clerk.uploadPdf(
      publishId,
      'FV_2024_0081.pdf',
      await paperOf(['FV/2024/0099', TALLERES]),
    );
    expect(await org.approver.put(path, seen)).toMatchObject({
      status: 409,
      body: { error: { code: 'review_stale' } },
    });
    expect((await documents(publishId))[0]).toMatchObject({ blocked: true, override: null });
  });

  test('but not for what nothing can be said for, nor where nothing is', async () => {
    const publishId = await stageRows(org, [invoice('LODZ-007', 'FV/2024/0082')]);
    const path = `publishes/${publishId}/overrides`;
    const of = (key: string) => answer(publishId, 'It will come tomorrow', key);
    expect(await org.approver.put(path, await of('invoice:FV/2024/0082'))).toMatchObject({
      status: 409,
      body: { error: { code: 'nothing_to_override' } },
    });
    expect((await org.approver.put(path, await of('invoice:NONE'))).status).toBe(404);
    await org.approver.post(`publishes/${publishId}/rejection`, { reason: 'Without its file' });
    expect(await org.approver.put(path, await of('invoice:FV/2024/0082'))).toMatchObject({
      status: 409,
      body: { error: { code: 'publish_not_staged' } },
    });
  });
});

test.each(['with', 'without'])(
  'papers that are swapped are both held, in an index %s customers',
  async (index) => {
    const tag = index.toUpperCase();
    const orderOf = (who: string) => ({
      customer_code: `${tag}-${who}`,
      order_number: `SO-${tag}-${who}`,
      order_date: day(-5),
    });
    await publish(org, [
      customerRow(`${tag}-A`, org, 'Zebra Verlag'),
      customerRow(`${tag}-B`, org, 'Quartz Werke'),
      orderOf('A'),
      orderOf('B'),
    ]);
    const rowOf = (who: string, number: string) => {
      const { customer_code, ...row } = invoice(`${tag}-${who}`, number);
      const owner = index === 'with' ? { customer_code } : {};
      return {
        ...owner,
        ...row,
        order_number: `SO-${tag}-${who}`,
        file_name: `${who}.pdf`,
      };
    };
    const id = await stageRows(
      org,
      [rowOf('A', `INV-${tag}-77100`), rowOf('B', `INV-${tag}-88200`)],
      {
        'A.pdf': await paperOf([`Invoice INV-${tag}-88200`, '1234.50']),
        'B.pdf': await paperOf([`Invoice INV-${tag}-77100`, '1234.50']),
      },
    );
    const seen = await documents(id);
    expect(seen.map(({ customerKey }) => customerKey).sort()).toEqual([`${tag}-A`, `${tag}-B`]);
    for (const { problems, passes } of seen) {
      expect(codes(problems)).toContain('of_other_customer');
      expect(passes).toBe(false);
    }
  },
);
