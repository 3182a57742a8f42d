/**
 * The stack that system tests drive: the real Worker in workerd, a PostgreSQL behind Neon's
 * protocol, and local servers that speak Resend's, Access's and the carriers'. One for all that a process
 * runs; every test file makes orgs of its own in it, since the org is what isolates.
 */
import { randomBytes } from 'node:crypto';
import type { R2Bucket } from '@cloudflare/workers-types';
import { neon, neonConfig } from '@neondatabase/serverless';
import { createTestHarness } from 'wrangler';
import { type AccessServer, type AccessService, startAccess } from '../../scripts/local/access.ts';
import { type CarriersServer, startCarriers } from '../../scripts/local/carriers.ts';
import { type Audience, migratePostgres, renewPasswords } from '../../scripts/local/migrations.ts';
import { type NeonServer, startNeon } from '../../scripts/local/neon.ts';
import { type ResendServer, startResend } from '../../scripts/local/resend.ts';
import { type Database, openDatabase, STAFF_TIMEOUT_MS } from '../database/context.ts';

export const PORTAL = 'http://portal.test';
export const CONSOLE = 'http://console.test';
const AUDIENCE = 'the-audience-of-the-tests';
const API_KEY = 're_tests';
/** What the local Resend signs its events with. */
export const WEBHOOK_SECRET = `whsec_${randomBytes(24).toString('base64')}`;
const EVERY_MINUTE = '* * * * *';

type Row = Record<string, unknown>;

export type Stack = {
  /** A request to the Worker; the URL's host is what the Worker sees. Redirects are not followed. */
  fetch(url: string, init?: RequestInit): Promise<Response>;
  /** Runs what the minute's cron runs. */
  minute(): Promise<void>;
  /** Runs what another cron runs. */
  scheduled(cron: '17 * * * *' | '*/30 * * * *' | '41 3 * * *'): Promise<void>;
  /** SQL through the owner's own connection: to make what tests need, and to age rows. */
  sql<T extends Row = Row>(query: string, params?: unknown[]): Promise<T[]>;
  /** Statements as an audience's login role, in one transaction: what a leaked connection string could do. */
  sqlAs(audience: Audience, ...queries: [query: string, params?: unknown[]][]): Promise<Row[][]>;
  bucket(): Promise<R2Bucket>;
  /** The connection of the Worker's jobs: for a job that is run at another time than now. */
  system: Database;
  /** What the Worker has logged since the last call. */
  takeLogs(): string;
  /** The Access token of a machine. */
  serviceToken(name: string): Promise<string>;
  database: NeonServer;
  mail: ResendServer;
  access: AccessServer;
  carriers: CarriersServer;
};

/** The connection string of the PostgreSQL that this process was given (see postgres.ts). Throws without one. */
export function ownerUrl(): string {
  const own = process.env[`TEST_DATABASE_URL_${process.env.VITEST_POOL_ID}`];
  const url = own ?? process.env.TEST_DATABASE_URL;
  if (url === undefined) {
    throw new Error('TEST_DATABASE_URL is not set: vitest runs with worker/test/postgres.ts');
  }
  return url;
}

async function startStack(): Promise<Stack> {
  const url = ownerUrl();
  await migratePostgres(url);
  const urls = await renewPasswords(url);
  const database = await startNeon({ database: { url } });
  const mail = await startResend({
    apiKey: API_KEY,
    // The Worker has no port here. A fate is told when a test says so: else rows change while it looks.
    webhook: {
      url: `${PORTAL}/hooks/resend`,
      secret: WEBHOOK_SECRET,
      fetch: (target, init) => fetchWorker(target, init as never) as unknown as Promise<Response>,
    },
    tellsFates: false,
  });
  const carriers = await startCarriers();
  const services: AccessService[] = [];
  const access = await startAccess({
    audience: AUDIENCE,
    people: [],
    services,
    adminUrl: CONSOLE,
  });
  neonConfig.fetchEndpoint = database.url;
  // wrangler's own record of each request and line: no deployment has it, and it costs more than they do.
  process.env.X_LOCAL_OBSERVABILITY = 'false';
  const owner = neon(url);
  const harness = createTestHarness({
    workers: [
      {
        configPath: new URL('../../wrangler.toml', import.meta.url),
        vars: {
          PORTAL_ORIGIN: PORTAL,
          ADMIN_ORIGIN: CONSOLE,
          ACCESS_ISSUER: access.issuer,
          ACCESS_KEYS_URL: access.certsUrl,
          ACCESS_AUDIENCE: AUDIENCE,
          DATABASE_ENDPOINT: database.url,
          RESEND_URL: mail.apiUrl,
          MAIL_FROM: 'Counterfoil <documents@portal.test>',
          MAIL_PER_SECOND: '1000',
          ...carriers.settings,
        },
        secrets: {
          DATABASE_URL_CUSTOMER: urls.customer,
          DATABASE_URL_STAFF: urls.staff,
          DATABASE_URL_SYSTEM: urls.system,
          RESEND_API_KEY: API_KEY,
          OUTBOX_KEY: randomBytes(32).toString('base64'),
          RESEND_WEBHOOK_SECRET: WEBHOOK_SECRET,
        },
      },
    ],
  });
  await harness.listen();
  // Not through wrangler's proxy, which is there for reloads: another process, which no deployment has.
  const { fetch: fetchWorker } = harness.getWorker();
  return {
    // Node's and the Worker's Response are one shape with two declarations.
    fetch: (target, init) =>
      fetchWorker(target, {
        redirect: 'manual',
        ...init,
        // workerd compresses for whoever takes it, as Cloudflare's edge does: twice the work to read the same.
        headers: { 'Accept-Encoding': 'identity', ...init?.headers },
      } as never) as unknown as Promise<Response>,
    async minute() {
      await harness.getWorker().scheduled({ cron: EVERY_MINUTE, scheduledTime: new Date() });
    },
    async scheduled(cron) {
      await harness.getWorker().scheduled({ cron, scheduledTime: new Date() });
    },
    sql: (query, params = []) => owner.query(query, params) as never,
    async sqlAs(audience, ...queries) {
      const client = neon(urls[audience]);
      return (await client.transaction(
        queries.map(([query, params = []]) => client.query(query, params)),
      )) as Row[][];
    },
    system: openDatabase('system', urls.system, STAFF_TIMEOUT_MS, database.url),
    async bucket() {
      const env = await harness.getWorker<{ BUCKET: R2Bucket }>().getEnv();
      return env.BUCKET;
    },
    takeLogs() {
      const lines = harness.getLogs().map((line) => line.message);
      harness.clearLogs();
      return lines.join('\n');
    },
    serviceToken(name) {
      services.push({ name, clientId: name, clientSecret: name });
      return access.serviceToken(name);
    },
    database,
    mail,
    access,
    carriers,
  };
}

// System tests share their process (see vitest.config.ts), so one stack serves all that run in it.
const shared = globalThis as { counterfoilStack?: Promise<Stack> };

/** The stack of this process, started by whoever asks first. */
export function useStack(): Promise<Stack> {
  shared.counterfoilStack ??= startStack();
  return shared.counterfoilStack;
}
