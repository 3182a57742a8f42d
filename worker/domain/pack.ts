/** A month-end pack: what of it fits into one file. */
import { sql } from 'drizzle-orm';
import { ZIP_MAX_BYTES, ZIP_MAX_DOCUMENTS } from '../vocabulary.ts';

/** Of a stretch of days (YYYY-MM-DD, both included), or of the orders with a PO number. */
export type PackWanted = {
  from?: string | undefined;
  to?: string | undefined;
  po?: string | undefined;
};

/** Whether the papers of a pack fit into one file; where they do not, nothing of it is taken. */
export const packFits = ({ from, to, po }: PackWanted) =>
  po === undefined
    ? sql`portal.pack_fits(${from ?? null}::date, ${to ?? null}::date, null,
                           ${ZIP_MAX_DOCUMENTS}::int, ${ZIP_MAX_BYTES}::bigint)`
    : sql`(select count(*) <= ${ZIP_MAX_DOCUMENTS}::int
                  and coalesce(sum(p.object_size), 0) <= ${ZIP_MAX_BYTES}::bigint
             from portal.po_papers(${po}::text) p)`;
