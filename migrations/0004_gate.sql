-- The gate: from staged items to live rows. Nothing else writes the tables of schema portal.
set local role counterfoil_owner;
--> statement-breakpoint
-- One spelling for one number: NFKC, upper case, no white space, one kind of dash; leading zeros
-- stay. Mirrors normaliseKey() of worker/import/keys.ts, and a test holds the two together.
create function staff.normalise_key(p text)
returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select normalize(
           regexp_replace(
             regexp_replace(upper(normalize(p, NFKC) collate "pg_c_utf8"), '[\s\u00a0\u0085\u00ad\u1680\u2028\u2029\u200b-\u200f\u2060\ufeff]', '', 'g'),
             '[\u02d7\u2010-\u2015\u2043\u2212]', '-', 'g'),
           NFKC);
$$;
--> statement-breakpoint
-- Later values win; a field that a later item leaves out keeps what an earlier one said.
create aggregate staff.merge_fields(jsonb) (sfunc = jsonb_concat, stype = jsonb, initcond = '{}');
--> statement-breakpoint
-- What staff want shown to each customer of a list: its own setting, else the org's default.
create function staff.wanted_exposure(p_org uuid, p_customers text[])
returns table (customer_key text, kinds text[], fields text[])
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select k.customer_key,
         coalesce(own.kinds, common.kinds, '{}'),
         coalesce(own.fields, common.fields, '{}')
    from unnest(p_customers) k(customer_key)
    left join staff.exposures own on own.org_id = p_org and own.customer_key = k.customer_key
    left join staff.exposures common on common.org_id = p_org and common.customer_key is null;
$$;
--> statement-breakpoint
-- Which file belongs to which document of a publish: the one that the row names, else the one whose
-- name carries the document's number (the longest number that fits). `files` above 1, or `documents`
-- above 1 for a match by number, is ambiguous: a person decides. So is one file for two customers,
-- which staff.review sees. Called by staff.review.
create function staff.match_files(p_publish uuid)
returns table (key text, file_id uuid, files bigint, documents bigint)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  with wanted as (
    select i.key, lower(i.fields->>'file_name') as name_key,
           trim(both '-' from regexp_replace(substr(i.key, strpos(i.key, ':') + 1), '[^[:alnum:]]+', '-', 'g')) as number_key
      from staff.publish_items i
     where i.publish_id = p_publish and i.kind = 'document'
  ), by_name as (
    select w.key, f.id
      from wanted w join staff.staged_files f on f.publish_id = p_publish and f.name_key = w.name_key
  ), carried as (
    select w.key, f.id, rank() over (partition by f.id order by length(n.number_key) desc) as fit
      from staff.staged_files f
     cross join lateral unnest(f.number_keys) n(number_key)
      join wanted w on w.number_key = n.number_key and w.name_key is null
     where f.publish_id = p_publish and not exists (select 1 from by_name b where b.id = f.id)
  ), by_number as (
    select distinct c.key, c.id, count(*) over (partition by c.id) as documents from carried c where c.fit = 1
  )
  select b.key, b.id, 1, 1 from by_name b
  union all
  select n.key, (array_agg(n.id order by n.id))[1], count(*), max(n.documents) from by_number n group by n.key;
$$;
--> statement-breakpoint
-- The review: every staged item against what is already approved, with its file and its problems.
-- `passes` is what an approval would take now. Runs as its caller: staff under their org's policy,
-- staff.approve as the owner. Called by the review route, by review_hash and by approve.
create function staff.review(p_publish uuid)
returns table (
  kind text, key text, customer_key text, order_key text, line int, "position" int,
  fields jsonb, before jsonb, change text, problems jsonb, blocked boolean,
  needs_tick boolean, ticked boolean, passes boolean,
  file_sha256 text, file_size bigint, file_name text
)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  with items as materialized (
    select i.org_id, i.kind, i.key, i.order_key, i.line, i.position, i.fields, i.ticked,
           coalesce(nullif(i.customer_key, ''), nullif(o.customer_key, ''), l.customer_key, '') as customer_key,
           i.problems as own_problems,
           r.fields as before, r.customer_key as before_customer, r.order_key as before_order,
           r.file_sha256 as before_file, r.file_size as before_size, r.file_name as before_name
      from staff.publish_items i
      left join staff.publish_items o
        on i.order_key is not null and o.publish_id = i.publish_id and o.kind = 'order' and o.key = i.order_key
      left join staff.records l
        on i.order_key is not null and l.org_id = i.org_id and l.kind = 'order' and l.key = i.order_key
      left join staff.records r on r.org_id = i.org_id and r.kind = i.kind and r.key = i.key
     where i.publish_id = p_publish
  ), exposed as materialized (
    select e.* from staff.wanted_exposure(
      (select p.org_id from staff.publishes p where p.id = p_publish),
      (select array_agg(distinct i.customer_key) from items i)) e
  ), compared as materialized (
    select i.*, f.sha256 as new_file, f.size as new_size, f.name as new_name, m.files, m.documents,
           f.id is not null and min(i.customer_key) over (partition by f.id)
             <> max(i.customer_key) over (partition by f.id) as of_two_customers,
           case
             when i.before is null then 'new'
             when i.before_customer <> i.customer_key
               or (i.kind <> 'order' and i.order_key is not null and i.before_order is not null
                   and i.before_order <> i.order_key) then 'conflict'
             when f.sha256 <> i.before_file then 'revision'
             when (i.before || i.fields) - 'file_name' = i.before - 'file_name' then 'same'
             else 'changed'
           end as change
      from items i
      left join staff.match_files(p_publish) m on i.kind = 'document' and m.key = i.key
      left join staff.staged_files f on f.id = m.file_id
  ), found as materialized (
    select c.*, c.own_problems || coalesce((
      select jsonb_agg(jsonb_build_object('code', x.code, 'severity', x.severity, 'line', c.line))
        from (values
          ('conflict', 'blocking', c.change = 'conflict'),
          ('revision', 'warning', c.change = 'revision'),
          ('customer_unknown', 'blocking',
            c.kind = 'customer' and c.before is null and c.fields->>'customer_name' is null),
          ('order_date_missing', 'blocking',
            c.kind = 'order' and coalesce(c.fields->>'order_date', c.before->>'order_date') is null),
          ('currency_missing', 'blocking',
            c.kind in ('order', 'invoice') and coalesce(c.fields->>'currency', c.before->>'currency') is null
            and c.fields ?| array['order_subtotal', 'order_tax', 'order_shipping', 'order_total', 'net', 'tax', 'total']),
          ('file_missing', 'blocking',
            c.kind = 'document' and c.new_file is null and (c.before_file is null or c.fields ? 'file_name'
              and lower(c.fields->>'file_name') is distinct from lower(c.before->>'file_name'))),
          ('file_ambiguous', 'blocking', c.files > 1 or c.documents > 1 or c.of_two_customers),
          ('kind_not_exposed', 'warning',
            c.kind = 'document' and not exists (
              select 1 from exposed e where e.customer_key = c.customer_key and c.fields->>'document_kind' = any (e.kinds))),
          ('address_used_by_other_customer', 'warning',
            c.kind = 'contact' and c.change = 'new' and (
              exists (select 1 from staff.records r
                       where r.org_id = c.org_id and r.kind = 'contact' and r.customer_key <> c.customer_key
                         and r.fields->>'contact_email' = c.fields->>'contact_email')
              or exists (select 1 from items o
                          where o.kind = 'contact' and o.customer_key <> c.customer_key
                            and o.fields->>'contact_email' = c.fields->>'contact_email'))),
          ('address_at_foreign_domain', 'warning',
            c.kind = 'contact' and c.change = 'new'
            and exists (select 1 from staff.records r
                         where r.org_id = c.org_id and r.kind = 'contact' and r.customer_key = c.customer_key)
            and not exists (select 1 from staff.records r
                             where r.org_id = c.org_id and r.kind = 'contact' and r.customer_key = c.customer_key
                               and split_part(r.fields->>'contact_email', '@', 2)
                                 = split_part(c.fields->>'contact_email', '@', 2)))
        ) x(code, severity, applies)
       where x.applies
    ), '[]') as problems
    from compared c
  ), judged as materialized (
    select f.*, f.problems @> '[{"severity": "blocking"}]' as own_blocked from found f
  ), customers as (
    select r.key from staff.records r
     where r.org_id = (select p.org_id from staff.publishes p where p.id = p_publish) and r.kind = 'customer'
    union
    select j.key from judged j where j.kind = 'customer' and not j.own_blocked
  ), orders as (
    select r.key, r.customer_key from staff.records r
     where r.org_id = (select p.org_id from staff.publishes p where p.id = p_publish) and r.kind = 'order'
       and r.fields ? 'order_date' and r.key in (select j.order_key from judged j)
    union
    select j.key, j.customer_key from judged j
     where j.kind = 'order' and not j.own_blocked and j.customer_key in (select c.key from customers c)
  ), parented as materialized (
    select j.*,
           j.kind <> 'customer' and j.customer_key not in (select c.key from customers c) as without_customer,
           j.kind <> 'order' and j.order_key is not null
             and not exists (select 1 from orders o where o.key = j.order_key) as without_order,
           j.kind <> 'order' and j.order_key is not null
             and exists (select 1 from orders o where o.key = j.order_key and o.customer_key <> j.customer_key)
             and j.change <> 'conflict' as of_other_customer
      from judged j
  ), final as (
    select p.*, p.problems
             || case when p.without_customer then jsonb_build_array(jsonb_build_object(
                  'code', 'customer_not_published', 'severity', 'blocking', 'line', p.line)) else '[]' end
             || case when p.without_order then jsonb_build_array(jsonb_build_object(
                  'code', 'order_not_published', 'severity', 'blocking', 'line', p.line)) else '[]' end
             || case when p.of_other_customer then jsonb_build_array(jsonb_build_object(
                  'code', 'conflict', 'severity', 'blocking', 'line', p.line)) else '[]' end as all_problems,
           p.own_blocked or p.without_customer or p.without_order or p.of_other_customer as is_blocked,
           p.change = 'revision' or (p.kind = 'contact' and p.change = 'new') as wants_tick
      from parented p
  )
  select f.kind, f.key, f.customer_key, f.order_key, f.line, f.position, f.fields, f.before,
         case when f.of_other_customer then 'conflict' else f.change end,
         f.all_problems, f.is_blocked, f.wants_tick, f.ticked,
         not f.is_blocked and (f.ticked or not f.wants_tick),
         coalesce(f.new_file, f.before_file), coalesce(f.new_size, f.before_size), coalesce(f.new_name, f.before_name)
    from final f;
$$;
--> statement-breakpoint
-- SHA-256 (hex) of all that a reviewer sees: items, files, ticks, problems, what stays behind, what
-- each customer will be shown. An approval carries it; any other content is refused.
create function staff.review_hash(p_publish uuid)
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  with r as materialized (select * from staff.review(p_publish)),
  item_lines as (
    -- As JSON: joined by a mark that a code may hold, two reviews could read as one.
    select string_agg(jsonb_build_array(r.kind, r.key, r.customer_key, r.order_key, r.change, r.passes, r.ticked,
                                        md5(r.fields::text), md5(r.before::text), md5(r.problems::text),
                                        r.file_sha256, r.file_name)::text,
                      E'\n' order by r.kind, r.key) as lines
      from r
  ), exposure_lines as (
    select string_agg(jsonb_build_array(e.customer_key, e.kinds, e.fields)::text, E'\n' order by e.customer_key) as lines
      from staff.wanted_exposure(
             (select p.org_id from staff.publishes p where p.id = p_publish),
             (select array_agg(distinct r.customer_key) from r)) e
  )
  select encode(sha256(convert_to(concat_ws(E'\n\n', i.lines, e.lines), 'UTF8')), 'hex')
    from item_lines i, exposure_lines e;
$$;
--> statement-breakpoint
-- Makes the live rows of some keys what their approved, unwithdrawn items say, through the exposure
-- in force; a key that nothing approved speaks of any more loses its row. Customers and contacts
-- stay: access hangs on them, and it is ended, not deleted. Called by approve, withdraw and
-- set_exposure, as the owner.
create function staff.project(p_org uuid, p_kinds text[], p_keys text[])
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
   using unnest(p_kinds, p_keys) k(kind, key)
   where r.org_id = p_org and r.kind = k.kind and r.key = k.key and r.kind not in ('customer', 'contact')
     and not exists (
       select 1 from staff.publish_items i join staff.publishes p on p.id = i.publish_id
        where i.org_id = p_org and i.kind = k.kind and i.key = k.key and i.included and p.status = 'approved');

  insert into staff.records (org_id, kind, key, customer_key, order_key, fields, file_sha256, file_size, file_name)
  select p_org, i.kind, i.key,
         (array_agg(i.customer_key order by p.decided_at desc, p.id desc))[1],
         (array_agg(i.order_key order by p.decided_at desc, p.id desc) filter (where i.order_key is not null))[1],
         staff.merge_fields(i.fields order by p.decided_at, p.id),
         (array_agg(i.file_sha256 order by p.decided_at desc, p.id desc) filter (where i.file_sha256 is not null))[1],
         (array_agg(i.file_size order by p.decided_at desc, p.id desc) filter (where i.file_sha256 is not null))[1],
         (array_agg(i.file_name order by p.decided_at desc, p.id desc) filter (where i.file_sha256 is not null))[1]
    from unnest(p_kinds, p_keys) k(kind, key)
    join staff.publish_items i on i.org_id = p_org and i.kind = k.kind and i.key = k.key and i.included
    join staff.publishes p on p.id = i.publish_id and p.status = 'approved'
   group by i.kind, i.key
  on conflict (org_id, kind, key) do update
     set customer_key = excluded.customer_key, order_key = excluded.order_key, fields = excluded.fields,
         file_sha256 = excluded.file_sha256, file_size = excluded.file_size, file_name = excluded.file_name;

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
    join staff.records r on r.org_id = p_org and r.kind = k.kind and r.key = k.key
    left join portal.customers old on old.org_id = p_org and old.code_key = r.key
   where k.kind = 'customer'
  on conflict (org_id, code_key) do update
     set code = excluded.code, name = excluded.name, tax_id = excluded.tax_id, country = excluded.country;

  insert into portal.contacts (org_id, customer_id, email, name, language)
  select p_org, c.id, r.fields->>'contact_email', r.fields->>'contact_name',
         coalesce(r.fields->>'contact_language', 'en')
    from unnest(v_kinds, v_keys) k(kind, key)
    join staff.records r on r.org_id = p_org and r.kind = k.kind and r.key = k.key
    join portal.customers c on c.org_id = p_org and c.code_key = r.customer_key
   where k.kind = 'contact'
  on conflict (org_id, customer_id, email) do update
     set name = excluded.name, language = excluded.language;

  -- 4. What is gone: nothing approved says it any more, or its kind is no longer shown. An order of
  -- which only its number is left (papers named it, the publish that gave its date was withdrawn) is
  -- gone too; its record stays, so that its number cannot become another customer's.
  delete from portal.documents d
   using unnest(v_kinds, v_keys) k(kind, key)
   where k.kind = 'document' and d.org_id = p_org and d.kind || ':' || d.number_key = k.key
     and d.kind = split_part(k.key, ':', 1) and d.number_key = substr(k.key, strpos(k.key, ':') + 1)
     and not exists (
       select 1 from staff.records r
         join staff.exposures e on e.org_id = p_org and e.customer_key = r.customer_key
        where r.org_id = p_org and r.kind = 'document' and r.key = k.key and d.kind = any (e.granted_kinds));

  delete from portal.invoices v
   using unnest(v_kinds, v_keys) k(kind, key)
   where k.kind = 'invoice' and v.org_id = p_org and v.number_key = k.key
     and not exists (select 1 from staff.records r where r.org_id = p_org and r.kind = 'invoice' and r.key = k.key);

  delete from portal.shipments s
   using unnest(v_kinds, v_keys) k(kind, key)
   where k.kind = 'shipment' and s.org_id = p_org and s.shipment_key = k.key
     and not exists (select 1 from staff.records r where r.org_id = p_org and r.kind = 'shipment' and r.key = k.key);

  delete from portal.order_lines l
   using unnest(v_kinds, v_keys) k(kind, key), portal.orders o
   where k.kind = 'order_line' and o.org_id = p_org and o.number_key = left(k.key, length(k.key) - strpos(reverse(k.key), '#'))
     and l.order_id = o.id and l.line_number = substr(k.key, length(k.key) - strpos(reverse(k.key), '#') + 2)::int
     and not exists (select 1 from staff.records r where r.org_id = p_org and r.kind = 'order_line' and r.key = k.key);

  with gone as (
    select o.id from unnest(v_kinds, v_keys) k(kind, key)
      join portal.orders o on o.org_id = p_org and o.number_key = k.key
     where k.kind = 'order'
       and not exists (select 1 from staff.records r
                        where r.org_id = p_org and r.kind = 'order' and r.key = k.key and r.fields ? 'order_date')
  ), loose_documents as (
    update portal.documents d set order_id = null, held = false where d.order_id in (select g.id from gone g)
  )
  update portal.invoices v set order_id = null, held = false where v.order_id in (select g.id from gone g);

  delete from portal.orders o
   using unnest(v_kinds, v_keys) k(kind, key)
   where k.kind = 'order' and o.org_id = p_org and o.number_key = k.key
     and not exists (select 1 from staff.records r
                      where r.org_id = p_org and r.kind = 'order' and r.key = k.key and r.fields ? 'order_date');

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
    join staff.records r on r.org_id = p_org and r.kind = k.kind and r.key = k.key
    join portal.orgs g on g.id = p_org
    join portal.customers c on c.org_id = p_org and c.code_key = r.customer_key
    join staff.exposures e on e.org_id = p_org and e.customer_key = r.customer_key
    left join portal.orders old on old.org_id = p_org and old.number_key = r.key
   where k.kind = 'order' and r.fields ? 'order_date'
  on conflict (org_id, number_key) do update
     set number = excluded.number, placed_on = excluded.placed_on, status = excluded.status,
         cancelled_on = excluded.cancelled_on, expected_ship = excluded.expected_ship,
         expected_delivery = excluded.expected_delivery, items_count = excluded.items_count,
         po_number = excluded.po_number, delivery_address = excluded.delivery_address, changed_at = now();

  delete from portal.order_amounts a
   using unnest(v_kinds, v_keys) k(kind, key), portal.orders o
   where k.kind = 'order' and o.org_id = p_org and o.number_key = k.key and a.order_id = o.id;

  insert into portal.order_amounts (org_id, customer_id, order_id, currency, subtotal, tax, shipping, total)
  select m.* from (
    select p_org, o.customer_id, o.id, r.fields->>'currency',
           case when 'order_subtotal' = any (e.granted_fields) then (r.fields->>'order_subtotal')::numeric end as subtotal,
           case when 'order_tax' = any (e.granted_fields) then (r.fields->>'order_tax')::numeric end as tax,
           case when 'order_shipping' = any (e.granted_fields) then (r.fields->>'order_shipping')::numeric end as shipping,
           case when 'order_total' = any (e.granted_fields) then (r.fields->>'order_total')::numeric end as total
      from unnest(v_kinds, v_keys) k(kind, key)
      join staff.records r on r.org_id = p_org and r.kind = k.kind and r.key = k.key
      join portal.orders o on o.org_id = p_org and o.number_key = r.key
      join staff.exposures e on e.org_id = p_org and e.customer_key = r.customer_key
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
    join staff.records r on r.org_id = p_org and r.kind = k.kind and r.key = k.key
    join portal.customers c on c.org_id = p_org and c.code_key = r.customer_key
    join portal.orders o on o.org_id = p_org and o.customer_id = c.id and o.number_key = r.order_key
    join staff.exposures e on e.org_id = p_org and e.customer_key = r.customer_key
   where k.kind = 'order_line'
  on conflict (order_id, line_number) do update
     set item_code = excluded.item_code, description = excluded.description,
         quantity = excluded.quantity, unit = excluded.unit;

  delete from portal.order_line_amounts a
   using unnest(v_kinds, v_keys) k(kind, key), staff.records r, portal.orders o, portal.order_lines l
   where k.kind = 'order_line' and r.org_id = p_org and r.kind = k.kind and r.key = k.key
     and o.org_id = p_org and o.number_key = r.order_key
     and l.order_id = o.id and l.line_number = (r.fields->>'line_number')::int and a.line_id = l.id;

  insert into portal.order_line_amounts (org_id, customer_id, order_id, line_id, unit_price, tax_rate, total)
  select m.* from (
    select p_org, o.customer_id, o.id, l.id as line_id,
           case when 'line_unit_price' = any (e.granted_fields) then (r.fields->>'line_unit_price')::numeric end as unit_price,
           case when 'line_tax_rate' = any (e.granted_fields) then (r.fields->>'line_tax_rate')::numeric end as tax_rate,
           case when 'line_total' = any (e.granted_fields) then (r.fields->>'line_total')::numeric end as total
      from unnest(v_kinds, v_keys) k(kind, key)
      join staff.records r on r.org_id = p_org and r.kind = k.kind and r.key = k.key
      join portal.customers c on c.org_id = p_org and c.code_key = r.customer_key
      join portal.orders o on o.org_id = p_org and o.customer_id = c.id and o.number_key = r.order_key
      join portal.order_lines l on l.order_id = o.id and l.line_number = (r.fields->>'line_number')::int
      join staff.exposures e on e.org_id = p_org and e.customer_key = r.customer_key
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
    join staff.records r on r.org_id = p_org and r.kind = k.kind and r.key = k.key
    join portal.customers c on c.org_id = p_org and c.code_key = r.customer_key
    join portal.orders o on o.org_id = p_org and o.customer_id = c.id and o.number_key = r.order_key
    join staff.exposures e on e.org_id = p_org and e.customer_key = r.customer_key
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
    join staff.records r on r.org_id = p_org and r.kind = k.kind and r.key = k.key
    join portal.customers c on c.org_id = p_org and c.code_key = r.customer_key
    join staff.exposures e on e.org_id = p_org and e.customer_key = r.customer_key
    left join portal.orders o on o.org_id = p_org and o.customer_id = c.id and o.number_key = r.order_key
   where k.kind = 'invoice'
  on conflict (org_id, number_key) do update
     set order_id = excluded.order_id, number = excluded.number, kind = excluded.kind, issued_on = excluded.issued_on,
         due_on = excluded.due_on, currency = excluded.currency, net = excluded.net, tax = excluded.tax,
         total = excluded.total, paid = excluded.paid, credits_key = excluded.credits_key, held = excluded.held;

  insert into portal.documents (org_id, customer_id, order_id, kind, number, number_key, dated_on,
                                file_name, file_sha256, file_size, held)
  select p_org, c.id, o.id, r.fields->>'document_kind', r.fields->>'document_number',
         substr(r.key, strpos(r.key, ':') + 1), (r.fields->>'document_date')::date,
         r.file_name, r.file_sha256, r.file_size,
         coalesce(o.status in ('draft', 'pending'), false)
    from unnest(v_kinds, v_keys) k(kind, key)
    join staff.records r on r.org_id = p_org and r.kind = k.kind and r.key = k.key
    join portal.customers c on c.org_id = p_org and c.code_key = r.customer_key
    join staff.exposures e on e.org_id = p_org and e.customer_key = r.customer_key
    left join portal.orders o on o.org_id = p_org and o.customer_id = c.id and o.number_key = r.order_key
   where k.kind = 'document' and r.file_sha256 is not null and r.fields->>'document_kind' = any (e.granted_kinds)
  on conflict (org_id, kind, number_key) do update
     set order_id = excluded.order_id, number = excluded.number, dated_on = excluded.dated_on,
         file_name = excluded.file_name, file_sha256 = excluded.file_sha256, file_size = excluded.file_size,
         held = excluded.held,
         shown_at = case when documents.file_sha256 = excluded.file_sha256 then documents.shown_at else now() end;
end
$$;
--> statement-breakpoint
-- An order that becomes draft or pending holds its invoices back, and lets them go afterwards.
create function portal.hold_invoices()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  update portal.invoices v set held = coalesce(new.status in ('draft', 'pending'), false)
   where v.org_id = new.org_id and v.order_id = new.id;
  update portal.documents d set held = coalesce(new.status in ('draft', 'pending'), false)
   where d.org_id = new.org_id and d.order_id = new.id;
  return null;
end
$$;
--> statement-breakpoint
create trigger orders_hold_invoices after update of status on portal.orders
  for each row when (old.status is distinct from new.status)
  execute function portal.hold_invoices();
--> statement-breakpoint
-- The publish, held until the transaction ends, so that its edits and its approval go one after the
-- other. An edit that changed rows first and asked for the publish after (the trigger below does)
-- would stand before an approval that holds the publish and wants those rows: a deadlock. Gives the
-- id back, or null when it is not of this org. Called by edits, as `= (select staff.hold_publish(id))`.
create function staff.hold_publish(p_publish uuid)
returns uuid
language sql security definer
set search_path = pg_catalog, pg_temp
as $$
  select p.id from staff.publishes p
   where p.id = p_publish and p.org_id = (select s.org_id from staff.context() s)
     for no key update;
$$;
--> statement-breakpoint
-- Staged rows are frozen once their publish is decided. FOR SHARE makes an edit and an approval
-- wait for each other: without it an edit that began before the approval could land after it.
create function staff.refuse_frozen_change()
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
    if v_status is distinct from 'staged' then
      raise exception 'publish_not_staged' using errcode = 'CF001';
    end if;
  end loop;
  return null;
end
$$;
--> statement-breakpoint
do $$
declare
  v_table text;
begin
  foreach v_table in array array['publish_items', 'staged_files', 'imports'] loop
    execute format('create trigger %1$s_frozen_insert after insert on staff.%1$s referencing new table as touched
                    for each statement execute function staff.refuse_frozen_change()', v_table);
    execute format('create trigger %1$s_frozen_update after update on staff.%1$s referencing new table as touched
                    for each statement execute function staff.refuse_frozen_change()', v_table);
    execute format('create trigger %1$s_frozen_delete after delete on staff.%1$s referencing old table as touched
                    for each statement execute function staff.refuse_frozen_change()', v_table);
  end loop;
end
$$;
--> statement-breakpoint
-- Whether a member brought any of a publish in, rows or files: then somebody else approves it. Runs as
-- its caller. Called by the review route and by approve.
create function staff.is_own_import(p_publish uuid, p_member uuid)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select exists (select 1 from staff.publishes p where p.id = p_publish and p.created_by = p_member)
      or exists (select 1 from staff.imports i where i.publish_id = p_publish and i.imported_by = p_member)
      or exists (select 1 from staff.staged_files f where f.publish_id = p_publish and f.uploaded_by = p_member);
$$;
--> statement-breakpoint
-- Approves what was reviewed, or says why not: all or nothing, and once. Called by
-- POST publishes/{id}/approval.
create function staff.approve(p_publish uuid, p_review_hash text, p_confirm_own boolean)
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
  if staff.review_hash(p_publish) is distinct from p_review_hash then
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

  with r as materialized (select * from staff.review(p_publish) x where x.passes),
  taken as (
    update staff.publish_items i
       set included = true, customer_key = r.customer_key,
           file_sha256 = r.file_sha256, file_size = r.file_size, file_name = r.file_name
      from r
     where i.publish_id = p_publish and i.kind = r.kind and i.key = r.key
    returning i.kind, i.key
  )
  select array_agg(t.kind), array_agg(t.key),
         (select jsonb_build_object(
            'items', count(*),
            'customers', count(distinct r.customer_key) filter (where r.change <> 'same'),
            'orders', count(*) filter (where r.kind = 'order' and r.change <> 'same'),
            'documents', count(*) filter (where r.kind = 'document' and r.change <> 'same'),
            'contacts', count(*) filter (where r.kind = 'contact' and r.change = 'new'),
            'changes', count(*) filter (where r.change <> 'same')) from r)
    into v_kinds, v_keys, v_summary
    from taken t;
  if v_kinds is null then
    return query select 'nothing_to_approve', null::jsonb;
    return;
  end if;

  -- What staff want shown to these customers is now approved: this is the exposure in force.
  insert into staff.exposures (org_id, customer_key, granted_kinds, granted_fields)
  select me.org_id, w.customer_key, w.kinds, w.fields
    from staff.wanted_exposure(me.org_id, (
           select array_agg(distinct i.customer_key) from staff.publish_items i
            where i.publish_id = p_publish and i.included)) w
  on conflict (org_id, customer_key) do update
     set granted_kinds = excluded.granted_kinds, granted_fields = excluded.granted_fields;

  -- What is new is asked before the projection makes it old.
  select array_agg(r.kind), array_agg(r.key) into v_new_kinds, v_new_keys
    from staff.publish_items i
    join staff.review(p_publish) r on r.kind = i.kind and r.key = i.key
   where i.publish_id = p_publish and i.included and i.kind in ('document', 'order') and r.change <> 'same';

  update staff.publishes p
     set status = 'approved', decided_by = me.member_id, decided_at = clock_timestamp(),
         review_hash = p_review_hash, summary = v_summary, own_import_confirmed = v_own and coalesce(p_confirm_own, false)
   where p.id = p_publish;

  perform staff.project(me.org_id, v_kinds, v_keys);

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
-- Sends a staged publish back, with words for whoever imported it. Called by POST publishes/{id}/rejection.
create function staff.reject(p_publish uuid, p_reason text)
returns table (status text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
  v_status text;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service or me.role not in ('approver', 'owner') then
    perform staff.audit('request.refused', 'publish', p_publish::text, '{"code": "forbidden", "action": "publish.rejected"}');
    return query select 'forbidden';
    return;
  end if;
  select p.status into v_status from staff.publishes p where p.id = p_publish and p.org_id = me.org_id for update;
  if v_status is null then
    return query select 'not_found';
    return;
  end if;
  if v_status <> 'staged' then
    return query select 'not_staged';
    return;
  end if;
  update staff.publishes p
     set status = 'rejected', decided_by = me.member_id, decided_at = now(), rejection_reason = p_reason
   where p.id = p_publish;
  perform staff.audit('publish.rejected', 'publish', p_publish::text, jsonb_build_object('reason', p_reason));
  return query select 'ok';
end
$$;
--> statement-breakpoint
-- Takes an approved publish back: the next request sees what earlier publishes say, or nothing.
-- Called by POST publishes/{id}/withdrawal.
create function staff.withdraw(p_publish uuid)
returns table (status text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
  v_status text;
  v_kinds text[];
  v_keys text[];
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service or me.role not in ('approver', 'owner') then
    perform staff.audit('request.refused', 'publish', p_publish::text, '{"code": "forbidden", "action": "publish.withdrawn"}');
    return query select 'forbidden';
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(me.org_id::text, 0));
  select p.status into v_status from staff.publishes p where p.id = p_publish and p.org_id = me.org_id for update;
  if v_status is null then
    return query select 'not_found';
    return;
  end if;
  if v_status <> 'approved' then
    return query select case v_status when 'withdrawn' then 'ok' else 'not_approved' end;
    return;
  end if;
  update staff.publishes p set status = 'withdrawn', withdrawn_by = me.member_id, withdrawn_at = now()
   where p.id = p_publish;
  select array_agg(i.kind), array_agg(i.key) into v_kinds, v_keys
    from staff.publish_items i where i.publish_id = p_publish and i.included;
  perform staff.project(me.org_id, v_kinds, v_keys);
  perform staff.audit('publish.withdrawn', 'publish', p_publish::text);
  return query select 'ok';
end
$$;
--> statement-breakpoint
-- Says what a customer (null: every customer without a setting of its own) should be shown. What is
-- taken away is gone on the next request; what is added waits for the next approval. Null kinds and
-- fields return a customer to the org's default. Called by PUT exposures.
create function staff.set_exposure(p_customer text, p_kinds text[], p_fields text[])
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
  v_kinds text[];
  v_keys text[];
begin
  select * into me from staff.context();
  if me.member_id is null or me.role not in ('approver', 'owner') then
    raise exception 'forbidden' using errcode = 'CF004';
  end if;
  perform pg_advisory_xact_lock(hashtextextended(me.org_id::text, 0));
  insert into staff.exposures (org_id, customer_key, kinds, fields)
  values (me.org_id, p_customer, p_kinds, p_fields)
  on conflict (org_id, customer_key) do update
     set kinds = excluded.kinds, fields = excluded.fields, changed_at = now();
  with narrowed as (
    update staff.exposures e
       set granted_kinds = array(select unnest(e.granted_kinds) intersect select unnest(w.kinds)),
           granted_fields = array(select unnest(e.granted_fields) intersect select unnest(w.fields))
      from staff.wanted_exposure(me.org_id, (
             select array_agg(x.customer_key) from staff.exposures x
              where x.org_id = me.org_id and x.customer_key is not null)) w
     where e.org_id = me.org_id and e.customer_key = w.customer_key
       and (not e.granted_kinds <@ w.kinds or not e.granted_fields <@ w.fields)
    returning e.customer_key
  )
  select array_agg(r.kind), array_agg(r.key) into v_kinds, v_keys
    from staff.records r
   where r.org_id = me.org_id and r.customer_key in (select n.customer_key from narrowed n);
  if v_kinds is not null then
    perform staff.project(me.org_id, v_kinds, v_keys);
  end if;
  perform staff.audit('exposure.changed', 'exposure', p_customer,
                      jsonb_build_object('kinds', to_jsonb(p_kinds), 'fields', to_jsonb(p_fields)),
                      (select c.id from portal.customers c where c.org_id = me.org_id and c.code_key = p_customer));
end
$$;
--> statement-breakpoint
reset role;
