import type { Locale } from '../../vocabulary.ts';
import type { DrawnDocument } from './drawn-document.ts';

/** Everything that a drawn document says by itself, in one language. */
export type DocumentWords = {
  title: Record<DrawnDocument['kind'], string>;
  /** Beside the title of a copy. */
  copy: string;
  copyOf(supplier: string): string;
  customer: string;
  deliverTo: string;
  customerCode(code: string): string;
  taxId(id: string): string;
  date: string;
  dueOn: string;
  credits: string;
  order: string;
  placedOn: string;
  poNumber: string;
  expectedDelivery: string;
  currency: string;
  itemCode: string;
  description: string;
  quantity: string;
  unit: string;
  unitPrice: string;
  taxRate: string;
  lineTotal: string;
  subtotal: string;
  shipping: string;
  tax: string;
  total(currency: string | null): string;
  paid: string;
  asOf(moment: string): string;
  page(number: number, count: number): string;
};

const joined = (word: string, currency: string | null) =>
  currency === null ? word : `${word} ${currency}`;

/** With a full stop, unless a name such as "Acme S.A." brought it. */
const sentence = (text: string) => (text.endsWith('.') ? text : `${text}.`);

export const DOCUMENT_WORDS: Record<Locale, DocumentWords> = {
  en: {
    title: {
      order_confirmation: 'Order confirmation',
      invoice: 'Invoice',
      credit_note: 'Credit note',
    },
    copy: 'COPY',
    copyOf: (supplier) => sentence(`This is a copy. The original was issued by ${supplier}`),
    customer: 'Customer',
    deliverTo: 'Delivery address',
    customerCode: (code) => `Customer code ${code}`,
    taxId: (id) => `Tax ID ${id}`,
    date: 'Date',
    dueOn: 'Due date',
    credits: 'Credits invoice',
    order: 'Order',
    placedOn: 'Order placed on',
    poNumber: 'Your PO number',
    expectedDelivery: 'Expected delivery',
    currency: 'Currency',
    itemCode: 'Item code',
    description: 'Description',
    quantity: 'Quantity',
    unit: 'Unit',
    unitPrice: 'Unit price',
    taxRate: 'Tax',
    lineTotal: 'Amount',
    subtotal: 'Subtotal',
    shipping: 'Shipping',
    tax: 'Tax',
    total: (currency) => joined('Total', currency),
    paid: 'Paid',
    asOf: (moment) => `As published on ${moment}.`,
    page: (number, count) => `Page ${number} of ${count}`,
  },
  es: {
    title: {
      order_confirmation: 'Confirmación de pedido',
      invoice: 'Factura',
      credit_note: 'Factura rectificativa',
    },
    copy: 'COPIA',
    copyOf: (supplier) => sentence(`Esto es una copia. El original lo emitió ${supplier}`),
    customer: 'Cliente',
    deliverTo: 'Dirección de entrega',
    customerCode: (code) => `Código de cliente ${code}`,
    taxId: (id) => `Identificación fiscal ${id}`,
    date: 'Fecha',
    dueOn: 'Vencimiento',
    credits: 'Rectifica la factura',
    order: 'Pedido',
    placedOn: 'Fecha del pedido',
    poNumber: 'Su n.º de orden',
    expectedDelivery: 'Entrega prevista',
    currency: 'Moneda',
    itemCode: 'Código',
    description: 'Descripción',
    quantity: 'Cantidad',
    unit: 'Unidad',
    unitPrice: 'Precio unitario',
    taxRate: 'Impuesto',
    lineTotal: 'Importe',
    subtotal: 'Subtotal',
    shipping: 'Envío',
    tax: 'Impuestos',
    total: (currency) => joined('Total', currency),
    paid: 'Pagado',
    asOf: (moment) => `Según lo publicado el ${moment}.`,
    page: (number, count) => `Página ${number} de ${count}`,
  },
  pl: {
    title: {
      order_confirmation: 'Potwierdzenie zamówienia',
      invoice: 'Faktura',
      credit_note: 'Faktura korygująca',
    },
    copy: 'KOPIA',
    copyOf: (supplier) => sentence(`To jest kopia. Wystawca oryginału: ${supplier}`),
    customer: 'Klient',
    deliverTo: 'Adres dostawy',
    customerCode: (code) => `Kod klienta ${code}`,
    taxId: (id) => `Numer podatkowy ${id}`,
    date: 'Data',
    dueOn: 'Termin płatności',
    credits: 'Koryguje fakturę',
    order: 'Zamówienie',
    placedOn: 'Data zamówienia',
    poNumber: 'Państwa numer PO',
    expectedDelivery: 'Planowana dostawa',
    currency: 'Waluta',
    itemCode: 'Kod',
    description: 'Opis',
    quantity: 'Ilość',
    unit: 'J.m.',
    unitPrice: 'Cena jednostkowa',
    taxRate: 'Podatek',
    lineTotal: 'Kwota',
    subtotal: 'Suma częściowa',
    shipping: 'Dostawa',
    tax: 'Podatek',
    total: (currency) => joined('Razem', currency),
    paid: 'Zapłacono',
    asOf: (moment) => `Stan opublikowany: ${moment}.`,
    page: (number, count) => `Strona ${number} z ${count}`,
  },
};
