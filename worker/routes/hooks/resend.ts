/**
 * What Resend tells of the mail it took: https://resend.com/docs/webhooks/event-types. It comes signed
 * through Svix, in any order and more than once.
 */
import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asMachine } from '../../access/guards.ts';
import { isSigned } from '../../access/webhook-signature.ts';
import { type HeardMail, hearOfMail } from '../../domain/heard-mail.ts';
import { AppError } from '../../errors.ts';
import type { MailFate } from '../../vocabulary.ts';
import { readBytes } from '../bytes.ts';

const BODY_MAX_BYTES = 64 * 1024;
const DETAIL_MAX_CHARACTERS = 500;

const FATES: Record<string, MailFate> = {
  'email.delivered': 'delivered',
  'email.delivery_delayed': 'delayed',
  'email.bounced': 'bounced',
  'email.complained': 'complained',
  'email.failed': 'failed',
  'email.suppressed': 'suppressed',
};

const words = z.string().max(10_000).nullish().catch(null);
const event = z.object({
  type: z.string(),
  created_at: z.iso.datetime({ offset: true }).refine((text) => !text.startsWith('0000')),
  data: z.object({
    email_id: z.string().min(1).max(100),
    tags: z
      .object({ letter: z.uuid().optional().catch(undefined) })
      .catch({})
      .optional(),
    bounce: z.object({ type: words, subType: words, message: words }).optional(),
    failed: z.object({ reason: words }).optional(),
    suppressed: z.object({ message: words }).optional(),
  }),
});

/** One line of the provider's, such as the database can keep. */
function lineOf(text: string | null | undefined): string | null {
  const line = (text ?? '').replace(/\p{Cc}+/gu, ' ').trim();
  return line.slice(0, DETAIL_MAX_CHARACTERS).toWellFormed() || null;
}

/** An event as we keep it; null for one that is about no mail's fate. @throws AppError `invalid` */
function heardOf(text: string, svixId: string): HeardMail | null {
  const parsed = z.object({ type: z.string() }).safeParse(parseJson(text));
  const fate = parsed.success ? FATES[parsed.data.type] : undefined;
  if (parsed.success && fate === undefined) {
    return null;
  }
  const { data: read } = event.safeParse(parseJson(text));
  if (fate === undefined || read === undefined) {
    throw new AppError('invalid', 'not an event of the mail provider', {
      fields: { body: 'an event as Resend documents it' },
    });
  }
  const { email_id, tags, bounce, failed, suppressed } = read.data;
  return {
    svixId,
    providerId: email_id,
    letterId: tags?.letter ?? null,
    fate,
    at: read.created_at,
    detail: lineOf(bounce?.message ?? failed?.reason ?? suppressed?.message),
    // A mailbox that is full or away today may take mail tomorrow.
    suppresses:
      fate === 'complained' ||
      fate === 'suppressed' ||
      (fate === 'bounced' && bounce?.type === 'Permanent'),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Without a secret there is no such address. What is no mail of ours is taken, and changes nothing. */
export const resendHook = new Hono<AppEnv>().post('/resend', async (c) => {
  const secret = c.env.ports.webhookSecret;
  if (secret === null) {
    throw new AppError('not_found', 'no webhook secret is set');
  }
  const body = await readBytes(c.req.raw, BODY_MAX_BYTES);
  const header = (name: string) => c.req.header(name) ?? null;
  const headers = {
    id: header('svix-id'),
    timestamp: header('svix-timestamp'),
    signature: header('svix-signature'),
  };
  if (!(await isSigned(body, headers, secret, Date.now() / 1000))) {
    throw new AppError('access_required', 'the signature does not verify');
  }
  const heard = heardOf(new TextDecoder().decode(body), (headers.id ?? '').slice(0, 200));
  if (heard !== null) {
    await asMachine(c, (db) => [hearOfMail(db, heard)]);
  }
  return c.json({ received: true as const }, 200);
});
