/**
 * `npm start`: the whole product on this machine. The Worker in workerd, Postgres behind Neon's
 * protocol, local servers that speak Resend's, Access's and the carriers', the demo suppliers loaded
 * through the staff's API, and the crons on time. Everything it keeps is under `.local/`.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { demo } from './demo/index.ts';
import { loadOrg } from './demo/load.ts';
import { messyExport } from './demo/messy.ts';
import { staffApi } from './demo/staff-api.ts';
import { type AccessPerson, type AccessService, startAccess } from './local/access.ts';
import { startCarriers } from './local/carriers.ts';
import { startCrons } from './local/cron.ts';
import { type LocalDatabase, openDatabase } from './local/database.ts';
import { listen } from './local/http.ts';
import { type CustomerLinks, customerLinks } from './local/links.ts';
import { takeLock } from './local/lock.ts';
import { explain } from './local/migrations.ts';
import {
  accessPeople,
  accessServices,
  firstMachine,
  type LocalMember,
  type Machine,
  readMembers,
  type StaffTokens,
  staffTokens,
} from './local/people.ts';
import { startResend } from './local/resend.ts';
import { startWorker, type WorkerSettings } from './local/worker.ts';

const USAGE = `
  npm start                  the product with the demo suppliers, at http://localhost:8787
  npm start -- --fresh       the same, without what earlier runs kept in .local/
  npm start -- --verbose     the Worker's log on the terminal (it is in .local/worker.log anyway)

  PORT           another port; the next four are used too (inbox, sign-in, SQL, carriers)
  DATABASE_URL   the owner's connection string of a PostgreSQL near by to use instead of PGlite;
                 its counterfoil_ roles get new passwords
  COUNTERFOIL_FOLDER   another folder for what is kept`;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = process.env.COUNTERFOIL_FOLDER ?? join(ROOT, '.local');
const DEFAULT_PORT = 8787;
const AUDIENCE = 'counterfoil-local';
const RESEND_API_KEY = 're_local';

// What runs, in the order it was started; stopped from the end.
const running: (() => unknown)[] = [];
let stopping: Promise<never> | undefined;

async function main(): Promise<void> {
  const { values: flags } = parseArgs({
    options: {
      fresh: { type: 'boolean', default: false },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (flags.help) return console.log(USAGE);
  const port = portOf(process.env.PORT);
  const portal = `http://localhost:${port}`;
  const url = nearby(process.env.DATABASE_URL);

  await mkdir(FOLDER, { recursive: true });
  const lock = takeLock(FOLDER, portal);
  running.push(lock.release);
  await checkPorts(port);
  if (flags.fresh) await forget();
  else if (existsSync(loadingFile)) await forgetHalfLoaded(url);

  const building = timed('Built the web app', buildWeb);
  const [database] = await Promise.all([
    timed(`Opened ${url ? 'the PostgreSQL of DATABASE_URL' : 'PGlite in .local/'}`, async () => {
      const opened = await openDatabase({ folder: FOLDER, port: port + 3, url });
      running.push(opened.stop);
      return opened;
    }),
    building,
  ]);
  const webhookSecret = `whsec_${await keptSecret('webhook-secret')}`;
  const resend = await startResend({
    port: port + 1,
    apiKey: RESEND_API_KEY,
    storeFile: join(FOLDER, 'mails.jsonl'),
    webhook: { url: `${portal}/hooks/resend`, secret: webhookSecret },
  });
  running.push(resend.stop);
  // Filled once the members are there: the server reads the lists anew at each request.
  const people: AccessPerson[] = [];
  const services: AccessService[] = [];
  const access = await startAccess({
    port: port + 2,
    audience: AUDIENCE,
    keyFile: join(FOLDER, 'access-keys.json'),
    people,
    services,
    adminUrl: `${portal}/admin`,
  });
  running.push(access.stop);
  const carriers = await startCarriers({ port: port + 4 });
  running.push(carriers.stop);

  const envFile = join(FOLDER, 'worker.env');
  await writeSettings(envFile, {
    PORTAL_ORIGIN: portal,
    ADMIN_ORIGIN: portal,
    ACCESS_ISSUER: access.issuer,
    ACCESS_KEYS_URL: access.certsUrl,
    ACCESS_AUDIENCE: AUDIENCE,
    DATABASE_URL_CUSTOMER: database.loginUrls.customer,
    DATABASE_URL_STAFF: database.loginUrls.staff,
    DATABASE_URL_SYSTEM: database.loginUrls.system,
    DATABASE_ENDPOINT: database.neon.url,
    RESEND_API_KEY,
    RESEND_URL: resend.apiUrl,
    MAIL_FROM: 'Documents <documents@counterfoil.example>',
    MAIL_PER_SECOND: '100',
    OUTBOX_KEY: await keptSecret('outbox-key'),
    ...carriers.settings,
    RESEND_WEBHOOK_SECRET: webhookSecret,
  });
  const worker = await timed('Started the Worker', async () => {
    const options = { root: ROOT, folder: FOLDER, envFile, port, verbose: flags.verbose };
    return startWorker({
      ...options,
      started: ({ pid, stop: end }) => {
        running.push(end);
        lock.noteWorker(pid);
      },
    });
  });
  worker.ended.then((last) => {
    if (!stopping) stop(1, `The Worker has ended:\n${last}`);
  });

  await loadDemo(database, portal, access.token);
  const members = await readMembers(database.sql);
  people.push(...accessPeople(members));
  services.push(...accessServices(members));
  const links = await linksOf(members, portal, access.token);
  const staff = await staffTokens(members, access);
  running.push(
    startCrons(await readCrons(), worker.scheduled, (cron, error) =>
      console.error(`The cron "${cron}" failed: ${explain(error)}`),
    ),
  );

  const run = {
    portal,
    admin: access.issuer,
    inbox: resend.url,
    customerLinks: Object.fromEntries(Object.entries(links).map(([code, { url }]) => [code, url])),
    staff,
    machine: firstMachine(members, access.issuer),
    databaseUrl: database.ownerUrl,
    neon: database.neon.url,
    accessIssuer: access.issuer,
    carriers: carriers.url,
  };
  await writeFile(join(FOLDER, 'run.json'), `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  console.log(whatNext(run, links));
}

function portOf(text: string | undefined): number {
  const port = text ? Number(text) : DEFAULT_PORT;
  if (Number.isInteger(port) && port > 0 && port + 4 <= 65_535) return port;
  throw new Error(`PORT is "${text}", which is not a port.`);
}

/** The shell may hold the database of a portal in use, which new passwords would lock out: not that one. */
function nearby(url: string | undefined): string | undefined {
  if (!url || /^(127\.[\d.]+|\[::1\]|[^.]*)$/.test(new URL(url).hostname)) return url;
  throw new Error(
    'DATABASE_URL is not on this machine, and its roles would get new passwords. Unset it for PGlite.',
  );
}

/** Says at once which port is taken: wrangler would say it late, the others in the middle. */
async function checkPorts(port: number): Promise<void> {
  for (const one of [port, port + 1, port + 2, port + 3, port + 4]) {
    const server = await listen((_, response) => response.end(), one);
    await server.stop();
  }
}

/** Runs a step and says in a line what was done and how long it took. */
async function timed<T>(what: string, step: () => Promise<T>): Promise<T> {
  const from = performance.now();
  const result = await step();
  if (!stopping) console.log(`${what} (${((performance.now() - from) / 1000).toFixed(1)} s).`);
  return result;
}

/** What a run keeps but must not outlive its database. */
async function forget(): Promise<void> {
  const kept = ['postgres', 'state', 'mails.jsonl', 'links.json', 'access-keys.json'];
  for (const name of [...kept, 'outbox-key', 'run.json', 'loading', 'try']) {
    await rm(join(FOLDER, name), { recursive: true, force: true });
  }
}

const loadingFile = join(FOLDER, 'loading');
const exportFolder = join(FOLDER, 'try');

async function forgetHalfLoaded(url: string | undefined): Promise<void> {
  if (url) {
    throw new Error(
      'An earlier start was stopped while it loaded the demo into DATABASE_URL. Empty that ' +
        'database, then start with --fresh.',
    );
  }
  console.log('An earlier start was stopped while it loaded the demo: beginning afresh.');
  await forget();
}

async function buildWeb(): Promise<void> {
  const { createBuilder } = await import('vite');
  const config = { configFile: join(ROOT, 'web/vite.config.ts'), logLevel: 'error' } as const;
  await (await createBuilder(config)).buildApp();
}

async function writeSettings(file: string, settings: WorkerSettings): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`);
  await writeFile(file, lines.join(''), { mode: 0o600 });
}

/** 32 random bytes in base64, made once and kept. */
async function keptSecret(name: string): Promise<string> {
  const file = join(FOLDER, name);
  if (!existsSync(file)) {
    await writeFile(file, randomBytes(32).toString('base64'), { mode: 0o600 });
  }
  return readFile(file, 'utf8');
}

type TokenOf = (email: string) => Promise<string>;

/** Loads the demo suppliers into a database that has no org yet. */
async function loadDemo(database: LocalDatabase, origin: string, token: TokenOf): Promise<void> {
  const { rows } = await database.sql('select 1 from portal.orgs limit 1', []);
  if (rows.length > 0) return;
  await writeFile(loadingFile, '');
  for (const org of await demo(new Date())) {
    await timed(`Loaded ${org.name}`, () => loadOrg(org, { sql: database.sql, origin, token }));
  }
  await writeExport();
  await rm(loadingFile);
}

/** An export to try the import with: a CSV and the papers it names. */
async function writeExport(): Promise<void> {
  const { csv, files } = messyExport(new Date());
  await rm(exportFolder, { recursive: true, force: true });
  await mkdir(exportFolder, { recursive: true });
  for (const file of files) {
    await writeFile(join(exportFolder, file.name), await file.draw());
  }
  await writeFile(join(exportFolder, csv.name), csv.bytes);
}

/** Links into the demo suppliers only: in a database of one's own, none is made unasked. */
async function linksOf(members: LocalMember[], portal: string, token: TokenOf) {
  const slugs = new Set((await demo(new Date())).map(({ slug }) => slug));
  const orgs = [];
  for (const { slug, org: name, email, role } of members) {
    if (role !== 'owner' || email === null || !slugs.delete(slug)) continue;
    const api = staffApi({ origin: portal, org: slug, token: await token(email) });
    orgs.push({ slug, name, api });
  }
  return customerLinks({ file: join(FOLDER, 'links.json'), portal, orgs });
}

async function readCrons(): Promise<string[]> {
  const { unstable_readConfig: readConfig } = await import('wrangler');
  const { triggers } = readConfig({ config: join(ROOT, 'wrangler.toml') }, { hideWarnings: true });
  return triggers.crons ?? [];
}

function whatNext(
  run: {
    admin: string;
    inbox: string;
    carriers: string;
    staff: StaffTokens;
    machine: Machine | null;
  },
  links: CustomerLinks,
): string {
  const width = Math.max(0, ...Object.keys(links).map((code) => code.length));
  const byOrg = Map.groupBy(Object.entries(links), ([, { org }]) => org);
  const customers = [...byOrg].map(([org, list]) => {
    const lines = list.map(([code, { url, customer }]) => {
      return `    ${code.padEnd(width)}  ${customer}\n    ${' '.repeat(width)}  ${url}`;
    });
    return `  Customers of ${org}\n${lines.join('\n')}`;
  });
  const { machine } = run;
  const push = machine
    ? `
  Push    ACCESS_CLIENT_ID=${machine.clientId} ACCESS_CLIENT_SECRET=${machine.clientSecret} \\
          npm run push -- --url ${machine.url} --org ${machine.org} ${join(exportFolder, '*.csv')} ${exportFolder}`
    : '';
  const tryIt = existsSync(exportFolder)
    ? `\n  Try     ${exportFolder}   drop it into a new import: an old program’s CSV, and its PDFs`
    : '';
  return `
${customers.join('\n\n')}

  Staff   ${run.admin}   choose who you are, then approve what waits
  Inbox   ${run.inbox}   every mail that was sent
  Parcels ${run.carriers}   move with the carriers’ clock: scripts/local/carriers.ts${tryIt}${push}

  All of this is in ${join(FOLDER, 'run.json')}. Ctrl-C stops it; the data stays.
`;
}

/** Stops everything, the last started first, and ends the process. The first call's code counts. */
function stop(code: number, message?: string): Promise<never> {
  stopping ??= (async () => {
    if (message) console.error(message);
    for (const end of running.toReversed()) {
      await Promise.resolve(end()).catch((error) => console.error(explain(error)));
    }
    return process.exit(code);
  })();
  return stopping;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!stopping) console.log('\nStopping.');
    stop(0);
  });
}
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  // While stopping, what was under way fails as it must.
  process.on(event, (error) => {
    if (!stopping) stop(1, error instanceof Error ? error.stack : String(error));
  });
}

main().catch((error) => {
  if (!stopping) stop(1, `Not started. ${explain(error)}`);
});
