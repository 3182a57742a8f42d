-- Invoices for somebody's books: the customer's, and the supplier's own.
set local role counterfoil_owner;
--> statement-breakpoint
-- The invoices and credit notes of a period or of a PO number, of one customer or of all, as one JSON value
-- each, and one more than p_most when there are more. `leftOut` says why one cannot be booked; one without a
-- day is of every period. The order's lines come along when they add up to the net, to the cent. Runs as
-- whoever asks, so the policies say what there is. Called by asCustomer and asStaff.
create function portal.export_rows(p_from date, p_to date, p_po text, p_customer uuid, p_most int)
returns table (document jsonb)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object(
           'kind', i.kind, 'number', i.number, 'issuedOn', i.issued_on, 'dueOn', i.due_on, 'currency', i.currency,
           'net', i.net::text, 'tax', i.tax::text, 'total', i.total::text, 'paid', i.paid::text,
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
-- How many of these documents a format takes: a generic CSV all that are not held back, the others those that
-- can be booked. Called by the two functions below.
create function portal.count_exported(p_format text, p_documents jsonb[])
returns int
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select count(*)::int from unnest(p_documents) d
   where d->>'leftOut' is null or p_format = 'csv' and d->>'leftOut' <> 'held';
$$;
--> statement-breakpoint
-- As portal.export_rows of the customer's own, with its event when there is something to take; a look (HEAD)
-- writes none. Called by GET exports/invoices and GET packs/month.zip.
create function portal.take_export(p_format text, p_from date, p_to date, p_po text, p_most int, p_look boolean)
returns table (document jsonb)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v jsonb[] := array(select e.document from portal.export_rows(p_from, p_to, p_po, null, p_most) e);
  v_count int := portal.count_exported(p_format, v);
begin
  if not p_look and v_count > 0 and cardinality(v) <= p_most then
    perform portal.audit('export.downloaded', 'export', p_format, jsonb_strip_nulls(jsonb_build_object(
      'from', p_from, 'to', p_to, 'po', p_po, 'documents', v_count)));
  end if;
  return query select unnest(v);
end
$$;
--> statement-breakpoint
-- As portal.take_export, for the supplier's own books: of one customer or of all. Called by GET
-- exports/invoices of the console.
create function staff.take_export(p_format text, p_from date, p_to date, p_customer uuid, p_most int, p_look boolean)
returns table (document jsonb)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v jsonb[] := array(select e.document from portal.export_rows(p_from, p_to, null, p_customer, p_most) e);
  v_count int := portal.count_exported(p_format, v);
begin
  if not p_look and v_count > 0 and cardinality(v) <= p_most then
    perform staff.audit('export.downloaded', 'export', p_format, jsonb_strip_nulls(jsonb_build_object(
      'from', p_from, 'to', p_to, 'documents', v_count)), p_customer);
  end if;
  return query select unnest(v);
end
$$;
--> statement-breakpoint
-- Remembers the codes of the customer's books for a format; the format that was saved last is the one that
-- the month's pack is in. No row while a member looks as them, or through a link without financials. Called
-- by PUT exports/mappings/{format}.
create function portal.set_export_mapping(p_format text, p_codes jsonb)
returns table (codes jsonb)
language plpgsql security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  w record;
  v_old jsonb;
begin
  select x.* into w from portal.writer() x, portal.context() c where c.financials;
  if w.contact_id is null then
    return;
  end if;
  -- Two of one company may save at once: the second sees what the first has kept.
  perform pg_advisory_xact_lock(hashtextextended('export mappings ' || w.customer_id::text, 0));
  select m.codes into v_old from portal.export_mappings m
   where m.org_id = w.org_id and m.customer_id = w.customer_id and m.format = p_format;
  insert into portal.export_mappings (org_id, customer_id, format, codes)
  values (w.org_id, w.customer_id, p_format, p_codes)
  on conflict on constraint export_mappings_key do update set codes = p_codes, changed_at = now();
  if v_old is distinct from p_codes then
    perform portal.audit('export.mapped', 'export', p_format, '{}');
  end if;
  return query select p_codes;
end
$$;
--> statement-breakpoint
-- As portal.set_export_mapping, for the supplier's own books. Called by PUT exports/mappings/{format} of the
-- console.
create function staff.set_sales_mapping(p_format text, p_codes jsonb)
returns table (codes jsonb)
language plpgsql security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
  v_old jsonb;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('sales mappings ' || me.org_id::text, 0));
  select m.codes into v_old from staff.sales_mappings m where m.org_id = me.org_id and m.format = p_format;
  insert into staff.sales_mappings (org_id, format, codes)
  values (me.org_id, p_format, p_codes)
  on conflict on constraint sales_mappings_key do update set codes = p_codes, changed_at = now();
  if v_old is distinct from p_codes then
    perform staff.audit('export.mapped', 'export', p_format, '{}');
  end if;
  return query select p_codes;
end
$$;
--> statement-breakpoint
revoke all on function portal.export_rows(date, date, text, uuid, int), portal.count_exported(text, jsonb[]),
  portal.take_export(text, date, date, text, int, boolean), staff.take_export(text, date, date, uuid, int, boolean),
  portal.set_export_mapping(text, jsonb), staff.set_sales_mapping(text, jsonb) from public;
--> statement-breakpoint
grant execute on function portal.export_rows(date, date, text, uuid, int), portal.count_exported(text, jsonb[])
  to counterfoil_customer, counterfoil_staff;
--> statement-breakpoint
grant execute on function portal.take_export(text, date, date, text, int, boolean),
  portal.set_export_mapping(text, jsonb) to counterfoil_customer;
--> statement-breakpoint
grant execute on function staff.take_export(text, date, date, uuid, int, boolean),
  staff.set_sales_mapping(text, jsonb) to counterfoil_staff;
--> statement-breakpoint
reset role;
