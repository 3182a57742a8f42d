-- Reports of what is wrong with an order, as staff answer them.
set local role counterfoil_owner;
--> statement-breakpoint
-- Why the member who entered may not work on a report; null when they may, and then its row is theirs until
-- the transaction ends. Any person of the org may, and no machine. Called by the functions below.
create function staff.refuse_issue(p_issue uuid, p_action text)
returns text
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service then
    perform staff.audit('request.refused', 'issue', p_issue::text, jsonb_build_object('code', 'forbidden', 'action', p_action));
    return 'forbidden';
  end if;
  perform from portal.issue_reports r where r.id = p_issue and r.org_id = me.org_id for no key update;
  return case when found then null else 'not_found' end;
end
$$;
--> statement-breakpoint
-- Gives a report its status, with its event when that, or the credit note beside it, is another than it was.
-- Only a resolved one has a credit note. Called by the functions below, which hold the row.
create function staff.move_issue(p_issue uuid, p_status text, p_note text, p_note_key text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v portal.issue_reports;
begin
  select * into v from portal.issue_reports r where r.id = p_issue;
  if p_status <> 'resolved' then
    p_note := null;
    p_note_key := null;
  end if;
  if v.status = p_status and v.credit_note_key is not distinct from p_note_key then
    return;
  end if;
  update portal.issue_reports r
     set status = p_status, credit_note_number = p_note, credit_note_key = p_note_key, changed_at = now(),
         resolved_at = case when p_status = 'resolved' then coalesce(r.resolved_at, now()) end
   where r.id = p_issue;
  perform staff.audit('issue.status_changed', 'issue', p_issue::text,
                      jsonb_strip_nulls(jsonb_build_object('number', v.number, 'from', v.status, 'to', p_status, 'creditNote', p_note)),
                      v.customer_id);
end
$$;
--> statement-breakpoint
-- Answers the customer, and mails it to the person who reported it: unless their access is paused or ended, or
-- they want no mail about reports; in the portal it is in any case. The same key again is the same answer.
-- What was open is in progress from then on, unless p_status says otherwise. Called by POST
-- issues/{id}/messages.
create function staff.reply_issue(p_issue uuid, p_body text, p_key text, p_status text default null)
returns table (status text, message_id uuid, is_new boolean)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
  v portal.issue_reports;
  -- A customer's key has no slash: theirs and ours never meet.
  v_key text := 'staff/' || p_key;
  v_refused text := staff.refuse_issue(p_issue, 'issue.replied');
  v_name text;
  v_message uuid;
  v_letter uuid;
begin
  if v_refused is not null then
    return query select v_refused, null::uuid, false;
    return;
  end if;
  select m.id into v_message from portal.issue_messages m where m.issue_id = p_issue and m.idempotency_key = v_key;
  if v_message is not null then
    return query select 'ok', v_message, false;
    return;
  end if;
  select s.member_id, m.name into me from staff.context() s join staff.members m on m.id = s.member_id;
  select * into v from portal.issue_reports r where r.id = p_issue;
  insert into portal.issue_messages (org_id, customer_id, issue_id, author, author_name, member_id, body, idempotency_key)
  values (v.org_id, v.customer_id, p_issue, 'staff', me.name, me.member_id, p_body, v_key)
  returning id into v_message;
  update portal.issue_reports r set changed_at = now() where r.id = p_issue;
  insert into staff.outbox (org_id, event, recipient, contact_id, template, language, params)
  select v.org_id, 'issue.replied/' || v_message, c.email, c.id, 'issue-reply', coalesce(c.chosen_language, c.language),
         jsonb_build_object('issue', p_issue, 'number', v.number, 'order', v.order_number, 'by', me.name, 'body', p_body)
    from portal.contacts c
   where c.org_id = v.org_id and c.id = v.contact_id and c.access = 'allowed' and not 'issues' = any (c.muted_mail)
  on conflict (org_id, event, recipient) do nothing
  returning id into v_letter;
  perform staff.audit('issue.replied', 'issue', p_issue::text,
                      jsonb_strip_nulls(jsonb_build_object('number', v.number, 'message', v_message, 'letter', v_letter)),
                      v.customer_id);
  perform staff.move_issue(p_issue, coalesce(p_status, case when v.status = 'open' then 'in_progress' else v.status end),
                           v.credit_note_number, v.credit_note_key);
  return query select 'ok', v_message, true;
end
$$;
--> statement-breakpoint
-- Notes something that only staff read: the report itself, which its customer reads, stays as it was, to
-- the moment of its last change. Called by POST issues/{id}/notes.
create function staff.note_issue(p_issue uuid, p_body text)
returns table (status text, note_id uuid)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_refused text := staff.refuse_issue(p_issue, 'issue.noted');
  v_note uuid;
  v portal.issue_reports;
begin
  if v_refused is not null then
    return query select v_refused, null::uuid;
    return;
  end if;
  select * into v from portal.issue_reports r where r.id = p_issue;
  insert into staff.issue_notes (org_id, issue_id, member_id, body)
  select v.org_id, p_issue, s.member_id, p_body from staff.context() s
  returning id into v_note;
  perform staff.audit('issue.noted', 'issue', p_issue::text, jsonb_build_object('number', v.number, 'note', v_note), v.customer_id);
  return query select 'ok', v_note;
end
$$;
--> statement-breakpoint
-- The credit notes that a customer can see: the invoice of that kind, or at least its paper. Called by
-- set_issue_status, and by GET issues/{id} to suggest them.
create function staff.credit_notes(p_customer uuid)
returns table (number text, number_key text, issued_on date)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select distinct on (x.number_key) x.number, x.number_key, x.issued_on
    from (
      select i.number, i.number_key, i.issued_on, 1 as place
        from portal.invoices i
       where i.customer_id = p_customer and i.kind = 'credit_note' and not i.held
      union all
      select d.number, d.number_key, d.dated_on, 2
        from portal.documents d
       where d.customer_id = p_customer and d.kind = 'credit_note' and not d.held
    ) x
   order by x.number_key, x.place;
$$;
--> statement-breakpoint
-- Sets a report's status, all of it: a resolved one has the credit note that closed it, as named, or none. A
-- credit note that its customer does not have is `credit_note_unknown`, and changes nothing. Called by PUT
-- issues/{id}/status.
create function staff.set_issue_status(p_issue uuid, p_status text, p_credit_note text default null)
returns table (status text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_refused text := staff.refuse_issue(p_issue, 'issue.status_changed');
  v_customer uuid;
  v_note record;
begin
  if v_refused is not null then
    return query select v_refused;
    return;
  end if;
  select r.customer_id into v_customer from portal.issue_reports r where r.id = p_issue;
  select n.number, n.number_key into v_note
    from staff.credit_notes(v_customer) n where n.number_key = staff.normalise_key(p_credit_note);
  if p_credit_note is not null and v_note.number is null then
    return query select 'credit_note_unknown';
    return;
  end if;
  perform staff.move_issue(p_issue, p_status, v_note.number, v_note.number_key);
  return query select 'ok';
end
$$;
--> statement-breakpoint
-- Says whose a report is to answer: a person's who works for the org, or, null, nobody's. Its customer is not
-- told: the report stays as it was. Called by PUT issues/{id}/assignee.
create function staff.assign_issue(p_issue uuid, p_member uuid)
returns table (status text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_refused text := staff.refuse_issue(p_issue, 'issue.assigned');
  v portal.issue_reports;
  v_before uuid;
begin
  if v_refused is not null then
    return query select v_refused;
    return;
  end if;
  select * into v from portal.issue_reports r where r.id = p_issue;
  if p_member is not null and not exists (
       select 1 from staff.members m
        where m.id = p_member and m.org_id = v.org_id and m.active and m.service_name is null) then
    return query select 'not_found';
    return;
  end if;
  select d.assignee_id into v_before from staff.issue_desks d where d.issue_id = p_issue;
  if v_before is distinct from p_member then
    insert into staff.issue_desks (org_id, issue_id, assignee_id) values (v.org_id, p_issue, p_member)
    on conflict (issue_id) do update set assignee_id = excluded.assignee_id;
    perform staff.audit('issue.assigned', 'issue', p_issue::text,
                        jsonb_build_object('number', v.number, 'member', p_member), v.customer_id);
  end if;
  return query select 'ok';
end
$$;
--> statement-breakpoint
-- Writes to the supplier that a report came in (p_event `issue.reported`) or that its customer wrote again (any
-- other, `issue.answered`): to whoever it is assigned to, else to the org's own address, once for each report
-- and each message. A letter to somebody who works there is in their language. Called by the functions
-- that take a customer's report or answer, as the owner, with the org open and the row written.
create function staff.tell_desk(p_issue uuid, p_event text)
returns void
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v portal.issue_reports;
  v_event text;
  v_template text;
  v_by text;
  v_body text;
begin
  select * into v from portal.issue_reports r where r.id = p_issue;
  if starts_with(p_event, 'issue.reported') then
    v_template := 'issue-reported';
    v_event := 'issue.reported/' || p_issue;
    v_body := v.description;
    select coalesce(c.name, c.email) into v_by from portal.contacts c where c.id = v.contact_id;
  else
    v_template := 'issue-answered';
    select 'issue.answered/' || m.id, m.body, m.author_name into v_event, v_body, v_by
      from portal.issue_messages m
     where m.issue_id = p_issue and m.author = 'customer'
     order by m.created_at desc, m.id desc limit 1;
  end if;
  insert into staff.outbox (org_id, event, recipient, template, language, params)
  select v.org_id, v_event, r.email, v_template, r.language,
         jsonb_build_object('issue', p_issue, 'number', v.number, 'order', v.order_number, 'kind', v.kind,
                            'customer', b.name, 'by', v_by, 'body', v_body)
    from portal.orgs o
    join portal.customers b on b.id = v.customer_id
    left join staff.issue_desks d on d.issue_id = p_issue
    left join staff.members a on a.id = d.assignee_id and a.active and a.email is not null
    left join staff.members m on a.id is null and m.org_id = o.id and m.email = lower(o.contact_email) and m.active
   cross join lateral (
      select coalesce(a.email, o.contact_email) as email, coalesce(a.language, m.language, o.locale) as language) r
   where o.id = v.org_id and r.email is not null and v_event is not null
  on conflict (org_id, event, recipient) do nothing;
end
$$;
--> statement-breakpoint
revoke all on function staff.refuse_issue(uuid, text), staff.move_issue(uuid, text, text, text),
  staff.reply_issue(uuid, text, text, text), staff.note_issue(uuid, text), staff.credit_notes(uuid),
  staff.set_issue_status(uuid, text, text), staff.assign_issue(uuid, uuid), staff.tell_desk(uuid, text) from public;
--> statement-breakpoint
grant execute on function staff.reply_issue(uuid, text, text, text), staff.note_issue(uuid, text), staff.credit_notes(uuid),
  staff.set_issue_status(uuid, text, text), staff.assign_issue(uuid, uuid) to counterfoil_staff;
--> statement-breakpoint
reset role;
