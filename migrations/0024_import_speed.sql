-- An import of a hundred thousand rows: what is done for each row of it, done for less.
set local role counterfoil_owner;
--> statement-breakpoint
-- A key that is looked up for each row has to say something new. An item's org is its publish's, which is
-- an org; a record is made of items; and a line's amounts are its order's because they are its line's.
ALTER TABLE "staff"."publish_items" DROP CONSTRAINT "publish_items_org_id_orgs_id_fk";
--> statement-breakpoint
ALTER TABLE "staff"."records" DROP CONSTRAINT "records_org_id_orgs_id_fk";
--> statement-breakpoint
ALTER TABLE "portal"."order_line_amounts" DROP CONSTRAINT "order_line_amounts_of_order";
--> statement-breakpoint
ALTER TABLE "portal"."order_line_amounts" DROP CONSTRAINT "order_line_amounts_of_line";
--> statement-breakpoint
ALTER TABLE "portal"."order_lines" DROP CONSTRAINT "order_lines_order_id";
--> statement-breakpoint
ALTER TABLE "portal"."order_lines" ADD CONSTRAINT "order_lines_order_id" UNIQUE("org_id","customer_id","order_id","id");
--> statement-breakpoint
ALTER TABLE "portal"."order_line_amounts" ADD CONSTRAINT "order_line_amounts_of_line" FOREIGN KEY ("org_id","customer_id","order_id","line_id") REFERENCES "portal"."order_lines"("org_id","customer_id","order_id","id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
-- What is asked for each row is written with `return`: its names are looked up when it is made, so that it
-- needs no search path of its own, and a query that calls it takes it in as a part of itself.
--
-- One spelling for one number: NFKC, upper case, no white space, one kind of dash; leading zeros
-- stay. Mirrors normaliseKey() of worker/import/keys.ts, and a test holds the two together.
create or replace function staff.normalise_key(p text)
returns text
language sql immutable
return normalize(
         regexp_replace(
           regexp_replace(upper(normalize(p, NFKC) collate "pg_c_utf8"), '[\s\u00a0\u0085\u00ad\u1680\u2028\u2029\u200b-\u200f\u2060\ufeff]', '', 'g'),
           '[\u02d7\u2010-\u2015\u2043\u2212]', '-', 'g'),
         NFKC);
--> statement-breakpoint
-- Upper-case words without accents, one space between two. Mirrors foldWords() of worker/pdf/words.ts,
-- and a test holds the two together.
create or replace function staff.fold_words(p text)
returns text
language sql immutable
return case
    when p ~ '^[\x20-\x7e]*$' then btrim(regexp_replace(upper(p collate "pg_c_utf8"), '[^0-9A-Z]+', ' ', 'g'))
    else btrim(regexp_replace(
           replace(replace(replace(replace(replace(upper(translate(
             regexp_replace(normalize(translate(p, '№ºª', '   '), NFKD), '[\u0300-\u036f]', '', 'g'),
             'łŁøØđĐðÐħĦı', 'LLOODDDDHHI') collate "pg_c_utf8"),
             'ß', 'SS'), 'ẞ', 'SS'), 'Þ', 'TH'), 'Æ', 'AE'), 'Œ', 'OE'),
           '[^0-9A-Z\u00c0-\u1fff\u2c00-\u2dff\u3040-\ud7ff\uf900-\ufdff]+', ' ', 'g'))
  end;
--> statement-breakpoint
-- The word that a text would hold if it named this thing: its number or code without what stands
-- between. Null for what has no number of its own. Generates the column `term`.
create or replace function staff.term_of(p_kind text, p_key text)
returns text
language sql immutable
return case
    when p_kind in ('customer', 'order', 'invoice') then nullif(replace(staff.fold_words(p_key), ' ', ''), '')
    when p_kind = 'document' then nullif(replace(staff.fold_words(substr(p_key, strpos(p_key, ':') + 1)), ' ', ''), '')
  end;
--> statement-breakpoint
-- Problems that an approver may answer for. Mirrors OVERRIDABLE_PROBLEMS of worker/vocabulary.ts, and
-- a test holds the two together.
create or replace function staff.is_overridable(p_code text)
returns boolean
language sql immutable
return p_code in ('pdf_active_content', 'pdf_embedded_files', 'pdf_trailing_bytes', 'of_other_customer', 'file_live_elsewhere');
--> statement-breakpoint
-- A problem as somebody answered for it: for these words, this file and this customer. Whichever of
-- them changes, the answer no longer holds. Called by staff.review and staff.override_item.
create or replace function staff.answer(p_problem jsonb, p_customer text, p_file text)
returns jsonb
language sql stable
return jsonb_build_object('code', p_problem->'code', 'value', p_problem->'value', 'customer', p_customer, 'file', p_file);
--> statement-breakpoint
-- A problem of an item, where it applies; else null. What it applies to and its value are looked up for the
-- rows that need it. Called by staff.review.
create function staff.problem(p_code text, p_severity text, p_line int, p_applies boolean, p_value text default null)
returns jsonb
language sql stable
return case when p_applies then jsonb_strip_nulls(jsonb_build_object(
         'code', p_code, 'severity', p_severity, 'line', p_line, 'value', p_value)) end;
--> statement-breakpoint
-- The review: every staged item (of these customers; null: of all) against what is already approved, with
-- its file and its problems. Dear: keep_review keeps what it gives. An item goes with its order when that
-- is left out. A new publish has no statistics yet: tables are looked up by their keys (`offset 0`), and what
-- the query made itself is hashed, never looped over. What is read more than once is kept (`materialized`), and
-- what is read once passes through (`offset 0` keeps it from being worked out twice). Called by keep_review,
-- as the owner.
create or replace function staff.review(p_publish uuid, p_customers text[])
returns setof staff.reviewed_items
language sql stable
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
as $$
  with publish as materialized (
    select p.org_id, p.excluded_customers from staff.publishes p where p.id = p_publish
  ), staged_orders as materialized (
    select o.key, o.customer_key, o.excluded from staff.publish_items o where o.publish_id = p_publish and o.kind = 'order'
  ), owned as (
    select i.org_id, i.kind, i.key, i.order_key, i.line, i.position, i.rows, i.fields, i.ticked,
           i.overridden, i.override_reason, i.overridden_by,
           coalesce(nullif(i.customer_key, ''), nullif(o.customer_key, ''), l.customer_key, '') as customer_key,
           i.excluded or coalesce(o.excluded, false) as left_out,
           i.problems as own_problems
      from staff.publish_items i
      left join staged_orders o on o.key = i.order_key
      left join lateral (
        select x.customer_key from staff.records x
         where i.customer_key = '' and x.org_id = i.org_id and x.kind = 'order' and x.key = i.order_key offset 0) l on true
     where i.publish_id = p_publish and (p_customers is null or i.customer_key = '' or i.customer_key = any (p_customers))
     offset 0
  ), items as materialized (
    select w.*, w.left_out or w.customer_key = any ((select p.excluded_customers from publish p)::text[]) as is_out,
           r.fields as before, r.customer_key as before_customer, r.order_key as before_order,
           r.file_sha256 as before_file, r.file_size as before_size, r.file_name as before_name,
           r.served as before_served, r.rendition_id as before_rendition
      from owned w
      left join lateral (
        select x.* from staff.records x where x.org_id = w.org_id and x.kind = w.kind and x.key = w.key offset 0) r on true
     where p_customers is null or w.customer_key = any (p_customers)
  ), exposed as materialized (
    select e.* from staff.wanted_exposure(
      (select p.org_id from publish p),
      (select array_agg(distinct i.customer_key) from items i)) e
  ), matched as materialized (
    select m.key, f.sha256, f.size, f.name, m.files, m.documents,
           min(d.customer_key) over (partition by f.sha256) <> max(d.customer_key) over (partition by f.sha256) as of_two_customers
      from staff.match_files(p_publish) m
      join staff.staged_files f on f.id = m.file_id
     cross join lateral (
        select x.customer_key from staff.publish_items x
         where x.publish_id = p_publish and x.kind = 'document' and x.key = m.key offset 0) d
  ), filed as materialized (
    select i.*, m.sha256 as new_file, m.size as new_size, m.name as new_name, m.files, m.documents,
           coalesce(m.of_two_customers, false) as of_two_customers
      from items i
      left join matched m on i.kind = 'document' and m.key = i.key
  ), guarded as materialized (
    select g.* from (
      select array_agg(f.key) as keys, array_agg(f.customer_key) as customers, array_agg(f.order_key) as orders,
             array_agg(f.new_file) as files
        from filed f where f.kind = 'document' and f.new_file is not null) d
     cross join lateral staff.guard((select p.org_id from publish p), p_publish, d.keys, d.customers, d.orders, d.files) g
     where d.keys is not null
  ), staged_addresses as materialized (
    select o.fields->>'contact_email' as email, min(o.customer_key) as first, max(o.customer_key) as last
      from staff.publish_items o where o.publish_id = p_publish and o.kind = 'contact' group by 1
  ), live_addresses as materialized (
    select r.fields->>'contact_email' as email, min(r.customer_key) as first, max(r.customer_key) as last
      from staff.records r
     where r.org_id = (select p.org_id from publish p) and r.kind = 'contact'
       and exists (select 1 from items i where i.kind = 'contact')
     group by 1
  ), domains as materialized (
    select r.customer_key, array_agg(distinct split_part(r.fields->>'contact_email', '@', 2)) as domains
      from staff.records r
     where r.org_id = (select p.org_id from publish p) and r.kind = 'contact'
       and exists (select 1 from items i where i.kind = 'contact')
     group by 1
  ), taken_back as materialized (
    select w.key from staff.withdrawn_before((select p.org_id from publish p),
                                             array(select i.key from items i where i.kind = 'document')) w
  ), compared as (
    select f.*, b.key is not null as was_taken_back, x.sha256 is not null as inspected, x.findings, x.words, x.pages as new_pages, g.problems as guard_problems,
           case when f.new_file is null then f.before_served
                when x.sha256 is not null then staff.served_as(f.org_id, x.served, f.fields->>'document_kind') end as served,
           n.id as new_rendition, n.made_at is not null and not n.lost as is_made, coalesce(n.failed, false) as stamp_failed,
           e.kinds as shown_kinds,
           case
             when f.before is null then 'new'
             when f.before_customer <> f.customer_key
               or (f.kind <> 'order' and f.order_key is not null and f.before_order is not null
                   and f.before_order <> f.order_key) then 'conflict'
             when f.new_file <> f.before_file then 'revision'
             when (f.before || f.fields) - 'file_name' = f.before - 'file_name' then 'same'
             else 'changed'
           end as change
      from filed f
      left join exposed e on f.kind = 'document' and e.customer_key = f.customer_key
      left join lateral (
        select y.* from staff.files y where y.org_id = f.org_id and y.sha256 = f.new_file and y.collected_at is null offset 0) x on true
      left join guarded g on f.kind = 'document' and g.key = f.key
      left join taken_back b on f.kind = 'document' and b.key = f.key
      left join lateral (
        select y.* from staff.renditions y
         where f.new_file is not null and y.org_id = f.org_id and y.source_sha256 = f.new_file and y.customer_key = f.customer_key
           and y.customer_name = staff.name_in(p_publish, f.org_id, f.customer_key)
           and y.stamp_version = staff.stamp_version() offset 0) n on true
     offset 0
  ), found as (
    -- Lines, parcels and payments are most of a file, and have but one problem that is not their own.
    select c.*, c.own_problems || case when c.change = 'conflict' then jsonb_build_array(jsonb_build_object(
             'code', 'conflict', 'severity', 'blocking', 'line', c.line)) else '[]' end
           || case when c.kind not in ('customer', 'contact', 'order', 'invoice', 'document') then '[]'
              else to_jsonb(array_remove(array[
        -- The paper of an invoice or an order that is known, or staged, as another customer's.
        staff.problem('conflict', 'blocking', c.line, c.kind = 'document' and c.change <> 'conflict' and (
            exists (select 1 from staff.records r
                     where r.org_id = c.org_id and r.customer_key <> c.customer_key
                       and r.kind = case split_part(c.key, ':', 1) when 'order_confirmation' then 'order'
                                           when 'invoice' then 'invoice' when 'credit_note' then 'invoice' end
                       and r.key = substr(c.key, strpos(c.key, ':') + 1))
            or exists (select 1 from staff.publish_items o
                        where o.publish_id = p_publish and o.customer_key not in ('', c.customer_key)
                          and o.kind = case split_part(c.key, ':', 1) when 'order_confirmation' then 'order'
                                           when 'invoice' then 'invoice' when 'credit_note' then 'invoice' end
                          and o.key = substr(c.key, strpos(c.key, ':') + 1)))),
        staff.problem('revision', 'warning', c.line, c.change = 'revision'),
        staff.problem('withdrawn_before', 'warning', c.line, c.was_taken_back),
        staff.problem('customer_unknown', 'blocking', c.line,
          c.kind = 'customer' and c.before is null and c.fields->>'customer_name' is null),
        staff.problem('order_date_missing', 'blocking', c.line,
          c.kind = 'order' and coalesce(c.fields->>'order_date', c.before->>'order_date') is null),
        staff.problem('currency_missing', 'blocking', c.line,
          c.kind in ('order', 'invoice') and coalesce(c.fields->>'currency', c.before->>'currency') is null
            and c.fields ?| array['order_subtotal', 'order_tax', 'order_shipping', 'order_total', 'net', 'tax', 'total']),
        staff.problem('file_missing', 'blocking', c.line,
          c.kind = 'document' and c.new_file is null and (c.before_file is null or c.fields ? 'file_name'
              and lower(c.fields->>'file_name') is distinct from lower(c.before->>'file_name'))),
        staff.problem('file_ambiguous', 'blocking', c.line, c.files > 1 or c.documents > 1 or c.of_two_customers),
        staff.problem('file_not_inspected', 'blocking', c.line, c.new_file is not null and not c.inspected),
        staff.problem('stamp_failed', 'blocking', c.line, c.stamp_failed and c.served = 'stamped'),
        staff.problem('no_text', 'warning', c.line, c.new_file is not null and c.words = '' and c.findings = '[]'),
        staff.problem('file_live_elsewhere', 'blocking', c.line,
          c.new_file is not null and c.new_file is distinct from c.before_file
            and exists (select 1 from staff.records r
                         where r.org_id = c.org_id and r.file_sha256 = c.new_file and r.key <> c.key),
          (select left(string_agg(substr(r.key, strpos(r.key, ':') + 1), ', ' order by r.key), 2000) from staff.records r
              where r.org_id = c.org_id and r.file_sha256 = c.new_file and r.key <> c.key)),
        staff.problem('kind_not_exposed', 'warning', c.line,
          c.kind = 'document' and not coalesce(c.fields->>'document_kind' = any (c.shown_kinds), false)),
        staff.problem('address_used_by_other_customer', 'warning', c.line, c.kind = 'contact' and c.change = 'new' and (
              exists (select 1 from live_addresses a
                       where a.email = c.fields->>'contact_email' and (a.first <> c.customer_key or a.last <> c.customer_key))
              or exists (select 1 from staged_addresses a
                          where a.email = c.fields->>'contact_email' and (a.first <> c.customer_key or a.last <> c.customer_key)))),
        staff.problem('address_at_foreign_domain', 'warning', c.line, c.kind = 'contact' and c.change = 'new'
            and exists (select 1 from domains d
                         where d.customer_key = c.customer_key
                           and split_part(c.fields->>'contact_email', '@', 2) <> all (d.domains)))
      ], null)) || coalesce((
      select jsonb_agg(x || jsonb_build_object('severity', 'blocking', 'line', c.line)) from jsonb_array_elements(c.findings) x
    ), '[]') || coalesce((
      select jsonb_agg(x || jsonb_build_object('line', c.line)) from jsonb_array_elements(c.guard_problems) x
    ), '[]') end as problems
    from compared c
     offset 0
  ), answered as (
    select f.*, case when f.problems = '[]' then f.problems else (
      select coalesce(jsonb_agg(
               case when not staff.is_overridable(x->>'code') then x
                    when f.overridden @> jsonb_build_array(staff.answer(x, f.customer_key, f.new_file))
                      then x || '{"overridable": true, "overridden": true}'
                    else x || '{"overridable": true}' end order by ord), '[]')
        from jsonb_array_elements(f.problems) with ordinality e(x, ord)) end as told
      from found f
     offset 0
  ), judged as materialized (
    select a.*, a.told <> '[]' and exists (
      select 1 from jsonb_array_elements(a.told) x
       where x->>'severity' = 'blocking' and not x ? 'overridden') as own_blocked
      from answered a
  ), customers as materialized (
    select k.key from (select distinct j.customer_key as key from judged j) k
     where exists (select 1 from staff.records r
                    where r.org_id = (select p.org_id from publish p) and r.kind = 'customer' and r.key = k.key)
    union
    select j.key from judged j where j.kind = 'customer' and not j.own_blocked and not j.is_out
  ), orders as materialized (
    select o.key, min(o.customer_key) as first, max(o.customer_key) as last
      from (
        select r.key, r.customer_key
          from (select distinct j.order_key as key from judged j where j.order_key is not null) k
         cross join lateral (
           select x.key, x.customer_key from staff.records x
            where x.org_id = (select p.org_id from publish p) and x.kind = 'order' and x.key = k.key
              and x.fields ? 'order_date' offset 0) r
        union all
        select j.key, j.customer_key
          from judged j join customers c on c.key = j.customer_key
         where j.kind = 'order' and not j.own_blocked and not j.is_out
        union all
        -- Of customers who are not looked at, as they were found.
        select t.key, t.customer_key from staff.reviewed_items t
         where p_customers is not null and t.publish_id = p_publish and t.kind = 'order'
           and not t.blocked and not t.excluded and t.customer_key <> all (p_customers)
      ) o group by o.key
  ), parented as materialized (
    select j.*,
           j.kind <> 'customer' and c.key is null as without_customer,
           j.kind <> 'order' and j.order_key is not null and o.key is null as without_order,
           coalesce(j.kind <> 'order' and j.change <> 'conflict'
                    and (o.first <> j.customer_key or o.last <> j.customer_key), false) as of_other_customer
      from judged j
      left join customers c on c.key = j.customer_key
      left join orders o on j.kind <> 'order' and o.key = j.order_key
  ), final as (
    select p.*, case when p.without_customer or p.without_order or p.of_other_customer then p.told
             || case when p.without_customer then jsonb_build_array(jsonb_build_object(
                  'code', 'customer_not_published', 'severity', 'blocking', 'line', p.line)) else '[]' end
             || case when p.without_order then jsonb_build_array(jsonb_build_object(
                  'code', 'order_not_published', 'severity', 'blocking', 'line', p.line)) else '[]' end
             || case when p.of_other_customer then jsonb_build_array(jsonb_build_object(
                  'code', 'conflict', 'severity', 'blocking', 'line', p.line)) else '[]' end
             else p.told end as all_problems,
           p.own_blocked or p.without_customer or p.without_order or p.of_other_customer as is_blocked,
           p.change = 'revision' or (p.kind = 'contact' and p.change = 'new') as wants_tick,
           p.overridden <> '[]' and p.told @> '[{"overridden": true}]' as is_overridden
      from parented p
  )
  select f.org_id, p_publish,
         row_number() over (order by f.customer_key, f.order_key nulls first, f.position, f.kind, f.key)::int,
         f.kind, f.key, f.customer_key, f.order_key, f.line, f.position, f.rows, f.fields, f.before,
         case when f.of_other_customer then 'conflict' else f.change end,
         f.all_problems, f.is_blocked, f.is_out, f.wants_tick, f.ticked,
         not f.is_blocked and not f.is_out and (f.ticked or not f.wants_tick),
         coalesce(f.new_file, f.before_file), coalesce(f.new_size, f.before_size), coalesce(f.new_name, f.before_name),
         f.new_pages, f.served,
         case when f.new_file is null then f.before_rendition when f.served = 'stamped' then f.new_rendition end,
         f.new_file is null or f.served is distinct from 'stamped' or coalesce(f.is_made, false),
         case when f.is_overridden then f.override_reason end, case when f.is_overridden then f.overridden_by end
    from final f;
$$;
--> statement-breakpoint
-- SHA-256 of one item as the hash of a review has it: all that a reviewer sees of it, and who answers for
-- it. A row's text is unambiguous: what stands between its commas is quoted. Whether its rendition is made
-- is not content, and neither is its place.
create or replace function staff.review_digest(r staff.reviewed_items)
returns bytea
language sql stable
return sha256(convert_to(row(r.kind, r.key, r.customer_key, r.order_key, r.change, r.passes, r.excluded, r.ticked,
                             r.fields, r.before, r.problems, r.file_sha256, r.file_name, r.served,
                             r.override_reason, r.overridden_by)::text, 'UTF8'));
--> statement-breakpoint
-- The kept review's figures of some customers, and its digest of each. Called by keep_review.
create or replace function staff.keep_reviewed_customers(p_publish uuid, p_customers text[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
as $$
declare
  v_org uuid;
  v_excluded text[];
begin
  select p.org_id, p.excluded_customers into v_org, v_excluded from staff.publishes p where p.id = p_publish;
  delete from staff.reviewed_customers c
   where c.publish_id = p_publish and (p_customers is null or c.customer_key = any (p_customers));
  insert into staff.reviewed_customers (org_id, publish_id, customer_key, name, is_first, excluded, kinds, fields, counts, digest)
  with items as materialized (
    select t.*, t.passes and t.change <> 'same' as goes,
           case when t.kind = 'document' then t.fields->>'document_kind' end as paper,
           case when t.kind = 'invoice' then coalesce(t.fields->>'currency', t.before->>'currency') end as currency,
           case when t.kind = 'invoice' then (t.fields->>'total')::numeric end as total,
           t.problems @> '[{"severity": "warning"}]' as warned
      from staff.reviewed_items t
     where t.publish_id = p_publish and (p_customers is null or t.customer_key = any (p_customers))
  ), digested as (
    -- Made before they are sorted: 32 bytes of an item, not all of it.
    select d.customer_key, sha256(string_agg(d.digest, ''::bytea order by d.kind, d.key)) as digest
      from (select t.customer_key, t.kind, t.key, staff.review_digest(t) as digest
              from staff.reviewed_items t
             where t.publish_id = p_publish and (p_customers is null or t.customer_key = any (p_customers))
            offset 0) d
     group by d.customer_key
  ), figures as (
    select i.customer_key,
           max(i.fields->>'customer_name') filter (where i.kind = 'customer') as staged_name,
           jsonb_build_object(
             'items', count(*), 'passes', count(*) filter (where i.passes), 'blocked', count(*) filter (where i.blocked and not i.excluded),
             'excluded', count(*) filter (where i.excluded),
             'warnings', count(*) filter (where i.warned),
             'awaitingTick', count(*) filter (where i.needs_tick and not i.ticked and not i.blocked and not i.excluded),
             'overridden', count(*) filter (where i.override_reason is not null),
             'new', count(*) filter (where i.change = 'new'), 'changed', count(*) filter (where i.change = 'changed'),
             'same', count(*) filter (where i.change = 'same'), 'revision', count(*) filter (where i.change = 'revision'),
             'conflict', count(*) filter (where i.change = 'conflict'),
             'orders', count(*) filter (where i.kind = 'order'), 'documents', count(*) filter (where i.kind = 'document'),
             'contacts', count(*) filter (where i.kind = 'contact'),
             'goes', count(*) filter (where i.goes),
             'goes.orders', count(*) filter (where i.goes and i.kind = 'order'),
             'goes.documents', count(*) filter (where i.goes and i.kind = 'document'),
             'goes.contacts', count(*) filter (where i.goes and i.kind = 'contact' and i.change = 'new'),
             'rows.created', coalesce(sum(i.rows) filter (where not i.blocked and not i.excluded and i.change = 'new'), 0),
             'rows.changed', coalesce(sum(i.rows) filter (where not i.blocked and not i.excluded and i.change in ('changed', 'revision')), 0),
             'rows.same', coalesce(sum(i.rows) filter (where not i.blocked and not i.excluded and i.change = 'same'), 0),
             'rows.blocked', coalesce(sum(i.rows) filter (where i.blocked and not i.excluded), 0),
             'rows.excluded', coalesce(sum(i.rows) filter (where i.excluded), 0)) as counts
      from items i group by i.customer_key
  ), papers as (
    select x.customer_key, jsonb_object_agg(x.name, x.value) as counts
      from (
        select i.customer_key, 'documents.' || i.paper as name, count(*)::numeric as value
          from items i where i.paper is not null group by 1, 2
        union all
        select i.customer_key, 'goes.documents.' || i.paper, count(*) from items i where i.paper is not null and i.goes group by 1, 2
        union all
        select i.customer_key, 'invoices.' || i.currency, sum(i.total)
          from items i where i.currency is not null and i.total is not null group by 1, 2
        union all
        select i.customer_key, 'goes.invoices.' || i.currency, sum(i.total)
          from items i where i.currency is not null and i.total is not null and i.goes group by 1, 2
      ) x group by x.customer_key
  )
  select v_org, p_publish, f.customer_key, coalesce(f.staged_name, b.name), b.id is null, f.customer_key = any (v_excluded),
         w.kinds, w.fields, f.counts || coalesce(p.counts, '{}'),
         encode(sha256(d.digest || convert_to(
           (staff.name_in(p_publish, v_org, f.customer_key), w.kinds, w.fields, f.customer_key = any (v_excluded))::text, 'UTF8')), 'hex')
    from figures f
    join digested d on d.customer_key = f.customer_key
    left join papers p on p.customer_key = f.customer_key
    left join portal.customers b on b.org_id = v_org and b.code_key = f.customer_key
    join staff.wanted_exposure(v_org, (select array_agg(x.customer_key) from figures x)) w on w.customer_key = f.customer_key;
end
$$;
--> statement-breakpoint
revoke all on function staff.problem(text, text, int, boolean, text) from public;
--> statement-breakpoint
reset role;
