-- The review, with what the files themselves say, and an approval that waits for their renditions.
set local role counterfoil_owner;
--> statement-breakpoint
-- Which layout of the stamp a rendition carries. Mirrors STAMP_VERSION of worker/pdf/rendition.ts, and a
-- test holds the two together.
create function staff.stamp_version()
returns int
language sql immutable
set search_path = pg_catalog, pg_temp
as $$ select 1 $$;
--> statement-breakpoint
-- How a file of a kind would be served: as inspection and the org's settings have it.
create function staff.served_as(p_org uuid, p_inspected text, p_kind text)
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select case
           when p_inspected in ('signed', 'e_invoice') then p_inspected
           when (select o.stamping and p_kind <> all (o.unstamped_kinds) from portal.orgs o where o.id = p_org) then 'stamped'
           else 'plain'
         end;
$$;
--> statement-breakpoint
-- A customer's name as an approval of this publish would have it. Called by staff.review and
-- staff.wanted_renditions.
create function staff.name_in(p_publish uuid, p_org uuid, p_customer text)
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(
    (select i.fields->>'customer_name' from staff.publish_items i
      where i.publish_id = p_publish and i.kind = 'customer' and i.key = p_customer
        -- One that stays behind names nobody.
        and not i.problems @> '[{"severity": "blocking"}]'),
    (select r.fields->>'customer_name' from staff.records r
      where r.org_id = p_org and r.kind = 'customer' and r.key = p_customer),
    p_customer);
$$;
--> statement-breakpoint
drop function staff.review(uuid);
--> statement-breakpoint
-- One staged item, judged. `passes` is what an approval would take now; `ready`, that its bytes can be
-- served.
create type staff.reviewed_item as (
  kind text, key text, customer_key text, order_key text, line int, "position" int,
  fields jsonb, before jsonb, change text, problems jsonb, blocked boolean,
  needs_tick boolean, ticked boolean, passes boolean,
  file_sha256 text, file_size bigint, file_name text, pages int, served text, rendition_id uuid, ready boolean,
  override_reason text, overridden_by uuid
);
--> statement-breakpoint
-- The review: every staged item against what is already approved, with its file and its problems. Runs
-- as its caller: staff under their org's policy, staff.approve as the owner. It is dear, so whoever
-- wants its hash too makes that of the rows they have. Called by the review route, override_item and
-- approve.
create function staff.review(p_publish uuid)
returns setof staff.reviewed_item
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  with publish as materialized (
    select p.org_id from staff.publishes p where p.id = p_publish
  ), items as materialized (
    select i.org_id, i.kind, i.key, i.order_key, i.line, i.position, i.fields, i.ticked,
           i.overridden, i.override_reason, i.overridden_by,
           coalesce(nullif(i.customer_key, ''), nullif(o.customer_key, ''), l.customer_key, '') as customer_key,
           i.problems as own_problems,
           r.fields as before, r.customer_key as before_customer, r.order_key as before_order,
           r.file_sha256 as before_file, r.file_size as before_size, r.file_name as before_name,
           r.served as before_served, r.rendition_id as before_rendition
      from staff.publish_items i
      left join staff.publish_items o
        on i.order_key is not null and o.publish_id = i.publish_id and o.kind = 'order' and o.key = i.order_key
      left join staff.records l
        on i.order_key is not null and l.org_id = i.org_id and l.kind = 'order' and l.key = i.order_key
      left join staff.records r on r.org_id = i.org_id and r.kind = i.kind and r.key = i.key
     where i.publish_id = p_publish
  ), exposed as materialized (
    select e.* from staff.wanted_exposure(
      (select p.org_id from publish p),
      (select array_agg(distinct i.customer_key) from items i)) e
  ), filed as materialized (
    select i.*, f.sha256 as new_file, f.size as new_size, f.name as new_name, m.files, m.documents,
           f.sha256 is not null and min(i.customer_key) over (partition by f.sha256)
             <> max(i.customer_key) over (partition by f.sha256) as of_two_customers
      from items i
      left join staff.match_files(p_publish) m on i.kind = 'document' and m.key = i.key
      left join staff.staged_files f on f.id = m.file_id
  ), guarded as materialized (
    select g.* from (
      select array_agg(f.key) as keys, array_agg(f.customer_key) as customers, array_agg(f.order_key) as orders,
             array_agg(f.new_file) as files
        from filed f where f.kind = 'document' and f.new_file is not null) d
     cross join lateral staff.guard((select p.org_id from publish p), p_publish, d.keys, d.customers, d.orders, d.files) g
  ), compared as materialized (
    select f.*, x.sha256 is not null as inspected, x.findings, x.words, x.pages as new_pages, g.problems as guard_problems,
           case when f.new_file is null then f.before_served
                when x.sha256 is not null then staff.served_as(f.org_id, x.served, f.fields->>'document_kind') end as served,
           n.id as new_rendition, n.made_at is not null and not n.lost as is_made, coalesce(n.failed, false) as stamp_failed,
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
      left join staff.files x on x.org_id = f.org_id and x.sha256 = f.new_file and x.collected_at is null
      left join guarded g on f.kind = 'document' and g.key = f.key
      left join staff.renditions n
        on n.org_id = f.org_id and n.source_sha256 = f.new_file and n.customer_key = f.customer_key
       and n.customer_name = case when f.new_file is not null then staff.name_in(p_publish, f.org_id, f.customer_key) end
       and n.stamp_version = staff.stamp_version()
  ), found as materialized (
    select c.*, c.own_problems || coalesce((
      select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('code', x.code, 'severity', x.severity, 'line', c.line, 'value', x.value)))
        from (values
          ('conflict', 'blocking', c.change = 'conflict', null),
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
            c.kind = 'document' and not exists (
              select 1 from exposed e where e.customer_key = c.customer_key and c.fields->>'document_kind' = any (e.kinds)), null),
          ('address_used_by_other_customer', 'warning',
            c.kind = 'contact' and c.change = 'new' and (
              exists (select 1 from staff.records r
                       where r.org_id = c.org_id and r.kind = 'contact' and r.customer_key <> c.customer_key
                         and r.fields->>'contact_email' = c.fields->>'contact_email')
              or exists (select 1 from items o
                          where o.kind = 'contact' and o.customer_key <> c.customer_key
                            and o.fields->>'contact_email' = c.fields->>'contact_email')), null),
          ('address_at_foreign_domain', 'warning',
            c.kind = 'contact' and c.change = 'new'
            and exists (select 1 from staff.records r
                         where r.org_id = c.org_id and r.kind = 'contact' and r.customer_key = c.customer_key)
            and not exists (select 1 from staff.records r
                             where r.org_id = c.org_id and r.kind = 'contact' and r.customer_key = c.customer_key
                               and split_part(r.fields->>'contact_email', '@', 2)
                                 = split_part(c.fields->>'contact_email', '@', 2)), null)
        ) x(code, severity, applies, value)
       where x.applies
    ), '[]') || coalesce((
      select jsonb_agg(x || jsonb_build_object('severity', 'blocking', 'line', c.line)) from jsonb_array_elements(c.findings) x
    ), '[]') || coalesce((
      select jsonb_agg(x || jsonb_build_object('line', c.line)) from jsonb_array_elements(c.guard_problems) x
    ), '[]') as problems
    from compared c
  ), answered as materialized (
    select f.*, (
      select coalesce(jsonb_agg(
               case when not staff.is_overridable(x->>'code') then x
                    when f.overridden @> jsonb_build_array(staff.answer(x, f.customer_key, f.new_file))
                      then x || '{"overridable": true, "overridden": true}'
                    else x || '{"overridable": true}' end order by ord), '[]')
        from jsonb_array_elements(f.problems) with ordinality e(x, ord)) as told
      from found f
  ), judged as materialized (
    select a.*, exists (
      select 1 from jsonb_array_elements(a.told) x
       where x->>'severity' = 'blocking' and not x ? 'overridden') as own_blocked
      from answered a
  ), customers as (
    select r.key from staff.records r
     where r.org_id = (select p.org_id from publish p) and r.kind = 'customer'
    union
    select j.key from judged j where j.kind = 'customer' and not j.own_blocked
  ), orders as (
    select r.key, r.customer_key from staff.records r
     where r.org_id = (select p.org_id from publish p) and r.kind = 'order'
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
    select p.*, p.told
             || case when p.without_customer then jsonb_build_array(jsonb_build_object(
                  'code', 'customer_not_published', 'severity', 'blocking', 'line', p.line)) else '[]' end
             || case when p.without_order then jsonb_build_array(jsonb_build_object(
                  'code', 'order_not_published', 'severity', 'blocking', 'line', p.line)) else '[]' end
             || case when p.of_other_customer then jsonb_build_array(jsonb_build_object(
                  'code', 'conflict', 'severity', 'blocking', 'line', p.line)) else '[]' end as all_problems,
           p.own_blocked or p.without_customer or p.without_order or p.of_other_customer as is_blocked,
           p.change = 'revision' or (p.kind = 'contact' and p.change = 'new') as wants_tick,
           p.overridden <> '[]' and p.told @> '[{"overridden": true}]' as is_overridden
      from parented p
  )
  select f.kind, f.key, f.customer_key, f.order_key, f.line, f.position, f.fields, f.before,
         case when f.of_other_customer then 'conflict' else f.change end,
         f.all_problems, f.is_blocked, f.wants_tick, f.ticked,
         not f.is_blocked and (f.ticked or not f.wants_tick),
         coalesce(f.new_file, f.before_file), coalesce(f.new_size, f.before_size), coalesce(f.new_name, f.before_name),
         f.new_pages, f.served,
         case when f.new_file is null then f.before_rendition when f.served = 'stamped' then f.new_rendition end,
         f.new_file is null or f.served is distinct from 'stamped' or coalesce(f.is_made, false),
         case when f.is_overridden then f.override_reason end, case when f.is_overridden then f.overridden_by end
    from final f;
$$;
--> statement-breakpoint
drop function staff.review_hash(uuid);
--> statement-breakpoint
-- One item as the hash of a review has it: all that a reviewer sees of it, and who answers for it, as
-- JSON: joined by a mark that a code may hold, two reviews could read as one. Whether its rendition is
-- made is not content.
create function staff.review_line(r staff.reviewed_item)
returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_array(r.kind, r.key, r.customer_key, r.order_key, r.change, r.passes, r.ticked,
                           md5(r.fields::text), md5(r.before::text), md5(r.problems::text),
                           r.file_sha256, r.file_name, r.served, r.override_reason, r.overridden_by)::text;
$$;
--> statement-breakpoint
-- SHA-256 (hex) of a review: its lines, ordered by kind and key, and for each customer the name that is
-- stamped and what will be shown. An
-- approval carries it; any other content is refused. Called by the review route and approve.
create function staff.review_hash(p_publish uuid, p_lines text, p_customers text[])
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select encode(sha256(convert_to(concat_ws(E'\n\n', p_lines, (
           select string_agg(jsonb_build_array(e.customer_key, staff.name_in(p_publish, p.org_id, e.customer_key), e.kinds, e.fields)::text,
                             E'\n' order by e.customer_key)
             from staff.publishes p cross join lateral staff.wanted_exposure(p.org_id, p_customers) e
            where p.id = p_publish)),
         'UTF8')), 'hex');
$$;
--> statement-breakpoint
-- What an approval keeps of each reviewed item.
create type staff.verdict as (
  kind text, key text, customer_key text, change text, passes boolean, ready boolean, overridden boolean,
  file_sha256 text, file_size bigint, file_name text, served text, rendition_id uuid
);
--> statement-breakpoint
-- Approves what was reviewed, or says why not: all or nothing, and once. Called by
-- POST publishes/{id}/approval.
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
  v_verdicts staff.verdict[];
  v_hash text;
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
  -- The review once, for all that follows: what is new has to be asked before the projection makes it old.
  select array_agg(row(r.kind, r.key, r.customer_key, r.change, r.passes, r.ready, r.override_reason is not null,
                       r.file_sha256, r.file_size, r.file_name, r.served, r.rendition_id)::staff.verdict),
         staff.review_hash(p_publish, string_agg(staff.review_line(r), E'\n' order by r.kind, r.key),
                           array_agg(distinct r.customer_key))
    into v_verdicts, v_hash
    from staff.review(p_publish) r;
  if v_hash is distinct from p_review_hash then
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

  if exists (select 1 from unnest(v_verdicts) v where v.passes and not v.ready) then
    update staff.publishes p set unprepared = true where p.id = p_publish and not p.unprepared;
    return query select 'rendition_pending', null::jsonb;
    return;
  end if;

  with r as materialized (select * from unnest(v_verdicts) v where v.passes),
  taken as (
    update staff.publish_items i
       set included = true, customer_key = r.customer_key,
           file_sha256 = r.file_sha256, file_size = r.file_size, file_name = r.file_name,
           served = r.served, rendition_id = r.rendition_id
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
            'overrides', count(*) filter (where r.overridden),
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

  select array_agg(v.kind), array_agg(v.key) into v_new_kinds, v_new_keys
    from unnest(v_verdicts) v
   where v.passes and v.kind in ('document', 'order') and v.change <> 'same';

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
-- Takes an approved publish back: the next request sees what earlier publishes say, or nothing.
-- Called by POST publishes/{id}/withdrawal.
create or replace function staff.withdraw(p_publish uuid)
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
  -- What is staged may be nobody's now, or under another name.
  update staff.publishes p set unprepared = true where p.org_id = me.org_id and p.status = 'staged' and not p.unprepared;
  perform staff.audit('publish.withdrawn', 'publish', p_publish::text);
  return query select 'ok';
end
$$;
--> statement-breakpoint
reset role;
