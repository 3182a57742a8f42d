/** What is drawn: rows that it is drawn from, and the documents as their customer finds them. */
import { day } from './cast.ts';
import type { Customer } from './clients.ts';
import { textOf } from './copies.ts';

/** An order with one line, all of whose figures are easily found on a paper. */
export const drawnOrder = (number: string, more: Record<string, string> = {}, code = 'A') => ({
  customer_code: code,
  order_number: number,
  order_date: day(-5),
  order_total: '987.65',
  currency: 'EUR',
  po_number: `PO of ${number}`,
  delivery_address: 'Ulica Długa 5, Gdańsk',
  line_number: '1',
  line_item_code: 'BOLT-8',
  line_description: 'Hex bolt M8',
  line_quantity: '50',
  line_unit_price: '17.43',
  ...more,
});
/** An invoice without a file. */
export const drawnInvoice = (number: string, more: Record<string, string> = {}) => ({
  customer_code: 'A',
  invoice_number: number,
  invoice_date: day(-4),
  due_date: day(26),
  net: '500.00',
  tax: '115.00',
  total: '615.00',
  currency: 'EUR',
  ...more,
});

export type Listed = {
  id: string;
  kind: string;
  number: string;
  served: string;
  fileSize: number | null;
  fileName: string;
};

/** All of a customer's documents, page after page. */
export async function listedDocuments(by: Customer): Promise<Listed[]> {
  const found: Listed[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const path: string = cursor === '' ? 'documents' : `documents?cursor=${cursor}`;
    const { body } = await by.me<{ documents: Listed[]; nextCursor: string | null }>(path);
    found.push(...body.documents);
    cursor = body.nextCursor;
  }
  return found;
}

export const findDocument = async (by: Customer, number: string): Promise<Listed | undefined> =>
  (await listedDocuments(by)).find((row) => row.number === number);

/** All that the paper of this number says. */
export async function readDocument(by: Customer, number: string): Promise<string> {
  const answer = await by.bytes(`documents/${(await findDocument(by, number))?.id}`);
  if (answer.status !== 200) {
    throw new Error(`${number}: ${answer.status}`);
  }
  return textOf(await answer.arrayBuffer());
}

/** Whether an id that somebody may hold leads to nothing. */
export const isHidden = async (by: Customer, id: string | undefined): Promise<boolean> =>
  (await by.me(`documents/${id}`)).status === 404;
