import { Hono } from 'hono';
import { type AppEnv, staffIdentity } from '../../access/guards.ts';
import { setPageHeaders } from './headers.ts';
import { localeOf } from './locale.ts';
import { readShell } from './shell.ts';

/** The console's shell, for those whom Access vouches for. Its data is asked for by the app. */
export const adminPages = new Hono<AppEnv>().get('/*', async (c) => {
  await staffIdentity(c);
  const page = { locale: localeOf(c.req.raw.headers), resources: {} };
  const html = await readShell(c, '/admin/index.html', page, null);
  setPageHeaders(c, { scripts: true });
  return c.html(html, 200);
});
