-- Renditions: which are wanted, who is making them, and what came of it.
set local role counterfoil_owner;
--> statement-breakpoint
-- Rows or files of a publish have changed: its renditions have to be looked at again.
create function staff.unprepare()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  update staff.publishes p set unprepared = true
   where p.id in (select t.publish_id from touched t) and not p.unprepared and p.status = 'staged';
  return null;
end
$$;
--> statement-breakpoint
create trigger publish_items_unprepare_insert after insert on staff.publish_items
  referencing new table as touched for each statement execute function staff.unprepare();
--> statement-breakpoint
create trigger publish_items_unprepare_update after update on staff.publish_items
  referencing new table as touched for each statement execute function staff.unprepare();
--> statement-breakpoint
create trigger staged_files_unprepare_insert after insert on staff.staged_files
  referencing new table as touched for each statement execute function staff.unprepare();
--> statement-breakpoint
create trigger staged_files_unprepare_update after update on staff.staged_files
  referencing new table as touched for each statement execute function staff.unprepare();
--> statement-breakpoint
create trigger publish_items_unprepare_delete after delete on staff.publish_items
  referencing old table as touched for each statement execute function staff.unprepare();
--> statement-breakpoint
create trigger staged_files_unprepare_delete after delete on staff.staged_files
  referencing old table as touched for each statement execute function staff.unprepare();
--> statement-breakpoint
-- A file that is uploaded once more is tried once more: what failed may have been the bucket, or the run.
create function staff.retry_renditions()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  update staff.renditions r set failed = false, attempts = 0, leased_until = null
   where r.failed and (r.org_id, r.source_sha256) in (select t.org_id, t.sha256 from touched t);
  return null;
end
$$;
--> statement-breakpoint
create trigger staged_files_retry_insert after insert on staff.staged_files
  referencing new table as touched for each statement execute function staff.retry_renditions();
--> statement-breakpoint
create trigger staged_files_retry_update after update on staff.staged_files
  referencing new table as touched for each statement execute function staff.retry_renditions();
--> statement-breakpoint
-- Leases some of the renditions that a staged publish wants, for two minutes, to whoever asks; gives none
-- when none are left. One that a run did not bring back is tried again alone, since it may be what ended
-- that run. Three attempts, then it has failed and a person must look. p_list says whether to look for
-- what is wanted and not yet listed: it reads all of the publish, so a run asks for it first and last.
-- Called by the job make-renditions.
create function staff.claim_renditions(p_org uuid, p_publish uuid, p_limit int, p_list boolean)
returns table (id uuid, source_sha256 text, customer_name text, pages int)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_status text;
  v_untried boolean;
begin
  perform set_config('counterfoil.org', p_org::text, true);
  -- Held, so that an edit is either seen here or finds the flag down and raises it again.
  select p.status into v_status from staff.publishes p where p.id = p_publish and p.org_id = p_org for no key update;
  if v_status is distinct from 'staged' then
    return;
  end if;

  if p_list then
    insert into staff.renditions (org_id, source_sha256, customer_key, customer_name, stamp_version)
    select distinct p_org, f.sha256, i.customer_key, staff.name_in(p_publish, p_org, i.customer_key), staff.stamp_version()
      from staff.match_files(p_publish) m
      join staff.publish_items d on d.publish_id = p_publish and d.kind = 'document' and d.key = m.key
      join staff.staged_files f on f.id = m.file_id
      join staff.files x on x.org_id = p_org and x.sha256 = f.sha256 and x.collected_at is null
      left join staff.publish_items o
        on d.order_key is not null and o.publish_id = p_publish and o.kind = 'order' and o.key = d.order_key
      left join staff.records l on d.order_key is not null and l.org_id = p_org and l.kind = 'order' and l.key = d.order_key
     cross join lateral (select coalesce(nullif(d.customer_key, ''), nullif(o.customer_key, ''), l.customer_key, '') as customer_key) i
     where i.customer_key <> ''
       and staff.served_as(p_org, x.served, d.fields->>'document_kind') = 'stamped'
       -- A file that can never pass needs none.
       and not exists (select 1 from jsonb_array_elements(x.findings) e where not staff.is_overridable(e->>'code'))
     order by 2, 3, 4
    on conflict do nothing;
  end if;

  update staff.renditions r set failed = true
   where r.org_id = p_org and (r.made_at is null or r.lost) and not r.failed and r.attempts >= 3 and r.leased_until < now()
     and r.source_sha256 in (select f.sha256 from staff.staged_files f where f.publish_id = p_publish);

  select coalesce(bool_or(x.attempts = 0), false) into v_untried
    from staff.renditions x
   where x.org_id = p_org and (x.made_at is null or x.lost) and not x.failed
     and (x.leased_until is null or x.leased_until < now())
     and x.source_sha256 in (select f.sha256 from staff.staged_files f where f.publish_id = p_publish);

  return query
    -- Apart, and once: as a condition of the update it could be asked again for each row, limit and all.
    with due as materialized (
      select x.id from staff.renditions x
       where x.org_id = p_org and (x.made_at is null or x.lost) and not x.failed
         and (x.leased_until is null or x.leased_until < now())
         and x.source_sha256 in (select f.sha256 from staff.staged_files f where f.publish_id = p_publish)
         and (x.attempts = 0 or not v_untried)
       order by x.attempts, x.id limit case when v_untried then p_limit else 1 end for update of x skip locked
    )
    update staff.renditions r
       set leased_until = now() + interval '2 minutes', attempts = r.attempts + 1
      from due
     where r.id = due.id
    returning r.id, r.source_sha256, r.customer_name,
              (select f.pages from staff.files f where f.org_id = p_org and f.sha256 = r.source_sha256);

  if not found and p_list then
    update staff.publishes p set unprepared = false
     where p.id = p_publish and not exists (
       select 1 from staff.renditions r
        where r.org_id = p_org and (r.made_at is null or r.lost) and not r.failed
          and r.source_sha256 in (select f.sha256 from staff.staged_files f where f.publish_id = p_publish));
  end if;
end
$$;
--> statement-breakpoint
-- What came of leased renditions: `{id, sha256, size, slotOffset, slotLength, headCrc, tailCrc}` each, or
-- `{id}` alone for a file that cannot be stamped. Called by the job make-renditions.
create function staff.keep_renditions(p_org uuid, p_made jsonb)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform set_config('counterfoil.org', p_org::text, true);
  update staff.renditions r
     set sha256 = m.sha256, size = m.size, slot_offset = m."slotOffset", slot_length = m."slotLength",
         head_crc = m."headCrc", tail_crc = m."tailCrc", leased_until = null,
         made_at = case when m.sha256 is not null then now() end, failed = m.sha256 is null, lost = false
    from jsonb_to_recordset(p_made) m(id uuid, sha256 text, size bigint, "slotOffset" bigint, "slotLength" int,
                                      "headCrc" bigint, "tailCrc" bigint)
   where r.org_id = p_org and r.id = m.id and (r.made_at is null or r.lost and m.sha256 is not null);
end
$$;
--> statement-breakpoint
reset role;
