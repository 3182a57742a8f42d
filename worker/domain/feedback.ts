/** What customers said of a download or of a report: read by all staff, written once a month a person. */
import { desc, eq, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { contacts, customers, feedback } from '../database/schema.ts';
import { instant } from '../database/text.ts';
import { type FeedbackAbout, PAGE_SIZE } from '../vocabulary.ts';
import type { Cursor } from './cursor.ts';

export type GivenFeedback = { about: FeedbackAbout; rating: number; comment?: string | undefined };

/** Keeps what the person of the open context says, with its event; false within 30 days of the last time. */
export function giveFeedback(db: Db, { about, rating, comment }: GivenFeedback) {
  return db.execute<{ given: boolean }>(
    sql`select portal.give_feedback(${about}, ${rating}::int, ${comment || null}) as given`,
  );
}

/** A page of feedback and one row more, newest first. */
export function listFeedback(db: Db, cursor: Cursor | undefined) {
  const behind = cursor
    ? sql`(${feedback.createdAt}, ${feedback.id}) < (${cursor[0]}::timestamptz, ${cursor[1]}::uuid)`
    : undefined;
  return db
    .select({
      id: feedback.id,
      at: instant(feedback.createdAt),
      // The check on the column is the vocabulary's list.
      about: sql<FeedbackAbout>`${feedback.about}`,
      rating: feedback.rating,
      comment: feedback.comment,
      contact: { name: contacts.name, email: contacts.email },
      customer: { id: customers.id, name: customers.name },
    })
    .from(feedback)
    .innerJoin(contacts, eq(contacts.id, feedback.contactId))
    .innerJoin(customers, eq(customers.id, feedback.customerId))
    .where(behind)
    .orderBy(desc(feedback.createdAt), desc(feedback.id))
    .limit(PAGE_SIZE + 1);
}
export type FeedbackRow = Awaited<ReturnType<typeof listFeedback>>[number];

/** How many answers the last 90 days brought, and their mean from 1 to 5; null where there is none. */
export function readFeedbackMean(db: Db) {
  return db
    .select({
      count: sql<number>`count(*)::int`,
      mean: sql<number | null>`round(avg(${feedback.rating}), 1)::float8`,
    })
    .from(feedback)
    .where(sql`${feedback.createdAt} > now() - interval '90 days'`);
}
