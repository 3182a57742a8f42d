import type { Locale, ToldStatus } from '../vocabulary.ts';

/** What the digest and a statement's letter say, in one language. Names, days and moments come in ready to print. */
type NewsWords = {
  /** Of one thing that happened; of several, counted, as are their orders: null where they are of one. */
  subjectOfOne: Record<ToldStatus, (org: string, order: string) => string>;
  subject(org: string, news: string, orders: string | null): string;
  news: Forms;
  orders: Forms;
  heading: string;
  body(org: string, customer: string): string;
  order(number: string): string;
  /** As it begins a sentence. */
  parcel(number: string | null, carrier: string | null): string;
  happened: Record<ToldStatus, (parcel: string) => string>;
  button: { order: string; home: string };
  until(day: string): string;
  statement: {
    subject(org: string): string;
    heading: string;
    body(org: string, customer: string, from: string, to: string): string;
    button: string;
  };
};
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** A parcel by its number, else as `some` parcel, with who carries it. */
const named = (the: string, some: string, number: string | null, carrier: string | null) =>
  `${number === null ? some : `${the} ${number}`}${carrier === null ? '' : ` (${carrier})`}`;

export const NEWS_WORDS: Record<Locale, NewsWords> = {
  en: {
    subjectOfOne: {
      picked_up: (org, order) => `${org}: order ${order} is with the carrier`,
      in_transit: (org, order) => `${org}: order ${order} is on its way`,
      out_for_delivery: (org, order) => `${org}: order ${order} is out for delivery`,
      delivered: (org, order) => `${org}: order ${order} was delivered`,
      exception: (org, order) => `${org}: order ${order} is held up`,
      returned: (org, order) => `${org}: order ${order} is on its way back`,
    },
    subject: (org, news, orders) =>
      orders === null ? `${org}: ${news} on your order` : `${org}: ${news} on ${orders}`,
    news: { one: 'update', other: 'updates' },
    orders: { one: 'order', other: 'orders' },
    heading: 'News of your deliveries',
    body: (org, customer) => `This is new about what ${org} delivers to ${customer}.`,
    order: (number) => `Order ${number}`,
    parcel: (number, carrier) => named('Parcel', 'A parcel', number, carrier),
    happened: {
      picked_up: (parcel) => `${parcel} was picked up by the carrier.`,
      in_transit: (parcel) => `${parcel} is on its way.`,
      out_for_delivery: (parcel) => `${parcel} is out for delivery.`,
      delivered: (parcel) => `${parcel} was delivered.`,
      exception: (parcel) => `${parcel} is held up. The carrier reports a problem.`,
      returned: (parcel) => `${parcel} is on its way back to the sender.`,
    },
    button: { order: 'Open the order', home: 'See your deliveries' },
    until: (day) => `This link works until ${day}.`,
    statement: {
      subject: (org) => `${org}: your statement is ready`,
      heading: 'Your statement is ready',
      body: (org, customer, from, to) =>
        `${org} has made the statement of ${customer} from ${from} to ${to} available.`,
      button: 'Open your documents',
    },
  },
  es: {
    subjectOfOne: {
      picked_up: (org, order) => `${org}: el transportista ya tiene el pedido ${order}`,
      in_transit: (org, order) => `${org}: el pedido ${order} está en camino`,
      out_for_delivery: (org, order) => `${org}: el pedido ${order} está en reparto`,
      delivered: (org, order) => `${org}: el pedido ${order} se ha entregado`,
      exception: (org, order) => `${org}: el pedido ${order} está retenido`,
      returned: (org, order) => `${org}: el pedido ${order} vuelve al remitente`,
    },
    subject: (org, news, orders) =>
      orders === null ? `${org}: ${news} sobre su pedido` : `${org}: ${news} sobre ${orders}`,
    news: { one: 'novedad', other: 'novedades' },
    orders: { one: 'pedido', other: 'pedidos' },
    heading: 'Novedades de sus entregas',
    body: (org, customer) => `Hay novedades sobre lo que ${org} entrega a ${customer}.`,
    order: (number) => `Pedido ${number}`,
    parcel: (number, carrier) => named('El paquete', 'Un paquete', number, carrier),
    happened: {
      picked_up: (parcel) => `${parcel} ya está en manos del transportista.`,
      in_transit: (parcel) => `${parcel} está en camino.`,
      out_for_delivery: (parcel) => `${parcel} está en reparto.`,
      delivered: (parcel) => `${parcel} se ha entregado.`,
      exception: (parcel) => `${parcel} está retenido. El transportista avisa de un problema.`,
      returned: (parcel) => `${parcel} vuelve al remitente.`,
    },
    button: { order: 'Abrir el pedido', home: 'Ver sus entregas' },
    until: (day) => `Este enlace funciona hasta el ${day}.`,
    statement: {
      subject: (org) => `${org}: su extracto de cuenta está listo`,
      heading: 'Su extracto de cuenta está listo',
      body: (org, customer, from, to) =>
        `${org} ha puesto a su disposición el extracto de cuenta de ${customer}, del ${from} al ${to}.`,
      button: 'Abrir sus documentos',
    },
  },
  pl: {
    subjectOfOne: {
      picked_up: (org, order) => `${org}: zamówienie ${order} odebrał przewoźnik`,
      in_transit: (org, order) => `${org}: zamówienie ${order} jest w drodze`,
      out_for_delivery: (org, order) => `${org}: zamówienie ${order} dziś w doręczeniu`,
      delivered: (org, order) => `${org}: zamówienie ${order} doręczono`,
      exception: (org, order) => `${org}: dostawa zamówienia ${order} jest wstrzymana`,
      returned: (org, order) => `${org}: zamówienie ${order} wraca do nadawcy`,
    },
    subject: (org, news, orders) =>
      orders === null
        ? `${org}: ${news} o Państwa zamówieniu`
        : `${org}: ${news} o dostawach (${orders})`,
    news: {
      one: 'nowa wiadomość',
      few: 'nowe wiadomości',
      many: 'nowych wiadomości',
      other: 'nowej wiadomości',
    },
    orders: { one: 'zamówienie', few: 'zamówienia', many: 'zamówień', other: 'zamówienia' },
    heading: 'Nowości o Państwa dostawach',
    body: (org, customer) => `Są nowości o tym, co firma ${org} dostarcza firmie ${customer}.`,
    order: (number) => `Zamówienie ${number}`,
    parcel: (number, carrier) => named('Paczka', 'Paczka', number, carrier),
    happened: {
      picked_up: (parcel) => `${parcel}: odebrana przez przewoźnika.`,
      in_transit: (parcel) => `${parcel}: w drodze.`,
      out_for_delivery: (parcel) => `${parcel}: w doręczeniu.`,
      delivered: (parcel) => `${parcel}: doręczona.`,
      exception: (parcel) => `${parcel}: wstrzymana, przewoźnik zgłasza problem.`,
      returned: (parcel) => `${parcel}: wraca do nadawcy.`,
    },
    button: { order: 'Otwórz zamówienie', home: 'Zobacz dostawy' },
    until: (day) => `Link działa do ${day}.`,
    statement: {
      subject: (org) => `${org}: Państwa wyciąg z rozrachunków jest gotowy`,
      heading: 'Wyciąg z rozrachunków jest gotowy',
      body: (org, customer, from, to) =>
        `Firma ${org} udostępniła wyciąg z rozrachunków firmy ${customer} za okres od ${from} do ${to}.`,
      button: 'Otwórz dokumenty',
    },
  },
};
