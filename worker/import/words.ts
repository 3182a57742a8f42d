/** Words that a cell may use for the product's closed lists, in English, Spanish and Polish. */

import {
  DOCUMENT_KINDS,
  type DocumentKind,
  LOCALES,
  type Locale,
  ORDER_STATUSES,
  type OrderStatus,
  SHIPMENT_STATUSES,
  type ShipmentStatus,
} from '../vocabulary.ts';

/**
 * Text with its case, accents and everything but letters and digits taken away, so that
 * `Nº_de-Pedido` and `no de pedido` are one.
 */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/ł/g, 'l')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

// Only words with one meaning: "open", "complete" or "closed" say different things in different
// systems, and a wrong status hides or shows a customer's papers.
const STATUS_WORDS: Record<OrderStatus, string[]> = {
  draft: ['borrador', 'szkic', 'robocze', 'wersja robocza'],
  pending: ['pendiente', 'oczekujące', 'oczekuje'],
  processing: ['in process', 'en proceso', 'procesando', 'w realizacji', 'przetwarzane'],
  shipped: ['dispatched', 'enviado', 'enviada', 'despachado', 'wysłane', 'wysłano', 'wysłany'],
  delivered: ['entregado', 'entregada', 'dostarczone', 'dostarczono', 'dostarczony'],
  cancelled: ['canceled', 'cancelado', 'cancelada', 'anulado', 'anulada', 'anulowane', 'anulowano'],
};

const SHIPMENT_STATUS_WORDS: Record<ShipmentStatus, string[]> = {
  label_created: [
    'label printed',
    'shipment information received',
    'etiqueta creada',
    'etiqueta generada',
    'utworzono etykietę',
    'etykieta utworzona',
    'przygotowana do nadania',
  ],
  picked_up: [
    'picked up by carrier',
    'recogido por el transportista',
    'recogida por el transportista',
    'nadano',
    'nadana',
    'nadane',
    'odebrano od nadawcy',
    'odebrana od nadawcy',
    'odebrane od nadawcy',
  ],
  in_transit: [
    'on the way',
    'en tránsito',
    'en camino',
    'w drodze',
    'w transporcie',
    'w tranzycie',
  ],
  out_for_delivery: [
    'with courier for delivery',
    'en reparto',
    'w doręczeniu',
    'wydano do doręczenia',
    'wydana do doręczenia',
    'wydane do doręczenia',
  ],
  delivered: [
    'entregado',
    'entregada',
    'doręczono',
    'doręczona',
    'doręczone',
    'dostarczono',
    'dostarczona',
    'dostarczone',
  ],
  exception: [
    'delivery exception',
    'failed delivery',
    'delivery attempt failed',
    'incidencia',
    'excepción',
    'intento de entrega fallido',
    'wyjątek',
    'problem z doręczeniem',
    'nieudana próba doręczenia',
  ],
  returned: [
    'returned to sender',
    'devuelto',
    'devuelta',
    'devuelto al remitente',
    'zwrócono',
    'zwrócona',
    'zwrócone',
    'zwrócono do nadawcy',
    'zwrot do nadawcy',
  ],
  unknown: ['desconocido', 'nieznany'],
};

const KIND_WORDS: Record<DocumentKind, string[]> = {
  order_confirmation: [
    'order acknowledgement',
    'order acknowledgment',
    'sales order confirmation',
    'confirmación de pedido',
    'confirmación del pedido',
    'potwierdzenie zamówienia',
  ],
  invoice: ['sales invoice', 'tax invoice', 'vat invoice', 'factura', 'faktura', 'faktura vat'],
  packing_slip: [
    'packing list',
    'lista de empaque',
    'lista de embalaje',
    'lista pakowa',
    'specyfikacja wysyłkowa',
    'list pakunkowy',
  ],
  proof_of_delivery: [
    'pod',
    'delivery proof',
    'signed proof of delivery',
    'comprobante de entrega',
    'prueba de entrega',
    'justificante de entrega',
    'potwierdzenie dostawy',
    'potwierdzenie odbioru',
    'dowód dostawy',
  ],
  credit_note: [
    'credit memo',
    'nota de crédito',
    'factura rectificativa',
    'factura de abono',
    'faktura korygująca',
    'faktura korekta',
    'korekta faktury',
  ],
  statement: [
    'account statement',
    'statement of account',
    'customer statement',
    'estado de cuenta',
    'extracto de cuenta',
    'wyciąg z konta',
    'zestawienie należności',
  ],
};

const LOCALE_WORDS: Record<Locale, string[]> = {
  en: ['eng', 'english', 'inglés', 'angielski'],
  es: ['spa', 'spanish', 'español', 'castellano', 'hiszpański'],
  pl: ['pol', 'polish', 'polaco', 'polski'],
};

const STATUSES = lookup(ORDER_STATUSES, STATUS_WORDS);
const SHIPMENT_STATES = lookup(SHIPMENT_STATUSES, SHIPMENT_STATUS_WORDS);
const KINDS = lookup(DOCUMENT_KINDS, KIND_WORDS);
const LANGUAGES = lookup(LOCALES, LOCALE_WORDS);

/** The order status a word stands for, or undefined. */
export function statusOf(word: string): OrderStatus | undefined {
  return STATUSES.get(fold(word));
}

/** The shipment status a word stands for, or undefined. */
export function shipmentStatusOf(word: string): ShipmentStatus | undefined {
  return SHIPMENT_STATES.get(fold(word));
}

/** The document kind a word stands for, or undefined. */
export function kindOf(word: string): DocumentKind | undefined {
  return KINDS.get(fold(word));
}

/** The language a word or a tag such as `es-MX` stands for, or undefined. */
export function localeOf(word: string): Locale | undefined {
  return LANGUAGES.get(fold(word)) ?? LANGUAGES.get(fold(word.split(/[-_]/)[0] ?? ''));
}

function lookup<T extends string>(
  values: readonly T[],
  words: Record<T, string[]>,
): Map<string, T> {
  const found = new Map<string, T>();
  for (const value of values) {
    for (const word of [value, ...words[value]]) found.set(fold(word), value);
  }
  return found;
}
