/** Issues as customers report them, for tests that say what becomes of them. */
import type { Customer } from './clients.ts';

export type Issue = {
  id: string;
  number: string;
  orderNumber: string;
  orderId: string | null;
  lineNumbers: number[];
  kind: string;
  description: string;
  contactEmail: string;
  contactPhone: string | null;
  status: string;
  creditNoteNumber: string | null;
  createdAt: string;
  changedAt: string;
};
export type Photo = { id: string; fileName: string; size: number; mediaType: string };
type Message = {
  id: string;
  author: string;
  authorName: string;
  body: string;
  createdAt: string;
};
export type IssuePage = { issue: Issue; messages: Message[]; photos: Photo[] };

/** A key as the form makes one. */
export const newKey = () => crypto.randomUUID();

/** What the form sends of an order with one line. */
export const damaged = {
  kind: 'damaged',
  description: 'Two of the boxes were crushed.',
  lineNumbers: [1],
  contactEmail: 'dock@customer.example',
  contactPhone: '+48 600 100 200',
};

export function report(
  customer: Customer,
  orderId: string,
  body: object = damaged,
  key = newKey(),
) {
  return customer.post<{ issue: Issue }>(`orders/${orderId}/report-issue`, body, {
    'Idempotency-Key': key,
  });
}

export function answer(customer: Customer, issueId: string, body: string, key = newKey()) {
  return customer.post<{ message: Message }>(
    `issues/${issueId}/messages`,
    { body },
    { 'Idempotency-Key': key },
  );
}

export function addPhoto(
  customer: Customer,
  issueId: string,
  bytes: Uint8Array<ArrayBuffer>,
  name = 'box.jpg',
) {
  return customer.post<{ photo: Photo }>(
    `issues/${issueId}/photos?name=${encodeURIComponent(name)}`,
    bytes,
  );
}

/** Bytes that begin as a JPEG does, and are no other's. */
export function jpeg(size = 64): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  crypto.getRandomValues(bytes.subarray(0, 60));
  bytes.set([0xff, 0xd8, 0xff, 0xe0]);
  return bytes;
}

/** The id of a customer's order by its number. */
export async function orderId(customer: Customer, number: string): Promise<string> {
  const { body } = await customer.me<{ orders: { id: string; number: string }[] }>('orders');
  const order = body.orders.find((one) => one.number === number);
  if (order === undefined) {
    throw new Error(`no order ${number}`);
  }
  return order.id;
}
