-- What a customer reports: the report, its photos, and what they answer.
set local role counterfoil_owner;
--> statement-breakpoint
-- Opens the context once more for a request that portal.enter has let in and counted, when it had to do
-- something else in between: put a photo's bytes where the row that names them will say they are. What
-- ended meanwhile stays closed. Called by asCustomerStill.
create function portal.resume(p_credential bytea, p_request text)
returns boolean
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  c record;
begin
  perform set_config('counterfoil.request', coalesce(p_request, ''), true),
          set_config('counterfoil.credential', encode(p_credential, 'hex'), true);
  select * into c from portal.context();
  if c.link_id is null then
    perform set_config('counterfoil.credential', '', true);
    return false;
  end if;
  perform set_config('counterfoil.org', c.org_id::text, true);
  return true;
end
$$;
--> statement-breakpoint
-- Who writes: the person of the open context, as they are shown to others; no row while a member looks
-- as them. Called by the functions below.
create function portal.writer()
returns table (org_id uuid, customer_id uuid, contact_id uuid, name text)
language sql stable security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
  select c.org_id, c.customer_id, c.contact_id, coalesce(p.name, p.email)
    from portal.context() c
    join staff.access_links l on l.id = c.link_id and l.purpose <> 'preview'
    join portal.contacts p on p.id = c.contact_id;
$$;
--> statement-breakpoint
-- Writes a report of an order that portal.report_issue has found under the customer's policies. The lock
-- is the org's: a number is given once, and of two submits with one key the second finds the first.
create function portal.keep_issue(p_order uuid, p_key text, p_kind text, p_description text, p_lines int[],
                                  p_email text, p_phone text)
returns table (status text, issue_id uuid)
language plpgsql security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  w record;
  o record;
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
  select r.id into v_id from portal.issue_reports r
   where r.org_id = w.org_id and r.contact_id = w.contact_id and r.idempotency_key = p_key;
  if v_id is not null then
    return query select 'known', v_id;
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
-- `lines_unknown`. The same key again gives the report that it made (`known`), whatever became of the
-- order; for another order it is a `conflict`. Called by asCustomer.
create function portal.report_issue(p_order uuid, p_key text, p_kind text, p_description text, p_lines int[],
                                    p_email text, p_phone text)
returns table (status text, issue_id uuid)
language plpgsql rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  v_order_key text;
  v_key text;
  v_id uuid;
begin
  select o.number_key into v_order_key from portal.orders o where o.id = p_order;
  select r.id, r.order_key into v_id, v_key
    from portal.issue_reports r
   where r.contact_id = (select c.contact_id from portal.context() c) and r.idempotency_key = p_key;
  if v_id is not null then
    if v_order_key <> v_key then
      return query select 'conflict', null::uuid;
    else
      return query select 'known', v_id;
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
-- Whether the report is this customer's, and the event that it was looked at, or in vain. Runs as the
-- customer, so the policy is the check. Called by asCustomer.
create function portal.view_issue(p_issue uuid)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select 1 from portal.issue_reports r where r.id = p_issue) then
    perform portal.audit('request.refused', 'issue', p_issue::text, '{"code": "not_found"}');
    return false;
  end if;
  perform portal.audit('issue.viewed', 'issue', p_issue::text);
  return true;
end
$$;
--> statement-breakpoint
-- Where a photo's bytes are and how they are shown, with the event that they were looked at; no row for
-- one that is not this customer's, or not of this report. Runs as the customer. Called by asCustomer.
create function portal.view_issue_photo(p_issue uuid, p_photo uuid)
returns table (org_id uuid, sha256 text, size bigint, media_type text, file_name text)
language plpgsql rows 1
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
    select p.org_id, p.sha256, p.size, p.media_type, p.file_name
      from portal.issue_photos p where p.issue_id = p_issue and p.id = p_photo;
  if not found then
    perform portal.audit('request.refused', 'issue', p_issue::text, '{"code": "not_found"}');
  else
    perform portal.audit('issue.viewed', 'issue', p_issue::text, jsonb_build_object('photo', p_photo));
  end if;
end
$$;
--> statement-breakpoint
-- What is asked before a photo's bytes are read: whether the report is this customer's and takes photos,
-- in which org's folder they go, and which it has. Runs as the customer. Called by asCustomer.
create function portal.photo_terms(p_issue uuid)
returns table (org_id uuid, is_resolved boolean, photos jsonb)
language plpgsql rows 1
set search_path = pg_catalog, pg_temp
as $$
begin
  return query
    select r.org_id, r.status = 'resolved',
           (select coalesce(jsonb_agg(p.sha256), '[]') from portal.issue_photos p where p.issue_id = r.id)
      from portal.issue_reports r where r.id = p_issue;
  if not found then
    perform portal.audit('request.refused', 'issue', p_issue::text, '{"code": "not_found"}');
  end if;
end
$$;
--> statement-breakpoint
-- Names a photo whose bytes are in the bucket. The report's row is held, so that the sixth of six that
-- come together is `too_many`; bytes that the report has are `known`. No row for a report that is not this
-- customer's. Called by asCustomerStill.
create function portal.add_issue_photo(p_issue uuid, p_sha256 text, p_size bigint, p_media_type text, p_file_name text)
returns table (status text, id uuid, file_name text, size bigint, media_type text)
language plpgsql security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  w record;
  r record;
  v_status text := 'known';
begin
  select * into w from portal.writer();
  select x.id, x.number, x.status into r
    from portal.issue_reports x
   where x.org_id = w.org_id and x.customer_id = w.customer_id and x.id = p_issue
     for update;
  if r.id is null then
    return;
  end if;
  if not exists (select 1 from portal.issue_photos p where p.issue_id = p_issue and p.sha256 = p_sha256) then
    if r.status = 'resolved' then
      return query select 'resolved', null::uuid, null, null::bigint, null;
      return;
    end if;
    if (select count(*) from portal.issue_photos p where p.issue_id = p_issue) >= 5 then
      return query select 'too_many', null::uuid, null, null::bigint, null;
      return;
    end if;
    insert into portal.issue_photos (org_id, customer_id, issue_id, sha256, size, media_type, file_name)
    values (w.org_id, w.customer_id, p_issue, p_sha256, p_size, p_media_type, p_file_name);
    update portal.issue_reports x set changed_at = now() where x.id = p_issue;
    v_status := 'ok';
  end if;
  return query
    select v_status, p.id, p.file_name, p.size, p.media_type
      from portal.issue_photos p where p.issue_id = p_issue and p.sha256 = p_sha256;
  if v_status = 'ok' then
    perform portal.audit('issue.photo_added', 'issue', p_issue::text,
                         jsonb_build_object('number', r.number, 'sha256', p_sha256, 'size', p_size));
  end if;
end
$$;
--> statement-breakpoint
-- A customer's answer: once a key. What waited for it is in progress again, or open where nobody has
-- worked on it so far; what was resolved is open once more. No row for a report that is not this
-- customer's. Called by asCustomer.
create function portal.answer_issue(p_issue uuid, p_key text, p_body text)
returns table (status text, message_id uuid)
language plpgsql security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  w record;
  r record;
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
  select m.id into v_id from portal.issue_messages m
   where m.issue_id = p_issue and m.idempotency_key = p_key and m.contact_id = w.contact_id;
  if v_id is not null then
    return query select 'known', v_id;
    return;
  end if;
  insert into portal.issue_messages (org_id, customer_id, issue_id, author, author_name, contact_id, body, idempotency_key)
  values (w.org_id, w.customer_id, p_issue, 'customer', w.name, w.contact_id, p_body, p_key)
  returning id into v_id;
  v_status := case
    when r.status = 'resolved' then 'open'
    when r.status <> 'waiting_for_customer' then r.status
    when exists (select 1 from portal.issue_messages m where m.issue_id = p_issue and m.author = 'staff')
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
revoke all on function portal.resume(bytea, text), portal.writer(),
  portal.keep_issue(uuid, text, text, text, int[], text, text), portal.report_issue(uuid, text, text, text, int[], text, text),
  portal.view_issue(uuid), portal.view_issue_photo(uuid, uuid), portal.photo_terms(uuid),
  portal.add_issue_photo(uuid, text, bigint, text, text), portal.answer_issue(uuid, text, text) from public;
--> statement-breakpoint
grant execute on function portal.resume(bytea, text),
  portal.keep_issue(uuid, text, text, text, int[], text, text), portal.report_issue(uuid, text, text, text, int[], text, text),
  portal.view_issue(uuid), portal.view_issue_photo(uuid, uuid), portal.photo_terms(uuid),
  portal.add_issue_photo(uuid, text, bigint, text, text), portal.answer_issue(uuid, text, text) to counterfoil_customer;
--> statement-breakpoint
reset role;
