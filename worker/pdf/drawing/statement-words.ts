import type { Locale } from '../../vocabulary.ts';
import type { Age, DrawnMovement } from './drawn-statement.ts';

/** Everything that a statement says by itself, beside what all documents say. */
export type StatementWords = {
  title: string;
  period: string;
  asOf: string;
  date: string;
  document: string;
  reference: string;
  dueOn: string;
  debit: string;
  credit: string;
  balance: string;
  kinds: Record<DrawnMovement['kind'], (number: string) => string>;
  opening: string;
  closing: string;
  debits: string;
  credits: string;
  owed(currency: string): string;
  carriedForward: string;
  broughtForward: string;
  aging(day: string): string;
  ages: Record<Age, string>;
  /** Credit that has no invoice to go to. */
  unallocated: string;
  undated(count: number): string;
  later(count: number): string;
  leftOut(currencies: string): string;
  nothing: string;
  issued(moment: string): string;
};

export const STATEMENT_WORDS: Record<Locale, StatementWords> = {
  en: {
    title: 'Statement of account',
    period: 'Period',
    asOf: 'Published as of',
    date: 'Date',
    document: 'Document',
    reference: 'Reference',
    dueOn: 'Due',
    debit: 'Debit',
    credit: 'Credit',
    balance: 'Balance',
    kinds: {
      invoice: (number) => `Invoice ${number}`,
      credit_note: (number) => `Credit note ${number}`,
      payment: (number) => `Payment ${number}`,
      paid: (number) => `Paid on ${number}, as the invoice says`,
      refunded: (number) => `Refunded on ${number}`,
    },
    opening: 'Opening balance',
    closing: 'Closing balance',
    debits: 'Debits',
    credits: 'Credits',
    owed: (currency) => `Closing balance ${currency}`,
    carriedForward: 'Carried forward',
    broughtForward: 'Brought forward',
    aging: (day) => `What is open on ${day}, by days past the due date`,
    ages: {
      current: 'Not yet due',
      to30: '1–30 days',
      to60: '31–60 days',
      to90: '61–90 days',
      to120: '91–120 days',
      over120: 'Over 120 days',
      unallocated: 'Unallocated credit',
    },
    unallocated: 'Unallocated credit is money or a credit note that no open invoice has taken.',
    undated: (count) =>
      count === 1
        ? 'The opening balance holds a document without a date.'
        : `The opening balance holds ${count} documents without a date.`,
    later: (count) =>
      count === 1
        ? 'One entry is dated after the last day. It is not in this statement, but it counts in what is outstanding.'
        : `${count} entries are dated after the last day. They are not in this statement, but they count in what is outstanding.`,
    leftOut: (currencies) => `Not shown here, since not all amounts are available: ${currencies}.`,
    nothing: 'Nothing moved in this period, and nothing is owed.',
    issued: (moment) => `Drawn from what was published as of ${moment}.`,
  },
  es: {
    title: 'Extracto de cuenta',
    period: 'Periodo',
    asOf: 'Publicado hasta',
    date: 'Fecha',
    document: 'Documento',
    reference: 'Referencia',
    dueOn: 'Vence',
    debit: 'Debe',
    credit: 'Haber',
    balance: 'Saldo',
    kinds: {
      invoice: (number) => `Factura ${number}`,
      credit_note: (number) => `Factura rectificativa ${number}`,
      payment: (number) => `Pago ${number}`,
      paid: (number) => `Pagado de ${number}, según la factura`,
      refunded: (number) => `Devuelto de ${number}`,
    },
    opening: 'Saldo inicial',
    closing: 'Saldo final',
    debits: 'Debe',
    credits: 'Haber',
    owed: (currency) => `Saldo final ${currency}`,
    carriedForward: 'Suma y sigue',
    broughtForward: 'Suma anterior',
    aging: (day) => `Lo pendiente el ${day}, por días desde el vencimiento`,
    ages: {
      current: 'No vencido',
      to30: '1–30 días',
      to60: '31–60 días',
      to90: '61–90 días',
      to120: '91–120 días',
      over120: 'Más de 120 días',
      unallocated: 'Crédito sin aplicar',
    },
    unallocated:
      'El crédito sin aplicar es dinero o una rectificativa que ninguna factura pendiente ha tomado.',
    undated: (count) =>
      count === 1
        ? 'El saldo inicial incluye un documento sin fecha.'
        : `El saldo inicial incluye ${count} documentos sin fecha.`,
    later: (count) =>
      count === 1
        ? 'Un movimiento tiene fecha posterior al último día. No está en este extracto, pero cuenta en lo pendiente de pago.'
        : `${count} movimientos tienen fecha posterior al último día. No están en este extracto, pero cuentan en lo pendiente de pago.`,
    leftOut: (currencies) =>
      `No se muestra, porque no todos los importes están disponibles: ${currencies}.`,
    nothing: 'No hubo movimientos en este periodo y no se debe nada.',
    issued: (moment) => `Elaborado con lo publicado hasta el ${moment}.`,
  },
  pl: {
    title: 'Wyciąg z rozrachunków',
    period: 'Okres',
    asOf: 'Opublikowano do',
    date: 'Data',
    document: 'Dokument',
    reference: 'Odniesienie',
    dueOn: 'Termin',
    debit: 'Winien',
    credit: 'Ma',
    balance: 'Saldo',
    kinds: {
      invoice: (number) => `Faktura ${number}`,
      credit_note: (number) => `Faktura korygująca ${number}`,
      payment: (number) => `Płatność ${number}`,
      paid: (number) => `Zapłacono za ${number} (według faktury)`,
      refunded: (number) => `Zwrócono z ${number}`,
    },
    opening: 'Saldo początkowe',
    closing: 'Saldo końcowe',
    debits: 'Winien',
    credits: 'Ma',
    owed: (currency) => `Saldo końcowe ${currency}`,
    carriedForward: 'Do przeniesienia',
    broughtForward: 'Z przeniesienia',
    aging: (day) => `Nierozliczone na dzień ${day}, według dni po terminie płatności`,
    ages: {
      current: 'Przed terminem',
      to30: '1–30 dni',
      to60: '31–60 dni',
      to90: '61–90 dni',
      to120: '91–120 dni',
      over120: 'Ponad 120 dni',
      unallocated: 'Nierozliczona nadpłata',
    },
    unallocated:
      'Nierozliczona nadpłata to pieniądze lub korekta, których nie rozliczono z żadną otwartą fakturą.',
    undated: (count) => `Saldo początkowe obejmuje dokumenty bez daty: ${count}.`,
    later: (count) =>
      `Pozycje z datą po ostatnim dniu: ${count}. Wyciąg ich nie obejmuje, ale kwota do zapłaty je uwzględnia.`,
    leftOut: (currencies) => `Nie pokazano, bo nie wszystkie kwoty są dostępne: ${currencies}.`,
    nothing: 'W tym okresie nie było obrotów i nie ma nic do zapłaty.',
    issued: (moment) => `Sporządzono z danych opublikowanych do: ${moment}.`,
  },
};
