-- What a customer is shown of money is true, or is not told.
set local role counterfoil_owner;
--> statement-breakpoint
-- Whether a customer is shown what was paid, so that what is left can be told: where both what invoices say was paid
-- and payments are shown; where one of them is, as long as what is hidden changes nothing, so that what is left comes
-- to the same as if all that is approved were shown. By the rules of items_of. For what runs as the owner.
create or replace function staff.tells_paid(p_org uuid, p_customer uuid)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
-- As in items_of.
set enable_nestloop = off
as $$
declare
  v_customer text;
  v_shown text[];
begin
  select b.code_key, e.granted_fields into v_customer, v_shown
    from portal.customers b
    join staff.exposures e on e.org_id = b.org_id and e.customer_key = b.code_key
   where b.org_id = p_org and b.id = p_customer;
  if v_shown @> array['paid', 'payment_amount'] then
    return true;
  elsif 'payment_amount' = any (v_shown) then
    -- What an invoice says was paid counts where no payment names it.
    return not exists (
      select 1
        from (select i.number_key from portal.invoices i
               where i.org_id = p_org and i.customer_id = p_customer and not i.held
                 and i.number_key not in (
                   select a.invoice_key from portal.payment_allocations a
                    where a.org_id = p_org and a.customer_id = p_customer)
              offset 0) i
       cross join lateral (
          select x.fields from staff.records x
           where x.org_id = p_org and x.kind = 'invoice' and x.key = i.number_key offset 0) r
       where (r.fields->>'paid')::numeric <> 0);
  elsif 'paid' = any (v_shown) then
    -- Few orgs have any payments.
    if not exists (select 1 from staff.records r where r.org_id = p_org and r.kind = 'payment') then
      return true;
    end if;
    return (
      with payments as materialized (
        select r.key, r.fields->>'currency' as currency, (r.fields->>'payment_amount')::numeric as amount
          from staff.records r
         where r.org_id = p_org and r.customer_key = v_customer and r.kind = 'payment'
           and r.fields ?& array['payment_date', 'payment_amount', 'currency']
      ), applied as materialized (
        select m.key, i.number_key,
               case when i.kind = 'credit_note' then -abs(a.amount) else a.amount end as amount,
               case when i.kind = 'credit_note' then -abs(i.paid) else i.paid end as told
          from (select split_part(r.key, ' / ', 1) as payment_key, substr(r.key, strpos(r.key, ' / ') + 3) as invoice_key,
                       (r.fields->>'payment_allocated')::numeric as amount
                  from staff.records r
                 where r.org_id = p_org and r.customer_key = v_customer and r.kind = 'payment_allocation'
                   and r.fields ? 'payment_allocated') a
          join payments m on m.key = a.payment_key
          join portal.invoices i on i.org_id = p_org and i.customer_id = p_customer and not i.held
                                and i.number_key = a.invoice_key and i.currency = m.currency
      )
      select not exists (
               select 1 from payments m
                 left join (select a.key, sum(a.amount) as amount from applied a group by a.key) a on a.key = m.key
                where m.amount <> coalesce(a.amount, 0))
         and not exists (
               select 1 from applied a group by a.number_key having sum(a.amount) is distinct from min(a.told)));
  end if;
  return false;
end
$$;
--> statement-breakpoint
-- What an approval shows again is shown of all that is approved of these customers, not only of what it brings
-- itself: else some of their money would be told, and some not. What the approval takes it projects itself, and a
-- customer who is not there yet has nothing. Parcels wait for their next row: their past would be told as news.
create function staff.widen()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_org uuid;
  v_customers text[];
  v_kinds text[];
  v_keys text[];
begin
  for v_org, v_customers in
    select n.org_id, array_agg(n.customer_key)
      from now_so n
      join was_so w on w.id = n.id
     where (not n.granted_fields <@ coalesce(w.granted_fields, '{}') or not n.granted_kinds <@ coalesce(w.granted_kinds, '{}'))
       and exists (select 1 from portal.customers b where b.org_id = n.org_id and b.code_key = n.customer_key)
     group by n.org_id
  loop
    select array_agg(r.kind), array_agg(r.key) into v_kinds, v_keys
      from unnest(v_customers) k(customer_key)
     cross join lateral (
        select x.kind, x.key from staff.records x
         where x.org_id = v_org and x.customer_key = k.customer_key
           and x.kind not in ('customer', 'contact', 'shipment', 'tracking_event') offset 0) r;
    if v_kinds is not null then
      perform staff.project_live(v_org, v_kinds, v_keys, false);
    end if;
  end loop;
  return null;
end
$$;
--> statement-breakpoint
create trigger exposures_widen after update on staff.exposures
  referencing old table as was_so new table as now_so
  for each statement execute function staff.widen();
--> statement-breakpoint
revoke all on function staff.widen() from public;
--> statement-breakpoint
-- As it was; where amounts of lines are shown, their currency is, though no amount of the order is.
create or replace function staff.project_orders(p_org uuid, p_keys text[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set work_mem = '32MB'
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_cancelled jsonb;
begin
  -- When those were cancelled that are known as cancelled. Asked first: a query that looks for what it is
  -- itself adding finds more to pass over with each row.
  select jsonb_object_agg(o.number_key, o.cancelled_on) into v_cancelled
    from unnest(p_keys) k(key)
   cross join lateral (
      select x.* from portal.orders x where x.org_id = p_org and x.number_key = k.key offset 0) o
   where o.cancelled_on is not null;

  with said as materialized (
    select c.id as customer_id, r.key, r.fields, e.granted_fields as shown,
           case when r.fields->>'order_status' = 'cancelled'
                then coalesce((r.fields->>'cancelled_on')::date, (v_cancelled->>r.key)::date,
                              (now() at time zone g.time_zone)::date) end as cancelled_on
      from unnest(p_keys) k(key)
     cross join lateral (
        select x.* from staff.records x where x.org_id = p_org and x.kind = 'order' and x.key = k.key offset 0) r
     cross join lateral (
        select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
     cross join lateral (
        select x.* from staff.exposures x where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e
     cross join (select x.time_zone from portal.orgs x where x.id = p_org) g
     where r.fields ? 'order_date'
  ), kept as (
    insert into portal.orders (org_id, customer_id, number, number_key, placed_on, status, cancelled_on, expected_ship,
                               expected_delivery, items_count, po_number, delivery_address)
    select p_org, s.customer_id, s.fields->>'order_number', s.key, (s.fields->>'order_date')::date,
           s.fields->>'order_status', s.cancelled_on,
           case when 'expected_ship' = any (s.shown) then (s.fields->>'expected_ship')::date end,
           case when 'expected_delivery' = any (s.shown) then (s.fields->>'expected_delivery')::date end,
           case when 'items_count' = any (s.shown) then (s.fields->>'items_count')::int end,
           case when 'po_number' = any (s.shown) then s.fields->>'po_number' end,
           case when 'delivery_address' = any (s.shown)
                then nullif(concat_ws(', ', s.fields->>'delivery_address', s.fields->>'delivery_region', s.fields->>'delivery_country'), '') end
      from said s
    on conflict (org_id, number_key) do update
       set number = excluded.number, placed_on = excluded.placed_on, status = excluded.status,
           cancelled_on = excluded.cancelled_on, expected_ship = excluded.expected_ship,
           expected_delivery = excluded.expected_delivery, items_count = excluded.items_count,
           po_number = excluded.po_number, delivery_address = excluded.delivery_address, changed_at = now()
    returning id, customer_id, number_key
  ), amounts as materialized (
    select o.customer_id, o.id, s.fields->>'currency' as currency,
           case when 'order_subtotal' = any (s.shown) then (s.fields->>'order_subtotal')::numeric end as subtotal,
           case when 'order_tax' = any (s.shown) then (s.fields->>'order_tax')::numeric end as tax,
           case when 'order_shipping' = any (s.shown) then (s.fields->>'order_shipping')::numeric end as shipping,
           case when 'order_total' = any (s.shown) then (s.fields->>'order_total')::numeric end as total,
           s.shown && array['line_unit_price', 'line_total'] as prices_lines
      from said s join kept o on o.number_key = s.key
  ), gone as (
    delete from portal.order_amounts a
     where a.order_id = any (array(
       select m.id from amounts m
        where m.currency is null or not (m.prices_lines or coalesce(m.subtotal, m.tax, m.shipping, m.total) is not null)))
  )
  insert into portal.order_amounts (org_id, customer_id, order_id, currency, subtotal, tax, shipping, total)
  select p_org, m.customer_id, m.id, m.currency, m.subtotal, m.tax, m.shipping, m.total from amounts m
   where m.currency is not null and (m.prices_lines or coalesce(m.subtotal, m.tax, m.shipping, m.total) is not null)
  on conflict (order_id) do update
     set currency = excluded.currency, subtotal = excluded.subtotal, tax = excluded.tax,
         shipping = excluded.shipping, total = excluded.total;
end
$$;
--> statement-breakpoint
-- As it was; an invoice below zero is credit, as a credit note is: open while some of it is left, then credited.
create or replace function portal.open_items(p_until date default null)
returns table (
  kind text, id uuid, number text, number_key text, on_day date, due_on date, currency text,
  order_id uuid, credits_key text,
  amount numeric, paid numeric, credited numeric, open numeric, status text, days_late int
)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select x.kind, x.id, x.number, x.number_key, x.on_day, x.due_on, x.currency, x.order_id, x.credits_key,
         x.amount, x.paid, x.credited, x.open,
         case when x.kind = 'invoice' and x.amount < 0 and x.open < 0 then 'open'
              when x.kind = 'invoice' and x.amount < 0 and x.open = 0 then 'credited'
              else x.status end, x.days_late
    from portal.context() c
   cross join lateral portal.items_of(c.org_id, c.customer_id, portal.tells_paid(), p_until) x;
$$;
--> statement-breakpoint
-- What was paid of an invoice as its own row would say it: what the payments that name it do, as in items_of, and the
-- row's own figure where none does. Null where neither is shown, nor the total. On a credit note it has the sign of
-- its total. Runs as whoever asks. Called by drawing and export_rows.
create function portal.paid_of(p_invoice portal.invoices)
returns numeric
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select case when p_invoice.total is null then null
              when count(*) = 0 then p_invoice.paid
              when p_invoice.kind <> 'credit_note'
                then coalesce(sum(a.amount) filter (where m.currency = p_invoice.currency), 0.00)
              else coalesce(sum(abs(a.amount)) filter (where m.currency = p_invoice.currency), 0.00)
                   * case when p_invoice.total < 0 then -1 else 1 end end
    from portal.payment_allocations a
    join portal.payments m on m.id = a.payment_id
   where a.org_id = p_invoice.org_id and a.customer_id = p_invoice.customer_id and a.invoice_key = p_invoice.number_key;
$$;
--> statement-breakpoint
-- As it was; what was paid of an invoice is what its page says, where that is known.
create or replace function portal.drawing(p_document uuid)
returns jsonb
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
  select case when d.kind = 'statement' then portal.drawn_statement(d.id) else jsonb_build_object(
           'kind', d.kind, 'number', d.number, 'datedOn', coalesce(d.dated_on, v.issued_on),
           'supplier', jsonb_build_object('name', g.name, 'address', g.address, 'contactEmail', g.contact_email,
                                          'contactPhone', g.contact_phone, 'colour', g.colour),
           'orgCode', g.code, 'hasLogo', g.has_logo,
           'customer', jsonb_build_object('name', b.name, 'code', b.code, 'taxId', b.tax_id, 'country', b.country),
           'language', (select c.language from portal.contacts c limit 1),
           'order', case when o.id is not null then jsonb_build_object(
             'number', o.number, 'placedOn', o.placed_on, 'poNumber', o.po_number,
             'expectedDelivery', o.expected_delivery, 'deliveryAddress', o.delivery_address) end,
           'dueOn', v.due_on, 'credits', (select x.number from portal.invoices x where x.number_key = v.credits_key),
           'currency', case when d.kind = 'order_confirmation' then a.currency else v.currency end,
           'totals', case when d.kind = 'order_confirmation'
             then jsonb_build_object('subtotal', a.subtotal::text, 'tax', a.tax::text, 'shipping', a.shipping::text,
                                     'total', a.total::text, 'paid', null)
             else jsonb_build_object('subtotal', v.net::text, 'tax', v.tax::text, 'shipping', null, 'total', v.total::text,
                                     'paid', case when portal.tells_paid() then portal.paid_of(v)::text end) end,
           'lines', case when d.kind = 'order_confirmation' then (
             select coalesce(jsonb_agg(jsonb_build_object(
                      'itemCode', l.item_code, 'description', l.description, 'quantity', l.quantity::text, 'unit', l.unit,
                      'unitPrice', m.unit_price::text, 'taxRate', m.tax_rate::text, 'total', m.total::text) order by l.line_number), '[]')
               from portal.order_lines l left join portal.order_line_amounts m on m.line_id = l.id
              where l.order_id = d.order_id) else '[]' end,
           'asOf', to_json(d.shown_at) #>> '{}') end
    from portal.documents d
    join portal.orgs g on true
    join portal.customers b on b.id = d.customer_id
    left join portal.orders o on o.id = d.order_id
    left join portal.order_amounts a on a.order_id = d.order_id
    left join portal.invoices v on d.kind in ('invoice', 'credit_note') and v.number_key = d.number_key
   where d.id = p_document and d.served = 'drawn';
$$;
--> statement-breakpoint
-- As it was, with what was paid as payments say it.
create or replace function portal.export_rows(p_from date, p_to date, p_po text, p_customer uuid, p_most int)
returns table (document jsonb)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object(
           'kind', i.kind, 'number', i.number, 'issuedOn', i.issued_on, 'dueOn', i.due_on, 'currency', i.currency,
           'net', i.net::text, 'tax', i.tax::text, 'total', i.total::text, 'paid', portal.paid_of(i)::text,
           'orderNumber', o.number, 'poNumber', o.po_number, 'credits', x.number,
           'customer', jsonb_build_object('code', b.code, 'name', b.name, 'taxId', b.tax_id, 'country', b.country,
             'email', (select c.email from portal.contacts c
                        where c.org_id = i.org_id and c.customer_id = i.customer_id and c.access = 'allowed'
                        order by c.created_at, c.id limit 1)),
           'lines', l.lines,
           'leftOut', case when i.held then 'held'
                           when i.issued_on is null then 'date'
                           when i.currency is null then 'currency'
                           when i.total is null then 'total'
                           when i.net is null then 'net'
                           when i.tax is null then 'tax'
                           when i.net + i.tax <> i.total then 'sums' end)
    from portal.invoices i
    join portal.customers b on b.org_id = i.org_id and b.id = i.customer_id
    left join portal.invoices x on i.kind = 'credit_note' and x.kind = 'invoice' and x.org_id = i.org_id
                               and x.customer_id = i.customer_id and x.number_key = i.credits_key
    left join portal.orders o on o.org_id = i.org_id and o.customer_id = i.customer_id
                             and o.id = coalesce(i.order_id, x.order_id)
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
   where (p_customer is null or i.customer_id = p_customer)
     and (p_from is null or i.issued_on is null or i.issued_on >= p_from)
     and (p_to is null or i.issued_on is null or i.issued_on <= p_to)
     and (p_po is null or lower(o.po_number) = lower(p_po))
   order by i.issued_on, i.number_key
   limit p_most + 1;
$$;
--> statement-breakpoint
-- As it was; what was paid is not told where not all of it is shown.
create or replace function portal.take_export(p_format text, p_from date, p_to date, p_po text, p_most int, p_is_head boolean)
returns table (format text, document jsonb)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_format text := p_format;
  v_codes jsonb;
  v_email text;
  v_count int;
  v jsonb[] := array(
    select case when t.is_told then e.document else e.document || '{"paid": null}' end
      from (select portal.tells_paid() as is_told) t
     cross join portal.export_rows(p_from, p_to, p_po, null, p_most) with ordinality e(document, place)
     order by e.place);
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
  if not p_is_head and v_count > 0 and cardinality(v) <= p_most then
    perform portal.audit('export.downloaded', 'export', v_format, jsonb_strip_nulls(jsonb_build_object(
      'from', p_from, 'to', p_to, 'po', p_po, 'documents', v_count)));
  end if;
  return query select v_format, d from unnest(v) d;
end
$$;
--> statement-breakpoint
-- As it was; what is credited is below zero, as everywhere, however its supplier writes it.
create or replace function portal.order_around(p_order uuid)
returns table (kinds text[], previous jsonb, next jsonb, credit_notes jsonb)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_bitmapscan = off
as $$
declare
  v_placed date := (select x.placed_on from portal.orders x where x.id = p_order);
begin
  if v_placed is null then
    return;
  end if;
  return query select
    portal.shown_kinds(),
    (select jsonb_build_object('id', o.id, 'number', o.number) from portal.orders o
      where (o.placed_on, o.id) > (v_placed, p_order)
      order by o.placed_on, o.id limit 1),
    (select jsonb_build_object('id', o.id, 'number', o.number) from portal.orders o
      where (o.placed_on, o.id) < (v_placed, p_order)
      order by o.placed_on desc, o.id desc limit 1),
    (select coalesce(jsonb_agg(jsonb_build_object(
              'id', n.id, 'number', n.number, 'issuedOn', n.issued_on, 'currency', n.currency, 'total', (-abs(n.total))::text,
              'documentId', (select d.id from portal.documents d
                              where d.kind = 'credit_note' and d.number_key = n.number_key))
              order by n.issued_on desc nulls last, n.number_key), '[]')
       from portal.invoices n
      where n.kind = 'credit_note'
        and (n.order_id = p_order
             or n.credits_key in (select i.number_key from portal.invoices i
                                   where i.kind = 'invoice' and i.order_id = p_order)));
end
$$;
--> statement-breakpoint
-- As it was; a paper without a date is of the day on which it was first shown where its supplier is.
create or replace function portal.take_documents(p_order uuid, p_ids uuid[], p_kinds text[], p_like text, p_from date, p_to date,
                                      p_max_documents int, p_max_bytes bigint, p_look boolean)
returns table (
  status text, documents int, bytes bigint,
  id uuid, org_id uuid, kind text, number text, dated_on date, order_number text,
  object_sha256 text, object_size bigint, slot_offset bigint, head_crc bigint, tail_crc bigint,
  reference text, stamped_at timestamptz, link_last4 text, drawing jsonb
)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_zone text := (select o.time_zone from portal.orgs o);
  v_ids uuid[];
  v_bytes bigint;
  v_status text;
begin
  select array_agg(x.id), coalesce(sum(x.object_size), 0) into v_ids, v_bytes
    from (select d.id, d.object_size from portal.documents d
           where (p_order is null or (d.order_id = p_order and exists (select 1 from portal.orders o where o.id = p_order)))
             and (p_ids is null or d.id = any (p_ids))
             and (p_kinds is null or d.kind = any (p_kinds))
             and (p_like is null or d.number ilike p_like
                  or exists (select 1 from portal.orders o
                              where o.id = d.order_id and (o.number ilike p_like or o.po_number ilike p_like)))
             and (p_from is null or coalesce(d.dated_on, (d.shown_at at time zone v_zone)::date) >= p_from)
             and (p_to is null or coalesce(d.dated_on, (d.shown_at at time zone v_zone)::date) <= p_to)
           limit p_max_documents + 1) x;
  v_status := case when v_ids is null then 'none'
                   when cardinality(v_ids) > p_max_documents then 'too_many'
                   when v_bytes > p_max_bytes then 'too_large'
                   else 'ok' end;
  if v_status <> 'ok' then
    perform portal.audit('request.refused', case when p_order is null then 'documents' else 'order' end, p_order::text,
                         jsonb_build_object('code', v_status));
  end if;
  return query
    with taken as materialized (
      select t.* from portal.note_taken(v_ids, 'zip') t where v_status = 'ok' and not p_look
    )
    select v_status, cardinality(v_ids), v_bytes,
           d.id, d.org_id, d.kind, d.number, d.dated_on, o.number,
           d.object_sha256, d.object_size, d.slot_offset, d.head_crc, d.tail_crc,
           t.reference, t.at, t.link_last4,
           case when d.served = 'drawn' then portal.drawing(d.id) end
      from (select 1) one
      left join portal.documents d on v_status = 'ok' and d.id = any (v_ids)
      left join portal.orders o on o.id = d.order_id
      left join taken t on t.document_id = d.id
     order by coalesce(d.dated_on, (d.shown_at at time zone v_zone)::date) desc, d.kind, d.number_key;
end
$$;
--> statement-breakpoint
-- As it was, as take_documents files them.
create or replace function portal.pack_fits(p_from date, p_to date, p_po text, p_max_documents int, p_max_bytes bigint)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select count(*) <= p_max_documents and coalesce(sum(x.object_size), 0) <= p_max_bytes
    from (select d.object_size from portal.documents d cross join portal.orgs o
           where (p_po is null or d.order_id in (select x.id from portal.orders x where lower(x.po_number) = lower(p_po)))
             and (p_from is null or coalesce(d.dated_on, (d.shown_at at time zone o.time_zone)::date) >= p_from)
             and (p_to is null or coalesce(d.dated_on, (d.shown_at at time zone o.time_zone)::date) <= p_to)
           limit p_max_documents + 1) x;
$$;
--> statement-breakpoint
revoke all on function portal.paid_of(portal.invoices) from public;
--> statement-breakpoint
grant execute on function portal.paid_of(portal.invoices) to counterfoil_customer, counterfoil_staff;
--> statement-breakpoint
-- Money that was shown again before, and of which only what came since is there; and the currency of lines whose
-- order shows no amount. The owner sees one org at a time.
do $$
declare
  v_org uuid;
  v_kinds text[];
  v_keys text[];
begin
  for v_org in select o.id from portal.orgs o loop
    perform set_config('counterfoil.org', v_org::text, true);
    select array_agg(r.kind), array_agg(r.key) into v_kinds, v_keys
      from staff.records r
      join staff.exposures e on e.org_id = v_org and e.customer_key = r.customer_key
      left join portal.invoices i on r.kind = 'invoice' and i.org_id = v_org and i.number_key = r.key
      left join portal.payments m on r.kind = 'payment' and m.org_id = v_org and m.number_key = r.key
     where r.org_id = v_org
       and case r.kind when 'invoice' then 'paid' = any (e.granted_fields) and r.fields ? 'paid' and i.paid is null
                                           or 'total' = any (e.granted_fields) and r.fields ? 'total' and i.total is null
                                           or 'net' = any (e.granted_fields) and r.fields ? 'net' and i.net is null
                                           or 'tax' = any (e.granted_fields) and r.fields ? 'tax' and i.tax is null
                                           or 'due_date' = any (e.granted_fields) and r.fields ? 'due_date' and i.due_on is null
                       when 'payment' then 'payment_amount' = any (e.granted_fields) and m.id is null
                                           and r.fields ?& array['payment_date', 'payment_amount', 'currency'] end;
    if v_kinds is not null then
      perform staff.project_live(v_org, v_kinds, v_keys, false);
    end if;
    insert into portal.order_amounts (org_id, customer_id, order_id, currency)
    select v_org, o.customer_id, o.id, r.fields->>'currency'
      from portal.orders o
      join staff.records r on r.org_id = v_org and r.kind = 'order' and r.key = o.number_key and r.fields ? 'currency'
      join staff.exposures e on e.org_id = v_org and e.customer_key = r.customer_key
                            and e.granted_fields && array['line_unit_price', 'line_total']
     where o.org_id = v_org
    on conflict (order_id) do nothing;
  end loop;
  perform set_config('counterfoil.org', '', true);
end
$$;
--> statement-breakpoint
reset role;
