/** Guesses anew, each night, by when parcels arrive of which neither supplier nor carrier says a day. */
import { asSystem, type Database } from '../database/context.ts';
import { predictArrivals } from '../domain/arrival.ts';
import { eachOrg } from './each-org.ts';

/** @throws AppError of the first org that failed, after all others had theirs */
export async function predictAllArrivals({ database }: { database: Database }): Promise<void> {
  await eachOrg(database, async (orgId) => {
    await asSystem(database, (db) => [predictArrivals(db, orgId, true)]);
  });
}
