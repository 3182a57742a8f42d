/** The staff's API as a program speaks it: a token in the header that Access sets, no cookie. */

export type StaffApi = {
  get<T>(path: string): Promise<T>;
  send<T>(method: 'POST' | 'PUT', path: string, body: unknown): Promise<T>;
  upload<T>(
    method: 'POST' | 'PUT',
    path: string,
    contentType: string,
    body: string | Uint8Array,
  ): Promise<T>;
};

/**
 * The API of one org. `origin` is the console's, `path` below is what follows
 * `/api/admin/{org}/`. Any answer but a 2xx throws an Error that says what was asked and refused.
 */
export function staffApi(options: {
  origin: string;
  org: string;
  token: string;
  fetch?: typeof fetch;
}): StaffApi {
  const { origin, org, token } = options;
  const send = options.fetch ?? fetch;

  async function call<T>(method: string, path: string, contentType?: string, body?: BodyInit) {
    const headers: Record<string, string> = { 'cf-access-jwt-assertion': token };
    if (contentType !== undefined) headers['content-type'] = contentType;
    const init = { method, headers, redirect: 'manual' as const };
    const response = await send(
      `${origin}/api/admin/${org}/${path}`,
      body === undefined ? init : { ...init, body },
    );
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} (${org}): ${response.status} ${text}`);
    // The caller names the route's own type; the routes' tests hold it to that.
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  return {
    get: (path) => call('GET', path),
    send: (method, path, body) => call(method, path, 'application/json', JSON.stringify(body)),
    upload: (method, path, contentType, body) =>
      call(
        method,
        path,
        contentType,
        // A copy whose buffer is its own: fetch's types take no shared one.
        typeof body === 'string' ? body : Uint8Array.from(body),
      ),
  };
}
