-- What follows an approval: parts taken back, and who saw them.
set local role counterfoil_owner;
--> statement-breakpoint
-- An item of an approved publish may still be marked as withdrawn, and nothing else of it changes, then
-- or later: the next trigger sees to that for the row, this one for the publish.
create function staff.refuse_frozen_item()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_publish uuid;
  v_status text;
begin
  for v_publish in select distinct t.publish_id from touched t order by 1 loop
    v_status := null;
    select p.status into v_status from staff.publishes p where p.id = v_publish for share;
    if v_status is distinct from 'staged'
       and (v_status is distinct from 'approved'
            or exists (select 1 from touched t where t.publish_id = v_publish and not t.withdrawn)) then
      raise exception 'publish_not_staged' using errcode = 'CF001';
    end if;
  end loop;
  return null;
end
$$;
--> statement-breakpoint
create function staff.refuse_change_of_withdrawn()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  -- `term` is made of the key, and not before this trigger.
  if old.withdrawn or not old.included
     or to_jsonb(old) - '{withdrawn, term}'::text[] <> to_jsonb(new) - '{withdrawn, term}'::text[] then
    raise exception 'publish_not_staged' using errcode = 'CF001';
  end if;
  return new;
end
$$;
--> statement-breakpoint
drop trigger publish_items_frozen_update on staff.publish_items;
--> statement-breakpoint
create trigger publish_items_frozen_update after update on staff.publish_items referencing new table as touched
  for each statement execute function staff.refuse_frozen_item();
--> statement-breakpoint
create trigger publish_items_withdrawn before update on staff.publish_items
  for each row when (old.withdrawn or new.withdrawn) execute function staff.refuse_change_of_withdrawn();
--> statement-breakpoint
-- Makes the live rows of some keys what their approved, unwithdrawn items say, through the exposure
-- in force; a key that nothing approved speaks of any more loses its row. Customers and contacts
-- stay: access hangs on them, and it is ended, not deleted. Called by approve, withdraw and
-- set_exposure, as the owner.
-- Every table is looked up key by key (`offset 0`): planned as a join, a table without statistics is read
-- once for each key.
create or replace function staff.project(p_org uuid, p_kinds text[], p_keys text[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_kinds text[];
  v_keys text[];
begin
  -- 1. The records: all approved items of a key together, in the order they were approved.
  delete from staff.records r
   using (
     select x.kind, x.key from unnest(p_kinds, p_keys) x(kind, key)
      where x.kind not in ('customer', 'contact')
        and not exists (
          select 1 from staff.publish_items i join staff.publishes p on p.id = i.publish_id
           where i.org_id = p_org and i.kind = x.kind and i.key = x.key
             and i.included and not i.withdrawn and p.status = 'approved' offset 0)
      offset 0) k
   where r.org_id = p_org and r.kind = k.kind and r.key = k.key;

  insert into staff.records (org_id, kind, key, customer_key, order_key, fields,
                             file_sha256, file_size, file_name, served, rendition_id)
  select p_org, i.kind, i.key,
         (array_agg(i.customer_key order by p.decided_at desc, p.id desc))[1],
         (array_agg(i.order_key order by p.decided_at desc, p.id desc) filter (where i.order_key is not null))[1],
         staff.merge_fields(i.fields order by p.decided_at, p.id),
         (array_agg(i.file_sha256 order by p.decided_at desc, p.id desc) filter (where i.file_sha256 is not null))[1],
         (array_agg(i.file_size order by p.decided_at desc, p.id desc) filter (where i.file_sha256 is not null))[1],
         (array_agg(i.file_name order by p.decided_at desc, p.id desc) filter (where i.file_sha256 is not null))[1],
         (array_agg(i.served order by p.decided_at desc, p.id desc) filter (where i.file_sha256 is not null))[1],
         (array_agg(i.rendition_id order by p.decided_at desc, p.id desc) filter (where i.file_sha256 is not null))[1]
    from unnest(p_kinds, p_keys) k(kind, key)
   cross join lateral (
      select x.* from staff.publish_items x
       where x.org_id = p_org and x.kind = k.kind and x.key = k.key and x.included and not x.withdrawn offset 0) i
    join staff.publishes p on p.id = i.publish_id and p.status = 'approved'
   group by i.kind, i.key
  on conflict (org_id, kind, key) do update
     set customer_key = excluded.customer_key, order_key = excluded.order_key, fields = excluded.fields,
         file_sha256 = excluded.file_sha256, file_size = excluded.file_size, file_name = excluded.file_name,
         served = excluded.served, rendition_id = excluded.rendition_id;

  -- 2. An order that comes (back) to life brings what hangs on it, whichever publish that came with.
  select array_agg(w.kind), array_agg(w.key) into v_kinds, v_keys
    from (
      select k.kind, k.key from unnest(p_kinds, p_keys) k(kind, key)
      union
      select r.kind, r.key
        from unnest(p_kinds, p_keys) k(kind, key)
        join staff.records r on r.org_id = p_org and r.order_key = k.key and r.kind <> 'order'
       where k.kind = 'order'
         and not exists (select 1 from portal.orders o where o.org_id = p_org and o.number_key = k.key)
    ) w;

  -- 3. Who they are for.
  insert into portal.customers (org_id, code, code_key, name, tax_id, country)
  select p_org, r.fields->>'customer_code', r.key, coalesce(r.fields->>'customer_name', old.name),
         r.fields->>'customer_tax_id', r.fields->>'customer_country'
    from unnest(v_kinds, v_keys) k(kind, key)
    cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = k.kind and x.key = k.key offset 0) r
    left join lateral (
      select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.key offset 0) old on true
   where k.kind = 'customer'
  on conflict (org_id, code_key) do update
     set code = excluded.code, name = excluded.name, tax_id = excluded.tax_id, country = excluded.country;

  insert into portal.contacts (org_id, customer_id, email, name, language)
  select p_org, c.id, r.fields->>'contact_email', r.fields->>'contact_name',
         coalesce(r.fields->>'contact_language', 'en')
    from unnest(v_kinds, v_keys) k(kind, key)
    cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = k.kind and x.key = k.key offset 0) r
    cross join lateral (
      select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
   where k.kind = 'contact'
  on conflict (org_id, customer_id, email) do update
     set name = excluded.name, language = excluded.language;

  -- 4. What is gone: nothing approved says it any more, or its kind is no longer shown. An order of
  -- which only its number is left (papers named it, the publish that gave its date was withdrawn) is
  -- gone too; its record stays, so that its number cannot become another customer's.
  -- What we drew makes room for a file, which may even be another customer's.
  delete from portal.documents d
   where d.id in (
     select y.id from unnest(v_kinds, v_keys) k(kind, key)
      cross join lateral (
        select x.id from portal.documents x
         where x.org_id = p_org and x.kind = split_part(k.key, ':', 1) and x.number_key = substr(k.key, strpos(k.key, ':') + 1)
           and x.served = 'drawn' offset 0) y
      where k.kind = 'document');

  delete from portal.documents d
   where d.id in (
     select y.id from unnest(v_kinds, v_keys) k(kind, key)
      cross join lateral (
        select x.id, x.kind from portal.documents x
         where x.org_id = p_org and x.kind = split_part(k.key, ':', 1) and x.number_key = substr(k.key, strpos(k.key, ':') + 1)
         offset 0) y
      where k.kind = 'document'
        and not exists (
          select 1 from staff.records r
            join staff.exposures e on e.org_id = p_org and e.customer_key = r.customer_key
           where r.org_id = p_org and r.kind = 'document' and r.key = k.key and y.kind = any (e.granted_kinds) offset 0));

  delete from portal.invoices v
   using (
     select x.key from unnest(v_kinds, v_keys) x(kind, key)
      where x.kind = 'invoice'
        and not exists (select 1 from staff.records r where r.org_id = p_org and r.kind = 'invoice' and r.key = x.key offset 0)
      offset 0) k
   where v.org_id = p_org and v.number_key = k.key;

  delete from portal.shipments s
   using (
     select x.key from unnest(v_kinds, v_keys) x(kind, key)
      where x.kind = 'shipment'
        and not exists (select 1 from staff.records r where r.org_id = p_org and r.kind = 'shipment' and r.key = x.key offset 0)
      offset 0) k
   where s.org_id = p_org and s.shipment_key = k.key;

  delete from portal.order_lines l
   using (
     select x.key from unnest(v_kinds, v_keys) x(kind, key)
      where x.kind = 'order_line'
        and not exists (select 1 from staff.records r where r.org_id = p_org and r.kind = 'order_line' and r.key = x.key offset 0)
      offset 0) k, portal.orders o
   where o.org_id = p_org and o.number_key = left(k.key, length(k.key) - strpos(reverse(k.key), '#'))
     and l.order_id = o.id and l.line_number = substr(k.key, length(k.key) - strpos(reverse(k.key), '#') + 2)::int;

  with gone as (
    select o.id from unnest(v_kinds, v_keys) k(kind, key)
     cross join lateral (select x.id from portal.orders x where x.org_id = p_org and x.number_key = k.key offset 0) o
     where k.kind = 'order'
       and not exists (select 1 from staff.records r
                        where r.org_id = p_org and r.kind = 'order' and r.key = k.key and r.fields ? 'order_date' offset 0)
  ), loose_documents as (
    update portal.documents d set order_id = null, held = false where d.order_id in (select g.id from gone g)
  )
  update portal.invoices v set order_id = null, held = false where v.order_id in (select g.id from gone g);

  delete from portal.orders o
   using (
     select x.key from unnest(v_kinds, v_keys) x(kind, key)
      where x.kind = 'order'
        and not exists (select 1 from staff.records r
                         where r.org_id = p_org and r.kind = 'order' and r.key = x.key and r.fields ? 'order_date' offset 0)
      offset 0) k
   where o.org_id = p_org and o.number_key = k.key;

  -- 5. What is there: only the fields that the exposure in force lets through; the rest is null. What
  -- hangs on an order joins it through its own customer, never by the number alone.
  insert into portal.orders (org_id, customer_id, number, number_key, placed_on, status, cancelled_on, expected_ship,
                             expected_delivery, items_count, po_number, delivery_address)
  select p_org, c.id, r.fields->>'order_number', r.key, (r.fields->>'order_date')::date, r.fields->>'order_status',
         case when r.fields->>'order_status' = 'cancelled'
              then coalesce((r.fields->>'cancelled_on')::date, old.cancelled_on, (now() at time zone g.time_zone)::date) end,
         case when 'expected_ship' = any (e.granted_fields) then (r.fields->>'expected_ship')::date end,
         case when 'expected_delivery' = any (e.granted_fields) then (r.fields->>'expected_delivery')::date end,
         case when 'items_count' = any (e.granted_fields) then (r.fields->>'items_count')::int end,
         case when 'po_number' = any (e.granted_fields) then r.fields->>'po_number' end,
         case when 'delivery_address' = any (e.granted_fields)
              then nullif(concat_ws(', ', r.fields->>'delivery_address', r.fields->>'delivery_region', r.fields->>'delivery_country'), '') end
    from unnest(v_kinds, v_keys) k(kind, key)
    cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = k.kind and x.key = k.key offset 0) r
    join portal.orgs g on g.id = p_org
    cross join lateral (
      select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
   cross join lateral (
      select x.* from staff.exposures x where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e
    left join lateral (
      select x.* from portal.orders x where x.org_id = p_org and x.number_key = r.key offset 0) old on true
   where k.kind = 'order' and r.fields ? 'order_date'
  on conflict (org_id, number_key) do update
     set number = excluded.number, placed_on = excluded.placed_on, status = excluded.status,
         cancelled_on = excluded.cancelled_on, expected_ship = excluded.expected_ship,
         expected_delivery = excluded.expected_delivery, items_count = excluded.items_count,
         po_number = excluded.po_number, delivery_address = excluded.delivery_address, changed_at = now();

  delete from portal.order_amounts a
   where a.order_id in (
     select o.id from unnest(v_kinds, v_keys) k(kind, key)
      cross join lateral (select x.id from portal.orders x where x.org_id = p_org and x.number_key = k.key offset 0) o
      where k.kind = 'order');

  insert into portal.order_amounts (org_id, customer_id, order_id, currency, subtotal, tax, shipping, total)
  select m.* from (
    select p_org, o.customer_id, o.id, r.fields->>'currency',
           case when 'order_subtotal' = any (e.granted_fields) then (r.fields->>'order_subtotal')::numeric end as subtotal,
           case when 'order_tax' = any (e.granted_fields) then (r.fields->>'order_tax')::numeric end as tax,
           case when 'order_shipping' = any (e.granted_fields) then (r.fields->>'order_shipping')::numeric end as shipping,
           case when 'order_total' = any (e.granted_fields) then (r.fields->>'order_total')::numeric end as total
      from unnest(v_kinds, v_keys) k(kind, key)
      cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = k.kind and x.key = k.key offset 0) r
     cross join lateral (
        select x.* from portal.orders x where x.org_id = p_org and x.number_key = r.key offset 0) o
     cross join lateral (
        select x.* from staff.exposures x where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e
     where k.kind = 'order' and r.fields->>'currency' is not null
  ) m
  where coalesce(m.subtotal, m.tax, m.shipping, m.total) is not null;

  insert into portal.order_lines (org_id, customer_id, order_id, line_number, item_code, description, quantity, unit)
  select p_org, o.customer_id, o.id, (r.fields->>'line_number')::int,
         case when 'line_item_code' = any (e.granted_fields) then r.fields->>'line_item_code' end,
         case when 'line_description' = any (e.granted_fields) then r.fields->>'line_description' end,
         case when 'line_quantity' = any (e.granted_fields) then (r.fields->>'line_quantity')::numeric end,
         case when 'line_quantity' = any (e.granted_fields) then r.fields->>'line_unit' end
    from unnest(v_kinds, v_keys) k(kind, key)
    cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = k.kind and x.key = k.key offset 0) r
    cross join lateral (
      select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
    join lateral (
      select x.* from portal.orders x where x.org_id = p_org and x.number_key = r.order_key offset 0) o on o.customer_id = c.id
    cross join lateral (
      select x.* from staff.exposures x where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e
   where k.kind = 'order_line'
  on conflict (order_id, line_number) do update
     set item_code = excluded.item_code, description = excluded.description,
         quantity = excluded.quantity, unit = excluded.unit;

  delete from portal.order_line_amounts a
   where a.line_id in (
     select l.id from unnest(v_kinds, v_keys) k(kind, key)
      cross join lateral (
        select x.order_key, (x.fields->>'line_number')::int as line_number from staff.records x
         where x.org_id = p_org and x.kind = k.kind and x.key = k.key offset 0) r
      cross join lateral (select x.id from portal.orders x where x.org_id = p_org and x.number_key = r.order_key offset 0) o
      cross join lateral (
        select x.id from portal.order_lines x where x.order_id = o.id and x.line_number = r.line_number offset 0) l
      where k.kind = 'order_line');

  insert into portal.order_line_amounts (org_id, customer_id, order_id, line_id, unit_price, tax_rate, total)
  select m.* from (
    select p_org, o.customer_id, o.id, l.id as line_id,
           case when 'line_unit_price' = any (e.granted_fields) then (r.fields->>'line_unit_price')::numeric end as unit_price,
           case when 'line_tax_rate' = any (e.granted_fields) then (r.fields->>'line_tax_rate')::numeric end as tax_rate,
           case when 'line_total' = any (e.granted_fields) then (r.fields->>'line_total')::numeric end as total
      from unnest(v_kinds, v_keys) k(kind, key)
      cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = k.kind and x.key = k.key offset 0) r
      cross join lateral (
      select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
      join lateral (
      select x.* from portal.orders x where x.org_id = p_org and x.number_key = r.order_key offset 0) o on o.customer_id = c.id
     cross join lateral (
        select x.* from portal.order_lines x
         where x.order_id = o.id and x.line_number = (r.fields->>'line_number')::int offset 0) l
     cross join lateral (
        select x.* from staff.exposures x where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e
     where k.kind = 'order_line'
  ) m
  where coalesce(m.unit_price, m.tax_rate, m.total) is not null;

  insert into portal.shipments (org_id, customer_id, order_id, shipment_key, carrier, tracking_number, shipped_on, estimated_delivery)
  select p_org, o.customer_id, o.id, r.key,
         case when 'tracking_number' = any (e.granted_fields) then r.fields->>'carrier' end,
         case when 'tracking_number' = any (e.granted_fields) then r.fields->>'tracking_number' end,
         case when 'shipped_at' = any (e.granted_fields) then (r.fields->>'shipped_at')::date end,
         case when 'estimated_delivery' = any (e.granted_fields) then (r.fields->>'estimated_delivery')::date end
    from unnest(v_kinds, v_keys) k(kind, key)
    cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = k.kind and x.key = k.key offset 0) r
    cross join lateral (
      select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
    join lateral (
      select x.* from portal.orders x where x.org_id = p_org and x.number_key = r.order_key offset 0) o on o.customer_id = c.id
    cross join lateral (
      select x.* from staff.exposures x where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e
   where k.kind = 'shipment'
  on conflict (org_id, shipment_key) do update
     set carrier = excluded.carrier, tracking_number = excluded.tracking_number,
         shipped_on = excluded.shipped_on, estimated_delivery = excluded.estimated_delivery;

  insert into portal.invoices (org_id, customer_id, order_id, number, number_key, kind, issued_on, due_on, currency,
                               net, tax, total, paid, credits_key, held)
  select p_org, c.id, o.id, r.fields->>'invoice_number', r.key, coalesce(r.fields->>'document_kind', 'invoice'),
         (r.fields->>'invoice_date')::date,
         case when 'due_date' = any (e.granted_fields) then (r.fields->>'due_date')::date end,
         r.fields->>'currency',
         case when 'net' = any (e.granted_fields) then (r.fields->>'net')::numeric end,
         case when 'tax' = any (e.granted_fields) then (r.fields->>'tax')::numeric end,
         case when 'total' = any (e.granted_fields) then (r.fields->>'total')::numeric end,
         case when 'paid' = any (e.granted_fields) then (r.fields->>'paid')::numeric end,
         staff.normalise_key(r.fields->>'credited_invoice'),
         coalesce(o.status in ('draft', 'pending'), false)
    from unnest(v_kinds, v_keys) k(kind, key)
    cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = k.kind and x.key = k.key offset 0) r
    cross join lateral (
      select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
   cross join lateral (
      select x.* from staff.exposures x where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e
    left join lateral (
      select x.* from portal.orders x where x.org_id = p_org and x.number_key = r.order_key offset 0) o on o.customer_id = c.id
   where k.kind = 'invoice'
  on conflict (org_id, number_key) do update
     set order_id = excluded.order_id, number = excluded.number, kind = excluded.kind, issued_on = excluded.issued_on,
         due_on = excluded.due_on, currency = excluded.currency, net = excluded.net, tax = excluded.tax,
         total = excluded.total, paid = excluded.paid, credits_key = excluded.credits_key, held = excluded.held;

  insert into portal.documents (org_id, customer_id, order_id, kind, number, number_key, dated_on,
                                file_name, file_sha256, file_size, served, object_sha256, object_size,
                                slot_offset, slot_length, head_crc, tail_crc, held)
  select p_org, c.id, o.id, r.fields->>'document_kind', r.fields->>'document_number',
         substr(r.key, strpos(r.key, ':') + 1), (r.fields->>'document_date')::date,
         r.file_name, r.file_sha256, r.file_size, coalesce(r.served, 'plain'),
         coalesce(n.sha256, r.file_sha256), coalesce(n.size, r.file_size),
         n.slot_offset, n.slot_length, coalesce(n.head_crc, f.crc), n.tail_crc,
         coalesce(o.status in ('draft', 'pending'), false)
    from unnest(v_kinds, v_keys) k(kind, key)
    cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = k.kind and x.key = k.key offset 0) r
    cross join lateral (
      select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
   cross join lateral (
      select x.* from staff.exposures x where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e
    left join lateral (
      select x.* from portal.orders x where x.org_id = p_org and x.number_key = r.order_key offset 0) o on o.customer_id = c.id
    left join lateral (
      select x.* from staff.renditions x where x.org_id = p_org and x.id = r.rendition_id offset 0) n on true
    left join lateral (
      select x.* from staff.files x where x.org_id = p_org and x.sha256 = r.file_sha256 offset 0) f on true
   where k.kind = 'document' and r.file_sha256 is not null and r.fields->>'document_kind' = any (e.granted_kinds)
  on conflict (org_id, kind, number_key) do update
     set order_id = excluded.order_id, number = excluded.number, dated_on = excluded.dated_on,
         file_name = excluded.file_name, file_sha256 = excluded.file_sha256, file_size = excluded.file_size,
         served = excluded.served, object_sha256 = excluded.object_sha256, object_size = excluded.object_size,
         slot_offset = excluded.slot_offset, slot_length = excluded.slot_length,
         head_crc = excluded.head_crc, tail_crc = excluded.tail_crc, held = excluded.held,
         shown_at = case when documents.file_sha256 = excluded.file_sha256 then documents.shown_at else now() end;

  perform staff.project_drawn(p_org, v_kinds, v_keys);
end
$$;
--> statement-breakpoint
-- Whether a withdrawal, as a publish's summary keeps it, was about this item: all of the publish, its
-- customer's part, or its document, with the amounts that came with it.
create function staff.covers(p_withdrawal jsonb, p_kind text, p_key text, p_customer text)
returns boolean
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(p_withdrawal->>'customer' = p_customer, true)
     and coalesce(case p_kind when 'document' then p_withdrawal->>'document' = p_key
                              when 'invoice' then p_withdrawal->>'document' in ('invoice:' || p_key, 'credit_note:' || p_key)
                              else p_withdrawal->>'document' is null end, true);
$$;
--> statement-breakpoint
-- When an item that is marked as withdrawn was: by the first withdrawal that was about it.
create function staff.withdrawn_at(p_summary jsonb, p_kind text, p_key text, p_customer text)
returns timestamptz
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select min((w->>'at')::timestamptz)
    from jsonb_array_elements(coalesce(p_summary->'withdrawals', '[]')) w
   where staff.covers(w, p_kind, p_key, p_customer);
$$;
--> statement-breakpoint
-- Which of some documents were taken back the last time they were approved, and when: what comes again
-- under their keys is told of it. A key that was approved once more since is not. Runs as its caller,
-- and for the caller's org only. Called by the review.
create function staff.withdrawn_before(p_org uuid, p_keys text[])
returns table (key text, at timestamptz)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select n.key, n.at
    from (select distinct on (i.key) i.key, i.withdrawn or p.status = 'withdrawn' as is_withdrawn,
                 case when i.withdrawn then staff.withdrawn_at(p.summary, i.kind, i.key, i.customer_key) else p.withdrawn_at end as at
            from unnest(p_keys) k(key)
            join staff.publish_items i on i.org_id = p_org and i.kind = 'document' and i.key = k.key and i.included
            join staff.publishes p on p.id = i.publish_id
           order by i.key, p.decided_at desc, p.id desc) n
   where n.is_withdrawn;
$$;
--> statement-breakpoint
drop function staff.withdraw(uuid);
--> statement-breakpoint
-- Takes an approved publish back, or a customer's part of it, or one document (an invoice with its
-- amounts): the next request sees what earlier publishes say, or nothing. A publish of which nothing is
-- left is withdrawn. Its withdrawals are kept beside the counts of its summary, with their reasons. What
-- was taken back already is, and says nothing anew. Called by POST publishes/{id}/withdrawal.
create function staff.withdraw(p_publish uuid, p_customer text, p_document text, p_reason text)
returns table (status text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
  v_publish staff.publishes;
  v_part jsonb := jsonb_strip_nulls(jsonb_build_object('customer', p_customer, 'document', p_document));
  v_number text := substr(p_document, strpos(p_document, ':') + 1);
  v_kinds text[];
  v_keys text[];
  v_customers text[];
  v_left bigint;
  v_is_all boolean;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service or me.role not in ('approver', 'owner') then
    perform staff.audit('request.refused', 'publish', p_publish::text, '{"code": "forbidden", "action": "publish.withdrawn"}');
    return query select 'forbidden';
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(me.org_id::text, 0));
  select * into v_publish from staff.publishes p where p.id = p_publish and p.org_id = me.org_id for update;
  if v_publish.id is null then
    return query select 'not_found';
    return;
  end if;
  if v_publish.status not in ('approved', 'withdrawn') then
    return query select 'not_approved';
    return;
  end if;
  select array_agg(i.kind) filter (where not i.withdrawn), array_agg(i.key) filter (where not i.withdrawn),
         array_agg(distinct i.customer_key)
    into v_kinds, v_keys, v_customers
    from staff.publish_items i
   where i.publish_id = p_publish and i.included and (p_customer is null or i.customer_key = p_customer)
     and (p_document is null or i.key in (p_document, v_number) and staff.covers(v_part, i.kind, i.key, i.customer_key));
  if v_customers is null
     or p_document is not null and not exists (
       select 1 from staff.publish_items i
        where i.publish_id = p_publish and i.included and i.kind = 'document' and i.key = p_document
          and i.customer_key = coalesce(p_customer, i.customer_key)) then
    return query select 'not_found';
    return;
  end if;
  if v_publish.status = 'withdrawn' or v_kinds is null then
    return query select 'ok';
    return;
  end if;

  if v_part <> '{}' then
    update staff.publish_items i set withdrawn = true
     where i.publish_id = p_publish and i.included and not i.withdrawn and (p_customer is null or i.customer_key = p_customer)
       and (p_document is null or i.key in (p_document, v_number) and staff.covers(v_part, i.kind, i.key, i.customer_key));
    select count(*) into v_left
      from staff.publish_items i where i.publish_id = p_publish and i.included and not i.withdrawn;
  end if;
  v_is_all := coalesce(v_left, 0) = 0;
  update staff.publishes p
     set status = case when v_is_all then 'withdrawn' else p.status end,
         withdrawn_by = case when v_is_all then me.member_id end,
         withdrawn_at = case when v_is_all then clock_timestamp() end,
         summary = coalesce(p.summary, '{}') || jsonb_build_object('withdrawals',
           coalesce(p.summary->'withdrawals', '[]') || jsonb_build_array(v_part || jsonb_build_object(
             'at', clock_timestamp(), 'by', me.member_id, 'reason', p_reason, 'items', cardinality(v_kinds))))
   where p.id = p_publish;
  perform staff.project(me.org_id, v_kinds, v_keys);
  -- What is staged may be nobody's now, or under another name, and is compared with what is left.
  update staff.publishes p set unprepared = true, review_stale = true
   where p.org_id = me.org_id and p.status = 'staged' and not (p.unprepared and p.review_stale);
  perform staff.audit(case v_part when '{}' then 'publish.withdrawn' else 'publish.part_withdrawn' end, 'publish', p_publish::text,
                      v_part || jsonb_build_object('reason', p_reason, 'items', cardinality(v_kinds)),
                      (select c.id from portal.customers c
                        where v_part <> '{}' and c.org_id = me.org_id and c.code_key = v_customers[1]));
  return query select 'ok';
end
$$;
--> statement-breakpoint
-- Sends a staged publish back, with words for whoever imported it: on its page, and by mail to those of
-- them who are people. Called by POST publishes/{id}/rejection.
create or replace function staff.reject(p_publish uuid, p_reason text)
returns table (status text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
  v_publish staff.publishes;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service or me.role not in ('approver', 'owner') then
    perform staff.audit('request.refused', 'publish', p_publish::text, '{"code": "forbidden", "action": "publish.rejected"}');
    return query select 'forbidden';
    return;
  end if;
  select * into v_publish from staff.publishes p where p.id = p_publish and p.org_id = me.org_id for update;
  if v_publish.id is null then
    return query select 'not_found';
    return;
  end if;
  if v_publish.status <> 'staged' then
    return query select 'not_staged';
    return;
  end if;
  update staff.publishes p
     set status = 'rejected', decided_by = me.member_id, decided_at = now(), rejection_reason = p_reason
   where p.id = p_publish;
  insert into staff.outbox (org_id, event, recipient, template, language, params)
  select me.org_id, 'publish.rejected/' || p_publish, m.email, 'publish-rejected', m.language,
         jsonb_build_object('publish', p_publish, 'name', v_publish.name, 'reason', p_reason,
                            'by', (select d.name from staff.members d where d.id = me.member_id))
    from staff.members m
   where m.org_id = me.org_id and m.active and m.email is not null and m.id <> me.member_id
     and staff.is_own_import(p_publish, m.id)
  on conflict (org_id, event, recipient) do nothing;
  perform staff.audit('publish.rejected', 'publish', p_publish::text, jsonb_build_object('reason', p_reason));
  return query select 'ok';
end
$$;
--> statement-breakpoint
revoke all on function staff.refuse_frozen_item(), staff.refuse_change_of_withdrawn(), staff.covers(jsonb, text, text, text),
  staff.withdrawn_at(jsonb, text, text, text), staff.withdrawn_before(uuid, text[]),
  staff.withdraw(uuid, text, text, text) from public;
--> statement-breakpoint
grant execute on function staff.covers(jsonb, text, text, text), staff.withdrawn_at(jsonb, text, text, text),
  staff.withdrawn_before(uuid, text[]), staff.withdraw(uuid, text, text, text) to counterfoil_staff;
--> statement-breakpoint
reset role;
