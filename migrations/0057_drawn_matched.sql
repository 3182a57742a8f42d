-- What a large publish looks up by its keys is looked up by an index, or once: papers that are drawn, files and their
-- documents, names of customers, and what the supplier fills in.
set local role counterfoil_owner;
--> statement-breakpoint
-- As it was; but of the numbers that are named, each is looked up, whatever else there is. Called by project_drawn.
create or replace function staff.wanted_drawn(p_org uuid, p_numbers text[])
returns table (customer_id uuid, order_id uuid, kind text, number text, number_key text, dated_on date, held boolean, shown_at timestamptz)
language sql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
  select o.customer_id, o.id, 'order_confirmation', o.number, o.number_key, o.placed_on, false, o.first_shown_at
    from portal.orgs g
   cross join lateral (
      select x.* from portal.orders x where p_numbers is null and x.org_id = g.id
      union all
      select y.*
        from unnest(p_numbers) k(number_key)
       cross join lateral (
          select x.* from portal.orders x where x.org_id = g.id and x.number_key = k.number_key offset 0) y) o
    join portal.customers c on c.org_id = g.id and c.id = o.customer_id
    join staff.exposures e on e.org_id = g.id and e.customer_key = c.code_key
   where g.id = p_org and g.draws_confirmations
     and o.status is distinct from 'draft' and o.status is distinct from 'pending' and o.status is distinct from 'cancelled'
     and o.placed_on >= ((now() at time zone g.time_zone)::date - make_interval(months => g.order_window_months))::date
     and 'order_confirmation' = any (e.granted_kinds)
     and not exists (select 1 from portal.documents d
                      where d.org_id = g.id and d.order_id = o.id and d.kind = 'order_confirmation' and d.served <> 'drawn')
  union all
  select v.customer_id, v.order_id, v.kind, v.number, v.number_key, v.issued_on, v.held, now()
    from portal.orgs g
   cross join lateral (
      select x.* from portal.invoices x where p_numbers is null and x.org_id = g.id
      union all
      select y.*
        from unnest(p_numbers) k(number_key)
       cross join lateral (
          select x.* from portal.invoices x where x.org_id = g.id and x.number_key = k.number_key offset 0) y) v
    join portal.customers c on c.org_id = g.id and c.id = v.customer_id
    join staff.exposures e on e.org_id = g.id and e.customer_key = c.code_key
   where g.id = p_org and g.draws_invoice_copies
     -- A copy without its amounts would be no copy.
     and v.total is not null and v.kind = any (e.granted_kinds);
$$;
--> statement-breakpoint
-- As it was, by numbers as wanted_drawn. They are named once each. Called by project, and by save_settings with null: all.
create or replace function staff.project_drawn(p_org uuid, p_kinds text[], p_keys text[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_numbers text[];
begin
  if p_keys is not null then
    -- The numbers that the keys are about, whatever they are about them; and the orders whose own
    -- confirmation, under another number, has come or gone.
    select coalesce(array_agg(distinct x.number), '{}') into v_numbers
      from (
        select case when k.kind = 'document' then substr(k.key, strpos(k.key, ':') + 1) else k.key end as number
          from unnest(p_kinds, p_keys) k(kind, key) where k.kind in ('order', 'invoice', 'document')
        union all
        select i.order_key
          from unnest(p_kinds, p_keys) k(kind, key)
          join staff.publish_items i on i.org_id = p_org and i.kind = k.kind and i.key = k.key and i.included
         where k.kind = 'document' and k.key like 'order\_confirmation:%'
      ) x
     where x.number is not null;
  end if;

  delete from portal.documents d
   using (
     select x.id, x.kind, x.number_key, x.customer_id from portal.documents x
      where v_numbers is null and x.org_id = p_org and x.served = 'drawn' and x.kind in ('order_confirmation', 'invoice', 'credit_note')
     union all
     select y.id, y.kind, y.number_key, y.customer_id
       from unnest(v_numbers) k(number_key)
      cross join lateral (
         select x.id, x.kind, x.number_key, x.customer_id from portal.documents x
          where x.org_id = p_org and x.served = 'drawn' and x.kind in ('order_confirmation', 'invoice', 'credit_note')
            and x.number_key = k.number_key offset 0) y) t
   where d.id = t.id
     and not exists (select 1 from staff.wanted_drawn(p_org, v_numbers) w
                      where w.kind = t.kind and w.number_key = t.number_key and w.customer_id = t.customer_id);

  insert into portal.documents (org_id, customer_id, order_id, kind, number, number_key, dated_on, file_name, served, held, shown_at)
  select p_org, w.customer_id, w.order_id, w.kind, w.number, w.number_key, w.dated_on, w.number || '.pdf', 'drawn', w.held, w.shown_at
    from staff.wanted_drawn(p_org, v_numbers) w
  on conflict (org_id, kind, number_key) do update
     set order_id = excluded.order_id, number = excluded.number, dated_on = excluded.dated_on,
         file_name = excluded.file_name, held = excluded.held
   -- A file of the same number keeps its place.
   where documents.served = 'drawn';
end
$$;
--> statement-breakpoint
-- As it was. How many rows a publish has is not known to a planner until it is analyzed, and what looks like one row is
-- gone through once for each of the other side.
alter function staff.match_files(uuid) set enable_nestloop = off;
--> statement-breakpoint
alter function staff.match_files(uuid) set plan_cache_mode = force_generic_plan;
--> statement-breakpoint
-- As it was; what is live is only looked up for documents that no file is matched to.
create or replace function staff.matching(p_publish uuid, p_limit int)
returns table (matched int, unmatched int, missing int, unmatched_names jsonb, missing_documents jsonb)
language sql stable
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
as $$
  with matches as materialized (
    select m.key, m.file_id from staff.match_files(p_publish) m
  ), missing as materialized (
    select i.key, i.line, i.fields->>'file_name' as file_name
      from (
        select d.org_id, d.key, d.line, d.fields, d.customer_key, d.order_key, o.customer_key as order_customer,
               p.excluded_customers
          from staff.publish_items d
          join staff.publishes p on p.id = d.publish_id
          left join staff.publish_items o
            on d.order_key is not null and o.publish_id = d.publish_id and o.kind = 'order' and o.key = d.order_key
         where d.publish_id = p_publish and d.kind = 'document' and not d.excluded and not coalesce(o.excluded, false)
           and not exists (select 1 from matches m where m.key = d.key)
        offset 0) i
      left join lateral (
        select x.customer_key from staff.records x
         where i.order_key is not null and x.org_id = i.org_id and x.kind = 'order' and x.key = i.order_key offset 0) l on true
      left join lateral (
        select x.file_sha256, x.fields from staff.records x
         where x.org_id = i.org_id and x.kind = 'document' and x.key = i.key offset 0) r on true
     where not coalesce(nullif(i.customer_key, ''), nullif(i.order_customer, ''), l.customer_key, '')
                 = any (i.excluded_customers)
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
-- As it was; a customer is named once, not once for each of its files.
create or replace function staff.preparing(p_publish uuid, p_passing boolean)
returns bigint
language sql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  with pending as materialized (
    select x.org_id, x.customer_key, x.files, staff.name_in(p_publish, x.org_id, x.customer_key) as name
      from (
        select r.org_id, r.customer_key, array_agg(r.file_sha256) as files
          from staff.reviewed_items r
          join staff.publishes p on p.id = r.publish_id
         where r.publish_id = p_publish and not r.ready and r.served = 'stamped' and r.customer_key <> ''
           and case when p_passing then r.passes
                    else not r.problems @> '[{"code": "stamp_failed"}]'
                         and not exists (select 1 from jsonb_array_elements(r.problems) y
                                          where y->>'code' like 'pdf\_%' and not y ? 'overridable') end
         group by r.org_id, r.customer_key) x
  )
  select count(*)
    from pending c
   cross join lateral unnest(c.files) f(sha256)
   where not exists (
       select 1 from staff.renditions n
        where n.org_id = c.org_id and n.source_sha256 = f.sha256 and n.customer_key = c.customer_key
          and n.customer_name = c.name
          and n.stamp_version = staff.stamp_version() and n.made_at is not null and not n.lost offset 0);
$$;
--> statement-breakpoint
-- Lists what a publish's files are stamped for: a customer is named once, not once for each of its files. Called by
-- claim_renditions, as the owner.
create function staff.list_renditions(p_org uuid, p_publish uuid)
returns void
language sql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
  insert into staff.renditions (org_id, source_sha256, customer_key, customer_name, stamp_version)
  select p_org, w.sha256, c.customer_key, c.name, staff.stamp_version()
    from (
      select g.customer_key, g.files, staff.name_in(p_publish, p_org, g.customer_key) as name
        from (
          select i.customer_key, array_agg(distinct f.sha256) as files
            from staff.match_files(p_publish) m
           cross join lateral (
              select x.* from staff.publish_items x
               where x.publish_id = p_publish and x.kind = 'document' and x.key = m.key offset 0) d
           cross join lateral (select x.sha256 from staff.staged_files x where x.id = m.file_id offset 0) f
           cross join lateral (
              select y.* from staff.files y
               where y.org_id = p_org and y.sha256 = f.sha256 and y.collected_at is null offset 0) x
            left join lateral (
              select y.customer_key from staff.publish_items y
               where d.order_key is not null and y.publish_id = p_publish and y.kind = 'order' and y.key = d.order_key
               offset 0) o on true
            left join lateral (
              select y.customer_key from staff.records y
               where d.order_key is not null and y.org_id = p_org and y.kind = 'order' and y.key = d.order_key
               offset 0) l on true
           cross join lateral (select coalesce(nullif(d.customer_key, ''), nullif(o.customer_key, ''), l.customer_key, '') as customer_key) i
           where i.customer_key <> ''
             and staff.served_as(p_org, x.served, d.fields->>'document_kind') = 'stamped'
             -- A file that can never pass needs none.
             and not exists (select 1 from jsonb_array_elements(x.findings) e where not staff.is_overridable(e->>'code'))
           group by i.customer_key) g
      offset 0) c
   cross join lateral unnest(c.files) w(sha256)
   order by 2, 3, 4
  on conflict do nothing;
$$;
--> statement-breakpoint
revoke all on function staff.list_renditions(uuid, uuid) from public;
--> statement-breakpoint
-- As it was, but for the list. Called by the job make-renditions.
create or replace function staff.claim_renditions(p_org uuid, p_publish uuid, p_limit int, p_list boolean)
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
    perform staff.list_renditions(p_org, p_publish);
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
reset role;
