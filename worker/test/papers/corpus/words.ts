/** The words of the papers, in the languages of their buyers. */
import type { DocumentKind } from '../../../vocabulary.ts';
import type { Language } from './buyers.ts';

export type Words = Record<DocumentKind, string> & {
  number: string;
  date: string;
  buyer: string;
  order: string;
  po: string;
  due: string;
  contact: string;
  taxId: string;
  shipTo: string;
  carrier: string;
  parcel: string;
  head: [item: string, goods: string, quantity: string, price: string, amount: string];
  net: string;
  tax: string;
  total: string;
  credits: string;
  received: string;
  warehouse: string;
  thanks: string;
  balance: string;
  page: string;
  terms: string[];
};

export const WORDS: Record<Language, Words> = {
  pl: {
    order_confirmation: 'Potwierdzenie zamówienia',
    invoice: 'Faktura VAT',
    packing_slip: 'Wydanie zewnętrzne',
    proof_of_delivery: 'Potwierdzenie dostawy',
    credit_note: 'Faktura korygująca',
    statement: 'Wyciąg z konta kontrahenta',
    number: 'Nr',
    date: 'Data wystawienia',
    buyer: 'Nr kontrahenta',
    order: 'Zamówienie',
    po: 'Państwa numer',
    due: 'Termin płatności',
    contact: 'Osoba kontaktowa',
    taxId: 'NIP',
    shipTo: 'Miejsce dostawy',
    carrier: 'Przewoźnik',
    parcel: 'Nr przesyłki',
    head: ['Indeks', 'Nazwa towaru', 'Ilość', 'Cena', 'Wartość'],
    net: 'Razem netto',
    tax: 'VAT',
    total: 'Do zapłaty',
    credits: 'Dotyczy faktury',
    received: 'Towar odebrał',
    warehouse: 'Wydano z',
    thanks: 'Dziękujemy za zamówienie. Reklamacje przyjmujemy w ciągu 14 dni.',
    balance: 'Saldo',
    page: 'Strona',
    terms: [
      'Ogólne warunki sprzedaży. Sprzedawca zastrzega sobie własność towaru do chwili zapłaty całej ceny.',
      'Reklamacje ilościowe zgłasza się przy odbiorze, jakościowe w ciągu 14 dni od odbioru towaru.',
      'Za opóźnienie w płatności nalicza się odsetki ustawowe. Sądem właściwym jest sąd w Łodzi.',
    ],
  },
  es: {
    order_confirmation: 'Confirmación de pedido',
    invoice: 'Factura',
    packing_slip: 'Albarán',
    proof_of_delivery: 'Justificante de entrega',
    credit_note: 'Factura rectificativa',
    statement: 'Extracto de cuenta',
    number: 'N.º',
    date: 'Fecha',
    buyer: 'Cliente',
    order: 'Pedido',
    po: 'Su referencia',
    due: 'Vencimiento',
    contact: 'Le atiende',
    taxId: 'NIF',
    shipTo: 'Dirección de entrega',
    carrier: 'Transportista',
    parcel: 'N.º de envío',
    head: ['Artículo', 'Descripción', 'Cantidad', 'Precio', 'Importe'],
    net: 'Base imponible',
    tax: 'IVA',
    total: 'Total factura',
    credits: 'Rectifica la factura',
    received: 'Recibí conforme',
    warehouse: 'Salida de',
    thanks: 'Gracias por su confianza. Envíos a toda la provincia de Granada en 24 horas.',
    balance: 'Saldo',
    page: 'Página',
    terms: [
      'Condiciones generales de venta. El vendedor conserva la propiedad de la mercancía hasta su pago total.',
      'Las reclamaciones por faltas se harán en el momento de la entrega, y por vicios en treinta días.',
      'Las partes se someten a los juzgados y tribunales de Granada, con renuncia a su propio fuero.',
    ],
  },
  de: {
    order_confirmation: 'Auftragsbestätigung',
    invoice: 'Rechnung',
    packing_slip: 'Lieferschein',
    proof_of_delivery: 'Ablieferungsnachweis',
    credit_note: 'Gutschrift',
    statement: 'Kontoauszug',
    number: 'Nr.',
    date: 'Datum',
    buyer: 'Kundennummer',
    order: 'Auftrag',
    po: 'Ihre Bestellung',
    due: 'Zahlbar bis',
    contact: 'Ansprechpartner',
    taxId: 'USt-IdNr.',
    shipTo: 'Lieferanschrift',
    carrier: 'Frachtführer',
    parcel: 'Sendungsnummer',
    head: ['Artikel', 'Bezeichnung', 'Menge', 'Preis', 'Betrag'],
    net: 'Zwischensumme',
    tax: 'MwSt.',
    total: 'Gesamtbetrag',
    credits: 'Zu unserer Rechnung',
    received: 'Ware erhalten',
    warehouse: 'Versand ab',
    thanks: 'Vielen Dank für Ihren Auftrag. Die Ware bleibt bis zur Bezahlung unser Eigentum.',
    balance: 'Saldo',
    page: 'Seite',
    terms: [
      'Allgemeine Geschäftsbedingungen. Für alle Lieferungen gelten ausschließlich die nachstehenden Bedingungen.',
      'Offensichtliche Mängel sind unverzüglich, spätestens am achten Tage nach Empfang anzuzeigen.',
      'Erfüllungsort und Gerichtsstand für Kaufleute ist Hamburg. Es gilt deutsches Recht ohne das UN-Kaufrecht.',
    ],
  },
  en: {
    order_confirmation: 'Order confirmation',
    invoice: 'Invoice',
    packing_slip: 'Packing slip',
    proof_of_delivery: 'Proof of delivery',
    credit_note: 'Credit note',
    statement: 'Statement of account',
    number: 'No.',
    date: 'Date',
    buyer: 'Account',
    order: 'Sales order',
    po: 'Your order',
    due: 'Due date',
    contact: 'Your contact',
    taxId: 'VAT no.',
    shipTo: 'Deliver to',
    carrier: 'Carrier',
    parcel: 'Tracking',
    head: ['Item', 'Description', 'Qty', 'Price', 'Amount'],
    net: 'Subtotal',
    tax: 'VAT',
    total: 'Amount due',
    credits: 'Against invoice',
    received: 'Received in good order',
    warehouse: 'Shipped from',
    thanks: 'Thank you for your business. Anchor bolt fixings are certified to ETA-12/0258.',
    balance: 'Balance',
    page: 'Page',
    terms: [
      'Conditions of sale. Title to the goods shall not pass to the buyer until they have been paid for in full.',
      'Shortages must be notified on delivery and defects within fourteen days of the receipt of the goods.',
      'These conditions are governed by the laws of England and Wales and the courts of Bristol.',
    ],
  },
};
