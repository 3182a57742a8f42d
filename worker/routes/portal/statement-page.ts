/** Apart from the route, which also gives files: see documents-page.ts. */
import type { Context } from 'hono';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { readVisitor } from '../../domain/customer.ts';
import { type Period, type Statement, takeStatement } from '../../domain/statement.ts';
import { NoAmounts, onlyVisitor } from './visitor.ts';

/**
 * The statement of a period, and who reads it; null where the supplier shows them no statements.
 *
 * @throws NoAmounts `not_found` through a link without financials; `statement_broken`
 */
export async function readStatementPage(c: Context<AppEnv>, period: Period) {
  const [visitors, { rows }] = await asCustomer(c, null, (db) => [
    readVisitor(db),
    takeStatement(db, period, 'view'),
  ]);
  const visitor = onlyVisitor(visitors);
  const [taken] = rows;
  if (taken === undefined && visitor.link.scope === 'no_financials') {
    throw new NoAmounts('not_found', visitor);
  }
  const statement: Statement | null =
    taken === undefined
      ? null
      : { ...taken.statement, today: taken.today, asOf: taken.asOf, later: taken.later };
  return { ...visitor, statement };
}
export type StatementPage = Awaited<ReturnType<typeof readStatementPage>>;
