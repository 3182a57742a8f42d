-- What was sent before is what it was: other words under its key are told so, and not thrown away.
set local role counterfoil_owner;
--> statement-breakpoint
-- Writes a report of an order that portal.report_issue has found under the customer's policies. The lock
-- is the org's: a number is given once, and of two submits with one key the second finds the first, as
-- portal.report_issue does.
create or replace function portal.keep_issue(p_order uuid, p_key text, p_kind text, p_description text, p_lines int[],
                                             p_email text, p_phone text)
returns table (status text, issue_id uuid)
language plpgsql security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  w record;
  o record;
  v_status text;
  v_id uuid;
  v_number int;
begin
  select * into w from portal.writer();
  select x.number, x.number_key into o
    from portal.orders x where x.org_id = w.org_id and x.customer_id = w.customer_id and x.id = p_order;
  if o.number is null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('issues ' || w.org_id::text, 0));
  select r.id,
         case when r.order_key <> o.number_key then 'conflict'
              when (r.kind, r.description, r.line_numbers, r.contact_email, r.contact_phone)
                   is distinct from (p_kind, p_description, p_lines, p_email, p_phone) then 'sent_before'
              else 'known' end
    into v_id, v_status
    from portal.issue_reports r
   where r.org_id = w.org_id and r.contact_id = w.contact_id and r.idempotency_key = p_key;
  if v_id is not null then
    return query select v_status, v_id;
    return;
  end if;
  select coalesce(max(r.number), 0) + 1 into v_number from portal.issue_reports r where r.org_id = w.org_id;
  insert into portal.issue_reports (org_id, customer_id, contact_id, number, order_number, order_key, line_numbers, kind,
                                    description, contact_email, contact_phone, idempotency_key)
  values (w.org_id, w.customer_id, w.contact_id, v_number, o.number, o.number_key, p_lines, p_kind,
          p_description, p_email, p_phone, p_key)
  returning id into v_id;
  perform portal.audit('issue.reported', 'issue', v_id::text,
                       jsonb_build_object('number', v_number, 'order', o.number, 'kind', p_kind, 'lines', p_lines));
  perform staff.tell_desk(v_id, 'issue.reported');
  return query select 'ok', v_id;
end
$$;
--> statement-breakpoint
-- Reports an issue with an order. Runs as the customer, so the policies are the check: of an order that is
-- not theirs, or not theirs to see, it is `not_found`; of a line that the order does not show,
-- `lines_unknown`. The same key again gives the report that it made, whatever became of the order: `known`
-- where it says the same, `sent_before` where it says anything else; for another order it is a `conflict`.
-- Called by asCustomer.
create or replace function portal.report_issue(p_order uuid, p_key text, p_kind text, p_description text, p_lines int[],
                                               p_email text, p_phone text)
returns table (status text, issue_id uuid)
language plpgsql rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  v_order_key text;
  r record;
begin
  select o.number_key into v_order_key from portal.orders o where o.id = p_order;
  select x.id, x.order_key,
         (x.kind, x.description, x.line_numbers, x.contact_email, x.contact_phone)
         is not distinct from (p_kind, p_description, p_lines, p_email, p_phone) as is_same
    into r
    from portal.issue_reports x
   where x.contact_id = (select c.contact_id from portal.context() c) and x.idempotency_key = p_key;
  if r.id is not null then
    if v_order_key <> r.order_key then
      return query select 'conflict', null::uuid;
    else
      return query select case when r.is_same then 'known' else 'sent_before' end, r.id;
    end if;
  elsif v_order_key is null then
    perform portal.audit('request.refused', 'order', p_order::text, '{"code": "not_found"}');
    return query select 'not_found', null::uuid;
  elsif exists (select 1 from unnest(p_lines) wanted
                 where not exists (select 1 from portal.order_lines l where l.order_id = p_order and l.line_number = wanted)) then
    return query select 'lines_unknown', null::uuid;
  else
    return query select * from portal.keep_issue(p_order, p_key, p_kind, p_description, p_lines, p_email, p_phone);
  end if;
end
$$;
--> statement-breakpoint
-- A customer's answer: once a key. What waited for it is in progress again, or open where nobody has
-- worked on it so far; what was resolved is open once more. The same key again is `known` where it says the
-- same, and `sent_before` where it says anything else. No row for a report that is not this customer's.
-- Called by asCustomer.
create or replace function portal.answer_issue(p_issue uuid, p_key text, p_body text)
returns table (status text, message_id uuid)
language plpgsql security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  w record;
  r record;
  m record;
  v_id uuid;
  v_status text;
begin
  select * into w from portal.writer();
  select x.id, x.number, x.status into r
    from portal.issue_reports x
   where x.org_id = w.org_id and x.customer_id = w.customer_id and x.id = p_issue
     for update;
  if r.id is null then
    perform portal.audit('request.refused', 'issue', p_issue::text, '{"code": "not_found"}');
    return;
  end if;
  select x.id, x.body into m from portal.issue_messages x
   where x.issue_id = p_issue and x.idempotency_key = p_key and x.contact_id = w.contact_id;
  if m.id is not null then
    return query select case when m.body = p_body then 'known' else 'sent_before' end, m.id;
    return;
  end if;
  insert into portal.issue_messages (org_id, customer_id, issue_id, author, author_name, contact_id, body, idempotency_key)
  values (w.org_id, w.customer_id, p_issue, 'customer', w.name, w.contact_id, p_body, p_key)
  returning id into v_id;
  v_status := case
    when r.status = 'resolved' then 'open'
    when r.status <> 'waiting_for_customer' then r.status
    when exists (select 1 from portal.issue_messages x where x.issue_id = p_issue and x.author = 'staff')
      or exists (select 1 from staff.issue_desks d where d.issue_id = p_issue and d.assignee_id is not null) then 'in_progress'
    else 'open' end;
  update portal.issue_reports x
     set status = v_status, changed_at = now(), resolved_at = case when v_status = 'resolved' then x.resolved_at end
   where x.id = p_issue;
  perform portal.audit('issue.answered', 'issue', p_issue::text,
                       jsonb_build_object('number', r.number, 'message', v_id, 'status', v_status));
  if r.status = 'resolved' then
    perform portal.audit('issue.reopened', 'issue', p_issue::text, jsonb_build_object('number', r.number));
  end if;
  perform staff.tell_desk(p_issue, 'issue.answered');
  return query select 'ok', v_id;
end
$$;
--> statement-breakpoint
drop function portal.describe_link(uuid);
--> statement-breakpoint
-- Whose link it was, for the signed-out page: names, a date and the language that they chose, no address and
-- nothing of the business. The id comes from an HttpOnly cookie that only an exchange sets. Called by
-- asVisitor.
create function portal.describe_link(p_link uuid)
returns table (contact_name text, customer_name text, last4 text, expires_at timestamptz, active boolean, is_preview boolean,
               chosen_language text)
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
           l.purpose = 'preview', c.chosen_language
      from staff.access_links l
      join portal.contacts c on c.id = l.contact_id
      join portal.customers b on b.id = l.customer_id
     where l.id = p_link;
end
$$;
--> statement-breakpoint
revoke all on function portal.describe_link(uuid) from public;
--> statement-breakpoint
grant execute on function portal.describe_link(uuid) to counterfoil_customer;
--> statement-breakpoint
reset role;
