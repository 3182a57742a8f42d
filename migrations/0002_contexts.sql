-- Whose rows a statement may see. Policies call these; so they come before the policies.
set local role counterfoil_owner;
--> statement-breakpoint
revoke all on schema audit, portal, staff from public;
--> statement-breakpoint
-- The customer of the presented credential, and nothing without a live one. The setting holds the
-- SHA-256 of a session's secret or of a token: 256 bits that no query can guess, so naming another
-- customer is impossible, not merely forbidden. Called by every customer policy and by the doors.
create function portal.context()
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
       and c.access = 'allowed';
end
$$;
--> statement-breakpoint
-- The member that staff.enter() let in. Called by every staff policy.
create function staff.context()
returns table (org_id uuid, member_id uuid, role text, is_service boolean)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  entered uuid := nullif(current_setting('counterfoil.member', true), '')::uuid;
begin
  if entered is null then
    return;
  end if;
  return query
    select m.org_id, m.id, m.role, m.service_name is not null
      from staff.members m
     where m.id = entered and m.active;
end
$$;
--> statement-breakpoint
reset role;
