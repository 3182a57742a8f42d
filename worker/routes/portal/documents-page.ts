/** Apart from the route, which also gives files: the web's type check takes this answer, and knows no Worker's streams. */
import type { Context } from 'hono';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { page } from '../../domain/cursor.ts';
import { readVisitor } from '../../domain/customer.ts';
import { type DocumentRow, listDocuments } from '../../domain/document.ts';
import { PAGE_SIZE } from '../../vocabulary.ts';
import { onlyVisitor } from './visitor.ts';

type ListedDocument = Awaited<ReturnType<typeof listDocuments>>[number];

/** A page of documents from rows that were read one longer. */
function documentPage(rows: ListedDocument[]) {
  const { rows: listed, nextCursor } = page(rows, PAGE_SIZE, (row) => [row.onDay, row.id] as const);
  const documents: DocumentRow[] = listed.map(({ onDay: _, ...row }) => row);
  return { documents, nextCursor };
}

/** The documents page: who is looking, and the newest documents of the filter. */
export async function readDocumentsPage(
  c: Context<AppEnv>,
  filter: Parameters<typeof listDocuments>[1],
) {
  const [visitors, rows] = await asCustomer(c, 'documents.listed', (db) => [
    readVisitor(db),
    listDocuments(db, filter),
  ]);
  return { ...onlyVisitor(visitors), ...documentPage(rows) };
}
export type DocumentsPage = Awaited<ReturnType<typeof readDocumentsPage>>;
