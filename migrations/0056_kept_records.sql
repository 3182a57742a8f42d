-- What is looked at grows with what is asked for, and no longer with how often it was said before.
set local role counterfoil_owner;
--> statement-breakpoint
-- Says in the records of some keys what a publish, approved last of all, adds to them: what staff.keep_records would
-- make of all their approved items is what their record says with its item on top. A night's file that repeats the last
-- one's writes nothing. Called by approve, as the owner.
create function staff.add_to_records(p_org uuid, p_publish uuid, p_kinds text[], p_keys text[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_lone_kinds text[];
  v_lone_keys text[];
begin
  if p_keys is null then
    return;
  end if;
  -- A clock that was set back does not make it the last.
  if exists (
       select 1 from staff.publishes n
         join staff.publishes p on p.org_id = n.org_id and p.status = 'approved' and (p.decided_at, p.id) > (n.decided_at, n.id)
        where n.id = p_publish) then
    perform staff.keep_records(p_org, p_kinds, p_keys);
    return;
  end if;

  with said as materialized (
    select k.kind, k.key, i.customer_key, i.fields as own, i.order_key as own_order,
           coalesce(i.order_key, r.order_key) as order_key, r.fields || i.fields as fields,
           f.file_sha256, f.file_size, f.file_name, f.served, f.rendition_id,
           (r.customer_key, r.order_key, r.fields, r.file_sha256, r.file_size, r.file_name, r.served, r.rendition_id)
             is distinct from
           (i.customer_key, coalesce(i.order_key, r.order_key), r.fields || i.fields,
            f.file_sha256, f.file_size, f.file_name, f.served, f.rendition_id) as is_told
      from unnest(p_kinds, p_keys) k(kind, key)
     cross join lateral (
        select x.* from staff.publish_items x
         where x.publish_id = p_publish and x.kind = k.kind and x.key = k.key and x.included offset 0) i
     cross join lateral (
        select x.* from staff.records x where x.org_id = p_org and x.kind = k.kind and x.key = k.key offset 0) r
     -- A file goes with all that is known of it.
     cross join lateral (
        select i.file_sha256, i.file_size, i.file_name, i.served, i.rendition_id where i.file_sha256 is not null
        union all
        select r.file_sha256, r.file_size, r.file_name, r.served, r.rendition_id where i.file_sha256 is null) f
  ), lone as materialized (
    -- A record that outlived what said it (a customer's stays) says nothing more.
    select s.kind, s.key from said s
     where s.kind in ('customer', 'contact', 'order')
       and (s.fields <> s.own or s.order_key is distinct from s.own_order)
       and not exists (
         select 1 from staff.publish_items x join staff.publishes p on p.id = x.publish_id and p.status = 'approved'
          where x.org_id = p_org and x.kind = s.kind and x.key = s.key and x.included and not x.withdrawn
            and x.publish_id <> p_publish offset 0)
  ), kept as (
    update staff.records r
       set customer_key = s.customer_key, order_key = s.order_key, fields = s.fields, file_sha256 = s.file_sha256,
           file_size = s.file_size, file_name = s.file_name, served = s.served, rendition_id = s.rendition_id
      from said s
     where s.is_told and r.org_id = p_org and r.kind = s.kind and r.key = s.key
       and (s.kind, s.key) not in (select l.kind, l.key from lone l)
  )
  select array_agg(l.kind), array_agg(l.key) into v_lone_kinds, v_lone_keys from lone l;
  if v_lone_keys is not null then
    perform staff.keep_records(p_org, v_lone_kinds, v_lone_keys);
  end if;
end
$$;
--> statement-breakpoint
-- As in 0048; but what was known before gets this publish on top of it, whatever was said of it in all the others.
create or replace function staff.approve(p_publish uuid, p_review_hash text, p_confirm_own boolean)
returns table (status text, summary jsonb)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set max_parallel_workers_per_gather = 0
as $$
declare
  me record;
  v_org portal.orgs;
  v_publish staff.publishes;
  v_own boolean;
  v_kinds text[];
  v_keys text[];
  v_known_kinds text[];
  v_known_keys text[];
  v_new_kinds text[];
  v_new_keys text[];
  v_summary jsonb;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service or me.role not in ('approver', 'owner') then
    perform staff.audit('request.refused', 'publish', p_publish::text, '{"code": "forbidden", "action": "publish.approved"}');
    return query select 'forbidden', null::jsonb;
    return;
  end if;
  select * into v_org from portal.orgs o where o.id = me.org_id;
  -- Approvals of one org go one after the other: each is judged against what the last one made live.
  perform pg_advisory_xact_lock(hashtextextended(me.org_id::text, 0));
  -- What the projection makes stale is held in one order, before this one.
  perform 1 from staff.publishes p where p.org_id = me.org_id and p.status = 'staged' order by p.id for no key update;
  select * into v_publish from staff.publishes p where p.id = p_publish and p.org_id = me.org_id for update;
  if v_publish.id is null then
    return query select 'not_found', null::jsonb;
    return;
  end if;
  if v_publish.status = 'approved' and v_publish.review_hash = p_review_hash then
    return query select 'already_approved', v_publish.summary;
    return;
  end if;
  if v_publish.status <> 'staged' then
    return query select 'not_staged', null::jsonb;
    return;
  end if;
  if v_publish.review_stale then
    perform staff.keep_review(p_publish, null);
    select * into v_publish from staff.publishes p where p.id = p_publish;
  end if;
  if v_publish.kept_hash is distinct from p_review_hash then
    return query select 'review_stale', null::jsonb;
    return;
  end if;

  v_own := staff.is_own_import(p_publish, me.member_id);
  if v_own and v_org.requires_two_persons then
    if exists (select 1 from staff.members m
                where m.org_id = me.org_id and m.active and m.service_name is null
                  and m.role in ('approver', 'owner') and m.id <> me.member_id) then
      perform staff.audit('request.refused', 'publish', p_publish::text, '{"code": "own_import", "action": "publish.approved"}');
      return query select 'own_import', null::jsonb;
      return;
    end if;
    if not coalesce(p_confirm_own, false) then
      return query select 'own_import_unconfirmed', null::jsonb;
      return;
    end if;
  end if;

  if staff.preparing(p_publish, true) > 0 then
    update staff.publishes p set unprepared = true where p.id = p_publish and not p.unprepared;
    return query select 'rendition_pending', null::jsonb;
    return;
  end if;

  if not exists (select 1 from staff.reviewed_items r where r.publish_id = p_publish and r.passes) then
    return query select 'nothing_to_approve', null::jsonb;
    return;
  end if;

  select jsonb_build_object(
           'items', sum((c.counts->>'passes')::bigint), 'changes', sum((c.counts->>'goes')::bigint),
           'customers', count(*) filter (where c.counts->>'goes' <> '0'),
           'firstCustomers', count(*) filter (where c.counts->>'goes' <> '0' and c.is_first),
           'orders', sum((c.counts->>'goes.orders')::bigint), 'documents', sum((c.counts->>'goes.documents')::bigint),
           'contacts', sum((c.counts->>'goes.contacts')::bigint),
           'overrides', (select count(*) from staff.reviewed_items r where r.publish_id = p_publish and r.passes and r.override_reason is not null))
    into v_summary
    from staff.reviewed_customers c where c.publish_id = p_publish;

  perform staff.take_items(p_publish);
  -- What was known before is what its items say together; of what is new to see, customers are told.
  select array_agg(r.kind), array_agg(r.key),
         array_agg(r.kind) filter (where r.before is not null), array_agg(r.key) filter (where r.before is not null),
         array_agg(r.kind) filter (where r.kind in ('document', 'order') and r.change <> 'same'),
         array_agg(r.key) filter (where r.kind in ('document', 'order') and r.change <> 'same')
    into v_kinds, v_keys, v_known_kinds, v_known_keys, v_new_kinds, v_new_keys
    from staff.reviewed_items r where r.publish_id = p_publish and r.passes;

  -- What staff want shown to these customers is now approved: this is the exposure in force.
  insert into staff.exposures (org_id, customer_key, granted_kinds, granted_fields)
  select me.org_id, w.customer_key, w.kinds, w.fields
    from staff.wanted_exposure(me.org_id, (
           select array_agg(c.customer_key) from staff.reviewed_customers c
            where c.publish_id = p_publish and c.counts->>'passes' <> '0')) w
  on conflict (org_id, customer_key) do update
     set granted_kinds = excluded.granted_kinds, granted_fields = excluded.granted_fields;

  update staff.publishes p
     set status = 'approved', decided_by = me.member_id, decided_at = clock_timestamp(),
         review_hash = p_review_hash, summary = v_summary, own_import_confirmed = v_own and coalesce(p_confirm_own, false)
   where p.id = p_publish;

  perform staff.add_to_records(me.org_id, p_publish, v_known_kinds, v_known_keys);
  perform staff.project_live(me.org_id, v_kinds, v_keys, false);

  -- What else is staged may be another's now, or under another name, and is compared with what is live now.
  update staff.publishes p set unprepared = true, review_stale = true
   where p.org_id = me.org_id and p.status = 'staged' and not (p.unprepared and p.review_stale);

  -- Letters go to those for whom something new is to be seen: neither a kind that is not shown nor a
  -- held invoice is told of. One for each customer, since one person may be a contact of several.
  with fresh as (
    select k.kind, k.key from unnest(v_new_kinds, v_new_keys) k(kind, key)
  ), shown as (
    select d.customer_id, 'document' as kind
      from fresh f
      join portal.documents d on d.org_id = me.org_id and d.kind = split_part(f.key, ':', 1)
                             and d.number_key = substr(f.key, strpos(f.key, ':') + 1)
     where f.kind = 'document' and not (d.held and d.kind in ('invoice', 'credit_note'))
    union all
    select o.customer_id, 'order'
      from fresh f
      join portal.orders o on o.org_id = me.org_id and o.number_key = f.key
     where f.kind = 'order'
  ), news as (
    select s.customer_id, count(*) filter (where s.kind = 'document') as documents,
           count(*) filter (where s.kind = 'order') as orders
      from shown s group by s.customer_id
  )
  insert into staff.outbox (org_id, event, recipient, contact_id, template, language, params)
  select me.org_id, 'publish.approved/' || p_publish || '/' || b.code_key, c.email, c.id, 'documents-ready',
         c.language, jsonb_build_object('documents', n.documents, 'orders', n.orders)
    from news n
    join portal.customers b on b.org_id = me.org_id and b.id = n.customer_id
    join portal.contacts c on c.org_id = me.org_id and c.customer_id = n.customer_id and c.access = 'allowed'
  on conflict (org_id, event, recipient) do nothing;

  perform staff.audit('publish.approved', 'publish', p_publish::text,
                      v_summary || jsonb_build_object('review_hash', p_review_hash, 'own_import', v_own));
  return query select 'ok', v_summary;
end
$$;
--> statement-breakpoint
-- As in 0034; but what is shown changes, and not what is kept.
create or replace function staff.set_exposure(p_customer text, p_kinds text[], p_fields text[])
returns table (status text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
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
    perform staff.project_live(me.org_id, v_kinds, v_keys, true);
  end if;
  perform staff.audit('exposure.changed', 'exposure', p_customer,
                      jsonb_build_object('kinds', to_jsonb(p_kinds), 'fields', to_jsonb(p_fields)),
                      (select c.id from portal.customers c where c.org_id = me.org_id and c.code_key = p_customer));
  return query select 'ok';
end
$$;
--> statement-breakpoint
CREATE INDEX "publish_items_taken_back" ON "staff"."publish_items" USING btree ("org_id","key") WHERE withdrawn and kind = 'document';
--> statement-breakpoint
-- As in 0052; but of the papers that were ever taken back, which are few, and not of all that are listed each night, it
-- is asked what came last.
create or replace function staff.withdrawn_before(p_org uuid, p_keys text[])
returns table (key text, at timestamptz)
language sql stable rows 10
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_nestloop = on
as $$
  with gone as materialized (
    select i.key from staff.publish_items i where i.org_id = p_org and i.kind = 'document' and i.withdrawn
    union
    select i.key
      from (select p.id from staff.publishes p where p.org_id = p_org and p.status = 'withdrawn' offset 0) p
      join staff.publish_items i on i.publish_id = p.id and i.kind = 'document' and i.included
  )
  select n.key, n.at
    from (select distinct on (i.key) i.key, i.withdrawn or p.status = 'withdrawn' as is_withdrawn,
                 case when i.withdrawn then coalesce(i.taken_back_at, staff.withdrawn_at(p.summary, i.kind, i.key, i.customer_key))
                      else p.withdrawn_at end as at
            from unnest(p_keys) k(key)
            join staff.publish_items i on i.org_id = p_org and i.kind = 'document' and i.key = k.key and i.included
            join staff.publishes p on p.id = i.publish_id and p.status in ('approved', 'withdrawn')
           -- Hashed, since it is no join.
           where (k.key in (select g.key from gone g)) is true
           order by i.key, p.decided_at desc, p.id desc) n
   where n.is_withdrawn;
$$;
--> statement-breakpoint
-- Holds the papers of some orders back, or lets them go, by what the supplier says of each order, or else by its status.
-- For orders of one org, as the owner.
create function staff.hold_papers(p_orders uuid[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
  v_held uuid[];
  v_free uuid[];
begin
  select array_agg(o.id) filter (where h.held), array_agg(o.id) filter (where not h.held)
    into v_held, v_free
    from unnest(p_orders) k(id)
   cross join lateral (
      select x.id, x.org_id, x.number_key, x.status from portal.orders x where x.id = k.id offset 0) o
    left join lateral (
      select x.key, x.fields->>'order_status' as said from staff.records x
       where x.org_id = o.org_id and x.kind = 'order' and x.key = o.number_key offset 0) r on true
   cross join lateral (
      select coalesce(case when r.key is null then o.status else r.said end in ('draft', 'pending'), false) as held) h;
  if v_held is not null then
    update portal.invoices v set held = true where v.order_id = any (v_held) and not v.held;
    update portal.documents d set held = true where d.order_id = any (v_held) and not d.held;
  end if;
  if v_free is not null then
    update portal.invoices v set held = false where v.order_id = any (v_free) and v.held;
    update portal.documents d set held = false where d.order_id = any (v_free) and d.held;
  end if;
end
$$;
--> statement-breakpoint
-- As in 0037, for all orders of a statement at once. What they were is looked up in a hash, and not joined: a
-- connection keeps its plan, and may have made it for one order.
create or replace function portal.hold_invoices()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set work_mem = '32MB'
as $$
declare
  v record;
begin
  for v in
    select n.org_id, array_agg(n.id) as orders from now_so n
     where ((n.id, coalesce(n.status, '')) in (select w.id, coalesce(w.status, '') from was_so w)) is not true
     group by n.org_id
  loop
    perform set_config('counterfoil.org', v.org_id::text, true);
    perform staff.hold_papers(v.orders);
  end loop;
  return null;
end
$$;
--> statement-breakpoint
create or replace function staff.hold_said()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set work_mem = '32MB'
as $$
declare
  v record;
begin
  for v in
    select n.org_id, array_agg(n.key) as keys from now_so n
     where n.kind = 'order'
       and ((n.org_id, n.key, coalesce(n.fields->>'order_status' in ('draft', 'pending'), false))
              in (select w.org_id, w.key, coalesce(w.fields->>'order_status' in ('draft', 'pending'), false)
                    from was_so w where w.kind = 'order')) is not true
     group by n.org_id
  loop
    perform set_config('counterfoil.org', v.org_id::text, true);
    perform staff.hold_papers(array(
      select o.id from unnest(v.keys) k(key)
       cross join lateral (
          select x.id from portal.orders x where x.org_id = v.org_id and x.number_key = k.key offset 0) o));
  end loop;
  return null;
end
$$;
--> statement-breakpoint
drop trigger orders_hold_invoices on portal.orders;
--> statement-breakpoint
create trigger orders_hold_invoices after update on portal.orders referencing old table as was_so new table as now_so
  for each statement execute function portal.hold_invoices();
--> statement-breakpoint
drop trigger records_hold_papers on staff.records;
--> statement-breakpoint
create trigger records_hold_papers after update on staff.records referencing old table as was_so new table as now_so
  for each statement execute function staff.hold_said();
--> statement-breakpoint
drop function staff.holds_papers(uuid);
--> statement-breakpoint
-- Makes the kept review of a publish anew, where what it was made of has changed since. Called by edits, which hold the
-- publish and look then at what they need of it.
create function staff.refresh_review(p_publish uuid)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
  if (select p.review_stale from staff.publishes p where p.id = p_publish) then
    perform staff.keep_review(p_publish, null);
  end if;
end
$$;
--> statement-breakpoint
-- As in 0052; what is named is looked up in a hash, in one reading of the review.
create or replace function staff.tick_items(p_publish uuid, p_items jsonb, p_ticked boolean)
returns table (ticked int)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
  v_customers text[];
  v_items jsonb;
begin
  if coalesce((select s.is_service from staff.context() s), true) or staff.hold_publish(p_publish) is null then
    return query select 0;
    return;
  end if;
  perform staff.refresh_review(p_publish);
  select array_agg(distinct r.customer_key), jsonb_agg(jsonb_build_array(r.kind, r.key))
    into v_customers, v_items
    from staff.reviewed_items r
   where r.publish_id = p_publish
     and ((r.kind, r.key) in (select x->>0, x->>1 from jsonb_array_elements(p_items) x)) is true;
  if v_items is null then
    return query select 0;
    return;
  end if;
  update staff.publish_items i set ticked = p_ticked
    from jsonb_array_elements(v_items) x
   where i.publish_id = p_publish and i.kind = x->>0 and i.key = x->>1;
  perform staff.keep_review(p_publish, v_customers);
  perform staff.audit('item.ticked', 'publish', p_publish::text, jsonb_build_object('ticked', p_ticked, 'items', v_items));
  return query select jsonb_array_length(v_items);
end
$$;
--> statement-breakpoint
-- As in 0052, and likewise; customers by their key.
create or replace function staff.exclude(p_publish uuid, p_items jsonb, p_customers text[], p_excluded boolean)
returns table (changed int)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
  v_customers text[];
  v_items jsonb;
  v_left_out text[];
begin
  if coalesce((select s.is_service from staff.context() s), true) or staff.hold_publish(p_publish) is null then
    return query select 0;
    return;
  end if;
  perform staff.refresh_review(p_publish);
  select array_agg(distinct r.customer_key), jsonb_agg(jsonb_build_array(r.kind, r.key))
    into v_customers, v_items
    from staff.reviewed_items r
   where r.publish_id = p_publish
     and ((r.kind, r.key) in (select x->>0, x->>1 from jsonb_array_elements(p_items) x)) is true;
  select array_agg(distinct k.customer_key)
    into v_left_out
    from unnest(p_customers) k(customer_key)
   cross join lateral (
      select 1 from staff.reviewed_items x
       where x.publish_id = p_publish and x.customer_key = k.customer_key limit 1) r;
  if v_customers is null and v_left_out is null then
    return query select 0;
    return;
  end if;
  if v_items is not null then
    update staff.publish_items i set excluded = p_excluded
      from jsonb_array_elements(v_items) x
     where i.publish_id = p_publish and i.kind = x->>0 and i.key = x->>1;
  end if;
  if v_left_out is not null then
    update staff.publishes p
       set excluded_customers = array(
             select k from unnest(p.excluded_customers) k where k <> all (v_left_out)
             union select k from unnest(v_left_out) k where p_excluded order by 1)
     where p.id = p_publish;
  end if;
  -- What hangs on an order goes with it, and may be written under another customer.
  v_customers := array(
    select unnest(v_customers || v_left_out)
    union
    select r.customer_key from staff.reviewed_items r
     where r.publish_id = p_publish
       and (r.order_key in (select x->>1 from jsonb_array_elements(v_items) x where x->>0 = 'order')) is true);
  perform staff.keep_review(p_publish, v_customers);
  perform staff.audit('item.excluded', 'publish', p_publish::text, jsonb_strip_nulls(jsonb_build_object(
    'excluded', p_excluded, 'items', v_items, 'customers', to_jsonb(v_left_out))));
  return query select coalesce(jsonb_array_length(v_items), 0) + coalesce(cardinality(v_left_out), 0);
end
$$;
--> statement-breakpoint
-- As in 0019, and likewise.
create or replace function staff.override_item(p_publish uuid, p_kind text, p_key text, p_reason text, p_seen jsonb)
returns table (status text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
  me record;
  v_status text;
  v_answers jsonb;
  v_problems jsonb;
  v_file text;
  v_customer text;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service or me.role not in ('approver', 'owner') then
    perform staff.audit('request.refused', 'publish', p_publish::text, '{"code": "forbidden", "action": "item.overridden"}');
    return query select 'forbidden';
    return;
  end if;
  select p.status into v_status from staff.publishes p
   where p.id = p_publish and p.org_id = me.org_id for no key update;
  if v_status is null or not exists (
       select 1 from staff.publish_items i where i.publish_id = p_publish and i.kind = p_kind and i.key = p_key) then
    return query select 'not_found';
    return;
  end if;
  if v_status <> 'staged' then
    return query select 'not_staged';
    return;
  end if;
  perform staff.refresh_review(p_publish);
  select r.customer_key into v_customer
    from staff.reviewed_items r where r.publish_id = p_publish and r.kind = p_kind and r.key = p_key;
  if p_reason is null then
    update staff.publish_items i set overridden = '[]', override_reason = null, overridden_by = null
     where i.publish_id = p_publish and i.kind = p_kind and i.key = p_key;
    perform staff.keep_review(p_publish, array[v_customer]);
    perform staff.audit('item.overridden', 'publish', p_publish::text,
                        jsonb_build_object('kind', p_kind, 'key', p_key, 'takenBack', true));
    return query select 'ok';
    return;
  end if;
  select jsonb_agg(staff.answer(x, r.customer_key, r.file_sha256)),
         jsonb_agg(jsonb_build_object('code', x->>'code', 'value', x->>'value') order by x->>'code', x->>'value'),
         max(r.file_sha256)
    into v_answers, v_problems, v_file
    from staff.reviewed_items r cross join lateral jsonb_array_elements(r.problems) x
   where r.publish_id = p_publish and r.kind = p_kind and r.key = p_key and (x->>'overridable')::boolean;
  if v_answers is null then
    return query select 'nothing_to_override';
    return;
  end if;
  if v_file is distinct from p_seen->>'sha256' or v_problems is distinct from (
       select jsonb_agg(jsonb_build_object('code', x->>'code', 'value', x->>'value') order by x->>'code', x->>'value')
         from jsonb_array_elements(p_seen->'problems') x) then
    return query select 'review_stale';
    return;
  end if;
  update staff.publish_items i set overridden = v_answers, override_reason = p_reason, overridden_by = me.member_id
   where i.publish_id = p_publish and i.kind = p_kind and i.key = p_key;
  perform staff.keep_review(p_publish, array[v_customer]);
  perform staff.audit('item.overridden', 'publish', p_publish::text,
                      jsonb_build_object('kind', p_kind, 'key', p_key, 'reason', p_reason, 'problems', v_problems));
  return query select 'ok';
end
$$;
--> statement-breakpoint
drop function staff.fresh_review(uuid);
--> statement-breakpoint
revoke all on function staff.add_to_records(uuid, uuid, text[], text[]), staff.hold_papers(uuid[]), staff.refresh_review(uuid)
  from public;
--> statement-breakpoint
reset role;
