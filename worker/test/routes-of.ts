/** Every route of the app, so that a test can ask who has thought of it. */
import { createApp } from '../app.ts';

const STAFF = '/api/admin/:org/';

/** Routes that show nobody's rows: each is named here on purpose, or it counts as a customer's. */
export const OF_NOBODY = new Set([
  'GET /healthz',
  'GET /readyz',
  'GET /favicon.svg',
  'GET /brand/:code/accent.css',
  'GET /brand/:code/logo',
  'GET /customer/:token',
  'POST /customer/:token',
  'GET /unsubscribe/:key',
  'POST /unsubscribe/:key',
  'POST /hooks/resend',
  'POST /api/portal/link-requests',
  'DELETE /api/portal/session',
  'POST /api/portal/session/renewal',
  'GET /api/admin',
  'GET /admin/*',
  'GET /cdn-cgi/access/logout',
]);

/** The routes by audience, as `METHOD /path/:param`, sorted; middleware left out. */
export function routesByAudience(): { customer: string[]; staff: string[]; nobody: string[] } {
  const found = createApp()
    .routes // A middleware takes `next`; what is registered for all methods and takes none is a route.
    .filter(({ method, handler }) => method !== 'ALL' || handler.length < 2)
    .map(({ method, path }) => `${method} ${path}`);
  const routes = [...new Set(found)].sort();
  const isStaff = (route: string) => route.includes(` ${STAFF}`);
  return {
    customer: routes.filter((route) => !isStaff(route) && !OF_NOBODY.has(route)),
    staff: routes.filter(isStaff),
    nobody: routes.filter((route) => OF_NOBODY.has(route)),
  };
}
