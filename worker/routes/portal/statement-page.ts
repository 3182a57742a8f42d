/** Apart from the route, which also gives files: see documents-page.ts. */
import type { Context } from 'hono';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { readVisitor, type Visitor } from '../../domain/customer.ts';
import { type Period, type Statement, viewStatement } from '../../domain/statement.ts';
import { WrittenJson } from '../written-json.ts';
import { NoAmounts, onlyVisitor } from './visitor.ts';

/** As it is read on the other side. */
export type StatementPage = Visitor & { statement: Statement | null };

/**
 * The statement of a period, and who reads it; null where the supplier shows them no statements.
 *
 * @throws NoAmounts `not_found` through a link without financials; `statement_broken`
 */
export async function readStatementPage(c: Context<AppEnv>, period: Period) {
  const [visitors, { rows }] = await asCustomer(c, null, (db) => [
    readVisitor(db),
    viewStatement(db, period),
  ]);
  const visitor = onlyVisitor(visitors);
  const [taken] = rows;
  if (taken === undefined && visitor.link.scope === 'no_financials') {
    throw new NoAmounts('not_found', visitor);
  }
  const statement =
    taken === undefined ? null : { ...taken, figures: new WrittenJson(taken.figures) };
  return { ...visitor, statement };
}
