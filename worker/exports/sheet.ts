/** What the formats that are tables have in common. */
import { type Cell, figure } from '../csv.ts';
import { ofCents } from './amounts.ts';
import { type Entry, isCredit } from './entries.ts';
import type { Books } from './export-row.ts';

/** The column of a program that takes no document without a due day: its own day stands there then. */
export const DUE_DAY = '*DueDate';

export type Sheet = {
  header: readonly string[];
  /** Sage knows a column by its place, and would book a header. */
  hasHeader: boolean;
  /** Where there is no column for it, a file holds one currency. */
  hasCurrency: boolean;
  /** Documents that the program takes in one file. */
  most: number | null;
  /** What the file is called, beside its program. */
  name: string;
  rows: (entry: Entry, books: Books) => Cell[][];
  /** What credits are written as, where the program takes them in a file of their own. */
  credits?: Sheet;
};

/** Which of a program's sheets an entry stands in. */
export const sheetFor = (sheet: Sheet, entry: Entry): Sheet =>
  sheet.credits && isCredit(entry) ? sheet.credits : sheet;

/** An amount in a column of figures, where no sign is a formula's. */
export const amount = (value: bigint): Cell => figure(ofCents(value));

/** Text on one line: programs that read a table by its lines do not all know quotes. */
export const oneLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

/** What was bought: the supplier's code of it stands in the words, since the program has codes of its own. */
export const lineWords = ({
  itemCode,
  description,
}: {
  itemCode: string | null;
  description: string;
}) =>
  oneLine(
    itemCode === null || itemCode === description ? description : `${itemCode} ${description}`,
  );

/** Who stands on the other side: the supplier in the customer's books, the customer in the supplier's. */
export const contactOf = ({ customer }: Entry, { side, supplier, codes }: Books): string =>
  oneLine(side === 'sales' ? customer.name : codes.contact || supplier.name);
