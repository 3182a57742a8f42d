/** Rows of invoices, credit notes and payments, as tests of money write them. */
import { type Cells, customerRow, day, type Org, pdfOf, publish } from './cast.ts';

/** Issued 40 days ago, due 10 days ago, in euro. */
export const invoice = (number: string, total: string, more: Cells = {}): Cells => ({
  invoice_number: number,
  invoice_date: day(-40),
  due_date: day(-10),
  currency: 'EUR',
  total,
  ...more,
});
/** Issued 30 days ago; its paper comes with it. */
export const note = (number: string, total: string, of: string, more: Cells = {}): Cells => ({
  ...invoice(number, total, { invoice_date: day(-30), due_date: '' }),
  document_kind: 'credit_note',
  document_number: number,
  file_name: `${number}.pdf`,
  credited_invoice: of,
  ...more,
});
/** Paid 5 days ago. */
export const payment = (number: string, amount: string, more: Cells = {}): Cells => ({
  payment_number: number,
  payment_date: day(-5),
  payment_amount: amount,
  currency: 'EUR',
  ...more,
});
/** What of a payment went to an invoice. */
export const part = (of: string, amount: string): Cells => ({
  invoice_number: of,
  payment_allocated: amount,
});

/** Publishes rows of one customer, with the papers that they name. */
export async function publishBills(org: Org, code: string, rows: Cells[]): Promise<void> {
  const papers = rows.flatMap(({ file_name: name, document_number: number }) =>
    name && number ? [[name, pdfOf(`${number} Customer ${code}`)] as const] : [],
  );
  await publish(
    org,
    [customerRow(code, org), ...rows.map((row) => ({ customer_code: code, ...row }))],
    Object.fromEntries(papers),
  );
}
