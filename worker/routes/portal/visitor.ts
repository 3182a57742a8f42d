import type { Visitor } from '../../domain/customer.ts';
import { AppError, type ErrorCode } from '../../errors.ts';

/** What a link without financials is refused: its page says so, within the app, to who is looking. */
export class NoAmounts extends AppError {
  readonly visitor: Visitor;

  constructor(code: ErrorCode, visitor: Visitor) {
    super(code, 'a link without financials');
    this.visitor = visitor;
  }
}

/** The visitor of a live credential: the policy leaves exactly one. */
export function onlyVisitor(rows: Visitor[]): Visitor {
  const [visitor] = rows;
  if (visitor === undefined) {
    throw new AppError('internal', 'a live credential without a customer');
  }
  return visitor;
}
