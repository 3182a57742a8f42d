/** A document's history: every publish that brought it, with its file, newest first. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { instant } from '../database/text.ts';
import type { DocumentKind, Served } from '../vocabulary.ts';
import type { DocumentState } from './outcome.ts';

export const HISTORY_MAX = 100;

export type DocumentVersion = {
  publish: { id: string; name: string };
  customer: { key: string; id: string | null; name: string };
  approvedBy: string | null;
  approvedAt: string;
  state: DocumentState;
  withdrawal: { at: string; by: string | null; reason: string | null } | null;
  file: {
    name: string;
    size: number;
    sha256: string;
    served: Served | null;
    /** Where staff can read it: the publish that it was uploaded to, and its name there. */
    readable: { publish: string; name: string } | null;
  } | null;
};

/** No row for a number that no approved publish of this org ever brought. */
export function listVersions(db: Db, kind: DocumentKind, number: string) {
  return db.execute<{ version: DocumentVersion }>(sql`
    with org as materialized (select s.org_id as id, ${kind} || ':' || staff.normalise_key(${number}) as key from staff.context() s),
    versions as (
      select i.*, p.name as publish_name, p.status, p.decided_at, p.decided_by, p.withdrawn_at, p.withdrawn_by, p.summary
        from org o
        join staff.publish_items i on i.org_id = o.id and i.kind = 'document' and i.key = o.key and i.included
        join staff.publishes p on p.id = i.publish_id and p.status in ('approved', 'withdrawn')
       order by p.decided_at desc, p.id desc
       limit ${HISTORY_MAX}
    )
    select jsonb_build_object(
      'publish', jsonb_build_object('id', v.publish_id, 'name', v.publish_name),
      'customer', jsonb_build_object('key', v.customer_key, 'id', b.id, 'name', coalesce(b.name, v.customer_key)),
      'approvedBy', m.name, 'approvedAt', ${instant(sql`v.decided_at`)},
      'state', case when v.withdrawn or v.status = 'withdrawn' then 'withdrawn'
                    when v.file_sha256 = r.file_sha256 then 'current' else 'replaced' end,
      'withdrawal', case when v.withdrawn or v.status = 'withdrawn' then jsonb_build_object(
        'at', ${instant(sql`coalesce(v.taken_back_at, (w.value->>'at')::timestamptz, v.withdrawn_at)`)}, 'by', t.name, 'reason', w.value->>'reason') end,
      'file', case when v.file_sha256 is not null then jsonb_build_object(
        'name', v.file_name, 'size', v.file_size, 'sha256', v.file_sha256, 'served', v.served,
        'readable', (select jsonb_build_object('publish', f.publish_id, 'name', f.name)
                       from staff.publish_items e
                       join staff.publishes q on q.id = e.publish_id and q.status in ('approved', 'withdrawn')
                       join staff.staged_files f on f.publish_id = e.publish_id and f.sha256 = v.file_sha256
                      where e.org_id = v.org_id and e.kind = 'document' and e.key = v.key and e.included
                      order by e.publish_id <> v.publish_id limit 1)) end) as version
      from versions v
      left join staff.records r on r.org_id = v.org_id and r.kind = 'document' and r.key = v.key
      left join portal.customers b on b.org_id = v.org_id and b.code_key = v.customer_key
      left join staff.members m on m.id = v.decided_by
      left join lateral (
        select x.value from jsonb_array_elements(coalesce(v.summary->'withdrawals', '[]')) x(value)
         where (x.value->>'at')::timestamptz = case when v.withdrawn then v.taken_back_at else v.withdrawn_at end
            -- One of before items knew when.
            or v.taken_back_at is null and not x.value ? 'with' and staff.covers(x.value, v.kind, v.key, v.customer_key)
         order by x.value->>'at' limit 1) w on true
      left join staff.members t on t.id = coalesce((w.value->>'by')::uuid, v.withdrawn_by)
     order by v.decided_at desc, v.publish_id desc`);
}
