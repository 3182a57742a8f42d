/** What the database says to a link or a session that wants in. */

/** A link's hour: how many requests it may make, has left, and when it starts again. */
export type RateLimit = { limit: number; remaining: number; resetSeconds: number };
/** How portal.enter, and what is like it, answers; `ok` let somebody in. */
export type EnterRow = {
  status: 'ok' | 'link_invalid' | 'session_expired' | 'rate_limited' | 'forbidden';
  hourly_limit: number;
  remaining: number;
  reset_seconds: number;
};
/** Why somebody was not let in. */
export type Refused = Exclude<EnterRow['status'], 'ok'>;

export const rateLimitOf = (row: EnterRow): RateLimit => ({
  limit: row.hourly_limit,
  remaining: row.remaining,
  resetSeconds: row.reset_seconds,
});
