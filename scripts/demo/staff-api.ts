/** The staff's API as a program speaks it: a token in the header that Access sets, no cookie. */

import type { Reading } from '../../worker/import/reading.ts';

export type StaffApi = {
  get<T>(path: string): Promise<T>;
  send<T>(method: 'POST' | 'PUT', path: string, body: unknown): Promise<T>;
  upload<T>(
    method: 'POST' | 'PUT',
    path: string,
    contentType: string,
    body: string | Uint8Array,
  ): Promise<T>;
  /** Stages a CSV into a publish, read as its own beginning suggests. */
  importCsv(publishId: string, name: string, csv: string): Promise<void>;
};

/**
 * The API of one org. `origin` is the console's, `path` below is what follows
 * `/api/admin/{org}/`. Any answer but a 2xx, or one whose last line is an error, throws an Error that says what
 * was asked and refused.
 */
export function staffApi(options: {
  origin: string;
  org: string;
  token: string;
  fetch?: typeof fetch;
}): StaffApi {
  const { origin, org, token } = options;
  const ask = options.fetch ?? fetch;

  async function call<T>(method: string, path: string, contentType?: string, body?: BodyInit) {
    const headers: Record<string, string> = { 'cf-access-jwt-assertion': token };
    if (contentType !== undefined) headers['content-type'] = contentType;
    const init = { method, headers, redirect: 'manual' as const };
    const response = await ask(
      `${origin}/api/admin/${org}/${path}`,
      body === undefined ? init : { ...init, body },
    );
    // The last of several lines says how it ended.
    const last = (await response.text()).trimEnd().split('\n').at(-1) ?? '';
    if (!response.ok || last.startsWith('{"error"')) {
      throw new Error(`${method} ${path} (${org}): ${response.status} ${last}`);
    }
    // The caller names the route's own type; the routes' tests hold it to that.
    return (last === '' ? undefined : JSON.parse(last)) as T;
  }

  const send: StaffApi['send'] = (method, path, body) =>
    call(method, path, 'application/json', JSON.stringify(body));
  const upload: StaffApi['upload'] = (method, path, contentType, body) =>
    call(
      method,
      path,
      contentType,
      // A copy whose buffer is its own: fetch's types take no shared one.
      typeof body === 'string' ? body : Uint8Array.from(body),
    );
  return {
    get: (path) => call('GET', path),
    send,
    upload,
    async importCsv(publishId, name, csv) {
      const query = new URLSearchParams({ name, publish: publishId });
      const { import: uploaded } = await upload<{ import: { id: string; detected: Reading } }>(
        'POST',
        `imports?${query}`,
        'text/csv',
        csv,
      );
      const { encoding, delimiter, headerLine, dateOrder, decimal, fields } = uploaded.detected;
      const reading: Reading = { encoding, delimiter, headerLine, dateOrder, decimal, fields };
      await send('POST', `imports/${uploaded.id}/staging`, { reading });
    },
  };
}
