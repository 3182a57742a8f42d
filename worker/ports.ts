/**
 * What the Worker works with, opened once from its bindings (see env.ts) and handed to every route
 * and job. Floor 2: types and no more.
 */
import type { R2Bucket } from '@cloudflare/workers-types';
import type { AccessConfig } from './access/cloudflare-access.ts';
import type { Carriers } from './carriers/open.ts';
import type { Database } from './database/context.ts';
import type { Updates } from './live/updates.ts';
import type { Mail } from './mail.ts';

/** A job that a request may ask for at once, instead of waiting for its cron. */
export type Kick = (
  job: 'deliver-mail' | 'make-renditions' | 'poll-carriers' | 'send-hints',
) => void;

/** Workers' rate-limiting binding: a shield in front of the database, approximate by design. */
export type Shield = { limit(options: { key: string }): Promise<{ success: boolean }> };

export type Ports = {
  database: { customer: Database; staff: Database; system: Database };
  bucket: R2Bucket;
  assets: { fetch(request: Request): Promise<Response> };
  /** Customers' open pages. */
  updates: Updates;
  mail: Mail;
  /** Base64 of 32 bytes: boxes letters that wait and carriers' tokens. */
  outboxKey: string;
  /** What the mail provider signs its events with; null: it tells us nothing. */
  webhookSecret: string | null;
  /** Those that the deployment has an account with. */
  carriers: Carriers;
  access: AccessConfig;
  portalOrigin: string;
  adminOrigin: string;
  shields: { links: Shield; requests: Shield };
};
