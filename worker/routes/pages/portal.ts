import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { readVisitor, type Visitor } from '../../domain/customer.ts';
import { readDetails } from '../portal/details.ts';
import { documentFilter } from '../portal/documents.ts';
import { readDocumentsPage } from '../portal/documents-page.ts';
import { readExportsPage } from '../portal/exports-page.ts';
import { readHome } from '../portal/home.ts';
import {
  insightsFilter,
  invoiceFilter,
  paymentFilter,
  readInsightsPage,
  readInvoicePage,
  readInvoicesPage,
  readPaymentsPage,
} from '../portal/invoices.ts';
import { readIssuePage } from '../portal/issues.ts';
import { readNotifications } from '../portal/notifications.ts';
import { orderFilter, readOrderPage, readOrdersPage } from '../portal/orders.ts';
import { readStatementPage } from '../portal/statement-page.ts';
import { statementPeriod } from '../portal/statements.ts';
import { onlyVisitor } from '../portal/visitor.ts';
import { validate } from '../validate.ts';
import { setPageHeaders } from './headers.ts';
import { localeOf } from './locale.ts';
import { readShell } from './shell.ts';

async function portalPage(
  c: Context<AppEnv>,
  path: string,
  resource: Pick<Visitor, 'org'>,
  part?: 'home' | 'order',
) {
  const locale = localeOf(c.req.raw.headers);
  const page = { locale, ...(part && { part }), resources: { [path]: resource } };
  const html = await readShell(c, '/portal/index.html', page, resource.org.code);
  setPageHeaders(c, { scripts: true });
  return c.html(html, 200);
}

/** The name that the web app asks for a list under: its filter is part of it, the open document is not. */
function listName(c: Context<AppEnv>, list: string): string {
  const { searchParams } = new URL(c.req.url);
  searchParams.delete('document');
  return searchParams.size === 0 ? list : `${list}?${searchParams}`;
}

/** Who is looking, and whom they can ask: no API has it, since every other page's resource does. */
async function readHelp(c: Context<AppEnv>) {
  const [visitors] = await asCustomer(c, 'help.viewed', (db) => [readVisitor(db)]);
  return onlyVisitor(visitors);
}

/** The customer's pages: the shell with the page's own resource inlined, in one round trip. */
export const portalPages = new Hono<AppEnv>()
  .get('/', async (c) => portalPage(c, 'home', await readHome(c), 'home'))
  .get('/help', async (c) => portalPage(c, 'help', await readHelp(c)))
  .get('/details', async (c) => portalPage(c, 'details', await readDetails(c)))
  .get('/notifications', async (c) => portalPage(c, 'notifications', await readNotifications(c)))
  .get('/exports', async (c) => portalPage(c, 'exports', await readExportsPage(c)))
  .get('/orders', validate('query', orderFilter), async (c) =>
    portalPage(c, listName(c, 'orders'), await readOrdersPage(c, c.req.valid('query'))),
  )
  .get('/documents', validate('query', documentFilter), async (c) =>
    portalPage(c, listName(c, 'documents'), await readDocumentsPage(c, c.req.valid('query'))),
  )
  .get('/statement', validate('query', statementPeriod), async (c) =>
    portalPage(c, listName(c, 'statement'), await readStatementPage(c, c.req.valid('query'))),
  )
  .get('/invoices', validate('query', invoiceFilter), async (c) =>
    portalPage(c, listName(c, 'invoices'), await readInvoicesPage(c, c.req.valid('query'))),
  )
  .get('/invoices/:id', validate('param', z.object({ id: z.uuid() })), async (c) => {
    const { id } = c.req.valid('param');
    return portalPage(c, `invoices/${id}`, await readInvoicePage(c, id));
  })
  .get('/payments', validate('query', paymentFilter), async (c) =>
    portalPage(c, listName(c, 'payments'), await readPaymentsPage(c, c.req.valid('query'))),
  )
  .get('/insights', validate('query', insightsFilter), async (c) =>
    portalPage(c, listName(c, 'insights'), await readInsightsPage(c, c.req.valid('query'))),
  )
  .get('/orders/:id', validate('param', z.object({ id: z.uuid() })), async (c) => {
    const { id } = c.req.valid('param');
    return portalPage(c, `orders/${id}`, await readOrderPage(c, id), 'order');
  })
  // The form names the order and its lines, so it is drawn from the order's own resource.
  .get('/orders/:id/report', validate('param', z.object({ id: z.uuid() })), async (c) => {
    const { id } = c.req.valid('param');
    return portalPage(c, `orders/${id}`, await readOrderPage(c, id));
  })
  .get('/issues/:id', validate('param', z.object({ id: z.uuid() })), async (c) => {
    const { id } = c.req.valid('param');
    return portalPage(c, `issues/${id}`, await readIssuePage(c, id));
  });
