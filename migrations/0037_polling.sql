-- What carriers are asked and what they tell: the queue and its budgets, and what follows for shipments, orders
-- and the days on which parcels are expected.
set local role counterfoil_owner;
--> statement-breakpoint
ALTER TABLE "staff"."carrier_state" ADD COLUMN "recent_calls" jsonb DEFAULT '{}'::jsonb NOT NULL;
--> statement-breakpoint
-- Whether a row was there before this transaction: what an approval has just made is no news of a change.
create function staff.was_shown(p_id uuid)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(uuid_extract_timestamp(p_id) < date_trunc('milliseconds', now()), true);
$$;
--> statement-breakpoint
-- The carrier that a supplier means, as carrierOf of worker/carriers/tracking-page.ts has it; null: another one,
-- or two in one name. A test holds them together.
create function staff.carrier_of(p_name text)
returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select min(n.carrier)
    from (select ' ' || btrim(regexp_replace(
                   regexp_replace(lower(normalize(p_name, NFKC)), '[.''’]', '', 'g'),
                   '[^a-z0-9\u00c0-\u1fff\u2c00-\u2fff\u3040-\uffff]+', ' ', 'g')) || ' ' as words) s
    join (values ('fedex', 'fedex'), ('fedex', 'fed ex'), ('fedex', 'federal express'), ('fedex', 'fdeg'),
                 ('ups', 'ups'), ('ups', 'united parcel service'), ('ups', 'united parcel services'), ('ups', 'upsn'),
                 ('usps', 'usps'), ('usps', 'us post'), ('usps', 'us postal service'), ('usps', 'us postal services'),
                 ('usps', 'us mail'), ('usps', 'united states post'), ('usps', 'united states postal service'),
                 ('usps', 'united states postal services'), ('usps', 'united states mail')) n(carrier, name)
      on strpos(s.words, ' ' || n.name || ' ') > 0
  having count(distinct n.carrier) = 1 and bool_or(starts_with(s.words, ' ' || n.name || ' '));
$$;
--> statement-breakpoint
-- When a parcel is asked about again; null: never. Asked on the half hour, so five minutes less than what is
-- meant: what was answered a moment after one is due at the next. p_done: when it was delivered or returned.
create function staff.next_poll(p_status text, p_done timestamptz, p_since date, p_is_known boolean)
returns timestamptz
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select case
    when p_since + 120 <= now()::date then null
    when p_status in ('delivered', 'returned') then
      case when p_done + interval '3 days' > now() then now() + interval '12 hours' end
    when not p_is_known and p_since + 5 < now()::date then now() + interval '6 hours'
    when p_status in ('unknown', 'label_created') then now() + interval '55 minutes'
    else now() + interval '25 minutes' end;
$$;
--> statement-breakpoint
-- Puts shipments of carriers that can be asked into the queue, or brings their places there up to date. Called
-- by the triggers below, as the owner.
create function staff.enrol_shipments(p_org uuid, p_shipments uuid[])
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
  with theirs as materialized (
    select x.* from unnest(p_shipments) k(id)
     cross join lateral (
       select y.* from portal.shipments y where y.id = k.id and y.carrier is not null and y.tracking_number is not null offset 0) x
  ), named as materialized (
    select d.carrier as name, staff.carrier_of(d.carrier) as carrier from (select distinct t.carrier from theirs t) d
  )
  insert into staff.polled_shipments (org_id, shipment_id, order_id, carrier, number, shipped_on, next_poll_at)
  select p_org, s.id, s.order_id, c.carrier, upper(regexp_replace(s.tracking_number, '[^0-9A-Za-z]', '', 'g')),
         r.shipped_on, case when coalesce(r.shipped_on, o.placed_on) + 120 > now()::date then now() end
    from theirs s
    join named c on c.name = s.carrier and c.carrier is not null
   cross join lateral (select x.placed_on from portal.orders x where x.id = s.order_id offset 0) o
   cross join lateral (
      -- The day may be kept from the customer, and still says which parcel it is.
      select coalesce(s.shipped_on, (
        select (x.fields->>'shipped_at')::date from staff.records x
         where x.org_id = p_org and x.kind = 'shipment' and x.key = s.shipment_key)) as shipped_on offset 0) r
  on conflict (shipment_id) do update
     set number = excluded.number, shipped_on = excluded.shipped_on,
         next_poll_at = coalesce(polled_shipments.next_poll_at, excluded.next_poll_at)
   where (polled_shipments.number, polled_shipments.shipped_on) is distinct from (excluded.number, excluded.shipped_on);
$$;
--> statement-breakpoint
-- An order's status when its supplier says p_said and its shipments what they say. They bring it forward, never
-- back, and nothing brings back what is cancelled or moves a draft.
create function staff.followed_status(p_order uuid, p_said text)
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select case
      when p_said in ('draft', 'delivered', 'cancelled') then p_said
      when s.all_delivered then 'delivered'
      when s.some_moved then 'shipped'
      else p_said end
    from (select bool_and(x.status = 'delivered') as all_delivered,
                 bool_or(x.status in ('picked_up', 'in_transit', 'out_for_delivery', 'delivered', 'returned')
                         or x.status = 'exception' and x.substatus is distinct from 'cancelled') as some_moved
            from portal.shipments x
            -- Said twice, so that a table without statistics is looked up by its order and not by its org.
           where x.order_id = p_order and x.order_id = any (array[p_order])) s;
$$;
--> statement-breakpoint
-- A file that says less than the order's shipments do is no change: else each approval would be news.
create function staff.heed_shipments()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform set_config('counterfoil.org', new.org_id::text, true);
  new.status := staff.followed_status(new.id, new.status);
  return new;
end
$$;
--> statement-breakpoint
-- Before orders_note_status, by its name: that one is to see what is left of the change.
create trigger orders_follow_shipments before update of status on portal.orders
  for each row when (old.status is distinct from new.status) execute function staff.heed_shipments();
--> statement-breakpoint
-- Gives orders the status that follows from what their supplier says and where their shipments are. An order
-- that no record speaks of is left alone. Called by settle_told and the triggers below, as the owner.
create function staff.settle_orders(p_orders uuid[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_told bigint;
begin
  with said as materialized (
    select o.id, o.status as before, staff.followed_status(o.id, r.said) as status
      from unnest(p_orders) k(id)
     cross join lateral (select x.* from portal.orders x where x.id = k.id offset 0) o
     cross join lateral (
        select x.fields->>'order_status' as said from staff.records x
         where x.org_id = o.org_id and x.kind = 'order' and x.key = o.number_key offset 0) r
  ), settled as (
    update portal.orders o set status = s.status
      from said s
     where o.id = s.id and o.status is distinct from s.status
    returning o.id, o.org_id, o.customer_id, s.before, o.status
  )
  select count(audit.append(x.org_id, 'system', null, x.customer_id, null, 'order.status_changed', 'order', x.id::text,
                            jsonb_build_object('before', x.before, 'after', x.status))::text)
    into v_told from settled x where staff.was_shown(x.id);
end
$$;
--> statement-breakpoint
-- Gives shipments the status that their events say: the newest one's. What is delivered can only still go
-- wrong or come back; what comes back is on its way to the sender, and delivered to them, so only staff can say
-- otherwise. An event that says nothing counts where there is no other, and so does one that is still to come.
-- p_current: by shipment, what its carrier says where there is no event yet. Then their orders follow. Called by
-- settle_shipments and keep_tracking, as the owner.
create function staff.settle_told(p_shipments uuid[], p_current jsonb)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_orders uuid[];
  v_told bigint;
begin
  with said as materialized (
    select s.id, s.status as before, n.status, n.substatus, n.delivered_at,
           case when n.status = 'delivered' then s.signed_by end as signed_by
      from unnest(p_shipments) k(id)
     cross join lateral (select x.* from portal.shipments x where x.id = k.id offset 0) s
      left join lateral (
        select t.status, t.substatus, t.at from portal.tracking_events t
         where t.shipment_id = s.id
           and (t.status in ('delivered', 'exception', 'returned') or not exists (
             select 1 from portal.tracking_events d
              where d.shipment_id = s.id and d.status = 'delivered' and d.at <= t.at))
           and (t.status in ('exception', 'returned') or not exists (
             select 1 from portal.tracking_events r
              where r.shipment_id = s.id and r.status = 'returned' and r.at <= t.at
                and not exists (
                  select 1 from portal.tracking_events c
                   where c.shipment_id = s.id and c.source = 'staff' and c.status not in ('exception', 'returned')
                     and c.at between r.at and t.at)))
         order by t.at > now(), t.status = 'unknown', t.at desc,
                  array_position(array['label_created', 'picked_up', 'in_transit', 'out_for_delivery',
                                       'exception', 'delivered', 'returned'], t.status) desc nulls last
         limit 1) e on true
     cross join lateral (
        select coalesce(e.status, p_current->(s.id::text)->>'status',
                        case when s.checked_at is not null and s.status = 'label_created' then s.status end,
                        'unknown') as status,
               case when e.status is null then p_current->(s.id::text)->>'substatus' else e.substatus end as substatus,
               case when e.status = 'delivered' then (
                      -- The first that says so since it last went wrong: carriers say it twice.
                      select min(d.at) from portal.tracking_events d
                       where d.shipment_id = s.id and d.status = 'delivered' and d.at > coalesce((
                         select max(x.at) from portal.tracking_events x
                          where x.shipment_id = s.id and x.status in ('exception', 'returned') and x.at < e.at), '-infinity'))
                    when e.status is null and p_current->(s.id::text)->>'status' = 'delivered'
                      then (p_current->(s.id::text)->>'deliveredAt')::timestamptz end as delivered_at
        offset 0) n
  ), settled as (
    update portal.shipments s
       set status = n.status, substatus = n.substatus, delivered_at = n.delivered_at, signed_by = n.signed_by
      from said n
     where s.id = n.id
       and (s.status, s.substatus, s.delivered_at, s.signed_by)
           is distinct from (n.status, n.substatus, n.delivered_at, n.signed_by)
    returning s.id, s.org_id, s.customer_id, s.order_id, n.before, s.status, s.substatus
  )
  select array_agg(distinct x.order_id),
         count(case when x.before <> x.status and staff.was_shown(x.id) then
                 audit.append(x.org_id, 'system', null, x.customer_id, null, 'shipment.status_changed', 'shipment', x.id::text,
                              jsonb_strip_nulls(jsonb_build_object('order', x.order_id, 'before', x.before,
                                                                   'after', x.status, 'substatus', x.substatus)))::text end)
    into v_orders, v_told from settled x;
  if v_orders is not null then
    perform staff.settle_orders(v_orders);
  end if;
end
$$;
--> statement-breakpoint
-- As in 0025; and its substatus, when it was delivered, and what follows for its order. Called by
-- project_events, and by whoever adds an event.
create or replace function staff.settle_shipments(p_shipments uuid[])
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
  select staff.settle_told(p_shipments, '{}');
$$;
--> statement-breakpoint
-- What is new is asked about, and an order that was all delivered is not while another parcel is to come.
create function staff.take_up_shipments()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v record;
begin
  for v in select a.org_id, array_agg(a.id) as shipments, array_agg(distinct a.order_id) as orders from added a group by a.org_id loop
    perform set_config('counterfoil.org', v.org_id::text, true);
    perform staff.enrol_shipments(v.org_id, v.shipments);
    perform staff.settle_orders(array(
      -- An order as new as they are has no other parcel that says anything.
      select k.id from (select x.id from unnest(v.orders) x(id) where staff.was_shown(x.id) offset 0) k
       where exists (select 1 from portal.shipments s where s.order_id = k.id and s.order_id = any (array[k.id]) and s.status <> 'unknown' offset 0)));
  end loop;
  return null;
end
$$;
--> statement-breakpoint
create trigger shipments_taken_up after insert on portal.shipments referencing new table as added
  for each statement execute function staff.take_up_shipments();
--> statement-breakpoint
create function staff.let_go_shipments()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v record;
begin
  for v in select g.org_id, array_agg(distinct g.order_id) as orders from gone g group by g.org_id loop
    perform set_config('counterfoil.org', v.org_id::text, true);
    perform staff.settle_orders(v.orders);
  end loop;
  return null;
end
$$;
--> statement-breakpoint
create trigger shipments_let_go after delete on portal.shipments referencing old table as gone
  for each statement execute function staff.let_go_shipments();
--> statement-breakpoint
-- Whether an order's papers are held back: while its supplier calls it a draft or pending, wherever its parcels
-- are. Called by the triggers below, as the owner.
create function staff.holds_papers(p_order uuid)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(case when r.key is null then o.status else r.fields->>'order_status' end in ('draft', 'pending'), false)
    from portal.orders o
    left join lateral (
      select x.key, x.fields from staff.records x
       where x.org_id = o.org_id and x.kind = 'order' and x.key = o.number_key offset 0) r on true
   where o.id = p_order;
$$;
--> statement-breakpoint
-- As it was, by what the supplier says: a scan, or an event that somebody typed, discloses no invoice.
create or replace function portal.hold_invoices()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_held boolean;
begin
  perform set_config('counterfoil.org', new.org_id::text, true);
  v_held := staff.holds_papers(new.id);
  update portal.invoices v set held = v_held where v.org_id = new.org_id and v.order_id = new.id and v.held <> v_held;
  update portal.documents d set held = v_held where d.org_id = new.org_id and d.order_id = new.id and d.held <> v_held;
  return null;
end
$$;
--> statement-breakpoint
-- The supplier says otherwise, which may be what the order's shipments said before: then its status stays.
create function staff.hold_said()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_order uuid;
  v_held boolean;
begin
  perform set_config('counterfoil.org', new.org_id::text, true);
  select o.id into v_order from portal.orders o where o.org_id = new.org_id and o.number_key = new.key;
  if v_order is not null then
    v_held := staff.holds_papers(v_order);
    update portal.invoices v set held = v_held where v.org_id = new.org_id and v.order_id = v_order and v.held <> v_held;
    update portal.documents d set held = v_held where d.org_id = new.org_id and d.order_id = v_order and d.held <> v_held;
  end if;
  return null;
end
$$;
--> statement-breakpoint
create trigger records_hold_papers after update of fields on staff.records
  for each row when (new.kind = 'order'
                     and coalesce(old.fields->>'order_status' in ('draft', 'pending'), false)
                         <> coalesce(new.fields->>'order_status' in ('draft', 'pending'), false))
  execute function staff.hold_said();
--> statement-breakpoint
-- A paper is projected with the status that its order has: of one that its shipments brought forward it is held
-- all the same.
create function staff.hold_projected()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v record;
begin
  for v in
    select t.org_id, array_agg(distinct t.order_id) as orders from touched t
     where t.order_id is not null and not t.held group by t.org_id
  loop
    perform set_config('counterfoil.org', v.org_id::text, true);
    v.orders := array(
      select o.id from unnest(v.orders) k(id)
       cross join lateral (
          select x.id from portal.orders x where x.id = k.id and x.status in ('shipped', 'delivered') offset 0) o
       where staff.holds_papers(o.id));
    if cardinality(v.orders) > 0 then
      execute format('update portal.%I p set held = true where p.order_id = any ($1) and not p.held', tg_table_name)
        using v.orders;
    end if;
  end loop;
  return null;
end
$$;
--> statement-breakpoint
do $$
declare
  t text;
begin
  foreach t in array array['invoices', 'documents'] loop
    execute format('create trigger %1$s_held_insert after insert on portal.%1$s referencing new table as touched
                    for each statement execute function staff.hold_projected()', t);
    execute format('create trigger %1$s_held_update after update on portal.%1$s referencing new table as touched
                    for each statement execute function staff.hold_projected()', t);
  end loop;
end
$$;
--> statement-breakpoint
-- What no longer holds goes: all that tracking told when the number is kept from the customer, what the carrier
-- told when it was another one, and our own guess when somebody gives a day or the parcel is there.
create function staff.forget_tracking()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if new.tracking_number is null then
    new.status := 'unknown';
    new.substatus := null;
    new.delivered_at := null;
  end if;
  if new.tracking_number is null or new.carrier is distinct from old.carrier then
    new.checked_at := null;
    new.signed_by := null;
    new.carrier_estimate := null;
  end if;
  if new.tracking_number is null or new.estimated_delivery is not null or new.carrier_estimate is not null
     or new.status in ('delivered', 'returned') then
    new.predicted_delivery := null;
    new.predicted_latest := null;
  end if;
  return new;
end
$$;
--> statement-breakpoint
create trigger shipments_forget_tracking before update on portal.shipments
  for each row when (new.tracking_number is null and old.tracking_number is not null
                     or new.carrier is distinct from old.carrier
                     or new.predicted_delivery is not null
                        and (new.estimated_delivery is not null or new.carrier_estimate is not null
                             or new.status in ('delivered', 'returned')))
  execute function staff.forget_tracking();
--> statement-breakpoint
-- The queue follows what a shipment is now said to be, and events go with what they were about.
create function staff.follow_shipment()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_carrier text := staff.carrier_of(new.carrier);
begin
  perform set_config('counterfoil.org', new.org_id::text, true);
  delete from staff.polled_shipments p
   where p.shipment_id = new.id and (new.tracking_number is null or p.carrier is distinct from v_carrier);
  delete from portal.tracking_events t
   where t.shipment_id = new.id
     and (new.tracking_number is null
          or t.source = 'carrier' and old.carrier is distinct from new.carrier
             and not starts_with(t.event_key, coalesce(v_carrier, '') || ':'));
  if found then
    perform staff.settle_shipments(array[new.id]);
  end if;
  if new.tracking_number is null then
    perform staff.settle_orders(array[new.order_id]);
  end if;
  delete from portal.delivery_estimates d
   where d.shipment_id = new.id and d.source = 'carrier' and new.carrier_estimate is null
     and (new.tracking_number is null or old.carrier is distinct from new.carrier);
  perform staff.enrol_shipments(new.org_id, array[new.id]);
  return null;
end
$$;
--> statement-breakpoint
create trigger shipments_followed after update of carrier, tracking_number, shipped_on on portal.shipments
  for each row when (old.carrier is distinct from new.carrier
                     or old.tracking_number is distinct from new.tracking_number
                     or old.shipped_on is distinct from new.shipped_on)
  execute function staff.follow_shipment();
--> statement-breakpoint
-- Keeps what the supplier said before, once they say another day. The first is as old as the shipment.
create function staff.note_estimate()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform set_config('counterfoil.org', new.org_id::text, true);
  if new.estimated_delivery is null then
    delete from portal.delivery_estimates d where d.shipment_id = new.id and d.source = 'supplier';
    return null;
  end if;
  insert into portal.delivery_estimates (org_id, customer_id, order_id, shipment_id, day, source, told_at)
  select new.org_id, new.customer_id, new.order_id, new.id, old.estimated_delivery, 'supplier',
         coalesce(uuid_extract_timestamp(new.id), now())
   where old.estimated_delivery is not null
     and not exists (select 1 from portal.delivery_estimates d where d.shipment_id = new.id and d.source = 'supplier')
  union all
  select new.org_id, new.customer_id, new.order_id, new.id, new.estimated_delivery, 'supplier', now();
  return null;
end
$$;
--> statement-breakpoint
create trigger shipments_note_estimate after update of estimated_delivery on portal.shipments
  for each row when (old.estimated_delivery is distinct from new.estimated_delivery)
  execute function staff.note_estimate();
--> statement-breakpoint
-- A customer from whom the day is kept has no earlier ones either, nor the carrier's, nor ours.
create function staff.hide_estimates()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_shipments uuid[];
begin
  perform set_config('counterfoil.org', new.org_id::text, true);
  select array_agg(s.id) into v_shipments
    from portal.customers c
    join portal.orders o on o.customer_id = c.id
    join portal.shipments s on s.order_id = o.id
   where c.org_id = new.org_id and c.code_key = new.customer_key;
  update portal.shipments s set carrier_estimate = null, predicted_delivery = null, predicted_latest = null
   where s.id = any (v_shipments) and coalesce(s.carrier_estimate, s.predicted_delivery) is not null;
  delete from portal.delivery_estimates d where d.shipment_id = any (v_shipments);
  return null;
end
$$;
--> statement-breakpoint
create trigger exposures_hide_estimates after update of granted_fields on staff.exposures
  for each row when ('estimated_delivery' = any (old.granted_fields)
                     and not coalesce('estimated_delivery' = any (new.granted_fields), false))
  execute function staff.hide_estimates();
--> statement-breakpoint
-- As in 0025; and what somebody else has told already is not told twice.
create or replace function staff.project_events(p_org uuid, p_kinds text[], p_keys text[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  -- What comes behind the shipment's key: the time and the status.
  c_event constant text := '^(.*):(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?:[a-z_]+)$';
  v_shipments text[];
begin
  if 'tracking_event' <> all (p_kinds)
     and not exists (select 1 from staff.records r where r.org_id = p_org and r.kind = 'tracking_event') then
    return;
  end if;

  -- Found once, not once for each event that is there.
  with gone as materialized (
     select s.id, k.parts[2] as event_key
       from (select x.key, regexp_match(x.key, c_event) as parts from unnest(p_kinds, p_keys) x(kind, key)
              where x.kind = 'tracking_event'
                and not exists (
                  select 1
                    from (select y.customer_key from staff.records y
                           where y.org_id = p_org and y.kind = 'tracking_event' and y.key = x.key offset 0) r
                   cross join lateral (
                     select y.granted_fields from staff.exposures y
                      where y.org_id = p_org and y.customer_key = r.customer_key offset 0) e
                   where 'tracking_number' = any (e.granted_fields) offset 0)
             offset 0) k
      cross join lateral (
        select x.id from portal.shipments x where x.org_id = p_org and x.shipment_key = k.parts[1] offset 0) s
  )
  delete from portal.tracking_events t using gone g
   where t.shipment_id = g.id and t.event_key = g.event_key and t.source = 'import';

  select array_agg(distinct s.key) into v_shipments
    from (select case k.kind when 'shipment' then k.key else (regexp_match(k.key, c_event))[1] end as key
            from unnest(p_kinds, p_keys) k(kind, key) where k.kind in ('shipment', 'tracking_event')) s;

  insert into portal.tracking_events (org_id, customer_id, order_id, shipment_id, event_key, at, status, city, source)
  select p_org, s.customer_id, s.order_id, s.id, n.parts[2],
         a.at, r.fields->>'event_status', r.fields->>'event_city', 'import'
    from (
      select distinct y.customer_id from unnest(v_shipments) k(key)
       cross join lateral (
         select x.customer_id from portal.shipments x where x.org_id = p_org and x.shipment_key = k.key offset 0) y) w
    join portal.orgs g on g.id = p_org
   cross join lateral (select x.* from portal.customers x where x.id = w.customer_id offset 0) c
   cross join lateral (
      select x.* from staff.exposures x
       where x.org_id = p_org and x.customer_key = c.code_key and 'tracking_number' = any (x.granted_fields) offset 0) e
   cross join lateral (
      select x.* from staff.records x
       where x.org_id = p_org and x.customer_key = c.code_key and x.kind = 'tracking_event' offset 0) r
   cross join lateral (select regexp_match(r.key, c_event) as parts offset 0) n
   cross join lateral (
      select x.* from portal.shipments x
       where x.org_id = p_org and x.shipment_key = n.parts[1] and x.customer_id = c.id offset 0) s
   cross join lateral (
      select case when r.fields->>'event_time' like '%Z' then (r.fields->>'event_time')::timestamptz
                  else (r.fields->>'event_time')::timestamp at time zone g.time_zone end as at offset 0) a
   where not exists (
           select 1 from portal.tracking_events x
            where x.shipment_id = s.id and x.source <> 'import' and x.at = a.at and x.status = r.fields->>'event_status' offset 0)
  on conflict (shipment_id, event_key) do update
     set at = excluded.at, city = excluded.city
   where tracking_events.source = 'import'
     and (tracking_events.at, tracking_events.city) is distinct from (excluded.at, excluded.city);

  perform staff.settle_shipments(array(
    select y.id from unnest(v_shipments) k(key)
     cross join lateral (
       select x.id from portal.shipments x where x.org_id = p_org and x.shipment_key = k.key offset 0) y));
end
$$;
--> statement-breakpoint
-- Takes calls from a carrier's hour, and leases the parcels that they are for, for two minutes: never asked first,
-- then those that wait longest. Two at once go one after the other, by the carrier's row. Calls are remembered by
-- the minute, for an hour and a lease, since a call may be made as late as its lease ends; so whichever hour the
-- carrier counts, it sees no more than it may. A carrier that failed is tried with one call. Gives one row: `ok`,
-- `idle` (nothing is due), `over_budget` or `open` (it is left alone), the calls with the minute that they were
-- counted in, and the parcels. Runs as its caller.
-- Called by the job poll-carriers.
create function staff.claim_parcels(p_carrier text, p_batch int, p_per_hour int, p_calls int)
returns table (status text, lease uuid, calls int, minute bigint, sealed_token text, parcels jsonb)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  v staff.carrier_state;
  v_minute bigint;
  v_recent jsonb;
  v_used int;
  v_since bigint;
  v_calls int;
  v_taken int;
  v_lease uuid := gen_random_uuid();
  v_parcels jsonb;
begin
  insert into staff.carrier_state (carrier) values (p_carrier) on conflict (carrier) do nothing;
  select c.* into v from staff.carrier_state c where c.carrier = p_carrier for update;
  if v.open_until > clock_timestamp() then
    return query select 'open', null::uuid, 0, v_minute, null::text, '[]'::jsonb;
    return;
  end if;

  v_minute := floor(extract(epoch from clock_timestamp()) / 60);
  select coalesce(jsonb_object_agg(r.key, r.value), '{}'), coalesce(sum(r.value::int), 0), min(r.key::bigint)
    into v_recent, v_used, v_since
    from jsonb_each(v.recent_calls) r where r.key::bigint > v_minute - 63;
  v_calls := least(case when v.failures >= 5 then 1 else p_calls end, p_per_hour - v_used);
  if v_calls <= 0 then
    return query
      select case when exists (select 1 from staff.polled_shipments p where p.carrier = p_carrier and p.next_poll_at <= now())
                  then 'over_budget' else 'idle' end, null::uuid, 0, v_minute, null::text, '[]'::jsonb;
    return;
  end if;

  with due as (
    select p.shipment_id from staff.polled_shipments p
     where p.carrier = p_carrier and p.next_poll_at <= clock_timestamp()
       and coalesce(p.leased_until <= clock_timestamp(), true)
     order by p.checked_at is null and p.last_error is null desc, p.next_poll_at
     limit p_batch * v_calls
     for update skip locked
  ), leased as (
    update staff.polled_shipments p set lease = v_lease, leased_until = clock_timestamp() + interval '2 minutes'
      from due d where p.shipment_id = d.shipment_id
    returning p.*
  )
  select coalesce(jsonb_agg(jsonb_build_object('org', l.org_id, 'shipment', l.shipment_id, 'number', l.number,
                                               'shippedOn', l.shipped_on, 'uniqueId', l.unique_id,
                                               'isNew', l.checked_at is null, 'failures', l.failures)), '[]')
    into v_parcels from leased l;
  v_taken := ceil(jsonb_array_length(v_parcels)::numeric / p_batch);
  if v_taken = 0 then
    return query select 'idle', null::uuid, 0, v_minute, null::text, '[]'::jsonb;
    return;
  end if;
  update staff.carrier_state c
     set recent_calls = v_recent || jsonb_build_object(v_minute::text, coalesce((v_recent->>v_minute::text)::int, 0) + v_taken),
         hour_calls = v_used + v_taken, hour_started_at = greatest(to_timestamp(v_since * 60), clock_timestamp() - interval '59 minutes'),
         -- Whoever else comes while it is tried leaves it alone.
         open_until = case when v.failures >= 5 then clock_timestamp() + interval '2 minutes' end
   where c.carrier = p_carrier;
  return query
    select 'ok', v_lease, v_taken, v_minute, case when v.token_expires_at > clock_timestamp() + interval '1 minute' then v.sealed_token end, v_parcels;
end
$$;
--> statement-breakpoint
-- Tells the staff of each org with parcels under way that their carrier does not answer (p_reason), or settles that
-- when it does again (null). Called by note_calls.
create function staff.alert_carrier(p_carrier text, p_reason text)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_org uuid;
begin
  for v_org in select g.id from portal.orgs g order by g.id loop
    perform set_config('counterfoil.org', v_org::text, true);
    if p_reason is null then
      update staff.alerts a set resolved_at = now()
       where a.org_id = v_org and a.kind = 'carrier_down' and a.subject = p_carrier and a.resolved_at is null;
    else
      insert into staff.alerts (org_id, kind, subject, params)
      select v_org, 'carrier_down', p_carrier, jsonb_build_object('carrier', p_carrier, 'reason', p_reason)
       where exists (select 1 from staff.polled_shipments p
                      where p.org_id = v_org and p.carrier = p_carrier and p.next_poll_at is not null)
      on conflict do nothing;
    end if;
    if found then
      perform audit.append(v_org, 'system', null, null, null,
                           case when p_reason is null then 'alert.resolved' else 'alert.raised' end, 'carrier', p_carrier,
                           jsonb_strip_nulls(jsonb_build_object('kind', 'carrier_down', 'reason', p_reason)));
    end if;
  end loop;
end
$$;
--> statement-breakpoint
-- Says how some calls to a carrier went: p_failed of them failed since the last that did not, if p_answered had an
-- answer at all. Five in a row and it is left alone for half an hour, then for twice as long each time, for six
-- hours at most; or for as long as it asked for. True when that begins. Calls that were taken in p_minute and not made
-- are given back. Runs as its caller. Called by the job
-- poll-carriers.
create function staff.note_calls(p_carrier text, p_answered int, p_failed int, p_reason text, p_retry_after int,
                                 p_minute bigint, p_unused int)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v staff.carrier_state;
  v_failures int;
begin
  select c.* into v from staff.carrier_state c where c.carrier = p_carrier for update;
  v_failures := case when p_answered > 0 then p_failed
                     when v.failures >= 5 then v.failures + least(p_failed, 1)
                     else least(v.failures + p_failed, 5) end;
  update staff.carrier_state c
     set failures = v_failures,
         recent_calls = case when p_unused > 0 and c.recent_calls ? p_minute::text
                             then c.recent_calls || jsonb_build_object(p_minute::text, (c.recent_calls->>p_minute::text)::int - p_unused)
                             else c.recent_calls end,
         hour_calls = greatest(c.hour_calls - p_unused, 0),
         last_success_at = case when p_answered > 0 then clock_timestamp() else c.last_success_at end,
         last_error = coalesce(p_reason, c.last_error),
         last_error_at = case when p_reason is not null then clock_timestamp() else c.last_error_at end,
         open_until = greatest(
           case when v_failures >= 5 and p_failed > 0
                then clock_timestamp() + least(interval '30 minutes' * 2 ^ least(v_failures - 5, 4), interval '6 hours') end,
           case when p_retry_after > 0 then clock_timestamp() + make_interval(secs => least(p_retry_after, 21600)) end,
           -- Nothing was asked after all: whoever tried it has its lease.
           case when p_answered = 0 and p_failed = 0 then c.open_until end)
   where c.carrier = p_carrier;
  -- Half an hour is nobody's trouble; what goes on after it, or will not mend by itself, is.
  if p_failed > 0 and (v_failures > 5 or v_failures = 5 and p_reason = 'bad_credentials') then
    perform staff.alert_carrier(p_carrier, p_reason);
  elsif v.failures >= 5 and p_answered > 0 then
    perform staff.alert_carrier(p_carrier, null);
  end if;
  return v_failures >= 5 and p_failed > 0;
end
$$;
--> statement-breakpoint
-- Keeps what a carrier told of some parcels of one org: events once each, the status they make, its own estimate
-- with what it was before. Of what is not in hand under this lease any more, nothing. Called by keep_tracking, as
-- the owner.
create function staff.keep_answers(p_org uuid, p_carrier text, p_lease uuid, p_answers jsonb)
returns int
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_all uuid[];
  v_answered uuid[];
  v_told jsonb;
  v_current jsonb;
begin
  -- Each with what it may not be older than: a number that was another parcel's before tells of that one too.
  with told as (
    select a.*, p.number, p.shipped_on, s.tracking_number is not null as is_shown,
           (coalesce(p.shipped_on, o.placed_on) - 10)::timestamptz as since,
           coalesce('estimated_delivery' = any (e.granted_fields), false) as shows_day
      from jsonb_to_recordset(p_answers) as a(org uuid, shipment uuid, failed text, found boolean, reason text, events jsonb)
      join staff.polled_shipments p on p.shipment_id = a.shipment
      join portal.shipments s on s.id = a.shipment
      join portal.orders o on o.id = s.order_id
      join portal.customers c on c.id = s.customer_id
      left join staff.exposures e on e.org_id = p_org and e.customer_key = c.code_key
     where a.org = p_org and p.org_id = p_org and p.carrier = p_carrier and p.lease = p_lease
  )
  select array_agg(t.shipment), array_agg(t.shipment) filter (where t.failed is null and t.reason is distinct from 'bad_number' and t.is_shown),
         jsonb_object_agg(t.shipment, jsonb_build_object(
           'number', t.number, 'since', t.since, 'showsDay', t.shows_day,
           'isOther', jsonb_array_length(coalesce(t.events, '[]')) > 0 and not exists (
              select 1 from jsonb_to_recordset(t.events) x(at timestamptz) where x.at >= t.since)))
    into v_all, v_answered, v_told
    from told t;
  if v_all is null then
    return 0;
  end if;

  insert into portal.tracking_events (org_id, customer_id, order_id, shipment_id, event_key, at, status, substatus,
                                      city, description, source, code)
  select distinct on (s.id, k.event_key)
         p_org, s.customer_id, s.order_id, s.id, k.event_key,
         x.at, x.status, x.substatus, x.city, x.description, 'carrier', x.code
    from jsonb_to_recordset(p_answers) as a(shipment uuid, found boolean, events jsonb)
    join portal.shipments s on s.id = a.shipment
   cross join rows from (
           jsonb_to_recordset(coalesce(a.events, '[]'))
             as (at timestamptz, status text, substatus text, city text, description text, code text))
           with ordinality as x(at, status, substatus, city, description, code, place)
   cross join lateral (
      select concat_ws(':', p_carrier, v_told->(s.id::text)->>'number',
                       to_char(x.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                       coalesce(x.code, x.status), lower(coalesce(x.city, ''))) as event_key) k
   where a.shipment = any (v_answered) and a.found
     and x.at >= (v_told->(s.id::text)->>'since')::timestamptz and x.at <= now() + interval '1 day'
     and not exists (select 1 from portal.tracking_events t
                      where t.shipment_id = s.id and t.source <> 'carrier' and t.at = x.at and t.status = x.status)
   order by s.id, k.event_key, x.place
  -- A known scan may be said to be late, or no longer, without a new one; and what is said of a code that nobody
  -- knows is said only while it is the newest.
  on conflict (shipment_id, event_key) do update
     set status = excluded.status, substatus = excluded.substatus, description = excluded.description
   where tracking_events.source = 'carrier'
     and (excluded.status <> 'unknown' or tracking_events.status = 'unknown')
     and (tracking_events.status, tracking_events.substatus, tracking_events.description)
         is distinct from (excluded.status, excluded.substatus, excluded.description);

  update portal.shipments s
     set checked_at = now(),
         signed_by = case when a.is_told then coalesce(a."signedBy", s.signed_by) else s.signed_by end,
         carrier_estimate = case
           when not (v_told->(s.id::text)->>'showsDay')::boolean then null
           when a.is_told and s.status <> 'delivered' then a."estimatedDelivery"
           else s.carrier_estimate end
    from (select x.*, x.found and not (v_told->(x.shipment::text)->>'isOther')::boolean as is_told
            from jsonb_to_recordset(p_answers)
              as x(shipment uuid, found boolean, "signedBy" text, "estimatedDelivery" date)
           where x.shipment = any (v_answered)) a
   where s.id = a.shipment;

  insert into portal.delivery_estimates (org_id, customer_id, order_id, shipment_id, day, source)
  select p_org, s.customer_id, s.order_id, s.id, s.carrier_estimate, 'carrier'
    from portal.shipments s
   where s.id = any (v_answered) and s.carrier_estimate is not null
     and s.carrier_estimate is distinct from (
       select d.day from portal.delivery_estimates d
        where d.shipment_id = s.id and d.source = 'carrier' order by d.told_at desc, d.id desc limit 1);

  select jsonb_object_agg(a.shipment, jsonb_build_object('status', a.status, 'substatus', a.substatus, 'deliveredAt', a."deliveredAt"))
    into v_current
    from jsonb_to_recordset(p_answers) as a(shipment uuid, found boolean, status text, substatus text, "deliveredAt" text)
   where a.shipment = any (v_answered) and a.found and not (v_told->(a.shipment::text)->>'isOther')::boolean;
  perform staff.settle_told(v_answered, coalesce(v_current, '{}'));

  update staff.polled_shipments p
     set lease = null, leased_until = null,
         -- One that cannot be a number of this carrier's was not asked about.
         checked_at = case when a.failed is null and a.reason is distinct from 'bad_number' then now() else p.checked_at end,
         failures = case when a.failed is null then 0 else p.failures + 1 end,
         last_error = case when a.failed is not null then a.failed
                           when not a.found then a.reason
                           when (v_told->(a.shipment::text)->>'isOther')::boolean then 'other_parcel' end,
         unique_id = case when a.found and not (v_told->(a.shipment::text)->>'isOther')::boolean
                          then coalesce(a."uniqueId", p.unique_id) else p.unique_id end,
         next_poll_at = case
           when a.reason = 'bad_number' then null
           when a.failed is not null and n.at is not null
             then greatest(n.at, now() + interval '25 minutes' * least(p.failures + 1, 8))
           else n.at end
    from jsonb_to_recordset(p_answers) as a(shipment uuid, failed text, found boolean, reason text, "uniqueId" text)
    join portal.shipments s on s.id = a.shipment
   cross join lateral (
      select staff.next_poll(s.status,
                             coalesce(s.delivered_at, (select max(t.at) from portal.tracking_events t where t.shipment_id = s.id), now()),
                             coalesce(q.shipped_on, o.placed_on), coalesce(a.found, true)) as at
        from staff.polled_shipments q join portal.orders o on o.id = q.order_id
       where q.shipment_id = s.id) n
   where p.shipment_id = a.shipment and p.shipment_id = any (v_all);
  return cardinality(v_all);
end
$$;
--> statement-breakpoint
-- Keeps what a carrier answered, or why it did not, under a lease: for each parcel `{org, shipment}` with
-- `{failed}`, or `{found: false, reason}`, or `{found: true, …}` (see polling-queue.ts). All or nothing, and nothing
-- twice: what another run has taken meanwhile is that run's. Gives how many were in hand. Called by the job
-- poll-carriers.
create function staff.keep_tracking(p_carrier text, p_lease uuid, p_answers jsonb)
returns int
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_org uuid;
  v_kept int := 0;
begin
  for v_org in select distinct a.org from jsonb_to_recordset(p_answers) a(org uuid) order by 1 loop
    perform set_config('counterfoil.org', v_org::text, true);
    -- An approval changes the same rows in another order.
    perform pg_advisory_xact_lock(hashtextextended(v_org::text, 0));
    v_kept := v_kept + staff.keep_answers(v_org, p_carrier, p_lease, p_answers);
  end loop;
  return v_kept;
end
$$;
--> statement-breakpoint
-- Says by when parcels arrive of which nobody says a day: by when half, and four in five, of the org's own have
-- arrived in the last year, of the same carrier and to the same region, ten of them at least. p_is_anew: all that
-- are under way, and what has passed is taken back; else those that have no guess yet. Called by the jobs
-- poll-carriers and predict-arrivals.
create function staff.predict_arrivals(p_org uuid, p_is_anew boolean)
returns int
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set enable_nestloop = on
as $$
declare
  v_predicted int;
begin
  perform set_config('counterfoil.org', p_org::text, true);
  perform pg_advisory_xact_lock(hashtextextended(p_org::text, 0));
  with parcels as materialized (
    select s.id, s.delivered_at, s.status, s.estimated_delivery, s.carrier_estimate, s.predicted_delivery, o.expected_delivery,
           coalesce(staff.carrier_of(s.carrier), staff.normalise_key(s.carrier)) as carrier,
           staff.normalise_key(coalesce(r.fields->>'delivery_country', c.country, '')) || '/'
             || staff.normalise_key(coalesce(r.fields->>'delivery_region', '')) as region,
           coalesce(s.shipped_on, (h.fields->>'shipped_at')::date) as shipped_on,
           (s.delivered_at at time zone g.time_zone)::date as arrived_on, (now() at time zone g.time_zone)::date as today,
           'estimated_delivery' = any (e.granted_fields) as shows_day
      from portal.shipments s
      join portal.orgs g on g.id = s.org_id
      join portal.orders o on o.id = s.order_id
      join portal.customers c on c.id = s.customer_id
      join staff.exposures e on e.org_id = p_org and e.customer_key = c.code_key
      join staff.records r on r.org_id = p_org and r.kind = 'order' and r.key = o.number_key
      join staff.records h on h.org_id = p_org and h.kind = 'shipment' and h.key = s.shipment_key
     where s.org_id = p_org and s.carrier is not null
       and (s.delivered_at > now() - interval '1 year'
            or s.status not in ('delivered', 'returned') and (p_is_anew or s.predicted_delivery is null))
  ), times as (
    select p.carrier, p.region,
           percentile_disc(0.5) within group (order by p.arrived_on - p.shipped_on) as median,
           percentile_disc(0.8) within group (order by p.arrived_on - p.shipped_on) as latest
      from parcels p
     where p.status = 'delivered' and p.arrived_on - p.shipped_on between 0 and 60
     group by p.carrier, p.region
    having count(*) >= 10
  ), predicted as (
    select p.id, p.shipped_on + t.median as day, p.shipped_on + t.latest as latest
      from parcels p
      left join times t on t.carrier = p.carrier and t.region = p.region and p.shows_day
       and coalesce(p.estimated_delivery, p.carrier_estimate, p.expected_delivery) is null
       -- What has passed is no guess any more.
       and p.shipped_on + t.latest >= p.today
     where p.status not in ('delivered', 'returned')
  )
  update portal.shipments s set predicted_delivery = n.day, predicted_latest = n.latest
    from predicted n
   where s.id = n.id and (s.predicted_delivery, s.predicted_latest) is distinct from (n.day, n.latest);
  get diagnostics v_predicted = row_count;
  return v_predicted;
end
$$;
--> statement-breakpoint
revoke all on function
  staff.was_shown(uuid), staff.carrier_of(text), staff.next_poll(text, timestamptz, date, boolean),
  staff.enrol_shipments(uuid, uuid[]), staff.followed_status(uuid, text), staff.heed_shipments(),
  staff.settle_orders(uuid[]), staff.settle_told(uuid[], jsonb), staff.take_up_shipments(), staff.let_go_shipments(),
  staff.holds_papers(uuid), staff.hold_said(), staff.hold_projected(),
  staff.forget_tracking(), staff.follow_shipment(), staff.note_estimate(), staff.hide_estimates(),
  staff.claim_parcels(text, int, int, int), staff.alert_carrier(text, text),
  staff.note_calls(text, int, int, text, int, bigint, int), staff.keep_answers(uuid, text, uuid, jsonb), staff.keep_tracking(text, uuid, jsonb),
  staff.predict_arrivals(uuid, boolean)
  from public;
--> statement-breakpoint
grant execute on function staff.claim_parcels(text, int, int, int), staff.alert_carrier(text, text),
  staff.note_calls(text, int, int, text, int, bigint, int), staff.keep_tracking(text, uuid, jsonb), staff.predict_arrivals(uuid, boolean)
  to counterfoil_system;
--> statement-breakpoint
grant select, update (lease, leased_until, next_poll_at, last_error) on staff.polled_shipments to counterfoil_system;
--> statement-breakpoint
-- Shipments that were there before the queue was.
do $$
declare
  v_org uuid;
begin
  for v_org in select g.id from portal.orgs g loop
    perform set_config('counterfoil.org', v_org::text, true);
    perform staff.enrol_shipments(v_org, array(select s.id from portal.shipments s where s.org_id = v_org and s.tracking_number is not null));
  end loop;
  perform set_config('counterfoil.org', '', true);
end
$$;
--> statement-breakpoint
reset role;
