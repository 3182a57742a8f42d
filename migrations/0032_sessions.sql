-- A visit: that it goes on, how long it may, and what a person thought of it.
set local role counterfoil_owner;
--> statement-breakpoint
-- "Stay signed in": begins a session's 30 minutes anew, and nothing else. It is not counted against the
-- link's hour, since it shows nothing. Neither the 12 hours nor the link itself last longer for it, and a
-- preview, which is over in 10 minutes, has nothing to ask for. Says how many seconds the session has at
-- most. Called by asVisitor.
create function portal.stay(p_credential bytea, p_request text)
returns table (status text, seconds_left int)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  c record;
  k record;
begin
  perform set_config('counterfoil.request', coalesce(p_request, ''), true),
          set_config('counterfoil.credential', encode(p_credential, 'hex'), true);
  select * into c from portal.context();
  perform set_config('counterfoil.credential', '', true);
  if c.session_id is null then
    return query select portal.note_refusal(p_credential, null), 0;
    return;
  end if;
  perform set_config('counterfoil.org', c.org_id::text, true);
  select l.purpose, least(s.created_at + interval '12 hours', l.expires_at) as ends_at into k
    from staff.sessions s join staff.access_links l on l.id = s.link_id
   where s.id = c.session_id;
  if k.purpose = 'preview' then
    perform audit.append(c.org_id, 'customer', c.link_id, c.customer_id, c.contact_id, 'request.refused', null, null,
                         jsonb_build_object('code', 'forbidden', 'action', null));
    return query select 'forbidden', 0;
    return;
  end if;
  -- As enter does: of 30 minutes, 10 seconds are nothing.
  update staff.sessions s set last_seen_at = now()
   where s.id = c.session_id and s.last_seen_at < now() - interval '10 seconds';
  return query select 'ok', greatest(0, floor(extract(epoch from k.ends_at - now())))::int;
end
$$;
--> statement-breakpoint
-- How many seconds the session of this request has at most, however busy it is (none for a token, which has
-- no session), and whether this person may be asked how it was. Called by asCustomer.
create function portal.session_state()
returns table (seconds_left int, asks_feedback boolean)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select greatest(0, floor(extract(epoch from least(s.created_at + interval '12 hours', l.expires_at) - now())))::int,
         l.purpose <> 'preview' and s.id is not null
           and not exists (select 1 from portal.feedback f
                            where f.contact_id = c.contact_id and f.created_at > now() - interval '30 days')
    from portal.context() c
    join staff.access_links l on l.id = c.link_id
    left join staff.sessions s on s.id = c.session_id;
$$;
--> statement-breakpoint
-- What a person says of a download or a report, once in 30 days: what comes sooner is thanked for and not
-- kept. Whoever has no open context, or only looks as a customer, gives none. Called by asCustomer.
create function portal.give_feedback(p_about text, p_rating int, p_comment text)
returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  c record;
begin
  select x.*, l.purpose into c
    from portal.context() x join staff.access_links l on l.id = x.link_id;
  if c.contact_id is null or c.purpose = 'preview' then
    return false;
  end if;
  -- Two taps are one answer.
  perform pg_advisory_xact_lock(hashtextextended('feedback/' || c.contact_id, 0));
  if exists (select 1 from portal.feedback f
              where f.contact_id = c.contact_id and f.created_at > now() - interval '30 days') then
    return false;
  end if;
  insert into portal.feedback (org_id, customer_id, contact_id, about, rating, comment)
  values (c.org_id, c.customer_id, c.contact_id, p_about, p_rating, p_comment);
  perform portal.audit('feedback.given', 'contact', c.contact_id::text,
                       jsonb_build_object('about', p_about, 'rating', p_rating));
  return true;
end
$$;
--> statement-breakpoint
revoke all on function portal.stay(bytea, text) from public;
--> statement-breakpoint
revoke all on function portal.session_state() from public;
--> statement-breakpoint
revoke all on function portal.give_feedback(text, int, text) from public;
--> statement-breakpoint
grant execute on function portal.stay(bytea, text) to counterfoil_customer;
--> statement-breakpoint
grant execute on function portal.session_state() to counterfoil_customer;
--> statement-breakpoint
grant execute on function portal.give_feedback(text, int, text) to counterfoil_customer;
--> statement-breakpoint
reset role;
