/** What a member asks: one batch behind `staff.enter`, for the org in the path. */
import { sql } from 'drizzle-orm';
import type { Role } from '../vocabulary.ts';
import { handleOf, onlyRow, runBatch } from './connection.ts';
import type { Database, Db, Query, Results } from './context.ts';

/** Who a verified Access token names: a person or a machine, and for which org they come. */
export type StaffVisit = {
  email: string | null;
  serviceName: string | null;
  orgSlug: string;
  requestId: string;
};
/** The member that the database let in. */
export type Member = {
  id: string;
  orgId: string;
  orgCode: string;
  role: Role;
  isService: boolean;
};

/**
 * Runs a member's queries behind `staff.enter`, in one round trip; null when the org does not know
 * them. A batch that was denied saw no rows and changed none: its context was never opened.
 *
 * @throws AppError of the batch's failure
 */
export async function enterAsStaff<T extends readonly Query[]>(
  database: Database,
  visit: StaffVisit,
  queries: (db: Db) => readonly [...T],
): Promise<{ member: Member; results: Results<T> } | null> {
  const db = handleOf(database, 'staff');
  const enter = db.execute(
    sql`select * from staff.enter(${visit.email}, ${visit.serviceName}, ${visit.orgSlug}, ${visit.requestId})`,
  );
  const [entered, ...rest] = await runBatch(db, [enter, ...queries(db)] as const);
  const row = onlyRow<{
    status: 'ok' | 'denied';
    member_id: string;
    org_id: string;
    org_code: string;
    role: Role;
    is_service: boolean;
  }>(entered);
  if (row.status !== 'ok') {
    return null;
  }
  const member = {
    id: row.member_id,
    orgId: row.org_id,
    orgCode: row.org_code,
    role: row.role,
    isService: row.is_service,
  };
  return { member, results: rest as unknown as Results<T> };
}

export type Membership = { slug: string; name: string; role: Role };

/** The orgs that a person works for. @throws AppError `unavailable` or `internal` */
export async function membershipsOf(database: Database, email: string): Promise<Membership[]> {
  const db = handleOf(database, 'staff');
  const [result] = await runBatch(db, [
    db.execute(sql`select slug, name, role from staff.memberships(${email})`),
  ] as const);
  return result.rows as Membership[];
}
