-- The wrong-customer guard: what a document's text says, against whose it is said to be.
set local role counterfoil_owner;
--> statement-breakpoint
-- A company's name without its legal form, as words. Called by staff.guard.
create function staff.name_core(p_words text)
returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(nullif(regexp_replace(p_words,
    '( (GMBH|MBH|CO|KG|KGAA|AG|EK|OHG|UG|SP Z O O|SPOLKA Z O O|SPZOO|SPOLKA AKCYJNA|SPOLKA|SP J|SP K|S C|S A|SA|SAU|S A U|S L|SL|SLU|S L U|SLL|LTD|LIMITED|LLC|L L C|LLP|LP|INC|INCORPORATED|CORP|CORPORATION|COMPANY|PLC|PTY|BV|B V|NV|N V|AS|A S|ASA|APS|OY|OYJ|AB|HB|SRL|S R L|SPA|S P A|SARL|S A R L|SAS|S A S|EURL|LDA|KFT|SRO|S R O|DOO|D O O))+$',
    ''), ''), p_words);
$$;
--> statement-breakpoint
-- How a number may stand in a text of words: a break only where it has one itself, or between a
-- letter and a digit. So `INV-2024/001` is found as `INV 2024 001`, and `INV-100 15` is not
-- `INV-10015`. Called by staff.guard.
create function staff.number_pattern(p_words text)
returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select '(^| )' || replace(
           regexp_replace(regexp_replace(p_words, '([^0-9 ])([0-9])', '\1 \2', 'g'), '([0-9])([^0-9 ])', '\1 \2', 'g'),
           ' ', ' ?') || '( |$)';
$$;
--> statement-breakpoint
-- What the text of each matched file says of its row: problems as jsonb, for the documents that have
-- any. One array for each column, since the caller is the one that knows whose each document is.
--
-- Another's name or number blocks. A number counts when it cannot be chance: letters and digits, six
-- or more. What could be chance (a number of digits alone, a name of one common word) counts only
-- when the text says neither the document's number nor its customer. A name inside the customer's own
-- name, or inside the supplier's, says nothing. Runs as its caller. Called by staff.review.
create function staff.guard(p_org uuid, p_publish uuid, p_keys text[], p_customers text[], p_orders text[], p_files text[])
returns table (key text, problems jsonb)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  with docs as materialized (
    select d.key, d.customer_key, d.order_key, f.words, f.terms, replace(f.words, ' ', '') as letters,
           split_part(d.key, ':', 1) as kind, substr(d.key, strpos(d.key, ':') + 1) as number_key,
           staff.term_of('document', d.key) as term
      from unnest(p_keys, p_customers, p_orders, p_files) d(key, customer_key, order_key, sha256)
      join staff.files f on f.org_id = p_org and f.sha256 = d.sha256
     where f.words <> ''
  ), told as materialized (
    select r.customer_key, r.fields->>'customer_name' as name, r.fields->>'customer_tax_id' as tax_id, r.term as code
      from staff.records r where r.org_id = p_org and r.kind = 'customer'
    union
    select i.customer_key, i.fields->>'customer_name', i.fields->>'customer_tax_id', i.term
      from staff.publish_items i where i.publish_id = p_publish and i.kind = 'customer'
  ), parties as materialized (
    select p.*, replace(p.core, ' ', '') as core_letters, replace(p.words, ' ', '') as letters,
           replace(staff.fold_words(p.tax_id), ' ', '') as tax,
           -- What a text must say to name them: the core where it is two words, else all of the name.
           case when p.core like '% %' then p.core else p.words end as said
      from (select t.*, w.words, staff.name_core(w.words) as core
              from told t cross join lateral (select staff.fold_words(t.name) as words) w) p
  ), own as materialized (
    select d.key,
           coalesce(bool_or(d.term = any (d.terms) or length(d.term) >= 5 and strpos(d.letters, d.term) > 0), false) as has_number,
           coalesce(bool_or(p.code = any (d.terms) and length(p.code) >= 3
                            or length(p.tax) >= 6 and p.tax = any (d.terms)
                            or length(p.core_letters) >= 3 and strpos(d.letters, p.core_letters) > 0), false) as has_customer,
           array_agg(p.letters) filter (where p.letters is not null) as names
      from docs d left join parties p on p.customer_key = d.customer_key
     group by d.key
  ), supplier as (
    select replace(staff.fold_words(o.name), ' ', '') as letters from portal.orgs o where o.id = p_org
  ), names_said as (
    select distinct d.key, p.name as shown,
           p.said like '% %' and length(p.core_letters) >= 5 as is_sure
      from docs d
      join own o on o.key = d.key
     cross join lateral unnest(d.terms) t(term)
      join (select q.*, w.word from parties q cross join lateral regexp_split_to_table(q.said, ' ') w(word)
             where length(w.word) >= 3) p on p.word = t.term and p.customer_key <> d.customer_key
     cross join supplier s
     where (case when length(replace(p.said, ' ', '')) >= 8 then strpos(d.letters, replace(p.said, ' ', '')) > 0
                 else strpos(' ' || d.words || ' ', ' ' || p.said || ' ') > 0 end)
       and strpos(s.letters, p.core_letters) = 0
       and not exists (select 1 from unnest(o.names) n(letters) where strpos(n.letters, p.core_letters) > 0)
  ), mentioned as materialized (
    select distinct m.* from (
      select d.key, r.customer_key, r.term, r.key as thing, r.kind as thing_kind
        from docs d cross join lateral unnest(d.terms) t(term)
        join staff.records r on r.org_id = p_org and r.term = t.term
      union all
      select d.key, coalesce(nullif(i.customer_key, ''), o.customer_key, l.customer_key, ''), i.term, i.key, i.kind
        from docs d cross join lateral unnest(d.terms) t(term)
        join staff.publish_items i on i.publish_id = p_publish and i.term = t.term
        left join staff.publish_items o
          on i.order_key is not null and o.publish_id = p_publish and o.kind = 'order' and o.key = i.order_key
        left join staff.records l on i.order_key is not null and l.org_id = p_org and l.kind = 'order' and l.key = i.order_key
    ) m
  ), numbers_said as (
    select distinct d.key, m.shown,
           m.term ~ '[^0-9]' and length(m.term) >= 6 and length(regexp_replace(m.term, '[^0-9]', '', 'g')) >= 3 as is_sure
      from docs d
      join (select x.*, case when x.thing_kind = 'document' then substr(x.thing, strpos(x.thing, ':') + 1) else x.thing end as shown
              from mentioned x) m on m.key = d.key
     where m.customer_key not in ('', d.customer_key) and length(m.term) >= 4
       and strpos(d.term, m.term) = 0
       and not exists (select 1 from mentioned s
                        where s.key = d.key and s.customer_key = d.customer_key and strpos(s.term, m.term) > 0)
       and d.words ~ staff.number_pattern(staff.fold_words(m.shown))
    union all
    select d.key, p.tax_id, length(p.tax) >= 8
      from docs d cross join lateral unnest(d.terms) t(term)
      join parties p on p.tax = t.term and p.customer_key <> d.customer_key and length(p.tax) >= 6
     where not exists (select 1 from parties q where q.customer_key = d.customer_key and q.tax = p.tax)
  ), others as (
    select x.key, left(string_agg(distinct x.shown, ', '), 200) as value
      from (select * from names_said union all select * from numbers_said) x
      join own o on o.key = x.key
     where x.is_sure or not (o.has_number or o.has_customer)
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
-- Problems that an approver may answer for. Mirrors OVERRIDABLE_PROBLEMS of worker/vocabulary.ts, and
-- a test holds the two together.
create function staff.is_overridable(p_code text)
returns boolean
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select p_code in ('pdf_active_content', 'pdf_embedded_files', 'pdf_trailing_bytes', 'of_other_customer', 'file_live_elsewhere');
$$;
--> statement-breakpoint
-- A problem as somebody answered for it: for these words, this file and this customer. Whichever of
-- them changes, the answer no longer holds. Called by staff.review and staff.override_item.
create function staff.answer(p_problem jsonb, p_customer text, p_file text)
returns jsonb
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object('code', p_problem->'code', 'value', p_problem->'value', 'customer', p_customer, 'file', p_file);
$$;
--> statement-breakpoint
-- A row that is staged anew is nobody's answer any more. An approval's own change is not staging.
create function staff.lapse_override()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  new.overridden := '[]';
  new.override_reason := null;
  new.overridden_by := null;
  return new;
end
$$;
--> statement-breakpoint
create trigger publish_items_override_lapses before update of fields on staff.publish_items
  for each row when (old.overridden <> '[]')
  execute function staff.lapse_override();
--> statement-breakpoint
-- An approver answers, with a reason, for the overridable problems that an item has now; a null reason
-- takes the answer back. Called by PUT and DELETE publishes/{id}/overrides.
create function staff.override_item(p_publish uuid, p_kind text, p_key text, p_reason text)
returns table (status text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
  v_status text;
  v_answers jsonb;
  v_problems jsonb;
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
  if p_reason is null then
    update staff.publish_items i set overridden = '[]', override_reason = null, overridden_by = null
     where i.publish_id = p_publish and i.kind = p_kind and i.key = p_key;
    perform staff.audit('item.overridden', 'publish', p_publish::text,
                        jsonb_build_object('kind', p_kind, 'key', p_key, 'takenBack', true));
    return query select 'ok';
    return;
  end if;
  select jsonb_agg(staff.answer(x, r.customer_key, r.file_sha256)), jsonb_agg(jsonb_build_object('code', x->'code', 'value', x->'value'))
    into v_answers, v_problems
    from staff.review(p_publish) r cross join lateral jsonb_array_elements(r.problems) x
   where r.kind = p_kind and r.key = p_key and (x->>'overridable')::boolean;
  if v_answers is null then
    return query select 'nothing_to_override';
    return;
  end if;
  update staff.publish_items i set overridden = v_answers, override_reason = p_reason, overridden_by = me.member_id
   where i.publish_id = p_publish and i.kind = p_kind and i.key = p_key;
  perform staff.audit('item.overridden', 'publish', p_publish::text,
                      jsonb_build_object('kind', p_kind, 'key', p_key, 'reason', p_reason, 'problems', v_problems));
  return query select 'ok';
end
$$;
--> statement-breakpoint
reset role;
