/** Forgets unsubscribe keys that are older than any letter somebody still goes by. */
import { asSystem, type Database } from '../database/context.ts';
import { forgetKeys } from '../domain/unsubscribe-key.ts';

export async function collectKeys({
  database,
}: {
  database: Database;
}): Promise<{ deleted: number }> {
  const [{ rows }] = await asSystem(database, (db) => [forgetKeys(db)]);
  return { deleted: rows[0]?.deleted ?? 0 };
}
