/** Apart from the route, which also gives files: see documents-page.ts. */
import type { Context } from 'hono';
import { type AppEnv, asCustomer } from '../../access/guards.ts';
import { readVisitor } from '../../domain/customer.ts';
import { listExportMappings } from '../../domain/export.ts';
import { onlyVisitor } from './visitor.ts';

/** The exports page: who is looking, and the codes of their books, the format that was saved last first. */
export async function readExportsPage(c: Context<AppEnv>) {
  const [visitors, mappings] = await asCustomer(c, 'exports.viewed', (db) => [
    readVisitor(db),
    listExportMappings(db),
  ]);
  return { ...onlyVisitor(visitors), mappings };
}
export type ExportsPage = Awaited<ReturnType<typeof readExportsPage>>;
