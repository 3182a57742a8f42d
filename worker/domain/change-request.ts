/** Changes that customers ask for: as they ask and read of them, and as staff decide. */
import { and, count, desc, eq, type SQL, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { changeRequests, contacts, customers, orders } from '../database/schema.ts';
import { instant } from '../database/text.ts';
import { type ChangeRequestKind, type ChangeRequestStatus, PAGE_SIZE } from '../vocabulary.ts';
import type { Cursor } from './cursor.ts';

/** What is asked for, by its field. */
type ChangeFields = {
  name?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  address?: string | undefined;
};

const columns = {
  id: changeRequests.id,
  // The checks on these columns are the vocabulary's lists; the fields were bounded when they came.
  kind: sql<ChangeRequestKind>`${changeRequests.kind}`,
  fields: sql<ChangeFields>`${changeRequests.fields}`,
  note: changeRequests.note,
  status: sql<ChangeRequestStatus>`${changeRequests.status}`,
  reason: changeRequests.reason,
  createdAt: instant(changeRequests.createdAt),
  decidedAt: sql<string | null>`${instant(changeRequests.decidedAt)}`,
};

const OWN_MAX = 50;
const asker = sql`${changeRequests.contactId} = (select c.contact_id from portal.context() c)`;

/** What the person who looks has asked for, newest first: the latest {@link OWN_MAX}. */
export function listOwnChanges(db: Db) {
  return db
    .select(columns)
    .from(changeRequests)
    .where(asker)
    .orderBy(desc(changeRequests.createdAt), desc(changeRequests.id))
    .limit(OWN_MAX);
}
export type ChangeRequest = Awaited<ReturnType<typeof listOwnChanges>>[number];

type WantedChange = {
  kind: ChangeRequestKind;
  fields: ChangeFields;
  note: string | null;
  /** Sent twice with one key, it is one request. */
  key: string;
};

/**
 * Asks for a change. `known`: this key made it before, or the same is still open; `conflict`: the key is
 * of another one. No row while a member looks as them.
 */
export function requestChange(db: Db, { kind, fields, note, key }: WantedChange) {
  return db.execute<{ status: 'ok' | 'known' | 'conflict'; requestId: string }>(sql`
    select status, request_id as "requestId"
      from portal.request_change(${kind}, ${JSON.stringify(fields)}::jsonb, ${note}, ${key})`);
}

const ADDRESSES_OF_ORDERS = 200;
const ADDRESSES_MAX = 10;

/** The addresses of the newest orders of {@link whose}, each once, the last used first. */
const latestAddresses = (whose: SQL, most: number) => sql`
  select u.address
    from (select o.delivery_address as address, o.placed_on
            from ${orders} o where ${whose}
           order by o.placed_on desc, o.id desc limit ${ADDRESSES_OF_ORDERS}) u
   where u.address is not null
   group by u.address
   order by max(u.placed_on) desc, u.address
   limit ${most}`;

/** Where the orders that this customer sees were delivered to. */
export function listDeliveryAddresses(db: Db) {
  return db.execute<{ address: string }>(latestAddresses(sql`true`, ADDRESSES_MAX));
}

type ChangeQuery = {
  status?: ChangeRequestStatus | undefined;
  customer?: string | undefined;
  cursor?: Cursor | undefined;
};

/** 1: open, 0: decided. A page's sort key is this and the moment, so that open ones come first. */
const rank = sql`(case when ${changeRequests.status} = 'open' then 1 else 0 end)`;

const deskColumns = {
  ...columns,
  customer: { id: customers.id, code: customers.code, name: customers.name },
  contact: {
    id: contacts.id,
    name: contacts.name,
    email: contacts.email,
    /** Whether the answer is mailed to them. */
    isMailed: sql<boolean>`${contacts.access} = 'allowed' and not 'issues' = any (${contacts.mutedMail})`,
  },
  /** Where their latest orders went. */
  addresses: sql<string[]>`array(${latestAddresses(sql`o.customer_id = ${customers.id}`, 3)})`,
  rank: sql<number>`${rank}`,
};

function select(db: Db, where: SQL | undefined) {
  return db
    .select(deskColumns)
    .from(changeRequests)
    .innerJoin(customers, eq(customers.id, changeRequests.customerId))
    .innerJoin(contacts, eq(contacts.id, changeRequests.contactId))
    .where(where);
}

/** A page of requests for staff and one row more: open ones first, of each kind the newest. */
export function listChanges(db: Db, { status, customer, cursor }: ChangeQuery) {
  const [place, at] = cursor?.[0].split('@') ?? [];
  return select(
    db,
    and(
      status && eq(changeRequests.status, status),
      customer ? eq(changeRequests.customerId, customer) : undefined,
      cursor && at
        ? sql`(${rank}, ${changeRequests.createdAt}, ${changeRequests.id}) < (${Number(place)}, ${at}::timestamptz, ${cursor[1]}::uuid)`
        : undefined,
    ),
  )
    .orderBy(
      sql`${rank} desc`,
      sql`${changeRequests.createdAt} desc`,
      sql`${changeRequests.id} desc`,
    )
    .limit(PAGE_SIZE + 1);
}
export type DeskChange = Awaited<ReturnType<typeof listChanges>>[number];

/** One request for staff, or no row. */
export function readChange(db: Db, id: string) {
  return select(db, eq(changeRequests.id, id));
}

/** How many wait for an answer. */
export function countOpenChanges(db: Db) {
  return db
    .select({ count: count() })
    .from(changeRequests)
    .where(eq(changeRequests.status, 'open'));
}

/** Accepts or declines, with its event and a letter to who asked; published data stays as it is. */
export function decideChange(
  db: Db,
  id: string,
  { status, reason }: { status: 'accepted' | 'declined'; reason: string | null },
) {
  return db.execute<{ status: 'ok' | 'forbidden' | 'not_found' | 'conflict' }>(
    sql`select status from staff.decide_change(${id}::uuid, ${status}, ${reason})`,
  );
}
