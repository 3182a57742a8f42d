/**
 * A local Resend: accepts what the Resend SDK sends (`new Resend(key, { baseUrl })`), keeps it, and
 * shows it on an inbox page instead of mailing it.
 * Protocol: https://resend.com/docs/api-reference/emails/send-email,
 * https://resend.com/docs/api-reference/errors,
 * https://resend.com/docs/dashboard/emails/idempotency-keys and, for what it sends back,
 * https://resend.com/docs/webhooks/introduction (signed by Svix).
 */
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Context, Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { z } from 'zod';
import { type LocalAnswer, listenFetch } from './http.ts';
import { inboxPage, mailPage, missingPage } from './resend-inbox.ts';
import { openMailStore, type ReceivedMail } from './resend-store.ts';
import {
  addressOf,
  type EventOptions,
  type MailEvent,
  postEvent,
  tellFate,
  type Webhook,
} from './resend-webhook.ts';

export type { ReceivedMail } from './resend-store.ts';
export type { MailEvent } from './resend-webhook.ts';

/**
 * What a test can make go wrong with sending until it sets `fault` back to null.
 * `status`: answered instead of accepting; `body` defaults to Resend's own for that status,
 * `retryAfter` is in seconds. `acceptThenTimeout`: the mail is kept, the answer never comes.
 * `slowMs`: accepted after that long, its idempotency key in flight meanwhile.
 * `down`: the connection is cut.
 */
export type ResendFault =
  | { status: number; body?: unknown; retryAfter?: number }
  | { acceptThenTimeout: true }
  | { slowMs: number }
  | 'down';

export type ResendServer = {
  /** The inbox for a person: `http://localhost:PORT` */
  url: string;
  /** For the SDK's `baseUrl`: `http://127.0.0.1:PORT` */
  apiUrl: string;
  port: number;
  /** Newest first. */
  mails(): ReceivedMail[];
  /** Forgets mails and idempotency keys. */
  clear(): Promise<void>;
  fault: ResendFault | null;
  /**
   * Posts a signed event about a mail to the webhook now and gives the receiver's status; the same
   * `svixId` again is a repeated delivery. Throws when there is no such mail or no webhook.
   */
  sendEvent(id: string, type: MailEvent, options?: EventOptions): Promise<number>;
  stop(): Promise<void>;
};

const BATCH_MAX = 100;
const RECIPIENTS_MAX = 50;
const KEY_MAX_CHARS = 256;

const address = z
  .string()
  .regex(
    /^(?:[^<>\s@]+@[^<>\s@]+\.[^<>\s@]+|[^<>\r\n]*<[^<>\s@]+@[^<>\s@]+\.[^<>\s@]+>)$/,
    'The email address needs to follow the `email@example.com` or `Name <email@example.com>` format.',
  );
const recipients = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(address).min(1).max(RECIPIENTS_MAX),
);
const word = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]{1,256}$/,
    'Tags should only contain ASCII letters, numbers, underscores, or dashes.',
  );
const email = z
  .object({
    from: address,
    to: recipients,
    cc: recipients.optional(),
    bcc: recipients.optional(),
    reply_to: recipients.optional(),
    subject: z.string().min(1),
    html: z.string().optional(),
    text: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
    tags: z.array(z.object({ name: word, value: word })).optional(),
  })
  .refine((mail) => mail.html || mail.text, 'Missing `html` or `text` field.');
const batch = z.array(email).min(1).max(BATCH_MAX);

/**
 * Starts the mail server. `storeFile` keeps the mails (JSON lines) over a restart. With `webhook`,
 * every accepted mail's fate is posted to it: `email.delivered`, or what one of Resend's test
 * addresses (`bounced@resend.dev`, `complained@…`, `suppressed@…`) stands for. With `tellsFates: false`
 * it posts only what {@link ResendServer.sendEvent} is asked for.
 */
export async function startResend(options: {
  port?: number;
  apiKey: string;
  storeFile?: string;
  webhook?: Webhook;
  tellsFates?: boolean;
}): Promise<ResendServer> {
  const { apiKey, webhook, tellsFates = true } = options;
  const store = await openMailStore(options.storeFile);
  const inFlight = new Set<string>();
  const stopping = new AbortController();

  async function accept(c: Context, schema: typeof email | typeof batch): Promise<Response> {
    const denied = authorize(c, apiKey);
    if (denied) return denied;
    const body = await c.req.text();
    const given = c.req.header('idempotency-key');
    if (given !== undefined && (given.length < 1 || given.length > KEY_MAX_CHARS)) {
      return refuse(c, 400, 'invalid_idempotency_key', 'The key must be between 1-256 chars.');
    }
    const key = given === undefined ? null : `${c.req.path} ${given}`;
    const bodyHash = createHash('sha256').update(body).digest('hex');
    const reply = (ids: string[]) =>
      c.json(schema === batch ? { data: ids.map((id) => ({ id })) } : { id: ids[0] });

    if (key !== null) {
      if (inFlight.has(key)) {
        return refuse(
          c,
          409,
          'concurrent_idempotent_requests',
          'Same idempotency key used while original request is still in progress.',
        );
      }
      const known = store.answerTo(key);
      if (known?.bodyHash === bodyHash) return reply(known.ids);
      if (known) {
        return refuse(
          c,
          409,
          'invalid_idempotent_request',
          'Same idempotency key used with a different request payload.',
        );
      }
    }

    const parsed = schema.safeParse(parseJson(body));
    if (!parsed.success) return invalid(c, parsed.error);
    const mails = [parsed.data].flat().map(received);
    if (key !== null) inFlight.add(key);
    try {
      if (isFault(server.fault, 'slowMs'))
        await delay(server.fault.slowMs, undefined, { signal: stopping.signal }).catch(() => {});
      const ids = mails.map(({ id }) => id);
      await store.add(mails, key === null ? null : { key, bodyHash, ids, at: Date.now() });
    } finally {
      if (key !== null) inFlight.delete(key);
    }
    if (webhook && tellsFates)
      for (const mail of mails) void tellFate(webhook, mail, stopping.signal);
    return reply(mails.map(({ id }) => id));
  }

  const app = new Hono()
    .post('/emails', (c) => accept(c, email))
    .post('/emails/batch', (c) => accept(c, batch))
    .get('/', (c) => c.html(inboxPage(store.mails())))
    .get('/mails/:file{.+\\.html}', (c) => {
      const mail = store.find(c.req.param('file').replace(/\.html$/, ''));
      if (!mail) return c.html(missingPage(), 404);
      // As inert as in the inbox: a mail's script never runs on this origin.
      return c.html(mail.html, 200, { 'content-security-policy': 'sandbox allow-popups' });
    })
    .get('/mails/:id', (c) => {
      const mail = store.find(c.req.param('id'));
      return mail ? c.html(mailPage(mail)) : c.html(missingPage(), 404);
    })
    .get('/api/mails', (c) => {
      const to = c.req.query('to')?.toLowerCase();
      const mails = store.mails();
      return c.json(to ? mails.filter((mail) => mail.to.some((r) => addressOf(r) === to)) : mails);
    })
    .delete('/api/mails', async (c) => {
      await store.clear();
      return c.body(null, 204);
    });
  app.notFound((c) => refuse(c, 404, 'not_found', 'The requested endpoint does not exist.'));

  const http = await listenFetch(async (request): Promise<LocalAnswer> => {
    const { fault } = server;
    const sending =
      request.method === 'POST' && new URL(request.url).pathname.startsWith('/emails');
    if (sending && fault === 'down') return 'drop';
    if (sending && isFault(fault, 'status')) return faulty(fault);
    const response = await app.fetch(request);
    if (sending && response.ok && isFault(fault, 'acceptThenTimeout')) return 'hang';
    response.headers.set('referrer-policy', 'no-referrer');
    return response;
  }, options.port);

  const server: ResendServer = {
    url: http.url,
    apiUrl: http.loopbackUrl,
    port: http.port,
    mails: store.mails,
    clear: store.clear,
    fault: null,
    sendEvent: async (id, type, options = {}) => {
      const mail = store.find(id);
      if (!mail || !webhook) throw new Error(mail ? 'No webhook is set.' : `No mail ${id}.`);
      return postEvent(webhook, type, mail, options);
    },
    stop: async () => {
      stopping.abort();
      await http.stop();
    },
  };
  return server;
}

function authorize(c: Context, apiKey: string): Response | null {
  const header = c.req.header('authorization');
  if (header === undefined) {
    return refuse(c, 401, 'missing_api_key', 'Missing API key in the authorization header.');
  }
  if (header === `Bearer ${apiKey}`) return null;
  return refuse(c, 401, 'invalid_api_key', 'API key is invalid.');
}

function refuse(c: Context, statusCode: ContentfulStatusCode, name: string, message: string) {
  return c.json({ statusCode, name, message }, statusCode);
}

function invalid(c: Context, error: z.ZodError): Response {
  const [issue] = error.issues;
  const field = issue?.path.findLast((part) => typeof part === 'string');
  if (field === undefined) {
    return refuse(c, 422, 'validation_error', issue?.message ?? 'The body is invalid.');
  }
  const missing = issue?.code === 'invalid_type' && / undefined$/.test(issue.message);
  if (missing) return refuse(c, 422, 'missing_required_field', `Missing \`${field}\` field.`);
  return refuse(c, 422, 'validation_error', `Invalid \`${field}\` field. ${issue?.message}`);
}

function received(mail: z.infer<typeof email>): ReceivedMail {
  return {
    id: randomUUID(),
    from: mail.from,
    to: mail.to,
    cc: mail.cc ?? [],
    bcc: mail.bcc ?? [],
    replyTo: mail.reply_to ?? [],
    subject: mail.subject,
    html: mail.html ?? '',
    text: mail.text ?? '',
    headers: mail.headers ?? {},
    tags: mail.tags ?? [],
    createdAt: new Date().toISOString(),
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isFault<K extends 'status' | 'slowMs' | 'acceptThenTimeout'>(
  fault: ResendFault | null,
  kind: K,
): fault is Extract<ResendFault, Record<K, unknown>> {
  return typeof fault === 'object' && fault !== null && kind in fault;
}

function faulty({ status, body, retryAfter }: Extract<ResendFault, { status: number }>): Response {
  const [name, message] =
    status === 429
      ? [
          'rate_limit_exceeded',
          'Too many requests. Please limit the number of requests per second.',
        ]
      : status >= 500
        ? ['internal_server_error', 'An unexpected error occurred.']
        : ['validation_error', 'The request was refused.'];
  const headers = new Headers({ 'content-type': 'application/json' });
  if (retryAfter !== undefined) headers.set('retry-after', String(retryAfter));
  const text =
    typeof body === 'string' ? body : JSON.stringify(body ?? { statusCode: status, name, message });
  return new Response(text, { status, headers });
}
