-- Edges of the gate: what an index without customers says is whose its order is, an earlier import's amounts and file are
-- not handed to another, a tick is for what was looked at, and a paper that comes under an order changes.
set local role counterfoil_owner;
--> statement-breakpoint
CREATE INDEX "publish_items_ticked" ON "staff"."publish_items" USING btree ("publish_id") WHERE ticked;
--> statement-breakpoint
-- As in 0009; but a number whose order is staged without a customer is whose that order is live. Called by review.
create or replace function staff.guard(p_org uuid, p_publish uuid, p_keys text[], p_customers text[], p_orders text[], p_files text[])
returns table (key text, problems jsonb)
language sql stable rows 100
set search_path = pg_catalog, pg_temp
set enable_nestloop = on
set plan_cache_mode = force_generic_plan
as $$
  with docs as materialized (
    select d.key, d.customer_key, d.order_key, f.words, f.terms, replace(f.words, ' ', '') as letters,
           split_part(d.key, ':', 1) as kind, substr(d.key, strpos(d.key, ':') + 1) as number_key,
           staff.term_of('document', d.key) as term
      from unnest(p_keys, p_customers, p_orders, p_files) d(key, customer_key, order_key, sha256)
      join staff.files f on f.org_id = p_org and f.sha256 = d.sha256
     where f.words <> ''
  ), told as materialized (
    select r.customer_key, r.fields->>'customer_name' as name, r.fields->>'customer_tax_id' as tax_id, r.term as code, true as is_live
      from staff.records r where r.org_id = p_org and r.kind = 'customer'
    union
    select i.customer_key, i.fields->>'customer_name', i.fields->>'customer_tax_id', i.term, false
      from staff.publish_items i where i.publish_id = p_publish and i.kind = 'customer'
  ), parties as materialized (
    -- As patterns: letters, with a break wherever a line ends or a heading is set wide.
    select p.*, '(^| )' || p.core_apart || '(?= |$)' as core_pattern,
           '(^| )(' || case when p.words <> p.core then p.apart || '|' else '' end || p.core_apart
             || '(GMBH|LTD|LIMITED|SP ?Z ?O ?O|SPOLKA|SOCIEDAD|INC|LLC|PLC|SARL|SRL))(?= |$)' as formal_pattern,
           length(p.core_letters) >= 3 and strpos(s.letters, p.core_letters) = 0 as is_name,
           -- A name that is staged for a customer who is live is theirs only if it is nobody else's: a
           -- column of codes that has slipped must not vouch for itself.
           p.is_live or not bool_or(p.is_live) over (partition by p.customer_key)
             or min(p.customer_key) over (partition by p.core_letters) = max(p.customer_key) over (partition by p.core_letters) as is_own
      from (select t.*, w.words, c.core, replace(c.core, ' ', '') as core_letters, x.tax,
                   -- As it is printed at home, without its country.
                   regexp_replace(x.tax, '^[A-Z]{2}(?=.{8,}$)', '') as bare_tax,
                   regexp_replace(replace(w.words, ' ', ''), '(.)', '\1 ?', 'g') as apart,
                   regexp_replace(replace(c.core, ' ', ''), '(.)', '\1 ?', 'g') as core_apart
              from told t
             cross join lateral (select staff.fold_words(t.name) as words, staff.fold_words(t.tax_id) as tax offset 0) w
             cross join lateral (select staff.name_core(w.words) as core offset 0) c
             cross join lateral (select replace(w.tax, ' ', '') as tax) x) p
     cross join (select replace(staff.fold_words(o.name), ' ', '') as letters from portal.orgs o where o.id = p_org offset 0) s
  ), own as materialized (
    select x.*, 1 + (x.has_number or x.has_order)::int + x.has_customer::int as enough
      from (select d.key,
                   coalesce(d.term = any (d.terms) or length(d.term) >= 5 and strpos(d.letters, d.term) > 0
                            -- A number that the import made of the order's and the parcel's.
                            or strpos(d.number_key, d.order_key || '/') = 1 and staff.term_of('order', d.order_key) = any (d.terms)
                               and staff.term_of('order', substr(d.number_key, length(d.order_key) + 2)) = any (d.terms),
                            false) as has_number,
                   coalesce(staff.term_of('order', d.order_key) = any (d.terms), false) as has_order,
                   coalesce(bool_or(length(p.code) >= case when p.code ~ '[^0-9]' then 3 else 5 end and p.code = any (d.terms)
                                    or length(p.tax) >= 6 and (p.tax = any (d.terms) or p.bare_tax = any (d.terms))
                                    or length(p.core_letters) >= 3 and strpos(d.letters, p.core_letters) > 0
                                       and d.words ~ p.core_pattern),
                            false) as has_customer,
                   array_agg(p.core) filter (where p.core is not null) as cores,
                   array_agg(p.core_pattern) filter (where p.core is not null) as core_patterns
              from docs d left join parties p on p.customer_key = d.customer_key and p.is_own
             group by d.key, d.term, d.terms, d.letters, d.number_key, d.order_key) x
  ), terms as materialized (
    select t.term, array_agg(d.key) as keys from docs d cross join lateral unnest(d.terms) t(term)
     where length(t.term) >= 3 group by t.term
  ), candidates as materialized (
    -- Whose name has all its words in the text but one, which a line's end may have broken.
    select k.key, p.customer_key, p.name
      from (select q.customer_key, q.name, w.word, count(*) over (partition by q.customer_key, q.name) as words
              from (select distinct customer_key, name, core from parties where is_name) q
             cross join lateral (select distinct x from regexp_split_to_table(q.core, ' ') x where length(x) >= 3) w(word)) p
      join terms t on t.term = p.word
     cross join lateral unnest(t.keys) k(key)
     group by k.key, p.customer_key, p.name, p.words
    having count(*) >= greatest(p.words - 1, 1)
  ), names_said as materialized (
    select distinct d.key, p.customer_key, p.name as shown, p.core, s.formal > h.times as is_formal,
           case when s.formal > h.times and not h.is_end then case when p.core like '% %' then 3 else 2 end
                when p.core like '% %' and not h.is_held then 2
                else 1 end as weight
      from candidates c
      join docs d on d.key = c.key
      join own o on o.key = c.key
      join parties p on p.customer_key = c.customer_key and p.name = c.name and p.customer_key <> d.customer_key
     cross join lateral (
       -- How often it is only a part of the customer's own name.
       select count(*) > 0 as is_held, coalesce(bool_or(' ' || u.core like '% ' || p.core), false) as is_end,
              coalesce(max(regexp_count(d.words, u.pattern)), 0) as times
         from unnest(o.cores, o.core_patterns) u(core, pattern)
        where strpos(replace(u.core, ' ', ''), p.core_letters) > 0) h
     cross join lateral (
       select regexp_count(d.words, p.core_pattern) as times, regexp_count(d.words, p.formal_pattern) as formal) s
     where strpos(d.letters, p.core_letters) > 0 and s.times > h.times
  ), mentioned as materialized (
    -- Looked up term by term: a join may be planned as if a new publish had no rows.
    select k.key, m.customer_key, t.term, m.thing, m.thing_kind
      from terms t
     cross join lateral (
       select r.customer_key, r.key as thing, r.kind as thing_kind
         from staff.records r where r.org_id = p_org and r.term = t.term
       union
       select coalesce(nullif(i.customer_key, ''), nullif(o.customer_key, ''), l.customer_key, ''), i.key, i.kind
         from staff.publish_items i
         left join staff.publish_items o
           on i.order_key is not null and o.publish_id = p_publish and o.kind = 'order' and o.key = i.order_key
         left join staff.records l on i.order_key is not null and l.org_id = p_org and l.kind = 'order' and l.key = i.order_key
        where i.publish_id = p_publish and i.term = t.term
       offset 0) m
     cross join lateral unnest(t.keys) k(key)
  ), numbers_said as materialized (
    select distinct d.key, m.customer_key, m.shown, m.pattern,
           -- Few digits are no more than a word, and add nothing to a name.
           case when m.term ~ '^[0-9]{1,5}$' then 'name' when m.thing_kind = 'customer' then 'code' else 'number' end as sort,
           case when m.term !~ '[^0-9]' then case when length(m.term) >= 8 then 2 else 1 end
                when length(m.term) < 6 or length(regexp_replace(m.term, '[^0-9]', '', 'g')) < 3 then 1
                when m.thing_kind = 'customer' then 2
                else 3 end as weight
      from docs d
      join (select y.*, staff.number_pattern(staff.fold_words(y.shown)) as pattern
              from (select x.*, case when x.thing_kind = 'document' then substr(x.thing, strpos(x.thing, ':') + 1) else x.thing end as shown
                      from mentioned x) y) m on m.key = d.key
     where m.customer_key not in ('', d.customer_key) and length(m.term) >= 4
       -- A beginning of the document's own number counts where it does not stand as that.
       and not exists (select 1 from mentioned s
                        where s.key = d.key and s.customer_key = d.customer_key and strpos(s.term, m.term) > 0
                          and d.words ~ staff.number_pattern(staff.fold_words(
                                case when s.thing_kind = 'document' then substr(s.thing, strpos(s.thing, ':') + 1) else s.thing end)))
       and case when strpos(d.term, m.term) = 0 then d.words
                else regexp_replace(d.words, staff.number_pattern(staff.fold_words(d.number_key)), ' ', 'g') end ~ m.pattern
    union
    select d.key, p.customer_key, p.tax_id, null, 'code', case when length(p.tax) >= 8 then 3 else 2 end
      from (select q.customer_key, q.tax_id, q.tax, t.keys
              from parties q
             cross join lateral (select q.tax as as_listed union select q.bare_tax) x
              join terms t on t.term = x.as_listed
             where length(q.tax) >= 6
            offset 0) p
     cross join lateral unnest(p.keys) k(key)
      join docs d on d.key = k.key and d.customer_key <> p.customer_key
     where not exists (select 1 from parties q where q.customer_key = d.customer_key and q.tax = p.tax)
  ), signs as materialized (
    select n.key, n.customer_key, 'name' as sort, n.shown, n.weight, n.core, n.is_formal, null as pattern from names_said n
    union all
    select n.key, n.customer_key, n.sort, n.shown, n.weight, null, null, n.pattern from numbers_said n
  ), suspected as materialized (
    select distinct w.key
      from (select s.key, s.customer_key, s.sort, max(s.weight) as weight from signs s group by s.key, s.customer_key, s.sort) w
      join own o on o.key = w.key
     group by w.key, w.customer_key, o.enough
    having sum(w.weight) >= o.enough
  ), rows_said as materialized (
    -- What the row's own order says, here or where it is live.
    select d.key, staff.fold_words(string_agg(concat_ws(' | ', x.fields->>'carrier', x.fields->>'tracking_number',
                                                        x.fields->>'delivery_address', x.fields->>'po_number'), ' | ')) as words,
           staff.fold_words(string_agg(concat_ws(' | ', x.fields->>'line_item_code', x.fields->>'line_description'), ' | ')) as goods
      from docs d
      join (select i.order_key, i.fields from staff.publish_items i
             where i.publish_id = p_publish and i.kind in ('order', 'order_line', 'shipment')
            union all
            select r.order_key, r.fields from staff.records r
             where r.org_id = p_org and r.kind in ('order', 'order_line', 'shipment')
               and r.customer_key = any (array(select d.customer_key from docs d join suspected s on s.key = d.key))) x
        on x.order_key = d.order_key
     where d.key in (select s.key from suspected s)
     group by d.key
  ), others as (
    select x.key, left(string_agg(distinct x.shown, ', '), 200) as value
      from (select w.key, w.customer_key, sum(w.weight) as weight, string_agg(w.shown, ', ') as shown
              from (select s.key, s.customer_key, s.sort, max(s.weight) as weight, string_agg(distinct s.shown, ', ') as shown
                      from suspected u
                      join signs s on s.key = u.key
                      left join rows_said r on r.key = s.key
                     where case when s.core is not null
                                then strpos(concat(' ', r.words, ' '), ' ' || s.core || ' ') = 0
                                     and (s.is_formal or strpos(concat(' ', r.goods, ' '), ' ' || s.core || ' ') = 0)
                                else coalesce(r.words !~ s.pattern and r.goods !~ s.pattern, true) end
                     group by s.key, s.customer_key, s.sort) w
             group by w.key, w.customer_key) x
      join own o on o.key = x.key
     where x.weight >= o.enough
     group by x.key
  ), totals as (
    select d.key, a.amount
      from docs d
      left join staff.publish_items i
        on i.publish_id = p_publish and i.kind = case when d.kind = 'order_confirmation' then 'order' else 'invoice' end
       and i.key = case when d.kind = 'order_confirmation' then d.order_key else d.number_key end
      left join staff.records r
        on r.org_id = p_org and r.kind = case when d.kind = 'order_confirmation' then 'order' else 'invoice' end
       and r.key = case when d.kind = 'order_confirmation' then d.order_key else d.number_key end
     cross join lateral (
       select abs(coalesce(i.fields->>c.field, r.fields->>c.field)::numeric)::numeric(20, 2) as amount
         from (select case when d.kind = 'order_confirmation' then 'order_total' else 'total' end as field) c) a
     where d.kind in ('order_confirmation', 'invoice', 'credit_note') and a.amount is not null
  ), found as (
    select d.key, x.ord, x.problem
      from docs d
      join own o on o.key = d.key
      left join others t on t.key = d.key
      left join totals m on m.key = d.key
     cross join lateral (values
       (1, t.value is not null, jsonb_build_object('code', 'of_other_customer', 'severity', 'blocking', 'value', t.value)),
       (2, not o.has_number, jsonb_build_object('code', 'number_not_found', 'severity', 'warning')),
       (3, not o.has_customer, jsonb_build_object('code', 'customer_not_found', 'severity', 'warning')),
       (4, m.amount is not null
             and not (replace(m.amount::text, '.', '') = any (d.terms)
                      or m.amount = trunc(m.amount) and trunc(m.amount)::text = any (d.terms)),
           jsonb_build_object('code', 'total_not_found', 'severity', 'warning', 'value', m.amount::text))
     ) x(ord, applies, problem)
     where x.applies
  )
  select f.key, jsonb_agg(f.problem order by f.ord) from found f group by f.key;
$$;
--> statement-breakpoint
-- Whose an order is: as it is live, since it stays that, else as it is staged; null where nothing says it. Called by
-- are_of_one_owner.
create function staff.owner_of_order(p_org uuid, p_publish uuid, p_order text)
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(
    (select r.customer_key from staff.records r where r.org_id = p_org and r.kind = 'order' and r.key = p_order),
    (select nullif(o.customer_key, '') from staff.publish_items o
      where o.publish_id = p_publish and o.kind = 'order' and o.key = p_order));
$$;
--> statement-breakpoint
revoke all on function staff.owner_of_order(uuid, uuid, text) from public;
--> statement-breakpoint
-- Whether two rows of one number are one customer's, where only their orders can tell. What is known of neither is not;
-- nor is a row that stands under another's order, whatever customer it names. Called by is_same_owner.
create function staff.are_of_one_owner(
  p_org uuid, p_publish uuid, p_old_customer text, p_old_order text, p_new_customer text, p_new_order text
)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select case
           when p_old_customer <> '' and o.owner <> p_old_customer then false
           when p_old_customer <> '' and p_new_customer <> '' then p_old_customer = p_new_customer
           else coalesce(coalesce(nullif(p_old_customer, ''), o.owner)
                         = coalesce(nullif(p_new_customer, ''), staff.owner_of_order(p_org, p_publish, p_new_order)), false)
         end
    from (select staff.owner_of_order(p_org, p_publish, p_old_order) as owner) o;
$$;
--> statement-breakpoint
revoke all on function staff.are_of_one_owner(uuid, uuid, text, text, text, text) from public;
--> statement-breakpoint
-- Whether what an earlier import said of a number is of the customer whom a later one's row is of: by the customers that
-- they name, and where one names none, by whose their orders are. Written to be inlined, since nearly every row is told
-- by itself. Called by stage_items.
create function staff.is_same_owner(
  p_org uuid, p_publish uuid, p_old_customer text, p_old_order text, p_new_customer text, p_new_order text
)
returns boolean
language sql stable
return case
  when p_old_customer <> '' and p_new_customer <> '' and p_old_customer <> p_new_customer then false
  -- The same order; or nothing says of one of them whose it is.
  when p_old_order = p_new_order or p_old_customer = '' and p_old_order is null
    or p_new_customer = '' and p_new_order is null then true
  when p_old_customer = p_new_customer and (p_old_order is null or p_new_order is null) then true
  else staff.are_of_one_owner(p_org, p_publish, p_old_customer, p_old_order, p_new_customer, p_new_order) end;
--> statement-breakpoint
revoke all on function staff.is_same_owner(uuid, uuid, text, text, text, text) from public;
--> statement-breakpoint
-- As in 0052; but of rows that name no customer, whose they are is whose their orders are.
--
-- Of rows of the same file the first one's value stays, and a differing one is a problem. What an earlier
-- import of the publish brought takes the new values over the old and loses its tick; one that was another
-- customer's keeps nothing of theirs, their order neither. Called by POST imports/{id}/staging.
create or replace function staff.stage_items(
  p_import uuid, p_reading jsonb, p_from int, p_rows int, p_items jsonb, p_identifiers text[]
)
returns table (publish_id uuid)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  me record;
  v_import staff.imports;
  v_publish uuid;
  v_status text;
begin
  select * into me from staff.context();
  select * into v_import from staff.imports i
   where i.id = p_import and i.org_id = me.org_id for no key update;
  if v_import.id is null then
    return;
  end if;
  v_publish := v_import.publish_id;
  if v_import.state = 'staged' then
    return query select v_publish;
    return;
  end if;
  if v_publish is null then
    insert into staff.publishes (org_id, name, created_by) values (me.org_id, v_import.file_name, me.member_id)
    returning id into v_publish;
    perform staff.audit('publish.created', 'publish', v_publish::text);
  else
    select p.status into v_status from staff.publishes p where p.id = v_publish for no key update;
    if v_status is distinct from 'staged' then
      raise exception 'publish_not_staged' using errcode = 'CF001';
    end if;
  end if;
  if v_import.state = 'reading' and v_import.reading is distinct from p_reading then
    -- What it brought under the other reading cannot be told from what others brought, unless it is alone.
    if p_from > 0 or exists (select 1 from staff.imports i
                              where i.publish_id = v_publish and i.id <> p_import and i.state <> 'uploaded') then
      raise exception 'reading_begun' using errcode = 'CF006';
    end if;
    delete from staff.publish_items i where i.publish_id = v_publish;
    v_import.items := 0;
  end if;
  if p_from < v_import.items then
    return query select v_publish;
    return;
  end if;
  if p_from > v_import.items then
    raise exception 'parts out of order' using errcode = '40001';
  end if;
  insert into staff.publish_items as old
         (org_id, publish_id, kind, key, customer_key, order_key, line, position, fields, problems, rows, import_id)
  select me.org_id, v_publish, r->>0, r->>1, r->>2, r->>3, (r->>4)::int, (r->>5)::int, r->6, r->7, (r->>8)::int, p_import
    from jsonb_array_elements(p_items) r
  on conflict (publish_id, kind, key) do update
     set customer_key = case when old.import_id = p_import
           then coalesce(nullif(old.customer_key, ''), excluded.customer_key)
           else coalesce(nullif(excluded.customer_key, ''), old.customer_key) end,
         order_key = case when old.import_id = p_import
           then coalesce(old.order_key, excluded.order_key)
           when staff.is_same_owner(old.org_id, old.publish_id, old.customer_key, old.order_key,
                                    excluded.customer_key, excluded.order_key)
           then coalesce(excluded.order_key, old.order_key) else excluded.order_key end,
         line = case when old.import_id = p_import then old.line else excluded.line end,
         position = case when old.import_id = p_import then old.position else excluded.position end,
         fields = case
           when old.import_id = p_import then excluded.fields || old.fields
           when staff.is_same_owner(old.org_id, old.publish_id, old.customer_key, old.order_key,
                                    excluded.customer_key, excluded.order_key) then old.fields || excluded.fields
           else excluded.fields end,
         problems = case
           when old.import_id = p_import then staff.joined_problems(
             staff.lasting_problems(old.problems, null, true, excluded.problems, old.kind, excluded.fields,
                                    excluded.customer_key, excluded.order_key),
             excluded.problems || staff.contradictions(
             old.fields || jsonb_build_object('customer_code', old.customer_key, 'order_number', coalesce(old.order_key, '')),
             excluded.fields || jsonb_build_object('customer_code', excluded.customer_key, 'order_number', coalesce(excluded.order_key, '')),
             excluded.line, old.line, p_identifiers))
           when staff.is_same_owner(old.org_id, old.publish_id, old.customer_key, old.order_key,
                                    excluded.customer_key, excluded.order_key) then
             excluded.problems || staff.lasting_problems(old.problems, old.import_id, false, excluded.problems, old.kind,
                                                         excluded.fields, excluded.customer_key, excluded.order_key)
           else excluded.problems end,
         rows = old.rows + excluded.rows,
         import_id = p_import,
         ticked = false;
  -- A paper that names no customer is whose its order is: its tick was for whose it was.
  update staff.publish_items i set ticked = false
   where i.publish_id = v_publish and i.ticked and i.customer_key = ''
     and (i.order_key in (select r->>1 from jsonb_array_elements(p_items) r where r->>0 = 'order')) is true;
  update staff.imports i
     set publish_id = v_publish, state = 'reading', reading = p_reading,
         items = v_import.items + jsonb_array_length(p_items), rows = p_rows,
         -- Who may not approve it: the one of the two, who sent it and who said how it is read, that could.
         imported_by = case when exists (select 1 from staff.members m
                                          where m.id = i.imported_by and m.role in ('approver', 'owner'))
                            then i.imported_by else me.member_id end
   where i.id = p_import;
  return query select v_publish;
end
$$;
--> statement-breakpoint
-- Whether anything staged is ticked. Called by approve and withdraw.
create function staff.has_ticks(p_org uuid)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select exists (
    select 1 from staff.publishes p join staff.publish_items i on i.publish_id = p.id
     where p.org_id = p_org and p.status = 'staged' and i.ticked);
$$;
--> statement-breakpoint
revoke all on function staff.has_ticks(uuid) from public;
--> statement-breakpoint
-- Takes back what is ticked of these in all that is staged, since a tick was for what was live when it was given; and of
-- papers that only one of these orders places. Called by approve and withdraw.
create function staff.untick(p_org uuid, p_kinds text[], p_keys text[])
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
  update staff.publish_items i set ticked = false
    from staff.publishes p
   where p.org_id = p_org and p.status = 'staged' and i.publish_id = p.id and i.ticked
     and (((i.kind, i.key) in (select k.kind, k.key from unnest(p_kinds, p_keys) k(kind, key))) is true
          or i.customer_key = ''
             and (i.order_key in (select k.key from unnest(p_kinds, p_keys) k(kind, key) where k.kind = 'order')) is true);
$$;
--> statement-breakpoint
revoke all on function staff.untick(uuid, text[], text[]) from public;
--> statement-breakpoint
-- As in 0056; but ticks that were given to what it changes are taken back, and settings are read behind the lock.
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
  -- Approvals of one org go one after the other: each is judged against what the last one made live, and by the
  -- settings as they are then.
  perform pg_advisory_xact_lock(hashtextextended(me.org_id::text, 0));
  select * into v_org from portal.orgs o where o.id = me.org_id;
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

  perform staff.add_to_records(me.org_id, p_publish, v_known_kinds, v_known_keys);
  perform staff.project_live(me.org_id, v_kinds, v_keys, false);

  -- What else is staged may be another's now, or under another name, and is compared with what is live now.
  update staff.publishes p set unprepared = true, review_stale = true
   where p.org_id = me.org_id and p.status = 'staged' and not (p.unprepared and p.review_stale);
  -- Asked only while something is ticked elsewhere: the review is read once more for it.
  if staff.has_ticks(me.org_id) then
    perform staff.untick(me.org_id, array_agg(r.kind), array_agg(r.key))
       from staff.reviewed_items r where r.publish_id = p_publish and r.passes and r.change <> 'same';
  end if;

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
-- As in 0052; but ticks that were given to what it takes back, or to what came of that, are taken back too.
create or replace function staff.withdraw(p_publish uuid, p_customer text, p_document text, p_reason text)
returns table (status text, told jsonb)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  me record;
  v_publish staff.publishes;
  v_part jsonb := jsonb_strip_nulls(jsonb_build_object('customer', p_customer, 'document', p_document));
  v_number text := substr(p_document, strpos(p_document, ':') + 1);
  v_at timestamptz;
  v_kinds text[];
  v_keys text[];
  v_customers text[];
  v_customer uuid;
  v_repeats uuid[];
  v_partly uuid[];
  v_repeated_in uuid[];
  v_repeat_kinds text[];
  v_repeat_keys text[];
  v_told jsonb;
  v_left bigint;
  v_is_all boolean;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service or me.role not in ('approver', 'owner') then
    perform staff.audit('request.refused', 'publish', p_publish::text, '{"code": "forbidden", "action": "publish.withdrawn"}');
    return query select 'forbidden', null::jsonb;
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(me.org_id::text, 0));
  select * into v_publish from staff.publishes p where p.id = p_publish and p.org_id = me.org_id for update;
  if v_publish.id is null then
    return query select 'not_found', null::jsonb;
    return;
  end if;
  if v_publish.status not in ('approved', 'withdrawn') then
    return query select 'not_approved', null::jsonb;
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
    return query select 'not_found', null::jsonb;
    return;
  end if;
  if v_publish.status = 'withdrawn' or v_kinds is null then
    return query select 'ok', jsonb_build_object('repeats', staff.named_publishes('{}'), 'sources', staff.named_publishes('{}'));
    return;
  end if;

  v_at := clock_timestamp();
  with told as materialized (
    select t.publish_id, t.kind, t.key, t.fate from staff.taken_back(p_publish, p_customer, p_document) t
     where t.fate in ('repeat', 'source')
  )
  select array_agg(t.publish_id) filter (where t.fate = 'repeat'), array_agg(t.kind) filter (where t.fate = 'repeat'),
         array_agg(t.key) filter (where t.fate = 'repeat'), array_agg(distinct t.publish_id) filter (where t.fate = 'repeat'),
         jsonb_build_object(
           'repeats', staff.named_publishes(array_agg(distinct t.publish_id) filter (where t.fate = 'repeat')),
           'sources', staff.named_publishes(array_agg(distinct t.publish_id) filter (
                        where t.fate = 'source' and t.kind not in ('customer', 'contact'))))
    into v_repeated_in, v_repeat_kinds, v_repeat_keys, v_repeats, v_told
    from told t;
  select c.id into v_customer from portal.customers c
   where v_part <> '{}' and c.org_id = me.org_id and c.code_key = v_customers[1];

  if v_part <> '{}' then
    update staff.publish_items i set withdrawn = true, taken_back_at = v_at
     where i.publish_id = p_publish and i.included and not i.withdrawn and (p_customer is null or i.customer_key = p_customer)
       and (p_document is null or i.key in (p_document, v_number) and staff.covers(v_part, i.kind, i.key, i.customer_key));
    select count(*) into v_left
      from staff.publish_items i where i.publish_id = p_publish and i.included and not i.withdrawn;
  end if;
  v_is_all := coalesce(v_left, 0) = 0;

  if v_repeats is not null then
    -- Where nothing else is left, the publish says it for its items. An order or a customer that is only named is
    -- nothing that is left.
    select array_agg(n.publish_id) into v_partly
      from (select r.publish_id, count(*) as items from unnest(v_repeated_in) r(publish_id) group by r.publish_id) n
     where n.items < (
       select count(*) from staff.publish_items i
        where i.publish_id = n.publish_id and i.included and not i.withdrawn
          and (i.kind not in ('customer', 'order') or i.fields - '{customer_code,order_number}'::text[] <> '{}'));
    update staff.publish_items i set withdrawn = true, taken_back_at = v_at
      from unnest(v_repeated_in, v_repeat_kinds, v_repeat_keys) r(publish_id, kind, key)
     where r.publish_id = any (v_partly) and i.publish_id = r.publish_id and i.kind = r.kind and i.key = r.key;
    with gone as (
      update staff.publishes p
         set status = case when n.is_left then p.status else 'withdrawn' end,
             withdrawn_by = case when not n.is_left then me.member_id end,
             withdrawn_at = case when not n.is_left then v_at end,
             summary = coalesce(p.summary, '{}') || jsonb_build_object('withdrawals',
               coalesce(p.summary->'withdrawals', '[]') || jsonb_build_array(v_part || jsonb_build_object(
                 'at', v_at, 'by', me.member_id, 'reason', p_reason, 'items', n.items, 'with', p_publish)))
        from (select r.publish_id, count(*) as items, coalesce(r.publish_id = any (v_partly), false) as is_left
                from unnest(v_repeated_in) r(publish_id) group by r.publish_id) n
       where p.id = n.publish_id
      returning p.id, n.is_left, n.items
    )
    select count(staff.audit(case when g.is_left then 'publish.part_withdrawn' else 'publish.withdrawn' end, 'publish', g.id::text,
                             v_part || jsonb_build_object('reason', p_reason, 'items', g.items, 'with', p_publish),
                             v_customer)::text)
      into v_left from gone g;
  end if;

  update staff.publishes p
     set status = case when v_is_all then 'withdrawn' else p.status end,
         withdrawn_by = case when v_is_all then me.member_id end,
         withdrawn_at = case when v_is_all then v_at end,
         summary = coalesce(p.summary, '{}') || jsonb_build_object('withdrawals',
           coalesce(p.summary->'withdrawals', '[]') || jsonb_build_array(v_part || jsonb_build_object(
             'at', v_at, 'by', me.member_id, 'reason', p_reason, 'items', cardinality(v_kinds))))
   where p.id = p_publish;
  perform staff.project(me.org_id, v_kinds, v_keys);
  -- What is staged may be nobody's now, or under another name, and is compared with what is left.
  update staff.publishes p set unprepared = true, review_stale = true
   where p.org_id = me.org_id and p.status = 'staged' and not (p.unprepared and p.review_stale);
  if staff.has_ticks(me.org_id) then
    perform staff.untick(me.org_id, v_kinds || v_repeat_kinds, v_keys || v_repeat_keys);
  end if;
  perform staff.audit(case v_part when '{}' then 'publish.withdrawn' else 'publish.part_withdrawn' end, 'publish', p_publish::text,
                      v_part || jsonb_build_object('reason', p_reason, 'items', cardinality(v_kinds))
                        || case when v_repeats is null then '{}' else jsonb_build_object('repeats', to_jsonb(v_repeats)) end,
                      v_customer);
  return query select 'ok', v_told;
end
$$;
--> statement-breakpoint
-- As in 0057; but what comes under an order, as it did not before, changes by that. Called by keep_review.
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
             when (f.before || f.fields) - 'file_name' = f.before - 'file_name'
              and (f.order_key is null or f.order_key is not distinct from f.before_order) then 'same'
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
-- As in 0056; but p_items holds kind, key, the file's hash (null without one) and the change (null: whichever) as they were
-- seen, and where an item is no longer so, nothing is ticked and null is given. Called by PUT publishes/{id}/ticks.
create or replace function staff.tick_items(p_publish uuid, p_items jsonb, p_ticked boolean)
returns table (ticked int)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
  v_customers text[];
  v_items jsonb;
begin
  if coalesce((select s.is_service from staff.context() s), true) or staff.hold_publish(p_publish) is null then
    return query select 0;
    return;
  end if;
  perform staff.refresh_review(p_publish);
  -- What is ticked is what was looked at.
  if p_ticked and exists (
       select 1 from jsonb_array_elements(p_items) x
         join staff.reviewed_items r on r.publish_id = p_publish and r.kind = x->>0 and r.key = x->>1
        where r.file_sha256 is distinct from x->>2 or r.change <> x->>3) then
    return query select null::int;
    return;
  end if;
  select array_agg(distinct r.customer_key), jsonb_agg(jsonb_build_array(r.kind, r.key))
    into v_customers, v_items
    from staff.reviewed_items r
   where r.publish_id = p_publish
     and ((r.kind, r.key) in (select x->>0, x->>1 from jsonb_array_elements(p_items) x)) is true;
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
reset role;
