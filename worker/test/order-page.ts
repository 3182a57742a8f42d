/** Orders as a customer reads them, for tests that say what is in them. */
import type { Customer } from './clients.ts';

export type Document = { id: string; kind: string; number: string };
export type OrderPage = {
  order: Record<string, unknown> & { status: string | null; amounts: unknown };
  lines: Record<string, unknown>[];
  shipments: Record<string, unknown>[];
  documents: Document[];
  missing: string[];
  creditNotes: Record<string, unknown>[];
  previous: { id: string; number: string } | null;
  next: { id: string; number: string } | null;
};

/** The order page as the customer gets it, or null when there is none. */
export async function readOrder(customer: Customer, number: string): Promise<OrderPage | null> {
  const home = await customer.me<{ orders: { id: string; number: string }[] }>('orders');
  const order = home.body.orders.find((one) => one.number === number);
  if (order === undefined) {
    return null;
  }
  const { body } = await customer.me<OrderPage>(`orders/${order.id}`);
  // Without who is looking: how long they may yet is another number each second.
  const { lines, shipments, documents, missing, creditNotes, previous, next } = body;
  return { order: body.order, lines, shipments, documents, missing, creditNotes, previous, next };
}
/** The kinds of an order's documents, sorted; null when there is no order. */
export const kindsOf = (page: OrderPage | null) =>
  page?.documents.map(({ kind }) => kind).sort() ?? null;
