-- The doors: the functions that an audience may call. Each opens its context, or says why not.
set local role counterfoil_owner;
--> statement-breakpoint
-- Appends one event. Called by the definer functions below and by jobs; never by a customer.
create function audit.append(
  p_org uuid, p_actor_kind text, p_actor uuid, p_customer uuid, p_contact uuid,
  p_action text, p_subject_kind text default null, p_subject text default null, p_detail jsonb default '{}'
)
returns void
language sql security definer
set search_path = pg_catalog, pg_temp
as $$
  insert into audit.events (org_id, actor_kind, actor_id, customer_id, contact_id, action, subject_kind, subject_id, detail, request_id)
  values (p_org, p_actor_kind, p_actor, p_customer, p_contact, p_action, p_subject_kind, p_subject, p_detail,
          nullif(current_setting('counterfoil.request', true), ''));
$$;
--> statement-breakpoint
-- An event of the customer whose context is open, and of nobody else. Called by customer functions.
create function portal.audit(p_action text, p_subject_kind text, p_subject text, p_detail jsonb default '{}')
returns void
language sql security definer
set search_path = pg_catalog, pg_temp
as $$
  select audit.append(c.org_id, 'customer', c.link_id, c.customer_id, c.contact_id,
                      p_action, p_subject_kind, p_subject, p_detail)
    from portal.context() c;
$$;
--> statement-breakpoint
-- An event of the member who entered. Called by staff routes, in the transaction of the change.
create function staff.audit(
  p_action text, p_subject_kind text, p_subject text, p_detail jsonb default '{}', p_customer uuid default null
)
returns void
language sql security definer
set search_path = pg_catalog, pg_temp
as $$
  select audit.append(s.org_id, case when s.is_service then 'service' else 'staff' end, s.member_id, p_customer, null,
                      p_action, p_subject_kind, p_subject, p_detail)
    from staff.context() s;
$$;
--> statement-breakpoint
-- Counts one request against a link's hour, and says whether the link is due to be renewed. Called by
-- enter, open_link and refuse.
create function portal.count_request(p_link uuid)
returns table (allowed boolean, hourly_limit int, remaining int, reset_seconds int, due_renewal boolean)
language plpgsql rows 1
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
    update staff.access_links l
       set used_at = now(),
           hour_count = case when l.hour_started_at > now() - interval '1 hour' then l.hour_count + 1 else 1 end,
           hour_started_at = case when l.hour_started_at > now() - interval '1 hour' then l.hour_started_at else now() end
      from portal.orgs o
     where l.id = p_link and o.id = l.org_id
    returning l.hour_count <= o.hourly_request_limit, o.hourly_request_limit,
              greatest(o.hourly_request_limit - l.hour_count, 0),
              greatest(1, ceil(extract(epoch from l.hour_started_at + interval '1 hour' - now()))::int),
              l.renewed_at < now() - interval '1 day';
end
$$;
--> statement-breakpoint
-- A session's use keeps a standing link alive: at most once a day, to 90 days from now, never past
-- a year from its making, and not once it is being rotated out. Called by enter and open_link.
create function portal.renew_link(p_link uuid)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
  update staff.access_links l
     set expires_at = least(now() + interval '90 days', l.created_at + interval '365 days'), renewed_at = now()
   where l.id = p_link
     and l.purpose = 'standing' and l.rotated_at is null
     and l.renewed_at < now() - interval '1 day';
$$;
--> statement-breakpoint
-- Statement 1 of every customer request. Checks the credential, counts it, writes the audit event
-- (unless p_action is null: then a later statement writes its own) and opens the context. It never
-- raises, since a raise would undo the count and the audit of the refusal; the context of a refused
-- request stays closed, so the statements after it see nothing. Called by asCustomer.
create function portal.enter(p_credential bytea, p_action text, p_request text)
returns table (status text, hourly_limit int, remaining int, reset_seconds int)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  c record;
  n record;
  -- Assigned rather than performed: an expression without a query of its own.
  v_request text := set_config('counterfoil.request', coalesce(p_request, ''), true);
  v_credential text := set_config('counterfoil.credential', encode(p_credential, 'hex'), true);
  v_org text;
begin
  select * into c from portal.context();
  if c.link_id is null then
    perform set_config('counterfoil.credential', '', true);
    return query select portal.note_refusal(p_credential, p_action), 0, 0, 0;
    return;
  end if;
  v_org := set_config('counterfoil.org', c.org_id::text, true);
  select * into n from portal.count_request(c.link_id);
  if not n.allowed then
    perform set_config('counterfoil.credential', '', true);
    perform audit.append(c.org_id, 'customer', c.link_id, c.customer_id, c.contact_id, 'request.refused', null, null,
                         jsonb_build_object('code', 'rate_limited', 'action', p_action));
    return query select 'rate_limited', n.hourly_limit, n.remaining, n.reset_seconds;
    return;
  end if;
  if c.session_id is not null then
    -- Not for every request: of 30 minutes, 10 seconds are nothing, and a row need not be rewritten.
    update staff.sessions s set last_seen_at = now()
     where s.id = c.session_id and s.last_seen_at < now() - interval '10 seconds';
    if n.due_renewal then
      perform portal.renew_link(c.link_id);
    end if;
  end if;
  if p_action is not null then
    -- As audit.append does, in place.
    insert into audit.events (org_id, actor_kind, actor_id, customer_id, contact_id, action, request_id)
    values (c.org_id, 'customer', c.link_id, c.customer_id, c.contact_id, p_action, nullif(p_request, ''));
  end if;
  return query select 'ok', n.hourly_limit, n.remaining, n.reset_seconds;
end
$$;
--> statement-breakpoint
-- Why a credential opened nothing, audited when it was once somebody's. Called by enter.
create function portal.note_refusal(p_credential bytea, p_action text)
returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  l record;
  v_status text := 'session_expired';
begin
  select k.id, k.org_id, k.customer_id, k.contact_id into l
    from staff.sessions s join staff.access_links k on k.id = s.link_id
   where s.secret_hash = p_credential;
  if l.id is null then
    v_status := 'link_invalid';
    select k.id, k.org_id, k.customer_id, k.contact_id into l
      from staff.access_links k where k.token_hash = p_credential;
  end if;
  if l.id is not null then
    perform audit.append(l.org_id, 'customer', l.id, l.customer_id, l.contact_id, 'request.refused', null, null,
                         jsonb_build_object('code', v_status, 'action', p_action));
  end if;
  return v_status;
end
$$;
--> statement-breakpoint
-- The one further statement of a request whose batch failed: the failed batch took its own count
-- and audit with it. Called by asCustomer.
create function portal.refuse(p_credential bytea, p_action text, p_code text, p_request text)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  c record;
begin
  perform set_config('counterfoil.request', coalesce(p_request, ''), true),
          set_config('counterfoil.credential', encode(p_credential, 'hex'), true);
  select * into c from portal.context();
  perform set_config('counterfoil.credential', '', true);
  if c.link_id is null then
    return;
  end if;
  perform set_config('counterfoil.org', c.org_id::text, true);
  perform portal.count_request(c.link_id);
  perform audit.append(c.org_id, 'customer', c.link_id, c.customer_id, c.contact_id, 'request.refused', null, null,
                       jsonb_build_object('code', p_code, 'action', p_action));
end
$$;
--> statement-breakpoint
-- Exchanges a token for a session: the landing page's button, never its GET. Unknown, expired,
-- revoked and paused are one answer. Called by asVisitor.
create function portal.open_link(p_token bytea, p_session bytea, p_request text)
returns table (status text, link_id uuid, hourly_limit int, remaining int, reset_seconds int)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  l record;
  n record;
begin
  perform set_config('counterfoil.request', coalesce(p_request, ''), true);
  select k.*, c.access into l
    from staff.access_links k join portal.contacts c on c.id = k.contact_id
   where k.token_hash = p_token;
  if l.id is null then
    return query select 'link_invalid', null::uuid, 0, 0, 0;
    return;
  end if;
  perform set_config('counterfoil.org', l.org_id::text, true);
  -- The row lock makes a preview's single use single, however many clicks race; and what the link is
  -- by now is read again behind it.
  perform 1 from staff.access_links k where k.id = l.id for update;
  select k.*, c.access into l
    from staff.access_links k join portal.contacts c on c.id = k.contact_id
   where k.id = l.id;
  if l.revoked_at is not null or l.expires_at <= now() or l.access <> 'allowed'
     or (l.purpose = 'preview' and l.used_at is not null) then
    perform audit.append(l.org_id, 'customer', l.id, l.customer_id, l.contact_id, 'link.refused', 'link', l.id::text);
    return query select 'link_invalid', null::uuid, 0, 0, 0;
    return;
  end if;
  select * into n from portal.count_request(l.id);
  if not n.allowed then
    perform audit.append(l.org_id, 'customer', l.id, l.customer_id, l.contact_id, 'link.refused', 'link', l.id::text,
                         jsonb_build_object('code', 'rate_limited'));
    return query select 'rate_limited', null::uuid, n.hourly_limit, n.remaining, n.reset_seconds;
    return;
  end if;
  insert into staff.sessions (org_id, link_id, secret_hash) values (l.org_id, l.id, p_session);
  update staff.access_links k
     set opened_at = coalesce(k.opened_at, now())
   where k.id = l.id;
  perform portal.renew_link(l.id);
  perform audit.append(l.org_id, 'customer', l.id, l.customer_id, l.contact_id, 'link.opened', 'link', l.id::text);
  return query select 'ok', l.id, n.hourly_limit, n.remaining, n.reset_seconds;
end
$$;
--> statement-breakpoint
-- Ends the session of the credential, and nothing else of its link. Called by asVisitor on sign-out,
-- where an expired session is as welcome as a live one.
create function portal.end_session(p_credential bytea, p_request text)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  s record;
begin
  perform set_config('counterfoil.request', coalesce(p_request, ''), true);
  select e.id, e.org_id, l.id as link_id, l.customer_id, l.contact_id into s
    from staff.sessions e join staff.access_links l on l.id = e.link_id
   where e.secret_hash = p_credential and e.ended_at is null;
  if s.id is null then
    return;
  end if;
  perform set_config('counterfoil.org', s.org_id::text, true);
  update staff.sessions e set ended_at = now() where e.id = s.id;
  perform audit.append(s.org_id, 'customer', s.link_id, s.customer_id, s.contact_id, 'session.ended', 'session', s.id::text);
end
$$;
--> statement-breakpoint
-- Whose link it was, for the signed-out page: names and a date, no address and nothing of the
-- business. The id comes from an HttpOnly cookie that only an exchange sets. Called by asVisitor.
create function portal.describe_link(p_link uuid)
returns table (contact_name text, customer_name text, last4 text, expires_at timestamptz, active boolean)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_org uuid;
begin
  select l.org_id into v_org from staff.access_links l where l.id = p_link;
  perform set_config('counterfoil.org', coalesce(v_org::text, ''), true);
  return query
    select c.name, b.name, l.last4, l.expires_at,
           l.revoked_at is null and l.expires_at > now() and c.access = 'allowed' and l.purpose <> 'preview'
      from staff.access_links l
      join portal.contacts c on c.id = l.contact_id
      join portal.customers b on b.id = l.customer_id
     where l.id = p_link;
end
$$;
--> statement-breakpoint
-- "Send me a new link", by address, by customer code, or for the link of the signed-out page. Says
-- nothing about what it found. A contact gets at most one letter in 5 minutes and 6 in a day,
-- whoever asks. Called by asVisitor.
create function portal.request_link(p_org_code text, p_who text, p_link uuid, p_request text)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_org uuid;
  v_who text := lower(trim(p_who));
  v_code text := staff.normalise_key(p_who);
begin
  perform set_config('counterfoil.request', coalesce(p_request, ''), true);
  select o.id into v_org from portal.orgs o where o.code = p_org_code;
  if v_org is null then
    return;
  end if;
  perform set_config('counterfoil.org', v_org::text, true);
  with wanted as (
    select c.id, c.customer_id, c.email, c.language
      from portal.contacts c
      join portal.customers b on b.id = c.customer_id
     where c.org_id = v_org and c.access = 'allowed'
       and case when p_link is not null
                then c.id = (select l.contact_id from staff.access_links l
                              where l.id = p_link and l.org_id = v_org and l.purpose <> 'preview')
                else c.email = v_who or b.code_key = v_code end
       and (select count(*) from staff.outbox x
             where x.contact_id = c.id and x.template = 'access-link' and x.event like 'link.requested/%'
               and x.created_at > now() - interval '1 day') < 6
       and not exists (select 1 from staff.outbox x
             where x.contact_id = c.id and x.template = 'access-link' and x.event like 'link.requested/%'
               and x.created_at > now() - interval '5 minutes')
  ), queued as (
    insert into staff.outbox (org_id, event, recipient, contact_id, template, language)
    select v_org, 'link.requested/' || w.id || '/' || floor(extract(epoch from now()) / 300)::bigint,
           w.email, w.id, 'access-link', w.language
      from wanted w
    on conflict (org_id, event, recipient) do nothing
    returning contact_id
  )
  select count(audit.append(v_org, 'visitor', null, w.customer_id, w.id, 'link.requested', 'contact', w.id::text))
    into v_who
    from queued q join wanted w on w.id = q.contact_id;
end
$$;
--> statement-breakpoint
-- The link that the customer came through, for their own page. Called by asCustomer.
create function portal.visit()
returns table (scope text, expires_at timestamptz)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select l.scope, l.expires_at from portal.context() c join staff.access_links l on l.id = c.link_id;
$$;
--> statement-breakpoint
-- A page of orders and one row more, newest first. Runs as the customer, so the policies decide which
-- orders, amounts and documents there are. A function, because its plan is kept by the connection:
-- planning under these policies takes longer than reading the rows. The kept plan is one for all
-- customers, so it is held to the index that has the list's order, and 21 is written out: of a
-- parameter it would guess a tenth of the table. The page is cut first and told after, so that a
-- customer with many orders pays for one page. p_statuses null: all. Called by asCustomer.
create function portal.list_orders(p_statuses text[], p_like text, p_before date, p_before_id uuid)
returns table (
  id uuid, number text, placed_on date, status text, items_count int, po_number text, expected_delivery date,
  currency text, total numeric, documents int
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_bitmapscan = off
as $$
declare
  v_before date := coalesce(p_before, 'infinity');
  v_before_id uuid := coalesce(p_before_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
begin
  return query
    select o.id, o.number, o.placed_on, o.status, o.items_count, o.po_number, o.expected_delivery,
           a.currency, a.total,
           (select count(*)::int from portal.documents d where d.order_id = o.id)
      from (
        select x.id, x.number, x.placed_on, x.status, x.items_count, x.po_number, x.expected_delivery
          from portal.orders x
         where (x.placed_on, x.id) < (v_before, v_before_id)
           and (p_statuses is null or x.status = any (p_statuses))
           and (p_like is null or x.number ilike p_like or x.po_number ilike p_like)
         order by x.placed_on desc, x.id desc
         limit 21
      ) o
      left join portal.order_amounts a on a.order_id = o.id
     order by o.placed_on desc, o.id desc;
end
$$;
--> statement-breakpoint
-- Whether the order is visible, and the event that says which order was looked at, or in vain. Runs
-- as the customer, so the policy on orders is the check. Called by asCustomer.
create function portal.view_order(p_order uuid)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select 1 from portal.orders o where o.id = p_order) then
    perform portal.audit('request.refused', 'order', p_order::text, '{"code": "not_found"}');
    return false;
  end if;
  perform portal.audit('order.viewed', 'order', p_order::text);
  return true;
end
$$;
--> statement-breakpoint
-- The visible document and, in the same transaction, the event that it was taken. Runs as the
-- customer, so the policy on documents is the check: hidden, withdrawn, foreign and unknown are all
-- no row. p_order, when given, must be the document's order. p_counted is false for a HEAD.
-- Called by asCustomer.
create function portal.take_document(p_document uuid, p_order uuid, p_disposition text, p_counted boolean)
returns table (id uuid, org_id uuid, kind text, number text, file_name text, file_sha256 text, file_size bigint)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  d record;
begin
  select x.* into d from portal.documents x
   where x.id = p_document
     and (p_order is null or (x.order_id = p_order and exists (select 1 from portal.orders o where o.id = p_order)));
  if d.id is null then
    perform portal.audit('request.refused', 'document', p_document::text, '{"code": "not_found"}');
    return;
  end if;
  if p_counted then
    perform portal.audit(case p_disposition when 'inline' then 'document.viewed' else 'document.downloaded' end,
                         'document', p_document::text, jsonb_build_object('sha256', d.file_sha256));
  end if;
  return query select d.id, d.org_id, d.kind, d.number, d.file_name, d.file_sha256, d.file_size;
end
$$;
--> statement-breakpoint
-- Statement 1 of every staff request, after the Worker has verified the Access token. Denied is one
-- answer for an unknown org, a stranger and a member who was switched off. Called by asStaff.
create function staff.enter(p_email text, p_service text, p_org text, p_request text)
returns table (status text, member_id uuid, org_id uuid, org_code text, role text, is_service boolean)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  m record;
begin
  perform set_config('counterfoil.request', coalesce(p_request, ''), true);
  select x.id, x.org_id, x.role, x.service_name, o.code into m
    from staff.members x join portal.orgs o on o.id = x.org_id
   where o.slug = p_org and x.active
     and (x.email = lower(p_email) or x.service_name = p_service);
  if m.id is null then
    return query select 'denied', null::uuid, null::uuid, null::text, null::text, false;
    return;
  end if;
  perform set_config('counterfoil.member', m.id::text, true), set_config('counterfoil.org', m.org_id::text, true);
  return query select 'ok', m.id, m.org_id, m.code, m.role, m.service_name is not null;
end
$$;
--> statement-breakpoint
-- The orgs that a person works for: the console's front page, before one is chosen. Called by asStaff.
create function staff.memberships(p_email text)
returns table (slug text, name text, role text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select o.slug, o.name, m.role
    from staff.members m join portal.orgs o on o.id = m.org_id
   where m.email = lower(p_email) and m.active
   order by o.name;
$$;
--> statement-breakpoint
-- Nothing mints a link for a contact who is not allowed one: not staff, not a notice, not a request.
create function staff.refuse_link_without_access()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select 1 from portal.contacts c where c.id = new.contact_id and c.access = 'allowed') then
    raise exception 'contact_not_allowed' using errcode = 'CF002';
  end if;
  return new;
end
$$;
--> statement-breakpoint
create trigger access_links_need_access before insert on staff.access_links
  for each row execute function staff.refuse_link_without_access();
--> statement-breakpoint
create function audit.refuse_change()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  raise exception 'audit_is_append_only' using errcode = 'CF003';
end
$$;
--> statement-breakpoint
create trigger events_append_only before update or delete on audit.events
  for each row execute function audit.refuse_change();
--> statement-breakpoint
create trigger events_never_truncated before truncate on audit.events
  for each statement execute function audit.refuse_change();
--> statement-breakpoint
reset role;
