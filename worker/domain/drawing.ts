/** What a document that we draw is drawn from, as the database gives it. */
import type { DrawnDocument } from '../pdf/drawing/drawn-document.ts';
import type { DrawnStatement } from '../pdf/drawing/drawn-statement.ts';
import type { StatementRows } from './statement.ts';

/** What only the database knows of the supplier: where its logo is. */
type OfOrg = { orgCode: string; hasLogo: boolean };

type DrawnPaper = Omit<DrawnDocument, 'logo' | 'isCopy' | 'stamp'>;
type DrawnAccount = Omit<DrawnStatement, 'logo' | 'stamp' | 'statement'> & {
  statement: StatementRows;
};

/** The rows of a drawn document, as its customer may see them; the logo and the stamp come with the copy. */
export type Drawing = (DrawnPaper | DrawnAccount) & OfOrg;
