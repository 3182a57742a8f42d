set local role counterfoil_owner;
--> statement-breakpoint
-- What was paid on each of these invoices, as text by its id: what its payments name in its own currency, or what its
-- own row says where no payment names it. All at once: asked for one by one, each would look up anew who is asking.
-- Runs as whoever asks, so the policies say what there is. Called by portal.export_rows and portal.drawing.
create function portal.paid_on(p_invoices uuid[])
returns jsonb
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select jsonb_object_agg(i.id, (
           case when i.total is null then null
                when a.named = 0 then i.paid
                when i.kind <> 'credit_note' then a.amount
                else a.absolute * case when i.total < 0 then -1 else 1 end end)::text)
    from unnest(p_invoices) p(id)
    join portal.invoices i on i.id = p.id
   cross join lateral (
      select count(*) as named,
             coalesce(sum(x.amount) filter (where m.currency = i.currency), 0.00) as amount,
             coalesce(sum(abs(x.amount)) filter (where m.currency = i.currency), 0.00) as absolute
        from portal.payment_allocations x
        join portal.payments m on m.id = x.payment_id
       where x.org_id = i.org_id and x.customer_id = i.customer_id and x.invoice_key = i.number_key) a;
$$;
--> statement-breakpoint
-- As it was, but the documents are chosen before anything hangs on them, and what hangs on one is looked up by its key:
-- `offset 0` keeps it from being a join, which reads all of a customer's orders for each of their invoices. Of documents
-- that are more than p_most, none is read; where their lines make them more than one answer of the database holds, there
-- is one row, and no document in it.
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
    -- Neon gives 10 MiB at most, where quotes are escaped; a pack reads more than the export.
    select coalesce(sum(octet_length(d.document::text)), 0) <= 7500000 as is_so from documents d
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
-- As it was, but whether what was paid is told is asked once, and what was too much is not written down as taken.
create or replace function portal.take_export(
  p_format text, p_from date, p_to date, p_po text, p_most int, p_is_head boolean)
returns table (format text, document jsonb)
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
  if not p_is_head and v_count > 0 and v[1] is not null then
    perform portal.audit('export.downloaded', 'export', v_format, jsonb_strip_nulls(jsonb_build_object(
      'from', p_from, 'to', p_to, 'po', p_po, 'documents', v_count)));
  end if;
  return query select v_format, d from unnest(v) d;
end
$$;
--> statement-breakpoint
-- As it was, and what was too much is not written down as taken.
create or replace function staff.take_export(
  p_format text, p_from date, p_to date, p_customer uuid, p_most int, p_is_head boolean)
returns table (document jsonb)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v jsonb[] := array(select e.document from portal.export_rows(p_from, p_to, null, p_customer, p_most) e);
  v_count int := portal.count_exported(
    p_format, coalesce((select m.codes from staff.sales_mappings m where m.format = p_format), '{}'), false,
    (select o.contact_email from portal.orgs o), v);
begin
  if not p_is_head and v_count > 0 and v[1] is not null then
    perform staff.audit('export.downloaded', 'export', p_format, jsonb_strip_nulls(jsonb_build_object(
      'from', p_from, 'to', p_to, 'documents', v_count)), p_customer);
  end if;
  return query select unnest(v);
end
$$;
--> statement-breakpoint
-- As it was, but whether what was paid is told is asked by who takes: once for all that they take.
drop function portal.drawing(uuid);
--> statement-breakpoint
create function portal.drawing(p_document uuid, p_tells_paid boolean)
returns jsonb
language sql
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
                                     'paid', case when p_tells_paid then portal.paid_on(array[v.id])->>v.id::text end) end,
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
create or replace function portal.take_document(
  p_document uuid, p_order uuid, p_disposition text, p_how text, p_copy text)
returns table (id uuid, org_id uuid, number text, object_sha256 text, object_size bigint, slot_offset bigint,
               reference text, stamped_at timestamptz, link_last4 text, drawing jsonb)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  select x.id, x.org_id, x.number, x.object_sha256, x.object_size, x.slot_offset,
         case when x.served = 'drawn' then portal.drawing(x.id, x.kind in ('invoice', 'credit_note') and portal.tells_paid()) end
    into id, org_id, number, object_sha256, object_size, slot_offset, drawing
    from portal.documents x
   where x.id = p_document
     and (p_order is null or (x.order_id = p_order and exists (select 1 from portal.orders o where o.id = p_order)));
  if id is null then
    perform portal.audit('request.refused', 'document', p_document::text, '{"code": "not_found"}');
    return;
  end if;
  if p_how <> 'take' then
    select s.reference, s.at, s.link_last4 into reference, stamped_at, link_last4
      from portal.stamp_of(id, p_disposition, object_sha256, p_copy) s;
  end if;
  if reference is null and p_how <> 'look' then
    select t.reference, t.at, t.link_last4 into reference, stamped_at, link_last4
      from portal.note_taken(array[id], p_disposition) t;
  end if;
  return next;
end
$$;
--> statement-breakpoint
create or replace function portal.take_documents(
  p_order uuid, p_ids uuid[], p_kinds text[], p_like text, p_from date, p_to date,
  p_max_documents int, p_max_bytes bigint, p_look boolean)
returns table (status text, documents int, bytes bigint,
               id uuid, org_id uuid, kind text, number text, dated_on date, order_number text,
               object_sha256 text, object_size bigint, slot_offset bigint, head_crc bigint, tail_crc bigint,
               reference text, stamped_at timestamptz, link_last4 text, drawing jsonb)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_zone text := (select o.time_zone from portal.orgs o);
  v_ids uuid[];
  v_bytes bigint;
  v_status text;
  v_has_copies boolean;
  v_is_told boolean;
begin
  select array_agg(x.id), coalesce(sum(x.object_size), 0), bool_or(x.is_copy) into v_ids, v_bytes, v_has_copies
    from (select d.id, d.object_size, d.served = 'drawn' and d.kind in ('invoice', 'credit_note') as is_copy
            from portal.documents d
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
  if v_status = 'ok' and v_has_copies then
    v_is_told := portal.tells_paid();
  elsif v_status <> 'ok' then
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
           case when d.served = 'drawn' then portal.drawing(d.id, v_is_told) end
      from (select 1) one
      left join portal.documents d on v_status = 'ok' and d.id = any (v_ids)
      left join portal.orders o on o.id = d.order_id
      left join taken t on t.document_id = d.id
     order by coalesce(d.dated_on, (d.shown_at at time zone v_zone)::date) desc, d.kind, d.number_key;
end
$$;
--> statement-breakpoint
drop function portal.paid_of(portal.invoices);
--> statement-breakpoint
revoke all on function portal.paid_on(uuid[]), portal.drawing(uuid, boolean) from public;
--> statement-breakpoint
grant execute on function portal.paid_on(uuid[]) to counterfoil_customer, counterfoil_staff;
--> statement-breakpoint
grant execute on function portal.drawing(uuid, boolean) to counterfoil_customer;
--> statement-breakpoint
reset role;
