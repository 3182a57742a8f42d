import { Hono } from 'hono';
import { z } from 'zod';
import type { AppEnv } from '../../access/guards.ts';
import { cursorOf, dayKey } from '../../domain/cursor.ts';
import {
  INSIGHTS_MAX_YEARS,
  INVOICE_FILTERS,
  INVOICE_KINDS,
  SEARCH_MAX_CHARACTERS,
} from '../../vocabulary.ts';
import { validate } from '../validate.ts';
import { readInsightsPage, readInvoicePage, readInvoicesPage, readPaymentsPage } from './money.ts';

/** Days are YYYY-MM-DD, both included. */
const days = { from: dayKey.optional(), to: dayKey.optional() };
type Days = { from?: string | undefined; to?: string | undefined };
const inOrder = ({ from, to }: Days) => !from || !to || from <= to;
const BACKWARDS = { path: ['to'], message: 'the last day is before the first' };

/** Which invoices and credit notes. What bears no date is the last of the list, and of no days. */
export const invoiceFilter = z
  .object({
    kind: z.enum([...INVOICE_KINDS, 'all']).default('all'),
    status: z.enum(INVOICE_FILTERS).optional(),
    q: z.string().trim().max(SEARCH_MAX_CHARACTERS).optional(),
    ...days,
    cursor: cursorOf(z.union([dayKey, z.literal('none')])).optional(),
  })
  .refine(inOrder, BACKWARDS);

/** Which payments. */
export const paymentFilter = z
  .object({ ...days, cursor: cursorOf(dayKey).optional() })
  .refine(inOrder, BACKWARDS);

/** Over how long: a month is a row of the answer, so that it has an end. */
export const insightsFilter = z
  .object(days)
  .refine(inOrder, BACKWARDS)
  .refine(
    ({ from, to = new Date().toISOString().slice(0, 10) }) =>
      from === undefined || Number(to.slice(0, 4)) - Number(from.slice(0, 4)) <= INSIGHTS_MAX_YEARS,
    { path: ['from'], message: `more than ${INSIGHTS_MAX_YEARS} years before the last day` },
  );
const invoiceParam = z.object({ token: z.string(), invoice: z.uuid() });

/** A customer's invoices, credit notes and payments, and what can be seen in them. */
export const invoices = new Hono<AppEnv>()
  .get('/invoices', validate('query', invoiceFilter), async (c) =>
    c.json(await readInvoicesPage(c, c.req.valid('query')), 200),
  )
  .get('/invoices/:invoice', validate('param', invoiceParam), async (c) =>
    c.json(await readInvoicePage(c, c.req.valid('param').invoice), 200),
  )
  .get('/payments', validate('query', paymentFilter), async (c) =>
    c.json(await readPaymentsPage(c, c.req.valid('query')), 200),
  )
  .get('/insights', validate('query', insightsFilter), async (c) =>
    c.json(await readInsightsPage(c, c.req.valid('query')), 200),
  );
