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
-- Whether there is a rate, in percent with at most 2 decimals, that makes this tax of this net: as rateOf of
-- worker/exports/entries.ts finds it. Called by is_exported.
create function portal.has_tax_rate(p_net numeric, p_tax numeric)
returns boolean
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select p_tax = 0 or (p_net * p_tax > 0 and exists (
    select 1 from (values (1, 5, 2000), (10, 2, 20000), (100, 0, 1)) s(unit, most, of_net)
     cross join lateral (select round(p_tax * 100 * s.unit / nullif(p_net, 0)) as rate) r
     where r.rate <> 0
       and abs(round(p_net * r.rate / s.unit) - p_tax * 100) <= least(s.most, trunc(abs(p_net) * 100 / s.of_net))));
$$;
--> statement-breakpoint
-- Whether UBL can be written with these codes: its seller is known, and the code of what is not taxed is one
-- that it says. As unmapped and sellerOf of worker/exports decide. Called by count_exported.
create function portal.seller_is_known(p_codes jsonb, p_email text)
returns boolean
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(p_codes->>'sellerTaxId' ~ '[0-9A-Za-z]' and p_codes->>'sellerCountry' ~ '^[A-Z]{2}$'
                  and (p_codes->>'sellerEndpoint' ~ '^[0-9A-Z]{2,4}:.' or p_email is not null)
                  and upper(coalesce(nullif(p_codes->'taxCodes'->>'0', ''), 'Z')) in ('Z', 'E', 'AE', 'G'), false);
$$;
--> statement-breakpoint
-- Whether a format takes this document: a generic CSV all that are not held back, the others those that can be
-- booked, and Sage and UBL of these what they can say. As sortRows of worker/exports sorts them: its test holds
-- the two together. p_codes are the books'; p_is_own: the customer's. Called by count_exported.
create function portal.is_exported(p_format text, p_codes jsonb, p_is_own boolean, d jsonb)
returns boolean
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select case
    when p_format = 'csv' then d->>'leftOut' is distinct from 'held'
    when d->>'leftOut' is not null then false
    when p_format = 'sage50' then (d->>'net')::numeric * (d->>'tax')::numeric >= 0
    when p_format = 'ubl' then (
      select (x.by_lines or portal.has_tax_rate(b.net, b.tax))
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
-- How many of these documents are in the file that a format makes of them; none where it cannot be written.
-- Called by the functions below.
create function portal.count_exported(p_format text, p_codes jsonb, p_is_own boolean, p_email text, p_documents jsonb[])
returns int
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select count(*)::int from unnest(p_documents) d
   where (p_format <> 'ubl' or portal.seller_is_known(p_codes, p_email)) and portal.is_exported(p_format, p_codes, p_is_own, d);
$$;
--> statement-breakpoint
-- As portal.export_rows of the customer's own, with its event when there is a file to take; a HEAD writes none.
-- p_format null: as of a pack, in the format that was saved last, or a generic CSV where that one makes no file.
-- Called by GET exports/invoices and GET packs/month.zip.
create function portal.take_export(p_format text, p_from date, p_to date, p_po text, p_most int, p_is_head boolean)
returns table (format text, document jsonb)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_format text := p_format;
  v_codes jsonb;
  v_email text;
  v_count int;
  v jsonb[] := array(select e.document from portal.export_rows(p_from, p_to, p_po, null, p_most) e);
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
-- As portal.take_export, for the supplier's own books: of one customer or of all. Called by GET
-- exports/invoices of the console.
create function staff.take_export(p_format text, p_from date, p_to date, p_customer uuid, p_most int, p_is_head boolean)
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
  if not p_is_head and v_count > 0 and cardinality(v) <= p_most then
    perform staff.audit('export.downloaded', 'export', p_format, jsonb_strip_nulls(jsonb_build_object(
      'from', p_from, 'to', p_to, 'documents', v_count)), p_customer);
  end if;
  return query select unnest(v);
end
$$;
--> statement-breakpoint
-- Whether the papers of a pack fit into one file: where they do not, nothing of it is taken. As take_documents
-- counts them. Runs as the customer. Called by GET packs/month.zip.
create function portal.pack_fits(p_from date, p_to date, p_po text, p_max_documents int, p_max_bytes bigint)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select count(*) <= p_max_documents and coalesce(sum(x.object_size), 0) <= p_max_bytes
    from (select d.object_size from portal.documents d
           where (p_po is null or d.order_id in (select o.id from portal.orders o where lower(o.po_number) = lower(p_po)))
             and (p_from is null or coalesce(d.dated_on, d.shown_at::date) >= p_from)
             and (p_to is null or coalesce(d.dated_on, d.shown_at::date) <= p_to)
           limit p_max_documents + 1) x;
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
revoke all on function portal.export_rows(date, date, text, uuid, int), portal.has_tax_rate(numeric, numeric),
  portal.seller_is_known(jsonb, text), portal.is_exported(text, jsonb, boolean, jsonb),
  portal.count_exported(text, jsonb, boolean, text, jsonb[]), portal.pack_fits(date, date, text, int, bigint),
  portal.take_export(text, date, date, text, int, boolean), staff.take_export(text, date, date, uuid, int, boolean),
  portal.set_export_mapping(text, jsonb), staff.set_sales_mapping(text, jsonb) from public;
--> statement-breakpoint
grant execute on function portal.export_rows(date, date, text, uuid, int), portal.has_tax_rate(numeric, numeric),
  portal.seller_is_known(jsonb, text), portal.is_exported(text, jsonb, boolean, jsonb),
  portal.count_exported(text, jsonb, boolean, text, jsonb[])
  to counterfoil_customer, counterfoil_staff;
--> statement-breakpoint
grant execute on function portal.take_export(text, date, date, text, int, boolean),
  portal.pack_fits(date, date, text, int, bigint), portal.set_export_mapping(text, jsonb) to counterfoil_customer;
--> statement-breakpoint
grant execute on function staff.take_export(text, date, date, uuid, int, boolean),
  staff.set_sales_mapping(text, jsonb) to counterfoil_staff;
--> statement-breakpoint
reset role;
