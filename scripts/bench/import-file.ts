/** An index CSV of a size: orders with their lines and an invoice each, of customers it names. */

const ROWS_AN_ORDER = 4;
const ORDERS_A_CUSTOMER = 20;
const LINES = [
  ['BOLT-8', 'Hex bolt M8 x 40, zinc, box of 50', '10', '2.0000', '20.00'],
  ['NUT-8', 'Hex nut M8, A2, box of 100', '15', '2.0000', '30.00'],
  ['WASH-8', 'Washer M8, DIN 125, box of 200', '25', '2.0000', '50.00'],
] as const;
const COLUMNS = [
  'customer_code',
  'customer_name',
  'order_number',
  'order_date',
  'order_status',
  'order_subtotal',
  'order_tax',
  'order_total',
  'currency',
  'po_number',
  'line_number',
  'line_item_code',
  'line_description',
  'line_quantity',
  'line_unit_price',
  'line_total',
  'document_kind',
  'document_number',
  'document_date',
  'due_date',
  'net',
  'tax',
  'total',
  'file_name',
] as const;

/** `rows` rows of about 175 bytes. Its documents have no PDFs, which blocks them and nothing else. */
export function importFile(rows: number): string {
  const written = Array.from({ length: rows }, (_, at) =>
    rowOf(Math.floor(at / ROWS_AN_ORDER), at % ROWS_AN_ORDER),
  );
  return [COLUMNS, ...written].map((cells) => `${cells.map(quoted).join(',')}\n`).join('');
}

const quoted = (cell: string) => (cell.includes(',') ? `"${cell}"` : cell);

/** The row of an order at a place: its lines, then its invoice. */
function rowOf(order: number, place: number): string[] {
  const customer = String(Math.floor(order / ORDERS_A_CUSTOMER)).padStart(6, '0');
  const number = String(order).padStart(7, '0');
  const cells: Partial<Record<(typeof COLUMNS)[number], string>> = {
    customer_code: `C-${customer}`,
    customer_name: `Customer ${customer} Trading Ltd`,
    order_number: `SO-2026-${number}`,
    order_date: '2026-03-16',
    order_status: 'shipped',
    currency: 'EUR',
  };
  const line = LINES[place];
  if (line === undefined) {
    Object.assign(cells, {
      document_kind: 'invoice',
      document_number: `INV-2026-${number}`,
      document_date: '2026-03-17',
      due_date: '2026-04-16',
      net: '100.00',
      tax: '21.00',
      total: '121.00',
      file_name: `INV-2026-${number}.pdf`,
    });
  } else {
    const [code, description, quantity, price, total] = line;
    Object.assign(cells, {
      order_subtotal: '100.00',
      order_tax: '21.00',
      order_total: '121.00',
      po_number: `PO-${number}`,
      line_number: String(place + 1),
      line_item_code: code,
      line_description: description,
      line_quantity: quantity,
      line_unit_price: price,
      line_total: total,
    });
  }
  return COLUMNS.map((column) => cells[column] ?? '');
}
