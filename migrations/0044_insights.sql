-- What a customer bought, when, and whether it came in time.
set local role counterfoil_owner;
--> statement-breakpoint
-- The orders that are shown, placed from one day to another (null: the last twelve months up to today in the
-- org's zone): what was spent by month and by product, for each currency, from the lines' own totals; how many
-- orders there were; and how many of those that came wholly did so on their expected day or before. Drafts and
-- cancelled orders are not counted, nor what a window hides, nor what is not exposed: an order without shown line
-- totals is counted, and in no sum. No row through a link without financials: all of it comes of money or stands
-- beside it. Runs as the customer, so the policies say what counts. Called by asCustomer.
create function portal.insights(p_from date, p_to date)
returns table (insights jsonb)
language sql stable
set search_path = pg_catalog, pg_temp
-- As in items_of.
set enable_nestloop = off
as $$
  with days as materialized (
    select coalesce(p_from, (date_trunc('month', d.until) - interval '11 months')::date) as since, d.until, d.time_zone
      from (select coalesce(p_to, (now() at time zone g.time_zone)::date) as until, g.time_zone from portal.orgs g) d
  ), bought as materialized (
    select o.id, o.status, o.placed_on, o.expected_delivery, date_trunc('month', o.placed_on)::date as month
      from portal.orders o, days d
     where o.placed_on between d.since and d.until and (o.status is null or o.status not in ('draft', 'cancelled'))
  ), lines as materialized (
    select b.id as order_id, b.month, b.placed_on, a.currency, m.total, l.item_code, l.description, l.quantity, l.unit,
           -- A product without a shown code is what its line says.
           coalesce(l.item_code, l.description) as product
      from bought b
      join portal.order_amounts a on a.order_id = b.id
      join portal.order_lines l on l.order_id = b.id
      join portal.order_line_amounts m on m.line_id = l.id
     where m.total is not null
  ), months as (
    select c.currency, s.month::date as month, coalesce(sum(l.total), 0.00) as spend, count(distinct l.order_id)::int as orders
      from (select distinct x.currency from lines x) c
     cross join days d
     cross join generate_series(date_trunc('month', d.since)::timestamp, d.until::timestamp, interval '1 month') s(month)
      left join lines l on l.currency = c.currency and l.month = s.month::date
     group by c.currency, s.month
  ), products as (
    select l.currency, l.product, (array_agg(l.description order by l.placed_on desc, l.order_id))[1] as description,
           (array_agg(l.item_code order by l.placed_on desc, l.order_id))[1] as item_code,
           sum(l.total) as spend, count(distinct l.order_id)::int as orders,
           case when count(distinct l.unit) <= 1 and bool_and(l.quantity is not null) then sum(l.quantity) end as quantity,
           min(l.unit) as unit,
           row_number() over (partition by l.currency order by sum(l.total) desc, l.product) as rank
      from lines l where l.product is not null group by l.currency, l.product
  ), arrived as (
    select b.id, b.expected_delivery,
           max((coalesce(s.delivered_at, (
             select max(e.at) from portal.tracking_events e where e.shipment_id = s.id and e.status = 'delivered')
           ) at time zone d.time_zone)::date) as day
      from bought b join portal.shipments s on s.order_id = b.id cross join days d
     -- One whose only parcel so far came may have more to come.
     where b.expected_delivery is not null and b.status = 'delivered'
     group by b.id, b.expected_delivery
    having bool_and(s.status = 'delivered')
  )
  select jsonb_build_object(
           'from', d.since, 'to', d.until,
           'orders', (select count(*)::int from bought),
           'priced', (select count(distinct l.order_id)::int from lines l),
           'currencies', (
             select coalesce(jsonb_agg(jsonb_build_object(
                      'currency', c.currency, 'spend', c.spend::text,
                      'months', (select jsonb_agg(jsonb_build_object(
                                   'month', to_char(m.month, 'YYYY-MM'), 'spend', m.spend::text, 'orders', m.orders) order by m.month)
                                   from months m where m.currency = c.currency),
                      'products', (select coalesce(jsonb_agg(jsonb_build_object(
                                     'itemCode', p.item_code, 'description', p.description, 'spend', p.spend::text,
                                     'orders', p.orders, 'quantity', p.quantity::text, 'unit', p.unit) order by p.rank), '[]')
                                     from products p where p.currency = c.currency and p.rank <= 20),
                      'others', (select jsonb_build_object('count', count(*)::int, 'spend', coalesce(sum(p.spend), 0.00)::text)
                                   from products p where p.currency = c.currency and p.rank > 20)) order by c.currency), '[]')
               from (select l.currency, sum(l.total) as spend from lines l group by l.currency) c),
           'deliveries', (
             select jsonb_build_object('count', count(*)::int,
                                       'onTime', count(*) filter (where x.day <= x.expected_delivery)::int)
               from arrived x where x.day is not null))
    from days d
   where (select c.financials from portal.context() c);
$$;
--> statement-breakpoint
-- The event that they were looked at, or asked for through a link that shows no money. Called by asCustomer.
create function portal.view_insights()
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if not coalesce((select c.financials from portal.context() c), false) then
    perform portal.audit('request.refused', 'insights', null, '{"code": "forbidden"}');
    return false;
  end if;
  perform portal.audit('insights.viewed', null, null);
  return true;
end
$$;
--> statement-breakpoint
revoke all on function portal.insights(date, date), portal.view_insights() from public;
--> statement-breakpoint
grant execute on function portal.insights(date, date), portal.view_insights() to counterfoil_customer;
--> statement-breakpoint
reset role;
