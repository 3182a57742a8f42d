/** Bindings, parsed once an isolate, and the ports they open. A wrong setting stops the Worker. */
import type { DurableObjectNamespace, Fetcher, R2Bucket } from '@cloudflare/workers-types';
import { z } from 'zod';
import { WEBHOOK_SECRET } from './access/webhook-signature.ts';
import { openCarriers } from './carriers/open.ts';
import { carrierSettings, readAccounts } from './carriers/settings.ts';
import { CUSTOMER_TIMEOUT_MS, openDatabase, STAFF_TIMEOUT_MS } from './database/context.ts';
import { openUpdates } from './live/updates.ts';
import { openMail } from './mail.ts';
import type { Ports, Shield } from './ports.ts';

const origin = z.url().transform((text) => new URL(text).origin);

const settings = z.object({
  PORTAL_ORIGIN: origin,
  ADMIN_ORIGIN: origin,
  ACCESS_ISSUER: z.url().transform((text) => text.replace(/\/$/, '')),
  // An empty audience would accept a token of any application of the team.
  ACCESS_AUDIENCE: z.string().min(1),
  ACCESS_KEYS_URL: z.url().optional(),
  DATABASE_URL_CUSTOMER: z.string().startsWith('postgres'),
  DATABASE_URL_STAFF: z.string().startsWith('postgres'),
  DATABASE_URL_SYSTEM: z.string().startsWith('postgres'),
  DATABASE_ENDPOINT: z.url().optional(),
  RESEND_API_KEY: z.string().min(1),
  RESEND_URL: z.url().default('https://api.resend.com'),
  MAIL_FROM: z.string().min(3),
  // Resend's limit for the team; the documented default is 2.
  MAIL_PER_SECOND: z.coerce.number().positive().default(2),
  OUTBOX_KEY: z.base64().length(44),
  // Of the webhook at Resend that posts to /hooks/resend; without it that address is not there.
  RESEND_WEBHOOK_SECRET: z.string().regex(WEBHOOK_SECRET).optional(),
  ...carrierSettings,
});

export type Env = Record<keyof z.input<typeof settings>, string> & {
  BUCKET: R2Bucket;
  ASSETS: Fetcher;
  CUSTOMER_UPDATES: DurableObjectNamespace;
  LINK_SHIELD: Shield;
  REQUEST_SHIELD: Shield;
};

let opened: { env: Env; ports: Ports } | undefined;

/** The ports of this isolate. @throws Error naming the settings that are wrong, not their values */
export function openPorts(env: Env): Ports {
  if (opened?.env === env) {
    return opened.ports;
  }
  const parsed = settings.safeParse(env);
  if (!parsed.success) {
    const names = parsed.error.issues.map((issue) => issue.path.join('.'));
    throw new Error(`settings missing or wrong: ${names.join(', ')}`);
  }
  const s = parsed.data;
  const { accounts, missing } = readAccounts(s);
  if (missing.length > 0) {
    throw new Error(`settings missing or wrong: ${missing.join(', ')}`);
  }
  const database = (audience: 'customer' | 'staff' | 'system', url: string, timeoutMs: number) =>
    openDatabase(audience, url, timeoutMs, s.DATABASE_ENDPOINT);
  const ports: Ports = {
    database: {
      customer: database('customer', s.DATABASE_URL_CUSTOMER, CUSTOMER_TIMEOUT_MS),
      staff: database('staff', s.DATABASE_URL_STAFF, STAFF_TIMEOUT_MS),
      system: database('system', s.DATABASE_URL_SYSTEM, STAFF_TIMEOUT_MS),
    },
    bucket: env.BUCKET,
    assets: env.ASSETS,
    updates: openUpdates(env.CUSTOMER_UPDATES),
    mail: openMail({
      apiKey: s.RESEND_API_KEY,
      baseUrl: s.RESEND_URL,
      from: s.MAIL_FROM,
      perSecond: s.MAIL_PER_SECOND,
    }),
    outboxKey: s.OUTBOX_KEY,
    webhookSecret: s.RESEND_WEBHOOK_SECRET ?? null,
    carriers: openCarriers(accounts),
    access: {
      issuer: s.ACCESS_ISSUER,
      audience: s.ACCESS_AUDIENCE,
      ...(s.ACCESS_KEYS_URL === undefined ? {} : { keysUrl: s.ACCESS_KEYS_URL }),
    },
    portalOrigin: s.PORTAL_ORIGIN,
    adminOrigin: s.ADMIN_ORIGIN,
    shields: { links: env.LINK_SHIELD, requests: env.REQUEST_SHIELD },
  };
  opened = { env, ports };
  return ports;
}
