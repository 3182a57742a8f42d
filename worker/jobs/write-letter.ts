/** Letters as they are written: from what the outbox keeps of one to what goes out. */
import { z } from 'zod';
import { inkOn } from '../brand.ts';
import { STANDING_LINK_DAYS } from '../domain/access-link.ts';
import type { ClaimedLetter } from '../domain/claimed-letter.ts';
import { type Email, type EmailParams, renderEmail } from '../emails/render.tsx';
import type { Letter } from '../mail.ts';
import {
  CHANGE_REQUEST_KINDS,
  ISSUE_KINDS,
  LINK_SCOPES,
  type LinkPurpose,
  TOLD_STATUSES,
} from '../vocabulary.ts';

const count = z.number().int().nonnegative().default(0);
const parcelNews = z.object({
  orderId: z.uuid(),
  orderNumber: z.string(),
  trackingNumber: z.string().nullable(),
  carrier: z.string().nullable(),
  params: z.object({ status: z.enum(TOLD_STATUSES), at: z.iso.datetime({ offset: true }) }),
});
const statementNews = z.object({
  params: z.object({ from: z.iso.date(), to: z.iso.date() }),
});
/** What is kept of a letter to a contact, by its template. */
export const paramsSchema = z.discriminatedUnion('template', [
  z.object({
    template: z.literal('access-link'),
    scope: z.enum(LINK_SCOPES).optional(),
    label: z.string().optional(),
  }),
  z.object({
    template: z.literal('documents-ready'),
    scope: z.enum(LINK_SCOPES).optional(),
    documents: count,
    orders: count,
  }),
  z.object({
    template: z.literal('issue-reply'),
    scope: z.enum(LINK_SCOPES).optional(),
    issue: z.uuid(),
    number: z.int(),
    order: z.string(),
    by: z.string(),
    body: z.string(),
  }),
  z.object({
    template: z.literal('change-answered'),
    scope: z.enum(LINK_SCOPES).optional(),
    kind: z.enum(CHANGE_REQUEST_KINDS),
    status: z.enum(['accepted', 'declined']),
    reason: z.string().nullable(),
  }),
  z.object({
    template: z.literal('news'),
    scope: z.enum(LINK_SCOPES).optional(),
    news: z.array(parcelNews).min(1),
  }),
  z.object({
    template: z.literal('statement-ready'),
    scope: z.enum(LINK_SCOPES).optional(),
    news: z.tuple([statementNews]),
  }),
]);

type Params = z.infer<typeof paramsSchema>;

const ofIssue = {
  issue: z.uuid(),
  number: z.int(),
  order: z.string(),
  kind: z.enum(ISSUE_KINDS),
  customer: z.string(),
  by: z.string(),
  body: z.string(),
};
/** Of a desk letter, one to the supplier's own people: it leads to the console, and carries no link of a customer's. */
export const deskSchema = z.discriminatedUnion('template', [
  z.object({
    template: z.literal('publish-rejected'),
    publish: z.uuid(),
    name: z.string(),
    reason: z.string(),
    by: z.string(),
  }),
  z.object({ template: z.literal('issue-reported'), ...ofIssue }),
  z.object({ template: z.literal('issue-answered'), ...ofIssue }),
]);
const DESK_LETTERS: ReadonlySet<string> = new Set(
  deskSchema.options.map(({ shape }) => shape.template.value),
);

/** Whether a letter is one to the supplier's own people. */
export const isDeskLetter = ({ template }: Pick<ClaimedLetter, 'template'>) =>
  DESK_LETTERS.has(template);

/** Whether a letter tells of what was noted for it, as it stands when it is written. */
export const isOfNews = ({ template }: Pick<ClaimedLetter, 'template'>) =>
  template === 'news' || template === 'statement-ready';

/** The links that letters carry: standing ones live on with use, a notification's never does. */
export const LINKS = {
  'access-link': { purpose: 'standing', days: STANDING_LINK_DAYS },
  'documents-ready': { purpose: 'notification', days: 14 },
  'issue-reply': { purpose: 'notification', days: 14 },
  'change-answered': { purpose: 'notification', days: 14 },
  news: { purpose: 'notification', days: 14 },
  'statement-ready': { purpose: 'notification', days: 14 },
} as const satisfies Record<Params['template'], { purpose: LinkPurpose; days: number }>;

/** The page that a letter's link opens once it is continued, as the landing is asked for it. `wantedPage` lets these pass, and no other. */
export function landingQuery(params: Params): string {
  switch (params.template) {
    case 'issue-reply':
      return `?to=/issues/${params.issue}`;
    case 'change-answered':
      return '?to=/details';
    case 'statement-ready':
      return '?to=/documents';
    case 'news': {
      const orders = [...new Set(params.news.map(({ orderId }) => orderId))];
      return orders.length === 1 ? `?to=/orders/${orders[0]}` : '';
    }
    default:
      return '';
  }
}

/** What a mail program's own button asks for (RFC 8058). */
const unsubscribeHeaders = (url: string) => ({
  'List-Unsubscribe': `<${url}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

/**
 * A letter to a contact. `url` is their link, which works until `expiresAt`; `unsubscribeUrl` ends mail of
 * the letter's topic, and is null where there is none.
 */
export function write(
  letter: ClaimedLetter,
  params: Params,
  links: { url: string; expiresAt: Date; unsubscribeUrl: string | null },
): Letter {
  const { url, expiresAt, unsubscribeUrl } = links;
  const common = {
    orgName: letter.orgName,
    colour: letter.colour,
    ink: inkOn(letter.colour),
    contactEmail: letter.contactEmail,
    contactPhone: letter.contactPhone,
    contactName: letter.contactName,
    customerName: letter.customerName ?? '',
    url,
    expiresOn: dayIn(letter.timeZone, expiresAt),
    unsubscribe:
      letter.topic === null || unsubscribeUrl === null
        ? null
        : { topic: letter.topic, url: unsubscribeUrl },
  };
  return {
    to: letter.recipient,
    fromName: letter.orgName,
    replyTo: letter.contactEmail,
    ...emailOf(letter, params, common),
    ...(unsubscribeUrl !== null && { headers: unsubscribeHeaders(unsubscribeUrl) }),
    tags: { letter: letter.id, template: letter.template },
  };
}

function emailOf(
  { language, timeZone }: ClaimedLetter,
  params: Params,
  common: EmailParams['access-link'],
): Email {
  switch (params.template) {
    case 'access-link':
      return renderEmail('access-link', language, common);
    case 'documents-ready':
      return renderEmail('documents-ready', language, { ...common, ...params });
    case 'issue-reply':
      return renderEmail('issue-reply', language, {
        ...common,
        ...params,
        number: `R-${params.number}`,
      });
    case 'change-answered':
      return renderEmail('change-answered', language, { ...common, decision: params });
    case 'news':
      return renderEmail('news', language, {
        ...common,
        timeZone,
        news: params.news.map(({ orderNumber, trackingNumber, carrier, params: happened }) => ({
          ...happened,
          order: orderNumber,
          number: trackingNumber,
          carrier,
        })),
      });
    case 'statement-ready':
      return renderEmail('statement-ready', language, { ...common, ...params.news[0].params });
  }
}

/** A desk letter: a publish was sent back, or a customer wrote about a report. */
export function writeDeskLetter(
  letter: ClaimedLetter,
  params: z.infer<typeof deskSchema>,
  adminOrigin: string,
): Letter {
  const pages = `${adminOrigin}/admin/${encodeURIComponent(letter.orgSlug)}`;
  const common = {
    orgName: letter.orgName,
    colour: letter.colour,
    ink: inkOn(letter.colour),
    memberName: letter.memberName,
  };
  const email =
    params.template === 'publish-rejected'
      ? renderEmail(params.template, letter.language, {
          ...params,
          ...common,
          url: `${pages}/publishes/${params.publish}`,
        })
      : renderEmail(params.template, letter.language, {
          ...params,
          ...common,
          customerName: params.customer,
          number: `R-${params.number}`,
          url: `${pages}/issues/${params.issue}`,
        });
  return {
    to: letter.recipient,
    fromName: letter.orgName,
    replyTo: null,
    ...email,
    tags: { letter: letter.id, template: letter.template },
  };
}

/** The day that a moment falls on for the supplier, as YYYY-MM-DD. */
function dayIn(timeZone: string, moment: Date): string {
  // Sweden writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone }).format(moment);
}
