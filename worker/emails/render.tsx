/** The letters: subject, HTML and plain text from a template, a language and what it is about. */
import type {
  ChangeRequestKind,
  IssueKind,
  LetterTemplate,
  Locale,
  MailTopic,
} from '../vocabulary.ts';
import { Layout, type Sheet } from './layout.tsx';
import { linesOf, oneLine } from './lines.ts';
import { newsParts, type ParcelNews, statementParts } from './news.ts';
import { WORDS } from './words.ts';

type Common = {
  /** The supplier, as customers know it. */
  orgName: string;
  /** The supplier's accent, `#rrggbb`, and the colour of text that reads on it. */
  colour: string;
  ink: string;
  /** Where the supplier answers questions. */
  contactEmail: string | null;
  contactPhone: string | null;
  /** The person whom the letter is for, and the company they buy for. */
  contactName: string | null;
  customerName: string;
  /** The personal link, token and all, and the last day it works, as YYYY-MM-DD. */
  url: string;
  expiresOn: string;
  /** Where mail of this letter's topic is ended; none for a letter of no topic. */
  unsubscribe?: { topic: MailTopic; url: string } | null;
};

/** A publish that was sent back, for whoever imported it. */
type Rejection = Pick<Common, 'orgName' | 'colour' | 'ink'> & {
  memberName: string | null;
  /** What the publish is called, who sent it back, and why in their words. */
  name: string;
  by: string;
  reason: string;
  /** Its page in the console. */
  url: string;
};

/** A report that came in or was written to again, for whoever answers it. */
type ReportLetter = Pick<Common, 'orgName' | 'colour' | 'ink' | 'customerName'> & {
  memberName: string | null;
  /** `R-12`, and the order's number. */
  number: string;
  order: string;
  kind: IssueKind;
  /** The person at the customer, and what they wrote. */
  by: string;
  body: string;
  /** Its page in the console. */
  url: string;
};

/** What each template needs to know. */
export type EmailParams = {
  'access-link': Common;
  'documents-ready': Common & { documents: number; orders: number };
  /** `by` is a member, and `body` what they answer: their own lines are kept. */
  'issue-reply': Common & { number: string; order: string; by: string; body: string };
  'change-answered': Common & {
    decision: {
      kind: ChangeRequestKind;
      status: 'accepted' | 'declined';
      /** In the words of who declined it. */
      reason: string | null;
    };
  };
  /** In the order in which it is told: what is of one order stands together. Moments are of this time zone. */
  news: Common & { news: readonly ParcelNews[]; timeZone: string };
  /** Its first and last day, as YYYY-MM-DD. */
  'statement-ready': Common & { from: string; to: string };
  'publish-rejected': Rejection;
  'issue-reported': ReportLetter;
  'issue-answered': ReportLetter;
};
export type Email = { subject: string; html: string; text: string };

/**
 * Renders a letter. Everything that comes in is text: escaped in the HTML, and one line each, so
 * that no name can end a header or draw a paragraph of its own.
 */
export function renderEmail<T extends LetterTemplate>(
  template: T,
  language: Locale,
  params: EmailParams[T],
): Email {
  const sheet =
    'reason' in params
      ? rejectionSheet(language, params)
      : 'kind' in params
        ? reportSheet(
            language,
            template === 'issue-reported' ? 'issueReported' : 'issueAnswered',
            params,
          )
        : sheetOf(language, params, partsOf(template, language, params));
  return {
    subject: sheet.subject,
    html: `<!doctype html>${<Layout sheet={sheet} />}`,
    text: asText(sheet),
  };
}

function rejectionSheet(language: Locale, params: Rejection): Sheet {
  const { publishRejected } = WORDS[language];
  const { subject, heading, body, button, why } = publishRejected;
  const name = oneLine(params.name);
  return {
    ...deskLetterOf(language, params),
    subject: subject(name),
    heading,
    body: body(name, oneLine(params.by)),
    quote: [oneLine(params.reason)],
    button,
    why: why(oneLine(params.orgName)),
  };
}

function reportSheet(
  language: Locale,
  event: 'issueReported' | 'issueAnswered',
  params: ReportLetter,
): Sheet {
  const { [event]: words, issueKinds, issueDesk } = WORDS[language];
  const about = {
    number: params.number,
    order: oneLine(params.order),
    customer: oneLine(params.customerName),
    by: oneLine(params.by),
    kind: issueKinds[params.kind],
  };
  return {
    ...deskLetterOf(language, params),
    subject: words.subject(about),
    heading: words.heading,
    body: words.body(about),
    quote: linesOf(params.body),
    button: issueDesk.button,
    why: issueDesk.why(oneLine(params.orgName)),
  };
}

/** What all letters to the supplier's own people have in common. */
function deskLetterOf(
  language: Locale,
  params: Pick<Rejection, 'orgName' | 'colour' | 'ink' | 'memberName' | 'url'>,
) {
  const { greeting, openByHand } = WORDS[language];
  return {
    language,
    orgName: oneLine(params.orgName),
    colour: params.colour,
    ink: params.ink,
    greeting: greeting(params.memberName === null ? null : oneLine(params.memberName)),
    url: params.url,
    until: null,
    openByHand,
    notes: [],
    questions: '',
    contact: [],
    unsubscribe: null,
  } satisfies Partial<Sheet>;
}

type Parts = Pick<
  Sheet,
  'subject' | 'heading' | 'body' | 'quote' | 'groups' | 'button' | 'until'
> & {
  unexpected: string | null;
};

function partsOf(template: LetterTemplate, language: Locale, params: Common): Parts {
  const words = WORDS[language];
  const org = oneLine(params.orgName);
  const customer = oneLine(params.customerName);
  const day = longDate(language, params.expiresOn);
  if (template === 'access-link') {
    const { subject, heading, body, button, until, unexpected } = words.accessLink;
    return {
      subject: subject(org),
      heading,
      body: body(org, customer),
      quote: [],
      button,
      until: until(day),
      unexpected,
    };
  }
  if (template === 'issue-reply') {
    const { subject, heading, body, button, until } = words.issueReply;
    // Sound: the caller's type ties the template to its params.
    const { number, order, by, body: said } = params as EmailParams['issue-reply'];
    const about = { number, order: oneLine(order), by: oneLine(by), org };
    return {
      subject: subject(about),
      heading,
      body: body(about),
      quote: linesOf(said),
      button,
      until: until(day),
      unexpected: null,
    };
  }
  if (template === 'change-answered') {
    const { subject, heading, body, button, until } = words.changeAnswered;
    // Sound: the caller's type ties the template to its params.
    const { kind, status, reason } = (params as EmailParams['change-answered']).decision;
    return {
      subject: subject(org, status),
      heading: heading[status],
      body: body[status](org, words.changeKinds[kind]),
      quote: reason === null ? [] : linesOf(reason),
      button,
      until: until(day),
      unexpected: null,
    };
  }
  if (template === 'news') {
    // Sound: the caller's type ties the template to its params.
    const { news, timeZone } = params as EmailParams['news'];
    return newsParts(language, { org, customer, day, timeZone }, news);
  }
  if (template === 'statement-ready') {
    // Sound: the caller's type ties the template to its params.
    const { from, to } = params as EmailParams['statement-ready'];
    const period = { from: longDate(language, from), to: longDate(language, to) };
    return statementParts(language, { org, customer, day, ...period });
  }
  const { subject, heading, body, button, until } = words.documentsReady;
  // Sound: the caller's type ties the template to its params.
  const counts = params as EmailParams['documents-ready'];
  return {
    subject: subject(org, counts),
    heading,
    body: body(org, customer, counts),
    quote: [],
    button,
    until: until(day),
    unexpected: null,
  };
}

function sheetOf(language: Locale, params: Common, { unexpected, ...parts }: Parts): Sheet {
  const words = WORDS[language];
  const orgName = oneLine(params.orgName);
  return {
    ...parts,
    language,
    orgName,
    colour: params.colour,
    ink: params.ink,
    greeting: words.greeting(params.contactName === null ? null : oneLine(params.contactName)),
    url: params.url,
    openByHand: words.openByHand,
    notes: unexpected === null ? [words.personal] : [words.personal, unexpected],
    questions: words.questions(orgName, params.contactEmail !== null),
    contact: [params.contactEmail, params.contactPhone]
      .filter((line) => line !== null)
      .map(oneLine),
    why: words.why(orgName, oneLine(params.customerName)),
    unsubscribe: params.unsubscribe
      ? {
          words: words.unsubscribe.words(words.mailTopics[params.unsubscribe.topic]),
          link: words.unsubscribe.link,
          url: params.unsubscribe.url,
        }
      : null,
  };
}

function asText(sheet: Sheet): string {
  const paragraphs = [
    sheet.greeting,
    sheet.body,
    // A mark before each line: nobody's own words can pass for a line of ours.
    ...(sheet.quote.length > 0
      ? [sheet.quote.map((line) => `> ${line}`.trimEnd()).join('\n')]
      : []),
    ...(sheet.groups ?? []).map(({ title, lines }) =>
      [title, ...lines.map((line) => `- ${line}`)].join('\n'),
    ),
    `${sheet.button}:\n${sheet.url}`,
    ...(sheet.until === null ? [] : [sheet.until]),
    ...sheet.notes,
    ...(sheet.contact.length > 0 ? [[sheet.questions, ...sheet.contact].join('\n')] : []),
    // Mail programs know what follows this mark as the signature (RFC 3676, 4.3).
    `-- \n${sheet.orgName}\n${sheet.why}`,
    ...(sheet.unsubscribe === null
      ? []
      : [`${sheet.unsubscribe.words} ${sheet.unsubscribe.link}:\n${sheet.unsubscribe.url}`]),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

function longDate(language: Locale, day: string): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}
