-- Open pages are told that something changed: whom to tell is written with the change, and told by a job.
set local role counterfoil_owner;
--> statement-breakpoint
-- A queue: with one row a customer, two changes at once would wait for each other, or lock each other out.
alter table staff.hints drop constraint hints_pkey;
--> statement-breakpoint
alter table staff.hints
  add column id uuid primary key default uuidv7(),
  add column link_id uuid;
--> statement-breakpoint
alter table staff.sessions
  add column listens integer not null default 0,
  add column listened_at timestamptz,
  add column listens_since timestamptz;
--> statement-breakpoint
-- A trigger tells of rows of whatever org they are, also for jobs, which open none.
create policy owner_tells on staff.hints for insert to counterfoil_owner with check (true);
--> statement-breakpoint
-- Tells of customers whom somebody is there for: no page is loaded but in a session. The rows of a change are
-- made one a customer first, since it may have a hundred thousand. Called by the triggers below.
create function staff.hint(p_orgs uuid[], p_customers uuid[])
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
  insert into staff.hints (org_id, customer_id)
  select t.org_id, t.customer_id
    from unnest(p_orgs, p_customers) t(org_id, customer_id)
   where exists (
     select from staff.access_links l join staff.sessions s on s.link_id = l.id
      where l.org_id = t.org_id and l.customer_id = t.customer_id and l.revoked_at is null
        and s.ended_at is null and s.last_seen_at > now() - interval '30 minutes'
        and s.created_at > now() - interval '12 hours');
$$;
--> statement-breakpoint
-- Customers of whom rows were touched.
create function staff.note_hints()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform staff.hint(array_agg(t.org_id), array_agg(t.customer_id))
     from (select distinct x.org_id, x.customer_id from touched x) t;
  return null;
end
$$;
--> statement-breakpoint
-- A parcel that its carrier was only asked about is the same parcel.
create function staff.note_shipment_hints()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform staff.hint(array_agg(t.org_id), array_agg(t.customer_id))
     from (select distinct x.org_id, x.customer_id
             from touched x join former f on f.id = x.id
            where (x.carrier, x.tracking_number, x.status, x.substatus, x.delivered_at, x.signed_by, x.shipped_on,
                   x.estimated_delivery, x.carrier_estimate, x.predicted_delivery, x.predicted_latest)
               is distinct from
                  (f.carrier, f.tracking_number, f.status, f.substatus, f.delivered_at, f.signed_by, f.shipped_on,
                   f.estimated_delivery, f.carrier_estimate, f.predicted_delivery, f.predicted_latest)) t;
  return null;
end
$$;
--> statement-breakpoint
do $$
declare
  t text;
begin
  foreach t in array array['orders', 'order_amounts', 'order_lines', 'shipments', 'tracking_events',
                           'delivery_estimates', 'documents', 'invoices', 'payments', 'notifications',
                           'issue_reports', 'issue_messages', 'change_requests'] loop
    execute format('create trigger %1$s_hint_insert after insert on portal.%1$s referencing new table as touched
                    for each statement execute function staff.note_hints()', t);
    execute format('create trigger %1$s_hint_update after update on portal.%1$s referencing new table as touched
                    for each statement execute function staff.note_hints()', t);
    execute format('create trigger %1$s_hint_delete after delete on portal.%1$s referencing old table as touched
                    for each statement execute function staff.note_hints()', t);
  end loop;
  drop trigger shipments_hint_update on portal.shipments;
  create trigger shipments_hint_update after update on portal.shipments
    referencing old table as former new table as touched
    for each statement execute function staff.note_shipment_hints();
end
$$;
--> statement-breakpoint
-- What is followed through a link that ended has to be closed: its pages then ask, and are told why not.
create function staff.hint_ended(p_link uuid)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  insert into staff.hints (org_id, customer_id, link_id)
  select l.org_id, l.customer_id, l.id
    from staff.access_links l
   where l.id = p_link
     and exists (select from staff.sessions s
                  where s.link_id = l.id and s.listens > 0 and s.created_at > now() - interval '12 hours');
end
$$;
--> statement-breakpoint
create function staff.hint_ended_link()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform staff.hint_ended(new.id);
  return null;
end
$$;
--> statement-breakpoint
create function staff.hint_ended_session()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform staff.hint_ended(new.link_id);
  return null;
end
$$;
--> statement-breakpoint
create function staff.hint_ended_contact()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform staff.hint_ended(l.id) from staff.access_links l where l.contact_id = new.id;
  return null;
end
$$;
--> statement-breakpoint
create trigger access_links_hint after update of revoked_at on staff.access_links
  for each row when (new.revoked_at is not null and old.revoked_at is null) execute function staff.hint_ended_link();
--> statement-breakpoint
create trigger sessions_hint after update of ended_at on staff.sessions
  for each row when (new.ended_at is not null and old.ended_at is null and new.listens > 0)
  execute function staff.hint_ended_session();
--> statement-breakpoint
create trigger contacts_hint after update of access on portal.contacts
  for each row when (new.access <> 'allowed' and old.access = 'allowed') execute function staff.hint_ended_contact();
--> statement-breakpoint
-- A session begins to follow its customer's changes. The first time is a request like any other. What comes
-- within 10 minutes of the last is the same page whose connection broke: it is counted for none, up to 30 times
-- an hour, and refused beyond that; none is free while the link's hour is used up. Later it is a request again, but none
-- that a person made: it does not keep the session from ending. Only a session follows: a program that holds a
-- token asks when it wants to know. `seconds_left`: the session lasts no longer. Called by asFollower.
create function portal.follow(p_credential bytea, p_request text)
returns table (status text, hourly_limit int, remaining int, reset_seconds int,
               customer_id uuid, link_id uuid, seconds_left int)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  c record;
  n record;
  v staff.sessions;
  v_is_again boolean;
  v_ends timestamptz;
begin
  perform set_config('counterfoil.request', coalesce(p_request, ''), true),
          set_config('counterfoil.credential', encode(p_credential, 'hex'), true);
  select * into c from portal.context();
  if c.session_id is null then
    perform set_config('counterfoil.credential', '', true);
    return query select portal.note_refusal(p_credential, 'updates.followed'), 0, 0, 0, null::uuid, null::uuid, 0;
    return;
  end if;
  perform set_config('counterfoil.org', c.org_id::text, true);
  -- One after the other: of two at once, the second finds what the first has counted.
  select * into v from staff.sessions s where s.id = c.session_id for no key update;
  v_is_again := coalesce(v.listens_since > now() - interval '1 hour', false);
  if v.listened_at > now() - interval '10 minutes' and not exists (
       select from staff.access_links l join portal.orgs o on o.id = l.org_id
        where l.id = c.link_id and l.hour_started_at > now() - interval '1 hour' and l.hour_count >= o.hourly_request_limit) then
    select 'ok' as status, 0 as hourly_limit, 0 as remaining, 0 as reset_seconds into n;
    if v_is_again and v.listens > 30 then
      perform set_config('counterfoil.credential', '', true);
      perform audit.append(c.org_id, 'customer', c.link_id, c.customer_id, c.contact_id, 'request.refused', null, null,
                           '{"code": "rate_limited", "action": "updates.followed"}');
      return query select 'rate_limited', 0, 0,
                          greatest(1, ceil(extract(epoch from v.listens_since + interval '1 hour' - now()))::int),
                          null::uuid, null::uuid, 0;
      return;
    end if;
  else
    select * into n from portal.enter(p_credential, 'updates.followed', p_request);
  end if;
  if n.status = 'ok' then
    update staff.sessions s
       set listens = case when v_is_again then s.listens + 1 else 1 end, listened_at = now(),
           listens_since = case when v_is_again then s.listens_since else now() end,
           last_seen_at = case when v.listens > 0 then v.last_seen_at else s.last_seen_at end
     where s.id = c.session_id;
  end if;
  select least(s.created_at + interval '12 hours', l.expires_at,
               case when l.purpose = 'preview' then l.created_at + interval '10 minutes' end) into v_ends
    from staff.sessions s join staff.access_links l on l.id = s.link_id
   where s.id = c.session_id;
  return query select n.status, n.hourly_limit, n.remaining, n.reset_seconds, c.customer_id, c.link_id,
                      greatest(0, floor(extract(epoch from v_ends - now())))::int;
end
$$;
--> statement-breakpoint
revoke all on function staff.hint(uuid[], uuid[]), staff.note_hints(), staff.note_shipment_hints(), staff.hint_ended(uuid), staff.hint_ended_link(), staff.hint_ended_session(),
  staff.hint_ended_contact(), portal.follow(bytea, text) from public;
--> statement-breakpoint
grant execute on function portal.follow(bytea, text) to counterfoil_customer;
--> statement-breakpoint
-- A job that takes some rows past those that another has taken.
grant update on staff.hints to counterfoil_system;
--> statement-breakpoint
reset role;
