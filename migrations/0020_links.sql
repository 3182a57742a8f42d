-- Customers, their links, and seeing as one.
set local role counterfoil_owner;
--> statement-breakpoint
-- Appends one event. Called by the definer functions below and by jobs; never by a customer. What is done
-- through a preview link is its member's doing, and no view or download of the customer's: it is written as
-- `portal.previewed`, with what was done beside it. Held here, so that no door can forget it. A refusal
-- and a missing document stay what they are, under the member's name.
create or replace function audit.append(
  p_org uuid, p_actor_kind text, p_actor uuid, p_customer uuid, p_contact uuid,
  p_action text, p_subject_kind text default null, p_subject text default null, p_detail jsonb default '{}'
)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v record;
begin
  if p_actor_kind = 'customer' then
    select l.id, l.created_by into v from staff.access_links l where l.id = p_actor and l.purpose = 'preview';
    if found then
      p_actor_kind := 'staff';
      p_actor := v.created_by;
      p_detail := p_detail || jsonb_build_object('link', v.id);
      if p_action not in ('request.refused', 'link.refused', 'document.missing') then
        p_detail := p_detail || jsonb_build_object('did', p_action);
        p_action := 'portal.previewed';
      end if;
    end if;
  end if;
  insert into audit.events (org_id, actor_kind, actor_id, customer_id, contact_id, action, subject_kind, subject_id, detail, request_id)
  values (p_org, p_actor_kind, p_actor, p_customer, p_contact, p_action, p_subject_kind, p_subject, p_detail,
          nullif(current_setting('counterfoil.request', true), ''));
end
$$;
--> statement-breakpoint
-- As it was, and a preview is over 10 minutes after its link was made, whatever the link's row says.
create or replace function portal.context()
returns table (
  org_id uuid, customer_id uuid, contact_id uuid, link_id uuid, session_id uuid,
  financials boolean, orders_since date, cancelled_since date, drafts_since timestamptz
)
language plpgsql stable security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  credential bytea := decode(nullif(current_setting('counterfoil.credential', true), ''), 'hex');
begin
  if credential is null then
    return;
  end if;
  -- One statement, since a request's policies call this several times.
  return query
    select l.org_id, l.customer_id, l.contact_id, l.id, presented.session_id,
           l.scope = 'all',
           ((now() at time zone o.time_zone)::date - make_interval(months => o.order_window_months))::date,
           (now() at time zone o.time_zone)::date - o.cancelled_window_days,
           now() - make_interval(days => o.draft_window_days)
      from (
        select s.id as session_id, s.link_id
          from staff.sessions s
         where s.secret_hash = credential
           and s.ended_at is null
           and s.last_seen_at > now() - interval '30 minutes'
           and s.created_at > now() - interval '12 hours'
        union all
        -- A preview is single use: only the exchange may use its token.
        select null, t.id
          from staff.access_links t
         where t.token_hash = credential and t.purpose <> 'preview'
      ) presented
      join staff.access_links l on l.id = presented.link_id
      join portal.contacts c on c.id = l.contact_id
      join portal.orgs o on o.id = l.org_id
     where l.revoked_at is null
       and l.expires_at > now()
       and (l.purpose <> 'preview' or l.created_at > now() - interval '10 minutes')
       and c.access = 'allowed';
end
$$;
--> statement-breakpoint
drop function portal.count_request(uuid);
--> statement-breakpoint
-- Counts one request against a link's hour, and says whether the link is due to be renewed, and whether
-- it may only look. Called by enter, open_link and refuse.
create function portal.count_request(p_link uuid)
returns table (allowed boolean, hourly_limit int, remaining int, reset_seconds int, due_renewal boolean, is_preview boolean)
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
              l.renewed_at < now() - interval '1 day', l.purpose = 'preview';
end
$$;
--> statement-breakpoint
drop function portal.enter(bytea, text, text, uuid, text, text);
--> statement-breakpoint
-- Statement 1 of every customer request. Checks the credential, counts it, writes the audit event
-- (unless p_action is null: then a later statement writes its own) and opens the context. It never
-- raises, since a raise would undo the count and the audit of the refusal; the context of a refused
-- request stays closed, so the statements after it see nothing. p_continues names the document of a
-- request that may belong to an earlier taking (a HEAD, a further range, a question whether a copy is
-- still good): where this session has taken these bytes, and p_copy, when given, is that copy's ETag, the
-- request is not counted, up to 500 times a copy. What we draw is drawn anew for every request, so each
-- is a taking. p_changes: the request's method is none that only reads; a preview may not. Called by
-- asCustomer.
create function portal.enter(p_credential bytea, p_action text, p_request text, p_continues uuid default null,
                             p_taken_as text default null, p_copy text default null, p_changes boolean default false)
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
  if p_continues is not null then
    update staff.stamps t set continued = t.continued + 1
     where t.continued < 500 and t.id = (
       select s.id from staff.stamps s
         -- The bytes that are live now: an older revision's copy is not continued, nor a withdrawn one's.
         join portal.documents d on d.id = s.document_id and d.object_sha256 = s.object_sha256
        where s.link_id = c.link_id and s.document_id = p_continues and s.taken_as = p_taken_as
          and (p_copy is null or left(s.object_sha256, 32) || '-' || s.reference = p_copy)
          and s.session_id is not distinct from c.session_id and s.at > now() - interval '12 hours'
        order by s.at desc, s.id desc limit 1);
  end if;
  if p_continues is not null and found then
    update staff.sessions s set last_seen_at = now()
     where s.id = c.session_id and s.last_seen_at < now() - interval '10 seconds';
    return query select 'ok', 0, 0, 0;
    return;
  end if;
  select * into n from portal.count_request(c.link_id);
  if not n.allowed or (n.is_preview and p_changes) then
    perform set_config('counterfoil.credential', '', true);
    perform audit.append(c.org_id, 'customer', c.link_id, c.customer_id, c.contact_id, 'request.refused', null, null,
                         jsonb_build_object('code', case when n.allowed then 'forbidden' else 'rate_limited' end, 'action', p_action));
    return query select case when n.allowed then 'forbidden' else 'rate_limited' end, n.hourly_limit, n.remaining, n.reset_seconds;
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
  if p_action is not null and n.is_preview then
    perform audit.append(c.org_id, 'customer', c.link_id, c.customer_id, c.contact_id, p_action);
  elsif p_action is not null then
    -- As audit.append does, in place.
    insert into audit.events (org_id, actor_kind, actor_id, customer_id, contact_id, action, request_id)
    values (c.org_id, 'customer', c.link_id, c.customer_id, c.contact_id, p_action, nullif(p_request, ''));
  end if;
  return query select 'ok', n.hourly_limit, n.remaining, n.reset_seconds;
end
$$;
--> statement-breakpoint
drop function portal.visit();
--> statement-breakpoint
-- The link that the customer came through, for their own page; and whether it is a member who looks as
-- them. Called by asCustomer.
create function portal.visit()
returns table (scope text, expires_at timestamptz, is_preview boolean)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select l.scope, l.expires_at, l.purpose = 'preview'
    from portal.context() c join staff.access_links l on l.id = c.link_id;
$$;
--> statement-breakpoint
drop function portal.describe_link(uuid);
--> statement-breakpoint
-- Whose link it was, for the signed-out page: names and a date, no address and nothing of the
-- business. The id comes from an HttpOnly cookie that only an exchange sets. Called by asVisitor.
create function portal.describe_link(p_link uuid)
returns table (contact_name text, customer_name text, last4 text, expires_at timestamptz, active boolean, is_preview boolean)
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
           l.revoked_at is null and l.expires_at > now() and c.access = 'allowed' and l.purpose <> 'preview',
           l.purpose = 'preview'
      from staff.access_links l
      join portal.contacts c on c.id = l.contact_id
      join portal.customers b on b.id = l.customer_id
     where l.id = p_link;
end
$$;
--> statement-breakpoint
-- Mints the link through which a member sees the portal as this contact does: single use, 10 minutes,
-- with the scope that staff last gave the person. No row for a contact that is not of the member's org,
-- and for a machine. Called by POST previews.
create function staff.begin_preview(p_link uuid, p_contact uuid, p_token_hash bytea, p_last4 text)
returns table (customer_id uuid, expires_at timestamptz)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  s record;
  c record;
  v_scope text;
begin
  select * into s from staff.context();
  select x.id, x.customer_id into c from portal.contacts x where x.id = p_contact and x.org_id = s.org_id;
  if c.id is null or s.is_service then
    return;
  end if;
  select l.scope into v_scope
    from staff.access_links l
   where l.contact_id = c.id and l.purpose <> 'preview'
   order by l.created_at desc, l.id desc
   limit 1;
  v_scope := coalesce(v_scope, 'all');
  insert into staff.access_links (id, org_id, customer_id, contact_id, token_hash, last4, scope, purpose, created_by, expires_at)
  values (p_link, s.org_id, c.customer_id, c.id, p_token_hash, p_last4, v_scope, 'preview', s.member_id, now() + interval '10 minutes');
  perform audit.append(s.org_id, 'staff', s.member_id, c.customer_id, c.id, 'portal.previewed', 'contact', c.id::text,
                       jsonb_build_object('did', 'link.created', 'link', p_link, 'scope', v_scope));
  return query select c.customer_id, now() + interval '10 minutes';
end
$$;
--> statement-breakpoint
revoke all on function portal.count_request(uuid), portal.enter(bytea, text, text, uuid, text, text, boolean), portal.visit(),
  portal.describe_link(uuid), staff.begin_preview(uuid, uuid, bytea, text) from public;
--> statement-breakpoint
grant execute on function portal.enter(bytea, text, text, uuid, text, text, boolean), portal.visit(), portal.describe_link(uuid)
  to counterfoil_customer;
--> statement-breakpoint
grant execute on function staff.begin_preview(uuid, uuid, bytea, text) to counterfoil_staff;
--> statement-breakpoint
reset role;
