import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CANONICAL_FIELDS } from '../vocabulary.ts';
import { detect } from './reading.ts';
import {
  mergeParts,
  openSource,
  openStaging,
  type StagedImport,
  type StagedItem,
  type StagedPart,
  stage,
} from './stage.ts';

/** Properties take a while where many tests share a machine. */
const SLOW_MS = 30_000;

function staged(text: string): StagedImport {
  const result = stage(new TextEncoder().encode(text));
  if ('error' in result) throw new Error(result.error);
  return result;
}

function item(result: StagedImport, kind: string, key: string): StagedItem {
  const found = result.items.find((one) => one.kind === kind && one.key === key);
  if (found === undefined) {
    throw new Error(`${kind} ${key} is not among ${result.items.map((one) => one.key).join(' ')}`);
  }
  return found;
}

const kinds = (result: StagedImport) => result.items.map(({ kind, key }) => `${kind} ${key}`);

test('a number that is hardly its carrier’s is told once of its parcel, in whichever row the carrier stands', () => {
  const csv = [
    'customer_code,order_number,order_date,carrier,tracking_number',
    'A,1,2026-05-01,,77',
    'A,1,2026-05-01,Van,77',
    'A,1,2026-05-01,Van,77',
    'A,1,2026-05-01,Van,78',
    'A,1,2026-05-01,,79',
  ].join('\n');
  const bytes = new TextEncoder().encode(csv);
  const reading = detect(bytes);
  if ('error' in reading) throw new Error(reading.error);
  const staging = openStaging(reading, (carrier, number) => carrier === 'Van' && number !== '78');
  const parts = [staging.push(bytes), staging.end()];
  const problems = parts.flatMap((part) =>
    'error' in part ? [] : part.items.flatMap((one) => one.problems),
  );
  expect(problems).toEqual([
    { code: 'tracking_number_unlikely', line: 3, field: 'tracking_number', value: '77' },
  ]);
});

test('one wide row names every entity it has a key for', () => {
  const result = staged(
    [
      'customer_code,customer_name,contact_email,order_number,order_date,order_status,currency,line_item_code,line_quantity,carrier,tracking_number,document_kind,document_number,document_date,file_name,due_date,total',
      'c-01,Acme,Ana@acme.example,so-7,2026-05-01,Shipped,eur,SKU-1,2,DHL,jd 01,Invoice,inv-9,2026-05-02,out/INV-9.pdf,2026-06-01,12.5',
    ].join('\n'),
  );
  expect(kinds(result)).toEqual([
    'customer C-01',
    'contact C-01:ana@acme.example',
    'order SO-7',
    'order_line SO-7#1',
    'shipment SO-7:JD01',
    'invoice INV-9',
    'document invoice:INV-9',
  ]);
  expect(item(result, 'invoice', 'INV-9')).toEqual({
    kind: 'invoice',
    key: 'INV-9',
    customerCode: 'c-01',
    customerKey: 'C-01',
    orderKey: 'SO-7',
    line: 2,
    position: 6,
    rows: 0,
    fields: {
      invoice_number: 'inv-9',
      document_kind: 'invoice',
      invoice_date: '2026-05-02',
      due_date: '2026-06-01',
      total: '12.50',
      currency: 'EUR',
    },
    problems: [],
  });
  expect(item(result, 'document', 'invoice:INV-9').fields).toEqual({
    document_kind: 'invoice',
    document_number: 'inv-9',
    document_date: '2026-05-02',
    file_name: 'INV-9.pdf',
  });
  expect(item(result, 'order', 'SO-7').fields.order_status).toBe('shipped');
  expect(result).toMatchObject({ rows: 1, skipped: 0, problems: [] });
});

test('files that cannot be read are refused with their line', () => {
  const refused = (text: string) => stage(new TextEncoder().encode(text));
  expect(refused('')).toEqual({ error: 'csv_empty' });
  expect(refused('PK\x03\x04')).toEqual({ error: 'csv_binary' });
  expect(refused('name,price\nx,1\n')).toEqual({ error: 'csv_no_header', line: 1 });
  expect(refused('order_number\n"7\n')).toEqual({ error: 'csv_unclosed_quote', line: 2 });
});

test('unknown and repeated columns are named and not read', () => {
  const result = staged('Order no,Colour,Order ID,Client code\n7,red,8,C\n');
  expect(result.unknownColumns).toEqual(['Colour']);
  expect(result.duplicateColumns).toEqual(['Order ID']);
  expect(kinds(result)).toEqual(['customer C', 'order 7']);
});

test('repeated values collapse, and blanks clear nothing', () => {
  const result = staged(
    'customer_code,order_number,order_date,order_total\nC,7,2026-05-01,\nc, 7,,10\nC,7,2026-05-01,10.00\n',
  );
  expect(kinds(result)).toEqual(['customer C', 'order 7']);
  expect(item(result, 'order', '7')).toMatchObject({
    line: 2,
    fields: { order_date: '2026-05-01', order_total: '10.00' },
    problems: [],
  });
  expect(result).toMatchObject({ rows: 3, skipped: 0 });
});

test('rows that contradict each other are named by both lines, and the first value stays', () => {
  const result = staged(
    'customer_code,order_number,order_date,order_total\nC,7,,10\nC,7,2026-05-01,\nC,7,2026-05-02,11\n',
  );
  const order = item(result, 'order', '7');
  expect(order.fields).toMatchObject({ order_date: '2026-05-01', order_total: '10.00' });
  expect(order.problems).toEqual([
    { code: 'contradiction', line: 4, field: 'order_date', value: '2026-05-02', otherLine: 3 },
    { code: 'contradiction', line: 4, field: 'order_total', value: '11.00', otherLine: 2 },
  ]);
});

test('one order, or one document, under two customers holds all that the second row names', () => {
  const result = staged(
    'customer_code,order_number,invoice_number,contact_email\nA,7,I1,\nB,7,I2,x@b.example\nB,8,I1,\n',
  );
  const dispute = { code: 'contradiction', field: 'customer_code', value: 'B' };
  expect(item(result, 'order', '7').problems).toMatchObject([
    { ...dispute, line: 3, otherLine: 2 },
  ]);
  expect(item(result, 'invoice', 'I2').problems).toMatchObject([{ ...dispute, line: 3 }]);
  expect(item(result, 'contact', 'B:x@b.example').problems).toMatchObject([dispute]);
  expect(item(result, 'invoice', 'I1').problems).toMatchObject([
    { ...dispute, line: 4, otherLine: 2 },
    { code: 'contradiction', field: 'order_number', value: '8', line: 4, otherLine: 2 },
  ]);
  expect(item(result, 'order', '8').problems).toEqual([]);
});

test('a row without a customer takes the customer of its order, wherever the file gives it', () => {
  const result = staged(
    'customer_code,order_number,invoice_number,contact_email\n,7,I1,a@c.example\nC,7,,\n',
  );
  expect(item(result, 'invoice', 'I1')).toMatchObject({ customerCode: 'C', customerKey: 'C' });
  expect(item(result, 'contact', 'C:a@c.example').problems).toEqual([]);
});

test('a row without a customer is left to its order, and without an order it is a problem', () => {
  const result = staged('customer_code,order_number,invoice_number\n,7,I1\n,,I2\n');
  expect(item(result, 'invoice', 'I1')).toMatchObject({ customerKey: '', problems: [] });
  expect(item(result, 'invoice', 'I2').problems).toEqual([
    { code: 'customer_code_missing', line: 3 },
  ]);
});

test('a contact is never left to an order that the file does not know', () => {
  const result = staged('order_number,contact_email\n7,a@c.example\n');
  expect(item(result, 'contact', ':a@c.example').problems).toEqual([
    { code: 'customer_code_missing', line: 2 },
  ]);
});

test('lines without a number take their place in the order, the same article twice too', () => {
  const result = staged(
    'customer_code,order_number,line_number,sku,qty\nC,7,,A,1\nC,8,,A,1\nC,7,,A,1\nC,7,10,B,2\nC,7,10,B,2\nC,7,,D,1\n',
  );
  expect(kinds(result).filter((name) => name.startsWith('order_line'))).toEqual([
    'order_line 7#1',
    'order_line 8#1',
    'order_line 7#2',
    'order_line 7#10',
    'order_line 7#4',
  ]);
  expect(item(result, 'order_line', '7#2').fields).toEqual({
    line_number: '2',
    line_item_code: 'A',
    line_quantity: '1',
  });
});

test('a line or a parcel without an order is named', () => {
  const result = staged('customer_code,order_number,sku,tracking_number\nC,,A,\nC,,,T1\n');
  expect(result.problems).toEqual([
    { code: 'order_missing', line: 2, field: 'line_item_code', value: 'A' },
    { code: 'order_missing', line: 3, field: 'tracking_number', value: 'T1' },
  ]);
});

test('a document takes its number from what it belongs to', () => {
  const result = staged(
    [
      'customer_code,order_number,tracking_number,invoice_number,document_kind,document_number,file_name',
      'C,7,T1,,POD,,a.pdf',
      'C,7,,,Packing slip,,slip 12.v2.pdf',
      'C,7,,,Order confirmation,,',
      'C,7,,I1,Invoice,,i.pdf',
      'C,,,,Statement,,2026-05.pdf',
      'C,7,,,Invoice,,j.pdf',
      'C,7,,,,D1,',
      'C,7,,,Bill of lading,D2,',
    ].join('\n'),
  );
  expect(kinds(result).filter((name) => name.startsWith('document'))).toEqual([
    'document proof_of_delivery:7/T1',
    'document packing_slip:SLIP12.V2',
    'document order_confirmation:7',
    'document invoice:I1',
    'document statement:2026-05',
    'document invoice:?7',
    'document ?:D1',
    'document ?:D2',
  ]);
  expect(item(result, 'document', 'proof_of_delivery:7/T1').fields.document_number).toBe('7/T1');
  expect(item(result, 'document', 'invoice:?7').problems).toEqual([
    { code: 'document_without_number', line: 7 },
  ]);
  expect(item(result, 'document', '?:D1').problems).toEqual([
    { code: 'document_without_kind', line: 8 },
  ]);
  expect(item(result, 'document', '?:D2').problems).toEqual([
    { code: 'unknown_document_kind', line: 9, field: 'document_kind', value: 'Bill of lading' },
  ]);
});

test('an invoice number alone makes an invoice and no document', () => {
  const result = staged('customer_code,invoice_number,total\nC,I1,5\n');
  expect(kinds(result)).toEqual(['customer C', 'invoice I1']);
  expect(item(result, 'invoice', 'I1').fields).toEqual({
    invoice_number: 'I1',
    document_kind: 'invoice',
    total: '5.00',
  });
});

test('the kind of another document on the row says nothing about the invoice', () => {
  const result = staged(
    'customer_code,invoice_number,document_kind,document_number\nC,I1,POD,P1\nC,I1,Credit note,I1\n',
  );
  expect(item(result, 'invoice', 'I1')).toMatchObject({
    fields: { document_kind: 'credit_note' },
    problems: [],
  });
});

test('a credit note keeps the sign it is written with', () => {
  const result = staged(
    'customer_code,document_kind,document_number,credited_invoice,total\nC,Credit note,CN1,I1,-5\nC,Credit note,CN2,I1,5\n',
  );
  expect(item(result, 'invoice', 'CN1').fields).toMatchObject({
    document_kind: 'credit_note',
    credited_invoice: 'I1',
    total: '-5.00',
  });
  expect(item(result, 'invoice', 'CN2').fields.total).toBe('5.00');
});

test('an invoice row with two different numbers is not guessed', () => {
  const result = staged(
    'customer_code,document_kind,document_number,invoice_number\nC,Credit note,CN1,I1\n',
  );
  const problem = { code: 'contradiction', line: 2, field: 'document_number', value: 'CN1' };
  expect(item(result, 'invoice', 'I1').problems).toMatchObject([problem]);
  expect(item(result, 'document', 'credit_note:CN1').problems).toMatchObject([problem]);
});

test('a payment and what it is for are two items, and make no empty invoice', () => {
  const result = staged(
    [
      'customer_code,payment_number,payment_date,payment_amount,payment_allocated,currency,invoice_number,total',
      'C,P/1,2026-05-20,100,60,EUR,FV/1,',
      'C,p/1,2026-05-20,100,40,EUR,FV/2,',
      'C,P/2,2026-05-21,5,,EUR,FV/3,5',
      'C,P/3,2026-05-21,5,,EUR,,',
    ].join('\n'),
  );
  expect(kinds(result)).toEqual([
    'customer C',
    'payment P/1',
    'payment_allocation P/1 / FV/1',
    'payment_allocation P/1 / FV/2',
    'invoice FV/3',
    'payment P/2',
    'payment_allocation P/2 / FV/3',
    'payment P/3',
  ]);
  expect(item(result, 'payment', 'P/1')).toMatchObject({
    orderKey: null,
    fields: { payment_amount: '100.00', currency: 'EUR' },
    problems: [],
  });
  expect(item(result, 'payment_allocation', 'P/1 / FV/2').fields).toEqual({
    payment_number: 'p/1',
    invoice_number: 'FV/2',
    payment_allocated: '40.00',
  });
});

test('a payment goes whole to the only invoice that it names, wherever the file says so', () => {
  const result = staged(
    [
      'customer_code,payment_number,payment_amount,payment_allocated,invoice_number',
      'C,P1,,,I1',
      'C,P1,70,,',
      'C,P2,70,,I1',
      'C,P2,70,,I2',
      'C,P3,70,x,I1',
      'C,P4,,,I1',
    ].join('\n'),
  );
  const allocated = (key: string) =>
    item(result, 'payment_allocation', key).fields.payment_allocated;
  expect(allocated('P1 / I1')).toBe('70.00');
  for (const key of ['P2 / I1', 'P2 / I2', 'P3 / I1', 'P4 / I1']) {
    expect(allocated(key), key).toBeUndefined();
  }
  expect(item(result, 'payment_allocation', 'P3 / I1').problems).toMatchObject([
    { code: 'bad_amount', line: 6, field: 'payment_allocated' },
  ]);
});

test('a damaged payment number blocks its row; one payment of two amounts is a problem', () => {
  const result = staged(
    'customer_code,payment_number,payment_amount\nC,1.23E+11,5\nC,P1,5\nC,P1,5.00\nC,P1,6\n,P2,5\n',
  );
  expect(result.problems).toEqual([
    { code: 'excel_damage', line: 2, field: 'payment_number', value: '1.23E+11' },
  ]);
  expect(item(result, 'payment', 'P1').problems).toEqual([
    { code: 'contradiction', line: 5, field: 'payment_amount', value: '6.00', otherLine: 3 },
  ]);
  expect(item(result, 'payment', 'P2').problems).toEqual([
    { code: 'customer_code_missing', line: 6 },
  ]);
});

test('what happened to a parcel is one item for each time and status', () => {
  const result = staged(
    [
      'customer_code,order_number,tracking_number,event_time,event_status,event_city',
      'C,7,T1,12.05.2026 14:30,Delivered,Poznań',
      'C,7,T1,12.05.2026 14:30,Entregado,',
      'C,7,T1,13.05.2026 2:05 PM,On hold,',
      'C,7,T1,13.05.2026,Delivered,',
      'C,7,T1,,Delivered,',
      'C,,T1,12.05.2026 14:30,Delivered,',
    ].join('\n'),
  );
  expect(kinds(result)).toEqual([
    'customer C',
    'order 7',
    'shipment 7:T1',
    'tracking_event 7:T1:2026-05-12T14:30:00:delivered',
    'tracking_event 7:T1:2026-05-13T14:05:00:On hold',
    'tracking_event 7:T1:13.05.2026:delivered',
  ]);
  expect(item(result, 'tracking_event', '7:T1:2026-05-12T14:30:00:delivered')).toMatchObject({
    orderKey: '7',
    rows: 2,
    fields: { tracking_number: 'T1', event_status: 'delivered', event_city: 'Poznań' },
    problems: [],
  });
  const told = result.items.flatMap(({ problems }) => problems.map(({ code }) => code));
  expect(told).toEqual(['unknown_event_status', 'bad_time']);
  expect(result.problems).toMatchObject([
    { code: 'no_key', line: 6, field: 'event_status' },
    { code: 'order_missing', line: 7, field: 'tracking_number' },
  ]);
});

test('a damaged key blocks its row, other damage the item it belongs to', () => {
  const result = staged(
    'customer_code,order_number,po_number,order_date\nC,1.23E+11,P,\nC,7,4.5E+10,2026-31-01\n',
  );
  expect(result.problems).toEqual([
    { code: 'excel_damage', line: 2, field: 'order_number', value: '1.23E+11' },
  ]);
  expect(result).toMatchObject({ rows: 2, skipped: 1 });
  expect(kinds(result)).toEqual(['customer C', 'order 7']);
  expect(item(result, 'order', '7').problems).toEqual([
    { code: 'excel_damage', line: 3, field: 'po_number', value: '4.5E+10' },
    { code: 'bad_date', line: 3, field: 'order_date', value: '2026-31-01' },
  ]);
});

test('a bad address makes a contact that cannot pass', () => {
  const result = staged('customer_code,contact_email\nC,Ana at acme\n');
  expect(item(result, 'contact', 'C:ana at acme')).toMatchObject({
    fields: {},
    problems: [{ code: 'bad_email', line: 2, field: 'contact_email', value: 'Ana at acme' }],
  });
});

test('a cell without a home is told, once a row', () => {
  const result = staged(
    'customer_code,customer_name,order_number,carrier,due_date,invoice_number\nC,Acme,7,DHL,2026-05-01,\n,Acme,,,,\n',
  );
  expect(result.problems).toEqual([
    { code: 'no_key', line: 2, field: 'carrier', value: 'DHL' },
    { code: 'customer_code_missing', line: 3, field: 'customer_name', value: 'Acme' },
  ]);
  expect(result.skipped).toBe(1);
});

test('ragged rows are skipped and named with their line in the file', () => {
  const result = staged('order_number,customer_code,x\n"7","C","two\nlines"\n8,C\n9,C,z\n');
  expect(result.problems).toEqual([{ code: 'ragged_row', line: 4, value: '8,C' }]);
  expect(item(result, 'order', '9').line).toBe(5);
  expect(result).toMatchObject({ rows: 3, skipped: 1 });
});

test('a reported cell is cut to 100 characters, and never through one', () => {
  const result = staged(`customer_code,order_number,order_date\nC,7,${'x'.repeat(99)}😀\n`);
  const value = item(result, 'order', '7').problems[0]?.value ?? '';
  expect(value).toHaveLength(100);
  expect(value.isWellFormed()).toBe(true);
});

test('one item never carries problems without end', () => {
  const rows = Array.from({ length: 500 }, (_, n) => `C,7,${n}`).join('\n');
  const result = staged(`customer_code,order_number,order_total\n${rows}\n`);
  expect(item(result, 'order', '7').problems).toHaveLength(50);
});

test('rows that sum up others are passed over, and named by their line', () => {
  const result = staged(
    [
      'customer_code,order_number,line_description,line_quantity,order_total',
      'C,7,Bolt,2,10',
      ',,Subtotal,2,10',
      'Total,,,,10.00',
      ',Razem:,,2,',
      'TOTAL,,,,',
      'TOTAL,8,Bolt,1,5',
      'C,9,Total station,1,5',
    ].join('\n'),
  );
  const total = (line: number, value: string) => ({ code: 'totals_row', line, value });
  expect(result.problems).toEqual([total(3, 'Subtotal'), total(4, 'Total'), total(5, 'Razem:')]);
  expect(result).toMatchObject({ rows: 4, skipped: 0, blank: 3 });
  expect(kinds(result)).toContain('customer TOTAL');
  expect(kinds(result)).toContain('order 9');
});

test('a customer that is called Total stays one', () => {
  const result = staged('customer_code,customer_name,order_total\nTOTAL,Total SE,\n');
  expect(kinds(result)).toEqual(['customer TOTAL']);
});

test('our own list of problems, corrected, is read without the column that names them', () => {
  const result = staged(
    'problem,customer_code,order_number,order_date\n"Bad date, twice",C,7,2026-05-01\n,C,8,2026-05-02\n',
  );
  expect(result).toMatchObject({ rows: 2, skipped: 0, unknownColumns: [], problems: [] });
});

test('a line goes by the number that our list of problems says it was given', () => {
  const columns = 'line_number,problem,customer_code,order_number,sku';
  const result = staged(`${columns}\n3,Bad,C,7,A\n,Bad,C,7,B\nx,Bad,C,7,D\n`);
  expect(kinds(result).filter((name) => name.startsWith('order_line'))).toEqual([
    'order_line 7#3',
    'order_line 7#2',
    'order_line 7#?4',
  ]);
  // Without our other column it is a column like any other.
  const plain = staged('line_number,customer_code,order_number,sku\n3,C,7,A\n');
  expect(kinds(plain)).toContain('order_line 7#3');
});

test('a row that makes no line keeps its place for when it is mended', () => {
  const result = staged(
    [
      'customer_code,order_number,sku,invoice_number',
      'C,7,A,1.23E+11',
      'C,7,B,I1',
      'C,8,A',
      'C,7,D,,',
      'C,8,B,',
      'C,7,E,,x',
      'C,7,F,',
    ].join('\n'),
  );
  expect(kinds(result).filter((name) => name.startsWith('order_line'))).toEqual([
    'order_line 7#2',
    'order_line 7#3',
    'order_line 8#2',
    'order_line 7#5',
  ]);
  expect([...result.places].map(([line, { number }]) => [line, number])).toEqual([
    [2, 1],
    [3, 2],
    [4, 1],
    [5, 3],
    [6, 2],
    [7, 4],
    [8, 5],
  ]);
});

test('a line whose number cannot be read takes no other line’s', () => {
  const result = staged('customer_code,order_number,line_number,sku\nC,7,1a,A\nC,7,1,B\n');
  expect(item(result, 'order_line', '7#?2').problems).toMatchObject([{ code: 'bad_number' }]);
  expect(item(result, 'order_line', '7#1').fields.line_item_code).toBe('B');
});

test('what was written before UTF-8 is staged with its letters and its €', () => {
  const bytes = Uint8Array.from('customer_code,customer_name\r\nC,M\u00fcller \u0080', (letter) =>
    letter.charCodeAt(0),
  );
  const result = stage(bytes);
  if ('error' in result) throw new Error(result.error);
  expect(item(result, 'customer', 'C').fields.customer_name).toBe('Müller €');
});

test('each piece of damage is named by its line, over parts and quoted line ends', () => {
  const lines = [
    'Export of May',
    '',
    'customer_code;order_number;order_date;order_total;line_description',
    'C;7;31.05.2026;1.234,50;"two',
    'lines"',
    'C;8;31.31.2026;(2,5);x',
    'C;1,5E+12;01.05.2026;7,00;x',
    'C;9;01.05.2026',
    ';;;;',
    'Suma;;;1.241,50;',
    `C;10;01.05.2026;1;${'y'.repeat(40_000)}`,
    'C;11;#####;1.5;x',
    '',
  ];
  const problems = [
    { code: 'bad_date', line: 6, field: 'order_date', value: '31.31.2026' },
    { code: 'excel_damage', line: 7, field: 'order_number', value: '1,5E+12' },
    { code: 'ragged_row', line: 8, value: 'C;9;01.05.2026' },
    { code: 'totals_row', line: 10, value: 'Suma' },
    { code: 'cell_too_long', line: 11, value: 'y'.repeat(100) },
    { code: 'excel_damage', line: 12, field: 'order_date', value: '#####' },
    { code: 'bad_amount', line: 12, field: 'order_total', value: '1.5' },
  ];
  for (const end of ['\n', '\r\n', '\r']) {
    const bytes = new TextEncoder().encode(lines.join(end));
    const reading = detect(bytes);
    if ('error' in reading) throw new Error(reading.error);
    for (const size of [7, 1000, bytes.length]) {
      const staging = openStaging(reading);
      const parts: StagedPart[] = [];
      for (let from = 0; from < bytes.length; from += size) {
        const part = staging.push(bytes.subarray(from, from + size));
        if ('error' in part) throw new Error(part.error);
        parts.push(part);
      }
      const last = staging.end();
      if ('error' in last) throw new Error(last.error);
      const result = mergeParts([...parts, last]);
      const told = [...result.problems, ...result.items.flatMap((one) => one.problems)];
      expect(told.sort((a, b) => a.line - b.line)).toEqual(problems);
      expect(result).toMatchObject({ rows: 6, skipped: 3, blank: 2 });
    }
  }
});

test('the rows of a file come again as they stand, by the lines that problems name', () => {
  const bytes = new TextEncoder().encode(
    'Export\r\norder_number;x\r\n7;"a\r\nb"\r\n8\r\n\r\n9;c;d',
  );
  const reading = detect(bytes);
  if ('error' in reading) throw new Error(reading.error);
  const source = openSource(reading);
  const rows = [source.push(bytes.subarray(0, 20)), source.push(bytes.subarray(20)), source.end()];
  expect(rows.flat()).toEqual([
    { line: 2, cells: ['order_number', 'x'] },
    { line: 3, cells: ['7', 'a\nb'] },
    { line: 5, cells: ['8'] },
    { line: 6, cells: [''] },
    { line: 7, cells: ['9', 'c', 'd'] },
  ]);
});

test('a quote that never closes ends the reading soon, by its line, and for good', () => {
  const reading = detect(new TextEncoder().encode('customer_code,customer_name\nC,x\n'));
  if ('error' in reading) throw new Error(reading.error);
  const staging = openStaging(reading);
  const part = new TextEncoder().encode('C,x\n'.repeat(100_000));
  staging.push(new TextEncoder().encode('customer_code,customer_name\nC,"x\n'));
  const answers = [1, 2, 3, 4].map(() => staging.push(part));
  const error = { error: 'csv_unclosed_quote', line: 2 };
  expect(answers.slice(2)).toEqual([error, error]);
  expect(staging.end()).toEqual(error);
});

test('a contact above the row that names its order’s customer is that customer’s', () => {
  const reading = detect(
    new TextEncoder().encode('customer_code,order_number,contact_email,customer_name\n'),
  );
  if ('error' in reading) throw new Error(reading.error);
  const staging = openStaging(reading);
  const push = (text: string) => {
    const part = staging.push(new TextEncoder().encode(text));
    if ('error' in part) throw new Error(part.error);
    return part.items.map(({ kind, key, customerKey, line, rows }) => ({
      kind,
      key,
      customerKey,
      line,
      rows,
    }));
  };
  push('customer_code,order_number,contact_email,customer_name\n');
  expect(push(',7,a@c.example,Acme\n')).toEqual([
    { kind: 'order', key: '7', customerKey: '', line: 2, rows: 1 },
  ]);
  expect(push('C,7,,\n')).toEqual([
    { kind: 'customer', key: 'C', customerKey: 'C', line: 2, rows: 0 },
    { kind: 'contact', key: 'C:a@c.example', customerKey: 'C', line: 2, rows: 0 },
    { kind: 'order', key: '7', customerKey: 'C', line: 3, rows: 1 },
  ]);
  expect(push(',8,b@c.example,Other\n')).toHaveLength(1);
  const last = staging.end();
  expect(last).toMatchObject({
    items: [
      {
        key: ':b@c.example',
        customerKey: '',
        problems: [{ code: 'customer_code_missing', line: 4 }],
      },
    ],
    problems: [{ code: 'no_key', line: 4, field: 'customer_name', value: 'Other' }],
  });
});

test(
  'any file is answered, adds up, and names each item once',
  () => {
    const names = Object.keys(CANONICAL_FIELDS);
    const cell = fc.oneof(
      { weight: 3, arbitrary: fc.constant('') },
      fc.constantFrom('7', '8', 'C', 'I1', 'a@b.example', 'x.pdf', '1.5', '2026-05-01', '1E+9'),
      fc.constantFrom(
        'invoice',
        'POD',
        'credit note',
        'EUR',
        'delivered',
        '2026-05-01 10:00',
        '\u200b',
        '"',
        'a\nb',
        '..',
      ),
      fc.string({ unit: 'binary', maxLength: 6 }),
    );
    const file = fc.subarray(names, { minLength: 1 }).chain((columns) =>
      fc.record({
        columns: fc.constant(['customer_code', ...columns]),
        rows: fc.array(fc.array(cell, { minLength: 1, maxLength: columns.length + 2 }), {
          maxLength: 12,
        }),
      }),
    );
    fc.assert(
      fc.property(file, ({ columns, rows }) => {
        const lines = rows.map((row) => {
          const padded = [...row, ...columns.map(() => '')].slice(0, Math.max(columns.length, 1));
          return padded.map((text) => `"${text.replaceAll('"', '""')}"`).join(',');
        });
        const result = stage(new TextEncoder().encode([columns.join(','), ...lines].join('\n')));
        if ('error' in result) return;
        const ids = kinds(result);
        expect(new Set(ids).size).toBe(ids.length);
        expect(result.items.map(({ position }) => position)).toEqual(ids.map((_, at) => at + 1));
        expect(result.rows + result.blank).toBe(rows.length);
        const counted = result.items.reduce((sum, { rows }) => sum + rows, 0);
        expect(counted + result.skipped).toBe(result.rows);
        const told = new Set(result.problems.map(({ line }) => line));
        expect(result.skipped).toBeLessThanOrEqual(told.size);
        for (const { fields, key } of result.items) {
          expect(key.length).toBeLessThanOrEqual(360);
          for (const value of Object.values(fields)) expect(value).not.toBe('');
        }
      }),
      { numRuns: 300 },
    );
  },
  SLOW_MS,
);
