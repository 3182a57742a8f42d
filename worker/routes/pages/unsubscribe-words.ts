/** The words of the page that a letter's unsubscribe link opens. */
import type { Locale } from '../../vocabulary.ts';

const en = {
  title: 'No more of these mails?',
  text: (topic: string, org: string) => `${org} will send you no more mail about ${topic}.`,
  confirm: 'Unsubscribe',
  stays: 'Your link to the documents keeps working, and links that you ask for are still sent.',
  doneTitle: 'You are unsubscribed',
  doneText: (topic: string, org: string) => `${org} sends you no more mail about ${topic}.`,
  undo: 'Changed your mind? You can have these mails again at any time:',
  toDetails: 'Your details',
  unknownTitle: 'This link is not known',
  unknownText:
    'It may be very old, or have been cut short on its way. Which mails you get can also be chosen in the portal, under Your details.',
  // As a part of a sentence.
  topics: {
    documents: 'new documents and orders',
    tracking: 'deliveries on their way',
    issues: 'your reports and requests',
    statements: 'statements',
  },
};
type UnsubscribeWords = typeof en;

const es: UnsubscribeWords = {
  title: '¿No quiere más correos de estos?',
  text: (topic, org) => `${org} dejará de enviarle correos sobre ${topic}.`,
  confirm: 'Darse de baja',
  stays:
    'Su enlace a los documentos sigue funcionando, y los enlaces que pida se le seguirán enviando.',
  doneTitle: 'Se ha dado de baja',
  doneText: (topic, org) => `${org} ya no le envía correos sobre ${topic}.`,
  undo: '¿Ha cambiado de idea? Puede volver a recibir estos correos cuando quiera:',
  toDetails: 'Sus datos',
  unknownTitle: 'No conocemos este enlace',
  unknownText:
    'Puede que sea muy antiguo o que haya llegado cortado. También puede elegir qué correos recibe en el portal, en Sus datos.',
  topics: {
    documents: 'nuevos documentos y pedidos',
    tracking: 'entregas en camino',
    issues: 'sus avisos y solicitudes',
    statements: 'extractos de cuenta',
  },
};

const pl: UnsubscribeWords = {
  title: 'Bez takich wiadomości?',
  text: (topic, org) => `Firma ${org} nie będzie już wysyłać Państwu wiadomości o ${topic}.`,
  confirm: 'Zrezygnuj',
  stays:
    'Link do dokumentów działa nadal, a linki, o które Państwo proszą, będą wysyłane jak dotąd.',
  doneTitle: 'Rezygnacja przyjęta',
  doneText: (topic, org) => `Firma ${org} nie wysyła już Państwu wiadomości o ${topic}.`,
  undo: 'Zmiana zdania? Te wiadomości można w każdej chwili włączyć znowu:',
  toDetails: 'Państwa dane',
  unknownTitle: 'Nie znamy tego linku',
  unknownText:
    'Może być bardzo stary albo dotarł niecały. Wiadomości można też wybrać w portalu, w części Dane.',
  topics: {
    documents: 'nowych dokumentach i zamówieniach',
    tracking: 'dostawach w drodze',
    issues: 'Państwa zgłoszeniach i prośbach',
    statements: 'wyciągach z rozrachunków',
  },
};

export const UNSUBSCRIBE_WORDS: Record<Locale, UnsubscribeWords> = { en, es, pl };
