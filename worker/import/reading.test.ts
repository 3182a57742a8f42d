import { expect, test } from 'vitest';
import { checkReading, type Detected, detect, HEAD_BYTES, type Reading } from './reading.ts';

/** Properties take a while where many tests share a machine. */
const SLOW_MS = 30_000;

const utf8 = (text: string) => new TextEncoder().encode(text);
const HEADER = 'customer_code,order_number,order_date,order_total';

function detected(file: string | Uint8Array, given?: Parameters<typeof detect>[1]): Detected {
  const found = detect(typeof file === 'string' ? utf8(file) : file, given);
  if ('error' in found) throw new Error(`${found.error} at ${found.line}`);
  return found;
}

const NOTHING = { dateOrders: [], decimals: [] };

test('a plain file is read without a question', () => {
  expect(detected(`${HEADER},Colour\nC,7,2026-05-01,1234.50,red\nC,8,2026-05-02,7,\n`)).toEqual({
    encoding: 'utf-8',
    delimiter: ',',
    headerLine: 1,
    dateOrder: 'ymd',
    decimal: '.',
    fields: ['customer_code', 'order_number', 'order_date', 'order_total', null],
    columns: [
      { name: 'customer_code', samples: ['C'] },
      { name: 'order_number', samples: ['7', '8'] },
      { name: 'order_date', samples: ['2026-05-01', '2026-05-02'] },
      { name: 'order_total', samples: ['1234.50', '7'] },
      { name: 'Colour', samples: ['red'] },
    ],
    fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
    questions: [],
    ruledOut: [NOTHING, NOTHING, NOTHING, { dateOrders: [], decimals: [','] }, NOTHING],
    preview: [
      ['C', '7', '2026-05-01', '1234.50', 'red'],
      ['C', '8', '2026-05-02', '7', ''],
    ],
    preamble: 0,
  });
});

test('a spreadsheet’s European export is read as it was written', () => {
  const found = detected(
    'Zestawienie za maj; 2026\r\n\r\nKod klienta;Nr zamówienia;Data zamówienia;Wartość zamówienia\r\nC;7;31.05.2026;1 234,50 zł\r\n',
  );
  expect(found).toMatchObject({
    delimiter: ';',
    headerLine: 3,
    preamble: 2,
    dateOrder: 'dmy',
    decimal: ',',
    fields: ['customer_code', 'order_number', 'order_date', 'order_total'],
    questions: [],
  });
});

test('bytes that are no UTF-8 are taken for windows-1252, and a person is asked', () => {
  const file = new Uint8Array([...utf8('customer_code,customer_name\nC,M'), 0xfc, 0x80, 0x0a]);
  expect(detected(file)).toMatchObject({ encoding: 'windows-1252', questions: ['encoding'] });
  expect(detected(file).preview).toEqual([['C', 'Mü€']]);
  expect(detected(file, { encoding: 'windows-1252' }).questions).toEqual([]);
  expect(detect(file, { encoding: 'utf-8' })).toEqual({ error: 'csv_not_utf8', line: 2 });
});

/** As Excel saves a CSV where Windows speaks Polish. */
const CODES: Record<string, number> = {
  ...{ ą: 0xb9, ć: 0xe6, ę: 0xea, ł: 0xb3, ń: 0xf1, ó: 0xf3, ś: 0x9c, ź: 0x9f, ż: 0xbf },
  ...{ Ą: 0xa5, Ć: 0xc6, Ę: 0xca, Ł: 0xa3, Ń: 0xd1, Ó: 0xd3, Ś: 0x8c, Ź: 0x8f, Ż: 0xaf, '€': 0x80 },
};
const windows1250 = (text: string) =>
  Uint8Array.from([...text].map((letter) => CODES[letter] ?? letter.charCodeAt(0)));

test.each([
  ['Kod klienta;Numer zamówienia;Wartość zamówienia\nC;7;1,50\n', 'names more columns'],
  ['Kod klienta;Nazwa klienta\nC;Zakłady Śrubowe Łódź\n', 'has a word of Polish letters'],
  ['Kod klienta;Nazwa klienta\nC;Stalownia Poznań\n', 'has one of them'],
  ['Kod klienta;Nazwa klienta\nC;ŻÓŁĆ I SPÓŁKA\n', 'shouts'],
])('%j is windows-1250, since it %s, and a person is asked all the same', (text) => {
  const file = windows1250(text);
  const found = detected(file);
  expect(found).toMatchObject({ encoding: 'windows-1250', questions: ['encoding'] });
  expect(found.fields).not.toContain(null);
  expect(found.columns.map(({ name }) => name).join(';')).toBe(text.split('\n')[0]);
  expect(found.preview[0]?.join(';')).toBe(text.split('\n')[1]);
  expect(detected(file, { encoding: 'windows-1250' }).questions).toEqual([]);
  expect(detected(file, { encoding: 'windows-1252' }).encoding).toBe('windows-1252');
});

test.each([
  'Código cliente;Nombre cliente\nC;¿Peña, Núñez y Muñoz? 1ª, 2º\n',
  'Código cliente;Nombre cliente\nC;ESPAÑA\n',
  'customer_code;customer_name\nC;Crêperie Œuvre du Cœur, 3 m³ à £5\n',
  'customer_code;customer_name\nC;Müller & Søn, Ærø, São Paulo\n',
])('%j is windows-1252', (text) => {
  const codes: Record<string, number> = { Œ: 0x8c, œ: 0x9c };
  const file = Uint8Array.from([...text].map((letter) => codes[letter] ?? letter.charCodeAt(0)));
  expect(detected(file)).toMatchObject({ encoding: 'windows-1252', questions: ['encoding'] });
  expect(detected(file).preview[0]?.join(';')).toBe(text.split('\n')[1]);
});

test.each([',', ';', '\t', '|'] as const)('cells set apart by %j are told apart', (delimiter) => {
  const rows = [
    ['order_number', 'line_description'],
    ['7', '"a, b; c|d\te"'],
    ['8', 'plain'],
  ];
  const found = detected(rows.map((cells) => cells.join(delimiter)).join('\n'));
  expect(found.delimiter).toBe(delimiter);
  expect(found.preview[0]).toEqual(['7', 'a, b; c|d\te']);
});

test('among delimiters by which the header names as much, that of most rows is the file’s', () => {
  expect(detected('order_number;Preis, netto;x\n7;1,5;a\n8;2,5;b\n').delimiter).toBe(';');
  expect(detected('order_number\n1,5\n2,5\n3\n').delimiter).not.toBe(',');
});

test('a single name above the header, with its value, is no header', () => {
  const found = detected('Customer ID,17\nOrder no,Order date,PO number\n7,2026-05-01,P1\n');
  expect(found).toMatchObject({ headerLine: 2, questions: [] });
});

test('a header of which nothing is recognised is found by its rows, and asked about', () => {
  const found = detected('Report\n\nAlpha,Beta,Gamma\n1,2,3\n4,5,6\n');
  expect(found).toMatchObject({
    headerLine: 3,
    fields: [null, null, null],
    columns: [
      { name: 'Alpha', samples: ['1', '4'] },
      { name: 'Beta', samples: ['2', '5'] },
      { name: 'Gamma', samples: ['3', '6'] },
    ],
    questions: ['columns'],
  });
});

test('a column without a name keeps its place', () => {
  const found = detected('Report,,\n,Alpha,Order no\n0,a,7\n1,b,8\n');
  expect(found).toMatchObject({ headerLine: 2, fields: [null, null, 'order_number'] });
  expect(detected(',Alpha,Beta\n0,a,7\n1,b,8\n')).toMatchObject({
    headerLine: 1,
    columns: [{ name: '' }, { name: 'Alpha' }, { name: 'Beta' }],
  });
});

test('two columns of one name are asked about, though it be the field’s own', () => {
  const twice = detected('customer_code,Order Number,Order number\nA,SO-1,7\n');
  expect(twice.questions).toContain('columns');
  expect(twice.fields).toEqual(['customer_code', 'order_number', null]);
  // Whoever names a field by its own name beside a synonym has said which it is.
  expect(detected('customer_code,order_number,order no\nA,SO-1,7\n').questions).not.toContain(
    'columns',
  );
});

test('a column that could be two fields is asked about, and so are two of one', () => {
  expect(detected('order_number,Date\n7,2026-05-01\n').questions).toEqual(['columns']);
  expect(detected('Order no,Order ID\n7,8\n').questions).toEqual(['columns']);
});

test.each([
  ['31/12/2026', '01/02/2026', 'dmy', []],
  ['12/31/2026', '01/02/2026', 'mdy', []],
  ['2026-01-02', '46023', 'ymd', []],
  ['01/02/2026', '03.04.2026', 'dmy', ['dates']],
  ['31/12/2026', '12/31/2026', 'dmy', ['dates']],
  ['31/12/26', '01/02/26', 'dmy', ['dates']],
])('dates as %s and %s are read as %s', (one, other, dateOrder, questions) => {
  expect(detected(`order_number,order_date\n7,${one}\n8,${other}\n`)).toMatchObject({
    dateOrder,
    questions,
  });
});

test('the order of dates in dollars is suggested as there, and asked all the same', () => {
  const file = 'order_number,currency,order_date\n7,USD,01/02/2026\n';
  expect(detected(file)).toMatchObject({ dateOrder: 'mdy', questions: ['dates'] });
});

test('a column that nobody knows yet has its dates asked about too', () => {
  expect(detected('order_number,Date\n7,01/02/2026\n').questions).toEqual(['columns', 'dates']);
  expect(detected('order_number,due_date,Printed\n7,2026-05-01,01/02/2026\n').questions).toEqual([
    'dates',
  ]);
});

test.each([
  ['order_total', ['1.234,50', '7'], ',', []],
  ['order_total', ['1,234.50', '7'], '.', []],
  ['order_total', ['1 234,5'], ',', []],
  ['order_total', ['1.234.567'], ',', []],
  ['order_total', ['0.125'], '.', []],
  ['order_total', ['100', '7'], '.', []],
  ['order_total', ['1.234'], ',', ['decimals']],
  ['line_quantity', ['1.234'], '.', ['decimals']],
  ['order_total', ['1,5', '1.5', '2,5'], ',', ['decimals']],
])('%s as %j has %j before its decimals', (field, cells, decimal, questions) => {
  const rows = cells.map((cell) => `7|${cell}`).join('\n');
  expect(detected(`order_number|${field}\n${rows}\n`)).toMatchObject({ decimal, questions });
});

test('semicolons between cells suggest a comma in numbers, and a person is asked', () => {
  const file = 'order_number;line_quantity\n7;1,234\n';
  expect(detected(file)).toMatchObject({ decimal: ',', questions: ['decimals'] });
});

test('what a person says of delimiter and header is taken as said', () => {
  const file = 'order_number,x\nAlpha;Beta\n1;2\n';
  expect(detected(file, { delimiter: ';', headerLine: 2 })).toMatchObject({
    delimiter: ';',
    headerLine: 2,
    columns: [{ name: 'Alpha' }, { name: 'Beta' }],
    preamble: 1,
  });
  expect(detect(utf8(file), { headerLine: 9 })).toEqual({ error: 'csv_no_header', line: 9 });
});

test('files of one make have one fingerprint, whatever stands above or below', () => {
  const plain = detected(`${HEADER}\nC,7,2026-05-01,1\n`).fingerprint;
  expect(detected(`Export\n${HEADER.toUpperCase()}\nD,8,,\n`).fingerprint).toBe(plain);
  expect(detected(`${HEADER},Colour\n`).fingerprint).not.toBe(plain);
  expect(detected('order_number,customer_code,order_date,order_total\n').fingerprint).not.toBe(
    plain,
  );
});

test('the column in which we said what is wrong is not one of the file', () => {
  const plain = detected(`${HEADER}\nC,7,2026-05-01,1\n`);
  expect(detected(`problem,${HEADER}\n"Bad date, line 2",C,7,2026-05-01,1\n`)).toEqual(plain);
  expect(detected(`line_number,problem,${HEADER}\n3,Bad,C,7,2026-05-01,1\n`)).toEqual(plain);
});

test('what cannot be read at all is refused with its line', () => {
  const refused = (text: string) => detect(utf8(text));
  expect(refused('')).toEqual({ error: 'csv_empty' });
  expect(refused('\ufeff \r\n\n')).toEqual({ error: 'csv_empty' });
  expect(refused('PK\x03\x04')).toEqual({ error: 'csv_binary' });
  expect(refused('order_number\n7\0\n')).toEqual({ error: 'csv_binary', line: 2 });
  expect(refused('just a text\nof two lines\n')).toEqual({ error: 'csv_no_header', line: 1 });
  expect(refused('order_number,x\n1,a\n2,"b\n3,c\n')).toEqual({
    error: 'csv_unclosed_quote',
    line: 3,
  });
});

test(
  'a beginning that is cut in the middle of a row, a quote and a character is read',
  () => {
    const row = 'C,7,2026-05-31,"é\n"\n';
    const file = `${HEADER}\n${row.repeat(HEAD_BYTES / 10)}`;
    // Cut behind the quote, in the é, and behind the quoted line end.
    for (const cut of [16, 17, 19]) {
      const above = 'x'.repeat((HEAD_BYTES - utf8(HEADER).length - 2 - cut) % utf8(row).length);
      const shifted = utf8(`${above}\n${file}`).subarray(0, HEAD_BYTES);
      expect(detected(shifted)).toMatchObject({ encoding: 'utf-8', headerLine: 2, questions: [] });
    }
  },
  SLOW_MS,
);

test('a reading without a key, with a field twice or for other columns may not be staged', () => {
  const reading: Reading = {
    encoding: 'utf-8',
    delimiter: ',',
    headerLine: 1,
    dateOrder: 'ymd',
    decimal: '.',
    fields: ['order_number', null, 'order_date'],
  };
  expect(checkReading(reading, 3)).toEqual([]);
  expect(checkReading(reading, 2)).toEqual([{ code: 'columns_differ' }]);
  expect(checkReading({ ...reading, fields: [null, null, 'order_date'] }, 3)).toEqual([
    { code: 'key_unmapped' },
  ]);
  expect(
    checkReading({ ...reading, fields: ['order_number', 'order_date', 'order_date'] }, 3),
  ).toEqual([{ code: 'field_twice', field: 'order_date' }]);
});
