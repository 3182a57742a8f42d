import { beforeAll, describe, expect, test } from 'vitest';
import { CSV_MAX_BYTES } from '../../vocabulary.ts';
import { csvOf, customerRow, makeOrg, type Org, orderRows, stageRows } from '../cast.ts';
import { CONSOLE, type Stack, useStack } from '../stack.ts';

let stack: Stack;
let org: Org;
beforeAll(async () => {
  stack = await useStack();
  org = await makeOrg(stack);
});

type Refusal = { error: { code: string; message: string; fields?: Record<string, string> } };
type Problem = { code: string; severity: string; line: number; field?: string; otherLine?: number };
type Imported = {
  publishId: string;
  import: {
    rows: number;
    items: number;
    skipped: number;
    unknownColumns: string[];
    duplicateColumns: string[];
    problems: Problem[];
  };
};

const bytes = (...parts: (string | number[])[]) =>
  Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'string' ? [...new TextEncoder().encode(part)] : part,
    ),
  );
const importCsv = async (csv: string | Uint8Array<ArrayBuffer>) => {
  const { status, body } = await org.clerk.importCsv(csv);
  expect([status, body]).toEqual([201, expect.anything()]);
  return body as unknown as Imported;
};
const counts = () =>
  stack.sql(
    `select (select count(*) from staff.publishes where org_id = $1) as publishes,
            (select count(*) from staff.imports where org_id = $1) as imports,
            (select count(*) from staff.publish_items where org_id = $1) as items`,
    [org.id],
  );

describe('a file that is no CSV', () => {
  const HEADER = 'customer_code,customer_name\n';
  const files: [what: string, Uint8Array<ArrayBuffer>, code: string, line?: string][] = [
    ['empty', bytes(''), 'csv_empty'],
    ['blank', bytes(' \n\n\t\n'), 'csv_empty'],
    ['an Excel workbook', bytes('PK', [3, 4, 20, 0, 6, 0]), 'csv_binary'],
    ['a PDF', bytes('%PDF-1.4\n'), 'csv_binary'],
    ['binary in its third line', bytes(HEADER, 'A,B\n', [67, 0, 68], '\n'), 'csv_binary', '3'],
    ['UTF-16 cut in the middle', bytes([0xff, 0xfe, 97, 0, 98]), 'csv_binary'],
    ['without a header', bytes('1,2\n3,4\n'), 'csv_no_header', '1'],
    ['open at a quote', bytes(HEADER, 'A,Adam\nB,"Bert\nC,Carl\n'), 'csv_unclosed_quote', '3'],
  ];

  test.each(files)('%s: is refused by name, and nothing is staged', async (_, csv, code, line) => {
    const before = await counts();
    const answer = await org.clerk.send<Refusal>('POST', 'imports?name=index.csv', csv, 'text/csv');
    expect(answer.status).toBe(422);
    expect(answer.body.error.code).toBe(code);
    expect(answer.body.error.fields?.line).toBe(line);
    expect(await counts()).toEqual(before);
  });

  test('is refused by its type and by its size before it is read', async () => {
    const send = (type: string, body: BodyInit) =>
      org.clerk.send<Refusal>('POST', 'imports?name=index.csv', body, type);
    const typed = await send('application/vnd.ms-excel', HEADER);
    expect(typed).toMatchObject({ status: 415, body: { error: { code: 'unsupported_type' } } });
    const large = await send('text/csv', new Uint8Array(CSV_MAX_BYTES + 1));
    expect(large).toMatchObject({
      status: 413,
      body: {
        error: { code: 'too_large', fields: { body: expect.stringMatching(/^at most \d+ kB$/) } },
      },
    });
  });

  test('needs a name, and a publish that is there', async () => {
    const send = async (query: string) => {
      const { status, body } = await org.clerk.send<Refusal>(
        'POST',
        `imports${query}`,
        HEADER,
        'text/csv',
      );
      return [status, body.error.code, Object.keys(body.error.fields ?? {})];
    };
    expect(await send('')).toEqual([422, 'invalid', ['name']]);
    expect(await send(`?name=${'x'.repeat(201)}`)).toEqual([422, 'invalid', ['name']]);
    expect(await send('?name=a%00.csv')).toEqual([422, 'invalid', ['name']]);
    expect(await send('?name=a.csv&publish=7')).toEqual([422, 'invalid', ['publish']]);
    expect(await send(`?name=a.csv&publish=${crypto.randomUUID()}`)).toEqual([
      404,
      'not_found',
      [],
    ]);
  });
});

describe('a CSV with mistakes', () => {
  test('says which columns it did not know or had twice, and stages the rest', async () => {
    const { import: told } = await importCsv(
      'customer_code,customer_name,Favourite colour,Customer name\nA,Adam,red,Other\n',
    );
    expect(told).toMatchObject({
      items: 1,
      unknownColumns: ['Favourite colour'],
      duplicateColumns: ['Customer name'],
      problems: [],
    });
  });

  test('says the line of each ragged row, and stages the others', async () => {
    const { import: told, publishId } = await importCsv(
      'customer_code,customer_name\nA,Adam\nB\nC,Carl,more\n\nD,Dora\n',
    );
    expect(told).toMatchObject({ rows: 4, items: 2, skipped: 2 });
    expect(told.problems).toMatchObject([
      { code: 'ragged_row', severity: 'blocking', line: 3 },
      { code: 'ragged_row', severity: 'blocking', line: 4 },
    ]);
    const { body } = await org.approver.get<{ imports: { problems: Problem[] }[] }>(
      `publishes/${publishId}/review`,
    );
    expect(body.imports[0]?.problems.map(({ line }) => line)).toEqual([3, 4]);
  });

  test('that repeats itself is one item, and that contradicts itself is held back', async () => {
    const row = { customer_code: 'A', customer_name: 'Adam' };
    const same = await importCsv(csvOf([row, row]));
    expect(same.import).toMatchObject({ items: 1, problems: [] });
    const order = { ...row, order_number: 'SO-1', order_date: '2026-01-02' };
    const { import: told, publishId } = await importCsv(
      csvOf([order, { ...order, order_date: '2026-01-03' }]),
    );
    expect(told.problems).toMatchObject([
      { code: 'contradiction', severity: 'blocking', line: 3, field: 'order_date', otherLine: 2 },
    ]);
    const { body } = await org.approver.get<{ items: { kind: string; blocked: boolean }[] }>(
      `publishes/${publishId}/review`,
    );
    expect(body.items.map(({ kind, blocked }) => [kind, blocked])).toEqual([
      ['customer', false],
      ['order', true],
    ]);
  });

  test.each([
    ['order_date', '2026-02-30', 'bad_date'],
    ['order_total', '12,3x', 'bad_amount'],
    ['currency', 'EURO', 'bad_currency'],
    ['order_status', 'lost', 'unknown_status'],
    ['contact_email', 'not an address', 'bad_email'],
    ['order_number', '1.2E+11', 'excel_damage'],
    ['items_count', 'many', 'bad_number'],
  ])('has its %s "%s" told by line and field', async (field, value, code) => {
    const row = { customer_code: 'A', customer_name: 'Adam', ...orderRows('A', 'X')[0] };
    const { import: told } = await importCsv(csvOf([{ ...row, [field]: value }]));
    expect(told.problems).toContainEqual(
      expect.objectContaining({ code, line: 2, field, value, severity: 'blocking' }),
    );
  });

  test('is told of a number that is hardly its carrier’s, by line and once, and is not held back', async () => {
    const row = {
      customer_code: 'A',
      customer_name: 'Adam',
      order_number: 'SO-1',
      order_date: '2026-01-02',
    };
    const wrong = { ...row, carrier: 'FedEx Ground', tracking_number: '9865 7878 8856' };
    const { import: told, publishId } = await importCsv(
      csvOf([
        { ...row, carrier: 'FedEx', tracking_number: '9865 7878 8855' },
        wrong,
        { ...wrong, carrier: 'FedEx Ground' },
        { ...row, carrier: 'Our van', tracking_number: '12' },
      ]),
    );
    expect(told.problems).toEqual([
      expect.objectContaining({
        code: 'tracking_number_unlikely',
        severity: 'warning',
        line: 3,
        field: 'tracking_number',
        value: '9865 7878 8856',
      }),
    ]);
    const { body } = await org.approver.get<{ items: { kind: string; blocked: boolean }[] }>(
      `publishes/${publishId}/review`,
    );
    expect(body.items.some(({ blocked }) => blocked)).toBe(false);
  });

  test('that names no file for a document, or one that is not there, holds the document back', async () => {
    const publishId = await stageRows(org, [customerRow('BERT', org), ...orderRows('BERT', 'F1')]);
    const { body } = await org.approver.get<{
      items: { kind: string; key: string; blocked: boolean; problems: Problem[] }[];
    }>(`publishes/${publishId}/review?kind=document`);
    expect(body.items).toHaveLength(2);
    for (const { blocked, problems } of body.items) {
      expect(blocked).toBe(true);
      expect(problems.map(({ code }) => code)).toEqual(['file_missing']);
    }
  });
});

test('a CSV without a length is bounded as it arrives', async () => {
  const csv = 'customer_code,customer_name\n'.padEnd(CSV_MAX_BYTES + 1, 'A,Adam\n');
  const response = await stack.fetch(`${CONSOLE}/api/admin/${org.slug}/imports?name=a.csv`, {
    method: 'POST',
    headers: { 'Cf-Access-Jwt-Assertion': org.clerk.token, 'Content-Type': 'text/csv' },
    body: new Blob([csv]).stream(),
    duplex: 'half',
  } as RequestInit);
  expect(response.status).toBe(413);
});
