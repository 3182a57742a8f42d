/**
 * Forgets unsubscribe keys that are older than any letter somebody still goes by, and what mail and carriers
 * had to say, and customers were told of, months ago.
 */
import { asSystem } from '../database/as-system.ts';
import type { Database } from '../database/context.ts';
import { forgetHeard } from '../domain/heard-mail.ts';
import { forgetIntegrationLog } from '../domain/integration.ts';
import { forgetTold } from '../domain/notification.ts';
import { forgetKeys } from '../domain/unsubscribe-key.ts';

export async function collectKeys({
  database,
}: {
  database: Database;
}): Promise<{ deleted: number }> {
  const [{ rows }] = await asSystem(database, (db) => [
    forgetKeys(db),
    forgetHeard(db),
    forgetIntegrationLog(db),
    forgetTold(db),
  ]);
  return { deleted: rows[0]?.deleted ?? 0 };
}
