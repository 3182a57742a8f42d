import { Hono } from 'hono';
import { z } from 'zod';
import type { AppEnv } from '../../access/guards.ts';
import { cursorOf, dayKey } from '../../domain/cursor.ts';
import { INVOICE_FILTERS, INVOICE_KINDS, SEARCH_MAX_CHARACTERS } from '../../vocabulary.ts';
import { validate } from '../validate.ts';
import { BACKWARDS, days, inOrder } from './days.ts';
import { readInsightsPage, readInvoicePage, readInvoicesPage, readPaymentsPage } from './money.ts';

/** Which invoices and credit notes. What bears no date is the last of the list, and of no days. */
const invoiceFields = z.object({
  kind: z.enum([...INVOICE_KINDS, 'all']).default('all'),
  status: z.enum(INVOICE_FILTERS).optional(),
  q: z.string().trim().max(SEARCH_MAX_CHARACTERS).optional(),
  ...days,
});
export const invoiceFilter = {
  fields: invoiceFields,
  whole: invoiceFields.refine(inOrder, BACKWARDS),
};
const invoiceQuery = invoiceFields
  .extend({ cursor: cursorOf(z.union([dayKey, z.literal('none')])).optional() })
  .refine(inOrder, BACKWARDS);

/** Which payments. */
const paymentFields = z.object(days);
export const paymentFilter = {
  fields: paymentFields,
  whole: paymentFields.refine(inOrder, BACKWARDS),
};
const paymentQuery = paymentFields
  .extend({ cursor: cursorOf(dayKey).optional() })
  .refine(inOrder, BACKWARDS);

/** As long as orders can be shown at all. */
const INSIGHTS_MAX_YEARS = 10;
/** Over how long: a month is a row of the answer, so that it has an end. */
const insightsFields = z.object(days);
const insightsQuery = insightsFields
  .refine(inOrder, BACKWARDS)
  .refine(
    ({ from, to = new Date().toISOString().slice(0, 10) }) =>
      from === undefined || Number(to.slice(0, 4)) - Number(from.slice(0, 4)) <= INSIGHTS_MAX_YEARS,
    { path: ['from'], message: `more than ${INSIGHTS_MAX_YEARS} years before the last day` },
  );
export const insightsFilter = { fields: insightsFields, whole: insightsQuery };
const invoiceParam = z.object({ token: z.string(), invoice: z.uuid() });

/** A customer's invoices, credit notes and payments, and what can be seen in them. */
export const invoices = new Hono<AppEnv>()
  .get('/invoices', validate('query', invoiceQuery), async (c) =>
    c.json(await readInvoicesPage(c, c.req.valid('query')), 200),
  )
  .get('/invoices/:invoice', validate('param', invoiceParam), async (c) =>
    c.json(await readInvoicePage(c, c.req.valid('param').invoice), 200),
  )
  .get('/payments', validate('query', paymentQuery), async (c) =>
    c.json(await readPaymentsPage(c, c.req.valid('query')), 200),
  )
  .get('/insights', validate('query', insightsQuery), async (c) =>
    c.json(await readInsightsPage(c, c.req.valid('query')), 200),
  );
