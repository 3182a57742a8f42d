-- What became of mail: what the provider says of it, addresses that are written to no more, alerts that staff
-- cannot miss, letters that are queued again; how services fare; and events of a parcel that staff tell.
set local role counterfoil_owner;
--> statement-breakpoint
-- Tells staff that mail to somebody does not arrive, unless that is already being told. Called by the two
-- functions below, with the org open.
create function staff.raise_mail_alert(p_org uuid, p_kind text, p_letter uuid, p_fate text, p_reason text)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
  with raised as (
    insert into staff.alerts (org_id, kind, subject, params)
    select p_org, p_kind, p_kind || ' ' || coalesce(o.contact_id::text, o.recipient),
           jsonb_strip_nulls(jsonb_build_object(
             'letter', o.id, 'template', o.template, 'recipient', o.recipient, 'customer', b.id, 'customerName', b.name,
             'fate', p_fate, 'reason', p_reason))
      from staff.outbox o
      left join portal.contacts c on c.org_id = o.org_id and c.id = o.contact_id
      left join portal.customers b on b.org_id = c.org_id and b.id = c.customer_id
     where o.org_id = p_org and o.id = p_letter
    on conflict do nothing
    returning kind, params->>'letter' as letter
  )
  select audit.append(p_org, 'system', null, null, null, 'alert.raised', 'mail', r.letter, jsonb_build_object('kind', r.kind))
    from raised r;
$$;
--> statement-breakpoint
-- What the mail provider tells of a letter that it took, once for each of its own ids. Events come in any
-- order: the latest counts, but what failed is not undone by an older or a later word that it arrived. With
-- p_suppresses nothing more is written to the address until staff lift that; a word from before it was last
-- lifted suppresses nothing. What came back did not arrive, for good or not, and staff are told. p_is_before:
-- it is about the mail before the one that the letter was queued again for, and says nothing of that one. False for
-- what was told before. Called by POST /hooks/resend.
create function staff.hear_of_mail(
  p_org uuid, p_letter uuid, p_svix text, p_fate text, p_at timestamptz, p_detail text, p_suppresses boolean,
  p_is_before boolean
)
returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  c_failed constant text[] := array['bounced', 'complained', 'failed', 'suppressed'];
  v_at timestamptz := least(p_at, now());
  v record;
begin
  perform set_config('counterfoil.org', p_org::text, true);
  select o.id, lower(o.recipient) as email, o.template, o.contact_id, o.fate, o.fate_at, c.customer_id into v
    from staff.outbox o left join portal.contacts c on c.org_id = o.org_id and c.id = o.contact_id
   where o.org_id = p_org and o.id = p_letter
     for no key update of o;
  insert into staff.webhook_events (svix_id, org_id, letter_id, fate, occurred_at, detail)
  select p_svix, p_org, v.id, p_fate, v_at, p_detail where v.id is not null
  on conflict do nothing;
  if not found then
    return false;
  end if;

  update staff.outbox o set fate = p_fate, fate_at = v_at, fate_detail = p_detail
   where o.id = v.id and not p_is_before
     and (o.fate is null
          or p_fate = any (c_failed) and (o.fate <> all (c_failed) or v_at >= o.fate_at)
          or p_fate <> all (c_failed) and o.fate <> all (c_failed) and v_at >= o.fate_at);

  -- In no words of the provider's: they may hold the address, and the trail keeps what it has.
  if p_fate in ('bounced', 'complained') then
    perform audit.append(p_org, 'system', null, v.customer_id, v.contact_id, 'mail.' || p_fate, 'mail', v.id::text,
                         jsonb_build_object('template', v.template, 'suppressed', p_suppresses));
  end if;
  if p_fate in ('failed', 'bounced') and not p_is_before then
    perform staff.raise_mail_alert(
      p_org, case p_fate when 'failed' then 'mail_died' else 'mail_bounced' end, v.id, p_fate, p_detail);
  end if;
  if p_suppresses then
    -- Two of its letters may come back at once.
    perform pg_advisory_xact_lock(hashtextextended(p_org::text || ' ' || v.email, 0));
    insert into staff.suppressions (org_id, email, reason, letter_id)
    select p_org, v.email, p_fate, v.id
     where not exists (
       select 1 from staff.suppressions s
        where s.org_id = p_org and s.email = v.email and (s.lifted_at is null or s.lifted_at >= v_at));
    if found then
      perform staff.raise_mail_alert(
        p_org, case p_fate when 'complained' then 'mail_complained' else 'mail_bounced' end, v.id, p_fate, p_detail);
    end if;
  end if;
  return true;
end
$$;
--> statement-breakpoint
-- Nothing is queued to an address that is written to no more, whatever would queue it.
create function staff.heed_suppression()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select 1 from staff.suppressions s
              where s.org_id = new.org_id and s.email = lower(new.recipient) and s.lifted_at is null) then
    return null;
  end if;
  return new;
end
$$;
--> statement-breakpoint
create trigger outbox_heeds_suppression before insert on staff.outbox
  for each row execute function staff.heed_suppression();
--> statement-breakpoint
-- A letter that died is told to staff, unless it was kept back on purpose: the reason is then one word of
-- ours, such as `mail_muted`, and else a sentence.
create function staff.tell_dead_letter()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_open text := current_setting('counterfoil.org', true);
begin
  perform set_config('counterfoil.org', new.org_id::text, true);
  perform staff.raise_mail_alert(new.org_id, 'mail_died', new.id, null, new.last_error);
  perform set_config('counterfoil.org', coalesce(v_open, ''), true);
  return null;
end
$$;
--> statement-breakpoint
create trigger outbox_tells_of_death after update of state on staff.outbox
  for each row when (new.state = 'dead' and old.state <> 'dead' and coalesce(new.last_error, 'Unknown.') !~ '^[a-z_]+$')
  execute function staff.tell_dead_letter();
--> statement-breakpoint
-- Staff want an address written to again. Whoever lifted it before has lifted it. Called by PUT
-- suppressions/{id}.
create function staff.lift_suppression(p_suppression uuid)
returns table (email text)
language plpgsql security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
  v staff.suppressions;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service then
    return;
  end if;
  select * into v from staff.suppressions s where s.id = p_suppression and s.org_id = me.org_id for no key update;
  if v.id is null then
    return;
  end if;
  if v.lifted_at is null then
    update staff.suppressions s set lifted_at = now(), lifted_by = me.member_id where s.id = v.id;
    perform staff.audit('suppression.lifted', 'suppression', v.id::text,
                        jsonb_strip_nulls(jsonb_build_object('reason', v.reason, 'letter', v.letter_id)),
                        (select c.customer_id from staff.outbox o join portal.contacts c on c.id = o.contact_id
                          where o.id = v.letter_id));
  end if;
  return query select v.email;
end
$$;
--> statement-breakpoint
-- What the link of a letter opens, if it is written now: what staff last gave the person, or what they said for this
-- letter; but no more than what they gave since. Null for one that carries none. Runs as its caller. Called when
-- a letter is frozen, and where staff look at one.
create function staff.letter_scope(p_letter uuid)
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select case
      when o.contact_id is null then null
      when o.params->>'scope' is null then coalesce(l.scope, 'all')
      when o.params->>'scope' = 'all' and l.created_at > o.created_at then l.scope
      else o.params->>'scope' end
    from staff.outbox o
    left join lateral (
      select x.scope, x.created_at from staff.access_links x
       where x.contact_id = o.contact_id and x.purpose <> 'preview'
       order by x.created_at desc, x.id desc limit 1) l on true
   where o.id = p_letter;
$$;
--> statement-breakpoint
-- Whether what a letter of the caller's org tells of is still there. Called by requeue_letter, and where staff
-- look at a letter.
create function staff.letter_stands(p_letter uuid)
returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select case
      when o.template = 'documents-ready' then exists (
        select from staff.publishes p
          join staff.publish_items i on i.publish_id = p.id
         where p.org_id = o.org_id and p.status = 'approved'
           and i.kind in ('order', 'document') and i.included and not i.withdrawn
           and o.event = 'publish.approved/' || p.id || '/' || i.customer_key)
      when o.template in ('news', 'statement-ready') then exists (select from staff.news_of(o.org_id, o.id))
      else true end
    from staff.outbox o, staff.context() s
   where o.id = p_letter and o.org_id = s.org_id;
$$;
--> statement-breakpoint
-- Queues a letter again that died, or that the provider took and could not deliver: it is written anew, with a
-- link of its own, which opens what staff gave since. One that was kept back because nothing is left to tell, or
-- because its reader wants none, stays dead, one whose news was withdrawn since goes nowhere, and one that arrived
-- is not sent twice (`conflict`). Called by POST outbox/{id}/retry.
create function staff.requeue_letter(p_letter uuid)
returns table (status text)
language plpgsql security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
  v record;
begin
  select * into me from staff.context();
  select o.id, o.last_error, o.template, o.contact_id, c.customer_id, c.access,
         coalesce(o.state = 'dead' or o.state = 'sent' and o.fate in ('bounced', 'failed', 'suppressed'), false) as is_lost,
         exists (select 1 from staff.suppressions s
                  where s.org_id = o.org_id and s.email = lower(o.recipient) and s.lifted_at is null) as is_suppressed
    into v
    from staff.outbox o left join portal.contacts c on c.org_id = o.org_id and c.id = o.contact_id
   where o.id = p_letter and o.org_id = me.org_id and not me.is_service
     for no key update of o;
  if v.id is null then
    return query select 'not_found';
  elsif not v.is_lost
     or v.last_error ~ '^[a-z_]+$' and v.last_error not in ('address_suppressed', 'contact_not_allowed') then
    return query select 'conflict';
  elsif v.is_suppressed then
    return query select 'address_suppressed';
  elsif v.access <> 'allowed' then
    return query select 'contact_not_allowed';
  elsif not staff.letter_stands(v.id) then
    return query select 'conflict';
  else
    update staff.outbox o
       set state = 'queued', due_at = now(), attempts = 0, first_tried_at = null, sealed_body = null, leased_until = null,
           -- What the provider still says of the mail before, it says under its id.
           last_error = null, fate = null, fate_at = null, fate_detail = null,
           params = case when exists (
               select from staff.access_links l
                where l.contact_id = o.contact_id and l.purpose <> 'preview' and l.created_at > o.created_at
                  and l.id is distinct from o.link_id)
             then o.params - 'scope' else o.params end
     where o.id = v.id;
    perform staff.audit('mail.requeued', 'mail', v.id::text, jsonb_build_object('template', v.template), v.customer_id);
    return query select 'ok';
  end if;
end
$$;
--> statement-breakpoint
-- As in 0026, for alerts about mail and carriers too.
create or replace function staff.resolve_alert(p_alert uuid)
returns table (id uuid)
language sql security definer
set search_path = pg_catalog, pg_temp
as $$
  with settled as (
    update staff.alerts a set resolved_at = now(), resolved_by = s.member_id
      from staff.context() s
     where a.id = p_alert and a.org_id = s.org_id and not s.is_service and a.resolved_at is null
    returning a.id, a.kind, a.subject, a.params
  )
  select x.id from (
    select d.id, case
      when d.kind = 'audit_broken'
        then staff.audit('alert.resolved', 'seal', d.params->>'seal', jsonb_build_object('kind', d.kind))
      when d.kind in ('mail_died', 'mail_bounced', 'mail_complained')
        then staff.audit('alert.resolved', 'mail', d.params->>'letter', jsonb_build_object('kind', d.kind))
      when d.kind = 'carrier_down'
        then staff.audit('alert.resolved', 'carrier', d.subject, jsonb_build_object('kind', d.kind))
      else staff.audit('alert.resolved', 'document', d.subject, jsonb_build_object('kind', d.kind)) end
      from settled d) x;
$$;
--> statement-breakpoint
-- How each carrier's service fares: a deployment has one account with it, so this is no org's, and says
-- nothing of anybody's shipments. Called by GET integrations.
create function staff.carriers_state()
returns table (
  carrier text, hour_calls int, failures int, open_until timestamptz, last_success_at timestamptz,
  last_error text, last_error_at timestamptz
)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select s.carrier,
         -- As far back as the hour's budget counts them.
         (select coalesce(sum(r.value::int), 0)::int from jsonb_each(s.recent_calls) r
           where r.key::bigint > floor(extract(epoch from now()) / 60) - 63),
         s.failures, case when s.open_until > now() then s.open_until end, s.last_success_at, s.last_error, s.last_error_at
    from staff.carrier_state s, staff.context() m
   where not m.is_service;
$$;
--> statement-breakpoint
-- What happened between us and services, newest first: what is this org's, and what is everybody's, of which
-- the number is nobody's. Called by GET integrations and GET integrations/log.
create function staff.integration_entries(
  p_integration text, p_outcome text, p_before timestamptz, p_before_id uuid, p_limit int
)
returns table (
  id uuid, at timestamptz, integration text, outcome text, reason text, subjects int, duration_ms int
)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select l.id, l.at, l.integration, l.outcome, l.reason, case when l.org_id is not null then l.subjects end, l.duration_ms
    from staff.integration_log l, staff.context() m
   where not m.is_service and (l.org_id is null or l.org_id = m.org_id)
     and (p_integration is null or l.integration = p_integration)
     and (p_outcome is null or l.outcome = p_outcome)
     and (p_before is null or (l.at, l.id) < (p_before, p_before_id))
   order by l.at desc, l.id desc
   limit p_limit;
$$;
--> statement-breakpoint
-- When this org may ask for a check of a carrier's shipments again, 5 minutes after the last time; null: now. Of
-- two at once, the second waits for what the first does. Called before check_shipments_now, and by it.
create function staff.check_again_at(p_carrier text)
returns timestamptz
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
begin
  select * into me from staff.context();
  perform pg_advisory_xact_lock(hashtextextended('check ' || me.org_id || ' ' || p_carrier, 0));
  return (
    select max(e.at) + interval '5 minutes' from audit.events e
     where e.org_id = me.org_id and e.action = 'check.requested' and e.subject_id = p_carrier
       and e.at > now() - interval '5 minutes');
end
$$;
--> statement-breakpoint
-- Makes this org's shipments with a carrier due at once: at most p_max, those that wait longest since they
-- were asked about. The hour's budget (p_per_hour) and the breaker are the job's own, and hold: `waits_for` is
-- `left_alone` or `hour` where nothing is asked before `waits_until`. `shipments`: those that are due by now, also
-- such as were before. Called by POST integrations/{carrier}/checks.
create function staff.check_shipments_now(p_carrier text, p_max int, p_per_hour int)
returns table (shipments int, waits_for text, waits_until timestamptz)
language plpgsql security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
  v_count int;
  v_open timestamptz;
  v_free timestamptz;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service or staff.check_again_at(p_carrier) is not null then
    return;
  end if;
  update staff.polled_shipments p set next_poll_at = now()
   where p.shipment_id in (
     select x.shipment_id from staff.polled_shipments x
      where x.org_id = me.org_id and x.carrier = p_carrier and x.next_poll_at > now()
      order by x.checked_at nulls first, x.shipment_id
      limit p_max
      for update skip locked);
  select count(*) into v_count from staff.polled_shipments p
   where p.org_id = me.org_id and p.carrier = p_carrier and p.next_poll_at <= now();

  -- As staff.claim_parcels counts them: a minute's calls are given back after 63 of them.
  select max(c.open_until) filter (where c.open_until > now()),
         case when coalesce(sum(r.calls), 0) >= p_per_hour
              then to_timestamp((min(r.minute) filter (where r.newer < p_per_hour) + 63) * 60) end
    into v_open, v_free
    from staff.carrier_state c
    left join lateral (
      select e.key::bigint as minute, e.value::int as calls,
             coalesce(sum(e.value::int) over (order by e.key::bigint desc
                                              rows between unbounded preceding and 1 preceding), 0) as newer
        from jsonb_each(c.recent_calls) e
       where e.key::bigint > floor(extract(epoch from now()) / 60) - 63) r on true
   where c.carrier = p_carrier;
  perform staff.audit('check.requested', 'carrier', p_carrier, jsonb_build_object('shipments', v_count));
  return query
    select v_count, case when v_open >= coalesce(v_free, v_open) then 'left_alone' when v_free is not null then 'hour' end,
           greatest(v_open, v_free);
end
$$;
--> statement-breakpoint
-- What staff know of a parcel, as an event of it: once for each key, in the portal at once, where the customer
-- is shown tracking at all. Called by POST shipments/{id}/events.
create function staff.add_shipment_event(
  p_shipment uuid, p_at timestamptz, p_status text, p_substatus text, p_city text, p_description text, p_key text
)
returns table (status text, event_id uuid, is_new boolean)
language plpgsql security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
  v record;
  -- An import's key is a time and a status: none has a slash.
  v_key text := 'staff/' || p_key;
  v_event uuid;
begin
  select * into me from staff.context();
  select s.id, s.org_id, s.customer_id, s.order_id, o.number as order_number,
         exists (select 1 from portal.customers b join staff.exposures e on e.org_id = b.org_id and e.customer_key = b.code_key
                  where b.id = s.customer_id and 'tracking_number' = any (e.granted_fields)) as is_shown
    into v
    from portal.shipments s join portal.orders o on o.id = s.order_id
   where s.id = p_shipment and s.org_id = me.org_id and not me.is_service
     for no key update of s;
  if v.id is null then
    return query select 'not_found', null::uuid, false;
    return;
  end if;
  select t.id into v_event from portal.tracking_events t where t.shipment_id = v.id and t.event_key = v_key;
  if v_event is not null then
    return query select 'ok', v_event, false;
    return;
  end if;
  if p_at > now() or p_at < now() - interval '2 years' then
    return query select 'invalid', null::uuid, false;
    return;
  end if;
  if not v.is_shown then
    return query select 'tracking_not_shown', null::uuid, false;
    return;
  end if;
  insert into portal.tracking_events
         (org_id, customer_id, order_id, shipment_id, event_key, at, status, substatus, city, description, source)
  values (v.org_id, v.customer_id, v.order_id, v.id, v_key, p_at, p_status, p_substatus, p_city, p_description, 'staff')
  returning id into v_event;
  perform staff.settle_shipments(array[v.id]);
  perform staff.audit('shipment.event_added', 'shipment', v.id::text,
                      jsonb_strip_nulls(jsonb_build_object('order', v.order_number, 'status', p_status, 'substatus', p_substatus,
                                                           'at', p_at)),
                      v.customer_id);
  return query select 'ok', v_event, true;
end
$$;
--> statement-breakpoint
revoke all on function
  staff.raise_mail_alert(uuid, text, uuid, text, text), staff.hear_of_mail(uuid, uuid, text, text, timestamptz, text, boolean, boolean),
  staff.heed_suppression(), staff.tell_dead_letter(), staff.lift_suppression(uuid), staff.requeue_letter(uuid),
  staff.letter_scope(uuid), staff.letter_stands(uuid), staff.carriers_state(), staff.integration_entries(text, text, timestamptz, uuid, int),
  staff.check_again_at(text), staff.check_shipments_now(text, int, int),
  staff.add_shipment_event(uuid, timestamptz, text, text, text, text, text)
  from public;
--> statement-breakpoint
grant execute on function staff.hear_of_mail(uuid, uuid, text, text, timestamptz, text, boolean, boolean) to counterfoil_system;
--> statement-breakpoint
grant execute on function staff.letter_scope(uuid) to counterfoil_system;
--> statement-breakpoint
grant execute on function staff.check_again_at(text) to counterfoil_staff;
--> statement-breakpoint
grant execute on function
  staff.lift_suppression(uuid), staff.requeue_letter(uuid), staff.letter_scope(uuid), staff.letter_stands(uuid),
  staff.carriers_state(), staff.integration_entries(text, text, timestamptz, uuid, int),
  staff.check_shipments_now(text, int, int),
  staff.add_shipment_event(uuid, timestamptz, text, text, text, text, text)
  to counterfoil_staff;
--> statement-breakpoint
grant select on staff.suppressions to counterfoil_system;
--> statement-breakpoint
-- The job collect-keys forgets what is old.
grant select, delete on staff.webhook_events to counterfoil_system;
--> statement-breakpoint
grant delete on staff.integration_log to counterfoil_system;
--> statement-breakpoint
reset role;
