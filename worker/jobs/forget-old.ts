/**
 * Forgets unsubscribe keys that are older than any letter somebody still goes by, and what mail and carriers
 * had to say, and customers were told of, months ago.
 */
import { asSystem, type Database } from '../database/context.ts';
import { forgetHeard } from '../domain/heard-mail.ts';
import { forgetIntegrationLog } from '../domain/integration.ts';
import { forgetTold } from '../domain/notification.ts';
import { forgetKeys } from '../domain/unsubscribe-key.ts';

/** @throws AppError of the database's failure: then nothing is forgotten */
export async function forgetOld({ database }: { database: Database }): Promise<void> {
  await asSystem(database, (db) => [
    forgetKeys(db),
    forgetHeard(db),
    forgetIntegrationLog(db),
    forgetTold(db),
  ]);
}
