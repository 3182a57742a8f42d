/** What a document that we draw is drawn from, as the database gives it. */
import type { DrawnDocument } from '../pdf/drawing/drawn-document.ts';

/** The rows of a drawn document, as its customer may see them; the logo and the stamp come with the copy. */
export type Drawing = Omit<DrawnDocument, 'logo' | 'isCopy' | 'stamp'> & {
  orgCode: string;
  hasLogo: boolean;
};
