/** What the three local carriers have in common: a service is its protocol, and no more. */
import type { IncomingHttpHeaders } from 'node:http';
import type { CarrierCode } from '../../worker/vocabulary.ts';
import type { Looked } from './carrier-parcels.ts';

export type CarrierRequest = {
  method: string;
  /** Without the carrier's own prefix. */
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
};

export type CarrierReply = { status: number; body: unknown };

export type AskedParcel = { number: string; mailingDate: string | null };

export type CarrierService = {
  code: CarrierCode;
  tokenPath: string;
  tokenLifetimeSeconds: number;
  /** Who asks for a token, `id:secret`; null when the request is not one. */
  clientOf(request: CarrierRequest): string | null;
  token(value: string, now: number): unknown;
  /** Whether it asks for parcels, at all. */
  isTracking(request: CarrierRequest): boolean;
  /** The parcels that are asked about; null when the request cannot be read. */
  askedOf(request: CarrierRequest): AskedParcel[] | null;
  batchMax: number;
  /** Calls in a window of its clock, in seconds; more are answered with 429. */
  limits: readonly { calls: number; seconds: number }[];
  reply(asked: readonly AskedParcel[], look: (one: AskedParcel) => Looked): CarrierReply;
  /** The body that goes with a status of 400 and more. */
  failure(status: number): unknown;
};

/** JSON, or undefined. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Local parts of a moment where the scans are made, six hours behind UTC. */
export function localMoment(at: number): { date: string; time: string; offset: string } {
  const local = new Date(at - 6 * 3_600_000).toISOString();
  return { date: local.slice(0, 10), time: local.slice(11, 19), offset: '-06:00' };
}
