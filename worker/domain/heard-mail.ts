/** What the mail provider tells of letters that it took. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import type { MailFate } from '../vocabulary.ts';

/** One telling. */
export type HeardMail = {
  /** The provider's key for it: the same again is the same telling. */
  svixId: string;
  /** The provider's id of the mail. */
  providerId: string;
  /** The letter's own id, as its tag says: an event may come before the provider's answer was written. */
  letterId: string | null;
  fate: MailFate;
  /** RFC 3339. */
  at: string;
  /** In the provider's words. */
  detail: string | null;
  /** Nothing more is written to the address. */
  suppresses: boolean;
};

const KEPT_DAYS = 90;

/** Forgets what the provider told long ago: what came of it stays with its letter. */
export function forgetHeard(db: Db) {
  return db.execute(
    sql`delete from staff.webhook_events where received_at < now() - make_interval(days => ${KEPT_DAYS})`,
  );
}

/**
 * Keeps it, with all that follows; no row for mail that is not ours, false for what was told before. A letter
 * that was queued again keeps the id of the mail before until it is sent.
 */
export function hearOfMail(db: Db, heard: HeardMail) {
  return db.execute<{ isNew: boolean }>(sql`
    select staff.hear_of_mail(o.org_id, o.id, ${heard.svixId}, ${heard.fate}, ${heard.at}::timestamptz, ${heard.detail},
                              ${heard.suppresses}::boolean, o.is_named and o.state <> 'sent') as "isNew"
      from (select x.id, x.org_id, x.state, coalesce(x.provider_id = ${heard.providerId}, false) as is_named
              from staff.outbox x
             where x.provider_id = ${heard.providerId}
                or x.id = ${heard.letterId}::uuid and (x.provider_id is null or x.state = 'queued')
             order by is_named desc limit 1) o`);
}
