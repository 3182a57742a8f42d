/** What staff do about a report: the decisions are functions of the database, each with its event. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import type { IssueStatus } from '../vocabulary.ts';

type Refusal = 'forbidden' | 'not_found';

/**
 * Answers the customer, by mail too where they want it; `isNew` is false for a key that was used.
 *
 * @param status what the report is from then on; null: as it was, or in progress when it was open
 */
export function replyIssue(
  db: Db,
  id: string,
  reply: { body: string; key: string; status: IssueStatus | null },
) {
  const { body, key, status } = reply;
  return db.execute<{ status: 'ok' | Refusal; messageId: string; isNew: boolean }>(sql`
    select status, message_id as "messageId", is_new as "isNew"
      from staff.reply_issue(${id}::uuid, ${body}, ${key}, ${status})`);
}

/** Notes something that no customer reads. */
export function noteIssue(db: Db, id: string, body: string) {
  return db.execute<{ status: 'ok' | Refusal; noteId: string }>(
    sql`select status, note_id as "noteId" from staff.note_issue(${id}::uuid, ${body})`,
  );
}

/** Sets the status, and with `resolved` the credit note that closed it, or none. */
export function setIssueStatus(
  db: Db,
  id: string,
  wanted: { status: IssueStatus; creditNoteNumber: string | null },
) {
  return db.execute<{ status: 'ok' | 'credit_note_unknown' | Refusal }>(sql`
    select status from staff.set_issue_status(${id}::uuid, ${wanted.status}, ${wanted.creditNoteNumber})`);
}

/** Gives a report to somebody who works here, or, null, to nobody. */
export function assignIssue(db: Db, id: string, memberId: string | null) {
  return db.execute<{ status: 'ok' | Refusal }>(
    sql`select status from staff.assign_issue(${id}::uuid, ${memberId}::uuid)`,
  );
}
