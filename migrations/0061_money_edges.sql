-- An export says what the database's answer holds, before it is told as taken; and no figure of money is told of more,
-- or of less, than it is of.
set local role counterfoil_owner;
--> statement-breakpoint
-- How many bytes these are in an answer of the database: JSON in JSON, whose quotes are escaped. Called by the two
-- take_export.
create function portal.bytes_sent(p_rows jsonb[])
returns bigint
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(sum(octet_length(to_json(x::text)::text)), 0)::bigint from unnest(p_rows) x;
$$;
--> statement-breakpoint
-- As it was, with room for what an answer takes; what is sent is counted by take_export.
create or replace function portal.export_rows(p_from date, p_to date, p_po text, p_customer uuid, p_most integer)
returns table (document jsonb)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  with named as materialized (
    select o.id from portal.orders o where lower(o.po_number) = lower(p_po)
  ), chosen as materialized (
    select i.id, i.org_id, i.customer_id, i.order_id, i.kind, i.number, i.number_key, i.issued_on, i.due_on, i.currency,
           i.net, i.tax, i.total, i.credits_key, i.held
      from portal.invoices i
     where (p_customer is null or i.customer_id = p_customer)
       and (p_from is null or i.issued_on is null or i.issued_on >= p_from)
       and (p_to is null or i.issued_on is null or i.issued_on <= p_to)
       and (p_po is null or coalesce(i.order_id, (
             select x.order_id from portal.invoices x
              where i.kind = 'credit_note' and x.kind = 'invoice' and x.org_id = i.org_id
                and x.customer_id = i.customer_id and x.number_key = i.credits_key)) in (select n.id from named n))
     order by i.issued_on, i.number_key
     limit p_most + 1
  ), few as materialized (
    select count(*) <= p_most as is_so from chosen
  ), paid as materialized (
    select portal.paid_on(array(select i.id from chosen i)) as by_id
  ), documents as materialized (
    select i.issued_on, i.number_key, jsonb_build_object(
             'kind', i.kind, 'number', i.number, 'issuedOn', i.issued_on, 'dueOn', i.due_on, 'currency', i.currency,
             'net', i.net::text, 'tax', i.tax::text, 'total', i.total::text,
             'paid', (select p.by_id from paid p)->>i.id::text,
             'orderNumber', o.number, 'poNumber', o.po_number, 'credits', x.number,
             'customer', b.customer,
             'lines', l.lines,
             'leftOut', case when i.held then 'held'
                             when i.issued_on is null then 'date'
                             when i.currency is null then 'currency'
                             when i.total is null then 'total'
                             when i.net is null then 'net'
                             when i.tax is null then 'tax'
                             when i.net + i.tax <> i.total then 'sums' end) as document
      from chosen i
     cross join lateral (
        select jsonb_build_object('code', b.code, 'name', b.name, 'taxId', b.tax_id, 'country', b.country,
                 'email', (select c.email from portal.contacts c
                            where c.org_id = i.org_id and c.customer_id = i.customer_id and c.access = 'allowed'
                            order by c.created_at, c.id limit 1)) as customer
          from portal.customers b where b.org_id = i.org_id and b.id = i.customer_id offset 0) b
      left join lateral (
        select x.number, x.order_id from portal.invoices x
         where i.kind = 'credit_note' and x.kind = 'invoice' and x.org_id = i.org_id
           and x.customer_id = i.customer_id and x.number_key = i.credits_key offset 0) x on true
     -- Apart: under row security coalesce() is never an index's condition.
     cross join lateral (select coalesce(i.order_id, x.order_id) as order_id offset 0) k
      left join lateral (
        select o.id, o.number, o.po_number from portal.orders o
         where o.org_id = i.org_id and o.customer_id = i.customer_id and o.id = k.order_id offset 0) o on true
      left join lateral (
        select jsonb_agg(jsonb_build_object(
                 'itemCode', ol.item_code, 'description', ol.description, 'quantity', ol.quantity::text, 'unit', ol.unit,
                 'unitPrice', m.unit_price::text, 'taxRate', m.tax_rate::text, 'total', m.total::text)
                 order by ol.line_number) as lines
          from portal.order_lines ol
          left join portal.order_line_amounts m on m.line_id = ol.id
         where ol.order_id = o.id
        -- A supplier writes what it credits with a minus or without.
        having count(*) > 0 and count(*) = count(m.total)
           and sum(m.total) = case i.kind when 'credit_note' then abs(i.net) else i.net end
      ) l on true
     where (select f.is_so from few f)
  ), light as materialized (
    -- What is far too much is not even given to be counted.
    select coalesce(sum(octet_length(d.document::text)), 0) <= 9000000 as is_so from documents d
  )
  select x.document
    from (select d.document, d.issued_on, d.number_key from documents d where (select l.is_so from light l)
          union all
          select null, null, null from light l where not l.is_so
          union all
          select null, null, null from chosen i where not (select f.is_so from few f)) x
   order by x.issued_on, x.number_key;
$$;
--> statement-breakpoint
-- The orders of the documents of an export, whose lines a generic CSV holds as they are published, whatever is shown of
-- a document: p_room bytes of an answer at most, else one null. Lines that export_rows gives with each invoice of an
-- order are not given twice. Runs as whoever asks, so the policies say what there is. Called by the two take_export.
create function portal.exported_orders(p_from date, p_to date, p_po text, p_customer uuid, p_room bigint)
returns table (exported jsonb)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  with asked as materialized (
    select coalesce(i.order_id, x.order_id) as id, array_agg(i.net) filter (where i.kind = 'invoice') as nets
      from portal.invoices i
      -- By its key for each: a loop over thousands times thousands ends nowhere.
      left join lateral (
        select y.order_id from portal.invoices y
         where i.kind = 'credit_note' and y.org_id = i.org_id and y.number_key = i.credits_key
           and y.kind = 'invoice' and y.customer_id = i.customer_id offset 0) x on true
     where (p_customer is null or i.customer_id = p_customer)
       and (p_from is null or i.issued_on is null or i.issued_on >= p_from)
       and (p_to is null or i.issued_on is null or i.issued_on <= p_to)
     group by 1
  ), known as materialized (
    select o.id, b.code, o.number, o.placed_on, l.numbers, l.least,
           exists (select from unnest(a.nets) net where not coalesce(l.is_whole and net = l.sum, false)) as is_told
      from asked a
      join portal.orders o on o.id = a.id
      join portal.customers b on b.org_id = o.org_id and b.id = o.customer_id
     cross join lateral (
       select coalesce(jsonb_agg(ol.line_number order by ol.line_number), '[]') as numbers,
              count(*) = count(m.total) as is_whole, sum(m.total) as sum,
              -- A line's names of fields alone are as long.
              sum(150 + octet_length(concat(ol.item_code, ol.description, ol.unit))) as least
         from portal.order_lines ol
         left join portal.order_line_amounts m on m.line_id = ol.id
        where ol.order_id = o.id) l
     where p_po is null or lower(o.po_number) = lower(p_po)
  ), least as materialized (
    -- What is far too much is not even written.
    select coalesce(sum(k.least) filter (where k.is_told), 0) <= p_room as is_so from known k
  ), found as materialized (
    select jsonb_build_object(
             'customerCode', k.code, 'number', k.number, 'placedOn', k.placed_on, 'lineNumbers', k.numbers,
             'lines', case when k.is_told then (
               select jsonb_agg(jsonb_build_object(
                        'lineNumber', ol.line_number, 'itemCode', ol.item_code, 'description', ol.description,
                        'quantity', ol.quantity::text, 'unit', ol.unit, 'unitPrice', m.unit_price::text,
                        'taxRate', m.tax_rate::text, 'total', m.total::text) order by ol.line_number)
                 from portal.order_lines ol
                 left join portal.order_line_amounts m on m.line_id = ol.id
                where ol.order_id = k.id) end) as exported
      from known k
     where (select l.is_so from least l)
  ), light as materialized (
    select (select l.is_so from least l)
           and coalesce(sum(octet_length(to_json(f.exported::text)::text)), 0) <= p_room as is_so from found f
  )
  select f.exported from found f where (select l.is_so from light l)
  union all
  select null from light l where not l.is_so;
$$;
--> statement-breakpoint
drop function portal.take_export(text, date, date, text, int, boolean);
--> statement-breakpoint
-- As it was; a generic CSV's orders come with it, behind its documents, so that it is known whether both fit into one
-- answer before it is told as taken: Neon's is 10 MiB at most. A pack has its papers and its statement in it, too.
-- Called by asCustomer.
create function portal.take_export(
  p_format text, p_from date, p_to date, p_po text, p_most int, p_is_head boolean)
returns table (format text, document jsonb, exported_order jsonb)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_format text := p_format;
  v_codes jsonb;
  v_email text;
  v_count int;
  v_is_told boolean := portal.tells_paid();
  v jsonb[] := array(
    select case when v_is_told then e.document else e.document || '{"paid": null}' end
      from portal.export_rows(p_from, p_to, p_po, null, p_most) with ordinality e(document, place)
     order by e.place);
  v_room bigint := case when p_format is null then 8000000 else 9000000 end - portal.bytes_sent(v);
  v_orders jsonb[] := '{}';
begin
  select coalesce(p_format, m.format), m.codes into v_format, v_codes
    from portal.export_mappings m where p_format is null or m.format = p_format
   order by m.changed_at desc, m.format limit 1;
  v_format := coalesce(v_format, p_format, 'csv');
  select o.contact_email into v_email from portal.orgs o;
  v_count := portal.count_exported(v_format, coalesce(v_codes, '{}'), true, v_email, v);
  if p_format is null and v_count = 0 then
    v_format := 'csv';
    v_count := portal.count_exported(v_format, '{}', true, v_email, v);
  end if;
  if v_format = 'csv' and v[1] is not null and v_room >= 0 then
    v_orders := array(select o.exported from portal.exported_orders(p_from, p_to, p_po, null, v_room) o);
  end if;
  if v_room < 0 or (cardinality(v_orders) > 0 and v_orders[1] is null) then
    v := array[null::jsonb];
    v_orders := '{}';
  end if;
  if not p_is_head and v_count > 0 and v[1] is not null then
    perform portal.audit('export.downloaded', 'export', v_format, jsonb_strip_nulls(jsonb_build_object(
      'from', p_from, 'to', p_to, 'po', p_po, 'documents', v_count)));
  end if;
  return query select v_format, d, null::jsonb from unnest(v) d
               union all
               select v_format, null, o from unnest(v_orders) o;
end
$$;
--> statement-breakpoint
drop function staff.take_export(text, date, date, uuid, int, boolean);
--> statement-breakpoint
-- As portal.take_export, for the supplier's own books: of one customer or of all. Called by asStaff.
create function staff.take_export(
  p_format text, p_from date, p_to date, p_customer uuid, p_most int, p_is_head boolean)
returns table (document jsonb, exported_order jsonb)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v jsonb[] := array(select e.document from portal.export_rows(p_from, p_to, null, p_customer, p_most) e);
  v_room bigint := 9000000 - portal.bytes_sent(v);
  v_orders jsonb[] := '{}';
  v_count int;
begin
  if p_format = 'csv' and v[1] is not null and v_room >= 0 then
    v_orders := array(select o.exported from portal.exported_orders(p_from, p_to, null, p_customer, v_room) o);
  end if;
  if v_room < 0 or (cardinality(v_orders) > 0 and v_orders[1] is null) then
    v := array[null::jsonb];
    v_orders := '{}';
  end if;
  if not p_is_head and v[1] is not null then
    v_count := portal.count_exported(
      p_format, coalesce((select m.codes from staff.sales_mappings m where m.format = p_format), '{}'), false,
      (select o.contact_email from portal.orgs o), v);
    if v_count > 0 then
      perform staff.audit('export.downloaded', 'export', p_format, jsonb_strip_nulls(jsonb_build_object(
        'from', p_from, 'to', p_to, 'documents', v_count)), p_customer);
    end if;
  end if;
  return query select d, null::jsonb from unnest(v) d
               union all
               select null, o from unnest(v_orders) o;
end
$$;
--> statement-breakpoint
-- As it was; and where no two totals say that the lines are the invoice's own, its net says when they are not.
create or replace function portal.lines_of_invoice(p_invoice uuid)
returns uuid
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select o.id from portal.invoices i
    join portal.orders o on o.id = i.order_id
    left join portal.order_amounts a on a.order_id = o.id
   where i.id = p_invoice and i.kind = 'invoice'
     and case when a.total is not null and i.total is not null then (a.total, a.currency) = (i.total, i.currency)
              else i.net is null or not exists (
                select 1 from portal.order_lines l
                  left join portal.order_line_amounts m on m.line_id = l.id
                 where l.order_id = o.id
                having count(*) = count(m.total) and sum(m.total) <> i.net) end
     and not exists (select 1 from portal.invoices x where x.order_id = o.id and x.kind = 'invoice' and x.id <> i.id);
$$;
--> statement-breakpoint
-- As it was; a quantity without a unit is not one of another unit, and days that are yet to come run forwards.
create or replace function portal.insights(p_from date, p_to date)
returns table (insights jsonb)
language sql stable
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
as $$
  with days as materialized (
    select coalesce(p_from, (date_trunc('month', d.until) - interval '11 months')::date) as since, d.until, d.time_zone
      from (select coalesce(p_to, greatest((now() at time zone g.time_zone)::date, p_from)) as until, g.time_zone from portal.orgs g) d
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
           case when count(distinct coalesce(l.unit, '')) <= 1 and bool_and(l.quantity is not null) then sum(l.quantity) end as quantity,
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
drop function portal.has_tax_rate(numeric, numeric);
--> statement-breakpoint
-- As it was; the rate that makes this tax of this net is a whole number of percent, or one of these, as ublRefusal of
-- worker/exports/ubl.ts asks: tax at several rates can look like one that there is not. Called by is_exported.
create function portal.has_tax_rate(p_net numeric, p_tax numeric, p_rates numeric[])
returns boolean
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select p_tax = 0 or (p_net * p_tax > 0 and coalesce((
    select s.unit = 1 or r.rate / s.unit = any (p_rates)
      from (values (1, 5, 2000), (10, 2, 20000), (100, 0, 1)) s(unit, most, of_net)
     cross join lateral (select round(p_tax * 100 * s.unit / nullif(p_net, 0)) as rate) r
     where r.rate <> 0
       and abs(round(p_net * r.rate / s.unit) - p_tax * 100) <= least(s.most, trunc(abs(p_net) * 100 / s.of_net))
     order by s.unit limit 1), false));
$$;
--> statement-breakpoint
drop function portal.is_exported(text, jsonb, boolean, jsonb);
--> statement-breakpoint
-- As it was, with the rates that are said. Called by count_exported.
create function portal.is_exported(p_format text, p_codes jsonb, p_is_own boolean, p_rates numeric[], d jsonb)
returns boolean
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select case
    when p_format = 'csv' then d->>'leftOut' is distinct from 'held'
    when d->>'leftOut' is not null then false
    when p_format = 'quickbooks' then not p_is_own or (d->>'kind' = 'invoice' and (d->>'total')::numeric >= 0)
    when p_format = 'sage50' then (d->>'net')::numeric * (d->>'tax')::numeric >= 0
                                  and (p_is_own or d->'customer'->>'code' ~ '^[^ ]{1,8}$')
                                  and char_length(d->>'number') <= 30
    when p_format = 'ubl' then (
      select (x.by_lines or portal.has_tax_rate(b.net, b.tax, p_rates))
             and (coalesce(own.codes->>'buyerEndpoint' ~ '^[0-9A-Z]{2,4}:.', false) or d->'customer'->>'email' is not null)
             and coalesce(coalesce(own.codes->>'buyerCountry', d->'customer'->>'country') ~ '^[A-Z]{2}$', false)
             -- Who owes the tax in reverse is named by its number.
             and (coalesce(upper(p_codes->'taxCodes'->>'0'), '') <> 'AE'
                  or not case when x.by_lines then x.has_zero else b.tax = 0 end
                  or coalesce(coalesce(own.codes->>'buyerTaxId', d->'customer'->>'taxId') ~ '[0-9A-Za-z]', false))
        from (select case when p_is_own then p_codes else '{}' end as codes) own
       cross join lateral (
         select case when d->>'kind' = 'credit_note' then -1 else 1 end as sign,
                case when d->>'kind' = 'credit_note' and d->>'total' !~ '^-' then -1 else 1 end as turn) v
       cross join lateral (select v.turn * (d->>'net')::numeric as net, v.turn * (d->>'tax')::numeric as tax) b
       cross join lateral (
         select count(*) > 0 and count(*) = count(l.rate) and sum(l.net) = b.net
                and abs(b.tax - sum(round(l.net * l.rate / 100, 2))) <= 0.01 * count(*)
                and (b.tax = 0 or bool_or(l.net * l.rate <> 0)) as by_lines, bool_or(l.rate = 0) as has_zero
           from (select v.sign * (e->>'total')::numeric as net, (e->>'taxRate')::numeric as rate
                   from jsonb_array_elements(case jsonb_typeof(d->'lines') when 'array' then d->'lines' else '[]' end) e) l) x)
    else true end;
$$;
--> statement-breakpoint
-- As it was; rates are said by the lines of the export, and by the codes that are mapped for them.
create or replace function portal.count_exported(
  p_format text, p_codes jsonb, p_is_own boolean, p_email text, p_documents jsonb[])
returns int
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  with said as materialized (
    select array(
      select (e->>'taxRate')::numeric
        from unnest(p_documents) d
       cross join jsonb_array_elements(case jsonb_typeof(d->'lines') when 'array' then d->'lines' else '[]' end) e
       where p_format = 'ubl' and e->>'taxRate' is not null
      union
      select k::numeric from jsonb_object_keys(coalesce(p_codes->'taxCodes', '{}')) k
       where p_format = 'ubl' and k ~ '^[0-9]+([.][0-9]+)?$') as rates
  )
  select count(*)::int from unnest(p_documents) d
   where (p_format <> 'ubl' or portal.seller_is_known(p_codes, p_email))
     and portal.is_exported(p_format, p_codes, p_is_own, (select s.rates from said s), d);
$$;
--> statement-breakpoint
revoke all on function portal.bytes_sent(jsonb[]), portal.exported_orders(date, date, text, uuid, bigint),
  portal.has_tax_rate(numeric, numeric, numeric[]), portal.is_exported(text, jsonb, boolean, numeric[], jsonb),
  portal.take_export(text, date, date, text, int, boolean), staff.take_export(text, date, date, uuid, int, boolean)
  from public;
--> statement-breakpoint
grant execute on function portal.bytes_sent(jsonb[]), portal.exported_orders(date, date, text, uuid, bigint),
  portal.has_tax_rate(numeric, numeric, numeric[]), portal.is_exported(text, jsonb, boolean, numeric[], jsonb)
  to counterfoil_customer, counterfoil_staff;
--> statement-breakpoint
grant execute on function portal.take_export(text, date, date, text, int, boolean) to counterfoil_customer;
--> statement-breakpoint
grant execute on function staff.take_export(text, date, date, uuid, int, boolean) to counterfoil_staff;
--> statement-breakpoint
reset role;
