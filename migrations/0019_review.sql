-- The review, kept: made once for what is staged, read a page at a time, and made anew for the customers
-- whom a decision is about.
set local role counterfoil_owner;
--> statement-breakpoint
CREATE TABLE "staff"."reviewed_customers" (
	"org_id" uuid NOT NULL,
	"publish_id" uuid NOT NULL,
	"customer_key" text NOT NULL,
	"name" text,
	"is_first" boolean NOT NULL,
	"excluded" boolean NOT NULL,
	"kinds" text[] NOT NULL,
	"fields" text[] NOT NULL,
	"counts" jsonb NOT NULL,
	"digest" text NOT NULL,
	CONSTRAINT "reviewed_customers_key" PRIMARY KEY("publish_id","customer_key")
);
--> statement-breakpoint
ALTER TABLE "staff"."reviewed_customers" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "staff"."reviewed_customers" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "staff"."publishes" ADD COLUMN "kept_hash" text;
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."reviewed_customers" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."reviewed_customers" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
-- Whatever a review is made of, a change of it makes the kept one stale. Never under a condition: an
-- update that waits for the publish is what keeps a review that is being made from missing the change.
create function staff.stale_review()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  update staff.publishes p set review_stale = true, unprepared = true
   where p.id in (select t.publish_id from touched t) and p.status = 'staged';
  return null;
end
$$;
--> statement-breakpoint
create function staff.stale_reviews()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  -- In one order, so that two who come at once do not wait for each other.
  perform 1 from staff.publishes p
    where p.org_id in (select t.org_id from touched t) and p.status = 'staged' order by p.id for no key update;
  update staff.publishes p set review_stale = true
   where p.org_id in (select t.org_id from touched t) and p.status = 'staged';
  return null;
end
$$;
--> statement-breakpoint
-- A file is looked at where it is staged, and nowhere else.
create function staff.stale_reviews_of_files()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_publishes uuid[];
begin
  select array_agg(distinct f.publish_id) into v_publishes
    from touched t join staff.staged_files f on f.org_id = t.org_id and f.sha256 = t.sha256;
  perform 1 from staff.publishes p where p.id = any (v_publishes) and p.status = 'staged' order by p.id for no key update;
  update staff.publishes p set review_stale = true where p.id = any (v_publishes) and p.status = 'staged';
  return null;
end
$$;
--> statement-breakpoint
create function staff.stale_reviews_of_org()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  -- As approvals do, before any publish: a change of settings goes on to take it.
  perform pg_advisory_xact_lock(hashtextextended(new.id::text, 0));
  perform 1 from staff.publishes p where p.org_id = new.id and p.status = 'staged' order by p.id for no key update;
  update staff.publishes p set review_stale = true where p.org_id = new.id and p.status = 'staged';
  return null;
end
$$;
--> statement-breakpoint
do $$
declare
  v_table text;
  v_event text;
begin
  foreach v_table in array array['publish_items', 'staged_files'] loop
    foreach v_event in array array['insert', 'update', 'delete'] loop
      execute format('drop trigger %1$s_unprepare_%2$s on staff.%1$s', v_table, v_event);
      execute format('create trigger %1$s_stale_%2$s after %2$s on staff.%1$s referencing %3$s table as touched
                        for each statement execute function staff.stale_review()',
                     v_table, v_event, case v_event when 'delete' then 'old' else 'new' end);
    end loop;
  end loop;
  foreach v_table in array array['records', 'exposures', 'files'] loop
    foreach v_event in array array['insert', 'update', 'delete'] loop
      execute format('create trigger %1$s_stale_%2$s after %2$s on staff.%1$s referencing %3$s table as touched
                        for each statement execute function staff.%4$s()',
                     v_table, v_event, case v_event when 'delete' then 'old' else 'new' end,
                     case v_table when 'files' then 'stale_reviews_of_files' else 'stale_reviews' end);
    end loop;
  end loop;
end
$$;
--> statement-breakpoint
drop function staff.unprepare();
--> statement-breakpoint
CREATE INDEX "staged_files_file" ON "staff"."staged_files" USING btree ("org_id","sha256");
--> statement-breakpoint
-- A rendition that is made changes nothing that a reviewer sees; one that cannot be made, or that was and is
-- lost, does, where its file is staged.
create function staff.stale_reviews_of_renditions()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_publishes uuid[];
begin
  select array_agg(distinct f.publish_id) into v_publishes
    from now_so n
    join was_so o on o.id = n.id
    join staff.staged_files f on f.org_id = n.org_id and f.sha256 = n.source_sha256
   where n.failed <> o.failed or n.lost and not o.lost;
  perform 1 from staff.publishes p where p.id = any (v_publishes) and p.status = 'staged' order by p.id for no key update;
  update staff.publishes p set review_stale = true where p.id = any (v_publishes) and p.status = 'staged';
  return null;
end
$$;
--> statement-breakpoint
create trigger renditions_stale after update on staff.renditions
  referencing old table as was_so new table as now_so
  for each statement execute function staff.stale_reviews_of_renditions();
--> statement-breakpoint
-- A publish that begins while an approval is projected would not be seen by its triggers, nor they by it: it
-- waits. Approvals, withdrawals and exposures hold the same lock, alone.
create function staff.begin_after_approvals()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended(new.org_id::text, 0));
  return new;
end
$$;
--> statement-breakpoint
create trigger publishes_begin before insert on staff.publishes
  for each row execute function staff.begin_after_approvals();
--> statement-breakpoint
create trigger orgs_stale after update on portal.orgs
  for each row execute function staff.stale_reviews_of_org();
--> statement-breakpoint
-- As it was, and a row that somebody left out names nobody either.
create or replace function staff.name_in(p_publish uuid, p_org uuid, p_customer text)
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(
    (select i.fields->>'customer_name' from staff.publish_items i
      where i.publish_id = p_publish and i.kind = 'customer' and i.key = p_customer
        -- One that stays behind names nobody.
        and not i.excluded and not i.problems @> '[{"severity": "blocking"}]'),
    (select r.fields->>'customer_name' from staff.records r
      where r.org_id = p_org and r.kind = 'customer' and r.key = p_customer),
    p_customer);
$$;
--> statement-breakpoint
drop function staff.review(uuid);
--> statement-breakpoint
-- The review: every staged item (of these customers; null: of all) against what is already approved, with
-- its file and its problems. Dear: keep_review keeps what it gives. An item goes with its order when that
-- is left out. A new publish has no statistics yet: tables are looked up by their keys (`offset 0`), and what
-- the query made itself is hashed, never looped over. Called by keep_review, as the owner.
create function staff.review(p_publish uuid, p_customers text[])
returns setof staff.reviewed_items
language sql stable
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
as $$
  with publish as materialized (
    select p.org_id, p.excluded_customers from staff.publishes p where p.id = p_publish
  ), owned as materialized (
    select i.org_id, i.kind, i.key, i.order_key, i.line, i.position, i.rows, i.fields, i.ticked,
           i.overridden, i.override_reason, i.overridden_by,
           coalesce(nullif(i.customer_key, ''), nullif(o.customer_key, ''), l.customer_key, '') as customer_key,
           i.excluded or coalesce(o.excluded, false) as left_out,
           i.problems as own_problems
      from staff.publish_items i
      left join lateral (
        select x.customer_key, x.excluded from staff.publish_items x
         where x.publish_id = i.publish_id and x.kind = 'order' and x.key = i.order_key offset 0) o on true
      left join lateral (
        select x.customer_key from staff.records x
         where i.customer_key = '' and x.org_id = i.org_id and x.kind = 'order' and x.key = i.order_key offset 0) l on true
     where i.publish_id = p_publish and (p_customers is null or i.customer_key = '' or i.customer_key = any (p_customers))
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
  ), compared as materialized (
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
  ), found as materialized (
    -- Lines, parcels and payments are most of a file, and have but one problem that is not their own.
    select c.*, c.own_problems || case when c.change = 'conflict' then jsonb_build_array(jsonb_build_object(
             'code', 'conflict', 'severity', 'blocking', 'line', c.line)) else '[]' end
           || case when c.kind not in ('customer', 'contact', 'order', 'invoice', 'document') then '[]' else coalesce((
      select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('code', x.code, 'severity', x.severity, 'line', c.line, 'value', x.value)))
        from (values
          -- The paper of an invoice or an order that is known, or staged, as another customer's.
          ('conflict', 'blocking', c.kind = 'document' and c.change <> 'conflict' and (
            exists (select 1 from staff.records r
                     where r.org_id = c.org_id and r.customer_key <> c.customer_key
                       and r.kind = case split_part(c.key, ':', 1) when 'order_confirmation' then 'order'
                                           when 'invoice' then 'invoice' when 'credit_note' then 'invoice' end
                       and r.key = substr(c.key, strpos(c.key, ':') + 1))
            or exists (select 1 from staff.publish_items o
                        where o.publish_id = p_publish and o.customer_key not in ('', c.customer_key)
                          and o.kind = case split_part(c.key, ':', 1) when 'order_confirmation' then 'order'
                                           when 'invoice' then 'invoice' when 'credit_note' then 'invoice' end
                          and o.key = substr(c.key, strpos(c.key, ':') + 1))), null),
          ('revision', 'warning', c.change = 'revision', null),
          ('withdrawn_before', 'warning', c.was_taken_back, null),
          ('customer_unknown', 'blocking',
            c.kind = 'customer' and c.before is null and c.fields->>'customer_name' is null, null),
          ('order_date_missing', 'blocking',
            c.kind = 'order' and coalesce(c.fields->>'order_date', c.before->>'order_date') is null, null),
          ('currency_missing', 'blocking',
            c.kind in ('order', 'invoice') and coalesce(c.fields->>'currency', c.before->>'currency') is null
            and c.fields ?| array['order_subtotal', 'order_tax', 'order_shipping', 'order_total', 'net', 'tax', 'total'], null),
          ('file_missing', 'blocking',
            c.kind = 'document' and c.new_file is null and (c.before_file is null or c.fields ? 'file_name'
              and lower(c.fields->>'file_name') is distinct from lower(c.before->>'file_name')), null),
          ('file_ambiguous', 'blocking', c.files > 1 or c.documents > 1 or c.of_two_customers, null),
          ('file_not_inspected', 'blocking', c.new_file is not null and not c.inspected, null),
          ('stamp_failed', 'blocking', c.stamp_failed and c.served = 'stamped', null),
          ('no_text', 'warning', c.new_file is not null and c.words = '' and c.findings = '[]', null),
          ('file_live_elsewhere', 'blocking', c.new_file is not null and c.new_file is distinct from c.before_file
            and exists (select 1 from staff.records r
                         where r.org_id = c.org_id and r.file_sha256 = c.new_file and r.key <> c.key),
            (select left(string_agg(substr(r.key, strpos(r.key, ':') + 1), ', ' order by r.key), 2000) from staff.records r
              where r.org_id = c.org_id and r.file_sha256 = c.new_file and r.key <> c.key)),
          ('kind_not_exposed', 'warning',
            c.kind = 'document' and not coalesce(c.fields->>'document_kind' = any (c.shown_kinds), false), null),
          ('address_used_by_other_customer', 'warning',
            c.kind = 'contact' and c.change = 'new' and (
              exists (select 1 from live_addresses a
                       where a.email = c.fields->>'contact_email' and (a.first <> c.customer_key or a.last <> c.customer_key))
              or exists (select 1 from staged_addresses a
                          where a.email = c.fields->>'contact_email' and (a.first <> c.customer_key or a.last <> c.customer_key))), null),
          ('address_at_foreign_domain', 'warning',
            c.kind = 'contact' and c.change = 'new'
            and exists (select 1 from domains d
                         where d.customer_key = c.customer_key
                           and split_part(c.fields->>'contact_email', '@', 2) <> all (d.domains)), null)
        ) x(code, severity, applies, value)
       where x.applies
    ), '[]') || coalesce((
      select jsonb_agg(x || jsonb_build_object('severity', 'blocking', 'line', c.line)) from jsonb_array_elements(c.findings) x
    ), '[]') || coalesce((
      select jsonb_agg(x || jsonb_build_object('line', c.line)) from jsonb_array_elements(c.guard_problems) x
    ), '[]') end as problems
    from compared c
  ), answered as materialized (
    select f.*, case when f.problems = '[]' then f.problems else (
      select coalesce(jsonb_agg(
               case when not staff.is_overridable(x->>'code') then x
                    when f.overridden @> jsonb_build_array(staff.answer(x, f.customer_key, f.new_file))
                      then x || '{"overridable": true, "overridden": true}'
                    else x || '{"overridable": true}' end order by ord), '[]')
        from jsonb_array_elements(f.problems) with ordinality e(x, ord)) end as told
      from found f
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
-- Asked within the review, and planned on its own.
alter function staff.guard(uuid, uuid, text[], text[], text[], text[]) set enable_nestloop = on;
--> statement-breakpoint
alter function staff.withdrawn_before(uuid, text[]) set enable_nestloop = on;
--> statement-breakpoint
drop function staff.review_line(staff.reviewed_item);
--> statement-breakpoint
drop type staff.reviewed_item;
--> statement-breakpoint
drop function staff.review_hash(uuid, text, text[]);
--> statement-breakpoint
-- SHA-256 of one item as the hash of a review has it: all that a reviewer sees of it, and who answers for
-- it. A row's text is unambiguous: what stands between its commas is quoted. Whether its rendition is made
-- is not content, and neither is its place.
create function staff.review_digest(r staff.reviewed_items)
returns bytea
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select sha256(convert_to((r.kind, r.key, r.customer_key, r.order_key, r.change, r.passes, r.excluded, r.ticked,
                            r.fields, r.before, r.problems, r.file_sha256, r.file_name, r.served,
                            r.override_reason, r.overridden_by)::text, 'UTF8'));
$$;
--> statement-breakpoint
-- The kept review's figures of some customers, and its digest of each. Called by keep_review.
create function staff.keep_reviewed_customers(p_publish uuid, p_customers text[])
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
    select t.customer_key, sha256(string_agg(staff.review_digest(t), ''::bytea order by t.kind, t.key)) as digest
      from staff.reviewed_items t
     where t.publish_id = p_publish and (p_customers is null or t.customer_key = any (p_customers))
     group by t.customer_key
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
-- Makes the review of a staged publish, or of some of its customers, and keeps it. The caller holds the
-- publish. Called by open_review, approve and whatever decides about items, as the owner.
create function staff.keep_review(p_publish uuid, p_customers text[])
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_places jsonb;
begin
  -- First: what changes from here on finds it fresh, and makes it stale again.
  update staff.publishes p set review_stale = false where p.id = p_publish;
  if p_customers is null then
    delete from staff.reviewed_items t where t.publish_id = p_publish;
    insert into staff.reviewed_items select * from staff.review(p_publish, null);
  else
    -- A customer's items stand together, and a decision moves none of them.
    with gone as (
      delete from staff.reviewed_items t where t.publish_id = p_publish and t.customer_key = any (p_customers)
      returning t.customer_key, t.place
    )
    select jsonb_object_agg(g.customer_key, g.place) into v_places
      from (select g.customer_key, min(g.place) as place from gone g group by g.customer_key) g;
    insert into staff.reviewed_items
    select r.org_id, r.publish_id,
           (v_places->>r.customer_key)::int - 1 + row_number() over (partition by r.customer_key order by r.place)::int,
           r.kind, r.key, r.customer_key, r.order_key, r.line, r.position, r.rows, r.fields, r.before, r.change, r.problems,
           r.blocked, r.excluded, r.needs_tick, r.ticked, r.passes, r.file_sha256, r.file_size, r.file_name, r.pages, r.served,
           r.rendition_id, r.ready, r.override_reason, r.overridden_by
      from staff.review(p_publish, p_customers) r;
  end if;
  perform staff.keep_reviewed_customers(p_publish, p_customers);
  update staff.publishes p
     set kept_hash = (select encode(sha256(coalesce(string_agg(convert_to(c.customer_key || E'\n' || c.digest || E'\n', 'UTF8'), ''::bytea
                                                              order by c.customer_key), ''::bytea)), 'hex')
                        from staff.reviewed_customers c where c.publish_id = p_publish)
   where p.id = p_publish;
end
$$;
--> statement-breakpoint
-- Sees to it that the kept review of a staged publish is fresh. Statement before every reading of it.
-- Called by the review's routes.
create function staff.open_review(p_publish uuid)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (
    select 1 from staff.publishes p
     where p.id = p_publish and p.org_id = (select s.org_id from staff.context() s) and p.status = 'staged' and p.review_stale) then
    return;
  end if;
  perform 1 from staff.publishes p where p.id = p_publish for no key update;
  -- Somebody else may have made it while this waited.
  if exists (select 1 from staff.publishes p where p.id = p_publish and p.status = 'staged' and p.review_stale) then
    perform staff.keep_review(p_publish, null);
  end if;
end
$$;
--> statement-breakpoint
-- The kept review's rows of a publish whose row the caller holds: made first, where it is stale. Called by
-- functions that decide about items, as the owner.
create function staff.fresh_review(p_publish uuid)
returns setof staff.reviewed_items
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if (select p.review_stale from staff.publishes p where p.id = p_publish) then
    perform staff.keep_review(p_publish, null);
  end if;
  return query select r.* from staff.reviewed_items r where r.publish_id = p_publish;
end
$$;
--> statement-breakpoint
-- Documents whose rendition is wanted and not made yet: of all that are staged, or of those that would
-- pass. Called by the review's routes and approve.
create function staff.preparing(p_publish uuid, p_passing boolean)
returns bigint
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select count(*)
    from staff.reviewed_items r
    join staff.publishes p on p.id = r.publish_id
   where r.publish_id = p_publish and not r.ready and r.served = 'stamped' and r.customer_key <> ''
     and case when p_passing then r.passes
              else not r.problems @> '[{"code": "stamp_failed"}]'
                   and not exists (select 1 from jsonb_array_elements(r.problems) x
                                    where x->>'code' like 'pdf\_%' and not x ? 'overridable') end
     and not exists (
       select 1 from staff.renditions n
        where n.org_id = r.org_id and n.source_sha256 = r.file_sha256 and n.customer_key = r.customer_key
          and n.customer_name = staff.name_in(p_publish, r.org_id, r.customer_key)
          and n.stamp_version = staff.stamp_version() and n.made_at is not null and not n.lost);
$$;
--> statement-breakpoint
create or replace function staff.override_item(p_publish uuid, p_kind text, p_key text, p_reason text, p_seen jsonb)
returns table (status text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
  v_status text;
  v_answers jsonb;
  v_problems jsonb;
  v_file text;
  v_customer text;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service or me.role not in ('approver', 'owner') then
    perform staff.audit('request.refused', 'publish', p_publish::text, '{"code": "forbidden", "action": "item.overridden"}');
    return query select 'forbidden';
    return;
  end if;
  select p.status into v_status from staff.publishes p
   where p.id = p_publish and p.org_id = me.org_id for no key update;
  if v_status is null or not exists (
       select 1 from staff.publish_items i where i.publish_id = p_publish and i.kind = p_kind and i.key = p_key) then
    return query select 'not_found';
    return;
  end if;
  if v_status <> 'staged' then
    return query select 'not_staged';
    return;
  end if;
  select r.customer_key into v_customer
    from staff.fresh_review(p_publish) r where r.kind = p_kind and r.key = p_key;
  if p_reason is null then
    update staff.publish_items i set overridden = '[]', override_reason = null, overridden_by = null
     where i.publish_id = p_publish and i.kind = p_kind and i.key = p_key;
    perform staff.keep_review(p_publish, array[v_customer]);
    perform staff.audit('item.overridden', 'publish', p_publish::text,
                        jsonb_build_object('kind', p_kind, 'key', p_key, 'takenBack', true));
    return query select 'ok';
    return;
  end if;
  select jsonb_agg(staff.answer(x, r.customer_key, r.file_sha256)),
         jsonb_agg(jsonb_build_object('code', x->>'code', 'value', x->>'value') order by x->>'code', x->>'value'),
         max(r.file_sha256)
    into v_answers, v_problems, v_file
    from staff.reviewed_items r cross join lateral jsonb_array_elements(r.problems) x
   where r.publish_id = p_publish and r.kind = p_kind and r.key = p_key and (x->>'overridable')::boolean;
  if v_answers is null then
    return query select 'nothing_to_override';
    return;
  end if;
  if v_file is distinct from p_seen->>'sha256' or v_problems is distinct from (
       select jsonb_agg(jsonb_build_object('code', x->>'code', 'value', x->>'value') order by x->>'code', x->>'value')
         from jsonb_array_elements(p_seen->'problems') x) then
    return query select 'review_stale';
    return;
  end if;
  update staff.publish_items i set overridden = v_answers, override_reason = p_reason, overridden_by = me.member_id
   where i.publish_id = p_publish and i.kind = p_kind and i.key = p_key;
  perform staff.keep_review(p_publish, array[v_customer]);
  perform staff.audit('item.overridden', 'publish', p_publish::text,
                      jsonb_build_object('kind', p_kind, 'key', p_key, 'reason', p_reason, 'problems', v_problems));
  return query select 'ok';
end
$$;
--> statement-breakpoint
-- Ticks (or unticks) revisions and new recipients of a staged publish; gives how many there were. Called by
-- PUT publishes/{id}/ticks.
create function staff.tick_items(p_publish uuid, p_items jsonb, p_ticked boolean)
returns table (ticked int)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_customers text[];
  v_items jsonb;
begin
  if staff.hold_publish(p_publish) is null then
    return query select 0;
    return;
  end if;
  select array_agg(distinct r.customer_key), jsonb_agg(jsonb_build_array(r.kind, r.key))
    into v_customers, v_items
    from staff.fresh_review(p_publish) r
    join jsonb_array_elements(p_items) x on x->>0 = r.kind and x->>1 = r.key;
  if v_items is null then
    return query select 0;
    return;
  end if;
  update staff.publish_items i set ticked = p_ticked
    from jsonb_array_elements(v_items) x
   where i.publish_id = p_publish and i.kind = x->>0 and i.key = x->>1;
  perform staff.keep_review(p_publish, v_customers);
  perform staff.audit('item.ticked', 'publish', p_publish::text, jsonb_build_object('ticked', p_ticked, 'items', v_items));
  return query select jsonb_array_length(v_items);
end
$$;
--> statement-breakpoint
-- Leaves items, or all there is and comes of some customers, out of a staged publish, or takes them in
-- again; gives how many items or customers there were. Called by PUT publishes/{id}/exclusions.
create function staff.exclude(p_publish uuid, p_items jsonb, p_customers text[], p_excluded boolean)
returns table (changed int)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_customers text[];
  v_items jsonb;
  v_left_out text[];
begin
  if staff.hold_publish(p_publish) is null then
    return query select 0;
    return;
  end if;
  select array_agg(distinct r.customer_key),
         jsonb_agg(jsonb_build_array(r.kind, r.key)) filter (where x.item is not null),
         array_agg(distinct r.customer_key) filter (where r.customer_key = any (p_customers))
    into v_customers, v_items, v_left_out
    from staff.fresh_review(p_publish) r
    left join (select e as item from jsonb_array_elements(p_items) e) x on x.item->>0 = r.kind and x.item->>1 = r.key
   where x.item is not null or r.customer_key = any (p_customers);
  if v_customers is null then
    return query select 0;
    return;
  end if;
  if v_items is not null then
    update staff.publish_items i set excluded = p_excluded
      from jsonb_array_elements(v_items) x
     where i.publish_id = p_publish and i.kind = x->>0 and i.key = x->>1;
  end if;
  if v_left_out is not null then
    update staff.publishes p
       set excluded_customers = array(
             select k from unnest(p.excluded_customers) k where k <> all (v_left_out)
             union select k from unnest(v_left_out) k where p_excluded order by 1)
     where p.id = p_publish;
  end if;
  -- What hangs on an order goes with it, and may be written under another customer.
  select array_agg(distinct r.customer_key) into v_customers
    from staff.reviewed_items r
   where r.publish_id = p_publish
     and (r.customer_key = any (v_customers)
          or r.order_key in (select x->>1 from jsonb_array_elements(v_items) x where x->>0 = 'order'));
  perform staff.keep_review(p_publish, v_customers);
  perform staff.audit('item.excluded', 'publish', p_publish::text, jsonb_strip_nulls(jsonb_build_object(
    'excluded', p_excluded, 'items', v_items, 'customers', to_jsonb(v_left_out))));
  return query select coalesce(jsonb_array_length(v_items), 0) + coalesce(cardinality(v_left_out), 0);
end
$$;
--> statement-breakpoint
-- Approves what was reviewed, or says why not: all or nothing, and once. The kept review stays, as what was
-- seen. Called by POST publishes/{id}/approval.
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

  -- A rendition is named when it is made, which may have been after the review was.
  update staff.publish_items i
     set included = true, customer_key = r.customer_key,
         file_sha256 = r.file_sha256, file_size = r.file_size, file_name = r.file_name, served = r.served,
         rendition_id = case when r.served = 'stamped' then coalesce(r.rendition_id, (
           select n.id from staff.renditions n
            where n.org_id = me.org_id and n.source_sha256 = r.file_sha256 and n.customer_key = r.customer_key
              and n.customer_name = staff.name_in(p_publish, me.org_id, r.customer_key)
              and n.stamp_version = staff.stamp_version())) end
    from staff.reviewed_items r
   where r.publish_id = p_publish and r.passes
     and i.publish_id = p_publish and i.kind = r.kind and i.key = r.key;
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

  perform staff.project(me.org_id, v_kinds, v_keys);

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
drop type staff.verdict;
--> statement-breakpoint
revoke execute on all functions in schema staff from public;
--> statement-breakpoint
grant select on staff.reviewed_items, staff.reviewed_customers to counterfoil_staff;
--> statement-breakpoint
grant execute on function
  staff.open_review(uuid), staff.preparing(uuid, boolean), staff.tick_items(uuid, jsonb, boolean),
  staff.exclude(uuid, jsonb, text[], boolean)
  to counterfoil_staff;
--> statement-breakpoint
reset role;
