/**
 * A local Cloudflare Access: signs the JWTs that Access puts in front of an application and serves
 * the keys to verify them, with a sign-in page instead of an identity provider.
 * Protocol: https://developers.cloudflare.com/cloudflare-one/access-controls/applications/http-apps/authorization-cookie/application-token/
 * and …/authorization-cookie/validating-json/.
 *
 * Two things are done by Cloudflare's edge, in front of the application. It puts the token into
 * `Cf-Access-Jwt-Assertion` on every request; here the browser carries only the `CF_Authorization`
 * cookie, which is host-only and so is shared by every port of `localhost`. And it exchanges a service
 * token's id and secret on each request: so do the paths of the console here, and pass it on (edge.ts).
 */
import { createHash, randomBytes } from 'node:crypto';
import { Hono } from 'hono';
import { deleteCookie, setCookie } from 'hono/cookie';
import type { JWTPayload } from 'jose';
import { openAccessKeys } from './access-keys.ts';
import { type AccessPerson, signInPage } from './access-page.ts';
import { passOn } from './edge.ts';
import { listen, listenerOf } from './http.ts';

export type { AccessPerson } from './access-page.ts';

export type AccessService = { name: string; clientId: string; clientSecret: string };

export type AccessServer = {
  /** The sign-in page, and the tokens' `iss`: `http://localhost:PORT` */
  issuer: string;
  /** For programs: `http://127.0.0.1:PORT/cdn-cgi/access/certs` */
  certsUrl: string;
  port: number;
  /** What `email` would get by signing in; `overrides` replaces claims, undefined removes one. */
  token(email: string, overrides?: Record<string, unknown>): Promise<string>;
  /** What the named service would get; throws for an unknown name. */
  serviceToken(name: string, overrides?: Record<string, unknown>): Promise<string>;
  /** Like `token`, but signed by a key that was never published, under the current key's id. */
  forge(email: string, overrides?: Record<string, unknown>): Promise<string>;
  /** A new signing key; the previous one stays published, as at Cloudflare, unless dropped. */
  rotateKeys(options?: { dropPrevious?: boolean }): Promise<void>;
  /** How often the keys were asked for. */
  certRequests(): number;
  /** `down`: the connection of whoever asks for the keys is cut. */
  fault: 'down' | null;
  stop(): Promise<void>;
};

const TOKEN_LIFETIME_SECONDS = 24 * 3600;
const COOKIE = 'CF_Authorization';
const COOKIE_ATTRIBUTES = { path: '/', httpOnly: true, sameSite: 'Lax' } as const;

/**
 * Starts the Access server. `audience` is the application's AUD tag, `adminUrl` where a person
 * lands after signing in, and whose origin machines are passed on to; `keyFile` where the signing key
 * is kept so that tokens survive a restart.
 */
export async function startAccess(options: {
  port?: number;
  audience: string;
  keyFile?: string;
  people: AccessPerson[];
  services: AccessService[];
  adminUrl: string;
}): Promise<AccessServer> {
  const { audience, people, services, adminUrl } = options;
  const keys = await openAccessKeys(options.keyFile);
  let certRequests = 0;

  function claims(own: JWTPayload, overrides: Record<string, unknown>): JWTPayload {
    const now = Math.floor(Date.now() / 1000);
    const exp = now + TOKEN_LIFETIME_SECONDS;
    const all = {
      aud: [audience],
      iss: http.url,
      type: 'app',
      iat: now,
      exp,
      ...own,
      ...overrides,
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  const personClaims = (email: string, overrides: Record<string, unknown> = {}) =>
    claims(
      {
        email,
        sub: subjectOf(email),
        nbf: Math.floor(Date.now() / 1000),
        identity_nonce: randomBytes(12).toString('base64url'),
        country: 'US',
      },
      overrides,
    );
  const serviceClaims = ({ clientId }: AccessService, overrides: Record<string, unknown> = {}) =>
    claims({ common_name: clientId, sub: '' }, overrides);

  const app = new Hono()
    .get('/', (c) => c.html(signInPage(people, { redirect: c.req.query('redirect') ?? '' })))
    .post('/sign-in', async (c) => {
      const { email, redirect } = await c.req.parseBody();
      const person = people.find((one) => one.email === email);
      if (!person) {
        const notice = 'That person is not on the list any more. Choose again.';
        return c.html(signInPage(people, { redirect: String(redirect ?? ''), notice }), 403);
      }
      const token = await keys.sign(personClaims(person.email));
      setCookie(c, COOKIE, token, { ...COOKIE_ATTRIBUTES, maxAge: TOKEN_LIFETIME_SECONDS });
      return c.redirect(landing(redirect, adminUrl), 303);
    })
    .get('/cdn-cgi/access/logout', (c) => {
      deleteCookie(c, COOKIE, COOKIE_ATTRIBUTES);
      return c.html(signInPage(people, { redirect: '', notice: 'You are signed out.' }));
    })
    .get('/cdn-cgi/access/certs', async (c) => c.json(await keys.certs()))
    // A link that a machine's report gives, made of the address that the machine uses.
    .get('/admin/*', (c) => c.redirect(new URL(c.req.path, adminUrl).href));

  const answer = listenerOf(async (request) => {
    if (new URL(request.url).pathname === '/cdn-cgi/access/certs') {
      certRequests += 1;
      if (server.fault === 'down') return 'drop';
    }
    const response = await app.fetch(request);
    response.headers.set('cache-control', 'no-store');
    return response;
  });
  const machine = passOn(new URL(adminUrl).origin, async (id, secret) => {
    const service = services.find((one) => one.clientId === id && one.clientSecret === secret);
    return service ? keys.sign(serviceClaims(service)) : null;
  });
  const http = await listen((incoming, outgoing) => {
    const isForConsole = incoming.url?.startsWith('/api/admin/');
    return isForConsole ? machine(incoming, outgoing) : answer(incoming, outgoing);
  }, options.port);

  const server: AccessServer = {
    issuer: http.url,
    certsUrl: `${http.loopbackUrl}/cdn-cgi/access/certs`,
    port: http.port,
    token: (email, overrides) => keys.sign(personClaims(email, overrides)),
    serviceToken: async (name, overrides) => {
      const service = services.find((one) => one.name === name);
      if (!service) throw new Error(`No service is called ${name}.`);
      return keys.sign(serviceClaims(service, overrides));
    },
    forge: (email, overrides) => keys.forge(personClaims(email, overrides)),
    rotateKeys: (rotation = {}) => keys.rotate(rotation),
    certRequests: () => certRequests,
    fault: null,
    stop: http.stop,
  };
  return server;
}

/** The wanted page if it is the console's, else the console: never an address elsewhere. */
function landing(wanted: unknown, adminUrl: string): string {
  if (typeof wanted !== 'string' || wanted === '' || !URL.canParse(wanted, adminUrl)) {
    return adminUrl;
  }
  const target = new URL(wanted, adminUrl);
  const admin = new URL(adminUrl);
  const folder = admin.pathname.replace(/\/?$/, '/');
  const inside = target.pathname === admin.pathname || target.pathname.startsWith(folder);
  return target.origin === admin.origin && inside ? target.href : adminUrl;
}

/** A person's id, the same on every machine. */
function subjectOf(email: string): string {
  const hex = createHash('sha256').update(email).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}
