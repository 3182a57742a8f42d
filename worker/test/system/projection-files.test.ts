/**
 * What goes out with which file, and what stays behind: a paper under the wrong name, number, order
 * or customer is a problem that a person sees, never a document that a customer gets.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import {
  approve,
  customerRow,
  day,
  makeOrg,
  type Org,
  orderFiles,
  orderRows,
  pdfOf,
  publish,
  saidBy,
  signIn,
  stageRows,
} from '../cast.ts';
import type { Customer } from '../clients.ts';
import { type Stack, useStack } from '../stack.ts';

type Item = {
  kind: string;
  key: string;
  change: string;
  blocked: boolean;
  needsTick: boolean;
  passes: boolean;
  problems: { code: string; severity: string }[];
  file: { name: string; sha256: string } | null;
};
type Document = { id: string; kind: string; number: string; orderNumber: string | null };
type Rows = Record<string, string>[];
type Files = Record<string, Uint8Array<ArrayBuffer>>;

let stack: Stack;
let org: Org;
let alfa: Customer;
let beta: Customer;

beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
  await stack.sql('update portal.orgs set hourly_request_limit = 10000 where id = $1', [org.id]);
  await publish(
    org,
    [
      customerRow('ALFA', org),
      customerRow('BETA', org),
      ...orderRows('ALFA', '100'),
      ...orderRows('ALFA', '200'),
      ...orderRows('BETA', '300'),
    ],
    { ...orderFiles('100'), ...orderFiles('200'), ...orderFiles('300') },
  );
  [alfa, beta] = [await signIn(stack, org, 'ALFA'), await signIn(stack, org, 'BETA')];
});

/** The staged items by kind and key, as an approver reads them. */
async function review(publishId: string): Promise<Record<string, Item>> {
  const { body } = await org.approver.get<{ items: Item[] }>(`publishes/${publishId}/review`);
  return Object.fromEntries(body.items.map((item) => [`${item.kind} ${item.key}`, item]));
}
const codesOf = (item: Item | undefined) => item?.problems.map(({ code }) => code);

async function documentsOf(customer: Customer): Promise<Document[]> {
  const orders = await customer.me<{ orders: { id: string }[] }>('orders');
  const pages = await Promise.all(
    orders.body.orders.map(({ id }) => customer.me<{ documents: Document[] }>(`orders/${id}`)),
  );
  return pages.flatMap(({ body }) => body.documents);
}
const numbersOf = async (customer: Customer) =>
  (await documentsOf(customer)).map(({ number }) => number).sort();

/** A packing slip's row. */
const slip = (customer: string, order: string, number: string, more = {}) => ({
  customer_code: customer,
  order_number: `SO-${order}`,
  document_kind: 'packing_slip',
  document_number: number,
  ...more,
});

describe('a document', () => {
  const invoice = (of: Record<string, string>) => ({
    document_kind: 'invoice',
    document_number: 'INV-100',
    file_name: 'INV-100.pdf',
    ...of,
  });
  test.each([
    ['another order', { customer_code: 'ALFA', order_number: 'SO-200' }],
    ['another customer', { customer_code: 'BETA', order_number: 'SO-300' }],
    ['another customer, without an order', { customer_code: 'BETA' }],
  ])('whose number is already another’s (%s) is a conflict and stays behind', async (_, of) => {
    const before = [await numbersOf(alfa), await numbersOf(beta)];
    const publishId = await stageRows(org, [invoice(of)], { 'INV-100.pdf': pdfOf('wrong') });
    const items = await review(publishId);
    for (const key of ['document invoice:INV-100', 'invoice INV-100']) {
      expect(items[key], key).toMatchObject({ change: 'conflict', blocked: true, passes: false });
      expect(codesOf(items[key]), key).toContain('conflict');
    }
    await approve(org, publishId);
    expect([await numbersOf(alfa), await numbersOf(beta)]).toEqual(before);
    const [live] = await stack.sql<{ sha256: string }>(
      `select file_sha256 as sha256 from portal.documents where org_id = $1 and number = 'INV-100'`,
      [org.id],
    );
    expect(live?.sha256).not.toBe(items['document invoice:INV-100']?.file?.sha256);
  });

  test('of an order that is another customer’s is a conflict and stays behind', async () => {
    const publishId = await stageRows(
      org,
      [slip('BETA', '100', 'PS-STRAY', { file_name: 's.pdf' })],
      {
        's.pdf': pdfOf('stray'),
      },
    );
    const items = await review(publishId);
    expect(items['document packing_slip:PS-STRAY']).toMatchObject({ blocked: true, passes: false });
    expect(codesOf(items['document packing_slip:PS-STRAY'])).toContain('conflict');
    await approve(org, publishId);
    expect(await numbersOf(beta)).not.toContain('PS-STRAY');
    expect(await numbersOf(alfa)).not.toContain('PS-STRAY');
  });

  test('of the same number and bytes is the same, whatever the spelling of its number', async () => {
    const rows = [slip('ALFA', '100', 'ps–100', { file_name: 'again.pdf' })];
    const publishId = await stageRows(org, rows, { 'again.pdf': pdfOf('PS-100') });
    const item = (await review(publishId))['document packing_slip:PS-100'];
    expect(item).toMatchObject({ blocked: false, needsTick: false });
    expect(['same', 'changed']).toContain(item?.change);
    const again = await stageRows(org, orderRows('ALFA', '100'), orderFiles('100'));
    const changes = Object.values(await review(again)).map(({ change }) => change);
    expect(new Set(changes)).toEqual(new Set(['same']));
  });

  test('of the same number and new bytes waits for its tick, then replaces the old bytes', async () => {
    const publishId = await stageRows(org, orderRows('ALFA', '200'), {
      'PS-200.pdf': pdfOf('the second PS-200'),
    });
    const key = 'document packing_slip:PS-200';
    const item = (await review(publishId))[key];
    expect(item).toMatchObject({ change: 'revision', needsTick: true, passes: false });
    expect(codesOf(item)).toEqual(['revision', 'customer_not_found']);
    const bytes = async () => {
      const found = (await documentsOf(alfa)).find(({ number }) => number === 'PS-200');
      return saidBy(await (await alfa.bytes(`documents/${found?.id}`)).arrayBuffer());
    };
    // Approved without its tick it stays behind: the customer keeps the file that was approved.
    const seen = await org.approver.get<{ hash: string }>(`publishes/${publishId}/review`);
    await org.approver.post(`publishes/${publishId}/approval`, { reviewHash: seen.body.hash });
    expect(await bytes()).toBe('PS-200');
    await publish(org, orderRows('ALFA', '200'), { 'PS-200.pdf': pdfOf('the third PS-200') });
    expect(await bytes()).toBe('the third PS-200');
    const all = await Promise.all(
      (await documentsOf(alfa)).map(async ({ id }) => (await alfa.bytes(`documents/${id}`)).text()),
    );
    expect(all.filter((text) => text.includes('(PS-200)'))).toEqual([]);
  });
});

describe('an item with a problem stays behind, and says why', () => {
  const cases: [string, Rows, Files, string, string][] = [
    [
      'the file it names was not uploaded',
      [slip('ALFA', '100', 'P-1', { file_name: 'never.pdf' })],
      {},
      'document packing_slip:P-1',
      'file_missing',
    ],
    [
      'it names no file, and none carries its number',
      [slip('ALFA', '100', 'P-2')],
      { 'else.pdf': pdfOf('else') },
      'document packing_slip:P-2',
      'file_missing',
    ],
    [
      'its order is not known',
      [slip('ALFA', 'NOWHERE', 'P-3', { file_name: 'p3.pdf' })],
      { 'p3.pdf': pdfOf('P-3') },
      'document packing_slip:P-3',
      'order_not_published',
    ],
    [
      'its order is itself blocked',
      [
        { customer_code: 'ALFA', order_number: 'SO-BAD', order_date: '99/99/2026' },
        slip('ALFA', 'BAD', 'P-4', { file_name: 'p4.pdf' }),
      ],
      { 'p4.pdf': pdfOf('P-4') },
      'document packing_slip:P-4',
      'order_not_published',
    ],
    [
      'its customer is not known',
      [
        { customer_code: 'NOBODY', order_number: 'SO-N', order_date: day(-1) },
        slip('NOBODY', 'N', 'P-5', { file_name: 'p5.pdf' }),
      ],
      { 'p5.pdf': pdfOf('P-5') },
      'document packing_slip:P-5',
      'customer_not_published',
    ],
    [
      'the customer is new and has no name',
      [{ customer_code: 'NAMELESS' }],
      {},
      'customer NAMELESS',
      'customer_unknown',
    ],
    [
      'the order has no date',
      [{ customer_code: 'ALFA', order_number: 'SO-UNDATED', po_number: 'X' }],
      {},
      'order SO-UNDATED',
      'order_date_missing',
    ],
    [
      'the amount has no currency',
      [
        {
          customer_code: 'ALFA',
          order_number: 'SO-POOR',
          order_date: day(-1),
          order_total: '10.00',
        },
      ],
      {},
      'order SO-POOR',
      'currency_missing',
    ],
    [
      'two files carry its number',
      [slip('ALFA', '100', 'P-6')],
      { 'P-6 a.pdf': pdfOf('a'), 'P-6 b.pdf': pdfOf('b') },
      'document packing_slip:P-6',
      'file_ambiguous',
    ],
    [
      'one file carries two numbers of the same length',
      [slip('ALFA', '100', 'P-7'), slip('BETA', '300', 'P-8')],
      { 'P-7 and P-8.pdf': pdfOf('both') },
      'document packing_slip:P-8',
      'file_ambiguous',
    ],
    [
      'two customers’ orders name one file',
      [
        slip('', '100', 'P-11', { file_name: 'scan.pdf' }),
        slip('', '300', 'P-12', { file_name: 'scan.pdf' }),
      ],
      { 'scan.pdf': pdfOf('') },
      'document packing_slip:P-11',
      'file_ambiguous',
    ],
    [
      'two customers’ orders have the same bytes, one of them staged',
      [
        { customer_code: 'BETA', order_number: 'SO-301', order_date: day(-1) },
        slip('ALFA', '100', 'P-13'),
        slip('', '301', 'P-14'),
      ],
      { 'P-13.pdf': pdfOf('again'), 'P-14.pdf': pdfOf('again') },
      'document packing_slip:P-14',
      'file_ambiguous',
    ],
    [
      'two customers name one file',
      [
        slip('ALFA', '100', 'P-9', { file_name: 'shared.pdf' }),
        slip('BETA', '300', 'P-10', { file_name: 'Shared.PDF' }),
      ],
      { 'shared.pdf': pdfOf('whose') },
      'document packing_slip:P-9',
      'file_ambiguous',
    ],
  ];

  test('in the review, blocking, under its own code', async () => {
    for (const [why, rows, files, key, code] of cases) {
      const item = (await review(await stageRows(org, rows, files)))[key];
      expect(item, why).toMatchObject({ blocked: true, passes: false });
      expect(item?.problems, why).toContainEqual(
        expect.objectContaining({ code, severity: 'blocking' }),
      );
    }
  });

  test('when all of them are approved beside one that passes, that one alone goes out', async () => {
    const before = await numbersOf(beta);
    const rows = cases.flatMap(([, of]) => of);
    const files = Object.assign({}, ...cases.map(([, , of]) => of));
    await publish(org, [...rows, slip('ALFA', '100', 'GOOD-1', { file_name: 'good.pdf' })], {
      ...files,
      'good.pdf': pdfOf('GOOD-1'),
    });
    const live = await stack.sql<{ number: string }>(
      `select number from portal.documents where org_id = $1 and (number like 'P-%' or number = 'GOOD-1')
       union all select number from portal.orders where org_id = $1
          and number in ('SO-NOWHERE', 'SO-BAD', 'SO-N', 'SO-UNDATED', 'SO-POOR')
       union all select code from portal.customers where org_id = $1 and code in ('NOBODY', 'NAMELESS')`,
      [org.id],
    );
    expect(live).toEqual([{ number: 'GOOD-1' }]);
    expect(await numbersOf(beta)).toEqual(before);
    expect(await numbersOf(alfa)).toContain('GOOD-1');
  });

  test('a file of one customer’s two papers is theirs, whether a row says so or its order', async () => {
    const rows = [
      slip('ALFA', '100', 'BOTH-1', { file_name: 'both.pdf' }),
      slip('', '200', 'BOTH-2', { file_name: 'both.pdf' }),
    ];
    const items = await review(await stageRows(org, rows, { 'both.pdf': pdfOf('both') }));
    for (const number of ['BOTH-1', 'BOTH-2']) {
      expect(items[`document packing_slip:${number}`], number).toMatchObject({ passes: true });
    }
  });

  test('a kind that is not exposed is a warning: it passes, and the customer gets no row', async () => {
    const row = { ...slip('ALFA', '100', 'POD-1', { file_name: 'pod.pdf' }) };
    const rows = [{ ...row, document_kind: 'proof_of_delivery' }];
    const kinds = ['invoice', 'packing_slip'];
    const fields = ['po_number'];
    await org.owner.put('exposures', { customerKey: 'ALFA', kinds, fields });
    const publishId = await stageRows(org, rows, { 'pod.pdf': pdfOf('POD-1') });
    const item = (await review(publishId))['document proof_of_delivery:POD-1'];
    expect(item).toMatchObject({ blocked: false, passes: true });
    expect(codesOf(item)).toEqual(['kind_not_exposed', 'customer_not_found']);
    await approve(org, publishId);
    expect(await numbersOf(alfa)).not.toContain('POD-1');
    await org.owner.put('exposures', { customerKey: 'ALFA', kinds: null, fields: null });
  });
});

describe('a file is matched', () => {
  test('by the name its row gives, in whatever case; by the number in its name, the longest first', async () => {
    const publishId = await stageRows(
      org,
      [
        slip('ALFA', '100', 'M-1', { file_name: 'By Name.pdf' }),
        slip('ALFA', '100', 'M-20'),
        slip('ALFA', '100', 'M-20-7'),
        slip('ALFA', '100', 'M-2'),
      ],
      {
        'BY NAME.PDF': pdfOf('by name'),
        'Acme m_20 signed.pdf': pdfOf('M-20'),
        'M-20-7.pdf': pdfOf('M-20-7'),
        // Carries M-1's number, but M-1 has named its own file.
        'M-1.pdf': pdfOf('not it'),
      },
    );
    const items = await review(publishId);
    const matched = ['M-1', 'M-20', 'M-20-7', 'M-2'].map(
      (number) => items[`document packing_slip:${number}`]?.file?.name ?? null,
    );
    expect(matched).toEqual(['BY NAME.PDF', 'Acme m_20 signed.pdf', 'M-20-7.pdf', null]);
    const body = await org.approver.get(`publishes/${publishId}/review`);
    expect(body.body).toMatchObject({ unmatchedFiles: [{ name: 'M-1.pdf' }] });
  });
});
