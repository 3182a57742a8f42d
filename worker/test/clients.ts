/** Requests as people make them: staff with an Access token, customers with a link. */
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
  const isJson = response.headers.get('Content-Type')?.includes('json');
  // What the test expects of the body is the test's own claim.
  const body = (isJson ? JSON.parse(text) : text) as T;
  return { status: response.status, headers: response.headers, body };
}

export type Staff = ReturnType<typeof staffClient>;

/** Staff of one org. `token` is an Access JWT, sent as Access sends it. */
export function staffClient(stack: Stack, org: string, token: string) {
  const send = async <T>(method: string, path: string, body?: BodyInit, type?: string) =>
    answerOf<T>(
      await stack.fetch(`${CONSOLE}/api/admin/${org}/${path}`, {
        method,
        headers: {
          'Cf-Access-Jwt-Assertion': token,
          ...(type === undefined ? {} : { 'Content-Type': type }),
        },
        ...(body === undefined ? {} : { body }),
      }),
    );
  const json = (value: unknown) => JSON.stringify(value);
  return {
    token,
    get: <T = unknown>(path: string) => send<T>('GET', path),
    post: <T = unknown>(path: string, value: unknown = {}) =>
      send<T>('POST', path, json(value), 'application/json'),
    put: <T = unknown>(path: string, value: unknown) =>
      send<T>('PUT', path, json(value), 'application/json'),
    remove: <T = unknown>(path: string) => send<T>('DELETE', path),
    send,
    importCsv: (csv: string | Uint8Array<ArrayBuffer>, publishId?: string) =>
      send<{
        publishId: string;
        import: { items: number; problems: { code: string; line: number }[] };
      }>(
        'POST',
        `imports?name=index.csv${publishId ? `&publish=${publishId}` : ''}`,
        csv,
        'text/csv',
      ),
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
    signOut: () =>
      stack.fetch(`${PORTAL}/api/portal/session`, {
        method: 'DELETE',
        headers: { ...headers, Origin: PORTAL, 'Sec-Fetch-Site': 'same-origin' },
      }),
  };
}
