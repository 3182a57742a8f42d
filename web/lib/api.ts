/** The only way from the browser to the Worker. */
import type { ErrorCode, FieldErrors } from '../../worker/errors.ts';

/** Why a request failed: a code of the Worker's, or that it was never reached. */
export type FailureCode = ErrorCode | 'offline';

export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: FailureCode;
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly fields: FieldErrors;
  readonly requestId: string | undefined;
  /** Seconds. */
  readonly retryAfter: number | undefined;

  constructor(
    code: FailureCode,
    more: { status?: number; fields?: FieldErrors; requestId?: string; retryAfter?: number } = {},
  ) {
    super(code);
    this.code = code;
    this.status = more.status ?? 0;
    this.fields = more.fields ?? {};
    this.requestId = more.requestId;
    this.retryAfter = more.retryAfter;
  }
}

type Settings = {
  base: string;
  onSignedOut: () => void;
  /** Told of every request that was answered rightly. */
  onAnswer: (method: string, path: string) => void;
  /** Told when the Worker was not reached. */
  onLost: () => void;
};
const settings: Settings = {
  base: '/',
  onSignedOut: () => location.reload(),
  onAnswer: () => {},
  onLost: () => {},
};

/**
 * Says once, before the first request, where relative paths start and what to do when the session
 * is over (by default the page is loaded again, and the Worker answers with its signed-out page).
 */
export function configureApi(wanted: Partial<Settings>): void {
  Object.assign(settings, wanted);
}

/** A path below the configured base; one that starts with a slash is left as it is. */
export function apiUrl(path: string): string {
  return path.startsWith('/') ? path : settings.base + path;
}

/** Reads JSON. @throws {ApiError} */
export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request<T>('GET', path, signal ? { signal } : {});
}

/**
 * Sends JSON, or nothing; gives the answer's JSON, undefined for 204.
 *
 * @param key names this very thing: sent again under it, it is done once
 * @throws {ApiError}
 */
export function send<T = undefined>(
  method: 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: unknown,
  key?: string,
): Promise<T> {
  if (body === undefined) return request<T>(method, path, {});
  const headers = { 'content-type': 'application/json', ...(key && { 'idempotency-key': key }) };
  return request<T>(method, path, { headers, body: JSON.stringify(body) });
}

/**
 * Sends JSON and reads an answer of one JSON value a line (NDJSON), each as it arrives.
 *
 * @throws {ApiError} also `offline` when the connection breaks in between; what `onLine` throws
 */
export async function lines<T>(
  path: string,
  body: unknown,
  onLine: (value: T) => void,
  signal?: AbortSignal,
): Promise<void> {
  const response = await answer('POST', path, {
    headers: { 'content-type': 'application/json', accept: 'application/x-ndjson' },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
  if (!response.ok || response.body === null) return settle<void>(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value = '' } = await reader.read().catch((reason: unknown) => {
      throw signal?.aborted ? reason : new ApiError('offline');
    });
    const found = (rest + value).split('\n');
    // Only a line's end says that it is whole: one cut off by a broken connection is none.
    rest = found.pop() ?? '';
    for (const line of found) {
      const parsed = parse(line);
      if (parsed === MALFORMED) throw new ApiError('internal');
      if (parsed !== undefined) onLine(parsed as T); // the routes' answers are typed on their side
    }
    if (done) break;
  }
  const last = parse(rest);
  if (last !== undefined && last !== MALFORMED) onLine(last as T); // as above
}

/**
 * Whether a file would be given, without taking it: a HEAD is neither a view nor a download, so
 * what is refused can be told on the page before the browser is sent for the file.
 *
 * @throws {ApiError} in full: the Worker says in a header what a HEAD's answer has no body for
 */
export function checkFile(path: string, signal?: AbortSignal): Promise<void> {
  return request<void>('HEAD', path, signal ? { signal } : {});
}

async function request<T>(method: string, path: string, init: RequestInit): Promise<T> {
  return settle<T>(await answer(method, path, init));
}

async function answer(method: string, path: string, init: RequestInit): Promise<Response> {
  const headers = { accept: 'application/json', ...init.headers };
  const url = apiUrl(path);
  try {
    const response = await fetch(url, { ...init, method, headers, credentials: 'same-origin' });
    if (response.ok) settings.onAnswer(method, url);
    return response;
  } catch (reason) {
    if (init.signal?.aborted) throw reason;
    settings.onLost();
    throw new ApiError('offline');
  }
}

/**
 * Uploads one file as the request's body, telling how far it is (0 to 1). fetch cannot tell that,
 * hence XMLHttpRequest. @throws {ApiError}
 */
export function upload<T>(
  method: 'POST' | 'PUT',
  path: string,
  file: Blob,
  options: { contentType: string; onProgress?: (part: number) => void; signal?: AbortSignal },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    xhr.open(method, apiUrl(path));
    xhr.setRequestHeader('accept', 'application/json');
    xhr.setRequestHeader('content-type', options.contentType);
    xhr.upload.onprogress = (event) => {
      if (event.lengthComputable) options.onProgress?.(event.loaded / event.total);
    };
    xhr.onload = () => {
      const retryAfter = xhr.getResponseHeader('retry-after');
      settleText<T>(xhr.status, xhr.responseText, retryAfter).then(resolve, reject);
    };
    xhr.onerror = () => reject(new ApiError('offline'));
    xhr.onabort = () => reject(options.signal?.reason);
    options.signal?.addEventListener('abort', () => xhr.abort(), { once: true });
    xhr.send(file);
  });
}

async function settle<T>(response: Response): Promise<T> {
  const text =
    (await response.text()) || decodeURIComponent(response.headers.get('x-refusal') ?? '');
  return settleText<T>(response.status, text, response.headers.get('retry-after'));
}

/** The answer's value; what is refused becomes an ApiError, and a session's end leaves the page. */
async function settleText<T>(status: number, text: string, retryAfter: string | null): Promise<T> {
  const body = parse(text);
  if (status >= 200 && status < 300 && body !== MALFORMED) {
    return body as T; // the routes' answers are typed on the Worker's side
  }
  if (status === 401) {
    settings.onSignedOut();
    return new Promise<T>(() => {}); // the page is on its way out: nothing more to show
  }
  throw failure(status, body, retryAfter);
}

/** What a status means when no body tells more. */
const UNTOLD: Record<number, FailureCode> = {
  404: 'not_found',
  422: 'invalid',
  429: 'rate_limited',
  503: 'unavailable',
};

function failure(status: number, body: unknown, retryAfter: string | null): ApiError {
  // Whatever stands between us and the Worker may answer with a page of its own.
  const error = (body as { error?: Partial<ApiError> } | undefined)?.error;
  const seconds = Number(retryAfter);
  return new ApiError(error?.code ?? UNTOLD[status] ?? 'internal', {
    status,
    ...(error?.fields && { fields: error.fields }),
    ...(error?.requestId && { requestId: error.requestId }),
    ...(seconds > 0 && { retryAfter: seconds }),
  });
}

const MALFORMED = Symbol('malformed');

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return MALFORMED;
  }
}
