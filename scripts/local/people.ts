/** Who may sign in at the local Access: the members that the database knows. */
import type { AccessPerson, AccessServer, AccessService } from './access.ts';
import type { OwnerSql } from './create-org.ts';

export type LocalMember = {
  slug: string;
  org: string;
  email: string | null;
  serviceName: string | null;
  name: string;
  role: string;
};

/** Every active member, by org in the order they were made; owners first. */
export async function readMembers(sql: OwnerSql): Promise<LocalMember[]> {
  const { rows } = await sql(
    `select o.slug, o.name as org, m.email, m.service_name as "serviceName", m.name, m.role
       from staff.members m join portal.orgs o on o.id = m.org_id
      where m.active
      order by o.created_at, o.id, array_position(array['owner', 'approver', 'clerk'], m.role), m.name`,
    [],
  );
  return rows as LocalMember[]; // the columns are the query's own
}

/** As the local Access wants them. Every service has the same secret: it guards nothing. */
export function accessPeople(members: LocalMember[]): AccessPerson[] {
  return members.flatMap(({ email, name, role, org }) =>
    email === null ? [] : [{ email, name, role, org }],
  );
}

export function accessServices(members: LocalMember[]): AccessService[] {
  return members.flatMap(({ serviceName }) =>
    serviceName === null
      ? []
      : [{ name: serviceName, clientId: serviceName, clientSecret: 'local' }],
  );
}

/** What `npm run push` needs, for the first supplier that has a service token. */
export type Machine = { org: string; url: string; clientId: string; clientSecret: string };

/** `url` is where machines are let in. */
export function firstMachine(members: LocalMember[], url: string): Machine | null {
  for (const member of members) {
    const [service] = accessServices([member]);
    if (service === undefined) continue;
    const { clientId, clientSecret } = service;
    return { org: member.slug, url, clientId, clientSecret };
  }
  return null;
}

export type StaffTokens = Record<string, { email: string | null; token: string }>;

/**
 * A token for one member of each role, by role; those of later orgs by `slug_role`. A service token's
 * role is `service`, and it has no email.
 */
export async function staffTokens(
  members: LocalMember[],
  access: AccessServer,
): Promise<StaffTokens> {
  const tokens: StaffTokens = {};
  const first = members[0]?.slug;
  for (const { slug, email, serviceName, role } of members) {
    const title = serviceName === null ? role : 'service';
    const key = slug === first ? title : `${slug}_${title}`;
    if (tokens[key] !== undefined) continue;
    if (email !== null) tokens[key] = { email, token: await access.token(email) };
    else if (serviceName !== null) {
      tokens[key] = { email: null, token: await access.serviceToken(serviceName) };
    }
  }
  return tokens;
}
