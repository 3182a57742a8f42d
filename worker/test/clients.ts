/** Requests as people make them: staff with an Access token, customers with a link. */
import type { DetectedWithProfile, ImportView } from '../domain/import.ts';
import { ERROR_STATUS, type ErrorCode } from '../errors.ts';
import type { Reading } from '../import/reading.ts';
import { CONSOLE, PORTAL, type Stack } from './stack.ts';

/** A different address for each customer, so that one test's shield is not another's. */
let addresses = 0;
const nextAddress = () => {
  addresses += 1;
  return `198.51.${Math.floor(addresses / 250)}.${(addresses % 250) + 1}`;
};

export type Answer<T = unknown> = { status: number; headers: Headers; body: T };

async function answerOf<T>(response: Response): Promise<Answer<T>> {
  const text = await response.text();
  const isJson = response.headers.get('Content-Type')?.startsWith('application/json');
  // What the test expects of the body is the test's own claim.
  const body = (isJson ? JSON.parse(text) : text) as T;
  return { status: response.status, headers: response.headers, body };
}

export type Staff = ReturnType<typeof staffClient>;

export type Imported = {
  publishId: string;
  import: {
    id: string;
    rows: number;
    items: number;
    skipped: number;
    problems: { code: string; line: number }[];
  };
};
export type UploadedImport = ImportView & { detected: DetectedWithProfile };

/** What is suggested, as a person confirms it. */
export function readingOf(detected: Reading): Reading {
  const { encoding, delimiter, headerLine, dateOrder, decimal, fields } = detected;
  return { encoding, delimiter, headerLine, dateOrder, decimal, fields };
}

/** Staff of one org. `token` is an Access JWT, sent as Access sends it. */
export function staffClient(stack: Stack, org: string, token: string) {
  const send = async <T>(
    method: string,
    path: string,
    body?: BodyInit,
    type?: string,
    more: Record<string, string> = {},
  ) =>
    answerOf<T>(
      await stack.fetch(`${CONSOLE}/api/admin/${org}/${path}`, {
        method,
        headers: {
          'Cf-Access-Jwt-Assertion': token,
          ...(type === undefined ? {} : { 'Content-Type': type }),
          ...more,
        },
        ...(body === undefined ? {} : { body }),
      }),
    );
  const json = (value: unknown) => JSON.stringify(value);
  const upload = (csv: string | Uint8Array<ArrayBuffer>, publishId?: string, name = 'index.csv') =>
    send<{ import: UploadedImport }>(
      'POST',
      `imports?name=${encodeURIComponent(name)}${publishId ? `&publish=${publishId}` : ''}`,
      csv,
      'text/csv',
    );
  const confirm = async (importId: string, reading: Reading): Promise<Answer<Imported>> => {
    const path = `imports/${importId}/staging`;
    const answer = await send<string>('POST', path, json({ reading }), 'application/json');
    if (answer.status !== 200) {
      // The route's own refusal, in the form that all have.
      return answer as unknown as Answer<Imported>;
    }
    const last = JSON.parse(answer.body.trimEnd().split('\n').at(-1) ?? '');
    const status = 'error' in last ? ERROR_STATUS[last.error.code as ErrorCode] : 201;
    return { status, headers: answer.headers, body: last };
  };
  return {
    token,
    get: <T = unknown>(path: string) => send<T>('GET', path),
    post: <T = unknown>(path: string, value: unknown = {}) =>
      send<T>('POST', path, json(value), 'application/json'),
    put: <T = unknown>(path: string, value: unknown) =>
      send<T>('PUT', path, json(value), 'application/json'),
    remove: <T = unknown>(path: string) => send<T>('DELETE', path),
    send,
    upload,
    confirm,
    /** Uploads, confirms what is suggested, stages: what the last line says, as a status and a body. */
    importCsv: async (csv: string | Uint8Array<ArrayBuffer>, publishId?: string) => {
      const uploaded = await upload(csv, publishId);
      if (uploaded.status !== 201) {
        return uploaded as unknown as Answer<Imported>;
      }
      const { id, detected } = uploaded.body.import;
      return confirm(id, readingOf(detected));
    },
    uploadPdf: (publishId: string, name: string, bytes: Uint8Array<ArrayBuffer>) =>
      send<{ file: { sha256: string }; unchanged: boolean }>(
        'PUT',
        `publishes/${publishId}/files/${encodeURIComponent(name)}`,
        bytes,
        'application/pdf',
      ),
  };
}

export type Customer = Awaited<ReturnType<typeof openLink>>;

/** Clicks a link: the landing page's button. Throws when it does not open. */
export async function openLink(stack: Stack, url: string) {
  const address = nextAddress();
  const response = await postLanding(stack, url, { address });
  const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(';')[0] ?? '');
  if (response.status !== 303) {
    throw new Error(`the link did not open: ${response.status}`);
  }
  return customerClient(stack, cookies.join('; '), address);
}

/** The POST of the landing page's form, as a browser sends it. */
export function postLanding(
  stack: Stack,
  url: string,
  { to = '/', address = nextAddress() }: { to?: string; address?: string } = {},
) {
  return stack.fetch(url, {
    method: 'POST',
    headers: {
      Origin: PORTAL,
      'Sec-Fetch-Site': 'same-origin',
      'Content-Type': 'application/x-www-form-urlencoded',
      'CF-Connecting-IP': address,
    },
    body: new URLSearchParams({ to }).toString(),
  });
}

/** A customer with cookies. `me` is below `/api/portal/customer/me/`. */
export function customerClient(stack: Stack, cookie: string, address = nextAddress()) {
  const headers = { Cookie: cookie, 'CF-Connecting-IP': address };
  return {
    cookie,
    page: (path: string) => stack.fetch(`${PORTAL}${path}`, { headers }),
    me: async <T = unknown>(path: string, method = 'GET') =>
      answerOf<T>(
        await stack.fetch(`${PORTAL}/api/portal/customer/me/${path}`, { method, headers }),
      ),
    bytes: (path: string, method = 'GET', more: Record<string, string> = {}) =>
      stack.fetch(`${PORTAL}/api/portal/customer/me/${path}`, {
        method,
        headers: { ...headers, ...more },
      }),
    /** A POST as our own page sends it: JSON, or bytes as they are. */
    post: async <T = unknown>(
      path: string,
      body: unknown,
      more: Record<string, string> = {},
    ): Promise<Answer<T>> => {
      const isBytes = body instanceof Uint8Array;
      return answerOf<T>(
        await stack.fetch(`${PORTAL}/api/portal/customer/me/${path}`, {
          method: 'POST',
          headers: {
            ...headers,
            Origin: PORTAL,
            'Sec-Fetch-Site': 'same-origin',
            'Content-Type': isBytes ? 'application/octet-stream' : 'application/json',
            ...more,
          },
          // Bytes of a buffer of their own; TypeScript knows them as any Uint8Array.
          body: isBytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
        }),
      );
    },
    /** A PUT of JSON as our own page sends it. */
    put: async <T = unknown>(path: string, body: unknown): Promise<Answer<T>> =>
      answerOf<T>(
        await stack.fetch(`${PORTAL}/api/portal/customer/me/${path}`, {
          method: 'PUT',
          headers: {
            ...headers,
            Origin: PORTAL,
            'Sec-Fetch-Site': 'same-origin',
            'Content-Type': 'application/json',
          },
          body: JSON.stringify(body),
        }),
      ),
    signOut: () =>
      stack.fetch(`${PORTAL}/api/portal/session`, {
        method: 'DELETE',
        headers: { ...headers, Origin: PORTAL, 'Sec-Fetch-Site': 'same-origin' },
      }),
  };
}
