-- An approval of a hundred thousand rows: what is looked up is looked up once, and what cannot be there not at all.
set local role counterfoil_owner;
--> statement-breakpoint
-- A customer is one org's. With the org before it, this index looked as good as the key (org, customer, order)
-- to a planner without statistics: for each line its order was looked for among all of its customer's.
DROP INDEX "portal"."orders_customer_placed";
--> statement-breakpoint
CREATE INDEX "orders_customer_placed" ON "portal"."orders" USING btree ("customer_id","placed_on" DESC NULLS FIRST,"id" DESC NULLS FIRST);
--> statement-breakpoint
-- An approval changes almost every item of its publish. Where a page has room for a second version of its rows
-- and no index speaks of what changes, the indexes stay as they are; without the room, the table would end as
-- large, and each key would be written and checked again.
ALTER TABLE "staff"."publish_items" SET (fillfactor = 45);
--> statement-breakpoint
DROP INDEX "staff"."publish_items_included";
--> statement-breakpoint
CREATE INDEX "publish_items_of_key" ON "staff"."publish_items" USING btree ("key","kind","org_id");
--> statement-breakpoint
-- Marks what passes as taken, as it was reviewed, and makes the records of what is new: nothing else that is
-- approved speaks of it, so its record is its item. What the query made itself is hashed, never looped over.
-- Called by approve, as the owner, of a review that is not stale.
create function staff.take_items(p_publish uuid)
returns void
language sql
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set work_mem = '32MB'
as $$
  -- A rendition is named when it is made, which may have been after the review was.
  with taken as (
    update staff.publish_items i
       set included = true, customer_key = r.customer_key,
           file_sha256 = r.file_sha256, file_size = r.file_size, file_name = r.file_name, served = r.served,
           rendition_id = case when r.served = 'stamped' then coalesce(r.rendition_id, (
             select n.id from staff.renditions n
              where n.org_id = r.org_id and n.source_sha256 = r.file_sha256 and n.customer_key = r.customer_key
                and n.customer_name = staff.name_in(p_publish, r.org_id, r.customer_key)
                and n.stamp_version = staff.stamp_version())) end
      from staff.reviewed_items r
     where r.publish_id = p_publish and r.passes
       and i.publish_id = p_publish and i.kind = r.kind and i.key = r.key
    returning i.*, r.before is null as is_new
  )
  insert into staff.records (org_id, kind, key, customer_key, order_key, fields,
                             file_sha256, file_size, file_name, served, rendition_id)
  select t.org_id, t.kind, t.key, t.customer_key, t.order_key, t.fields,
         t.file_sha256, t.file_size, t.file_name,
         case when t.file_sha256 is not null then t.served end,
         case when t.file_sha256 is not null then t.rendition_id end
    from taken t where t.is_new;
$$;
--> statement-breakpoint
-- Makes the records of some keys what all approved items of a key together say, in the order they were
-- approved. Called by approve and project, as the owner.
create function staff.keep_records(p_org uuid, p_kinds text[], p_keys text[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set work_mem = '32MB'
as $$
declare
  v_kept bigint;
begin
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
  get diagnostics v_kept = row_count;

  -- Where each key has a record, none is gone.
  if v_kept < cardinality(p_keys) then
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
  end if;
end
$$;
--> statement-breakpoint
-- Makes the live orders of some keys, and their amounts, what their records say. Called by project_live, as
-- the owner.
create function staff.project_orders(p_org uuid, p_keys text[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set work_mem = '32MB'
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
           case when 'order_total' = any (s.shown) then (s.fields->>'order_total')::numeric end as total
      from said s join kept o on o.number_key = s.key
  ), gone as (
    delete from portal.order_amounts a
     where a.order_id = any (array(
       select m.id from amounts m
        where m.currency is null or coalesce(m.subtotal, m.tax, m.shipping, m.total) is null))
  )
  insert into portal.order_amounts (org_id, customer_id, order_id, currency, subtotal, tax, shipping, total)
  select p_org, m.customer_id, m.id, m.currency, m.subtotal, m.tax, m.shipping, m.total from amounts m
   where m.currency is not null and coalesce(m.subtotal, m.tax, m.shipping, m.total) is not null
  on conflict (order_id) do update
     set currency = excluded.currency, subtotal = excluded.subtotal, tax = excluded.tax,
         shipping = excluded.shipping, total = excluded.total;
end
$$;
--> statement-breakpoint
-- Makes the live lines of some keys, and their amounts, what their records say. Called by project_live, as the
-- owner.
create function staff.project_lines(p_org uuid, p_keys text[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
set work_mem = '32MB'
as $$
begin
  with said as materialized (
    select o.customer_id, o.id as order_id, (r.fields->>'line_number')::int as line_number,
           coalesce(o.customer_id = c.id and e.id is not null, false) as is_theirs,
           case when 'line_item_code' = any (e.granted_fields) then r.fields->>'line_item_code' end as item_code,
           case when 'line_description' = any (e.granted_fields) then r.fields->>'line_description' end as description,
           case when 'line_quantity' = any (e.granted_fields) then (r.fields->>'line_quantity')::numeric end as quantity,
           case when 'line_quantity' = any (e.granted_fields) then r.fields->>'line_unit' end as unit,
           case when 'line_unit_price' = any (e.granted_fields) then (r.fields->>'line_unit_price')::numeric end as unit_price,
           case when 'line_tax_rate' = any (e.granted_fields) then (r.fields->>'line_tax_rate')::numeric end as tax_rate,
           case when 'line_total' = any (e.granted_fields) then (r.fields->>'line_total')::numeric end as total
      from unnest(p_keys) k(key)
     cross join lateral (
        select x.* from staff.records x where x.org_id = p_org and x.kind = 'order_line' and x.key = k.key offset 0) r
     cross join lateral (
        select x.id, x.customer_id from portal.orders x where x.org_id = p_org and x.number_key = r.order_key offset 0) o
      left join lateral (
        select x.id from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c on true
      left join lateral (
        select x.id, x.granted_fields from staff.exposures x
         where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e on true
  ), kept as (
    insert into portal.order_lines (org_id, customer_id, order_id, line_number, item_code, description, quantity, unit)
    select p_org, s.customer_id, s.order_id, s.line_number, s.item_code, s.description, s.quantity, s.unit
      from said s where s.is_theirs
    on conflict (order_id, line_number) do update
       set item_code = excluded.item_code, description = excluded.description,
           quantity = excluded.quantity, unit = excluded.unit
    returning id, order_id, line_number
  ), gone as (
    delete from portal.order_line_amounts a
     where a.line_id = any (array(
       select l.id from said s
        cross join lateral (
          select x.id from portal.order_lines x where x.order_id = s.order_id and x.line_number = s.line_number offset 0) l
        where not s.is_theirs or coalesce(s.unit_price, s.tax_rate, s.total) is null))
  )
  insert into portal.order_line_amounts (org_id, customer_id, order_id, line_id, unit_price, tax_rate, total)
  select p_org, s.customer_id, s.order_id, l.id, s.unit_price, s.tax_rate, s.total
    from said s join kept l on l.order_id = s.order_id and l.line_number = s.line_number
   where coalesce(s.unit_price, s.tax_rate, s.total) is not null
  on conflict (line_id) do update
     set unit_price = excluded.unit_price, tax_rate = excluded.tax_rate, total = excluded.total;
end
$$;
--> statement-breakpoint
-- Makes the live rows of some keys what their records say, through the exposure in force; a key that has no
-- record any more (only if p_may_be_gone) loses its row. Customers and contacts stay: access hangs on them, and
-- it is ended, not deleted. Called by approve and project, as the owner.
-- Every table is looked up key by key (`offset 0`): planned as a join, a table without statistics is read
-- once for each key.
create function staff.project_live(p_org uuid, p_kinds text[], p_keys text[], p_may_be_gone boolean)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_kinds text[];
  v_keys text[];
  v_customers text[];
  v_contacts text[];
  v_orders text[];
  v_lines text[];
  v_shipments text[];
  v_invoices text[];
  v_documents text[];
  v_gone uuid[];
begin
  -- 1. An order that comes (back) to life brings what hangs on it, whichever publish that came with.
  select array_agg(w.kind), array_agg(w.key) into v_kinds, v_keys
    from (
      select r.kind, r.key
        from unnest(p_kinds, p_keys) k(kind, key)
       cross join lateral (
          select x.kind, x.key from staff.records x
           where x.org_id = p_org and x.order_key = k.key and x.kind <> 'order' offset 0) r
       where k.kind = 'order'
         and not exists (
           select 1 from portal.orders o where o.org_id = p_org and o.number_key = k.key offset 0)
      except
      select k.kind, k.key from unnest(p_kinds, p_keys) k(kind, key)
    ) w;
  v_kinds := p_kinds || v_kinds;
  v_keys := p_keys || v_keys;

  -- 2. By kinds.
  select array_agg(k.key) filter (where k.kind = 'customer'), array_agg(k.key) filter (where k.kind = 'contact'),
         array_agg(k.key) filter (where k.kind = 'order'), array_agg(k.key) filter (where k.kind = 'order_line'),
         array_agg(k.key) filter (where k.kind = 'shipment'), array_agg(k.key) filter (where k.kind = 'invoice'),
         array_agg(k.key) filter (where k.kind = 'document')
    into v_customers, v_contacts, v_orders, v_lines, v_shipments, v_invoices, v_documents
    from unnest(v_kinds, v_keys) k(kind, key);

  -- 3. Who they are for.
  insert into portal.customers (org_id, code, code_key, name, tax_id, country)
  select p_org, r.fields->>'customer_code', r.key, coalesce(r.fields->>'customer_name', old.name),
         r.fields->>'customer_tax_id', r.fields->>'customer_country'
    from unnest(v_customers) k(key)
    cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = 'customer' and x.key = k.key offset 0) r
    left join lateral (
      select x.* from portal.customers x
       where x.org_id = p_org and x.code_key = r.key and r.fields->>'customer_name' is null offset 0) old on true
  on conflict (org_id, code_key) do update
     set code = excluded.code, name = excluded.name, tax_id = excluded.tax_id, country = excluded.country;

  insert into portal.contacts (org_id, customer_id, email, name, language)
  select p_org, c.id, r.fields->>'contact_email', r.fields->>'contact_name',
         coalesce(r.fields->>'contact_language', (select o.locale from portal.orgs o where o.id = p_org))
    from unnest(v_contacts) k(key)
    cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = 'contact' and x.key = k.key offset 0) r
    cross join lateral (
      select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
  on conflict (org_id, customer_id, email) do update
     set name = excluded.name, language = excluded.language;

  -- 4. What is gone: nothing approved says it any more, or its kind is no longer shown. An order of
  -- which only its number is left (papers named it, the publish that gave its date was withdrawn) is
  -- gone too; its record stays, so that its number cannot become another customer's.
  -- What we drew makes room for a file, which may even be another customer's.
  delete from portal.documents d
   where d.id in (
     select y.id from unnest(v_documents) k(key)
      cross join lateral (
        select x.id from portal.documents x
         where x.org_id = p_org and x.kind = split_part(k.key, ':', 1) and x.number_key = substr(k.key, strpos(k.key, ':') + 1)
           and x.served = 'drawn' offset 0) y);

  delete from portal.documents d
   where d.id in (
     select y.id from unnest(v_documents) k(key)
      cross join lateral (
        select x.id, x.kind from portal.documents x
         where x.org_id = p_org and x.kind = split_part(k.key, ':', 1) and x.number_key = substr(k.key, strpos(k.key, ':') + 1)
         offset 0) y
      where not exists (
          select 1 from staff.records r
            join staff.exposures e on e.org_id = p_org and e.customer_key = r.customer_key
           where r.org_id = p_org and r.kind = 'document' and r.key = k.key and y.kind = any (e.granted_kinds) offset 0));

  if p_may_be_gone then
    delete from portal.invoices v
     using (
       select x.key from unnest(v_invoices) x(key)
        where not exists (select 1 from staff.records r where r.org_id = p_org and r.kind = 'invoice' and r.key = x.key offset 0)
        offset 0) k
     where v.org_id = p_org and v.number_key = k.key;

    delete from portal.shipments s
     using (
       select x.key from unnest(v_shipments) x(key)
        where not exists (select 1 from staff.records r where r.org_id = p_org and r.kind = 'shipment' and r.key = x.key offset 0)
        offset 0) k
     where s.org_id = p_org and s.shipment_key = k.key;

    delete from portal.order_lines l
     using (
       select x.key from unnest(v_lines) x(key)
        where not exists (select 1 from staff.records r where r.org_id = p_org and r.kind = 'order_line' and r.key = x.key offset 0)
        offset 0) k, portal.orders o
     where o.org_id = p_org and o.number_key = left(k.key, length(k.key) - strpos(reverse(k.key), '#'))
       and l.order_id = o.id and l.line_number = substr(k.key, length(k.key) - strpos(reverse(k.key), '#') + 2)::int;
  end if;

  select array_agg(o.id) into v_gone
    from unnest(v_orders) k(key)
   cross join lateral (select x.id from portal.orders x where x.org_id = p_org and x.number_key = k.key offset 0) o
   where not exists (select 1 from staff.records r
                      where r.org_id = p_org and r.kind = 'order' and r.key = k.key and r.fields ? 'order_date' offset 0);
  if v_gone is not null then
    update portal.documents d set order_id = null, held = false where d.order_id = any (v_gone);
    update portal.invoices v set order_id = null, held = false where v.order_id = any (v_gone);
    delete from portal.orders o where o.id = any (v_gone);
  end if;

  -- 5. What is there: only the fields that the exposure in force lets through; the rest is null. What
  -- hangs on an order joins it through its own customer, never by the number alone.
  perform staff.project_orders(p_org, v_orders);
  perform staff.project_lines(p_org, v_lines);

  insert into portal.shipments (org_id, customer_id, order_id, shipment_key, carrier, tracking_number, shipped_on, estimated_delivery)
  select p_org, o.customer_id, o.id, r.key,
         case when 'tracking_number' = any (e.granted_fields) then r.fields->>'carrier' end,
         case when 'tracking_number' = any (e.granted_fields) then r.fields->>'tracking_number' end,
         case when 'shipped_at' = any (e.granted_fields) then (r.fields->>'shipped_at')::date end,
         case when 'estimated_delivery' = any (e.granted_fields) then (r.fields->>'estimated_delivery')::date end
    from unnest(v_shipments) k(key)
    cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = 'shipment' and x.key = k.key offset 0) r
    cross join lateral (
      select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
    join lateral (
      select x.* from portal.orders x where x.org_id = p_org and x.number_key = r.order_key offset 0) o on o.customer_id = c.id
    cross join lateral (
      select x.* from staff.exposures x where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e
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
    from unnest(v_invoices) k(key)
    cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = 'invoice' and x.key = k.key offset 0) r
    cross join lateral (
      select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
   cross join lateral (
      select x.* from staff.exposures x where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e
    left join lateral (
      select x.* from portal.orders x where x.org_id = p_org and x.number_key = r.order_key offset 0) o on o.customer_id = c.id
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
    from unnest(v_documents) k(key)
    cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = 'document' and x.key = k.key offset 0) r
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
   where r.file_sha256 is not null and r.fields->>'document_kind' = any (e.granted_kinds)
  on conflict (org_id, kind, number_key) do update
     set order_id = excluded.order_id, number = excluded.number, dated_on = excluded.dated_on,
         file_name = excluded.file_name, file_sha256 = excluded.file_sha256, file_size = excluded.file_size,
         served = excluded.served, object_sha256 = excluded.object_sha256, object_size = excluded.object_size,
         slot_offset = excluded.slot_offset, slot_length = excluded.slot_length,
         head_crc = excluded.head_crc, tail_crc = excluded.tail_crc, held = excluded.held,
         shown_at = case when documents.file_sha256 = excluded.file_sha256 then documents.shown_at else now() end;

  -- Of an org that draws nothing, nothing is drawn.
  if exists (select 1 from portal.orgs g where g.id = p_org and (g.draws_confirmations or g.draws_invoice_copies))
     or exists (select 1 from portal.documents d where d.org_id = p_org and d.served = 'drawn') then
    perform staff.project_drawn(p_org, v_kinds, v_keys);
  end if;
  -- Payments and tracking events.
  perform staff.project_payments(p_org, v_kinds, v_keys);
  perform staff.project_events(p_org, v_kinds, v_keys);
end
$$;
--> statement-breakpoint
-- Makes the live rows of some keys what their approved, unwithdrawn items say, through the exposure in force.
-- Called by withdraw and set_exposure, as the owner.
create or replace function staff.project(p_org uuid, p_kinds text[], p_keys text[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  perform staff.keep_records(p_org, p_kinds, p_keys);
  perform staff.project_live(p_org, p_kinds, p_keys, true);
end
$$;
--> statement-breakpoint
-- As it was, and what is new is projected without being looked for.
create or replace function staff.approve(p_publish uuid, p_review_hash text, p_confirm_own boolean)
returns table (status text, summary jsonb)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
  v_org portal.orgs;
  v_publish staff.publishes;
  v_own boolean;
  v_kinds text[];
  v_keys text[];
  v_known_kinds text[];
  v_known_keys text[];
  v_new_kinds text[];
  v_new_keys text[];
  v_summary jsonb;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service or me.role not in ('approver', 'owner') then
    perform staff.audit('request.refused', 'publish', p_publish::text, '{"code": "forbidden", "action": "publish.approved"}');
    return query select 'forbidden', null::jsonb;
    return;
  end if;
  select * into v_org from portal.orgs o where o.id = me.org_id;
  -- Approvals of one org go one after the other: each is judged against what the last one made live.
  perform pg_advisory_xact_lock(hashtextextended(me.org_id::text, 0));
  -- What the projection makes stale is held in one order, before this one.
  perform 1 from staff.publishes p where p.org_id = me.org_id and p.status = 'staged' order by p.id for no key update;
  select * into v_publish from staff.publishes p where p.id = p_publish and p.org_id = me.org_id for update;
  if v_publish.id is null then
    return query select 'not_found', null::jsonb;
    return;
  end if;
  if v_publish.status = 'approved' and v_publish.review_hash = p_review_hash then
    return query select 'already_approved', v_publish.summary;
    return;
  end if;
  if v_publish.status <> 'staged' then
    return query select 'not_staged', null::jsonb;
    return;
  end if;
  if v_publish.review_stale then
    perform staff.keep_review(p_publish, null);
    select * into v_publish from staff.publishes p where p.id = p_publish;
  end if;
  if v_publish.kept_hash is distinct from p_review_hash then
    return query select 'review_stale', null::jsonb;
    return;
  end if;

  v_own := staff.is_own_import(p_publish, me.member_id);
  if v_own and v_org.requires_two_persons then
    if exists (select 1 from staff.members m
                where m.org_id = me.org_id and m.active and m.service_name is null
                  and m.role in ('approver', 'owner') and m.id <> me.member_id) then
      perform staff.audit('request.refused', 'publish', p_publish::text, '{"code": "own_import", "action": "publish.approved"}');
      return query select 'own_import', null::jsonb;
      return;
    end if;
    if not coalesce(p_confirm_own, false) then
      return query select 'own_import_unconfirmed', null::jsonb;
      return;
    end if;
  end if;

  if staff.preparing(p_publish, true) > 0 then
    update staff.publishes p set unprepared = true where p.id = p_publish and not p.unprepared;
    return query select 'rendition_pending', null::jsonb;
    return;
  end if;

  if not exists (select 1 from staff.reviewed_items r where r.publish_id = p_publish and r.passes) then
    return query select 'nothing_to_approve', null::jsonb;
    return;
  end if;

  select jsonb_build_object(
           'items', sum((c.counts->>'passes')::bigint), 'changes', sum((c.counts->>'goes')::bigint),
           'customers', count(*) filter (where c.counts->>'goes' <> '0'),
           'firstCustomers', count(*) filter (where c.counts->>'goes' <> '0' and c.is_first),
           'orders', sum((c.counts->>'goes.orders')::bigint), 'documents', sum((c.counts->>'goes.documents')::bigint),
           'contacts', sum((c.counts->>'goes.contacts')::bigint),
           'overrides', (select count(*) from staff.reviewed_items r where r.publish_id = p_publish and r.passes and r.override_reason is not null))
    into v_summary
    from staff.reviewed_customers c where c.publish_id = p_publish;

  perform staff.take_items(p_publish);
  select array_agg(r.kind), array_agg(r.key) into v_kinds, v_keys
    from staff.reviewed_items r where r.publish_id = p_publish and r.passes;

  -- What staff want shown to these customers is now approved: this is the exposure in force.
  insert into staff.exposures (org_id, customer_key, granted_kinds, granted_fields)
  select me.org_id, w.customer_key, w.kinds, w.fields
    from staff.wanted_exposure(me.org_id, (
           select array_agg(distinct i.customer_key) from staff.publish_items i
            where i.publish_id = p_publish and i.included)) w
  on conflict (org_id, customer_key) do update
     set granted_kinds = excluded.granted_kinds, granted_fields = excluded.granted_fields;

  -- What is new has to be asked before the projection makes it old.
  select array_agg(r.kind), array_agg(r.key) into v_new_kinds, v_new_keys
    from staff.reviewed_items r
   where r.publish_id = p_publish and r.passes and r.kind in ('document', 'order') and r.change <> 'same';

  update staff.publishes p
     set status = 'approved', decided_by = me.member_id, decided_at = clock_timestamp(),
         review_hash = p_review_hash, summary = v_summary, own_import_confirmed = v_own and coalesce(p_confirm_own, false)
   where p.id = p_publish;

  -- What was known before is what its items say together; what is new has its record.
  select array_agg(r.kind), array_agg(r.key) into v_known_kinds, v_known_keys
    from staff.reviewed_items r where r.publish_id = p_publish and r.passes and r.before is not null;
  perform staff.keep_records(me.org_id, v_known_kinds, v_known_keys);
  perform staff.project_live(me.org_id, v_kinds, v_keys, false);

  -- What else is staged may be another's now, or under another name.
  update staff.publishes p set unprepared = true where p.org_id = me.org_id and p.status = 'staged' and not p.unprepared;

  -- Letters go to those for whom something new is to be seen: neither a kind that is not shown nor a
  -- held invoice is told of. One for each customer, since one person may be a contact of several.
  with fresh as (
    select k.kind, k.key from unnest(v_new_kinds, v_new_keys) k(kind, key)
  ), shown as (
    select d.customer_id, 'document' as kind
      from fresh f
      join portal.documents d on d.org_id = me.org_id and d.kind = split_part(f.key, ':', 1)
                             and d.number_key = substr(f.key, strpos(f.key, ':') + 1)
     where f.kind = 'document' and not (d.held and d.kind in ('invoice', 'credit_note'))
    union all
    select o.customer_id, 'order'
      from fresh f
      join portal.orders o on o.org_id = me.org_id and o.number_key = f.key
     where f.kind = 'order'
  ), news as (
    select s.customer_id, count(*) filter (where s.kind = 'document') as documents,
           count(*) filter (where s.kind = 'order') as orders
      from shown s group by s.customer_id
  )
  insert into staff.outbox (org_id, event, recipient, contact_id, template, language, params)
  select me.org_id, 'publish.approved/' || p_publish || '/' || b.code_key, c.email, c.id, 'documents-ready',
         c.language, jsonb_build_object('documents', n.documents, 'orders', n.orders)
    from news n
    join portal.customers b on b.org_id = me.org_id and b.id = n.customer_id
    join portal.contacts c on c.org_id = me.org_id and c.customer_id = n.customer_id and c.access = 'allowed'
  on conflict (org_id, event, recipient) do nothing;

  perform staff.audit('publish.approved', 'publish', p_publish::text,
                      v_summary || jsonb_build_object('review_hash', p_review_hash, 'own_import', v_own));
  return query select 'ok', v_summary;
end
$$;
--> statement-breakpoint
revoke all on function staff.take_items(uuid), staff.keep_records(uuid, text[], text[]),
  staff.project_orders(uuid, text[]), staff.project_lines(uuid, text[]),
  staff.project_live(uuid, text[], text[], boolean) from public;
--> statement-breakpoint
reset role;
