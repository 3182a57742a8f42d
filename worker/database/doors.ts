/**
 * The doors that stand open before there is a session. They run one definer function each and
 * read no table; what they may see is written in those functions.
 */
import { type SQL, sql } from 'drizzle-orm';
import { instant } from '../domain/text.ts';
import type { Locale, MailTopic } from '../vocabulary.ts';
import { handleOf, onlyRow, runBatch } from './connection.ts';
import type { Database } from './context.ts';
import { type EnterRow, type RateLimit, rateLimitOf } from './entered.ts';

export type Doors = {
  /** Exchanges a token's hash for a session. Any link that may not be used is `link_invalid`. */
  openLink(
    tokenHash: string,
    sessionHash: string,
  ): Promise<
    | { status: 'ok'; linkId: string; rateLimit: RateLimit }
    | { status: 'link_invalid' | 'rate_limited'; rateLimit: RateLimit }
  >;
  endSession(sessionHash: string): Promise<void>;
  /** Begins a session's idle time anew; says how many seconds it has at most. A preview's is `forbidden`. */
  renewSession(
    sessionHash: string,
  ): Promise<
    | { status: 'ok'; secondsLeft: number }
    | { status: 'session_expired' | 'link_invalid' | 'forbidden' }
  >;
  /** Whose link it was, or null for an id that never was one. */
  describeLink(linkId: string): Promise<LinkDescription | null>;
  /** Queues letters to whom it fits, and says nothing of whom. */
  requestLink(wanted: { orgCode: string; who: string; linkId: string | null }): Promise<void>;
  /** What an unsubscribe link is of, or null for a key that there is not. */
  describeUnsubscribe(keyHash: string): Promise<Subscription | null>;
  /** Ends mail of the key's topic to its person; null for a key that there is not. */
  unsubscribe(keyHash: string): Promise<Subscription | null>;
};
/** Mail of one topic from one supplier. */
export type Subscription = { topic: MailTopic; orgCode: string; orgName: string };
export type LinkDescription = {
  contactName: string | null;
  customerName: string;
  last4: string;
  expiresAt: string;
  active: boolean;
  /** It was a member's, to look as this contact. */
  isPreview: boolean;
  /** What they read pages in, where they said so. */
  chosenLanguage: Locale | null;
};

/** The doors, for one request. @throws AppError `unavailable` or `internal` */
export function openDoors(database: Database, requestId: string): Doors {
  const db = handleOf(database, 'customer');
  const call = async (query: SQL) => {
    const [result] = await runBatch(db, [db.execute(query)] as const);
    return result;
  };
  return {
    async openLink(tokenHash, sessionHash) {
      const row = onlyRow<EnterRow & { link_id: string }>(
        await call(
          sql`select * from portal.open_link(${tokenHash}::bytea, ${sessionHash}::bytea, ${requestId})`,
        ),
      );
      const rateLimit = rateLimitOf(row);
      if (row.status === 'ok') {
        return { status: 'ok', linkId: row.link_id, rateLimit };
      }
      return { status: row.status === 'rate_limited' ? 'rate_limited' : 'link_invalid', rateLimit };
    },
    async endSession(sessionHash) {
      await call(sql`select portal.end_session(${sessionHash}::bytea, ${requestId})`);
    },
    async renewSession(sessionHash) {
      const row = onlyRow<{
        status: 'ok' | 'session_expired' | 'link_invalid' | 'forbidden';
        seconds_left: number;
      }>(await call(sql`select * from portal.stay(${sessionHash}::bytea, ${requestId})`));
      return row.status === 'ok'
        ? { status: 'ok', secondsLeft: row.seconds_left }
        : { status: row.status };
    },
    async describeLink(linkId) {
      const { rows } = await call(sql`
        select contact_name as "contactName", customer_name as "customerName", last4,
               ${instant(sql`expires_at`)} as "expiresAt", active,
               is_preview as "isPreview", chosen_language as "chosenLanguage"
          from portal.describe_link(${linkId}::uuid)`);
      return (rows[0] as LinkDescription | undefined) ?? null;
    },
    async requestLink({ orgCode, who, linkId }) {
      await call(
        sql`select portal.request_link(${orgCode}, ${who}, ${linkId}::uuid, ${requestId})`,
      );
    },
    async describeUnsubscribe(keyHash) {
      const { rows } = await call(sql`
        select topic, org_code as "orgCode", org_name as "orgName"
          from portal.describe_unsubscribe(${keyHash}::bytea)`);
      return (rows[0] as Subscription | undefined) ?? null;
    },
    async unsubscribe(keyHash) {
      const { rows } = await call(sql`
        select topic, org_code as "orgCode", org_name as "orgName"
          from portal.unsubscribe(${keyHash}::bytea, ${requestId})`);
      return (rows[0] as Subscription | undefined) ?? null;
    },
  };
}
