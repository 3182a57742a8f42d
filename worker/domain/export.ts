/** Invoices for somebody's books, and the codes that their books use. */
import { desc, eq, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { customers, exportMappings, orgs, salesMappings } from '../database/schema.ts';
import { instant } from '../database/text.ts';
import type { ExportCodes } from '../exports/codes.ts';
import type { ExportedOrder, ExportRow } from '../exports/export-row.ts';
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

type Documents = { document: ExportRow | null };

/**
 * The documents of an export. Where there are more than {@link EXPORT_MAX_INVOICES}, a row for each of these and
 * for one more; where their lines are more than one answer holds, one row; and no document in these rows.
 */
export function listExported(db: Db, { from, to, po, customer }: ExportWanted) {
  return db.execute<Documents>(sql`
    select document from portal.export_rows(${from ?? null}::date, ${to ?? null}::date, ${po ?? null},
                                            ${customer ?? null}::uuid, ${EXPORT_MAX_INVOICES}::int)`);
}

/**
 * The orders of the documents of an export, whose lines a generic CSV holds as they are published, whatever is
 * shown of a document. Lines that {@link listExported} gives with each invoice of an order are not given twice: a
 * response of the database has its limit. None where another format is asked for.
 */
export function listExportedOrders(
  db: Db,
  format: ExportFormat,
  { from, to, po, customer }: ExportWanted,
) {
  return db.execute<ExportedOrder>(sql`
    select b.code as "customerCode", o.number, o.placed_on::text as "placedOn", l.numbers as "lineNumbers",
           case when exists (select from unnest(asked.nets) net where not coalesce(l.is_whole and net = l.sum, false))
             then (select jsonb_agg(jsonb_build_object(
                            'lineNumber', ol.line_number, 'itemCode', ol.item_code, 'description', ol.description,
                            'quantity', ol.quantity::text, 'unit', ol.unit, 'unitPrice', m.unit_price::text,
                            'taxRate', m.tax_rate::text, 'total', m.total::text) order by ol.line_number)
                     from portal.order_lines ol
                     left join portal.order_line_amounts m on m.line_id = ol.id
                    where ol.order_id = o.id) end as lines
      from (select coalesce(i.order_id, x.order_id) as id, array_agg(i.net) filter (where i.kind = 'invoice') as nets
              from portal.invoices i
              -- By its key for each: a loop over thousands times thousands ends nowhere.
              left join lateral (
                select y.order_id from portal.invoices y
                 where i.kind = 'credit_note' and y.org_id = i.org_id and y.number_key = i.credits_key
                   and y.kind = 'invoice' and y.customer_id = i.customer_id offset 0) x on true
             where ${format === 'csv'}::boolean
               and (${customer ?? null}::uuid is null or i.customer_id = ${customer ?? null}::uuid)
               and (${from ?? null}::date is null or i.issued_on is null or i.issued_on >= ${from ?? null}::date)
               and (${to ?? null}::date is null or i.issued_on is null or i.issued_on <= ${to ?? null}::date)
             group by 1) asked
      join portal.orders o on o.id = asked.id
      join portal.customers b on b.org_id = o.org_id and b.id = o.customer_id
     cross join lateral (
       select coalesce(jsonb_agg(ol.line_number order by ol.line_number), '[]') as numbers,
              count(*) = count(m.total) as is_whole, sum(m.total) as sum
         from portal.order_lines ol
         left join portal.order_line_amounts m on m.line_id = ol.id
        where ol.order_id = o.id) l
     where ${po ?? null}::text is null or lower(o.po_number) = lower(${po ?? null}::text)
     limit ${EXPORT_MAX_INVOICES}::int`);
}

/** As {@link listExported} of the customer's own, with its event where there is a file, unless it is a HEAD. */
export function takeExport(
  db: Db,
  format: ExportFormat,
  { from, to, po }: ExportWanted,
  isHead: boolean,
) {
  return db.execute<Documents>(sql`
    select document from portal.take_export(${format}, ${from ?? null}::date, ${to ?? null}::date, ${po ?? null},
                                            ${EXPORT_MAX_INVOICES}::int, ${isHead}::boolean)`);
}

/**
 * As {@link takeExport}, of a pack: in the format that the customer saved last, or in a generic CSV where they
 * saved none or that one makes no file. Which it is stands beside each document. Nothing where the pack's papers
 * do not fit into one file.
 */
export function takePackExport(db: Db, wanted: ExportWanted, isHead: boolean) {
  const { from, to, po } = wanted;
  return db.execute<Documents & { format: ExportFormat }>(sql`
    select e.format, e.document
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
  return db.execute<Documents>(sql`
    select document from staff.take_export(${format}, ${from ?? null}::date, ${to ?? null}::date,
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
