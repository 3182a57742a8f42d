/** Guesses anew, each night, by when parcels arrive of which neither supplier nor carrier says a day. */
import { asSystem, type Database } from '../database/context.ts';
import { predictArrivals } from '../domain/arrival.ts';
import { listOrgs } from '../domain/stored-object.ts';

/** @throws AppError of the first org that failed, after all others had theirs */
export async function predictAllArrivals({ database }: { database: Database }): Promise<void> {
  const [{ rows: orgs }] = await asSystem(database, (db) => [listOrgs(db)]);
  const failures: unknown[] = [];
  for (const { id } of orgs) {
    await asSystem(database, (db) => [predictArrivals(db, id, true)]).catch((error: unknown) =>
      failures.push(error),
    );
  }
  if (failures.length > 0) throw failures[0];
}
