/**
 * The audit trail's seals, made again from its events: with nothing of the database's but its rows,
 * since a function of it could have been changed like they.
 */
import { createHash } from 'node:crypto';
import { headText, type SealHead } from '../../worker/domain/trail.ts';

/** Runs one statement; `pg`'s and PGlite's `query` both fit. */
export type ReadSql = (
  query: string,
  params: unknown[],
) => Promise<{ rows: Record<string, unknown>[] }>;

export type Seal = SealHead;
type Event = { id: string; at: string; digest: Buffer; afterSeal: boolean };
/** The events that are there for a seal: behind the one before it, or from the beginning. */
export type SealedSpan = { seal: Seal; previous: Seal | undefined; events: Event[] };

const INSTANT = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;
/** As migrations/0021_audit.sql makes it. */
const LINE = `jsonb_build_array(e.id, to_char(e.at at time zone 'UTC', ${INSTANT}), e.org_id, e.actor_kind, e.actor_id,
  e.customer_id, e.contact_id, e.action, e.subject_kind, e.subject_id, e.detail, e.request_id)::text`;
const EVENTS_A_PAGE = 5_000;

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest();

/** The database's seals, in their order. */
export async function readSeals(sql: ReadSql, orgId: string): Promise<Seal[]> {
  const { rows } = await sql(
    `select s.number, to_char(s.up_to at time zone 'UTC', ${INSTANT}) as up_to, s.events, s.head
       from audit.seals s where s.org_id = $1 order by s.number`,
    [orgId],
  );
  return rows.map(({ number, up_to, events, head }) => ({
    number: Number(number),
    upTo: String(up_to),
    events: Number(events),
    head: String(head),
  }));
}

/** The head that a seal has when these are its events. */
export function headOf(
  previous: Seal | undefined,
  seal: Pick<Seal, 'number' | 'upTo'>,
  events: readonly Pick<Event, 'digest'>[],
): string {
  const digest = sha256(Buffer.concat(events.map((event) => event.digest))).toString('hex');
  return sha256(headText(previous, seal, events.length, digest)).toString('hex');
}

/** Every seal with the events that are there for it, one span in memory at a time. */
export async function* spansOf(
  sql: ReadSql,
  orgId: string,
  seals: readonly Seal[],
): AsyncGenerator<SealedSpan> {
  let previous: Seal | undefined;
  for (const seal of seals) {
    const events = await readEvents(sql, orgId, previous?.upTo ?? null, seal);
    yield { seal, previous, events };
    previous = seal;
  }
}

async function readEvents(sql: ReadSql, orgId: string, from: string | null, seal: Seal) {
  const events: Event[] = [];
  let cursor: [at: string, id: string] | null = null;
  for (;;) {
    const { rows }: { rows: Record<string, unknown>[] } = await sql(
      // Whether it was written by a transaction that began after the seal's own: a hint, no proof.
      `select e.id, to_char(e.at at time zone 'UTC', ${INSTANT}) as at, ${LINE} as line,
              coalesce(age(e.xmin) < (select age(s.xmin) from audit.seals s where s.org_id = $1 and s.number = $6), false) as after_seal
         from audit.events e
        where e.org_id = $1 and ($2::timestamptz is null or e.at > $2) and e.at <= $3
          and ($4::timestamptz is null or (e.at, e.id) > ($4, $5::uuid))
        order by e.at, e.id limit ${EVENTS_A_PAGE}`,
      [orgId, from, seal.upTo, cursor?.[0] ?? null, cursor?.[1] ?? null, seal.number],
    );
    for (const { id, at, line, after_seal } of rows) {
      events.push({
        id: String(id),
        at: String(at),
        digest: sha256(String(line)),
        afterSeal: after_seal === true,
      });
    }
    const last = events.at(-1);
    if (rows.length < EVENTS_A_PAGE || last === undefined) return events;
    cursor = [last.at, last.id];
  }
}

/** How many events are behind the last seal. */
export async function countUnsealed(sql: ReadSql, orgId: string, last: Seal | undefined) {
  const { rows } = await sql(
    'select count(*)::int as count from audit.events e where e.org_id = $1 and ($2::timestamptz is null or e.at > $2)',
    [orgId, last?.upTo ?? null],
  );
  return Number(rows[0]?.count ?? 0);
}
