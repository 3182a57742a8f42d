/**
 * `roundtrips`: how often each request of a customer goes to the database. The routes are the app's
 * own list, so a new one is measured, or fails here until it is told how to be asked.
 */
import { runnerImport } from 'vite';
import type * as app from '../../worker/app.ts';
import {
  customerRow,
  makeIssue,
  makeLink,
  makeOrg,
  orderFiles,
  orderRows,
  publish,
} from '../../worker/test/cast.ts';
import { openLink } from '../../worker/test/clients.ts';
import { follow } from '../../worker/test/follow.ts';
import { addPhoto, damaged, jpeg, newKey } from '../../worker/test/reports.ts';
import { PORTAL } from '../../worker/test/stack.ts';
import type { Bench } from './bench.ts';

/** Staff, machines and the runtime: not a customer. */
const OTHERS = /^\/(api\/admin|admin|hooks|healthz|readyz|cdn-cgi)(\/|$)/;
const API = '/api/portal/customer/:token';
/** A photo's bytes go to the bucket between the check and the row that names them. */
const TWICE = `POST ${API}/issues/:id/photos`;
const DAYS = '?from=2026-01-01&to=2026-12-31';
/** What a request of these routes asks, or carries. */
const QUERIES: Record<string, string> = {
  [`GET ${API}/exports/invoices`]: `${DAYS}&format=csv`,
  [`GET ${API}/exports/preview`]: `${DAYS}&format=csv`,
  [`GET ${API}/packs/month.zip`]: DAYS,
  [TWICE]: '?name=carton.jpg',
};
const FORM = 'application/x-www-form-urlencoded';
const BODIES: Record<string, object | string | Uint8Array<ArrayBuffer>> = {
  'POST /customer/:token': 'to=%2F',
  'POST /api/portal/link-requests': { org: '{code}', customer: 'ROUND' },
  [`POST ${API}/change-requests`]: { kind: 'contact_details', fields: { name: 'A. Round' } },
  [`POST ${API}/feedback`]: { about: 'download', rating: 5 },
  [`POST ${API}/issues/:id/messages`]: { body: 'Any news?' },
  [TWICE]: jpeg(),
  [`POST ${API}/notifications/read`]: { until: '2026-01-01T00:00:00.000000Z' },
  [`POST ${API}/orders/:id/report-issue`]: { ...damaged, lineNumbers: [1] },
  [`PUT ${API}/preferences`]: { mutedMail: [] },
  [`PUT ${API}/exports/mappings/:format`]: { account: '400' },
};
/** Nobody's key: whose it is has to be asked all the same. */
const UNKNOWN_KEY = `cfu01_${'0'.repeat(43)}`;

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>';

export const roundtrips: Bench = async ({ stack }) => {
  const org = await makeOrg(stack);
  await publish(org, [customerRow('ROUND', org), ...orderRows('ROUND', 'R1')], orderFiles('R1'));
  const { body: settings } = await org.owner.get<{ hasLogo: boolean }>('settings');
  await org.owner.put('settings', settings);
  await org.owner.send('PUT', 'settings/logo', LOGO, 'image/svg+xml');
  const first = await openLink(stack, (await makeLink(stack, org, 'ROUND')).url);
  const home = await first.me<{
    orders: { id: string }[];
    documents: { id: string }[];
  }>('home');
  const { body: owed } = await first.me<{ invoices: { id: string }[] }>('invoices');
  const issue = await makeIssue(stack, org, 'ROUND', 'R1');
  const { body: sent } = await addPhoto(first, issue, jpeg());
  const values: Record<string, string | undefined> = {
    code: org.code,
    order: home.body.orders[0]?.id,
    document: home.body.documents[0]?.id,
    invoice: owed.invoices[0]?.id,
    issue,
    photo: sent.photo.id,
    format: 'xero',
    key: UNKNOWN_KEY,
  };
  const idOf = (path: string) =>
    path.includes('/issues/') ? issue : path.includes('/invoices/') ? values.invoice : values.order;

  const measures = [];
  for (const route of await customerRoutes()) {
    // A link and a session for each, since both can be ended, and a link is not opened without end.
    const { url, token } = await makeLink(stack, org, 'ROUND');
    const { cookie } = await openLink(stack, url);
    const [method = 'GET', path = '/'] = route.split(' ');
    const filled = path.replace(/:(\w+)/g, (_, name: string) => {
      const known = name === 'id' ? idOf(path) : values[name];
      const value = name === 'token' ? (path.startsWith('/customer/') ? token : 'me') : known;
      if (value === undefined) {
        throw new Error(`roundtrips.ts does not know a value for :${name} of ${route}`);
      }
      return value;
    });
    stack.database.resetRequests();
    if (path.endsWith('/updates')) {
      (await follow(stack, cookie)).close();
    } else {
      const response = await stack.fetch(`${PORTAL}${filled}${QUERIES[route] ?? ''}`, {
        method,
        headers: {
          Cookie: cookie,
          Origin: PORTAL,
          'Sec-Fetch-Site': 'same-origin',
          'CF-Connecting-IP': '198.51.100.7',
          'Idempotency-Key': newKey(),
          ...carried(route),
        },
        ...bodyOf(route, org.code),
      });
      await response.arrayBuffer();
      // An asset that was not built asks the database as little as one that was.
      const isUnknown = response.status === 404 && path.startsWith('/unsubscribe/');
      const isUnbuilt =
        response.status === 404 && stack.database.requests('counterfoil_customer') === 0;
      if (response.status >= 400 && !isUnknown && !isUnbuilt) {
        throw new Error(`${route} answered ${response.status}`);
      }
    }
    // A job that the request kicked has a connection of its own: it is not the request.
    const count = stack.database.requests('counterfoil_customer');
    measures.push({
      name: `roundtrips ${route}`,
      value: count,
      unit: 'round trips',
      baseline: null,
      ratio: null,
      budget: `<= ${route === TWICE ? 2 : 1}`,
      ok: count <= (route === TWICE ? 2 : 1),
    });
  }
  return measures;
};

/** A form where the body is a text, a photo where it is bytes, else JSON. */
function carried(route: string): Record<string, string> {
  const body = BODIES[route];
  if (body === undefined) return {};
  if (body instanceof Uint8Array) return { 'Content-Type': 'image/jpeg' };
  return { 'Content-Type': typeof body === 'string' ? FORM : 'application/json' };
}

function bodyOf(route: string, code: string): { body?: string | Uint8Array<ArrayBuffer> } {
  const body = BODIES[route];
  if (body === undefined) return {};
  if (typeof body === 'string' || body instanceof Uint8Array) return { body };
  return { body: JSON.stringify(body).replace('{code}', code) };
}

/** `GET /orders/:id` …, without the middleware. */
async function customerRoutes(): Promise<string[]> {
  // Through Vite, since Node does not read JSX.
  const { module } = await runnerImport<typeof app>(
    new URL('../../worker/app.ts', import.meta.url).pathname,
    { configFile: false, logLevel: 'error' },
  );
  const routes = module
    .createApp()
    .routes.filter(({ method, path }) => method !== 'ALL' && !OTHERS.test(path))
    .map(({ method, path }) => `${method} ${path}`);
  return [...new Set(routes)].sort();
}
