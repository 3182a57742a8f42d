import type { ChangeRequestKind, IssueKind, Locale, MailTopic } from '../vocabulary.ts';

export type Counts = { documents: number; orders: number };

/** A report: `R-12`, its order's number, who writes of it. */
type Reply = { number: string; order: string; by: string; org: string };
type Desk = { number: string; order: string; by: string; customer: string; kind: string };
type DeskWords = { subject(about: Desk): string; heading: string; body(about: Desk): string };

type Decision = 'accepted' | 'declined';

/** Everything that a letter says, in one language. Names and dates come in ready to print. */
export type Words = {
  greeting(name: string | null): string;
  /** Above the fallback URL. */
  openByHand: string;
  personal: string;
  why(org: string, customer: string): string;
  /** Above the supplier's contact; a reply reaches them only when they gave an address. */
  questions(org: string, canReply: boolean): string;
  accessLink: {
    subject(org: string): string;
    heading: string;
    body(org: string, customer: string): string;
    button: string;
    until(day: string): string;
    unexpected: string;
  };
  documentsReady: {
    subject(org: string, counts: Counts): string;
    heading: string;
    body(org: string, customer: string, counts: Counts): string;
    button: string;
    until(day: string): string;
  };
  /** To who reported it. Their own words and the member's stand apart. */
  issueReply: {
    subject(about: Reply): string;
    heading: string;
    body(about: Reply): string;
    button: string;
    until(day: string): string;
  };
  /** To who asked for a change. */
  changeAnswered: {
    subject(org: string, status: Decision): string;
    heading: Record<Decision, string>;
    body: Record<Decision, (org: string, kind: string) => string>;
    button: string;
    until(day: string): string;
  };
  /** As a part of a sentence. */
  changeKinds: Record<ChangeRequestKind, string>;
  /** As a part of a sentence: what a person can have no more mail about. */
  mailTopics: Record<MailTopic, string>;
  unsubscribe: { words(topic: string): string; link: string };
  /** To the supplier, of a report. */
  issueReported: DeskWords;
  issueAnswered: DeskWords;
  issueDesk: { button: string; why(org: string): string };
  /** As a part of a sentence. */
  issueKinds: Record<IssueKind, string>;
  /** To a member, of a publish by its name. */
  publishRejected: {
    subject(name: string): string;
    heading: string;
    body(name: string, by: string): string;
    button: string;
    why(org: string): string;
  };
};

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
type Nouns = { document: Forms; order: Forms; and: string };

/**
 * "3 documents and 1 order", leaving out what there is none of.
 * Plural forms by CLDR: https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html
 */
function counted(locale: Locale, nouns: Nouns, { documents, orders }: Counts): string {
  const plural = new Intl.PluralRules(locale);
  const number = new Intl.NumberFormat(locale);
  const phrase = (count: number, forms: Forms) =>
    `${number.format(count)} ${forms[plural.select(count)] ?? forms.other}`;
  const parts = [phrase(documents, nouns.document), phrase(orders, nouns.order)];
  if (orders === 0) return parts[0] ?? '';
  if (documents === 0) return parts[1] ?? '';
  return parts.join(` ${nouns.and} `);
}

const english: Nouns = {
  document: { one: 'document', other: 'documents' },
  order: { one: 'order', other: 'orders' },
  and: 'and',
};
const spanish: Nouns = {
  document: { one: 'documento', other: 'documentos' },
  order: { one: 'pedido', other: 'pedidos' },
  and: 'y',
};
const polish: Nouns = {
  document: { one: 'dokument', few: 'dokumenty', many: 'dokumentów', other: 'dokumentu' },
  order: { one: 'zamówienie', few: 'zamówienia', many: 'zamówień', other: 'zamówienia' },
  and: 'i',
};

const onlyOne = ({ documents, orders }: Counts) => documents + orders === 1;

export const WORDS: Record<Locale, Words> = {
  en: {
    greeting: (name) => (name === null ? 'Hello,' : `Hello ${name},`),
    openByHand: 'If the button does not work, copy this address into your browser:',
    personal:
      'This link is yours alone: whoever has it can see these documents. Please do not forward it.',
    why: (org, customer) =>
      `You get this mail because ${org} shares the orders and documents of ${customer} with you at this address.`,
    questions: (org, canReply) =>
      canReply ? `Questions? Reply to this mail, or contact ${org}:` : `Questions? Contact ${org}:`,
    accessLink: {
      subject: (org) => `Your link to ${org}'s documents`,
      heading: 'Your link is here',
      body: (org, customer) =>
        `With this link you can see the orders and documents that ${org} shares with ${customer}. There is no password to remember.`,
      button: 'Open the documents',
      until: (day) => `It works until ${day}, and longer if you keep using it.`,
      unexpected: 'You did not expect it? Then there is nothing to do.',
    },
    documentsReady: {
      subject: (org, counts) =>
        `${org}: ${counted('en', english, counts)} ${onlyOne(counts) ? 'is' : 'are'} ready`,
      heading: 'New for you',
      body: (org, customer, counts) =>
        `${org} has made ${counted('en', english, counts)} available to ${customer}.`,
      button: 'See what is new',
      until: (day) => `This link works until ${day}.`,
    },
    issueReply: {
      subject: ({ org, number, order }) => `${org}: reply to ${number}, order ${order}`,
      heading: 'A reply to your report',
      body: ({ org, number, order, by }) =>
        `${by} of ${org} has replied to your report ${number} about order ${order}. You can answer on its page.`,
      button: 'Open the report',
      until: (day) => `This link works until ${day}.`,
    },
    changeAnswered: {
      subject: (org, status) =>
        status === 'accepted'
          ? `${org}: your change was noted`
          : `${org}: your request for a change was declined`,
      heading: { accepted: 'Your change was noted', declined: 'Your request was declined' },
      body: {
        accepted: (org, kind) =>
          `You asked ${org} for ${kind}. They have noted it in their books. What the portal shows follows with the next documents.`,
        declined: (org, kind) => `You asked ${org} for ${kind}. They have declined it:`,
      },
      button: 'Open your details',
      until: (day) => `This link works until ${day}.`,
    },
    changeKinds: {
      contact_details: 'a change of your contact details',
      delivery_address: 'another delivery address',
    },
    mailTopics: {
      documents: 'new documents and orders',
      tracking: 'deliveries on their way',
      issues: 'your reports and requests',
      statements: 'statements',
    },
    unsubscribe: {
      words: (topic) => `You want no more mail about ${topic}?`,
      link: 'Unsubscribe',
    },
    issueReported: {
      subject: ({ number, order, customer }) => `${number}: ${customer} reports order ${order}`,
      heading: 'A new report',
      body: ({ number, order, by, customer, kind }) =>
        `${by} of ${customer} has reported a problem with order ${order} (${number}): ${kind}.`,
    },
    issueAnswered: {
      subject: ({ number, order, customer }) => `${number}: ${customer} wrote about order ${order}`,
      heading: 'An answer to a report',
      body: ({ number, order, by, customer, kind }) =>
        `${by} of ${customer} has written about ${number}, order ${order} (${kind}).`,
    },
    issueDesk: {
      button: 'Open the report',
      why: (org) => `You get this mail because reports to ${org} are answered at this address.`,
    },
    issueKinds: {
      damaged: 'goods are damaged',
      missing: 'goods are missing',
      wrong_items: 'the wrong goods came',
      delayed: 'it is late',
      quality: 'the quality is not right',
      other: 'something else',
    },
    publishRejected: {
      subject: (name) => `Sent back: ${name}`,
      heading: 'A publish was sent back',
      body: (name, by) =>
        `${by} has sent “${name}” back. Nothing of it reached a customer. This is what should be put right:`,
      button: 'Open the publish',
      why: (org) => `You get this mail because you imported it for ${org}.`,
    },
  },
  es: {
    greeting: (name) => (name === null ? 'Buenos días:' : `Buenos días, ${name}:`),
    openByHand: 'Si el botón no funciona, copie esta dirección en su navegador:',
    personal:
      'Este enlace es personal: quien lo tenga puede ver estos documentos. Por favor, no lo reenvíe.',
    why: (org, customer) =>
      `Recibe este correo porque ${org} comparte con usted, en esta dirección, los pedidos y documentos de ${customer}.`,
    questions: (org, canReply) =>
      `¿Tiene alguna pregunta? ${canReply ? 'Responda a este correo o contacte' : 'Contacte'} con ${org}:`,
    accessLink: {
      subject: (org) => `Su enlace a los documentos de ${org}`,
      heading: 'Aquí tiene su enlace',
      body: (org, customer) =>
        `Con este enlace puede ver los pedidos y documentos que ${org} comparte con ${customer}. No necesita contraseña.`,
      button: 'Abrir los documentos',
      until: (day) => `Funciona hasta el ${day}, y más tiempo si lo sigue usando.`,
      unexpected: '¿No lo esperaba? Entonces no tiene que hacer nada.',
    },
    documentsReady: {
      subject: (org, counts) =>
        `${org}: ${counted('es', spanish, counts)} ya ${onlyOne(counts) ? 'está listo' : 'están listos'}`,
      heading: 'Novedades para usted',
      body: (org, customer, counts) =>
        `${org} ha puesto ${counted('es', spanish, counts)} a disposición de ${customer}.`,
      button: 'Ver las novedades',
      until: (day) => `Este enlace funciona hasta el ${day}.`,
    },
    issueReply: {
      subject: ({ org, number, order }) => `${org}: respuesta a ${number}, pedido ${order}`,
      heading: 'Una respuesta a su aviso',
      body: ({ org, number, order, by }) =>
        `${by}, de ${org}, ha respondido a su aviso ${number} sobre el pedido ${order}. Puede contestar en su página.`,
      button: 'Abrir el aviso',
      until: (day) => `Este enlace funciona hasta el ${day}.`,
    },
    changeAnswered: {
      subject: (org, status) =>
        status === 'accepted'
          ? `${org}: hemos anotado su cambio`
          : `${org}: su solicitud de cambio no se ha aceptado`,
      heading: { accepted: 'Su cambio está anotado', declined: 'Su solicitud no se ha aceptado' },
      body: {
        accepted: (org, kind) =>
          `Pidió a ${org} ${kind}. Ya consta en sus registros. El portal lo mostrará con los próximos documentos.`,
        declined: (org, kind) => `Pidió a ${org} ${kind}. No se ha aceptado:`,
      },
      button: 'Abrir sus datos',
      until: (day) => `Este enlace funciona hasta el ${day}.`,
    },
    changeKinds: {
      contact_details: 'un cambio de sus datos de contacto',
      delivery_address: 'otra dirección de entrega',
    },
    mailTopics: {
      documents: 'nuevos documentos y pedidos',
      tracking: 'entregas en camino',
      issues: 'sus avisos y solicitudes',
      statements: 'extractos de cuenta',
    },
    unsubscribe: {
      words: (topic) => `¿No quiere recibir más correos sobre ${topic}?`,
      link: 'Darse de baja',
    },
    issueReported: {
      subject: ({ number, order, customer }) => `${number}: aviso de ${customer}, pedido ${order}`,
      heading: 'Un aviso nuevo',
      body: ({ number, order, by, customer, kind }) =>
        `${by}, de ${customer}, avisa de un problema con el pedido ${order} (${number}): ${kind}.`,
    },
    issueAnswered: {
      subject: ({ number, order, customer }) =>
        `${number}: ${customer} escribe sobre el pedido ${order}`,
      heading: 'Una respuesta a un aviso',
      body: ({ number, order, by, customer, kind }) =>
        `${by}, de ${customer}, ha escrito sobre ${number}, pedido ${order} (${kind}).`,
    },
    issueDesk: {
      button: 'Abrir el aviso',
      why: (org) =>
        `Recibe este correo porque en esta dirección se atienden los avisos dirigidos a ${org}.`,
    },
    issueKinds: {
      damaged: 'hay mercancía dañada',
      missing: 'falta mercancía',
      wrong_items: 'llegó mercancía equivocada',
      delayed: 'llega con retraso',
      quality: 'la calidad no es la debida',
      other: 'otro motivo',
    },
    publishRejected: {
      subject: (name) => `Devuelta: ${name}`,
      heading: 'Una publicación ha sido devuelta',
      body: (name, by) =>
        `${by} ha devuelto «${name}». Nada ha llegado a ningún cliente. Esto es lo que hay que corregir:`,
      button: 'Abrir la publicación',
      why: (org) => `Recibe este correo porque usted la importó para ${org}.`,
    },
  },
  // Sentences keep names in the nominative ("firma X"): names of companies are not declined.
  pl: {
    greeting: (name) => (name === null ? 'Dzień dobry,' : `Dzień dobry, ${name},`),
    openByHand: 'Jeśli przycisk nie działa, proszę skopiować ten adres do przeglądarki:',
    personal:
      'Ten link jest osobisty: kto go ma, widzi te dokumenty. Prosimy nie przekazywać go dalej.',
    why: (org, customer) =>
      `Otrzymują Państwo tę wiadomość, ponieważ firma ${org} udostępnia pod tym adresem zamówienia i dokumenty firmy ${customer}.`,
    questions: (org, canReply) =>
      `Mają Państwo pytania? ${canReply ? 'Wystarczy odpowiedzieć na tę wiadomość. ' : ''}Kontakt do firmy ${org}:`,
    accessLink: {
      subject: (org) => `Państwa link do dokumentów firmy ${org}`,
      heading: 'Oto Państwa link',
      body: (org, customer) =>
        `Pod tym linkiem są zamówienia i dokumenty, które firma ${org} udostępnia firmie ${customer}. Hasło nie jest potrzebne.`,
      button: 'Otwórz dokumenty',
      until: (day) => `Link działa do ${day}, a używany – dłużej.`,
      unexpected: 'Jeśli to wiadomość nieoczekiwana, nie trzeba nic robić.',
    },
    documentsReady: {
      subject: (org, counts) => `${org}: ${counted('pl', polish, counts)} do wglądu`,
      heading: 'Nowości dla Państwa',
      body: (org, customer, counts) =>
        `Firma ${org} udostępniła firmie ${customer}: ${counted('pl', polish, counts)}.`,
      button: 'Zobacz nowości',
      until: (day) => `Link działa do ${day}.`,
    },
    issueReply: {
      subject: ({ org, number, order }) =>
        `${org}: odpowiedź na zgłoszenie ${number}, zamówienie ${order}`,
      heading: 'Odpowiedź na Państwa zgłoszenie',
      body: ({ org, number, order, by }) =>
        `${by}, ${org}, odpowiada na Państwa zgłoszenie ${number} w sprawie zamówienia ${order}. Odpisać można na stronie zgłoszenia.`,
      button: 'Otwórz zgłoszenie',
      until: (day) => `Link działa do ${day}.`,
    },
    changeAnswered: {
      subject: (org, status) =>
        status === 'accepted'
          ? `${org}: zmiana została odnotowana`
          : `${org}: prośba o zmianę została odrzucona`,
      heading: { accepted: 'Zmiana została odnotowana', declined: 'Prośba została odrzucona' },
      body: {
        accepted: (org, kind) =>
          `Prosili Państwo firmę ${org} o ${kind}. Zmianę odnotowano w jej księgach. Portal pokaże ją wraz z kolejnymi dokumentami.`,
        declined: (org, kind) => `Prosili Państwo firmę ${org} o ${kind}. Prośbę odrzucono:`,
      },
      button: 'Otwórz swoje dane',
      until: (day) => `Link działa do ${day}.`,
    },
    changeKinds: {
      contact_details: 'zmianę danych kontaktowych',
      delivery_address: 'inny adres dostawy',
    },
    mailTopics: {
      documents: 'nowych dokumentach i zamówieniach',
      tracking: 'dostawach w drodze',
      issues: 'Państwa zgłoszeniach i prośbach',
      statements: 'wyciągach z rozrachunków',
    },
    unsubscribe: {
      words: (topic) => `Nie chcą Państwo więcej wiadomości o ${topic}?`,
      link: 'Rezygnacja',
    },
    issueReported: {
      subject: ({ number, order, customer }) =>
        `${number}: ${customer}, zgłoszenie do zamówienia ${order}`,
      heading: 'Nowe zgłoszenie',
      body: ({ number, order, by, customer, kind }) =>
        `${by}, ${customer}, zgłasza problem z zamówieniem ${order} (${number}): ${kind}.`,
    },
    issueAnswered: {
      subject: ({ number, order, customer }) =>
        `${number}: ${customer} pisze w sprawie zamówienia ${order}`,
      heading: 'Odpowiedź do zgłoszenia',
      body: ({ number, order, by, customer, kind }) =>
        `${by}, ${customer}, pisze w sprawie ${number}, zamówienie ${order} (${kind}).`,
    },
    issueDesk: {
      button: 'Otwórz zgłoszenie',
      why: (org) =>
        `Otrzymują Państwo tę wiadomość, ponieważ pod tym adresem obsługiwane są zgłoszenia do firmy ${org}.`,
    },
    issueKinds: {
      damaged: 'towar jest uszkodzony',
      missing: 'brakuje towaru',
      wrong_items: 'przyszedł niewłaściwy towar',
      delayed: 'dostawa się opóźnia',
      quality: 'jakość jest niewłaściwa',
      other: 'inny powód',
    },
    publishRejected: {
      subject: (name) => `Odesłano: ${name}`,
      heading: 'Publikacja została odesłana',
      body: (name, by) =>
        `${by} odsyła publikację „${name}”. Nic z niej nie trafiło do klientów. To trzeba poprawić:`,
      button: 'Otwórz publikację',
      why: (org) =>
        `Otrzymują Państwo tę wiadomość jako osoba, która importowała ją dla firmy ${org}.`,
    },
  },
};
