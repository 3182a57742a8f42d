/** Invoices for somebody's books, and the codes that their books use. */
import { desc, eq, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { customers, exportMappings, orgs, salesMappings } from '../database/schema.ts';
import { instant } from '../database/text.ts';
import type { ExportCodes } from '../exports/codes.ts';
import type { ExportedOrder, ExportRow } from '../exports/export-row.ts';
import type { ExportRead } from '../exports/preview.ts';
import { EXPORT_MAX_INVOICES, type ExportFormat } from '../vocabulary.ts';
import { packFits } from './pack.ts';

/** Which documents: of a stretch of days (YYYY-MM-DD, both included), or of a PO number of the customer's. */
export type ExportWanted = {
  from?: string | undefined;
  to?: string | undefined;
  po?: string | undefined;
  /** For staff: of one customer only. */
  customer?: string | undefined;
};

/** A document, or behind all of these an order that some of them are of. Neither: more lines than one answer holds. */
type Exported = { document: ExportRow | null; exportedOrder: ExportedOrder | null };

/** The documents and the orders of what {@link takeExport}, or one like it, gives. */
export const readOf = (rows: readonly Exported[]): Pick<ExportRead, 'documents' | 'orders'> => ({
  documents: rows.filter(({ exportedOrder }) => exportedOrder === null),
  orders: rows.flatMap(({ exportedOrder }) => exportedOrder ?? []),
});

/**
 * The customer's own documents of an export, with its event where there is a file, unless it is a HEAD; of a generic
 * CSV also their orders, whose lines it holds as they are published, whatever is shown of a document. Where there are
 * more documents than {@link EXPORT_MAX_INVOICES}, a row for each of these and for one more; where their lines are
 * more than one answer holds, one row; and nothing in these rows.
 */
export function takeExport(
  db: Db,
  format: ExportFormat,
  { from, to, po }: ExportWanted,
  isHead: boolean,
) {
  return db.execute<Exported>(sql`
    select document, exported_order as "exportedOrder"
      from portal.take_export(${format}, ${from ?? null}::date, ${to ?? null}::date, ${po ?? null},
                              ${EXPORT_MAX_INVOICES}::int, ${isHead}::boolean)`);
}

/**
 * As {@link takeExport}, of a pack: in the format that the customer saved last, or in a generic CSV where they
 * saved none or that one makes no file. Which it is stands beside each document. Nothing where the pack's papers
 * do not fit into one file.
 */
export function takePackExport(db: Db, wanted: ExportWanted, isHead: boolean) {
  const { from, to, po } = wanted;
  return db.execute<Exported & { format: ExportFormat }>(sql`
    select e.format, e.document, e.exported_order as "exportedOrder"
      from (select 1 where ${packFits(wanted)}) asked,
           lateral portal.take_export(null, ${from ?? null}::date, ${to ?? null}::date, ${po ?? null},
                                      ${EXPORT_MAX_INVOICES}::int, ${isHead}::boolean) e`);
}

/** As {@link takeExport}, for the supplier's own books. */
export function takeSalesExport(
  db: Db,
  format: ExportFormat,
  { from, to, customer }: ExportWanted,
  isHead: boolean,
) {
  return db.execute<Exported>(sql`
    select document, exported_order as "exportedOrder"
      from staff.take_export(${format}, ${from ?? null}::date, ${to ?? null}::date,
                             ${customer ?? null}::uuid, ${EXPORT_MAX_INVOICES}::int, ${isHead}::boolean)`);
}

// The checks on the columns are the vocabulary's list, and what is kept was checked by its route.
const mappingColumns = (table: typeof exportMappings | typeof salesMappings) => ({
  format: sql<ExportFormat>`${table.format}`,
  codes: sql<ExportCodes>`${table.codes}`,
});

/** The customer's codes, the format that was saved last first. */
export function listExportMappings(db: Db) {
  return db
    .select(mappingColumns(exportMappings))
    .from(exportMappings)
    .orderBy(desc(exportMappings.changedAt), exportMappings.format);
}

/** As {@link listExportMappings}, of the supplier's own books. */
export function listSalesMappings(db: Db) {
  return db
    .select(mappingColumns(salesMappings))
    .from(salesMappings)
    .orderBy(desc(salesMappings.changedAt), salesMappings.format);
}

/** Remembers the customer's codes for a format, with its event; no row where money is not theirs to see. */
export function setExportMapping(db: Db, format: ExportFormat, codes: ExportCodes) {
  return db.execute<{ codes: ExportCodes }>(sql`
    select codes from portal.set_export_mapping(${format}, ${JSON.stringify(codes)}::jsonb)`);
}

/** As {@link setExportMapping}, for the supplier's own books. */
export function setSalesMapping(db: Db, format: ExportFormat, codes: ExportCodes) {
  return db.execute<{ codes: ExportCodes }>(sql`
    select codes from staff.set_sales_mapping(${format}, ${JSON.stringify(codes)}::jsonb)`);
}

/** Who sells, and as of when what is published is: one row, of whoever asks. `asOf`: ISO instant. */
export function readSupplier(db: Db) {
  return db
    .select({
      name: orgs.name,
      email: orgs.contactEmail,
      address: orgs.address,
      asOf: sql<string | null>`${instant(orgs.publishedAt)}`,
    })
    .from(orgs);
}

/** Whether staff name a customer of their own: a row when they do. */
export function findExported(db: Db, customer: string | undefined) {
  return db
    .select({ id: customers.id })
    .from(customers)
    .where(customer === undefined ? sql`false` : eq(customers.id, customer));
}
