/** Publishes: made, listed and decided. What a decision does is one SQL function each. */
import { desc, eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { Db } from '../database/context.ts';
import { members, publishes, publishItems, stagedFiles } from '../database/schema.ts';
import { instant } from '../database/text.ts';
import { PAGE_SIZE, type PublishStatus } from '../vocabulary.ts';
import type { Cursor } from './cursor.ts';

const decider = alias(members, 'decider');

export type PublishSummary = Record<
  'items' | 'customers' | 'orders' | 'documents' | 'contacts' | 'overrides' | 'changes',
  number
>;

const rowColumns = {
  id: publishes.id,
  name: publishes.name,
  // The check on the column is the vocabulary's list.
  status: sql<PublishStatus>`${publishes.status}`,
  createdBy: members.name,
  createdAt: instant(publishes.createdAt),
  decidedBy: decider.name,
  decidedAt: sql<string | null>`${instant(publishes.decidedAt)}`,
  rejectionReason: publishes.rejectionReason,
  items: sql<number>`(select count(*)::int from ${publishItems} where ${publishItems.publishId} = ${publishes.id})`,
  files: sql<number>`(select count(*)::int from ${stagedFiles} where ${stagedFiles.publishId} = ${publishes.id})`,
  // Its withdrawals are kept beside the counts: see domain/outcome.ts.
  summary: sql<PublishSummary | null>`${publishes.summary} - 'withdrawals'`,
};

const rows = (db: Db) =>
  db
    .select(rowColumns)
    .from(publishes)
    .innerJoin(members, eq(members.id, publishes.createdBy))
    .leftJoin(decider, eq(decider.id, publishes.decidedBy));

/** A page of publishes and one row more, newest first. */
export function listPublishes(db: Db, cursor: Cursor | undefined) {
  const behind = cursor
    ? sql`(${publishes.createdAt}, ${publishes.id}) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)`
    : undefined;
  return rows(db)
    .where(behind)
    .orderBy(desc(publishes.createdAt), desc(publishes.id))
    .limit(PAGE_SIZE + 1);
}

/** One publish, or no row when it is not of this org. */
export function readPublish(db: Db, id: string) {
  return rows(db).where(eq(publishes.id, id));
}
export type PublishRow = Awaited<ReturnType<typeof readPublish>>[number];

/** Makes an empty publish, with its event. */
export function createPublish(db: Db, id: string, name: string) {
  return db.execute<{ id: string }>(sql`
    with made as (
      insert into staff.publishes (id, org_id, name, created_by)
      select ${id}::uuid, s.org_id, ${name}, s.member_id from staff.context() s
      returning id
    )
    select id, staff.audit('publish.created', 'publish', id::text)::text from made`);
}

/** How {@link approvePublish} can end. `own_import_unconfirmed`: the only approver must say so. */
export type ApprovalStatus =
  | 'ok'
  | 'already_approved'
  | 'forbidden'
  | 'not_found'
  | 'not_staged'
  | 'review_stale'
  | 'own_import'
  | 'own_import_unconfirmed'
  | 'rendition_pending'
  | 'nothing_to_approve';

/** Approves exactly the review of this hash: all of it, once, or nothing. */
export function approvePublish(db: Db, id: string, reviewHash: string, confirmOwnImport: boolean) {
  return db.execute<{ status: ApprovalStatus; summary: PublishSummary | null }>(
    sql`select status, summary - 'withdrawals' as summary
          from staff.approve(${id}::uuid, ${reviewHash}, ${confirmOwnImport})`,
  );
}

/** Rejects a staged publish; the reason is what its author reads. */
export function rejectPublish(db: Db, id: string, reason: string) {
  return db.execute<{ status: 'ok' | 'forbidden' | 'not_found' | 'not_staged' }>(
    sql`select status from staff.reject(${id}::uuid, ${reason})`,
  );
}
