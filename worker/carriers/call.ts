/** One bounded call to a carrier: what every adapter does alike, whatever its protocol. */
import { z } from 'zod';
import type { CarrierToken, Failed } from './carrier.ts';

/** For the whole exchange, the answer's body included. */
const CALL_TIMEOUT_MS = 10_000;

/** Longer answers are read no further: 35 parcels with all their scans are well below it. */
const ANSWER_MAX_BYTES = 1_000_000;

/** A token that is about to end is not begun with. */
const TOKEN_MARGIN_SECONDS = 60;

export type CarrierCall = {
  url: string;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  /** What 401 and 403 mean. */
  denied: 'bad_credentials' | 'bad_token';
  /** Statuses that mean something else here. */
  failures?: Record<number, Failed>;
  timeoutMs?: number | undefined;
};

/** An answer of JSON: 2xx, or a 4xx that may be about the parcels. */
export type CarrierAnswer = { ok: true; status: number; body: unknown } | Failed;

/** Calls a carrier once. What goes wrong is a value: it never throws. */
export async function callCarrier(call: CarrierCall): Promise<CarrierAnswer> {
  const signal = AbortSignal.timeout(call.timeoutMs ?? CALL_TIMEOUT_MS);
  try {
    const response = await fetch(call.url, {
      method: call.method,
      headers: { accept: 'application/json', 'user-agent': 'counterfoil', ...call.headers },
      ...(call.body === undefined ? {} : { body: call.body }),
      // A redirect would carry the token elsewhere.
      redirect: 'manual',
      signal,
    });
    const failure = call.failures?.[response.status] ?? failureOf(response, call.denied);
    if (failure) {
      await response.body?.cancel();
      return failure;
    }
    const text = await readBounded(response);
    return text === null
      ? { ok: false, reason: 'too_large' }
      : answerOf(response.status, parseJson(text));
  } catch {
    return { ok: false, reason: signal.aborted ? 'timed_out' : 'unavailable' };
  }
}

/** What the status alone says; the body of a failure is nothing to rely on. */
function failureOf({ status, headers }: Response, denied: CarrierCall['denied']): Failed | null {
  if (status === 401 || status === 403) {
    return { ok: false, reason: denied };
  }
  if (status === 429 || status >= 500) {
    const reason = status === 429 ? 'throttled' : 'unavailable';
    const seconds = retryAfterSeconds(headers.get('retry-after'));
    return {
      ok: false,
      reason,
      ...(seconds === null ? {} : { retryAfterSeconds: seconds }),
    };
  }
  return null;
}

function answerOf(status: number, body: unknown): CarrierAnswer {
  const readable = typeof body === 'object' && body !== null;
  const answered = (status >= 200 && status < 300) || (status >= 400 && status < 500);
  return readable && answered
    ? { ok: true, status, body }
    : { ok: false, reason: 'not_understood' };
}

/** The body as text, or null when it is too long; the rest of it is not waited for. */
async function readBounded(response: Response): Promise<string | null> {
  if (Number(response.headers.get('content-length') ?? 0) > ANSWER_MAX_BYTES) {
    await response.body?.cancel();
    return null;
  }
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) break;
    // The platforms' types leave open what is read; a response gives bytes.
    const chunk: Uint8Array = value;
    bytes += chunk.byteLength;
    if (bytes > ANSWER_MAX_BYTES) {
      await reader.cancel();
      return null;
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Retry-After in whole seconds, from seconds or a date (RFC 9110, 10.2.3). */
function retryAfterSeconds(header: string | null): number | null {
  if (header === null) return null;
  if (/^\d{1,9}(?:\.\d+)?$/.test(header.trim())) return Math.ceil(Number(header));
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}

const tokenAnswer = z.object({
  // It becomes a header: what cannot be one would throw there.
  access_token: z.string().regex(/^[\x21-\x7e]+$/),
  // UPS writes it as text.
  expires_in: z.coerce.number().positive(),
  scope: z.string().optional().catch(undefined),
});

/**
 * Asks for a token (OAuth's client credentials, RFC 6749, 4.4). `scope`: a word that the token's scope
 * must have, or it cannot do what it is for.
 */
export async function askForToken(
  call: Omit<CarrierCall, 'method' | 'denied'>,
  scope?: string,
): Promise<{ ok: true; token: CarrierToken } | Failed> {
  const askedAt = Date.now();
  const answer = await callCarrier({ ...call, method: 'POST', denied: 'bad_credentials' });
  if (!answer.ok) {
    return answer;
  }
  if (answer.status >= 400) {
    // RFC 6749, 5.2 has a wrong client answered with 400 or 401, as the server likes.
    const { data } = z.object({ error: z.string() }).safeParse(answer.body);
    const denied = data?.error === 'invalid_client' || data?.error === 'unauthorized_client';
    return { ok: false, reason: denied ? 'bad_credentials' : 'refused' };
  }
  const { data: given } = tokenAnswer.safeParse(answer.body);
  if (given === undefined) {
    return { ok: false, reason: 'not_understood' };
  }
  if (scope !== undefined && !given.scope?.split(/[\s,]+/).includes(scope)) {
    return { ok: false, reason: 'bad_credentials' };
  }
  const lifetimeMs = Math.max(0, given.expires_in - TOKEN_MARGIN_SECONDS) * 1000;
  return { ok: true, token: { value: given.access_token, expiresAt: askedAt + lifetimeMs } };
}

/** A form's body, with the header that goes with it. */
export function form(fields: Record<string, string>): {
  headers: Record<string, string>;
  body: string;
} {
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
  };
}

/** A JSON body, with the header that goes with it. */
export function json(value: unknown): { headers: Record<string, string>; body: string } {
  return { headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}
