/** Invoices for somebody's books, and the codes that their books use. */
import { desc, eq, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { customers, exportMappings, orgs, salesMappings } from '../database/schema.ts';
import type { ExportCodes } from '../exports/codes.ts';
import type { ExportRow } from '../exports/export-row.ts';
import { EXPORT_MAX_INVOICES, type ExportFormat } from '../vocabulary.ts';

/** Which documents: of a stretch of days (YYYY-MM-DD, both included), or of a PO number of the customer's. */
export type ExportWanted = {
  from?: string | undefined;
  to?: string | undefined;
  po?: string | undefined;
  /** For staff: of one customer only. */
  customer?: string | undefined;
};

type Documents = { document: ExportRow };

/** The documents of an export, and one more than {@link EXPORT_MAX_INVOICES} when there are more. */
export function listExported(db: Db, { from, to, po, customer }: ExportWanted) {
  return db.execute<Documents>(sql`
    select document from portal.export_rows(${from ?? null}::date, ${to ?? null}::date, ${po ?? null},
                                            ${customer ?? null}::uuid, ${EXPORT_MAX_INVOICES}::int)`);
}

/** As {@link listExported} of the customer's own, with its event unless it is only a look. */
export function takeExport(
  db: Db,
  format: ExportFormat,
  { from, to, po }: ExportWanted,
  look: boolean,
) {
  return db.execute<Documents>(sql`
    select document from portal.take_export(${format}, ${from ?? null}::date, ${to ?? null}::date, ${po ?? null},
                                            ${EXPORT_MAX_INVOICES}::int, ${look}::boolean)`);
}

/**
 * As {@link takeExport}, in the format that the customer saved last: a generic CSV, where they saved none.
 * Which that is, {@link listExportMappings} says.
 */
export function takeRememberedExport(db: Db, { from, to, po }: ExportWanted, look: boolean) {
  return db.execute<Documents>(sql`
    select document from portal.take_export(
      coalesce((select m.format from portal.export_mappings m order by m.changed_at desc, m.format limit 1), 'csv'),
      ${from ?? null}::date, ${to ?? null}::date, ${po ?? null}, ${EXPORT_MAX_INVOICES}::int, ${look}::boolean)`);
}

/** As {@link takeExport}, for the supplier's own books. */
export function takeSalesExport(
  db: Db,
  format: ExportFormat,
  { from, to, customer }: ExportWanted,
  look: boolean,
) {
  return db.execute<Documents>(sql`
    select document from staff.take_export(${format}, ${from ?? null}::date, ${to ?? null}::date,
                                           ${customer ?? null}::uuid, ${EXPORT_MAX_INVOICES}::int, ${look}::boolean)`);
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
export type ExportMapping = Awaited<ReturnType<typeof listExportMappings>>[number];

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

/** Who sells: one row, of whoever asks. */
export function readSupplier(db: Db) {
  return db.select({ name: orgs.name, email: orgs.contactEmail, address: orgs.address }).from(orgs);
}

/** Whether staff name a customer of their own: a row when they do. */
export function findExported(db: Db, customer: string | undefined) {
  return db
    .select({ id: customers.id })
    .from(customers)
    .where(customer === undefined ? sql`false` : eq(customers.id, customer));
}
