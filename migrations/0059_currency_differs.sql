-- Money in one currency that names an invoice in another settles nothing of it: said at the gate.
set local role counterfoil_owner;
--> statement-breakpoint
-- As it was, with that. Called by keep_review, as the owner.
create or replace function staff.review(p_publish uuid, p_customers text[])
returns setof staff.reviewed_items
language sql stable
begin atomic
  with publish as materialized (
    select p.org_id, p.excluded_customers, (select g.currency from portal.orgs g where g.id = p.org_id) as currency,
           (select g.locale from portal.orgs g where g.id = p.org_id) as locale
      from staff.publishes p where p.id = p_publish
  ), staged_orders as materialized (
    select o.key, o.customer_key, o.excluded from staff.publish_items o where o.publish_id = p_publish and o.kind = 'order'
  ), owners as materialized (
    -- Whose the orders are that rows name without saying whose they are themselves: staged, else live.
    select k.order_key as key, coalesce(nullif(o.customer_key, ''), l.customer_key, '') as customer_key
      from (select distinct i.order_key from staff.publish_items i
             where i.publish_id = p_publish and i.customer_key = '' and i.order_key is not null) k
      left join staged_orders o on o.key = k.order_key
      left join lateral (
        select x.customer_key from staff.records x
         where coalesce(o.customer_key, '') = '' and x.org_id = (select p.org_id from publish p)
           and x.kind = 'order' and x.key = k.order_key offset 0) l on true
  ), staged_things as materialized (
    -- What a paper or a payment speaks of, of any customer: never compared before its owner is known.
    select i.kind, i.key, coalesce(nullif(i.customer_key, ''), w.customer_key, '') as customer_key,
           (i.fields->>'total')::numeric as total, i.fields->>'currency' as currency
      from staff.publish_items i
      left join owners w on i.customer_key = '' and w.key = i.order_key
     where i.publish_id = p_publish and i.kind in ('order', 'invoice')
  ), owned as (
    select i.org_id, i.kind, i.key, i.order_key, i.line, i.position, i.rows, i.fields, i.ticked, i.overridden,
           i.override_reason, i.overridden_by,
           coalesce(nullif(i.customer_key, ''), w.customer_key, '') as customer_key,
           i.excluded or coalesce(o.excluded, false) as left_out,
           i.problems as own_problems
      from staff.publish_items i
      left join staged_orders o on o.key = i.order_key
      left join owners w on i.customer_key = '' and w.key = i.order_key
     where i.publish_id = p_publish and (p_customers is null or i.customer_key = '' or i.customer_key = any (p_customers))
     offset 0
  ), items as materialized (
    select w.org_id, w.kind, w.key, w.order_key, w.line, w.position, w.rows,
           staff.filled_in(w.kind, w.fields, r.fields, (select p.currency from publish p), (select p.locale from publish p)) as fields,
           w.ticked, w.overridden, w.override_reason, w.overridden_by, w.customer_key, w.left_out, w.own_problems,
           w.left_out or w.customer_key = any ((select p.excluded_customers from publish p)::text[]) as is_out,
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
      join (
        select x.key, coalesce(nullif(x.customer_key, ''), w.customer_key, '') as customer_key
          from staff.publish_items x
          left join owners w on x.customer_key = '' and w.key = x.order_key
         where x.publish_id = p_publish and x.kind = 'document') d on d.key = m.key
  ), filed as not materialized (
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
                                             array(
      select case i.kind when 'document' then i.key
                         -- An invoice's amounts went with its paper.
                         else coalesce(i.fields->>'document_kind', 'invoice') || ':' || i.key end
        from items i where i.kind = 'document' or i.kind = 'invoice' and i.before is null)) w
  ), papers as materialized (
    -- Of invoices and credit notes, by the number that they carry.
    select i.customer_key, substr(i.key, strpos(i.key, ':') + 1) as number_key,
           min(split_part(i.key, ':', 1)) as first_kind, max(split_part(i.key, ':', 1)) as last_kind
      from items i
     where i.kind = 'document' and split_part(i.key, ':', 1) in ('invoice', 'credit_note') and not i.is_out
     group by 1, 2
  ), compared as (
    select f.*, b.key is not null as was_taken_back, t.customer_key as thing_customer,
           f.kind = 'invoice' and (f.before->>'document_kind' <> f.fields->>'document_kind'
             or q.first_kind <> f.fields->>'document_kind' or q.last_kind <> f.fields->>'document_kind') as is_of_two_kinds, x.sha256 is not null as inspected, x.findings, x.words, x.pages as new_pages, g.problems as guard_problems,
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
      left join taken_back b
        on b.key = case f.kind when 'document' then f.key
                               when 'invoice' then coalesce(f.fields->>'document_kind', 'invoice') || ':' || f.key end
      left join papers q on f.kind = 'invoice' and q.number_key = f.key and q.customer_key = f.customer_key
      left join staged_things t
        on f.kind = 'document' and t.key = substr(f.key, strpos(f.key, ':') + 1)
       and t.kind = case split_part(f.key, ':', 1) when 'order_confirmation' then 'order'
                         when 'invoice' then 'invoice' when 'credit_note' then 'invoice' end
      left join lateral (
        select y.* from staff.renditions y
         where f.new_file is not null and y.org_id = f.org_id and y.source_sha256 = f.new_file and y.customer_key = f.customer_key
           and y.customer_name = staff.name_in(p_publish, f.org_id, f.customer_key)
           and y.stamp_version = staff.stamp_version() offset 0) n on true
     offset 0
  -- Payments, and invoices with what was paid and credited (begin).
  ), allocated as materialized (
    -- What of a customer's payments goes to which of their invoices, once this is out.
    select a.customer_key, staff.normalise_key(a.said->>'payment_number') as payment_key,
           staff.normalise_key(a.said->>'invoice_number') as invoice_key, (a.said->>'payment_allocated')::numeric as amount
      from (
        select i.customer_key, coalesce(i.before, '{}') || i.fields as said
          from items i where i.kind = 'payment_allocation' and not i.is_out
        union all
        select r.customer_key, r.fields
          from (select distinct i.customer_key from items i
                 where i.kind in ('payment', 'payment_allocation', 'invoice')
                   -- Few orgs have any.
                   and exists (select 1 from staff.records y
                                where y.org_id = (select p.org_id from publish p) and y.kind = 'payment_allocation')) b
         cross join lateral (
           select x.* from staff.records x
            where x.org_id = (select p.org_id from publish p) and x.customer_key = b.customer_key
              and x.kind = 'payment_allocation' offset 0) r
         where not exists (select 1 from items i where i.kind = 'payment_allocation' and i.key = r.key and not i.is_out)
      ) a
  ), paid_by as materialized (
    select a.customer_key, a.payment_key, sum(a.amount) as amount from allocated a group by 1, 2
  ), paid_for as materialized (
    select a.customer_key, a.invoice_key, sum(a.amount) as amount from allocated a group by 1, 2
  ), payments as materialized (
    select i.key, i.customer_key, i.line, i.is_out, said.said, coalesce(i.before_customer = i.customer_key, false) as is_known,
           coalesce(i.before_customer <> i.customer_key, false) or i.own_problems @> '[{"severity": "blocking"}]'
             or not said.said ?& array['payment_date', 'payment_amount', 'currency'] as is_bad
      from items i cross join lateral (select coalesce(i.before, '{}') || i.fields as said offset 0) said
     where i.kind = 'payment'
  ), named as materialized (
    -- Invoices that a payment or a credit note names, as they are known or staged.
    select n.kind, n.key, n.amount, n.line,
           r.customer_key <> n.customer_key or s.customer_key not in ('', n.customer_key) as of_other_customer,
           r.key is not null or s.key is not null as is_known,
           coalesce(s.total, (r.fields->>'total')::numeric) as total,
           n.currency, coalesce(s.currency, r.fields->>'currency') as its_currency
      from (
        select i.kind, i.key, i.customer_key, i.line, null::numeric as amount, p.said->>'currency' as currency,
               staff.normalise_key(i.fields->>'invoice_number') as invoice_key
          from items i
          left join payments p on p.key = split_part(i.key, ' / ', 1) and p.customer_key = i.customer_key
         where i.kind = 'payment_allocation'
        union all
        select i.kind, i.key, i.customer_key, i.line, (x.said->>'total')::numeric, x.said->>'currency',
               staff.normalise_key(x.said->>'credited_invoice')
          from items i cross join lateral (select coalesce(i.before, '{}') || i.fields as said offset 0) x
         where i.kind = 'invoice' and x.said ? 'credited_invoice'
      ) n
      left join lateral (
        select x.key, x.customer_key, x.fields from staff.records x
         where x.org_id = (select p.org_id from publish p) and x.kind = 'invoice' and x.key = n.invoice_key offset 0) r on true
      left join staged_things s on s.kind = 'invoice' and s.key = n.invoice_key
  ), money as materialized (
    select m.kind, m.key,
           jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
             'code', m.code, 'severity', m.severity, 'line', m.line, 'value', m.value)) order by m.code) as problems
      from (
        select 'payment' as kind, p.key, p.line, x.code, x.severity, x.value
          from payments p
          left join paid_by a on a.payment_key = p.key and a.customer_key = p.customer_key
         cross join lateral (values
           ('payment_date_missing', 'blocking', not p.said ? 'payment_date', null),
           ('payment_amount_missing', 'blocking', not p.said ? 'payment_amount', null),
           ('currency_missing', 'blocking', p.said ? 'payment_amount' and not p.said ? 'currency', null),
           ('allocated_too_much', 'warning', abs(a.amount) > abs((p.said->>'payment_amount')::numeric), a.amount::text)
         ) x(code, severity, applies, value)
         where x.applies
        union all
        select 'payment_allocation', i.key, i.line, x.code, x.severity, null
          from items i
          left join payments p on p.key = split_part(i.key, ' / ', 1) and p.customer_key = i.customer_key
         cross join lateral (values
           ('allocation_amount_missing', 'blocking', not coalesce(i.before, '{}') || i.fields ? 'payment_allocated'),
           ('payment_not_published', 'blocking', not coalesce(p.is_known or not (p.is_bad or p.is_out), false))
         ) x(code, severity, applies)
         where i.kind = 'payment_allocation' and x.applies
        union all
        select n.kind, n.key, n.line, x.code, x.severity, x.value
          from named n
         cross join lateral (values
           ('invoice_of_other_customer', 'blocking', coalesce(n.of_other_customer, false), null),
           ('invoice_unknown', 'warning', not n.is_known, null),
           ('currency_differs', 'warning', not coalesce(n.of_other_customer, false) and n.currency <> n.its_currency, n.its_currency),
           ('credited_too_much', 'warning',
            n.kind = 'invoice' and abs(n.amount) > abs(n.total) and n.currency = n.its_currency is not false, n.total::text)
         ) x(code, severity, applies, value)
         where x.applies
        union all
        select 'invoice', i.key, i.line, x.code, 'warning', x.value
          from (select y.key, y.customer_key, y.line, coalesce(y.before, '{}') || y.fields as said
                  from items y where y.kind = 'invoice') i
          left join paid_for a on a.invoice_key = i.key and a.customer_key = i.customer_key
         cross join lateral (values
           ('totals_do_not_add_up',
            (i.said->>'net')::numeric + (i.said->>'tax')::numeric <> (i.said->>'total')::numeric,
            ((i.said->>'net')::numeric + (i.said->>'tax')::numeric)::text),
           ('paid_differs', a.amount <> (i.said->>'paid')::numeric, a.amount::text)
         ) x(code, applies, value)
         where x.applies
      ) m
     group by m.kind, m.key
  -- (end)
  ), found as (
    -- Lines, parcels and payments are most of a file, and have but one problem that is not their own.
    select c.*, case when c.kind = 'invoice' and c.own_problems @> '[{"code": "number_of_two_kinds"}]'
             -- Rows of two papers differ in all they say.
             then jsonb_path_query_array(c.own_problems, '$[*] ? (@.code != "contradiction")') else c.own_problems end || case when c.change = 'conflict' then jsonb_build_array(jsonb_build_object(
             'code', 'conflict', 'severity', 'blocking', 'line', c.line)) else '[]' end
           || coalesce(m.problems, '[]')
           || case when c.kind not in ('customer', 'contact', 'order', 'invoice', 'document') then '[]'
              else to_jsonb(array_remove(array[
        -- The paper of an invoice or an order that is known, or staged, as another customer's.
        staff.problem('conflict', 'blocking', c.line, c.kind = 'document' and c.change <> 'conflict' and (
            exists (select 1 from staff.records r
                     where r.org_id = c.org_id and r.customer_key <> c.customer_key
                       and r.kind = case split_part(c.key, ':', 1) when 'order_confirmation' then 'order'
                                           when 'invoice' then 'invoice' when 'credit_note' then 'invoice' end
                       and r.key = substr(c.key, strpos(c.key, ':') + 1))
            or coalesce(c.thing_customer not in ('', c.customer_key), false))),
        staff.problem('number_of_two_kinds', 'blocking', c.line,
          c.is_of_two_kinds and not c.own_problems @> '[{"code": "number_of_two_kinds"}]'),
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
    left join money m on m.kind = c.kind and m.key = c.key
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
  ), parented as (
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
           p.change = 'revision' or (p.kind = 'contact' and p.change = 'new')
             or p.was_taken_back and p.change <> 'same' as wants_tick,
           p.overridden <> '[]' and p.told @> '[{"overridden": true}]' as is_overridden
      from parented p
  )
  select f.org_id, p_publish,
         -- Of code points, as everywhere: told without the help of a locale.
         row_number() over (order by f.customer_key collate "C", f.order_key collate "C" nulls first, f.position,
                                     f.kind collate "C", f.key collate "C")::int,
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
end;
--> statement-breakpoint
reset role;
