/** What customers are told of, as they read it. Each is written where its cause is: see `staff.tell`. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { instant } from '../database/text.ts';
import {
  type ChangeRequestKind,
  type ChangeRequestStatus,
  PAGE_SIZE,
  type ToldStatus,
} from '../vocabulary.ts';
import type { Cursor } from './cursor.ts';

/** More than these are not counted. */
const UNREAD_MAX = 100;

/** Longer than carriers are asked about a parcel, and so than an old scan can come anew. */
const TOLD_DAYS = 180;

/** Forgets what customers were told of long ago. */
export function forgetTold(db: Db) {
  return db.execute(
    sql`delete from staff.told where told_at < now() - make_interval(days => ${TOLD_DAYS})`,
  );
}

/** What happened, with what leads to its page. Days are YYYY-MM-DD. */
type NotificationAbout =
  | {
      kind: 'shipment_status';
      status: ToldStatus;
      orderId: string;
      orderNumber: string;
      carrier: string | null;
      trackingNumber: string | null;
    }
  | { kind: 'documents_ready'; documents: number; orders: number }
  | { kind: 'issue_replied'; issueId: string; number: number; orderNumber: string }
  | { kind: 'change_answered'; change: ChangeRequestKind; status: ChangeRequestStatus }
  | { kind: 'statement_ready'; documentId: string; from: string; to: string };

export type Notification = {
  id: string;
  /** When it was told; `at` is when it happened. */
  createdAt: string;
  at: string;
  isUnread: boolean;
  about: NotificationAbout;
};

/**
 * Whether `n` is still there, as `portal.notice_stands` says. What it says of parcels is said here again: it is
 * asked of every scan of years whose parcels are hidden by now, and a call costs more than the look.
 */
const stands = sql`
  case n.kind when 'shipment_status' then exists (
      select 1 from portal.tracking_events t
       where t.shipment_id = n.subject::uuid and t.status = n.params->>'status'
         and t.at = (n.params->>'at')::timestamptz)
    else portal.notice_stands(n) end`;

/** How many notifications the person who looks has not read, at most {@link UNREAD_MAX}; a column of theirs. */
export const unreadNotifications = sql<number>`(
  select count(*)::int from (
    select 1
      from portal.notifications n, portal.contacts me
     where n.created_at > me.notices_read_at and ${stands}
     limit ${sql.raw(String(UNREAD_MAX))}) unread)`;

/** A page of notifications and one row more, newest first: of what is there and may be seen by now. */
export function listNotifications(db: Db, cursor: Cursor | undefined) {
  const behind = cursor
    ? sql`and (n.created_at, n.id) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)`
    : sql``;
  return db.execute<Notification>(sql`
    select n.id, ${instant(sql`n.created_at`)} as "createdAt",
           ${instant(sql`coalesce((n.params->>'at')::timestamptz, n.created_at)`)} as at,
           n.created_at > me.notices_read_at as "isUnread",
           jsonb_build_object('kind', n.kind) || case n.kind
             when 'shipment_status' then jsonb_build_object(
               'status', n.params->>'status', 'orderId', o.id, 'orderNumber', o.number,
               'carrier', s.carrier, 'trackingNumber', s.tracking_number)
             when 'documents_ready' then (select to_jsonb(r) from portal.ready_of(n) r)
             when 'issue_replied' then jsonb_build_object(
               'issueId', n.subject, 'number', n.params->'number', 'orderNumber', n.params->>'order')
             when 'change_answered' then n.params
             else jsonb_build_object('documentId', n.subject) || n.params end as about
      from portal.notifications n
      join portal.contacts me on true
      left join portal.orders o on o.id = n.order_id
      left join portal.shipments s on n.kind = 'shipment_status' and s.id = n.subject::uuid
     where ${stands} ${behind}
     order by n.created_at desc, n.id desc
     limit ${PAGE_SIZE + 1}`);
}

/** What was told until this moment (RFC 3339) is read, with its event; no row while a member looks as them. */
export function markRead(db: Db, until: string) {
  return db.execute<{ readAt: string }>(sql`
    select ${instant(sql`r.read_at`)} as "readAt" from portal.read_notices(${until}::timestamptz) r`);
}
