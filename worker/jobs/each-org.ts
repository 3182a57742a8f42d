/** What a job does supplier by supplier: the one loop over them. */
import { asSystem, type Database } from '../database/context.ts';
import { listOrgs } from '../domain/org.ts';

/**
 * Works through every org, in no order; one that fails stops no other.
 *
 * @param work false of it: the run is over, and the orgs behind wait for the next
 * @throws the first failure, after all had their turn
 */
export async function eachOrg(
  database: Database,
  work: (orgId: string) => Promise<boolean | undefined>,
): Promise<void> {
  const [{ rows: orgs }] = await asSystem(database, (db) => [listOrgs(db)]);
  const failures: unknown[] = [];
  for (const { id } of orgs) {
    try {
      if ((await work(id)) === false) break;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
