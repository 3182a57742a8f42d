import type { Day } from './calendar.ts';
import type { Item } from './catalogue.ts';
import type { Polygon } from './logo.ts';
import type { Cents } from './money.ts';
import type { Carrier } from './tracking.ts';

type Currency = 'USD' | 'EUR' | 'GBP' | 'PLN';
export type Language = 'en' | 'es' | 'pl';
export type OrderStatus =
  | 'draft'
  | 'pending'
  | 'processing'
  | 'shipped'
  | 'delivered'
  | 'cancelled';
export type PaperKind =
  | 'order_confirmation'
  | 'invoice'
  | 'packing_slip'
  | 'proof_of_delivery'
  | 'credit_note';

/** The selling company, with all that its paper shows. */
export interface Supplier {
  slug: string;
  /** Six characters, carried inside access links. */
  code: string;
  name: string;
  legalName: string;
  tagline: string;
  timeZone: string;
  colour: string;
  mark: readonly Polygon[];
  address: readonly string[];
  contactEmail: string;
  contactPhone: string;
  hours: string;
  registration: string;
  /** Width and height in points. */
  paper: readonly [number, number];
  bank: Partial<Record<Currency, readonly string[]>>;
  items: readonly Item[];
}

export interface Contact {
  name: string;
  email: string;
  language: Language;
}

export interface Customer {
  code: string;
  name: string;
  language: Language;
  address: readonly string[];
  delivery: readonly string[];
  taxNumber: string;
  currency: Currency;
  /** Price of one US dollar in this customer's price list. */
  priceFactor: number;
  /** `rate` is in tenths of a percent, on goods and freight alike. */
  tax: { label: string; rate: number; sellerNumber: string };
  termsDays: number;
  carriers: readonly Carrier[];
  transitDays: readonly [number, number];
  receivers: readonly string[];
  contacts: readonly Contact[];
  /** The customer's own purchase order number, for its nth order. */
  purchaseOrder(nth: number, placed: Day): string;
}

export interface Line {
  number: number;
  item: Item;
  quantity: number;
  unitPrice: Cents;
  total: Cents;
}

export interface Shipment {
  carrier: Carrier;
  tracking: string;
  shipped: Day;
  estimated: Day;
  /** Set once it has arrived. */
  delivered: Day | null;
  receivedBy: string;
}

/** An order whose `subtotal` is the sum of its lines and whose `total` is subtotal + tax + shipping. */
export interface Order {
  number: string;
  customer: Customer;
  placed: Day;
  status: OrderStatus;
  cancelled: Day | null;
  expected: Day;
  purchaseOrder: string;
  lines: readonly Line[];
  subtotal: Cents;
  shipping: Cents;
  tax: Cents;
  total: Cents;
  shipment: Shipment | null;
}

/** What an invoice or a credit note claims: `net + tax = total`, all positive. */
export interface Invoice {
  due: Day;
  net: Cents;
  tax: Cents;
  total: Cents;
  paid: Cents;
}

/** What a customer paid; `parts` say which invoices it is for, and may come to less than `amount`. */
export interface Payment {
  number: string;
  customer: Customer;
  date: Day;
  amount: Cents;
  method: string;
  reference: string;
  parts: readonly { invoice: string; amount: Cents }[];
}

/** What happened to a shipment. `at` is the supplier's clock, `YYYY-MM-DD HH:MM`. */
export interface ParcelEvent {
  at: string;
  status: 'picked_up' | 'in_transit' | 'out_for_delivery' | 'delivered' | 'exception';
  city: string;
}

/** What a credit note takes back. */
export interface Credit {
  invoice: string;
  reason: string;
  line: Line;
}

/** One piece of paper of an order, and the file that holds it. */
export interface Paper {
  kind: PaperKind;
  number: string;
  date: Day;
  fileName: string;
  order: Order;
  invoice: Invoice | null;
  credit: Credit | null;
  /** Printed above the table, e.g. why it was issued again. */
  note: string | null;
}
