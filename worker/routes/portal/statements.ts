import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import {
  figuresOf,
  type Period,
  type TakenStatement,
  takeStatement,
} from '../../domain/statement.ts';
import { AppError } from '../../errors.ts';
import { composeStatement } from '../../pdf/compose-statement.ts';
import { STATEMENT_MAX_YEARS } from '../../vocabulary.ts';
import { attachmentHeaders, fileHeaders } from '../file-headers.ts';
import { validate } from '../validate.ts';
import { writeJson } from '../written-json.ts';
import { BACKWARDS, days, inOrder } from './days.ts';
import { logoOf, stampTextOf } from './document-body.ts';
import { statementCsv } from './statement-csv.ts';
import { readStatementPage } from './statement-page.ts';

const DAY_MS = 86_400_000;
/** A leap day a four years, rounded up, and a day for the supplier's time zone. */
const MAX_DAYS = STATEMENT_MAX_YEARS * 365 + Math.ceil(STATEMENT_MAX_YEARS / 4) + 1;
const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / DAY_MS;

/** A day that is left out is this month's first, or today. */
const statementFields = z.object(days);
const statementPeriod = statementFields
  .refine(inOrder, BACKWARDS)
  .refine(
    ({ from, to }) => !from || daysBetween(from, to ?? new Date().toISOString()) <= MAX_DAYS,
    { path: ['from'], message: `a statement is of ${STATEMENT_MAX_YEARS} years at most` },
  );
export const statementFilter = { fields: statementFields, whole: statementPeriod };

async function take(
  c: Context<AppEnv>,
  period: Period,
  as: 'csv' | 'pdf',
): Promise<TakenStatement> {
  // A HEAD brings no figures away.
  const how = c.req.method === 'HEAD' ? 'head' : as;
  const [{ rows }] = await asCustomer(c, null, (db) => [takeStatement(db, period, how)]);
  const [taken] = rows;
  if (taken === undefined) {
    throw new AppError(
      'not_found',
      'no amounts through this link, or no statements for this customer',
    );
  }
  return taken;
}

const fileName = ({ figures: { from, to }, drawing }: TakenStatement, extension: string) =>
  `statement-${drawing.customer.code}-${from}-${to}.${extension}`;

/** A statement that was taken, drawn as a PDF with its stamp. */
export async function statementPdf(c: Context<AppEnv>, taken: TakenStatement) {
  const { orgCode, hasLogo, ...head } = taken.drawing;
  const bytes = await composeStatement({
    ...head,
    kind: 'statement',
    number: null,
    statement: { ...figuresOf(taken.figures), later: taken.later },
    logo: await logoOf(c.env.ports.bucket, { orgCode, hasLogo }),
    stamp: {
      customerName: head.customer.name,
      text: stampTextOf({ ...taken, slotOffset: null }) ?? '',
    },
  });
  return { name: fileName(taken, 'pdf'), bytes };
}

/** A customer's account between two days: to read, as a PDF, as a CSV. */
export const statements = new Hono<AppEnv>()
  .get('/statement', validate('query', statementPeriod), async (c) => {
    const page = await readStatementPage(c, c.req.valid('query'));
    return c.body(writeJson(page), 200, { 'Content-Type': 'application/json' });
  })
  .get('/statement.csv', validate('query', statementPeriod), async (c) => {
    const taken = await take(c, c.req.valid('query'), 'csv');
    const headers = attachmentHeaders(fileName(taken, 'csv'), 'text/csv; charset=utf-8');
    return new Response(statementCsv(taken), { status: 200, headers });
  })
  .get('/statement.pdf', validate('query', statementPeriod), async (c) => {
    const taken = await take(c, c.req.valid('query'), 'pdf');
    const { name, bytes } = await statementPdf(c, taken);
    const headers = fileHeaders(name, bytes.byteLength, 'attachment');
    return new Response(bytes, { status: 200, headers });
  });
