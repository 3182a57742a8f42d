-- What customers are told of: a notification for each thing that happened, and the letters that tell of it.
set local role counterfoil_owner;
--> statement-breakpoint
-- As in 0030, with what the digest tells of, and a statement's letter.
create or replace function staff.mail_topic(p_template text)
returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select case p_template
    when 'documents-ready' then 'documents'
    when 'news' then 'tracking'
    when 'issue-reply' then 'issues'
    when 'change-answered' then 'issues'
    when 'statement-ready' then 'statements' end;
$$;
--> statement-breakpoint
-- What customers were told of already. A notification goes with its order, and the same order may come again.
create table staff.told (
  org_id uuid not null,
  customer_id uuid not null,
  event text not null,
  told_at timestamp with time zone default now() not null,
  constraint told_key primary key (org_id, customer_id, event)
);
--> statement-breakpoint
alter table staff.told enable row level security;
--> statement-breakpoint
alter table staff.told force row level security;
--> statement-breakpoint
create policy owner_open_org on staff.told as permissive for all to counterfoil_owner
  using (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid))
  with check (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
create policy system_all_orgs on staff.told as permissive for all to counterfoil_system using (true) with check (true);
--> statement-breakpoint
-- The job collect-keys forgets what is old.
grant select, delete on staff.told to counterfoil_system;
--> statement-breakpoint
-- What staff last let a person see. Called by tell and news_of, as the owner.
create function staff.scope_of(p_contact uuid)
returns text
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce((
    select l.scope from staff.access_links l
     where l.contact_id = p_contact and l.purpose <> 'preview'
     order by l.created_at desc, l.id desc limit 1), 'all');
$$;
--> statement-breakpoint
-- Whether customers see an order by now: what the policy on orders says, for those whom no credential names.
-- Called by tell and news_of, as the owner.
create function staff.shows_order(p_order uuid)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select exists (
    select 1
      from portal.orders o
      join portal.orgs g on g.id = o.org_id
     cross join lateral (select (now() at time zone g.time_zone)::date as today) d
     where o.id = p_order
       and o.placed_on >= (d.today - make_interval(months => g.order_window_months))::date
       and (o.status is distinct from 'cancelled' or o.cancelled_on >= d.today - g.cancelled_window_days)
       and (o.status is distinct from 'draft' or o.first_shown_at >= now() - make_interval(days => g.draft_window_days)));
$$;
--> statement-breakpoint
-- How much of what an approval told a customer of is there for them by now, and still what it told of: a paper
-- that was replaced since is told of by what replaced it. Called by notice_stands, and to list notifications.
create function portal.ready_of(p_notice portal.notifications)
returns table (documents int, orders int)
language sql stable rows 1
set search_path = pg_catalog, pg_temp
as $$
  select least((p_notice.params->>'documents')::bigint, (
           select count(*) from portal.documents d
            where d.org_id = p_notice.org_id and d.customer_id = p_notice.customer_id
              and d.shown_at = p_notice.created_at and d.served <> 'drawn'))::int,
         (select count(*) from (
           select 1 from portal.orders o
            where o.customer_id = p_notice.customer_id and o.changed_at >= p_notice.created_at
            limit (p_notice.params->>'orders')::bigint) x)::int;
$$;
--> statement-breakpoint
-- Whether what a notification tells of is there for whoever asks: a withdrawn event, paper or statement takes it
-- along, and a request is answered to the person who asked. Called by who reads notifications, a customer or
-- news_of, under their own policies.
create function portal.notice_stands(p_notice portal.notifications)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select case p_notice.kind
    when 'shipment_status' then exists (
      select 1 from portal.tracking_events t
       where t.shipment_id = p_notice.subject::uuid and t.status = p_notice.params->>'status'
         and t.at = (p_notice.params->>'at')::timestamptz)
    when 'documents_ready' then (select r.documents + r.orders > 0 from portal.ready_of(p_notice) r)
    when 'statement_ready' then exists (select 1 from portal.documents d where d.id = p_notice.subject::uuid)
    when 'change_answered' then exists (
      select 1 from portal.change_requests r
       where r.id = p_notice.subject::uuid and r.contact_id = (select c.contact_id from portal.context() c))
    else true end;
$$;
--> statement-breakpoint
-- Tells a customer of something that happened (p_event), once, and gives the notification's id: null when they
-- knew, if only before its order was withdrawn, or when it is about an order that they do not see. p_subject is
-- what it is about: a shipment's, a report's, a request's or a document's id; `at` in p_params is when it happened,
-- where that is not now.
-- What has no letter of its own is mailed to every allowed contact who wants such mail and may see it: a
-- shipment's news join the digest that waits for them, which leaves 10 minutes after its first; a statement
-- leaves at once. What happened more than 3 days ago is mailed to nobody. Called by functions that
-- opened the org, as the owner, and by jobs.
create function staff.tell(
  p_org uuid, p_customer uuid, p_kind text, p_event text, p_order uuid, p_subject text, p_params jsonb, p_financial boolean)
returns uuid
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_template text := case p_kind when 'shipment_status' then 'news' when 'statement_ready' then 'statement-ready' end;
  v_wait interval := case p_kind when 'shipment_status' then interval '10 minutes' else interval '0' end;
  v_notice uuid;
  v_letter uuid;
  c record;
begin
  perform set_config('counterfoil.org', p_org::text, true);
  if p_order is not null and not staff.shows_order(p_order) then
    return null;
  end if;
  insert into staff.told (org_id, customer_id, event) values (p_org, p_customer, p_event) on conflict do nothing;
  if not found then
    return null;
  end if;
  insert into portal.notifications (org_id, customer_id, kind, event, order_id, subject, params, financial)
  values (p_org, p_customer, p_kind, p_event, p_order, p_subject, coalesce(p_params, '{}'), coalesce(p_financial, false))
  on conflict (org_id, customer_id, event) do nothing
  returning id into v_notice;
  if v_notice is null or v_template is null or (p_params->>'at')::timestamptz < now() - interval '3 days' then
    return v_notice;
  end if;

  -- Of two at once, the second finds the letter that the first has made.
  for c in
    select x.id, x.email, x.language from portal.contacts x
     where x.org_id = p_org and x.customer_id = p_customer and x.access = 'allowed'
       and not staff.mail_topic(v_template) = any (x.muted_mail)
       and (not coalesce(p_financial, false) or staff.scope_of(x.id) = 'all')
     order by x.id for no key update
  loop
    v_letter := null;
    if v_template = 'news' then
      -- Held until this commits: nobody writes it without this. One that is being written is not joined.
      select o.id into v_letter from staff.outbox o
       where o.org_id = p_org and o.contact_id = c.id and o.template = v_template and o.state = 'queued'
         and o.attempts = 0 and o.leased_until is null and o.due_at > now()
       order by o.due_at limit 1 for no key update;
    end if;
    if v_letter is null then
      insert into staff.outbox (org_id, event, recipient, contact_id, template, language, due_at)
      values (p_org, v_template || '/' || v_notice, c.email, c.id, v_template, c.language, now() + v_wait)
      on conflict (org_id, event, recipient) do nothing
      returning id into v_letter;
    end if;
    if v_letter is not null then
      insert into staff.notice_letters (org_id, notification_id, contact_id, letter_id)
      values (p_org, v_notice, c.id, v_letter);
    end if;
  end loop;
  return v_notice;
end
$$;
--> statement-breakpoint
-- What goes while its letters still wait, and before any was tried, was told to nobody: it may be told again.
create function staff.untell()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform set_config('counterfoil.org', old.org_id::text, true);
  delete from staff.told t
   where t.org_id = old.org_id and t.customer_id = old.customer_id and t.event = old.event
     -- Nobody takes them up until this commits.
     and (select bool_and(w.state = 'queued' and w.first_tried_at is null and coalesce(w.leased_until <= now(), true))
            from (select o.* from staff.notice_letters l join staff.outbox o on o.id = l.letter_id
                   where l.notification_id = old.id order by o.id for no key update of o) w);
  return old;
end
$$;
--> statement-breakpoint
-- Before its ties to letters go with it.
create trigger notifications_untold before delete on portal.notifications
  for each row execute function staff.untell();
--> statement-breakpoint
-- What a letter tells of, as its reader sees it by now, oldest first; no rows: of nothing. Called by the job
-- deliver-mail.
create function staff.news_of(p_org uuid, p_letter uuid)
returns table (
  kind text, created_at timestamptz, subject text, params jsonb, order_id uuid, order_number text, carrier text, tracking_number text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform set_config('counterfoil.org', p_org::text, true);
  return query
    select n.kind, n.created_at, n.subject, n.params, o.id, o.number, s.carrier, s.tracking_number
      from staff.notice_letters l
      join portal.notifications n on n.id = l.notification_id
      left join portal.orders o on o.id = n.order_id
      left join portal.shipments s on n.kind = 'shipment_status' and s.id::text = n.subject
     where l.org_id = p_org and l.letter_id = p_letter
       and (n.order_id is null or staff.shows_order(n.order_id))
       and (not n.financial or staff.scope_of(l.contact_id) = 'all')
       and portal.notice_stands(n)
     order by o.number, coalesce((n.params->>'at')::timestamptz, n.created_at), n.id;
end
$$;
--> statement-breakpoint
-- A parcel's way is told of step by step: that it moves, once, and every time that it is on the van, there, held
-- up or sent back. What first shows a shipment tells nothing of its past; nor does a correction, which takes
-- one back to before its delivery. A shipment that was withdrawn and comes again has another id and the same key,
-- and tells of the same scan: the first that said so, since carriers say it twice.
create function staff.tell_shipment()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_newest timestamptz;
  v_at timestamptz := case when new.status = 'delivered' then new.delivered_at end;
begin
  perform set_config('counterfoil.org', new.org_id::text, true);
  select t.at into v_newest from portal.tracking_events t
   where t.shipment_id = new.id and t.status = new.status order by t.at > now(), t.at desc limit 1;
  if v_newest is not null and v_at is null then
    select min(t.at) into v_at from portal.tracking_events t
     where t.shipment_id = new.id and t.status = new.status
       and t.at > coalesce((
         select max(x.at) from portal.tracking_events x
          where x.shipment_id = new.id and x.at < v_newest and x.status <> new.status
            -- What a carrier says on the way back changes nothing.
            and (new.status <> 'returned' or x.source = 'staff')), '-infinity');
  end if;
  if v_newest is not null then
    perform staff.tell(new.org_id, new.customer_id, 'shipment_status',
                       concat_ws('/', 'shipment.' || new.status, new.shipment_key,
                                 coalesce(staff.carrier_of(new.carrier), staff.normalise_key(new.carrier)),
                                 case when new.status not in ('picked_up', 'in_transit') then extract(epoch from v_at) end),
                       new.order_id, new.id::text, jsonb_build_object('status', new.status, 'at', v_at), false);
  end if;
  return null;
end
$$;
--> statement-breakpoint
-- The moment in a shipment's id is that of its first approval.
create trigger shipments_told after update of status on portal.shipments
  for each row when (
    new.status <> old.status
    and new.status in ('picked_up', 'in_transit', 'out_for_delivery', 'delivered', 'exception', 'returned')
    and not (old.status in ('delivered', 'returned') and new.status in ('picked_up', 'in_transit', 'out_for_delivery'))
    and uuid_extract_timestamp(new.id) < date_trunc('milliseconds', now()))
  execute function staff.tell_shipment();
--> statement-breakpoint
-- A member's answer to a report, for everybody who reads it.
create function staff.tell_reply()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform staff.tell(r.org_id, r.customer_id, 'issue_replied', 'issue.replied/' || new.id, null, r.id::text,
                     jsonb_build_object('number', r.number, 'order', r.order_number), false)
     from portal.issue_reports r where r.id = new.issue_id;
  return null;
end
$$;
--> statement-breakpoint
create trigger issue_messages_told after insert on portal.issue_messages
  for each row when (new.author = 'staff') execute function staff.tell_reply();
--> statement-breakpoint
create function staff.tell_decision()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform staff.tell(new.org_id, new.customer_id, 'change_answered', 'change.answered/' || new.id, null, new.id::text,
                     jsonb_build_object('change', new.kind, 'status', new.status), false);
  return null;
end
$$;
--> statement-breakpoint
create trigger change_requests_told after update of status on portal.change_requests
  for each row when (old.status = 'open' and new.status <> 'open') execute function staff.tell_decision();
--> statement-breakpoint
-- What an approval writes to the contacts of a customer, it tells the customer: once, wanted as mail or not.
create function staff.tell_documents()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform staff.tell(c.org_id, c.customer_id, 'documents_ready', new.event, null, split_part(new.event, '/', 2), new.params, false)
     from portal.contacts c where c.org_id = new.org_id and c.id = new.contact_id;
  return new;
end
$$;
--> statement-breakpoint
-- By its name before outbox_heeds_contact, which ends letters that are not wanted.
create trigger outbox_announces before insert on staff.outbox
  for each row when (new.template = 'documents-ready' and starts_with(new.event, 'publish.approved/'))
  execute function staff.tell_documents();
--> statement-breakpoint
-- What was told of a publish goes with it, for customers who keep nothing of it.
create function staff.untell_documents()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  delete from portal.notifications n
   using portal.customers b
   where n.org_id = new.org_id and n.kind = 'documents_ready' and n.subject = new.id::text
     and b.org_id = n.org_id and b.id = n.customer_id
     and (new.status = 'withdrawn' or not exists (
            select 1 from staff.publish_items i
             where i.publish_id = new.id and i.kind in ('order', 'document') and i.included and not i.withdrawn
               and i.customer_key = b.code_key));
  return null;
end
$$;
--> statement-breakpoint
create trigger publishes_untold after update of summary on staff.publishes
  for each row when (old.status = 'approved' and new.summary->'withdrawals' is distinct from old.summary->'withdrawals')
  execute function staff.untell_documents();
--> statement-breakpoint
-- What the person who looks was shown of their notifications, until when, is read; with an event where that is
-- news. No row while a member looks as them. Called by POST notifications/read.
create function portal.read_notices(p_until timestamptz)
returns table (read_at timestamptz)
language plpgsql security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  w record;
  v_until timestamptz := least(p_until, now());
begin
  select * into w from portal.writer();
  if w.contact_id is null then
    return;
  end if;
  update portal.contacts c set notices_read_at = v_until where c.id = w.contact_id and c.notices_read_at < v_until;
  if found then
    perform portal.audit('notifications.read', 'contact', w.contact_id::text);
  end if;
  return query select c.notices_read_at from portal.contacts c where c.id = w.contact_id;
end
$$;
--> statement-breakpoint
revoke all on function staff.scope_of(uuid), staff.shows_order(uuid), portal.ready_of(portal.notifications),
  portal.notice_stands(portal.notifications), portal.read_notices(timestamptz),
  staff.tell(uuid, uuid, text, text, uuid, text, jsonb, boolean), staff.untell(), staff.news_of(uuid, uuid),
  staff.tell_shipment(), staff.tell_reply(), staff.tell_decision(), staff.tell_documents(), staff.untell_documents() from public;
--> statement-breakpoint
grant execute on function portal.ready_of(portal.notifications), portal.notice_stands(portal.notifications),
  portal.read_notices(timestamptz) to counterfoil_customer;
--> statement-breakpoint
grant execute on function staff.tell(uuid, uuid, text, text, uuid, text, jsonb, boolean), staff.news_of(uuid, uuid)
  to counterfoil_system;
--> statement-breakpoint
reset role;
