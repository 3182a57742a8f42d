import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { auditRefusal, readVisitor, type Visitor } from '../../domain/customer.ts';
import type { AuditAction } from '../../vocabulary.ts';
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
import { statementFilter } from '../portal/statements.ts';
import { NoAmounts, onlyVisitor } from '../portal/visitor.ts';
import { validate } from '../validate.ts';
import { setPageHeaders } from './headers.ts';
import { localeOf } from './locale.ts';
import { type Filter, readFilter } from './page-filter.ts';
import { readShell } from './shell.ts';

async function portalPage(
  c: Context<AppEnv>,
  path: string,
  resource: Pick<Visitor, 'org' | 'contact'>,
  part?: 'home' | 'order',
) {
  const { org, contact } = resource;
  const locale = localeOf(c.req.raw.headers, org.locale, contact.chosenLanguage);
  const page = { locale, ...(part && { part }), resources: { [path]: resource } };
  const html = await readShell(c, '/portal/index.html', page, org.code);
  setPageHeaders(c, { scripts: true });
  return c.html(html);
}

/** As the page is; through a link that shows no amounts it comes with who is looking, and says so. */
async function moneyPage(c: Context<AppEnv>, page: Promise<Response>): Promise<Response> {
  try {
    return await page;
  } catch (thrown) {
    if (!(thrown instanceof NoAmounts)) throw thrown;
    c.status(thrown.status);
    return portalPage(c, 'visitor', thrown.visitor);
  }
}

/**
 * A page whose address says what of a list is wanted. Where that cannot be shown, the page says so: it
 * comes with who is looking and without a list.
 */
async function listPage<Query>(
  c: Context<AppEnv>,
  list: string,
  filter: Filter<Query>,
  action: AuditAction,
  read: (c: Context<AppEnv>, query: Query) => Promise<Visitor>,
) {
  const { name, query } = readFilter(list, filter, new URL(c.req.url));
  return query === null
    ? portalPage(c, 'visitor', await readNothing(c, action))
    : portalPage(c, name, await read(c, query));
}

/** Who is looking, and whom they can ask: no API has it, since every other page's resource does. */
async function readHelp(c: Context<AppEnv>) {
  const [visitors] = await asCustomer(c, 'help.viewed', (db) => [readVisitor(db)]);
  return onlyVisitor(visitors);
}

/**
 * Who is looking, where what their address asks for cannot be shown.
 *
 * @param action what the page would have done
 */
async function readNothing(c: Context<AppEnv>, action: AuditAction) {
  const [visitors] = await asCustomer(c, null, (db) => [
    readVisitor(db),
    auditRefusal(db, 'invalid', action),
  ]);
  return onlyVisitor(visitors);
}

/** The customer's pages: the shell with the page's own resource inlined, in one round trip. */
export const portalPages = new Hono<AppEnv>()
  .get('/', async (c) => portalPage(c, 'home', await readHome(c), 'home'))
  .get('/help', async (c) => portalPage(c, 'help', await readHelp(c)))
  .get('/details', async (c) => portalPage(c, 'details', await readDetails(c)))
  .get('/notifications', async (c) => portalPage(c, 'notifications', await readNotifications(c)))
  .get('/exports', async (c) => portalPage(c, 'exports', await readExportsPage(c)))
  .get('/orders', (c) => listPage(c, 'orders', orderFilter, 'orders.listed', readOrdersPage))
  .get('/documents', (c) =>
    listPage(c, 'documents', documentFilter, 'documents.listed', readDocumentsPage),
  )
  .get('/statement', (c) =>
    moneyPage(c, listPage(c, 'statement', statementFilter, 'statement.viewed', readStatementPage)),
  )
  .get('/invoices', (c) =>
    listPage(c, 'invoices', invoiceFilter, 'invoices.listed', readInvoicesPage),
  )
  .get('/invoices/:id', validate('param', z.object({ id: z.uuid() })), async (c) => {
    const { id } = c.req.valid('param');
    const read = async () => portalPage(c, `invoices/${id}`, await readInvoicePage(c, id));
    return moneyPage(c, read());
  })
  .get('/payments', (c) =>
    listPage(c, 'payments', paymentFilter, 'payments.listed', readPaymentsPage),
  )
  .get('/insights', (c) =>
    moneyPage(c, listPage(c, 'insights', insightsFilter, 'insights.viewed', readInsightsPage)),
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
