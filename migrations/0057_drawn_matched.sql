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
-- What an item says, with what its supplier says for all where neither it nor what is known of it does: the currency of
-- amounts, and the language of a contact that is new. Of p_known null, nothing is known. Called by review and
-- write_defaults, which read the supplier once.
create function staff.filled_in(p_kind text, p_fields jsonb, p_known jsonb, p_currency text, p_locale text)
returns jsonb
language sql stable
return case
  when p_kind in ('order', 'invoice', 'payment') and not p_fields ? 'currency'
       and p_fields ?| array['order_subtotal', 'order_tax', 'order_shipping', 'order_total', 'net', 'tax', 'total',
                             'payment_amount']
       and not coalesce(p_known ? 'currency', false)
    then p_fields || jsonb_strip_nulls(jsonb_build_object('currency', p_currency))
  when p_kind = 'contact' and not p_fields ? 'contact_language' and p_known is null
    then p_fields || jsonb_build_object('contact_language', p_locale)
  else p_fields end;
--> statement-breakpoint
revoke all on function staff.filled_in(text, jsonb, jsonb, text, text) from public;
--> statement-breakpoint
-- As it was, but for what the supplier fills in: beside what is known, which is read anyway; and money in one currency
-- that names an invoice in another settles nothing of it, which is said. Called by keep_review, as the owner, which takes
-- it in.
create or replace function staff.review(p_publish uuid, p_customers text[])
returns setof staff.reviewed_items
language sql stable
begin atomic
  with publish as materialized (
    select p.org_id, p.excluded_customers, (select g.currency from portal.orgs g where g.id = p.org_id) as currency,
           (select g.locale from portal.orgs g where g.id = p.org_id) as locale
      from staff.publishes p where p.id = p_publish
  ), staged_orders as materialized (
    select o.key, o.customer_key, o.excluded from staff.publish_items o where o.publish_id = p_publish and o.kind = 'order'
  ), owners as materialized (
    -- Whose the orders are that rows name without saying whose they are themselves: staged, else live.
    select k.order_key as key, coalesce(nullif(o.customer_key, ''), l.customer_key, '') as customer_key
      from (select distinct i.order_key from staff.publish_items i
             where i.publish_id = p_publish and i.customer_key = '' and i.order_key is not null) k
      left join staged_orders o on o.key = k.order_key
      left join lateral (
        select x.customer_key from staff.records x
         where coalesce(o.customer_key, '') = '' and x.org_id = (select p.org_id from publish p)
           and x.kind = 'order' and x.key = k.order_key offset 0) l on true
  ), staged_things as materialized (
    -- What a paper or a payment speaks of, of any customer: never compared before its owner is known.
    select i.kind, i.key, coalesce(nullif(i.customer_key, ''), w.customer_key, '') as customer_key,
           (i.fields->>'total')::numeric as total, i.fields->>'currency' as currency
      from staff.publish_items i
      left join owners w on i.customer_key = '' and w.key = i.order_key
     where i.publish_id = p_publish and i.kind in ('order', 'invoice')
  ), owned as (
    select i.org_id, i.kind, i.key, i.order_key, i.line, i.position, i.rows, i.fields, i.ticked, i.overridden,
           i.override_reason, i.overridden_by,
           coalesce(nullif(i.customer_key, ''), w.customer_key, '') as customer_key,
           i.excluded or coalesce(o.excluded, false) as left_out,
           i.problems as own_problems
      from staff.publish_items i
      left join staged_orders o on o.key = i.order_key
      left join owners w on i.customer_key = '' and w.key = i.order_key
     where i.publish_id = p_publish and (p_customers is null or i.customer_key = '' or i.customer_key = any (p_customers))
     offset 0
  ), items as materialized (
    select w.org_id, w.kind, w.key, w.order_key, w.line, w.position, w.rows,
           staff.filled_in(w.kind, w.fields, r.fields, (select p.currency from publish p), (select p.locale from publish p)) as fields,
           w.ticked, w.overridden, w.override_reason, w.overridden_by, w.customer_key, w.left_out, w.own_problems,
           w.left_out or w.customer_key = any ((select p.excluded_customers from publish p)::text[]) as is_out,
           r.fields as before, r.customer_key as before_customer, r.order_key as before_order,
           r.file_sha256 as before_file, r.file_size as before_size, r.file_name as before_name,
           r.served as before_served, r.rendition_id as before_rendition
      from owned w
      left join lateral (
        select x.* from staff.records x where x.org_id = w.org_id and x.kind = w.kind and x.key = w.key offset 0) r on true
     where p_customers is null or w.customer_key = any (p_customers)
  ), exposed as materialized (
    select e.* from staff.wanted_exposure(
      (select p.org_id from publish p),
      (select array_agg(distinct i.customer_key) from items i)) e
  ), matched as materialized (
    select m.key, f.sha256, f.size, f.name, m.files, m.documents,
           min(d.customer_key) over (partition by f.sha256) <> max(d.customer_key) over (partition by f.sha256) as of_two_customers
      from staff.match_files(p_publish) m
      join staff.staged_files f on f.id = m.file_id
      join (
        select x.key, coalesce(nullif(x.customer_key, ''), w.customer_key, '') as customer_key
          from staff.publish_items x
          left join owners w on x.customer_key = '' and w.key = x.order_key
         where x.publish_id = p_publish and x.kind = 'document') d on d.key = m.key
  ), filed as not materialized (
    select i.*, m.sha256 as new_file, m.size as new_size, m.name as new_name, m.files, m.documents,
           coalesce(m.of_two_customers, false) as of_two_customers
      from items i
      left join matched m on i.kind = 'document' and m.key = i.key
  ), guarded as materialized (
    select g.* from (
      select array_agg(f.key) as keys, array_agg(f.customer_key) as customers, array_agg(f.order_key) as orders,
             array_agg(f.new_file) as files
        from filed f where f.kind = 'document' and f.new_file is not null) d
     cross join lateral staff.guard((select p.org_id from publish p), p_publish, d.keys, d.customers, d.orders, d.files) g
     where d.keys is not null
  ), staged_addresses as materialized (
    select o.fields->>'contact_email' as email, min(o.customer_key) as first, max(o.customer_key) as last
      from staff.publish_items o where o.publish_id = p_publish and o.kind = 'contact' group by 1
  ), live_addresses as materialized (
    select r.fields->>'contact_email' as email, min(r.customer_key) as first, max(r.customer_key) as last
      from staff.records r
     where r.org_id = (select p.org_id from publish p) and r.kind = 'contact'
       and exists (select 1 from items i where i.kind = 'contact')
     group by 1
  ), domains as materialized (
    select r.customer_key, array_agg(distinct split_part(r.fields->>'contact_email', '@', 2)) as domains
      from staff.records r
     where r.org_id = (select p.org_id from publish p) and r.kind = 'contact'
       and exists (select 1 from items i where i.kind = 'contact')
     group by 1
  ), taken_back as materialized (
    select w.key from staff.withdrawn_before((select p.org_id from publish p),
                                             array(
      select case i.kind when 'document' then i.key
                         -- An invoice's amounts went with its paper.
                         else coalesce(i.fields->>'document_kind', 'invoice') || ':' || i.key end
        from items i where i.kind = 'document' or i.kind = 'invoice' and i.before is null)) w
  ), papers as materialized (
    -- Of invoices and credit notes, by the number that they carry.
    select i.customer_key, substr(i.key, strpos(i.key, ':') + 1) as number_key,
           min(split_part(i.key, ':', 1)) as first_kind, max(split_part(i.key, ':', 1)) as last_kind
      from items i
     where i.kind = 'document' and split_part(i.key, ':', 1) in ('invoice', 'credit_note') and not i.is_out
     group by 1, 2
  ), compared as (
    select f.*, b.key is not null as was_taken_back, t.customer_key as thing_customer,
           f.kind = 'invoice' and (f.before->>'document_kind' <> f.fields->>'document_kind'
             or q.first_kind <> f.fields->>'document_kind' or q.last_kind <> f.fields->>'document_kind') as is_of_two_kinds, x.sha256 is not null as inspected, x.findings, x.words, x.pages as new_pages, g.problems as guard_problems,
           case when f.new_file is null then f.before_served
                when x.sha256 is not null then staff.served_as(f.org_id, x.served, f.fields->>'document_kind') end as served,
           n.id as new_rendition, n.made_at is not null and not n.lost as is_made, coalesce(n.failed, false) as stamp_failed,
           e.kinds as shown_kinds,
           case
             when f.before is null then 'new'
             when f.before_customer <> f.customer_key
               or (f.kind <> 'order' and f.order_key is not null and f.before_order is not null
                   and f.before_order <> f.order_key) then 'conflict'
             when f.new_file <> f.before_file then 'revision'
             when (f.before || f.fields) - 'file_name' = f.before - 'file_name' then 'same'
             else 'changed'
           end as change
      from filed f
      left join exposed e on f.kind = 'document' and e.customer_key = f.customer_key
      left join lateral (
        select y.* from staff.files y where y.org_id = f.org_id and y.sha256 = f.new_file and y.collected_at is null offset 0) x on true
      left join guarded g on f.kind = 'document' and g.key = f.key
      left join taken_back b
        on b.key = case f.kind when 'document' then f.key
                               when 'invoice' then coalesce(f.fields->>'document_kind', 'invoice') || ':' || f.key end
      left join papers q on f.kind = 'invoice' and q.number_key = f.key and q.customer_key = f.customer_key
      left join staged_things t
        on f.kind = 'document' and t.key = substr(f.key, strpos(f.key, ':') + 1)
       and t.kind = case split_part(f.key, ':', 1) when 'order_confirmation' then 'order'
                         when 'invoice' then 'invoice' when 'credit_note' then 'invoice' end
      left join lateral (
        select y.* from staff.renditions y
         where f.new_file is not null and y.org_id = f.org_id and y.source_sha256 = f.new_file and y.customer_key = f.customer_key
           and y.customer_name = staff.name_in(p_publish, f.org_id, f.customer_key)
           and y.stamp_version = staff.stamp_version() offset 0) n on true
     offset 0
  -- Payments, and invoices with what was paid and credited (begin).
  ), allocated as materialized (
    -- What of a customer's payments goes to which of their invoices, once this is out.
    select a.customer_key, staff.normalise_key(a.said->>'payment_number') as payment_key,
           staff.normalise_key(a.said->>'invoice_number') as invoice_key, (a.said->>'payment_allocated')::numeric as amount
      from (
        select i.customer_key, coalesce(i.before, '{}') || i.fields as said
          from items i where i.kind = 'payment_allocation' and not i.is_out
        union all
        select r.customer_key, r.fields
          from (select distinct i.customer_key from items i
                 where i.kind in ('payment', 'payment_allocation', 'invoice')
                   -- Few orgs have any.
                   and exists (select 1 from staff.records y
                                where y.org_id = (select p.org_id from publish p) and y.kind = 'payment_allocation')) b
         cross join lateral (
           select x.* from staff.records x
            where x.org_id = (select p.org_id from publish p) and x.customer_key = b.customer_key
              and x.kind = 'payment_allocation' offset 0) r
         where not exists (select 1 from items i where i.kind = 'payment_allocation' and i.key = r.key and not i.is_out)
      ) a
  ), paid_by as materialized (
    select a.customer_key, a.payment_key, sum(a.amount) as amount from allocated a group by 1, 2
  ), paid_for as materialized (
    select a.customer_key, a.invoice_key, sum(a.amount) as amount from allocated a group by 1, 2
  ), payments as materialized (
    select i.key, i.customer_key, i.line, i.is_out, said.said, coalesce(i.before_customer = i.customer_key, false) as is_known,
           coalesce(i.before_customer <> i.customer_key, false) or i.own_problems @> '[{"severity": "blocking"}]'
             or not said.said ?& array['payment_date', 'payment_amount', 'currency'] as is_bad
      from items i cross join lateral (select coalesce(i.before, '{}') || i.fields as said offset 0) said
     where i.kind = 'payment'
  ), named as materialized (
    -- Invoices that a payment or a credit note names, as they are known or staged.
    select n.kind, n.key, n.amount, n.line,
           r.customer_key <> n.customer_key or s.customer_key not in ('', n.customer_key) as of_other_customer,
           r.key is not null or s.key is not null as is_known,
           coalesce(s.total, (r.fields->>'total')::numeric) as total,
           n.currency, coalesce(s.currency, r.fields->>'currency') as its_currency
      from (
        select i.kind, i.key, i.customer_key, i.line, null::numeric as amount, p.said->>'currency' as currency,
               staff.normalise_key(i.fields->>'invoice_number') as invoice_key
          from items i
          left join payments p on p.key = split_part(i.key, ' / ', 1) and p.customer_key = i.customer_key
         where i.kind = 'payment_allocation'
        union all
        select i.kind, i.key, i.customer_key, i.line, (x.said->>'total')::numeric, x.said->>'currency',
               staff.normalise_key(x.said->>'credited_invoice')
          from items i cross join lateral (select coalesce(i.before, '{}') || i.fields as said offset 0) x
         where i.kind = 'invoice' and x.said ? 'credited_invoice'
      ) n
      left join lateral (
        select x.key, x.customer_key, x.fields from staff.records x
         where x.org_id = (select p.org_id from publish p) and x.kind = 'invoice' and x.key = n.invoice_key offset 0) r on true
      left join staged_things s on s.kind = 'invoice' and s.key = n.invoice_key
  ), money as materialized (
    select m.kind, m.key,
           jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
             'code', m.code, 'severity', m.severity, 'line', m.line, 'value', m.value)) order by m.code) as problems
      from (
        select 'payment' as kind, p.key, p.line, x.code, x.severity, x.value
          from payments p
          left join paid_by a on a.payment_key = p.key and a.customer_key = p.customer_key
         cross join lateral (values
           ('payment_date_missing', 'blocking', not p.said ? 'payment_date', null),
           ('payment_amount_missing', 'blocking', not p.said ? 'payment_amount', null),
           ('currency_missing', 'blocking', p.said ? 'payment_amount' and not p.said ? 'currency', null),
           ('allocated_too_much', 'warning', abs(a.amount) > abs((p.said->>'payment_amount')::numeric), a.amount::text)
         ) x(code, severity, applies, value)
         where x.applies
        union all
        select 'payment_allocation', i.key, i.line, x.code, x.severity, null
          from items i
          left join payments p on p.key = split_part(i.key, ' / ', 1) and p.customer_key = i.customer_key
         cross join lateral (values
           ('allocation_amount_missing', 'blocking', not coalesce(i.before, '{}') || i.fields ? 'payment_allocated'),
           ('payment_not_published', 'blocking', not coalesce(p.is_known or not (p.is_bad or p.is_out), false))
         ) x(code, severity, applies)
         where i.kind = 'payment_allocation' and x.applies
        union all
        select n.kind, n.key, n.line, x.code, x.severity, x.value
          from named n
         cross join lateral (values
           ('invoice_of_other_customer', 'blocking', coalesce(n.of_other_customer, false), null),
           ('invoice_unknown', 'warning', not n.is_known, null),
           ('currency_differs', 'warning', not coalesce(n.of_other_customer, false) and n.currency <> n.its_currency, n.its_currency),
           ('credited_too_much', 'warning',
            n.kind = 'invoice' and abs(n.amount) > abs(n.total) and n.currency = n.its_currency is not false, n.total::text)
         ) x(code, severity, applies, value)
         where x.applies
        union all
        select 'invoice', i.key, i.line, x.code, 'warning', x.value
          from (select y.key, y.customer_key, y.line, coalesce(y.before, '{}') || y.fields as said
                  from items y where y.kind = 'invoice') i
          left join paid_for a on a.invoice_key = i.key and a.customer_key = i.customer_key
         cross join lateral (values
           ('totals_do_not_add_up',
            (i.said->>'net')::numeric + (i.said->>'tax')::numeric <> (i.said->>'total')::numeric,
            ((i.said->>'net')::numeric + (i.said->>'tax')::numeric)::text),
           ('paid_differs', a.amount <> (i.said->>'paid')::numeric, a.amount::text)
         ) x(code, applies, value)
         where x.applies
      ) m
     group by m.kind, m.key
  -- (end)
  ), found as (
    -- Lines, parcels and payments are most of a file, and have but one problem that is not their own.
    select c.*, case when c.kind = 'invoice' and c.own_problems @> '[{"code": "number_of_two_kinds"}]'
             -- Rows of two papers differ in all they say.
             then jsonb_path_query_array(c.own_problems, '$[*] ? (@.code != "contradiction")') else c.own_problems end || case when c.change = 'conflict' then jsonb_build_array(jsonb_build_object(
             'code', 'conflict', 'severity', 'blocking', 'line', c.line)) else '[]' end
           || coalesce(m.problems, '[]')
           || case when c.kind not in ('customer', 'contact', 'order', 'invoice', 'document') then '[]'
              else to_jsonb(array_remove(array[
        -- The paper of an invoice or an order that is known, or staged, as another customer's.
        staff.problem('conflict', 'blocking', c.line, c.kind = 'document' and c.change <> 'conflict' and (
            exists (select 1 from staff.records r
                     where r.org_id = c.org_id and r.customer_key <> c.customer_key
                       and r.kind = case split_part(c.key, ':', 1) when 'order_confirmation' then 'order'
                                           when 'invoice' then 'invoice' when 'credit_note' then 'invoice' end
                       and r.key = substr(c.key, strpos(c.key, ':') + 1))
            or coalesce(c.thing_customer not in ('', c.customer_key), false))),
        staff.problem('number_of_two_kinds', 'blocking', c.line,
          c.is_of_two_kinds and not c.own_problems @> '[{"code": "number_of_two_kinds"}]'),
        staff.problem('revision', 'warning', c.line, c.change = 'revision'),
        staff.problem('withdrawn_before', 'warning', c.line, c.was_taken_back),
        staff.problem('customer_unknown', 'blocking', c.line,
          c.kind = 'customer' and c.before is null and c.fields->>'customer_name' is null),
        staff.problem('order_date_missing', 'blocking', c.line,
          c.kind = 'order' and coalesce(c.fields->>'order_date', c.before->>'order_date') is null),
        staff.problem('currency_missing', 'blocking', c.line,
          c.kind in ('order', 'invoice') and coalesce(c.fields->>'currency', c.before->>'currency') is null
            and c.fields ?| array['order_subtotal', 'order_tax', 'order_shipping', 'order_total', 'net', 'tax', 'total']),
        staff.problem('file_missing', 'blocking', c.line,
          c.kind = 'document' and c.new_file is null and (c.before_file is null or c.fields ? 'file_name'
              and lower(c.fields->>'file_name') is distinct from lower(c.before->>'file_name'))),
        staff.problem('file_ambiguous', 'blocking', c.line, c.files > 1 or c.documents > 1 or c.of_two_customers),
        staff.problem('file_not_inspected', 'blocking', c.line, c.new_file is not null and not c.inspected),
        staff.problem('stamp_failed', 'blocking', c.line, c.stamp_failed and c.served = 'stamped'),
        staff.problem('no_text', 'warning', c.line, c.new_file is not null and c.words = '' and c.findings = '[]'),
        staff.problem('file_live_elsewhere', 'blocking', c.line,
          c.new_file is not null and c.new_file is distinct from c.before_file
            and exists (select 1 from staff.records r
                         where r.org_id = c.org_id and r.file_sha256 = c.new_file and r.key <> c.key),
          (select left(string_agg(substr(r.key, strpos(r.key, ':') + 1), ', ' order by r.key), 2000) from staff.records r
              where r.org_id = c.org_id and r.file_sha256 = c.new_file and r.key <> c.key)),
        staff.problem('kind_not_exposed', 'warning', c.line,
          c.kind = 'document' and not coalesce(c.fields->>'document_kind' = any (c.shown_kinds), false)),
        staff.problem('address_used_by_other_customer', 'warning', c.line, c.kind = 'contact' and c.change = 'new' and (
              exists (select 1 from live_addresses a
                       where a.email = c.fields->>'contact_email' and (a.first <> c.customer_key or a.last <> c.customer_key))
              or exists (select 1 from staged_addresses a
                          where a.email = c.fields->>'contact_email' and (a.first <> c.customer_key or a.last <> c.customer_key)))),
        staff.problem('address_at_foreign_domain', 'warning', c.line, c.kind = 'contact' and c.change = 'new'
            and exists (select 1 from domains d
                         where d.customer_key = c.customer_key
                           and split_part(c.fields->>'contact_email', '@', 2) <> all (d.domains)))
      ], null)) || coalesce((
      select jsonb_agg(x || jsonb_build_object('severity', 'blocking', 'line', c.line)) from jsonb_array_elements(c.findings) x
    ), '[]') || coalesce((
      select jsonb_agg(x || jsonb_build_object('line', c.line)) from jsonb_array_elements(c.guard_problems) x
    ), '[]') end as problems
    from compared c
    left join money m on m.kind = c.kind and m.key = c.key
     offset 0
  ), answered as (
    select f.*, case when f.problems = '[]' then f.problems else (
      select coalesce(jsonb_agg(
               case when not staff.is_overridable(x->>'code') then x
                    when f.overridden @> jsonb_build_array(staff.answer(x, f.customer_key, f.new_file))
                      then x || '{"overridable": true, "overridden": true}'
                    else x || '{"overridable": true}' end order by ord), '[]')
        from jsonb_array_elements(f.problems) with ordinality e(x, ord)) end as told
      from found f
     offset 0
  ), judged as materialized (
    select a.*, a.told <> '[]' and exists (
      select 1 from jsonb_array_elements(a.told) x
       where x->>'severity' = 'blocking' and not x ? 'overridden') as own_blocked
      from answered a
  ), customers as materialized (
    select k.key from (select distinct j.customer_key as key from judged j) k
     where exists (select 1 from staff.records r
                    where r.org_id = (select p.org_id from publish p) and r.kind = 'customer' and r.key = k.key)
    union
    select j.key from judged j where j.kind = 'customer' and not j.own_blocked and not j.is_out
  ), orders as materialized (
    select o.key, min(o.customer_key) as first, max(o.customer_key) as last
      from (
        select r.key, r.customer_key
          from (select distinct j.order_key as key from judged j where j.order_key is not null) k
         cross join lateral (
           select x.key, x.customer_key from staff.records x
            where x.org_id = (select p.org_id from publish p) and x.kind = 'order' and x.key = k.key
              and x.fields ? 'order_date' offset 0) r
        union all
        select j.key, j.customer_key
          from judged j join customers c on c.key = j.customer_key
         where j.kind = 'order' and not j.own_blocked and not j.is_out
        union all
        -- Of customers who are not looked at, as they were found.
        select t.key, t.customer_key from staff.reviewed_items t
         where p_customers is not null and t.publish_id = p_publish and t.kind = 'order'
           and not t.blocked and not t.excluded and t.customer_key <> all (p_customers)
      ) o group by o.key
  ), parented as (
    select j.*,
           j.kind <> 'customer' and c.key is null as without_customer,
           j.kind <> 'order' and j.order_key is not null and o.key is null as without_order,
           coalesce(j.kind <> 'order' and j.change <> 'conflict'
                    and (o.first <> j.customer_key or o.last <> j.customer_key), false) as of_other_customer
      from judged j
      left join customers c on c.key = j.customer_key
      left join orders o on j.kind <> 'order' and o.key = j.order_key
  ), final as (
    select p.*, case when p.without_customer or p.without_order or p.of_other_customer then p.told
             || case when p.without_customer then jsonb_build_array(jsonb_build_object(
                  'code', 'customer_not_published', 'severity', 'blocking', 'line', p.line)) else '[]' end
             || case when p.without_order then jsonb_build_array(jsonb_build_object(
                  'code', 'order_not_published', 'severity', 'blocking', 'line', p.line)) else '[]' end
             || case when p.of_other_customer then jsonb_build_array(jsonb_build_object(
                  'code', 'conflict', 'severity', 'blocking', 'line', p.line)) else '[]' end
             else p.told end as all_problems,
           p.own_blocked or p.without_customer or p.without_order or p.of_other_customer as is_blocked,
           p.change = 'revision' or (p.kind = 'contact' and p.change = 'new')
             or p.was_taken_back and p.change <> 'same' as wants_tick,
           p.overridden <> '[]' and p.told @> '[{"overridden": true}]' as is_overridden
      from parented p
  )
  select f.org_id, p_publish,
         -- Of code points, as everywhere: told without the help of a locale.
         row_number() over (order by f.customer_key collate "C", f.order_key collate "C" nulls first, f.position,
                                     f.kind collate "C", f.key collate "C")::int,
         f.kind, f.key, f.customer_key, f.order_key, f.line, f.position, f.rows, f.fields, f.before,
         case when f.of_other_customer then 'conflict' else f.change end,
         f.all_problems, f.is_blocked, f.is_out, f.wants_tick, f.ticked,
         not f.is_blocked and not f.is_out and (f.ticked or not f.wants_tick),
         coalesce(f.new_file, f.before_file), coalesce(f.new_size, f.before_size), coalesce(f.new_name, f.before_name),
         f.new_pages, f.served,
         case when f.new_file is null then f.before_rendition when f.served = 'stamped' then f.new_rendition end,
         f.new_file is null or f.served is distinct from 'stamped' or coalesce(f.is_made, false),
         case when f.is_overridden then f.override_reason end, case when f.is_overridden then f.overridden_by end
    from final f;
end;
--> statement-breakpoint
-- As it was, without a function's start for each row. On publish_items, as an approval includes them.
create or replace function staff.write_defaults()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_known jsonb;
  v_currency text;
  v_locale text;
begin
  -- An order that only says where it stands has no amounts.
  if new.kind = 'contact' or new.fields ?| array['order_subtotal', 'order_tax', 'order_shipping', 'order_total',
                                                 'net', 'tax', 'total', 'payment_amount'] then
    select r.fields into v_known from staff.records r where r.org_id = new.org_id and r.kind = new.kind and r.key = new.key;
    select g.currency, g.locale into v_currency, v_locale from portal.orgs g where g.id = new.org_id;
    new.fields := staff.filled_in(new.kind, new.fields, v_known, v_currency, v_locale);
  end if;
  return new;
end
$$;
--> statement-breakpoint
drop function staff.with_defaults(uuid, text, text, jsonb);
--> statement-breakpoint
reset role;
