/**
 * The local carriers: FedEx, UPS and USPS on one port, each under a prefix (`/fedex`, `/ups`, `/usps`), in
 * the vendors' own shapes and within the vendors' own limits. A tracking number says what becomes of its
 * parcel (see carrier-numbers.ts); all happens by a clock of their own, which can be set:
 *
 *   POST /clock {"now":"2026-11-24T12:00:00Z"}   it goes on from there; {"now":null}: as it is
 *   GET  /                                       all there is to see
 *   GET  /calls                                  calls, parcels and overruns by carrier and hour
 *   POST /faults {"carrier":"ups","fault":"drop"}   until {"fault":null}; see CarrierFault
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { CARRIERS, type CarrierCode } from '../../worker/vocabulary.ts';
import { type CountedCalls, countCalls } from './carrier-calls.ts';
import { fedex } from './carrier-fedex.ts';
import { type CarrierFault, faultOf, look } from './carrier-parcels.ts';
import { type CarrierRequest, type CarrierService, parseJson } from './carrier-service.ts';
import { ups } from './carrier-ups.ts';
import { usps } from './carrier-usps.ts';
import { listen, readBody } from './http.ts';

type Moment = Date | string | number;

export type CarriersServer = {
  /** `http://localhost:PORT` */
  url: string;
  port: number;
  /** What the Worker needs to ask them; names as in worker/carriers/settings.ts. */
  settings: Record<string, string>;
  /** Milliseconds since 1970. */
  now(): number;
  /** The clock goes on from a moment; null: as the machine's. */
  setClock(now: Moment | null): void;
  calls(): CountedCalls;
  /** Answered calls that asked about a number. */
  asked(carrier: CarrierCode, number: string): number;
  /** What goes wrong with every call to a carrier, tokens included, until it is taken away. */
  faults: Partial<Record<CarrierCode, CarrierFault>>;
  /** Forgets calls and faults, and every token; a call that would never be answered is cut off. */
  clear(): void;
  stop(): Promise<void>;
};

const SERVICES: Record<CarrierCode, CarrierService> = { fedex, ups, usps };
const BODY_MAX_BYTES = 100_000;
const HUGE_BYTES = 50_000_000;
const HUGE_CHUNK = Buffer.alloc(64_000, ' ');

const fault = z.union([
  z.enum(['html', 'huge', 'hang', 'drop']),
  z.object({
    status: z.int().min(400).max(599),
    retryAfter: z.int().positive().exactOptional(),
  }),
]);
const clockBody = z.object({ now: z.union([z.iso.datetime({ offset: true }), z.null()]) });
const faultBody = z.object({ carrier: z.enum(CARRIERS), fault: fault.nullable() });

/** Starts the carriers; `now` sets their clock. */
export async function startCarriers(
  options: { port?: number; now?: Moment; clientId?: string; clientSecret?: string } = {},
): Promise<CarriersServer> {
  const { clientId = 'local-client', clientSecret = 'local-carrier-secret' } = options;
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const counter = countCalls(now);
  /** Until when each token is good. */
  const tokens = new Map<string, number>();
  const hanging = new Set<ServerResponse>();

  function respond(service: CarrierService, request: CarrierRequest): Answer {
    const { code } = service;
    const fault = server.faults[code];
    if (fault !== undefined) return failed(service, fault);
    if (request.method === 'POST' && request.path === service.tokenPath) {
      const client = service.clientOf(request);
      if (client === null) return failed(service, { status: 400 });
      if (client !== `${clientId}:${clientSecret}`) return failed(service, { status: 401 });
      const value = `${code}-${randomUUID()}`;
      tokens.set(value, now() + service.tokenLifetimeSeconds * 1000);
      counter.add(code, { tokens: 1 });
      return { status: 200, body: service.token(value, now()) };
    }
    if (!service.isTracking(request)) return failed(service, { status: 404 });
    counter.add(code, { calls: 1 });
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? [];
    if (!token.startsWith(`${code}-`) || (tokens.get(token) ?? 0) <= now()) {
      return failed(service, { status: 401 });
    }
    const waitSeconds = counter.take(service);
    if (waitSeconds > 0) {
      counter.add(code, { overruns: 1 });
      return failed(service, { status: 429, retryAfter: waitSeconds });
    }
    const asked = service.askedOf(request);
    if (asked === null || asked.length > service.batchMax) {
      counter.add(code, asked === null ? {} : { overruns: 1 });
      return failed(service, { status: 400 });
    }
    const numbers = asked.map(({ number }) => number);
    for (const number of numbers) {
      const own = faultOf(code, number);
      if (own !== null) return failed(service, own);
    }
    counter.add(code, { parcels: numbers.length });
    counter.noteAsked(code, numbers);
    return service.reply(asked, ({ number }) => look(code, number, now()));
  }

  function control(request: CarrierRequest): Answer {
    const { method, path } = request;
    if (method === 'GET' && path === '/') {
      const { body: clock } = clockAnswer();
      return { status: 200, body: { ...clock, faults: server.faults, calls: counter.hours() } };
    }
    if (method === 'GET' && path === '/calls') return { status: 200, body: counter.hours() };
    if (method === 'GET' && path === '/clock') return clockAnswer();
    // A web page elsewhere cannot send this type without asking first.
    if (method !== 'POST' || request.headers['content-type'] !== 'application/json') return NOTHING;
    const body = parseJson(request.body);
    if (path === '/clock') {
      const { data } = clockBody.safeParse(body);
      if (data === undefined) return { status: 400, body: { error: 'now: a moment, or null' } };
      server.setClock(data.now);
      return clockAnswer();
    }
    if (path !== '/faults') return NOTHING;
    const { data } = faultBody.safeParse(body);
    if (data === undefined) return { status: 400, body: { error: 'carrier, fault' } };
    if (data.fault === null) delete server.faults[data.carrier];
    else server.faults[data.carrier] = data.fault;
    return { status: 200, body: server.faults };
  }

  const clockAnswer = () => ({ status: 200, body: { now: new Date(now()).toISOString() } });

  const http = await listen(async (incoming, outgoing) => {
    const body = await readBody(incoming, BODY_MAX_BYTES).catch(() => null);
    if (body === null) return outgoing.writeHead(413).end();
    const request = requestOf(incoming, body);
    const [, prefix = '', path = ''] = /^\/(\w+)(\/.*)$/.exec(request.path) ?? [];
    const service = CARRIERS.find((code) => code === prefix);
    const answer = service ? respond(SERVICES[service], { ...request, path }) : control(request);
    if (answer === 'hang') hanging.add(outgoing);
    else await send(answer, outgoing);
  }, options.port);

  const server: CarriersServer = {
    url: http.url,
    port: http.port,
    settings: Object.fromEntries(
      CARRIERS.flatMap((code) => [
        [`${code.toUpperCase()}_CLIENT_ID`, clientId],
        [`${code.toUpperCase()}_CLIENT_SECRET`, clientSecret],
        [`${code.toUpperCase()}_URL`, `${http.loopbackUrl}/${code}`],
      ]),
    ),
    now,
    setClock(moment) {
      ahead = moment === null ? 0 : new Date(moment).getTime() - Date.now();
    },
    calls: counter.hours,
    asked: counter.asked,
    faults: {},
    clear() {
      counter.clear();
      tokens.clear();
      server.faults = {};
      for (const outgoing of hanging) outgoing.destroy();
      hanging.clear();
    },
    stop: http.stop,
  };
  server.setClock(options.now ?? null);
  return server;
}

type Answer =
  | { status: number; body: unknown; retryAfter?: number }
  | Exclude<CarrierFault, { status: number }>;

const NOTHING: Answer = { status: 404, body: { error: 'nothing here' } };

function failed(service: CarrierService, fault: CarrierFault): Answer {
  return typeof fault === 'string' ? fault : { ...fault, body: service.failure(fault.status) };
}

function requestOf({ method = 'GET', url = '/', headers }: IncomingMessage, body: string) {
  return { method, path: url, headers, body };
}

async function send(answer: Exclude<Answer, 'hang'>, outgoing: ServerResponse): Promise<void> {
  if (answer === 'drop') {
    outgoing.destroy();
    return;
  }
  if (answer === 'huge') return sendHuge(outgoing);
  if (answer === 'html') {
    outgoing.writeHead(200, { 'content-type': 'text/html' });
    outgoing.end('<!doctype html><title>Maintenance</title><h1>We will be back soon</h1>');
    return;
  }
  const retry = answer.retryAfter;
  outgoing.writeHead(answer.status, {
    'content-type': 'application/json',
    ...(retry === undefined ? {} : { 'retry-after': String(retry) }),
  });
  outgoing.end(JSON.stringify(answer.body));
}

/** 50 MB of JSON, as long as somebody reads it. */
async function sendHuge(outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(200, { 'content-type': 'application/json' });
  // Whoever goes away in the middle is right to.
  await pipeline(hugeJson(), outgoing).catch(() => {});
}

function* hugeJson(): Generator<Buffer> {
  yield Buffer.from('{"output":"');
  for (let sent = 0; sent < HUGE_BYTES; sent += HUGE_CHUNK.length) yield HUGE_CHUNK;
  yield Buffer.from('"}');
}
