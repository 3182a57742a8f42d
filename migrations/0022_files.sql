-- Files that are already there.
set local role counterfoil_owner;
--> statement-breakpoint
-- How the files and the documents of a publish fit: `matched` documents have one here, `missing` ones
-- have none, here or from before (as staff.review says file_missing), and `unmatched` files belong to
-- no document. The first p_limit of each are named. What is left out of the publish misses nothing.
-- Runs as its caller. Called by GET publishes/{id}/matching.
create function staff.matching(p_publish uuid, p_limit int)
returns table (matched int, unmatched int, missing int, unmatched_names jsonb, missing_documents jsonb)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  with matches as materialized (
    select m.key, m.file_id from staff.match_files(p_publish) m
  ), missing as materialized (
    select i.key, i.line, i.fields->>'file_name' as file_name
      from staff.publish_items i
      join staff.publishes p on p.id = i.publish_id
      left join staff.publish_items o
        on i.order_key is not null and o.publish_id = i.publish_id and o.kind = 'order' and o.key = i.order_key
      left join staff.records l
        on i.order_key is not null and l.org_id = i.org_id and l.kind = 'order' and l.key = i.order_key
      left join staff.records r on r.org_id = i.org_id and r.kind = 'document' and r.key = i.key
     where i.publish_id = p_publish and i.kind = 'document' and not i.excluded and not coalesce(o.excluded, false)
       and not coalesce(nullif(i.customer_key, ''), nullif(o.customer_key, ''), l.customer_key, '')
                 = any (p.excluded_customers)
       and not exists (select 1 from matches m where m.key = i.key)
       and (r.file_sha256 is null or i.fields ? 'file_name'
            and lower(i.fields->>'file_name') is distinct from lower(r.fields->>'file_name'))
  ), unmatched as materialized (
    select f.name from staff.staged_files f
     where f.publish_id = p_publish and not exists (select 1 from matches m where m.file_id = f.id)
  )
  select (select count(distinct m.key) from matches m)::int,
         (select count(*) from unmatched)::int,
         (select count(*) from missing)::int,
         (select coalesce(jsonb_agg(u.name order by u.name), '[]')
            from (select x.name from unmatched x order by x.name limit p_limit) u),
         (select coalesce(jsonb_agg(jsonb_build_object('key', d.key, 'fileName', d.file_name) order by d.line, d.key), '[]')
            from (select x.* from missing x order by x.line, x.key limit p_limit) d);
$$;
--> statement-breakpoint
revoke all on function staff.matching(uuid, int) from public;
--> statement-breakpoint
grant execute on function staff.matching(uuid, int) to counterfoil_staff;
--> statement-breakpoint
reset role;
