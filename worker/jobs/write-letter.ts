/** Letters as they are written: from what the outbox keeps of one to what goes out. */
import { z } from 'zod';
import { inkOn } from '../access/brand.ts';
import { renderEmail } from '../emails/render.tsx';
import type { Letter } from '../mail.ts';
import { LINK_SCOPES } from '../vocabulary.ts';
import type { ClaimedLetter } from './mail-queue.ts';

const count = z.number().int().nonnegative().default(0);
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
]);
/** Of a letter to a member: it leads to the console, and carries no link of a customer's. */
export const rejectionSchema = z.object({
  publish: z.uuid(),
  name: z.string(),
  reason: z.string(),
  by: z.string(),
});

/** A letter to a contact. `url` is their link, which works until `expiresAt`. */
export function write(
  letter: ClaimedLetter,
  params: z.infer<typeof paramsSchema>,
  url: string,
  expiresAt: Date,
): Letter {
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
  };
  const email =
    params.template === 'access-link'
      ? renderEmail('access-link', letter.language, common)
      : renderEmail('documents-ready', letter.language, { ...common, ...params });
  return {
    to: letter.recipient,
    fromName: letter.orgName,
    replyTo: letter.contactEmail,
    ...email,
    tags: { letter: letter.id, template: letter.template },
  };
}

/** A letter to a member: the publish that they imported was sent back. */
export function writeRejection(
  letter: ClaimedLetter,
  { publish, ...said }: z.infer<typeof rejectionSchema>,
  adminOrigin: string,
): Letter {
  const email = renderEmail('publish-rejected', letter.language, {
    ...said,
    orgName: letter.orgName,
    colour: letter.colour,
    ink: inkOn(letter.colour),
    memberName: letter.memberName,
    url: `${adminOrigin}/admin/${encodeURIComponent(letter.orgSlug)}/publishes/${publish}`,
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
