-- What a change of state takes with it: who loses access when a publish is taken back, and which letters;
-- an org's defaults, written where they are signed; and exposures that are refused on the record.
set local role counterfoil_owner;
--> statement-breakpoint
-- Whom only this publish (or this customer's part of it) made a recipient, and who still has access: no
-- other approved publish names them, and no member has decided about their access since the approval. Runs
-- as its caller, and for the caller's org only. Called by the route of a withdrawal, and the trigger below.
create function staff.losing_access(p_publish uuid, p_customer text)
returns table (contact_id uuid, customer_id uuid)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select c.id, c.customer_id
    from staff.publishes p
    join staff.publish_items i on i.publish_id = p.id and i.kind = 'contact' and i.included
    join portal.customers b on b.org_id = i.org_id and b.code_key = i.customer_key
    join portal.contacts c on c.org_id = b.org_id and c.customer_id = b.id and c.email = i.fields->>'contact_email'
   where p.id = p_publish and (p_customer is null or i.customer_key = p_customer) and c.access = 'allowed'
     and not exists (
       select 1 from staff.publish_items o join staff.publishes q on q.id = o.publish_id
        where o.org_id = i.org_id and o.kind = 'contact' and o.key = i.key and o.included and not o.withdrawn
          and o.publish_id <> p_publish and q.status = 'approved' offset 0)
     and not exists (
       select 1 from audit.events e
        where e.org_id = c.org_id and e.subject_id = c.id::text and e.action = 'contact.access_changed'
          and e.at > p.decided_at and not e.detail ? 'because' offset 0);
$$;
--> statement-breakpoint
-- A recipient stands with the approvals that name them. When the last of these is taken back, their access
-- is paused, and what is remembered of them goes, so that the next import of the address is a new recipient
-- again, with a tick of its own. Letters that wait and have nothing left to tell do not go out.
create function staff.take_back_access()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_part jsonb := new.summary->'withdrawals'->-1;
  v_event text := 'publish.approved/' || new.id || '/';
  v_told bigint;
begin
  if not v_part ? 'document' then
    with paused as (
      update portal.contacts c set access = 'paused'
        from staff.losing_access(new.id, v_part->>'customer') l
       where c.id = l.contact_id
      returning c.id, c.customer_id
    )
    select count(staff.audit('contact.access_changed', 'contact', x.id::text,
                             jsonb_build_object('access', 'paused', 'because', 'publish_withdrawn', 'publish', new.id),
                             x.customer_id)::text)
      into v_told from paused x;

    delete from staff.records r
     using (
       select i.org_id, i.key from staff.publish_items i
        where i.publish_id = new.id and i.kind = 'contact' and i.included
          and staff.covers(v_part, i.kind, i.key, i.customer_key)
          and not exists (
            select 1 from staff.publish_items o join staff.publishes q on q.id = o.publish_id
             where o.org_id = i.org_id and o.kind = 'contact' and o.key = i.key and o.included and not o.withdrawn
               and o.publish_id <> new.id and q.status = 'approved' offset 0)
        offset 0) k
     where r.org_id = k.org_id and r.kind = 'contact' and r.key = k.key;
  end if;

  -- One that is on its way to the provider this very moment may still arrive.
  with died as (
    update staff.outbox o
       set state = 'dead', last_error = 'withdrawn', sealed_body = null, leased_until = null
     where o.id in (
       select x.id from staff.outbox x
        where x.org_id = new.org_id and x.state = 'queued' and starts_with(x.event, v_event)
          and (new.status = 'withdrawn' or not exists (
                 select 1 from staff.publish_items i
                  where i.publish_id = new.id and i.kind in ('order', 'document') and i.included and not i.withdrawn
                    and i.customer_key = substr(x.event, length(v_event) + 1)))
        order by x.id for update)
    returning o.id, o.contact_id, o.template, o.last_error
  )
  select count(staff.audit('mail.died', 'mail', d.id::text,
                           jsonb_build_object('template', d.template, 'reason', d.last_error), c.customer_id)::text)
    into v_told
    from died d left join portal.contacts c on c.id = d.contact_id;
  return null;
end
$$;
--> statement-breakpoint
create trigger publishes_taken_back after update of summary on staff.publishes
  for each row when (old.status = 'approved' and new.summary->'withdrawals' is distinct from old.summary->'withdrawals')
  execute function staff.take_back_access();
--> statement-breakpoint
-- Whoever lost their access to a withdrawal has it back when an approval names them again, with the tick
-- that says who. A pause or an end that a member decided on stays.
create function staff.give_back_access()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_told bigint;
begin
  with allowed as (
    update portal.contacts c set access = 'allowed'
      from staff.publish_items i
      join portal.customers b on b.org_id = i.org_id and b.code_key = i.customer_key
     where i.publish_id = new.id and i.kind = 'contact' and i.included and i.ticked
       and c.org_id = b.org_id and c.customer_id = b.id and c.email = i.fields->>'contact_email' and c.access = 'paused'
       and (select e.detail->>'because' from audit.events e
             where e.org_id = c.org_id and e.subject_id = c.id::text and e.action = 'contact.access_changed'
             order by e.at desc, e.id desc limit 1) = 'publish_withdrawn'
    returning c.id, c.customer_id
  )
  select count(staff.audit('contact.access_changed', 'contact', x.id::text,
                           jsonb_build_object('access', 'allowed', 'because', 'publish_approved', 'publish', new.id),
                           x.customer_id)::text)
    into v_told from allowed x;
  return null;
end
$$;
--> statement-breakpoint
create trigger publishes_given_back after update of status on staff.publishes
  for each row when (old.status = 'staged' and new.status = 'approved')
  execute function staff.give_back_access();
--> statement-breakpoint
create function staff.write_defaults()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  new.fields := staff.with_defaults(new.org_id, new.kind, new.key, new.fields);
  return new;
end
$$;
--> statement-breakpoint
create trigger publish_items_defaults before update of included on staff.publish_items
  for each row when (new.included and not old.included
                     and (new.kind in ('order', 'invoice', 'payment') and not new.fields ? 'currency'
                          or new.kind = 'contact' and not new.fields ? 'contact_language'))
  execute function staff.write_defaults();
--> statement-breakpoint
-- Holds the caller's org and what it has staged, in the order in which an approval does: before a change
-- that is compared with a review. Called by set_exposure, and by its route, which reads a review first.
create function staff.hold_staged()
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
begin
  select * into me from staff.context();
  if me.member_id is null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(me.org_id::text, 0));
  perform 1 from staff.publishes p where p.org_id = me.org_id and p.status = 'staged' order by p.id for no key update;
end
$$;
--> statement-breakpoint
drop function staff.set_exposure(text, text[], text[]);
--> statement-breakpoint
-- As in 0004; but who may not is told so by a status, since a raise would undo the event of the refusal.
create function staff.set_exposure(p_customer text, p_kinds text[], p_fields text[])
returns table (status text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
  v_kinds text[];
  v_keys text[];
begin
  select * into me from staff.context();
  if me.member_id is null or me.role not in ('approver', 'owner') then
    perform staff.audit('request.refused', 'exposure', p_customer, '{"code": "forbidden", "action": "exposure.changed"}',
                        (select c.id from portal.customers c where c.org_id = me.org_id and c.code_key = p_customer));
    return query select 'forbidden';
    return;
  end if;
  perform staff.hold_staged();
  insert into staff.exposures (org_id, customer_key, kinds, fields)
  values (me.org_id, p_customer, p_kinds, p_fields)
  on conflict (org_id, customer_key) do update
     set kinds = excluded.kinds, fields = excluded.fields, changed_at = now();
  with narrowed as (
    update staff.exposures e
       set granted_kinds = array(select unnest(e.granted_kinds) intersect select unnest(w.kinds)),
           granted_fields = array(select unnest(e.granted_fields) intersect select unnest(w.fields))
      from staff.wanted_exposure(me.org_id, (
             select array_agg(x.customer_key) from staff.exposures x
              where x.org_id = me.org_id and x.customer_key is not null)) w
     where e.org_id = me.org_id and e.customer_key = w.customer_key
       and (not e.granted_kinds <@ w.kinds or not e.granted_fields <@ w.fields)
    returning e.customer_key
  )
  select array_agg(r.kind), array_agg(r.key) into v_kinds, v_keys
    from staff.records r
   where r.org_id = me.org_id and r.customer_key in (select n.customer_key from narrowed n);
  if v_kinds is not null then
    perform staff.project(me.org_id, v_kinds, v_keys);
  end if;
  perform staff.audit('exposure.changed', 'exposure', p_customer,
                      jsonb_build_object('kinds', to_jsonb(p_kinds), 'fields', to_jsonb(p_fields)),
                      (select c.id from portal.customers c where c.org_id = me.org_id and c.code_key = p_customer));
  return query select 'ok';
end
$$;
--> statement-breakpoint
-- Which of some photos in the bucket no report names: of uploads that ended between the bytes and their
-- row. With one event. Called by the job collect-photos, which deletes them.
create function staff.stray_photos(p_org uuid, p_photos text[])
returns table (sha256 text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_strays text[];
begin
  perform set_config('counterfoil.org', p_org::text, true);
  select array_agg(x.sha256 order by x.sha256) into v_strays
    from unnest(p_photos) x(sha256)
   where not exists (select 1 from portal.issue_photos p where p.org_id = p_org and p.sha256 = x.sha256);
  if v_strays is not null then
    perform audit.append(p_org, 'system', null, null, null, 'files.collected', 'org', p_org::text,
                         jsonb_build_object('files', '[]'::jsonb, 'renditions', '[]'::jsonb, 'photos', to_jsonb(v_strays)));
  end if;
  return query select unnest(v_strays);
end
$$;
--> statement-breakpoint
revoke all on function
  staff.losing_access(uuid, text), staff.take_back_access(), staff.give_back_access(),
  staff.with_defaults(uuid, text, text, jsonb), staff.write_defaults(), staff.hold_staged(),
  staff.set_exposure(text, text[], text[]), staff.stray_photos(uuid, text[])
  from public;
--> statement-breakpoint
grant execute on function staff.losing_access(uuid, text), staff.hold_staged(), staff.set_exposure(text, text[], text[])
  to counterfoil_staff;
--> statement-breakpoint
grant execute on function staff.stray_photos(uuid, text[]) to counterfoil_system;
--> statement-breakpoint
reset role;
