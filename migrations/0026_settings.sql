-- Settings and who changes them, remembered headers, CSVs that nobody staged, and a trail that is checked.
set local role counterfoil_owner;
--> statement-breakpoint
alter table staff.alerts drop constraint alerts_kind;
--> statement-breakpoint
alter table staff.alerts add constraint alerts_kind check (kind in ('document_missing', 'document_damaged', 'audit_broken'));
--> statement-breakpoint
alter table staff.mapping_profiles add column header text[] default '{}' not null;
--> statement-breakpoint
-- Projecting an order looks up the papers that speak of it.
create index records_order on staff.records (org_id, order_key) where order_key is not null;
--> statement-breakpoint
-- The trail of one action, however rare, newest first.
create index events_action_at on audit.events (org_id, action, at desc, id desc);
--> statement-breakpoint
-- A file's headers are told by its staging; profiles are removed by people.
grant update (header), delete on staff.mapping_profiles to counterfoil_staff;
--> statement-breakpoint
-- As in 0011, and a review that was kept says what the settings of then made of it.
create or replace function staff.settings_changed()
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
begin
  select * into me from staff.context();
  if me.member_id is null or me.role <> 'owner' then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(me.org_id::text, 0));
  -- In the order in which an approval holds them.
  perform 1 from staff.publishes p where p.org_id = me.org_id and p.status = 'staged' order by p.id for no key update;
  update staff.publishes p set unprepared = true, review_stale = true
   where p.org_id = me.org_id and p.status = 'staged' and not (p.unprepared and p.review_stale);
  perform staff.project_drawn(me.org_id, null, null);
end
$$;
--> statement-breakpoint
-- As in 0017; but what was only uploaded has brought nothing in, and may go whatever became of its publish.
create or replace function staff.refuse_frozen_import()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_publish uuid;
  v_status text;
begin
  if tg_op = 'DELETE' and old.state = 'uploaded' then
    return null;
  end if;
  foreach v_publish in array case tg_op
      when 'INSERT' then array[new.publish_id] when 'DELETE' then array[old.publish_id]
      else array[old.publish_id, new.publish_id] end loop
    if v_publish is not null then
      v_status := null;
      select p.status into v_status from staff.publishes p where p.id = v_publish for share;
      if v_status is distinct from 'staged' then
        raise exception 'publish_not_staged' using errcode = 'CF001';
      end if;
    end if;
  end loop;
  return null;
end
$$;
--> statement-breakpoint
-- Takes out the imports that nobody staged within a week of their upload, each with its event, and gives
-- the ids whose bytes may go: theirs, and those of the last days, which an earlier run may not have come
-- to. Called by the job collect-imports.
create function staff.collect_imports(p_org uuid, p_limit int)
returns table (id uuid)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_import staff.imports;
begin
  perform set_config('counterfoil.org', p_org::text, true);
  for v_import in
    delete from staff.imports i
     where i.state = 'uploaded' and i.id in (
       select x.id from staff.imports x
        where x.org_id = p_org and x.state = 'uploaded' and x.created_at < now() - interval '7 days'
        order by x.created_at limit p_limit for update skip locked)
    returning i.* loop
    perform audit.append(p_org, 'system', null, null, null, 'import.collected', 'import', v_import.id::text,
                         jsonb_build_object('name', v_import.file_name, 'sha256', v_import.sha256));
  end loop;
  return query
    select e.subject_id::uuid from audit.events e
     where e.org_id = p_org and e.action = 'import.collected' and e.at > now() - interval '3 days';
end
$$;
--> statement-breakpoint
-- How many events are between two moments, the first left out, and the digest that a seal over them has:
-- see audit.seal, which makes it the same way. Called by the job seal-audit, which makes the head anew.
create function audit.digest_between(p_org uuid, p_from timestamptz, p_until timestamptz)
returns table (events int, digest text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform set_config('counterfoil.org', p_org::text, true);
  return query
    select count(*)::int, encode(sha256(coalesce(string_agg(sha256(convert_to(
             jsonb_build_array(e.id, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.org_id,
                               e.actor_kind, e.actor_id, e.customer_id, e.contact_id, e.action,
                               e.subject_kind, e.subject_id, e.detail, e.request_id)::text, 'UTF8')), ''
             order by e.at, e.id), '')), 'hex')
      from audit.events e
     where e.org_id = p_org and e.at > coalesce(p_from, '-infinity') and e.at <= p_until;
end
$$;
--> statement-breakpoint
-- Tells staff what is wrong with seals, `{seal, fault, from, to, head}` each: once, also when somebody has
-- settled it since, as nothing mends a seal. Called by the job seal-audit.
create function staff.report_seals(p_org uuid, p_faults jsonb)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_fault jsonb;
begin
  perform set_config('counterfoil.org', p_org::text, true);
  for v_fault in select jsonb_strip_nulls(f) from jsonb_array_elements(p_faults) f loop
    insert into staff.alerts (org_id, kind, subject, params)
    select p_org, 'audit_broken', 'seal ' || (v_fault->>'seal'), v_fault
     where not exists (select 1 from staff.alerts a
                        where a.org_id = p_org and a.kind = 'audit_broken' and a.params = v_fault)
    on conflict do nothing;
    if found then
      perform audit.append(p_org, 'system', null, null, null, 'alert.raised', 'seal', v_fault->>'seal',
                           jsonb_build_object('kind', 'audit_broken', 'fault', v_fault->>'fault'));
    end if;
  end loop;
end
$$;
--> statement-breakpoint
-- As in 0014, for alerts that are about a seal too.
create or replace function staff.resolve_alert(p_alert uuid)
returns table (id uuid)
language sql security definer
set search_path = pg_catalog, pg_temp
as $$
  with settled as (
    update staff.alerts a set resolved_at = now(), resolved_by = s.member_id
      from staff.context() s
     where a.id = p_alert and a.org_id = s.org_id and not s.is_service and a.resolved_at is null
    returning a.id, a.kind, a.subject, a.params
  )
  select x.id from (
    select d.id, case when d.kind = 'audit_broken'
      then staff.audit('alert.resolved', 'seal', d.params->>'seal', jsonb_build_object('kind', d.kind))
      else staff.audit('alert.resolved', 'document', d.subject, jsonb_build_object('kind', d.kind)) end
      from settled d) x;
$$;
--> statement-breakpoint
revoke all on function
  staff.collect_imports(uuid, int), audit.digest_between(uuid, timestamptz, timestamptz), staff.report_seals(uuid, jsonb)
  from public;
--> statement-breakpoint
grant execute on function
  staff.collect_imports(uuid, int), audit.digest_between(uuid, timestamptz, timestamptz), staff.report_seals(uuid, jsonb)
  to counterfoil_system;
--> statement-breakpoint
reset role;
