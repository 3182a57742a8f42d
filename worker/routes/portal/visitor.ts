import type { Visitor } from '../../domain/customer.ts';
import { AppError } from '../../errors.ts';

/** The visitor of a live credential: the policy leaves exactly one. */
export function onlyVisitor(rows: Visitor[]): Visitor {
  const [visitor] = rows;
  if (visitor === undefined) {
    throw new AppError('internal', 'a live credential without a customer');
  }
  return visitor;
}
