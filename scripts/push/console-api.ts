/**
 * The console's API as a machine behind Cloudflare Access speaks it: the client id and secret of a
 * service token on every request, which Access exchanges for the token that the Worker reads.
 * https://developers.cloudflare.com/cloudflare-one/access-controls/service-credentials/service-tokens/
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';

export type Method = 'GET' | 'POST' | 'PUT';
export type Sending = { type: string; body: string | Uint8Array<ArrayBuffer> };
export type ConsoleApi = {
  /** Asks below `/api/admin/{org}/`. Throws a Refusal or an Unreachable. */
  ask<T>(method: Method, path: string, shape: z.ZodType<T>, sending?: Sending): Promise<T>;
  /** The lines of an NDJSON answer, each as it comes. Throws as `ask`, and when the answer breaks off. */
  lines(path: string, sending: Sending): AsyncGenerator<unknown>;
  /** Waits as before try number `attempt`, from 1, of what broke off. */
  pauseBefore(attempt: number): Promise<unknown>;
};

/** The console, or Access in front of it, says no; asking again would not change it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: string;
  readonly fields: Record<string, string>;
  constructor(code: string, message: string, fields: Record<string, string> = {}) {
    super(message);
    this.code = code;
    this.fields = fields;
  }
}
/** Nobody answers, however often it was tried, or what answers is no console. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';
}

const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;
/** A longer Retry-After is an answer for the next run. */
const LONGEST_RETRY_AFTER_MS = 120_000;
const REQUEST_MS = 600_000;
/** Staging answers in parts, for as long as it takes. */
const STAGING_MS = 3_600_000;
const NOT_NOW = new Set([408, 429, 500, 502, 503, 504]);

const refusal = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    fields: z.record(z.string(), z.string()).optional(),
  }),
});

/**
 * Milliseconds to wait before try number `attempt`, from 1. `random` is from 0 to 1, so that many who
 * failed at once do not come back at once.
 */
export function pauseMs(attempt: number, random = Math.random()): number {
  const longest = Math.min(FIRST_PAUSE_MS * 2 ** (attempt - 1), LONGEST_PAUSE_MS);
  return longest * (0.5 + random / 2);
}

/** Milliseconds of a Retry-After: seconds, or a date (RFC 9110, 10.2.3); null without one. */
export function retryAfterMs(header: string | null, now: number): number | null {
  if (header === null || header.trim() === '') return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

/**
 * `url` is the console's origin. `pause` is asked to wait so many milliseconds between two tries.
 */
export function consoleApi(options: {
  url: string;
  org: string;
  clientId: string;
  clientSecret: string;
  pause?: (milliseconds: number) => Promise<unknown>;
}): ConsoleApi {
  const { url, org, clientId, clientSecret } = options;
  const pause = options.pause ?? ((milliseconds) => sleep(milliseconds));
  const root = `${url}/api/admin/${encodeURIComponent(org)}/`;

  async function send(
    method: Method,
    path: string,
    sending?: Sending,
    timeoutMs = REQUEST_MS,
  ): Promise<Response> {
    const headers: Record<string, string> = {
      'CF-Access-Client-Id': clientId,
      'CF-Access-Client-Secret': clientSecret,
      ...(sending ? { 'Content-Type': sending.type } : {}),
    };
    for (let attempt = 1; ; attempt += 1) {
      const isLast = attempt === ATTEMPTS;
      const response = await fetch(root + path, {
        method,
        headers,
        // A redirect is Access sending a browser to its sign-in page.
        redirect: 'manual',
        signal: AbortSignal.timeout(timeoutMs),
        ...(sending ? { body: sending.body } : {}),
      }).catch((error: unknown) => {
        if (isLast) throw new Unreachable(`${url} does not answer: ${reasonOf(error)}`);
        return null;
      });
      if (response?.ok) return response;
      const wanted = response && retryAfterMs(response.headers.get('Retry-After'), Date.now());
      const tooLong = (wanted ?? 0) > LONGEST_RETRY_AFTER_MS;
      if (response && (isLast || tooLong || !NOT_NOW.has(response.status))) {
        throw await refusalOf(response);
      }
      await response?.body?.cancel();
      await pause(wanted ?? pauseMs(attempt));
    }
  }

  return {
    async ask(method, path, shape, sending) {
      const response = await send(method, path, sending);
      const body: unknown = await response.json().catch(() => undefined);
      const parsed = shape.safeParse(body);
      if (parsed.success) return parsed.data;
      throw new Unreachable(`${method} ${path} is answered by something that is no console.`);
    },
    async *lines(path, sending) {
      const response = await send('POST', path, sending, STAGING_MS);
      let rest = '';
      const decoder = new TextDecoder();
      for await (const chunk of response.body ?? []) {
        rest += decoder.decode(chunk, { stream: true });
        const whole = rest.split('\n');
        rest = whole.pop() ?? '';
        for (const line of whole) if (line.trim() !== '') yield JSON.parse(line);
      }
      if (rest.trim() !== '') yield JSON.parse(rest);
    },
    pauseBefore: (attempt) => pause(pauseMs(attempt)),
  };
}

/** What an answer that is no 2xx says. */
async function refusalOf(response: Response): Promise<Refusal | Unreachable> {
  const { status } = response;
  const parsed = refusal.safeParse(await response.json().catch(() => undefined));
  if (parsed.success) {
    const { code, message, fields } = parsed.data.error;
    return new Refusal(code, message, fields);
  }
  if (status >= 500 || status === 429) {
    return new Unreachable(`the console answers ${status}, however often it is asked`);
  }
  const isAccess = status === 401 || status === 403 || (status >= 300 && status < 400);
  return isAccess
    ? new Refusal(
        'access_refused',
        'Cloudflare Access does not let this service token in: see ACCESS_CLIENT_ID, ' +
          'ACCESS_CLIENT_SECRET, and the Service Auth policy of the application',
      )
    : new Unreachable(`${status} from something that is no console`);
}

/** A failed fetch in words: the system's own reason is in its cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return 'code' in cause && cause.message === '' ? String(cause.code) : cause.message;
}
