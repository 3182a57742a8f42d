-- Care for the bucket: what nothing needs any more, and whether all that is live is there. Then who may
-- call what.
set local role counterfoil_owner;
--> statement-breakpoint
-- Objects of an org that nothing needs: files which only publishes rejected 30 days ago (or none) speak
-- of, and renditions that no publish took. They are marked as gone before they go; an upload of the same
-- bytes takes the mark back and stores them again. Never a file that an approved publish took, live or
-- withdrawn. Called by the job collect-files.
create function staff.collect_files(p_org uuid, p_limit int)
returns table (sha256 text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_files text[];
  v_renditions text[];
begin
  perform set_config('counterfoil.org', p_org::text, true);
  with spare as (
    update staff.files f set collected_at = now()
     where (f.org_id, f.sha256) in (
       select x.org_id, x.sha256 from staff.files x
        where x.org_id = p_org and x.collected_at is null and x.inspected_at < now() - interval '30 days'
          and not exists (select 1 from staff.staged_files s join staff.publishes p on p.id = s.publish_id
                           where s.org_id = p_org and s.sha256 = x.sha256
                             and not (p.status = 'rejected' and p.decided_at < now() - interval '30 days'))
          and not exists (select 1 from staff.publish_items i
                           where i.org_id = p_org and i.file_sha256 = x.sha256 and i.included)
        order by x.inspected_at limit p_limit)
    returning f.sha256
  )
  select array_agg(s.sha256) into v_files from spare s;

  with spare as (
    delete from staff.renditions r
     where r.id in (
       select x.id from staff.renditions x
        where x.org_id = p_org and (x.made_at < now() - interval '30 days' or x.failed)
          and not exists (select 1 from staff.publish_items i
                           where i.org_id = p_org and i.file_sha256 = x.source_sha256 and i.rendition_id = x.id)
          and not exists (select 1 from staff.staged_files s join staff.publishes p on p.id = s.publish_id
                           where s.org_id = p_org and s.sha256 = x.source_sha256 and p.status = 'staged')
        limit p_limit)
    returning r.sha256
  )
  select array_agg(s.sha256) into v_renditions from spare s where s.sha256 is not null;

  if v_files is not null or v_renditions is not null then
    perform audit.append(p_org, 'system', null, null, null, 'files.collected', 'org', p_org::text,
                         jsonb_build_object('files', coalesce(to_jsonb(v_files), '[]'),
                                            'renditions', coalesce(to_jsonb(v_renditions), '[]')));
  end if;
  return query
    select g.sha256
      from (select x.sha256 from unnest(v_files || v_renditions) x(sha256)
            union
            -- What an earlier run marked and may not have come to: deleting twice is no harm.
            select f.sha256 from staff.files f
             where f.org_id = p_org and f.collected_at between now() - interval '3 days' and now() - interval '1 hour') g
     -- Two rows may share their bytes, and a source may be its own rendition's twin.
     where not exists (select 1 from staff.renditions r where r.org_id = p_org and r.sha256 = g.sha256)
       and not exists (select 1 from portal.documents d where d.org_id = p_org and d.object_sha256 = g.sha256);
end
$$;
--> statement-breakpoint
-- Says once more that files are gone, after they went: an upload of the same bytes that came between the
-- mark and the deletion has taken the mark back, and may have found them still there. It is then asked
-- for again. Called by the job collect-files.
create function staff.confirm_collected(p_org uuid, p_files text[])
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform set_config('counterfoil.org', p_org::text, true);
  update staff.files f set collected_at = now()
   where f.org_id = p_org and f.sha256 = any (p_files) and f.collected_at is null;
  -- And a rendition that was made anew meanwhile, with the same bytes.
  update staff.renditions r set lost = true, attempts = 0
   where r.org_id = p_org and r.sha256 = any (p_files) and not r.lost;
  if found then
    update staff.publishes p set unprepared = true where p.org_id = p_org and p.status = 'staged' and not p.unprepared;
  end if;
end
$$;
--> statement-breakpoint
-- The objects of an org's live documents that were not looked at for longest. Called by the job
-- check-files, which asks the bucket for each.
create function staff.objects_to_check(p_org uuid, p_limit int)
returns table (sha256 text, size bigint)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform set_config('counterfoil.org', p_org::text, true);
  return query
    select d.object_sha256, max(d.object_size)
      from portal.documents d
     where d.org_id = p_org and d.object_sha256 is not null
       and (d.checked_at is null or d.checked_at < now() - interval '20 hours')
     group by d.object_sha256
     order by min(coalesce(d.checked_at, '-infinity'))
     limit p_limit;
end
$$;
--> statement-breakpoint
-- What the bucket said: `{sha256, state}` each, state `ok`, `document_missing` or `document_damaged`.
-- Called by the job check-files.
create function staff.report_objects(p_org uuid, p_seen jsonb)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform set_config('counterfoil.org', p_org::text, true);
  -- An approval changes the same rows in another order.
  perform pg_advisory_xact_lock(hashtextextended(p_org::text, 0));
  update portal.documents d set checked_at = now()
    from jsonb_to_recordset(p_seen) s(sha256 text)
   where d.org_id = p_org and d.object_sha256 = s.sha256;
  perform staff.raise_alert(p_org, s.state, d.id)
     from jsonb_to_recordset(p_seen) s(sha256 text, state text)
     join portal.documents d on d.org_id = p_org and d.object_sha256 = s.sha256
    where s.state <> 'ok';
end
$$;
--> statement-breakpoint
-- An alert that somebody has settled. Called by PUT alerts/{id}.
create function staff.resolve_alert(p_alert uuid)
returns table (id uuid)
language sql security definer
set search_path = pg_catalog, pg_temp
as $$
  with settled as (
    update staff.alerts a set resolved_at = now(), resolved_by = s.member_id
      from staff.context() s
     where a.id = p_alert and a.org_id = s.org_id and not s.is_service and a.resolved_at is null
    returning a.id, a.kind, a.subject
  )
  select x.id from (
    select d.id, staff.audit('alert.resolved', 'document', d.subject, jsonb_build_object('kind', d.kind)) from settled d) x;
$$;
--> statement-breakpoint
-- What an approval writes is not for an import to write.
revoke insert on staff.publish_items from counterfoil_staff;
--> statement-breakpoint
grant insert (org_id, publish_id, kind, key, customer_key, order_key, line, position, fields, problems)
  on staff.publish_items to counterfoil_staff;
--> statement-breakpoint
revoke execute on all functions in schema audit, portal, staff from public;
--> statement-breakpoint
grant execute on function
  portal.enter(bytea, text, text, uuid, text, text), portal.stamp_of(uuid, text, text, text), portal.note_taken(uuid[], text),
  portal.drawing(uuid), portal.take_document(uuid, uuid, text, text, text),
  portal.take_documents(uuid, text[], date, date, int, bigint, boolean), portal.note_missing(bytea, uuid, text)
  to counterfoil_customer;
--> statement-breakpoint
grant execute on function
  staff.fold_words(text), staff.term_of(text, text), staff.name_core(text), staff.number_pattern(text),
  staff.guard(uuid, uuid, text[], text[], text[], text[]), staff.is_overridable(text), staff.answer(jsonb, text, text),
  staff.override_item(uuid, text, text, text, jsonb), staff.stamp_version(), staff.served_as(uuid, text, text),
  staff.name_in(uuid, uuid, text), staff.review(uuid), staff.review_line(staff.reviewed_item),
  staff.review_hash(uuid, text, text[]), staff.settings_changed(), staff.resolve_alert(uuid)
  to counterfoil_staff;
--> statement-breakpoint
grant execute on function
  staff.claim_renditions(uuid, uuid, int, boolean), staff.keep_renditions(uuid, jsonb), staff.collect_files(uuid, int),
  staff.confirm_collected(uuid, text[]), staff.objects_to_check(uuid, int), staff.report_objects(uuid, jsonb)
  to counterfoil_system;
--> statement-breakpoint
reset role;
