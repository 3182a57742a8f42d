/**
 * The mail port: one letter to Resend.
 * Protocol: https://resend.com/docs/api-reference/emails/send-email,
 * https://resend.com/docs/api-reference/errors,
 * https://resend.com/docs/dashboard/emails/idempotency-keys
 *
 * One `fetch` instead of the SDK: bundled for the Worker the SDK is 117 kB (72 kB of it a parser for
 * mail we never receive) against 2 kB, and it hides the difference between a timeout and a refusal.
 */

/** For the whole exchange. Longer, and a run of letters would outlive its lease on them. */
const DEFAULT_TIMEOUT_MS = 10_000;

/** Resend documents both 2 and 5 a second for a team: the lower until the account says otherwise. */
const DEFAULT_PER_SECOND = 2;

/** Our key is wrong, not the letter: fixing the key must be enough for it to go out. */
const KEY_PROBLEMS = new Set(['missing_api_key', 'invalid_api_key', 'restricted_api_key']);

/** All that the provider is told of one mail: a retry must repeat it exactly. */
export type Letter = {
  to: string;
  /** Shown beside our address: the supplier's name. */
  fromName: string;
  replyTo: string | null;
  subject: string;
  html: string;
  text: string;
  /** Headers of the mail itself, by name. */
  headers?: Record<string, string>;
  /** Names and values of `[A-Za-z0-9_-]`; they come back in the provider's events. */
  tags: Record<string, string>;
};

/** Why a letter was not taken: a code, beside words for staff. */
export type MailFailure =
  | 'throttled'
  | 'unavailable'
  | 'timed_out'
  | 'bad_credentials'
  | 'not_understood'
  | 'refused';

/**
 * `sent`: accepted, now or by an earlier try with the same key. `retry`: not accepted, or nobody
 * knows; the same letter with the same key may be tried again, not sooner than `afterSeconds`.
 * `dead`: trying again cannot help. `reason` is words for staff, without address or token.
 */
export type SendResult =
  | { status: 'sent'; providerId: string }
  | { status: 'retry'; code: MailFailure; reason: string; afterSeconds?: number }
  | { status: 'dead'; code: MailFailure; reason: string };

export type Mail = { send(letter: Letter, idempotencyKey: string): Promise<SendResult> };

/**
 * Opens the port. `from` is the sending address (`portal@example.com`, or with a name, which the
 * letter's replaces). Sends wait for each other to keep to `perSecond`. Expected failures are
 * results; `send` never throws.
 */
export function openMail(options: {
  apiKey: string;
  baseUrl: string;
  from: string;
  perSecond?: number;
  timeoutMs?: number;
}): Mail {
  const { apiKey, from, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const endpoint = `${options.baseUrl.replace(/\/+$/, '')}/emails`;
  const gapMs = 1000 / (options.perSecond ?? DEFAULT_PER_SECOND);
  let nextAt = 0;

  async function keepPace(): Promise<void> {
    const waitMs = nextAt - Date.now();
    nextAt = Math.max(nextAt, Date.now()) + gapMs;
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  }

  return {
    async send(letter, idempotencyKey) {
      await keepPace();
      const signal = AbortSignal.timeout(timeoutMs);
      try {
        const response = await fetch(endpoint, {
          method: 'POST',
          headers: {
            authorization: `Bearer ${apiKey}`,
            'content-type': 'application/json',
            'idempotency-key': idempotencyKey,
            // Resend refuses requests without one.
            'user-agent': 'counterfoil',
          },
          body: JSON.stringify(payload(letter, from)),
          // A redirect would carry the key elsewhere.
          redirect: 'manual',
          signal,
        });
        return judge(response, await response.text());
      } catch {
        return {
          status: 'retry',
          code: signal.aborted ? 'timed_out' : 'unavailable',
          reason: signal.aborted
            ? 'The mail provider did not answer in time.'
            : 'The mail provider could not be reached.',
        };
      }
    },
  };
}

function payload(letter: Letter, from: string) {
  return {
    from: `"${displayName(letter.fromName)}" <${addressOf(from)}>`,
    to: [letter.to],
    ...(letter.replyTo === null ? {} : { reply_to: [letter.replyTo] }),
    subject: letter.subject,
    html: letter.html,
    text: letter.text,
    ...(letter.headers === undefined ? {} : { headers: letter.headers }),
    tags: Object.entries(letter.tags).map(([name, value]) => ({ name, value })),
  };
}

/** A name that cannot end its own quotes, its own header or pass for an address (RFC 5322, 3.2.4). */
function displayName(name: string): string {
  return name
    .replace(/["\\<>@]/g, '')
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
}

function addressOf(from: string): string {
  return /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from.trim();
}

function judge(response: Response, body: string): SendResult {
  const { status } = response;
  const answer = parse(body);
  if (response.ok) {
    return answer.id === null
      ? {
          status: 'retry',
          code: 'not_understood',
          reason: `The mail provider's answer could not be read (${status}).`,
        }
      : { status: 'sent', providerId: answer.id };
  }
  const what = answer.name === null ? `${status}` : `${status} ${answer.name}`;
  if (status === 429 || status >= 500) {
    const reason = `The mail provider cannot take it now (${what}).`;
    const afterSeconds = retryAfterSeconds(response.headers.get('retry-after'));
    const code = status === 429 ? 'throttled' : 'unavailable';
    return afterSeconds === null
      ? { status: 'retry', code, reason }
      : { status: 'retry', code, reason, afterSeconds };
  }
  if (answer.name === 'concurrent_idempotent_requests') {
    return {
      status: 'retry',
      code: 'unavailable',
      reason: `The mail provider is still at the first try (${what}).`,
    };
  }
  // The key is known with another body, so a letter of this key did go out and sending again could
  // be the second one. Neither sent nor retried is known to be true: a person decides.
  if (answer.name === 'invalid_idempotent_request') {
    return {
      status: 'dead',
      code: 'refused',
      reason: `The mail provider knows another letter under this key (${what}); one may have arrived.`,
    };
  }
  if (answer.name !== null && KEY_PROBLEMS.has(answer.name)) {
    return {
      status: 'retry',
      code: 'bad_credentials',
      reason: `The mail provider refuses our API key (${what}).`,
    };
  }
  if (status < 400) {
    return {
      status: 'retry',
      code: 'not_understood',
      reason: `The mail provider answered unexpectedly (${what}).`,
    };
  }
  return {
    status: 'dead',
    code: 'refused',
    reason: `The mail provider refused the letter (${what}).`,
  };
}

/** The two fields we use, each null when it is missing or is not what it should be. */
function parse(body: string): { id: string | null; name: string | null } {
  try {
    const answer: unknown = JSON.parse(body);
    return { id: word(answer, 'id'), name: word(answer, 'name') };
  } catch {
    return { id: null, name: null };
  }
}

function word(answer: unknown, field: string): string | null {
  if (typeof answer !== 'object' || answer === null) return null;
  const value = (answer as Record<string, unknown>)[field];
  return typeof value === 'string' && /^[A-Za-z0-9_-]{1,64}$/.test(value) ? value : null;
}

/** Retry-After in whole seconds, from seconds or a date (RFC 9110, 10.2.3). */
function retryAfterSeconds(header: string | null): number | null {
  if (header === null) return null;
  if (/^\d{1,9}(?:\.\d+)?$/.test(header.trim())) return Math.ceil(Number(header));
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - Date.now()) / 1000));
}
