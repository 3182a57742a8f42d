/** The supplier's people and machines. */
import { asc, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { members, orgs } from '../database/schema.ts';
import type { Locale, Role } from '../vocabulary.ts';

/** The member who asks, and their org: what every screen of the console stands on. */
export function readSelf(db: Db) {
  return db
    .select({
      member: {
        id: members.id,
        name: members.name,
        email: members.email,
        role: sql<Role>`${members.role}`,
      },
      org: {
        slug: orgs.slug,
        code: orgs.code,
        name: orgs.name,
        colour: orgs.colour,
        hasLogo: orgs.hasLogo,
        timeZone: orgs.timeZone,
      },
    })
    .from(members)
    .innerJoin(orgs, sql`${orgs.id} = ${members.orgId}`)
    .where(sql`${members.id} = (select s.member_id from staff.context() s)`);
}

export function listMembers(db: Db) {
  return db
    .select({
      id: members.id,
      email: members.email,
      serviceName: members.serviceName,
      name: members.name,
      role: sql<Role>`${members.role}`,
      language: sql<Locale>`${members.language}`,
      active: members.active,
    })
    .from(members)
    .orderBy(asc(members.name), asc(members.id));
}

export type NewMember = {
  email: string | null;
  serviceName: string | null;
  name: string;
  role: Role;
  language: Locale;
};

/** Adds a person or a machine, with its event; no row unless an owner asks. Known: `conflict`. */
export function addMember(db: Db, wanted: NewMember) {
  return db.execute<{ id: string }>(sql`
    with made as (
      insert into staff.members (org_id, email, service_name, name, role, language)
      select s.org_id, ${wanted.email}, ${wanted.serviceName}, ${wanted.name}, ${wanted.role}, ${wanted.language}
        from staff.context() s where s.role = 'owner'
      returning id
    )
    select id, staff.audit('member.changed', 'member', id::text, jsonb_build_object('role', ${wanted.role}::text))::text from made`);
}

/**
 * Runs before {@link changeMember}: members of an org are changed one after the other. At once, two
 * owners who demote each other would each find the other still there. Approvals of the org wait too, as
 * what a member answered for may lapse with the change.
 */
export function holdMembers(db: Db) {
  return db.execute(sql`
    select pg_advisory_xact_lock(hashtextextended('members/' || s.org_id, 0))::text,
           pg_advisory_xact_lock(hashtextextended(s.org_id::text, 0))::text
      from staff.context() s`);
}

/** Changes a member, with its event; no row unless an owner asks for one of this org. */
export function changeMember(
  db: Db,
  id: string,
  wanted: { name: string; role: Role; language: Locale; active: boolean },
) {
  return db.execute<{ id: string }>(sql`
    with changed as (
      update staff.members m
         set name = ${wanted.name}, role = case when m.service_name is null then ${wanted.role} else 'clerk' end,
             language = ${wanted.language}, active = ${wanted.active}
        from staff.context() s
       where m.id = ${id}::uuid and s.role = 'owner'
         -- The last owner cannot lock everyone out, themselves included.
         and (${wanted.active} and ${wanted.role}::text = 'owner' or m.role <> 'owner'
              or exists (select 1 from staff.members o where o.role = 'owner' and o.active and o.id <> m.id))
      returning m.id
    )
    select id, staff.audit('member.changed', 'member', id::text,
                           jsonb_build_object('role', ${wanted.role}::text, 'active', ${wanted.active}::boolean))::text from changed`);
}
