/** Documents as a customer reads and takes them. */
import { desc, eq, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { documents, orders } from '../database/schema.ts';
import { anywhere, instant } from '../database/text.ts';
import {
  type Disposition,
  type DocumentKind,
  PAGE_SIZE,
  type Served,
  ZIP_MAX_BYTES,
  ZIP_MAX_DOCUMENTS,
} from '../vocabulary.ts';
import type { Cursor } from './cursor.ts';
import type { Drawing } from './drawing.ts';
import type { PackWanted } from './pack.ts';

/** The day that a document is found under: its own date, else the day it was first shown, where its supplier is. */
const onDay = sql<string>`coalesce(${documents.datedOn},
  (${documents.shownAt} at time zone (select o.time_zone from portal.orgs o))::date)`;

/** What a list tells of a document. */
export const documentColumns = {
  id: documents.id,
  // The check on the column is the vocabulary's list.
  kind: sql<DocumentKind>`${documents.kind}`,
  number: documents.number,
  datedOn: documents.datedOn,
  fileName: documents.fileName,
  /** Bytes; null for what we draw. */
  fileSize: documents.fileSize,
  served: sql<Served>`${documents.served}`,
  // Of an order that its window hides, a paper shows neither: the link would lead nowhere.
  orderId: orders.id,
  orderNumber: orders.number,
  shownAt: instant(documents.shownAt),
  /** Of a month's statement: since when it differs from what it was. */
  redrawnAt: sql<string | null>`case when ${documents.kind} = 'statement' then (
    select ${instant(sql`s.redrawn_at`)} from portal.statements s where s.document_id = ${documents.id}) end`,
};

/** The newest documents, of whatever kind. */
export function listNewestDocuments(db: Db, limit: number) {
  return db
    .select(documentColumns)
    .from(documents)
    .leftJoin(orders, eq(orders.id, documents.orderId))
    .orderBy(desc(documents.shownAt), sql`${documents.datedOn} desc nulls last`, desc(documents.id))
    .limit(limit);
}

/** The newest invoice's paper, or no row. */
export function readNewestInvoice(db: Db) {
  return db
    .select(documentColumns)
    .from(documents)
    .leftJoin(orders, eq(orders.id, documents.orderId))
    .where(eq(documents.kind, 'invoice'))
    .orderBy(desc(onDay), desc(documents.id))
    .limit(1);
}

/** How many documents came since the last visit; none the first time. */
export function countNewDocuments(db: Db) {
  return db
    .select({ documents: sql<number>`count(*)::int` })
    .from(documents)
    .where(sql`${documents.shownAt} > (select v.new_since from portal.visit() v)`);
}

/** An order's documents, by kind and date. */
export function listOrderDocuments(db: Db, orderId: string) {
  return db
    .select(documentColumns)
    .from(documents)
    .innerJoin(orders, eq(orders.id, documents.orderId))
    .where(eq(documents.orderId, orderId))
    .orderBy(documents.kind, documents.datedOn, documents.id);
}

export type DocumentRow = Awaited<ReturnType<typeof listNewestDocuments>>[number];

/** Which documents: of some kinds, and of a stretch of days. Days are YYYY-MM-DD, both included. */
export type DocumentFilter = {
  kind?: readonly DocumentKind[] | undefined;
  /** Part of a number: the document's, its order's or the customer's own for that. */
  q?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
};

/** A page of documents and one row more, newest first by their day. */
export function listDocuments(
  db: Db,
  { kind, q, from, to, cursor }: DocumentFilter & { cursor?: Cursor | undefined },
) {
  const conditions: SQL[] = [];
  if (kind) conditions.push(sql`${documents.kind} in ${kind}`);
  if (q) {
    const like = anywhere(q);
    conditions.push(
      sql`(${documents.number} ilike ${like} or ${orders.number} ilike ${like} or ${orders.poNumber} ilike ${like})`,
    );
  }
  if (from) conditions.push(sql`${onDay} >= ${from}::date`);
  if (to) conditions.push(sql`${onDay} <= ${to}::date`);
  if (cursor) {
    conditions.push(sql`(${onDay}, ${documents.id}) < (${cursor[0]}::date, ${cursor[1]}::uuid)`);
  }
  return db
    .select({ ...documentColumns, onDay })
    .from(documents)
    .leftJoin(orders, eq(orders.id, documents.orderId))
    .where(conditions.length === 0 ? undefined : sql.join(conditions, sql` and `))
    .orderBy(sql`${onDay} desc`, desc(documents.id))
    .limit(PAGE_SIZE + 1);
}

/** Where a document's bytes are, what to call them, and the stamp of this taking. */
export type TakenDocument = {
  id: string;
  orgId: string;
  number: string;
  /** The object's hash and size in bytes; null for what we draw. */
  objectSha256: string | null;
  objectSize: string | null;
  slotOffset: string | null;
  reference: string | null;
  /** RFC 3339. */
  stampedAt: string | null;
  linkLast4: string | null;
  drawing: Drawing | null;
};

const takenColumns = sql`
  id, org_id as "orgId", number, object_sha256 as "objectSha256", object_size as "objectSize", slot_offset as "slotOffset",
  reference, ${instant(sql`stamped_at`)} as "stampedAt", link_last4 as "linkLast4", drawing`;

/**
 * How a document is asked for: `take` writes the event and a new stamp; `continue` (a further range,
 * or a copy that names its reference) gives the stamp that this session already has, or takes;
 * `look` (a HEAD) writes nothing.
 */
export type HowTaken = 'take' | 'continue' | 'look';

/**
 * The visible document, with the event that it was taken written beside it; no row when it is
 * hidden, withdrawn, of another order or of another customer.
 */
export function takeDocument(
  db: Db,
  wanted: {
    documentId: string;
    orderId: string | null;
    disposition: Disposition;
    how: HowTaken;
    /** The copy that the client names: what its ETag says. */
    copy: string | null;
  },
) {
  const { documentId, orderId, disposition, how, copy } = wanted;
  return db.execute<TakenDocument>(sql`
    select ${takenColumns}
      from portal.take_document(${documentId}::uuid, ${orderId}::uuid, ${disposition}, ${how}, ${copy})`);
}

export type ZippedDocument = TakenDocument & {
  kind: DocumentKind;
  datedOn: string | null;
  orderNumber: string | null;
  headCrc: string | null;
  tailCrc: string | null;
};
type ZipRow = ZippedDocument & {
  status: 'ok' | 'none' | 'too_many' | 'too_large';
  documents: number | null;
  bytes: string;
};
const zipColumns = sql`
  status, documents, bytes, kind, dated_on as "datedOn", order_number as "orderNumber", head_crc as "headCrc",
  tail_crc as "tailCrc", ${takenColumns}`;

/** What a ZIP is of: an order's documents, those that were chosen, or all, as far as they fit the filter. */
export type ZipWanted = DocumentFilter & {
  orderId: string | null;
  /** Chosen one by one. What this customer may not see is as if it were not named. */
  ids?: readonly string[] | undefined;
};

/**
 * The documents of a ZIP, each taken; one row that says why not when there are none or they are over
 * {@link ZIP_MAX_DOCUMENTS} or {@link ZIP_MAX_BYTES}.
 *
 * @param isHead nothing is taken
 */
export function takeDocuments(
  db: Db,
  { orderId, ids, kind, q, from, to, isHead }: ZipWanted & { isHead: boolean },
) {
  const kinds = kind ? JSON.stringify(kind) : null;
  const chosen = ids ? `{${ids.join(',')}}` : null;
  return db.execute<ZipRow>(sql`
    select ${zipColumns}
      from portal.take_documents(${orderId}::uuid, ${chosen}::uuid[],
             (select array_agg(k) from jsonb_array_elements_text(${kinds}::jsonb) k), ${q ? anywhere(q) : null},
             ${from ?? null}::date, ${to ?? null}::date,
             ${ZIP_MAX_DOCUMENTS}::int, ${ZIP_MAX_BYTES}::bigint, ${isHead}::boolean)`);
}

/** As {@link takeDocuments}, for the papers of a PO number (portal.po_papers), or else of a stretch of days. */
export function takePackDocuments(
  db: Db,
  { from, to, po, isHead }: PackWanted & { isHead: boolean },
) {
  return db.execute<ZipRow>(sql`
    select ${zipColumns}
      from portal.take_documents(null,
             case when ${po ?? null}::text is not null then array(
               select p.id from portal.po_papers(${po ?? null}::text) p) end,
             null, null, ${from ?? null}::date, ${to ?? null}::date,
             ${ZIP_MAX_DOCUMENTS}::int, ${ZIP_MAX_BYTES}::bigint, ${isHead}::boolean)`);
}
