/**
 * `roundtrips`: how often each request of a customer goes to the database. The routes are the app's
 * own list, so a new one is measured, or fails here until it is told how to be asked.
 */
import { runnerImport } from 'vite';
import type * as app from '../../worker/app.ts';
import {
  customerRow,
  makeLink,
  makeOrg,
  orderFiles,
  orderRows,
  publish,
} from '../../worker/test/cast.ts';
import { openLink } from '../../worker/test/clients.ts';
import { PORTAL } from '../../worker/test/stack.ts';
import type { Bench } from './bench.ts';

/** Staff, machines and the runtime: not a customer. */
const OTHERS = /^\/(api\/admin|admin|hooks|healthz|readyz|cdn-cgi)(\/|$)/;
/** What a request of these routes carries. */
const FORMS: Record<string, [type: string, body: string]> = {
  'POST /customer/:token': ['application/x-www-form-urlencoded', 'to=%2F'],
  'POST /api/portal/link-requests': ['application/json', '{"org":"{code}","customer":"ROUND"}'],
};

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>';

export const roundtrips: Bench = async ({ stack }) => {
  const org = await makeOrg(stack);
  await publish(org, [customerRow('ROUND', org), ...orderRows('ROUND', 'R1')], orderFiles('R1'));
  const { body: settings } = await org.owner.get<{ hasLogo: boolean }>('settings');
  await org.owner.put('settings', settings);
  await org.owner.send('PUT', 'settings/logo', LOGO, 'image/svg+xml');
  const { url, token } = await makeLink(stack, org, 'ROUND');
  const home = await (await openLink(stack, url)).me<{
    orders: { id: string }[];
    documents: { id: string }[];
  }>('home');
  const values: Record<string, string | undefined> = {
    id: home.body.orders[0]?.id,
    order: home.body.orders[0]?.id,
    document: home.body.documents[0]?.id,
    code: org.code,
  };

  const measures = [];
  for (const route of await customerRoutes()) {
    // A session for each, since signing out ends one.
    const { cookie } = await openLink(stack, url);
    const [method = 'GET', path = '/'] = route.split(' ');
    const filled = path.replace(/:(\w+)/g, (_, name: string) => {
      const value =
        name === 'token' ? (path.startsWith('/customer/') ? token : 'me') : values[name];
      if (value === undefined) {
        throw new Error(`roundtrips.ts does not know a value for :${name} of ${route}`);
      }
      return value;
    });
    const [type, body] = FORMS[route] ?? [];
    stack.database.resetRequests();
    const response = await stack.fetch(`${PORTAL}${filled}`, {
      method,
      headers: {
        Cookie: cookie,
        Origin: PORTAL,
        'Sec-Fetch-Site': 'same-origin',
        'CF-Connecting-IP': '198.51.100.7',
        ...(type === undefined ? {} : { 'Content-Type': type }),
      },
      ...(body === undefined ? {} : { body: body.replace('{code}', org.code) }),
    });
    await response.arrayBuffer();
    // A job that the request kicked has a connection of its own: it is not the request.
    const count = stack.database.requests('counterfoil_customer');
    // An asset that was not built asks the database as little as one that was.
    if (response.status >= 400 && !(response.status === 404 && count === 0)) {
      throw new Error(`${route} answered ${response.status}`);
    }
    measures.push({
      name: `roundtrips ${route}`,
      value: count,
      unit: 'round trips',
      baseline: null,
      ratio: null,
      budget: '<= 1',
      ok: count <= 1,
    });
  }
  return measures;
};

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
