-- What is taken back is gone, though later files listed it again: whoever withdraws a document does not mean the
-- night's export that repeated it. What a later publish said of its own stays, and is named.
set local role counterfoil_owner;
--> statement-breakpoint
ALTER TABLE "staff"."publish_items" ADD COLUMN "taken_back_at" timestamp with time zone;
--> statement-breakpoint
-- Whose items of a withdrawal say what, part by part of the publishes that are approved: `part` is what is taken back
-- itself; `repeat` a later item that told only what was known when it came, and of that something which nothing
-- but the part and its repeats had told: it goes too; `source` one that told something of its own, earlier or later,
-- and stays; `echo` one that stays, and shows nothing that a source does not: also what hangs on an order that goes.
-- A document is told by its file: the same file again is a repeat, whatever else its row says. A person stands with
-- a later publish that named them beside news for their customer, while any of it is left. What hangs on a paper, an
-- order or a payment that a later publish said anew stays with it. Of an order or a customer that is only named nothing is seen;
-- the number stays taken.
-- Runs as its caller, and for the caller's org only. Called by the route of a withdrawal, and by withdraw.
create function staff.taken_back(p_publish uuid, p_customer text, p_document text)
returns table (publish_id uuid, kind text, key text, customer_key text, fate text)
language sql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set work_mem = '32MB'
as $$
  with part as materialized (
    select i.org_id, i.kind, i.key
      from staff.publishes p
      join staff.publish_items i on i.publish_id = p.id and i.included and not i.withdrawn
     where p.id = p_publish and p.status = 'approved' and (p_customer is null or i.customer_key = p_customer)
       and (p_document is null
            or i.key in (p_document, substr(p_document, strpos(p_document, ':') + 1))
               and staff.covers(jsonb_strip_nulls(jsonb_build_object('customer', p_customer, 'document', p_document)),
                                i.kind, i.key, i.customer_key))
  ), keys as (
    select k.org_id, k.kind, k.key from part k
    union
    -- The amounts of an invoice that came without them.
    select k.org_id, 'invoice', substr(k.key, strpos(k.key, ':') + 1)
      from part k where k.kind = 'document' and k.key = p_document and split_part(k.key, ':', 1) in ('invoice', 'credit_note')
  ), told as materialized (
    select i.publish_id, i.kind, i.key, i.customer_key, q.decided_at, i.publish_id = p_publish as is_part,
           case when i.kind = 'document' and i.file_sha256 is not null then jsonb_build_object('#file', i.file_sha256)
                else i.fields - 'file_name'
                     || jsonb_strip_nulls(jsonb_build_object('#customer', i.customer_key, '#order', i.order_key)) end as said
      from keys k
     cross join lateral (
        select x.* from staff.publish_items x
         where x.org_id = k.org_id and x.kind = k.kind and x.key = k.key and x.included and not x.withdrawn offset 0) i
     cross join lateral (
        select x.decided_at from staff.publishes x where x.id = i.publish_id and x.status = 'approved' offset 0) q
  ), judged as (
    select t.*, staff.merge_fields(t.said) over before @> t.said as is_repeat
      from told t
    window before as (partition by t.kind, t.key order by t.decided_at, t.publish_id
                      rows between unbounded preceding and 1 preceding)
  ), weighed as (
    select j.*, coalesce(bool_or(j.is_part) over before, false) as is_later,
           staff.merge_fields(j.said) filter (where not j.is_part and not j.is_repeat) over before @> j.said as is_told_otherwise
      from judged j
    window before as (partition by j.kind, j.key order by j.decided_at, j.publish_id
                      rows between unbounded preceding and 1 preceding)
  ), alive as materialized (
    -- Of whom something is left in the later publishes that name people.
    select distinct x.publish_id, x.customer_key
      from (select distinct w.publish_id from weighed w where w.kind = 'contact' and w.is_later) q
     cross join lateral (
        select y.publish_id, y.customer_key from staff.publish_items y
         where y.publish_id = q.publish_id and y.kind not in ('customer', 'contact') and y.included and not y.withdrawn offset 0) x
  ), fated as materialized (
    select w.publish_id, w.kind, w.key, w.customer_key, w.said, w.is_later,
           case when w.kind = 'order' then w.key else w.said->>'#order' end as order_key,
           case when w.is_part then 'part'
                when w.kind in ('customer', 'order')
                 and w.said - '{#customer,#order,customer_code,order_number}'::text[] = '{}' then 'echo'
                when not w.is_repeat then 'source'
                when not w.is_later or w.is_told_otherwise then 'echo'
                when w.kind = 'contact' and exists (
                  select 1 from staff.reviewed_customers c
                   where c.publish_id = w.publish_id and c.customer_key = w.customer_key and c.counts->>'goes' <> '0')
                 and (w.publish_id, w.customer_key) in (select a.publish_id, a.customer_key from alive a) then 'echo'
                else 'repeat' end as fate
      from weighed w
  ), standing as materialized (
    select f.kind, f.key, f.said from fated f where f.is_later and f.fate in ('source', 'echo')
  )
  select f.publish_id, f.kind, f.key, f.customer_key,
         case when f.fate = 'source' and f.kind in ('order', 'order_line', 'shipment', 'tracking_event')
                and f.order_key in (select o.key from fated o where o.kind = 'order')
                and f.order_key not in (
                  select o.key from fated o
                   where o.kind = 'order' and o.fate in ('source', 'echo') and o.said ? 'order_date') then 'echo'
              when f.fate = 'repeat' and case
                when f.kind = 'invoice' then f.key in (
                  select substr(o.key, strpos(o.key, ':') + 1) from standing o
                   where o.kind = 'document' and split_part(o.key, ':', 1) in ('invoice', 'credit_note'))
                when f.kind in ('order_line', 'shipment', 'tracking_event') then f.order_key in (
                  select o.key from standing o where o.kind = 'order' and o.said ? 'order_date')
                when f.kind = 'payment_allocation' then split_part(f.key, ' / ', 1) in (
                  select o.key from standing o where o.kind = 'payment')
                else false end then 'echo'
              else f.fate end
    from fated f;
$$;
--> statement-breakpoint
-- Some publishes by name, the latest approval first: `{count, publishes: [{id, name}]}`. Runs as its caller.
create function staff.named_publishes(p_publishes uuid[])
returns jsonb
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object('count', count(*), 'publishes', coalesce(
           jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) order by p.decided_at desc, p.id desc)
             filter (where p.place <= 20), '[]'))
    from (select x.id, x.name, x.decided_at, row_number() over (order by x.decided_at desc, x.id desc) as place
            from staff.publishes x where x.id = any (p_publishes)) p;
$$;
--> statement-breakpoint
-- Also the moment may be said, with the mark. As in 0018 otherwise.
create or replace function staff.refuse_change_of_withdrawn()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  -- `term` is made of the key, and not before this trigger.
  if old.withdrawn or not old.included
     or to_jsonb(old) - '{withdrawn, taken_back_at, term}'::text[] <> to_jsonb(new) - '{withdrawn, taken_back_at, term}'::text[] then
    raise exception 'publish_not_staged' using errcode = 'CF001';
  end if;
  return new;
end
$$;
--> statement-breakpoint
-- As in 0018; an item knows by itself when it was taken back, since it may have gone with another publish's.
create or replace function staff.withdrawn_before(p_org uuid, p_keys text[])
returns table (key text, at timestamptz)
language sql stable
set search_path = pg_catalog, pg_temp
set enable_nestloop = on
as $$
  select n.key, n.at
    from (select distinct on (i.key) i.key, i.withdrawn or p.status = 'withdrawn' as is_withdrawn,
                 case when i.withdrawn then coalesce(i.taken_back_at, staff.withdrawn_at(p.summary, i.kind, i.key, i.customer_key))
                      else p.withdrawn_at end as at
            from unnest(p_keys) k(key)
            join staff.publish_items i on i.org_id = p_org and i.kind = 'document' and i.key = k.key and i.included
            join staff.publishes p on p.id = i.publish_id and p.status in ('approved', 'withdrawn')
           order by i.key, p.decided_at desc, p.id desc) n
   where n.is_withdrawn;
$$;
--> statement-breakpoint
drop function staff.losing_access(uuid, text);
--> statement-breakpoint
-- Which of some recipients of a publish (keys of its items) still have access, and no member has decided about it
-- since the approval. Runs as its caller, and for the caller's org only. Called by the route of a withdrawal, and the
-- trigger below, with those whom nothing else that is approved names.
create function staff.losing_access(p_publish uuid, p_contacts text[])
returns table (contact_id uuid, customer_id uuid)
language sql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
  select c.id, c.customer_id
    from staff.publishes p
   cross join (select distinct k.key from unnest(p_contacts) k(key)) k
    join staff.publish_items i on i.publish_id = p.id and i.kind = 'contact' and i.key = k.key and i.included
    join portal.customers b on b.org_id = i.org_id and b.code_key = i.customer_key
    join portal.contacts c on c.org_id = b.org_id and c.customer_id = b.id and c.email = i.fields->>'contact_email'
   where p.id = p_publish and c.access = 'allowed'
     and not exists (
       select 1 from audit.events e
        where e.org_id = c.org_id and e.subject_id = c.id::text and e.action = 'contact.access_changed'
          and e.at > p.decided_at and not e.detail ? 'because' offset 0);
$$;
--> statement-breakpoint
-- As in 0034; but who is still named is asked once, of what is marked by now. What went with another publish's
-- withdrawal is that one's: its recipients are asked about there.
create or replace function staff.take_back_access()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
  v_part jsonb := new.summary->'withdrawals'->-1;
  v_event text := 'publish.approved/' || new.id || '/';
  v_contacts text[];
  v_told bigint;
begin
  if not v_part ? 'document' and not v_part ? 'with' then
    select array_agg(i.key) into v_contacts
      from staff.publish_items i
     where i.publish_id = new.id and i.kind = 'contact' and i.included
       and staff.covers(v_part, i.kind, i.key, i.customer_key)
       and not exists (
         select 1 from staff.publish_items o join staff.publishes q on q.id = o.publish_id
          where o.org_id = i.org_id and o.kind = 'contact' and o.key = i.key and o.included and not o.withdrawn
            and q.status = 'approved' offset 0);

    with paused as (
      update portal.contacts c set access = 'paused'
        from staff.losing_access(new.id, v_contacts) l
       where c.id = l.contact_id
      returning c.id, c.customer_id
    )
    select count(staff.audit('contact.access_changed', 'contact', x.id::text,
                             jsonb_build_object('access', 'paused', 'because', 'publish_withdrawn', 'publish', new.id),
                             x.customer_id)::text)
      into v_told from paused x;

    delete from staff.records r
     using (select k.key from unnest(v_contacts) k(key) offset 0) k
     where r.org_id = new.org_id and r.kind = 'contact' and r.key = k.key;
  end if;

  -- One that is on its way to the provider this very moment may still arrive.
  with died as (
    update staff.outbox o
       set state = 'dead', last_error = 'withdrawn', sealed_body = null, leased_until = null
     where o.id in (
       select x.id from staff.outbox x
        where x.org_id = new.org_id and x.state = 'queued' and starts_with(x.event, v_event)
          and (new.status = 'withdrawn' or not exists (
                 select 1 from staff.publish_items i
                  where i.publish_id = new.id and i.kind in ('order', 'document') and i.included and not i.withdrawn
                    and i.customer_key = substr(x.event, length(v_event) + 1)))
        order by x.id for update)
    returning o.id, o.contact_id, o.template, o.last_error
  )
  select count(staff.audit('mail.died', 'mail', d.id::text,
                           jsonb_build_object('template', d.template, 'reason', d.last_error), c.customer_id)::text)
    into v_told
    from died d left join portal.contacts c on c.id = d.contact_id;
  return null;
end
$$;
--> statement-breakpoint
drop function staff.withdraw(uuid, text, text, text);
--> statement-breakpoint
-- Takes an approved publish back, or a customer's part of it, or one document (an invoice with its
-- amounts), and what later publishes only repeated of it: the next request sees what earlier publishes say, or what
-- a later one said of its own, or nothing. A publish of which nothing is left is withdrawn. Its withdrawals are kept
-- beside the counts of its summary, with their reasons; `with` is the publish that others' repeats went with. What
-- was taken back already is, and says nothing anew. `told`: `{repeats, sources}`, each as staff.named_publishes gives
-- them, of what customers see. Called by POST publishes/{id}/withdrawal.
create function staff.withdraw(p_publish uuid, p_customer text, p_document text, p_reason text)
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
  perform staff.audit(case v_part when '{}' then 'publish.withdrawn' else 'publish.part_withdrawn' end, 'publish', p_publish::text,
                      v_part || jsonb_build_object('reason', p_reason, 'items', cardinality(v_kinds))
                        || case when v_repeats is null then '{}' else jsonb_build_object('repeats', to_jsonb(v_repeats)) end,
                      v_customer);
  return query select 'ok', v_told;
end
$$;
--> statement-breakpoint
revoke all on function
  staff.taken_back(uuid, text, text), staff.named_publishes(uuid[]), staff.losing_access(uuid, text[]),
  staff.withdraw(uuid, text, text, text)
  from public;
--> statement-breakpoint
grant execute on function
  staff.merge_fields(jsonb), staff.taken_back(uuid, text, text), staff.named_publishes(uuid[]), staff.losing_access(uuid, text[]),
  staff.withdraw(uuid, text, text, text)
  to counterfoil_staff;
--> statement-breakpoint
-- As in 0019; but a machine stages, and no more: who sends the row does not say for whom it was looked at.
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
-- As in 0019; but not for a machine either.
create or replace function staff.exclude(p_publish uuid, p_items jsonb, p_customers text[], p_excluded boolean)
returns table (changed int)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
  v_customers text[];
  v_items jsonb;
  v_left_out text[];
begin
  if coalesce((select s.is_service from staff.context() s), true) or staff.hold_publish(p_publish) is null then
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
-- Who said how an import is read, where that is another than who sent it: both have imported it.
ALTER TABLE "staff"."imports" ADD COLUMN "staged_by" uuid;
--> statement-breakpoint
create function staff.keep_stager()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  new.staged_by := (select s.member_id from staff.context() s);
  return new;
end
$$;
--> statement-breakpoint
create trigger imports_staged_by before update of reading on staff.imports
  for each row when (new.reading is distinct from old.reading) execute function staff.keep_stager();
--> statement-breakpoint
create or replace function staff.is_own_import(p_publish uuid, p_member uuid)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select exists (select 1 from staff.publishes p where p.id = p_publish and p.created_by = p_member)
      or exists (select 1 from staff.imports i
                  where i.publish_id = p_publish and p_member in (i.imported_by, i.staged_by) and i.state <> 'uploaded')
      or exists (select 1 from staff.staged_files f where f.publish_id = p_publish and f.uploaded_by = p_member);
$$;
--> statement-breakpoint
-- Stages some items of an import, once, and makes its publish when it has none. p_from says how many were
-- staged before these: a file that is read again from its beginning, or twice at once, adds only what is
-- not there yet. p_rows: rows of the file so far. p_items holds arrays: kind, key, customer, order, line,
-- position, fields, problems, rows.
--
-- Of rows of the same file the first one's value stays, and a differing one is a problem. What an earlier
-- import of the publish brought takes the new values over the old and loses its tick; one that was another
-- customer's keeps nothing of theirs, their order neither. (Of an item that two parts of the file name, a cell that an earlier
-- import gave counts as the file's own from the second part on: what differs is a problem, not an override.)
-- Definer, since the counts that it keeps are what a report stands on. Called by POST imports/{id}/staging.
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
           when old.customer_key in ('', excluded.customer_key) or excluded.customer_key = ''
           then coalesce(excluded.order_key, old.order_key) else excluded.order_key end,
         line = case when old.import_id = p_import then old.line else excluded.line end,
         position = case when old.import_id = p_import then old.position else excluded.position end,
         fields = case
           when old.import_id = p_import then excluded.fields || old.fields
           when old.customer_key in ('', excluded.customer_key) or excluded.customer_key = '' then old.fields || excluded.fields
           else excluded.fields end,
         problems = case
           when old.import_id = p_import then staff.joined_problems(
             staff.lasting_problems(old.problems, null, true, excluded.problems, old.kind, excluded.fields,
                                    excluded.customer_key, excluded.order_key),
             excluded.problems || staff.contradictions(
             old.fields || jsonb_build_object('customer_code', old.customer_key, 'order_number', coalesce(old.order_key, '')),
             excluded.fields || jsonb_build_object('customer_code', excluded.customer_key, 'order_number', coalesce(excluded.order_key, '')),
             excluded.line, old.line, p_identifiers))
           when old.customer_key in ('', excluded.customer_key) or excluded.customer_key = '' then
             excluded.problems || staff.lasting_problems(old.problems, old.import_id, false, excluded.problems, old.kind,
                                                         excluded.fields, excluded.customer_key, excluded.order_key)
           else excluded.problems end,
         rows = old.rows + excluded.rows,
         import_id = p_import,
         ticked = false;
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
revoke all on function staff.keep_stager() from public;
--> statement-breakpoint
reset role;
