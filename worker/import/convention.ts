import type { DateOrder, Decimal } from '../vocabulary.ts';

/** How cells are written: one convention for the whole file. */
export type Conventions = { dateOrder: DateOrder; decimal: Decimal };
