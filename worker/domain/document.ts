/** Documents as a customer reads and takes them. */
import { desc, eq, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { documents, orders } from '../database/schema.ts';
import type { Disposition, DocumentKind } from '../vocabulary.ts';
import { instant } from './text.ts';

const rowColumns = {
  id: documents.id,
  // The check on the column is the vocabulary's list.
  kind: sql<DocumentKind>`${documents.kind}`,
  number: documents.number,
  datedOn: documents.datedOn,
  fileName: documents.fileName,
  /** Bytes. */
  fileSize: documents.fileSize,
  // Of an order that its window hides, a paper shows neither: the link would lead nowhere.
  orderId: orders.id,
  orderNumber: orders.number,
  shownAt: instant(documents.shownAt),
};

/** The newest documents, of whatever kind. */
export function listNewestDocuments(db: Db, limit: number) {
  return db
    .select(rowColumns)
    .from(documents)
    .leftJoin(orders, eq(orders.id, documents.orderId))
    .orderBy(desc(documents.shownAt), sql`${documents.datedOn} desc nulls last`, desc(documents.id))
    .limit(limit);
}

/** An order's documents, by kind and date. */
export function listOrderDocuments(db: Db, orderId: string) {
  return db
    .select(rowColumns)
    .from(documents)
    .innerJoin(orders, eq(orders.id, documents.orderId))
    .where(eq(documents.orderId, orderId))
    .orderBy(documents.kind, documents.datedOn, documents.id);
}

export type DocumentRow = Awaited<ReturnType<typeof listNewestDocuments>>[number];

/** What serving a document needs: where its bytes are and what to call them. */
export type TakenDocument = {
  id: string;
  org_id: string;
  kind: DocumentKind;
  number: string;
  file_name: string;
  file_sha256: string;
  file_size: string;
};

/**
 * The visible document, with the event that it was taken written beside it; no row when it is
 * hidden, withdrawn, of another order or of another customer.
 *
 * @param counted false for a HEAD: nothing is taken, so nothing is written
 */
export function takeDocument(
  db: Db,
  wanted: {
    documentId: string;
    orderId: string | null;
    disposition: Disposition;
    counted: boolean;
  },
) {
  const { documentId, orderId, disposition, counted } = wanted;
  return db.execute<TakenDocument>(
    sql`select * from portal.take_document(${documentId}::uuid, ${orderId}::uuid, ${disposition}, ${counted})`,
  );
}
