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
        locale: sql<Locale>`${orgs.locale}`,
      },
    })
    .from(members)
    .innerJoin(orgs, sql`${orgs.id} = ${members.orgId}`)
    .where(sql`${members.id} = (select s.member_id from staff.context() s)`);
}

/** Everyone who works for the org, people and machines, active or not, by name. */
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
  /** Without one, the org's. */
  language: Locale | undefined;
};

/** Adds a person or a machine, with its event; no row unless an owner asks. Known: `conflict`. */
export function addMember(db: Db, wanted: NewMember) {
  return db.execute<{ id: string }>(sql`
    with made as (
      insert into staff.members (org_id, email, service_name, name, role, language)
      select s.org_id, ${wanted.email}, ${wanted.serviceName}, ${wanted.name}, ${wanted.role},
             coalesce(${wanted.language ?? null}, o.locale)
        from staff.context() s join portal.orgs o on o.id = s.org_id where s.role = 'owner'
      returning id, role, language, service_name is not null as is_service
    )
    select id, staff.audit('member.added', 'member', id::text,
                           jsonb_build_object('role', role, 'language', language, 'machine', is_service))::text from made`);
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

type MemberChange = {
  name: string;
  role: Role;
  language: Locale;
  active: boolean;
  /** Whoever asks knows that one person alone could approve from then on. */
  confirmed: boolean;
};
/** `last_owner`: refused, nobody could mend it. `last_approver`: refused until it is confirmed. */
export type MemberVerdict = 'changed' | 'last_owner' | 'last_approver';

/**
 * Changes a member, with the event of what is other than before; no row unless an owner asks for one of
 * this org. A machine stays a clerk.
 */
export function changeMember(db: Db, id: string, wanted: MemberChange) {
  return db.execute<{ id: string; verdict: MemberVerdict }>(sql`
    with old as materialized (
      select m.id, m.name, m.role, m.language, m.active
        from staff.members m, staff.context() s where m.id = ${id}::uuid and s.role = 'owner'
    ), wanted as (
      select m.id, ${wanted.name}::text as name, ${wanted.language}::text as language, ${wanted.active}::boolean as active,
             case when m.service_name is null then ${wanted.role}::text else 'clerk' end as role
        from staff.members m join old on old.id = m.id
    ), remaining as (
      select count(*) filter (where x.role = 'owner') as owners, count(*) as approvers
        from (select coalesce(w.role, m.role) as role, coalesce(w.active, m.active) as active
                from staff.members m left join wanted w on w.id = m.id) x
       where x.active and x.role in ('approver', 'owner')
    ), verdict as (
      select w.id, r.approvers,
             case when r.owners = 0 then 'last_owner'
                  when r.approvers = 1 and not ${wanted.confirmed}::boolean
                       and o.active and o.role in ('approver', 'owner')
                       and not (w.active and w.role in ('approver', 'owner')) then 'last_approver'
                  else 'changed' end as verdict
        from wanted w join old o on o.id = w.id, remaining r
    ), changed as (
      update staff.members m set name = w.name, role = w.role, language = w.language, active = w.active
        from wanted w join verdict v on v.id = w.id
       where m.id = w.id and v.verdict = 'changed'
    ), told as (
      select v.id, v.approvers, array_agg(n.key order by n.key) as fields,
             jsonb_object_agg(n.key, b.value) filter (where n.key <> 'name') as before,
             jsonb_object_agg(n.key, n.value) filter (where n.key <> 'name') as after
        from verdict v join old o on o.id = v.id join wanted w on w.id = v.id,
             jsonb_each(to_jsonb(w) - 'id') n join jsonb_each(to_jsonb(o)) b on b.key = n.key
       where v.verdict = 'changed' and n.value is distinct from b.value
       group by v.id, v.approvers
    )
    select v.id, v.verdict, (
             select staff.audit('member.changed', 'member', t.id::text, jsonb_build_object(
                      'fields', t.fields, 'before', coalesce(t.before, '{}'), 'after', coalesce(t.after, '{}'),
                      'approversLeft', t.approvers))::text from told t) as noted
      from verdict v`);
}
