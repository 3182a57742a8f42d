/** What real CSVs do, as a clerk sees it: asked about, read, or named by its line. */
import { beforeAll, describe, expect, test } from 'vitest';
import { makeOrg, type Org, type ReviewSeen } from '../cast.ts';
import { readingOf, type UploadedImport } from '../clients.ts';
import { useStack } from '../stack.ts';

type Problem = { code: string; severity: string; line: number; field?: string; value?: string };
type Report = {
  publishId: string;
  import: {
    rows: number;
    items: number;
    skipped: number;
    blank: number;
    duplicateColumns: string[];
    problems: Problem[];
  };
};

let org: Org;
beforeAll(async () => {
  org = await makeOrg(await useStack());
});

const utf16 = (text: string, isBigEndian: boolean) => {
  const bytes = new Uint8Array(
    new Uint16Array([...`\ufeff${text}`].map((c) => c.charCodeAt(0))).buffer,
  );
  // The machine that runs the tests is little-endian, as all that run workerd are.
  return isBigEndian ? bytes.map((_, at) => bytes[at ^ 1] ?? 0) : bytes;
};
/** Every character below U+0100 as its one byte, and the euro where windows-1252 has it. */
const windows1252 = (text: string) =>
  Uint8Array.from([...text], (c) => (c === '€' ? 0x80 : c.charCodeAt(0)));

async function upload(csv: string | Uint8Array<ArrayBuffer>): Promise<UploadedImport> {
  const { status, body } = await org.clerk.upload(csv);
  expect([status, body]).toEqual([201, expect.anything()]);
  return body.import;
}

/** Stages a file as it is suggested, with what a person says otherwise. */
async function stage(
  csv: string | Uint8Array<ArrayBuffer>,
  said: Partial<ReturnType<typeof readingOf>> = {},
): Promise<Report> {
  const { id, detected } = await upload(csv);
  const { status, body } = await org.clerk.confirm(id, { ...readingOf(detected), ...said });
  expect([status, body]).toEqual([201, expect.anything()]);
  // The client types what most tests look at; the report has more.
  return body as unknown as Report;
}
const look = async (publishId: string) =>
  (await org.approver.get<ReviewSeen>(`publishes/${publishId}/review`)).body;
const fieldsOf = async (publishId: string, kind: string) =>
  (await look(publishId)).items.filter((item) => item.kind === kind).map(({ fields }) => fields);
const linesOf = ({ import: { problems } }: Report) =>
  problems.map(({ code, line }) => [code, line]);

describe('the letters of a file', () => {
  const text = 'customer_code,customer_name\nA,Muñoz y Compañía\n';
  test.each([
    ['UTF-8 with a byte order mark', `\ufeff${text}`, 'utf-8'],
    ['UTF-16, little end first', utf16(text, false), 'utf-16le'],
    ['UTF-16, big end first', utf16(text, true), 'utf-16be'],
  ])('come through: %s', async (_, csv, encoding) => {
    const { id, detected } = await upload(csv);
    expect([detected.encoding, detected.questions]).toEqual([encoding, []]);
    expect(detected.columns[1]?.samples).toEqual(['Muñoz y Compañía']);
    const { body } = await org.clerk.confirm(id, readingOf(detected));
    expect(await fieldsOf(body.publishId, 'customer')).toEqual([
      { customer_code: 'A', customer_name: 'Muñoz y Compañía' },
    ]);
  });

  test('before Unicode are asked about, with the letters to judge by, and never lose the euro', async () => {
    const { id, detected } = await upload(
      windows1252(
        'customer_code,customer_name\nA,Ca\u00f1a & Co, precios en €\n'.replace('Co,', 'Co'),
      ),
    );
    expect([detected.encoding, detected.questions]).toEqual(['windows-1252', ['encoding']]);
    expect(detected.columns[1]?.samples).toEqual(['Caña & Co precios en €']);
    const { body } = await org.clerk.confirm(id, readingOf(detected));
    const [customer] = await fieldsOf(body.publishId, 'customer');
    expect(customer?.customer_name).toBe('Caña & Co precios en €');
  });
});

test.each([',', ';', '\t', '|'] as const)('cells set apart by %j are cells', async (between) => {
  const rows = [
    ['customer_code', 'customer_name', 'order_number', 'order_date'],
    ['A', `"Adam${between}Sons"`, '0012', '2026-05-01'],
  ];
  const { publishId } = await stage(rows.map((cells) => cells.join(between)).join('\r\n'));
  const { items } = await look(publishId);
  expect(items.map(({ kind, fields }) => [kind, fields])).toEqual([
    ['customer', { customer_code: 'A', customer_name: `Adam${between}Sons`.replace('\t', ' ') }],
    ['order', { order_number: '0012', order_date: '2026-05-01' }],
  ]);
});

describe('what Excel did to a number that is none', () => {
  test.each(['customer_code', 'order_number', 'document_number', 'tracking_number'])(
    'of %s holds its row, by its line and with an explanation',
    async (field) => {
      const names = [
        'customer_code',
        'order_number',
        'document_kind',
        'document_number',
        'tracking_number',
      ];
      const row = (of: Record<string, string>) => names.map((name) => of[name]).join(',');
      const good = {
        customer_code: 'A',
        order_number: 'SO-1',
        document_kind: 'invoice',
        document_number: 'INV-1',
        tracking_number: '00012',
      };
      const report = await stage(
        [names.join(','), row(good), row({ ...good, [field]: '1.23E+11' })].join('\n'),
      );
      expect(report.import).toMatchObject({ rows: 2, skipped: 1 });
      expect(report.import.problems).toContainEqual(
        expect.objectContaining({
          code: 'excel_damage',
          severity: 'blocking',
          line: 3,
          field,
          value: '1.23E+11',
        }),
      );
      const { items } = await look(report.publishId);
      expect(JSON.stringify(items)).not.toContain('E+11');
    },
  );
});

describe('numbers', () => {
  const of = async (head: string, cells: string[], said = {}) => {
    const rows = cells.map((cell, at) => `A;SO-N${at};2026-05-01;EUR;"${cell}"`);
    const csv = ['customer_code;order_number;order_date;currency;order_total', ...rows].join('\n');
    const report = await stage(csv, said);
    const totals = (await fieldsOf(report.publishId, 'order')).map((order) => order.order_total);
    return { head, totals, problems: report.import.problems };
  };

  test('with a point are read to the cent, whatever stands around them', async () => {
    const cells = [
      '(1,234.56)',
      '1,234.56-',
      '-1,234.56',
      '€1,234.56',
      '$ 1,234.56',
      '1\u00a0234.56',
      '0012.5',
    ];
    const { totals, problems } = await of('point', cells, { decimal: '.' });
    expect(problems).toEqual([]);
    expect(totals).toEqual([
      '-1234.56',
      '-1234.56',
      '-1234.56',
      '1234.56',
      '1234.56',
      '1234.56',
      '12.50',
    ]);
  });

  test('with a comma are read to the cent, whatever stands around them', async () => {
    const cells = ['(1.234,56)', '1.234,56-', '1\u00a0234,56 €', '1\u202f234,56 zł', "1'234,56"];
    const { totals, problems } = await of('comma', cells);
    expect(problems).toEqual([]);
    expect(totals).toEqual(['-1234.56', '-1234.56', '1234.56', '1234.56', '1234.56']);
  });

  test('of the other convention are named by their line, and not guessed', async () => {
    const { totals, problems } = await of('both', ['1.234,56', '12.50', '7,5']);
    expect(problems).toMatchObject([
      { code: 'bad_amount', severity: 'blocking', line: 3, field: 'order_total', value: '12.50' },
    ]);
    expect(totals).toEqual(['1234.56', undefined, '7.50']);
  });
});

describe('dates', () => {
  const csv = (...dates: string[]) =>
    [
      'customer_code,order_number,order_date',
      ...dates.map((date, at) => `A,SO-D${at},${date}`),
    ].join('\n');
  const datesOf = async (publishId: string) =>
    (await fieldsOf(publishId, 'order')).map((order) => order.order_date);

  test('of which every day may be a month are asked about, and read as a person says', async () => {
    const { id, detected } = await upload(csv('03/04/2026', '05/06/2026'));
    expect(detected.questions).toEqual(['dates']);
    const { body } = await org.clerk.confirm(id, { ...readingOf(detected), dateOrder: 'mdy' });
    expect(await datesOf(body.publishId)).toEqual(['2026-03-04', '2026-05-06']);
    const said = await stage(csv('03/04/2026', '05/06/2026'), { dateOrder: 'dmy' });
    expect(await datesOf(said.publishId)).toEqual(['2026-04-03', '2026-06-05']);
  });

  test('of ISO, with points, and of Excel’s day numbers are days', async () => {
    const { publishId, import: told } = await stage(
      csv('2026-05-01', '31.12.2025', '46143', '1/2/2026'),
    );
    expect(told.problems).toEqual([]);
    expect(await datesOf(publishId)).toEqual([
      '2026-05-01',
      '2025-12-31',
      '2026-05-01',
      '2026-02-01',
    ]);
  });

  test('that are no days are named by their line', async () => {
    const report = await stage(csv('2026-05-01', '2026-02-30', '31/31/2026', '00/00/0000'));
    expect(linesOf(report)).toEqual([
      ['bad_date', 3],
      ['bad_date', 4],
      ['bad_date', 5],
    ]);
  });
});

describe('lines that are no rows', () => {
  test('above, between and below the rows are passed over, and lines stay those of the file', async () => {
    const report = await stage(
      [
        'Open items as of 1 May',
        '',
        'customer_code,customer_name,order_number,order_date,order_total,currency',
        'A,Adam,SO-L1,2026-05-01,10.00,EUR',
        ',,,,,',
        '',
        '"B","Bert\nand Sons",SO-L2,2026-05-02,20.00,EUR',
        'Subtotal,,,,30.00,',
        'customer_code,customer_name,order_number,order_date,order_total,currency',
        'C,Carl,SO-L3,2026-05-99,1.00,EUR',
        'Grand total,,,,31.00,',
      ].join('\n'),
    );
    expect(linesOf(report)).toEqual([
      ['totals_row', 9],
      ['bad_date', 11],
      ['totals_row', 12],
    ]);
    expect(report.import).toMatchObject({ rows: 3, skipped: 0 });
    expect(
      (await fieldsOf(report.publishId, 'customer')).map(({ customer_code: code }) => code),
    ).toEqual(['A', 'B', 'C']);
  });

  test('a header that comes twice is asked about, and the second is not read', async () => {
    const csv = 'customer_code,customer_name,Customer Name\nA,Adam,Other\n';
    const { id, detected } = await upload(csv);
    expect(detected.questions).toEqual(['columns']);
    expect(detected.fields).toEqual(['customer_code', 'customer_name', null]);
    const { body } = await org.clerk.confirm(id, readingOf(detected));
    expect((body as unknown as Report).import.duplicateColumns).toEqual(['Customer Name']);
    const twice: (typeof detected.fields)[number][] = [
      'customer_code',
      'customer_name',
      'customer_name',
    ];
    const refused = await org.clerk.confirm((await upload(csv)).id, {
      ...readingOf(detected),
      fields: twice,
    });
    expect([refused.status, refused.body]).toMatchObject([
      422,
      { error: { code: 'reading_invalid', fields: { customer_name: 'field_twice' } } },
    ]);
  });

  test('a file that is its header alone stages nothing that could be approved', async () => {
    const { publishId, import: told } = await stage('customer_code,customer_name\n');
    expect(told).toMatchObject({ rows: 0, items: 0, problems: [] });
    const { body } = await org.approver.get<{ approval: object }>(`publishes/${publishId}/review`);
    expect(body.approval).toMatchObject({ allowed: false, reason: 'nothing_passes' });
  });
});

test('a row that is broken is named by its line, and every row is told of', async () => {
  const report = await stage(
    [
      'customer_code,customer_name,order_number,order_date',
      'A,Adam,SO-B1,2026-05-01',
      'A,Adam',
      `A,"${'x'.repeat(33 * 1024)}",SO-B2,2026-05-01`,
      `A,"${'y'.repeat(3_000)}",SO-B3,2026-05-01`,
      ',,,2026-05-01',
      'A,Adam,SO-B1,2026-05-02',
      'A,Adam,SO-B1,2026-05-01,more',
    ].join('\n'),
  );
  expect(linesOf(report)).toEqual([
    ['ragged_row', 3],
    ['cell_too_long', 4],
    ['cell_too_long', 5],
    ['no_key', 6],
    ['contradiction', 7],
    ['ragged_row', 8],
  ]);
  const { totals, became } = await look(report.publishId);
  const sum = Object.values(became).reduce((all, next) => all + next, 0);
  expect([totals.rows, sum + (totals.skipped ?? 0)]).toEqual([7, 7]);
});
