-- What a large publish looks up by its keys is looked up by an index, or once: papers that are drawn, files and their
-- documents, names of customers, and what the supplier fills in.
set local role counterfoil_owner;
--> statement-breakpoint
-- As it was; but of the numbers that are named, each is looked up, whatever else there is. Called by project_drawn.
create or replace function staff.wanted_drawn(p_org uuid, p_numbers text[])
returns table (customer_id uuid, order_id uuid, kind text, number text, number_key text, dated_on date, held boolean, shown_at timestamptz)
language sql stable
set search_path = pg_catalog, pg_temp
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
reset role;
