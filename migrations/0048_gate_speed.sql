-- An approval writes what becomes live, and of the staged items only those that do not go as they were staged.
-- Of an item of a staged publish nobody has said otherwise: it is in, until its publish is approved without it. Before,
-- an approval wrote each item once more to say so, and the table kept as much room free again.
set local role counterfoil_owner;
--> statement-breakpoint
ALTER TABLE "staff"."publish_items" ALTER COLUMN "included" SET DEFAULT true;
--> statement-breakpoint
ALTER TABLE "staff"."publish_items" RESET (fillfactor);
--> statement-breakpoint
-- Looked up for each row, the publish of an item says nothing that is not known of all of them.
ALTER TABLE "staff"."publish_items" DROP CONSTRAINT "publish_items_publish";
--> statement-breakpoint
create function staff.refuse_stray_item()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v record;
begin
  for v in select distinct t.org_id, t.publish_id from touched t order by 2 loop
    perform 1 from staff.publishes p
      where p.id = v.publish_id and p.org_id = v.org_id and p.status = 'staged' for share;
    if not found then
      raise exception 'publish_not_staged' using errcode = 'CF001';
    end if;
  end loop;
  return null;
end
$$;
--> statement-breakpoint
drop trigger publish_items_frozen_insert on staff.publish_items;
--> statement-breakpoint
create trigger publish_items_frozen_insert after insert on staff.publish_items referencing new table as touched
  for each statement execute function staff.refuse_stray_item();
--> statement-breakpoint
drop trigger publish_items_defaults on staff.publish_items;
--> statement-breakpoint
reset role;
--> statement-breakpoint
-- While no trigger takes it for an approval; and org by org, since what guards a publish sees one.
do $$
declare
  v_org uuid;
begin
  for v_org in select o.id from portal.orgs o loop
    perform set_config('counterfoil.org', v_org::text, true);
    update staff.publish_items i set included = true
      from staff.publishes p
     where p.id = i.publish_id and p.org_id = v_org and p.status = 'staged' and not i.included;
  end loop;
  perform set_config('counterfoil.org', '', true);
end
$$;
--> statement-breakpoint
set local role counterfoil_owner;
--> statement-breakpoint
create trigger publish_items_defaults before update of included on staff.publish_items
  for each row when (new.included
                     and (new.kind in ('order', 'invoice', 'payment') and not new.fields ? 'currency'
                          or new.kind = 'contact' and not new.fields ? 'contact_language'))
  execute function staff.write_defaults();
--> statement-breakpoint
-- An item of an approved publish may be marked as withdrawn, and nothing else of it changes, then or later:
-- staff.refuse_change_of_withdrawn sees to that for the row, this for the publish.
create or replace function staff.refuse_frozen_item()
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
    if (case v_status
         when 'staged' then exists (select 1 from touched t where t.publish_id = v_publish and t.withdrawn)
         when 'approved' then exists (select 1 from touched t where t.publish_id = v_publish and not t.withdrawn)
         else true end) then
      raise exception 'publish_not_staged' using errcode = 'CF001';
    end if;
  end loop;
  return null;
end
$$;
--> statement-breakpoint
-- Writes how a publish's items go: what does not pass is left out, and what passes goes to whom, and with the file,
-- that it was reviewed with. What is new has its item as its record, since nothing else that is approved speaks of it;
-- what has a record gets it from staff.keep_records. Called by approve, as the owner, of a review that is not stale.
create or replace function staff.take_items(p_publish uuid)
returns void
language sql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
-- A publish's rows look as few as any other's, and would be gone through once for each.
set enable_nestloop = off
set work_mem = '32MB'
as $$
  -- A rendition is named when it is made, which may have been after the review was. `included` is named also where it
  -- stays as it is: what the supplier's own defaults fill in is written behind it.
  with otherwise as materialized (
    select i.kind, i.key, coalesce(r.passes, false) as passes, r.org_id, r.customer_key,
           r.file_sha256, r.file_size, r.file_name, r.served, r.rendition_id
      from staff.publish_items i
      left join staff.reviewed_items r on r.publish_id = p_publish and r.kind = i.kind and r.key = i.key
     where i.publish_id = p_publish
       and (r.passes is not true
            or (i.customer_key, i.file_sha256, i.file_size, i.file_name, i.served)
               is distinct from (r.customer_key, r.file_sha256, r.file_size, r.file_name, r.served)
            or r.served = 'stamped'
            or i.kind in ('order', 'invoice', 'payment') and not i.fields ? 'currency'
            or i.kind = 'contact' and not i.fields ? 'contact_language')
  )
  update staff.publish_items i
     set included = o.passes,
         customer_key = case when o.passes then o.customer_key else i.customer_key end,
         file_sha256 = case when o.passes then o.file_sha256 end, file_size = case when o.passes then o.file_size end,
         file_name = case when o.passes then o.file_name end, served = case when o.passes then o.served end,
         rendition_id = case when o.passes and o.served = 'stamped' then coalesce(o.rendition_id, (
           select n.id from staff.renditions n
            where n.org_id = o.org_id and n.source_sha256 = o.file_sha256 and n.customer_key = o.customer_key
              and n.customer_name = staff.name_in(p_publish, o.org_id, o.customer_key)
              and n.stamp_version = staff.stamp_version())) end
    from otherwise o
   where i.publish_id = p_publish and i.kind = o.kind and i.key = o.key;

  insert into staff.records (org_id, kind, key, customer_key, order_key, fields,
                             file_sha256, file_size, file_name, served, rendition_id)
  select i.org_id, i.kind, i.key, i.customer_key, i.order_key, i.fields,
         i.file_sha256, i.file_size, i.file_name,
         case when i.file_sha256 is not null then i.served end,
         case when i.file_sha256 is not null then i.rendition_id end
    from staff.publish_items i where i.publish_id = p_publish and i.included
  on conflict (org_id, kind, key) do nothing;
$$;
--> statement-breakpoint
-- Makes the live rows of some keys what their records say, through the exposure in force; a key that has no
-- record any more (only if p_may_be_gone) loses its row. Customers and contacts stay: access hangs on them, and
-- it is ended, not deleted. Called by approve and project, as the owner.
-- Every table is looked up key by key (`offset 0`): planned as a join, a table without statistics is read
-- once for each key.
create or replace function staff.project_live(p_org uuid, p_kinds text[], p_keys text[], p_may_be_gone boolean)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_nestloop = off
set work_mem = '32MB'
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
  select array_agg(r.kind), array_agg(r.key) into v_kinds, v_keys
    from (
      select k.key from unnest(p_kinds, p_keys) k(kind, key)
       where k.kind = 'order'
         and not exists (
           select 1 from portal.orders o where o.org_id = p_org and o.number_key = k.key offset 0)
      offset 0) k
   cross join lateral (
      select x.kind, x.key from staff.records x
       where x.org_id = p_org and x.order_key = k.key and x.kind <> 'order' offset 0) r
   where not exists (select 1 from unnest(p_kinds, p_keys) x(kind, key) where x.kind = r.kind and x.key = r.key);
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
    from (
      select k.key, y.id from unnest(v_orders) k(key)
       cross join lateral (select x.id from portal.orders x where x.org_id = p_org and x.number_key = k.key offset 0) y
      offset 0) o
   where not exists (select 1 from staff.records r
                      where r.org_id = p_org and r.kind = 'order' and r.key = o.key and r.fields ? 'order_date' offset 0);
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
-- A paper is projected with the status that its order has: of one that its shipments brought forward it is held
-- all the same.
create or replace function staff.hold_projected()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
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
          select x.id, x.number_key from portal.orders x
           where x.id = k.id and x.status in ('shipped', 'delivered') offset 0) o
       cross join lateral (
          select x.fields->>'order_status' as said from staff.records x
           where x.org_id = v.org_id and x.kind = 'order' and x.key = o.number_key offset 0) r
       where r.said in ('draft', 'pending'));
    if cardinality(v.orders) > 0 then
      execute format('update portal.%I p set held = true where p.order_id = any ($1) and not p.held', tg_table_name)
        using v.orders;
    end if;
  end loop;
  return null;
end
$$;
--> statement-breakpoint
-- Signs a staged publish, of the review that the approver saw: what passes becomes live, and those for whom something
-- new is to be seen are written to. Called by POST publishes/{id}/approval.
create or replace function staff.approve(p_publish uuid, p_review_hash text, p_confirm_own boolean)
returns table (status text, summary jsonb)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set max_parallel_workers_per_gather = 0
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
  -- What was known before is what its items say together; of what is new to see, customers are told.
  select array_agg(r.kind), array_agg(r.key),
         array_agg(r.kind) filter (where r.before is not null), array_agg(r.key) filter (where r.before is not null),
         array_agg(r.kind) filter (where r.kind in ('document', 'order') and r.change <> 'same'),
         array_agg(r.key) filter (where r.kind in ('document', 'order') and r.change <> 'same')
    into v_kinds, v_keys, v_known_kinds, v_known_keys, v_new_kinds, v_new_keys
    from staff.reviewed_items r where r.publish_id = p_publish and r.passes;

  -- What staff want shown to these customers is now approved: this is the exposure in force.
  insert into staff.exposures (org_id, customer_key, granted_kinds, granted_fields)
  select me.org_id, w.customer_key, w.kinds, w.fields
    from staff.wanted_exposure(me.org_id, (
           select array_agg(c.customer_key) from staff.reviewed_customers c
            where c.publish_id = p_publish and c.counts->>'passes' <> '0')) w
  on conflict (org_id, customer_key) do update
     set granted_kinds = excluded.granted_kinds, granted_fields = excluded.granted_fields;

  update staff.publishes p
     set status = 'approved', decided_by = me.member_id, decided_at = clock_timestamp(),
         review_hash = p_review_hash, summary = v_summary, own_import_confirmed = v_own and coalesce(p_confirm_own, false)
   where p.id = p_publish;

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
revoke all on function staff.refuse_stray_item() from public;
--> statement-breakpoint
reset role;
