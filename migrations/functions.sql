-- Every function as the migrations leave it, by name: made by worker/test/system/wall-shape.test.ts (vitest with -u at its end),
-- read by people and run by nothing. Who calls one, and who may, stands where its migration made it.

CREATE OR REPLACE FUNCTION audit.append(p_org uuid, p_actor_kind text, p_actor uuid, p_customer uuid, p_contact uuid, p_action text, p_subject_kind text DEFAULT NULL::text, p_subject text DEFAULT NULL::text, p_detail jsonb DEFAULT '{}'::jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION audit.digest_between(p_org uuid, p_from timestamp with time zone, p_until timestamp with time zone)
 RETURNS TABLE(events integer, digest text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform set_config('counterfoil.org', p_org::text, true);
  return query
    select count(*)::int, encode(sha256(coalesce(string_agg(sha256(convert_to(
             jsonb_build_array(e.id, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.org_id,
                               e.actor_kind, e.actor_id, e.customer_id, e.contact_id, e.action,
                               e.subject_kind, e.subject_id, e.detail, e.request_id)::text, 'UTF8')), ''
             order by e.at, e.id), '')), 'hex')
      from audit.events e
     where e.org_id = p_org and e.at > coalesce(p_from, '-infinity') and e.at <= p_until;
end
$function$;

CREATE OR REPLACE FUNCTION audit.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  raise exception 'audit_is_append_only' using errcode = 'CF003';
end
$function$;

CREATE OR REPLACE FUNCTION audit.seal(p_org uuid, p_limit integer)
 RETURNS TABLE(number integer, events integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  last audit.seals;
  v_from timestamptz;
  v_until timestamptz := now() - interval '10 minutes';
  v_full timestamptz;
  v_events int;
  v_digest text;
begin
  perform set_config('counterfoil.org', p_org::text, true);
  perform pg_advisory_xact_lock(hashtextextended('audit.seal ' || p_org::text, 0));
  select * into last from audit.seals s where s.org_id = p_org order by s.number desc limit 1;
  v_from := coalesce(last.up_to, '-infinity');
  select e.at into v_full from audit.events e
   where e.org_id = p_org and e.at > v_from and e.at <= v_until
   order by e.at, e.id offset p_limit - 1 limit 1;
  v_until := coalesce(v_full, v_until);

  select count(*), encode(sha256(string_agg(sha256(convert_to(
           jsonb_build_array(e.id, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.org_id,
                             e.actor_kind, e.actor_id, e.customer_id, e.contact_id, e.action,
                             e.subject_kind, e.subject_id, e.detail, e.request_id)::text, 'UTF8')), ''
           order by e.at, e.id)), 'hex')
    into v_events, v_digest
    from audit.events e
   where e.org_id = p_org and e.at > v_from and e.at <= v_until;
  if v_events = 0 then
    return;
  end if;
  return query
    insert into audit.seals as s (org_id, number, up_to, events, head)
    values (p_org, coalesce(last.number, 0) + 1, v_until, v_events,
            encode(sha256(convert_to(concat_ws('|', coalesce(last.head, ''), coalesce(last.number, 0) + 1,
              to_char(v_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), v_events, v_digest), 'UTF8')), 'hex'))
    returning s.number, s.events;
end
$function$;

CREATE OR REPLACE FUNCTION audit.seals_of(p_org uuid)
 RETURNS SETOF audit.seals
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform set_config('counterfoil.org', p_org::text, true);
  return query select s.* from audit.seals s where s.org_id = p_org order by s.number;
end
$function$;

CREATE OR REPLACE FUNCTION portal.add_issue_photo(p_issue uuid, p_sha256 text, p_size bigint, p_media_type text, p_file_name text)
 RETURNS TABLE(status text, id uuid, file_name text, size bigint, media_type text)
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.answer_issue(p_issue uuid, p_key text, p_body text)
 RETURNS TABLE(status text, message_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.audit(p_action text, p_subject_kind text, p_subject text, p_detail jsonb DEFAULT '{}'::jsonb)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select audit.append(c.org_id, 'customer', c.link_id, c.customer_id, c.contact_id,
                      p_action, p_subject_kind, p_subject, p_detail)
    from portal.context() c;
$function$;

CREATE OR REPLACE FUNCTION portal.balances()
 RETURNS TABLE(currency text, outstanding numeric, overdue numeric, credit numeric)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select x.currency, sum(x.open), coalesce(sum(x.open) filter (where x.status = 'overdue'), 0.00),
         coalesce(-sum(x.open) filter (where x.open < 0), 0.00)
    from portal.open_items() x
   group by x.currency
  having x.currency is not null and bool_and(x.open is not null);
$function$;

CREATE OR REPLACE FUNCTION portal.bytes_sent(p_rows jsonb[])
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select coalesce(sum(octet_length(to_json(x::text)::text)), 0)::bigint from unnest(p_rows) x;
$function$;

CREATE OR REPLACE FUNCTION portal.context()
 RETURNS TABLE(org_id uuid, customer_id uuid, contact_id uuid, link_id uuid, session_id uuid, financials boolean, orders_since date, cancelled_since date, drafts_since timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.count_exported(p_format text, p_codes jsonb, p_is_own boolean, p_email text, p_documents jsonb[])
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  with said as materialized (
    select array(
      select (e->>'taxRate')::numeric
        from unnest(p_documents) d
       cross join jsonb_array_elements(case jsonb_typeof(d->'lines') when 'array' then d->'lines' else '[]' end) e
       where p_format = 'ubl' and e->>'taxRate' is not null
      union
      select k::numeric from jsonb_object_keys(coalesce(p_codes->'taxCodes', '{}')) k
       where p_format = 'ubl' and k ~ '^[0-9]+([.][0-9]+)?$') as rates
  )
  select count(*)::int from unnest(p_documents) d
   where (p_format <> 'ubl' or portal.seller_is_known(p_codes, p_email))
     and portal.is_exported(p_format, p_codes, p_is_own, (select s.rates from said s), d);
$function$;

CREATE OR REPLACE FUNCTION portal.count_request(p_link uuid)
 RETURNS TABLE(allowed boolean, hourly_limit integer, remaining integer, reset_seconds integer, due_renewal boolean, is_preview boolean)
 LANGUAGE plpgsql
 ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.describe_link(p_link uuid)
 RETURNS TABLE(contact_name text, customer_name text, last4 text, expires_at timestamp with time zone, active boolean, is_preview boolean, chosen_language text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.describe_unsubscribe(p_key_hash bytea)
 RETURNS TABLE(topic text, org_code text, org_name text, is_muted boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select k.topic, o.code, o.name, k.topic = any (c.muted_mail)
    from staff.unsubscribe_keys k
    join portal.contacts c on c.id = k.contact_id
    join portal.orgs o on o.id = k.org_id
   where k.key_hash = encode(p_key_hash, 'hex');
$function$;

CREATE OR REPLACE FUNCTION portal.drawing(p_document uuid, p_tells_paid boolean)
 RETURNS jsonb
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select case when d.kind = 'statement' then portal.drawn_statement(d.id) else jsonb_build_object(
           'kind', d.kind, 'number', d.number, 'datedOn', coalesce(d.dated_on, v.issued_on),
           'supplier', jsonb_build_object('name', g.name, 'address', g.address, 'contactEmail', g.contact_email,
                                          'contactPhone', g.contact_phone, 'colour', g.colour),
           'orgCode', g.code, 'hasLogo', g.has_logo,
           'customer', jsonb_build_object('name', b.name, 'code', b.code, 'taxId', b.tax_id, 'country', b.country),
           'language', (select c.language from portal.contacts c limit 1),
           'order', case when o.id is not null then jsonb_build_object(
             'number', o.number, 'placedOn', o.placed_on, 'poNumber', o.po_number,
             'expectedDelivery', o.expected_delivery, 'deliveryAddress', o.delivery_address) end,
           'dueOn', v.due_on, 'credits', (select x.number from portal.invoices x where x.number_key = v.credits_key),
           'currency', case when d.kind = 'order_confirmation' then a.currency else v.currency end,
           'totals', case when d.kind = 'order_confirmation'
             then jsonb_build_object('subtotal', a.subtotal::text, 'tax', a.tax::text, 'shipping', a.shipping::text,
                                     'total', a.total::text, 'paid', null)
             else jsonb_build_object('subtotal', v.net::text, 'tax', v.tax::text, 'shipping', null, 'total', v.total::text,
                                     'paid', case when p_tells_paid then portal.paid_on(array[v.id])->>v.id::text end) end,
           'lines', case when d.kind = 'order_confirmation' then (
             select coalesce(jsonb_agg(jsonb_build_object(
                      'itemCode', l.item_code, 'description', l.description, 'quantity', l.quantity::text, 'unit', l.unit,
                      'unitPrice', m.unit_price::text, 'taxRate', m.tax_rate::text, 'total', m.total::text) order by l.line_number), '[]')
               from portal.order_lines l left join portal.order_line_amounts m on m.line_id = l.id
              where l.order_id = d.order_id) else '[]' end,
           'asOf', to_json(d.shown_at) #>> '{}') end
    from portal.documents d
    join portal.orgs g on true
    join portal.customers b on b.id = d.customer_id
    left join portal.orders o on o.id = d.order_id
    left join portal.order_amounts a on a.order_id = d.order_id
    left join portal.invoices v on d.kind in ('invoice', 'credit_note') and v.number_key = d.number_key
   where d.id = p_document and d.served = 'drawn';
$function$;

CREATE OR REPLACE FUNCTION portal.drawn_statement(p_document uuid)
 RETURNS jsonb
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select portal.letterhead() || jsonb_build_object(
           'kind', 'statement', 'number', d.number, 'statement', portal.statement(s.from_day, s.to_day))
    from portal.documents d
    join portal.statements s on s.document_id = d.id
   where d.id = p_document and d.served = 'drawn' and d.kind = 'statement';
$function$;

CREATE OR REPLACE FUNCTION portal.end_session(p_credential bytea, p_request text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.enter(p_credential bytea, p_action text, p_request text, p_continues uuid DEFAULT NULL::uuid, p_taken_as text DEFAULT NULL::text, p_copy text DEFAULT NULL::text, p_changes boolean DEFAULT false)
 RETURNS TABLE(status text, hourly_limit integer, remaining integer, reset_seconds integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.export_rows(p_from date, p_to date, p_po text, p_customer uuid, p_most integer)
 RETURNS TABLE(document jsonb)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  with named as materialized (
    select o.id from portal.orders o where lower(o.po_number) = lower(p_po)
  ), chosen as materialized (
    select i.id, i.org_id, i.customer_id, i.order_id, i.kind, i.number, i.number_key, i.issued_on, i.due_on, i.currency,
           i.net, i.tax, i.total, i.credits_key, i.held
      from portal.invoices i
     where (p_customer is null or i.customer_id = p_customer)
       and (p_from is null or i.issued_on is null or i.issued_on >= p_from)
       and (p_to is null or i.issued_on is null or i.issued_on <= p_to)
       and (p_po is null or coalesce(i.order_id, (
             select x.order_id from portal.invoices x
              where i.kind = 'credit_note' and x.kind = 'invoice' and x.org_id = i.org_id
                and x.customer_id = i.customer_id and x.number_key = i.credits_key)) in (select n.id from named n))
     order by i.issued_on, i.number_key
     limit p_most + 1
  ), few as materialized (
    select count(*) <= p_most as is_so from chosen
  ), paid as materialized (
    select portal.paid_on(array(select i.id from chosen i)) as by_id
  ), documents as materialized (
    select i.issued_on, i.number_key, jsonb_build_object(
             'kind', i.kind, 'number', i.number, 'issuedOn', i.issued_on, 'dueOn', i.due_on, 'currency', i.currency,
             'net', i.net::text, 'tax', i.tax::text, 'total', i.total::text,
             'paid', (select p.by_id from paid p)->>i.id::text,
             'orderNumber', o.number, 'poNumber', o.po_number, 'credits', x.number,
             'customer', b.customer,
             'lines', l.lines,
             'leftOut', case when i.held then 'held'
                             when i.issued_on is null then 'date'
                             when i.currency is null then 'currency'
                             when i.total is null then 'total'
                             when i.net is null then 'net'
                             when i.tax is null then 'tax'
                             when i.net + i.tax <> i.total then 'sums' end) as document
      from chosen i
     cross join lateral (
        select jsonb_build_object('code', b.code, 'name', b.name, 'taxId', b.tax_id, 'country', b.country,
                 'email', (select c.email from portal.contacts c
                            where c.org_id = i.org_id and c.customer_id = i.customer_id and c.access = 'allowed'
                            order by c.created_at, c.id limit 1)) as customer
          from portal.customers b where b.org_id = i.org_id and b.id = i.customer_id offset 0) b
      left join lateral (
        select x.number, x.order_id from portal.invoices x
         where i.kind = 'credit_note' and x.kind = 'invoice' and x.org_id = i.org_id
           and x.customer_id = i.customer_id and x.number_key = i.credits_key offset 0) x on true
     -- Apart: under row security coalesce() is never an index's condition.
     cross join lateral (select coalesce(i.order_id, x.order_id) as order_id offset 0) k
      left join lateral (
        select o.id, o.number, o.po_number from portal.orders o
         where o.org_id = i.org_id and o.customer_id = i.customer_id and o.id = k.order_id offset 0) o on true
      left join lateral (
        select jsonb_agg(jsonb_build_object(
                 'itemCode', ol.item_code, 'description', ol.description, 'quantity', ol.quantity::text, 'unit', ol.unit,
                 'unitPrice', m.unit_price::text, 'taxRate', m.tax_rate::text, 'total', m.total::text)
                 order by ol.line_number) as lines
          from portal.order_lines ol
          left join portal.order_line_amounts m on m.line_id = ol.id
         where ol.order_id = o.id
        -- A supplier writes what it credits with a minus or without.
        having count(*) > 0 and count(*) = count(m.total)
           and sum(m.total) = case i.kind when 'credit_note' then abs(i.net) else i.net end
      ) l on true
     where (select f.is_so from few f)
  ), light as materialized (
    -- What is far too much is not even given to be counted.
    select coalesce(sum(octet_length(d.document::text)), 0) <= 9000000 as is_so from documents d
  )
  select x.document
    from (select d.document, d.issued_on, d.number_key from documents d where (select l.is_so from light l)
          union all
          select null, null, null from light l where not l.is_so
          union all
          select null, null, null from chosen i where not (select f.is_so from few f)) x
   order by x.issued_on, x.number_key;
$function$;

CREATE OR REPLACE FUNCTION portal.exported_orders(p_from date, p_to date, p_po text, p_customer uuid, p_room bigint)
 RETURNS TABLE(exported jsonb)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  with asked as materialized (
    select coalesce(i.order_id, x.order_id) as id, array_agg(i.net) filter (where i.kind = 'invoice') as nets
      from portal.invoices i
      -- By its key for each: a loop over thousands times thousands ends nowhere.
      left join lateral (
        select y.order_id from portal.invoices y
         where i.kind = 'credit_note' and y.org_id = i.org_id and y.number_key = i.credits_key
           and y.kind = 'invoice' and y.customer_id = i.customer_id offset 0) x on true
     where (p_customer is null or i.customer_id = p_customer)
       and (p_from is null or i.issued_on is null or i.issued_on >= p_from)
       and (p_to is null or i.issued_on is null or i.issued_on <= p_to)
     group by 1
  ), known as materialized (
    select o.id, b.code, o.number, o.placed_on, l.numbers, l.least,
           exists (select from unnest(a.nets) net where not coalesce(l.is_whole and net = l.sum, false)) as is_told
      from asked a
      join portal.orders o on o.id = a.id
      join portal.customers b on b.org_id = o.org_id and b.id = o.customer_id
     cross join lateral (
       select coalesce(jsonb_agg(ol.line_number order by ol.line_number), '[]') as numbers,
              count(*) = count(m.total) as is_whole, sum(m.total) as sum,
              -- A line's names of fields alone are as long.
              sum(150 + octet_length(concat(ol.item_code, ol.description, ol.unit))) as least
         from portal.order_lines ol
         left join portal.order_line_amounts m on m.line_id = ol.id
        where ol.order_id = o.id) l
     where p_po is null or lower(o.po_number) = lower(p_po)
  ), least as materialized (
    -- What is far too much is not even written.
    select coalesce(sum(k.least) filter (where k.is_told), 0) <= p_room as is_so from known k
  ), found as materialized (
    select jsonb_build_object(
             'customerCode', k.code, 'number', k.number, 'placedOn', k.placed_on, 'lineNumbers', k.numbers,
             'lines', case when k.is_told then (
               select jsonb_agg(jsonb_build_object(
                        'lineNumber', ol.line_number, 'itemCode', ol.item_code, 'description', ol.description,
                        'quantity', ol.quantity::text, 'unit', ol.unit, 'unitPrice', m.unit_price::text,
                        'taxRate', m.tax_rate::text, 'total', m.total::text) order by ol.line_number)
                 from portal.order_lines ol
                 left join portal.order_line_amounts m on m.line_id = ol.id
                where ol.order_id = k.id) end) as exported
      from known k
     where (select l.is_so from least l)
  ), light as materialized (
    select (select l.is_so from least l)
           and coalesce(sum(octet_length(to_json(f.exported::text)::text)), 0) <= p_room as is_so from found f
  )
  select f.exported from found f where (select l.is_so from light l)
  union all
  select null from light l where not l.is_so;
$function$;

CREATE OR REPLACE FUNCTION portal.follow(p_credential bytea, p_request text)
 RETURNS TABLE(status text, hourly_limit integer, remaining integer, reset_seconds integer, customer_id uuid, link_id uuid, seconds_left integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.give_feedback(p_about text, p_rating integer, p_comment text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.has_tax_rate(p_net numeric, p_tax numeric, p_rates numeric[])
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select p_tax = 0 or (p_net * p_tax > 0 and coalesce((
    select s.unit = 1 or r.rate / s.unit = any (p_rates)
      from (values (1, 5, 2000), (10, 2, 20000), (100, 0, 1)) s(unit, most, of_net)
     cross join lateral (select round(p_tax * 100 * s.unit / nullif(p_net, 0)) as rate) r
     where r.rate <> 0
       and abs(round(p_net * r.rate / s.unit) - p_tax * 100) <= least(s.most, trunc(abs(p_net) * 100 / s.of_net))
     order by s.unit limit 1), false));
$function$;

CREATE OR REPLACE FUNCTION portal.hold_invoices()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET work_mem TO '32MB'
AS $function$
declare
  v record;
begin
  for v in
    select n.org_id, array_agg(n.id) as orders from now_so n
     where ((n.id, coalesce(n.status, '')) in (select w.id, coalesce(w.status, '') from was_so w)) is not true
     group by n.org_id
  loop
    perform set_config('counterfoil.org', v.org_id::text, true);
    perform staff.hold_papers(v.orders);
  end loop;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION portal.insights(p_from date, p_to date)
 RETURNS TABLE(insights jsonb)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_nestloop TO 'off'
AS $function$
  with days as materialized (
    select coalesce(p_from, (date_trunc('month', d.until) - interval '11 months')::date) as since, d.until, d.time_zone
      from (select coalesce(p_to, greatest((now() at time zone g.time_zone)::date, p_from)) as until, g.time_zone from portal.orgs g) d
  ), bought as materialized (
    select o.id, o.status, o.placed_on, o.expected_delivery, date_trunc('month', o.placed_on)::date as month
      from portal.orders o, days d
     where o.placed_on between d.since and d.until and (o.status is null or o.status not in ('draft', 'cancelled'))
  ), lines as materialized (
    select b.id as order_id, b.month, b.placed_on, a.currency, m.total, l.item_code, l.description, l.quantity, l.unit,
           -- A product without a shown code is what its line says.
           coalesce(l.item_code, l.description) as product
      from bought b
      join portal.order_amounts a on a.order_id = b.id
      join portal.order_lines l on l.order_id = b.id
      join portal.order_line_amounts m on m.line_id = l.id
     where m.total is not null
  ), months as (
    select c.currency, s.month::date as month, coalesce(sum(l.total), 0.00) as spend, count(distinct l.order_id)::int as orders
      from (select distinct x.currency from lines x) c
     cross join days d
     cross join generate_series(date_trunc('month', d.since)::timestamp, d.until::timestamp, interval '1 month') s(month)
      left join lines l on l.currency = c.currency and l.month = s.month::date
     group by c.currency, s.month
  ), products as (
    select l.currency, l.product, (array_agg(l.description order by l.placed_on desc, l.order_id))[1] as description,
           (array_agg(l.item_code order by l.placed_on desc, l.order_id))[1] as item_code,
           sum(l.total) as spend, count(distinct l.order_id)::int as orders,
           case when count(distinct coalesce(l.unit, '')) <= 1 and bool_and(l.quantity is not null) then sum(l.quantity) end as quantity,
           min(l.unit) as unit,
           row_number() over (partition by l.currency order by sum(l.total) desc, l.product) as rank
      from lines l where l.product is not null group by l.currency, l.product
  ), arrived as (
    select b.id, b.expected_delivery,
           max((coalesce(s.delivered_at, (
             select max(e.at) from portal.tracking_events e where e.shipment_id = s.id and e.status = 'delivered')
           ) at time zone d.time_zone)::date) as day
      from bought b join portal.shipments s on s.order_id = b.id cross join days d
     -- One whose only parcel so far came may have more to come.
     where b.expected_delivery is not null and b.status = 'delivered'
     group by b.id, b.expected_delivery
    having bool_and(s.status = 'delivered')
  )
  select jsonb_build_object(
           'from', d.since, 'to', d.until,
           'orders', (select count(*)::int from bought),
           'priced', (select count(distinct l.order_id)::int from lines l),
           'currencies', (
             select coalesce(jsonb_agg(jsonb_build_object(
                      'currency', c.currency, 'spend', c.spend::text,
                      'months', (select jsonb_agg(jsonb_build_object(
                                   'month', to_char(m.month, 'YYYY-MM'), 'spend', m.spend::text, 'orders', m.orders) order by m.month)
                                   from months m where m.currency = c.currency),
                      'products', (select coalesce(jsonb_agg(jsonb_build_object(
                                     'itemCode', p.item_code, 'description', p.description, 'spend', p.spend::text,
                                     'orders', p.orders, 'quantity', p.quantity::text, 'unit', p.unit) order by p.rank), '[]')
                                     from products p where p.currency = c.currency and p.rank <= 20),
                      'others', (select jsonb_build_object('count', count(*)::int, 'spend', coalesce(sum(p.spend), 0.00)::text)
                                   from products p where p.currency = c.currency and p.rank > 20)) order by c.currency), '[]')
               from (select l.currency, sum(l.total) as spend from lines l group by l.currency) c),
           'deliveries', (
             select jsonb_build_object('count', count(*)::int,
                                       'onTime', count(*) filter (where x.day <= x.expected_delivery)::int)
               from arrived x where x.day is not null))
    from days d
   where (select c.financials from portal.context() c);
$function$;

CREATE OR REPLACE FUNCTION portal.is_exported(p_format text, p_codes jsonb, p_is_own boolean, p_rates numeric[], d jsonb)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select case
    when p_format = 'csv' then d->>'leftOut' is distinct from 'held'
    when d->>'leftOut' is not null then false
    when p_format = 'quickbooks' then not p_is_own or (d->>'kind' = 'invoice' and (d->>'total')::numeric >= 0)
    when p_format = 'sage50' then (d->>'net')::numeric * (d->>'tax')::numeric >= 0
                                  and (p_is_own or d->'customer'->>'code' ~ '^[^ ]{1,8}$')
                                  and char_length(d->>'number') <= 30
    when p_format = 'ubl' then (
      select (x.by_lines or portal.has_tax_rate(b.net, b.tax, p_rates))
             and (coalesce(own.codes->>'buyerEndpoint' ~ '^[0-9A-Z]{2,4}:.', false) or d->'customer'->>'email' is not null)
             and coalesce(coalesce(own.codes->>'buyerCountry', d->'customer'->>'country') ~ '^[A-Z]{2}$', false)
             -- Who owes the tax in reverse is named by its number.
             and (coalesce(upper(p_codes->'taxCodes'->>'0'), '') <> 'AE'
                  or not case when x.by_lines then x.has_zero else b.tax = 0 end
                  or coalesce(coalesce(own.codes->>'buyerTaxId', d->'customer'->>'taxId') ~ '[0-9A-Za-z]', false))
        from (select case when p_is_own then p_codes else '{}' end as codes) own
       cross join lateral (
         select case when d->>'kind' = 'credit_note' then -1 else 1 end as sign,
                case when d->>'kind' = 'credit_note' and d->>'total' !~ '^-' then -1 else 1 end as turn) v
       cross join lateral (select v.turn * (d->>'net')::numeric as net, v.turn * (d->>'tax')::numeric as tax) b
       cross join lateral (
         select count(*) > 0 and count(*) = count(l.rate) and sum(l.net) = b.net
                and abs(b.tax - sum(round(l.net * l.rate / 100, 2))) <= 0.01 * count(*)
                and (b.tax = 0 or bool_or(l.net * l.rate <> 0)) as by_lines, bool_or(l.rate = 0) as has_zero
           from (select v.sign * (e->>'total')::numeric as net, (e->>'taxRate')::numeric as rate
                   from jsonb_array_elements(case jsonb_typeof(d->'lines') when 'array' then d->'lines' else '[]' end) e) l) x)
    else true end;
$function$;

CREATE OR REPLACE FUNCTION portal.items_of(p_org uuid, p_customer uuid, p_tells_paid boolean, p_until date)
 RETURNS TABLE(kind text, id uuid, number text, number_key text, on_day date, due_on date, currency text, order_id uuid, credits_key text, amount numeric, paid numeric, credited numeric, open numeric, status text, days_late integer)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_nestloop TO 'off'
 SET enable_hashagg TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
  with today as materialized (
    select coalesce(p_until, (now() at time zone o.time_zone)::date) as day from portal.orgs o where o.id = p_org
  ), allocated as materialized (
    select a.payment_id, a.invoice_key,
           case when b.kind = 'credit_note' then -abs(a.amount) else a.amount end as amount,
           coalesce(b.currency = m.currency, false) as applies
      from portal.payment_allocations a
      join portal.payments m on m.id = a.payment_id
      left join portal.invoices b on b.org_id = p_org and b.customer_id = p_customer and b.number_key = a.invoice_key and not b.held
       and (p_until is null or b.issued_on is null or b.issued_on <= p_until)
     where a.org_id = p_org and a.customer_id = p_customer
       and m.org_id = p_org and m.customer_id = p_customer and (p_until is null or m.paid_on <= p_until)
  ), settled as materialized (
    -- Whether a payment names it does not depend on the day: else what its row says was paid would be owed again
    -- on the day that the payment came.
    select b.kind, b.id, b.number, b.number_key, b.issued_on, b.due_on, b.currency, b.order_id, b.credits_key,
           case b.kind when 'credit_note' then -abs(b.total) else b.total end as amount,
           case when s.amount is not null then s.amount
                when b.paid is null or b.number_key in (
                  select a.invoice_key from portal.payment_allocations a where a.org_id = p_org and a.customer_id = p_customer) then 0
                when b.kind = 'credit_note' then -abs(b.paid) else b.paid end as settled
      from portal.invoices b
      left join (
        select a.invoice_key, coalesce(sum(a.amount) filter (where a.applies), 0) as amount
          from allocated a group by a.invoice_key) s on s.invoice_key = b.number_key
     where b.org_id = p_org and b.customer_id = p_customer and not b.held
       and (p_until is null or b.issued_on is null or b.issued_on <= p_until)
  ), given as materialized (
    select c.id, i.id as invoice_id,
           least(c.settled - c.amount, greatest(0, i.amount - i.settled - coalesce(
             sum(c.settled - c.amount) over (
               partition by i.id order by c.issued_on, c.number_key
               rows between unbounded preceding and 1 preceding), 0))) as amount
      from settled c
      join settled i on i.number_key = c.credits_key and i.currency = c.currency
     where c.kind = 'credit_note' and c.settled > c.amount
       and i.kind = 'invoice' and i.amount > i.settled
  ), items as (
    select s.kind, s.id, s.number, s.number_key, s.issued_on as on_day, s.due_on, s.currency, s.order_id, s.credits_key,
           s.amount, s.settled as paid, coalesce(g.amount, 0) as credited
      from settled s
      left join (
        select x.id, -x.amount as amount from given x
        union all
        select x.invoice_id, sum(x.amount) from given x group by x.invoice_id) g on g.id = s.id
    union all
    select 'payment', m.id, m.number, m.number_key, m.paid_on, null, m.currency, null, null,
           -m.amount, -coalesce(a.amount, 0), 0
      from portal.payments m
      left join (
        select x.payment_id, sum(x.amount) filter (where x.applies) as amount
          from allocated x group by x.payment_id) a on a.payment_id = m.id
     where m.org_id = p_org and m.customer_id = p_customer and (p_until is null or m.paid_on <= p_until)
  ), told as (
    select x.kind, x.id, x.number, x.number_key, x.on_day, x.due_on, x.currency, x.order_id, x.credits_key, x.amount,
           case when p_tells_paid and x.amount is not null then x.paid end as paid,
           case when p_tells_paid and x.amount is not null then x.credited end as credited,
           case when p_tells_paid then x.amount - x.paid - x.credited end as open
      from items x
     -- Else each of these is computed again wherever it is named below.
    offset 0
  )
  select x.kind, x.id, x.number, x.number_key, x.on_day, x.due_on, x.currency, x.order_id, x.credits_key,
         x.amount, x.paid, x.credited, x.open,
         case when x.open is null then null
              when x.kind = 'credit_note' then case when x.open < 0 then 'open' else 'credited' end
              when x.kind = 'payment' then case when x.open < 0 then 'open' else 'paid' end
              when x.open <= 0 and x.credited > 0 and x.credited >= x.amount then 'credited'
              when x.open <= 0 then 'paid'
              when x.due_on < (select d.day from today d) then 'overdue'
              else 'open' end,
         case when x.kind = 'invoice' and x.open > 0 and x.due_on < (select d.day from today d) then (select d.day from today d) - x.due_on end
    from told x;
$function$;

CREATE OR REPLACE FUNCTION portal.keep_issue(p_order uuid, p_key text, p_kind text, p_description text, p_lines integer[], p_email text, p_phone text)
 RETURNS TABLE(status text, issue_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.letterhead()
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select jsonb_build_object(
           'supplier', jsonb_build_object('name', g.name, 'address', g.address, 'contactEmail', g.contact_email,
                                          'contactPhone', g.contact_phone, 'colour', g.colour),
           'orgCode', g.code, 'hasLogo', g.has_logo,
           'customer', jsonb_build_object('name', b.name, 'code', b.code, 'taxId', b.tax_id, 'country', b.country),
           'language', (select c.language from portal.contacts c limit 1),
           'asOf', to_json(coalesce(g.published_at, now())) #>> '{}')
    from portal.orgs g, portal.customers b;
$function$;

CREATE OR REPLACE FUNCTION portal.lines_of_invoice(p_invoice uuid)
 RETURNS uuid
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select o.id from portal.invoices i
    join portal.orders o on o.id = i.order_id
    left join portal.order_amounts a on a.order_id = o.id
   where i.id = p_invoice and i.kind = 'invoice'
     and case when a.total is not null and i.total is not null then (a.total, a.currency) = (i.total, i.currency)
              else i.net is null or not exists (
                select 1 from portal.order_lines l
                  left join portal.order_line_amounts m on m.line_id = l.id
                 where l.order_id = o.id
                having count(*) = count(m.total) and sum(m.total) <> i.net) end
     and not exists (select 1 from portal.invoices x where x.order_id = o.id and x.kind = 'invoice' and x.id <> i.id);
$function$;

CREATE OR REPLACE FUNCTION portal.list_invoices(p_kind text, p_statuses text[], p_like text, p_from date, p_to date, p_key text, p_id uuid)
 RETURNS TABLE(invoices jsonb, totals jsonb)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_nestloop TO 'off'
AS $function$
  with found as materialized (
    select x.*, o.number as order_number, o.id as shown_order
      from portal.open_items() x
      left join portal.orders o on o.id = x.order_id
     where x.kind in ('invoice', 'credit_note')
       and (p_kind is null or x.kind = p_kind)
       and (p_statuses is null or x.status = any (p_statuses))
       and (p_like is null or x.number ilike p_like or o.number ilike p_like or o.po_number ilike p_like)
       and (p_from is null or x.on_day >= p_from)
       and (p_to is null or x.on_day <= p_to)
  ), page as (
    select f.* from found f
     where p_id is null
        or case when p_key = 'none' then f.on_day is null and f.id < p_id
                else f.on_day is null or (f.on_day, f.id) < (p_key::date, p_id) end
     order by f.on_day desc nulls last, f.id desc
     limit 21
  ), summed as (
    select f.currency, count(*)::int as count,
           case when bool_and(f.amount is not null) then sum(f.amount)::text end as total,
           case when bool_and(f.open is not null) then sum(f.open)::text end as open
      from found f where f.currency is not null group by f.currency
  )
  select (
    select coalesce(jsonb_agg(jsonb_build_object(
             'id', p.id, 'number', p.number, 'kind', p.kind, 'issuedOn', p.on_day, 'dueOn', p.due_on,
             'currency', p.currency, 'total', p.amount::text, 'open', p.open::text,
             'status', p.status, 'daysLate', p.days_late,
             'orderId', p.shown_order, 'orderNumber', p.order_number,
             'documentId', (select d.id from portal.documents d where d.kind = p.kind and d.number_key = p.number_key),
             'credits', (select jsonb_build_object('id', i.id, 'number', i.number)
                           from portal.invoices i where p.kind = 'credit_note' and i.number_key = p.credits_key))
             order by p.on_day desc nulls last, p.id desc), '[]')
      from page p), (
    select coalesce(jsonb_agg(jsonb_build_object(
             'currency', t.currency, 'count', t.count, 'total', t.total, 'open', t.open) order by t.currency), '[]')
      from summed t);
$function$;

CREATE OR REPLACE FUNCTION portal.list_orders(p_statuses text[], p_like text, p_from date, p_to date, p_sort text, p_key text, p_id uuid)
 RETURNS TABLE(id uuid, number text, placed_on date, status text, items_count integer, po_number text, expected_delivery date, currency text, total numeric, documents integer, tracking_number text, sort_key text)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_bitmapscan TO 'off'
AS $function$
declare
  v_before date := case when p_sort = 'newest' then coalesce(p_key, 'infinity')::date end;
  v_before_id uuid := coalesce(p_id, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  -- Larger is shown first, whatever is asked for.
  v_rank numeric := case
    when p_key is null or p_key = 'none' then null
    when p_sort = 'newest' then p_key::date - date '2000-01-01'
    when p_sort = 'total' then p_key::numeric
    else date '2000-01-01' - p_key::date end;
begin
  if p_sort = 'newest' and p_like is null and p_from is null and p_to is null then
    return query
      select o.id, o.number, o.placed_on, o.status, o.items_count, o.po_number, o.expected_delivery,
             a.currency, a.total,
             (select count(*)::int from portal.documents d where d.order_id = o.id),
             (select s.tracking_number from portal.shipments s
               where s.order_id = o.id order by s.shipped_on desc nulls last, s.id desc limit 1),
             o.placed_on::text
        from (
          select x.id, x.number, x.placed_on, x.status, x.items_count, x.po_number, x.expected_delivery
            from portal.orders x
           where (x.placed_on, x.id) < (v_before, v_before_id)
             and (p_statuses is null or x.status = any (p_statuses))
           order by x.placed_on desc, x.id desc
           limit 21
        ) o
        left join portal.order_amounts a on a.order_id = o.id
       order by o.placed_on desc, o.id desc;
    return;
  end if;
  return query
    with named as materialized (
      select d.order_id from portal.documents d
       where p_like is not null and d.number ilike p_like and d.order_id is not null
    ), found as materialized (
      select x.id, x.number, x.placed_on, x.status, x.items_count, x.po_number, x.expected_delivery,
             case p_sort
               when 'newest' then x.placed_on - date '2000-01-01'
               when 'oldest' then date '2000-01-01' - x.placed_on
               -- What has come, or never will, is expected no more.
               when 'delivery' then case when x.status in ('delivered', 'cancelled') then null
                                         else date '2000-01-01' - x.expected_delivery end
               when 'total' then (select a.total from portal.order_amounts a where a.order_id = x.id)
             end::numeric as rank
        from portal.orders x
       where (p_statuses is null or x.status = any (p_statuses))
         and (p_from is null or x.placed_on >= p_from)
         and (p_to is null or x.placed_on <= p_to)
         and (p_like is null or x.number ilike p_like or x.po_number ilike p_like
              or x.id in (select n.order_id from named n))
    ), page as (
      select f.* from found f
       where p_id is null
          or case when v_rank is null then f.rank is null and f.id < p_id
                  else f.rank is null or (f.rank, f.id) < (v_rank, p_id) end
       order by f.rank desc nulls last, f.id desc
       limit 21
    )
    select o.id, o.number, o.placed_on, o.status, o.items_count, o.po_number, o.expected_delivery,
           a.currency, a.total,
           (select count(*)::int from portal.documents d where d.order_id = o.id),
           (select s.tracking_number from portal.shipments s
             where s.order_id = o.id order by s.shipped_on desc nulls last, s.id desc limit 1),
           case when o.rank is null then 'none'
                when p_sort = 'total' then o.rank::text
                when p_sort = 'delivery' then o.expected_delivery::text
                else o.placed_on::text end
      from page o
      left join portal.order_amounts a on a.order_id = o.id
     order by o.rank desc nulls last, o.id desc;
end
$function$;

CREATE OR REPLACE FUNCTION portal.list_payments(p_from date, p_to date, p_day date, p_id uuid)
 RETURNS TABLE(payments jsonb, totals jsonb)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  with found as materialized (
    select x.id, x.number, x.on_day, x.currency, -x.amount as amount, -x.open as unallocated
      from portal.open_items() x
     where x.kind = 'payment'
       and (p_from is null or x.on_day >= p_from)
       and (p_to is null or x.on_day <= p_to)
  ), page as (
    select f.* from found f
     where p_id is null or (f.on_day, f.id) < (p_day, p_id)
     order by f.on_day desc, f.id desc
     limit 21
  ), summed as (
    select f.currency, count(*)::int as count, sum(f.amount)::text as amount,
           case when bool_and(f.unallocated is not null) then sum(f.unallocated)::text end as unallocated
      from found f group by f.currency
  )
  select (
    select coalesce(jsonb_agg(jsonb_build_object(
             'id', p.id, 'number', p.number, 'paidOn', p.on_day, 'currency', p.currency, 'amount', p.amount::text,
             'method', m.method, 'reference', m.reference, 'unallocated', p.unallocated::text,
             'allocations', (
               select coalesce(jsonb_agg(jsonb_build_object(
                        'invoiceNumber', a.invoice_number, 'invoiceId', i.id, 'amount', a.amount::text)
                        order by i.issued_on, a.invoice_key), '[]')
                 from portal.payment_allocations a
                 left join portal.invoices i on i.number_key = a.invoice_key
                where a.payment_id = p.id))
             order by p.on_day desc, p.id desc), '[]')
      from page p join portal.payments m on m.id = p.id), (
    select coalesce(jsonb_agg(jsonb_build_object(
             'currency', t.currency, 'count', t.count, 'amount', t.amount, 'unallocated', t.unallocated)
             order by t.currency), '[]')
      from summed t);
$function$;

CREATE OR REPLACE FUNCTION portal.note_broken_statement(p_credential bytea, p_detail text, p_request text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  c record;
begin
  perform set_config('counterfoil.request', coalesce(p_request, ''), true),
          set_config('counterfoil.credential', encode(p_credential, 'hex'), true);
  select * into c from portal.context();
  perform set_config('counterfoil.credential', '', true);
  if c.link_id is null or not c.financials then
    return;
  end if;
  perform set_config('counterfoil.org', c.org_id::text, true);
  perform staff.raise_broken_statement(c.org_id, c.customer_id, left(p_detail, 40));
end
$function$;

CREATE OR REPLACE FUNCTION portal.note_missing(p_credential bytea, p_document uuid, p_request text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  perform staff.raise_alert(c.org_id, 'document_missing', d.id)
     from portal.documents d where d.org_id = c.org_id and d.customer_id = c.customer_id and d.id = p_document;
  perform audit.append(c.org_id, 'customer', c.link_id, c.customer_id, c.contact_id, 'document.missing', 'document', p_document::text);
end
$function$;

CREATE OR REPLACE FUNCTION portal.note_refusal(p_credential bytea, p_action text)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.note_status()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  new.status_at := now();
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION portal.note_taken(p_documents uuid[], p_taken_as text)
 RETURNS TABLE(document_id uuid, reference text, at timestamp with time zone, link_last4 text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  c record;
begin
  select * into c from portal.context();
  return query
    with taken as (
      insert into staff.stamps (org_id, reference, document_id, kind, number, order_number, object_sha256, taken_as,
                                customer_id, contact_id, link_id, session_id, request_id)
      select c.org_id,
             upper(regexp_replace(translate(right(gen_random_uuid()::text, 12) || left(gen_random_uuid()::text, 4), '-', ''),
                                  '(....)(....)(....)(....)', '\1-\2-\3-\4')),
             d.id, d.kind, d.number, o.number, d.object_sha256, p_taken_as,
             c.customer_id, c.contact_id, c.link_id, c.session_id, nullif(current_setting('counterfoil.request', true), '')
        from portal.documents d
        left join portal.orders o on o.org_id = d.org_id and o.id = d.order_id
       where d.org_id = c.org_id and d.customer_id = c.customer_id and d.id = any (p_documents)
      returning stamps.document_id, stamps.reference, stamps.at
    ), told as (
      select t.*, audit.append(c.org_id, 'customer', c.link_id, c.customer_id, c.contact_id,
               case p_taken_as when 'inline' then 'document.viewed' else 'document.downloaded' end, 'document', t.document_id::text,
               jsonb_strip_nulls(jsonb_build_object(
                 'reference', t.reference, 'sha256', d.object_sha256,
                 'unstamped', case when d.served <> 'stamped' and d.served <> 'drawn' then d.served end,
                 'zip', case when p_taken_as = 'zip' then true end)))
        from taken t join portal.documents d on d.org_id = c.org_id and d.id = t.document_id
    )
    select t.document_id, t.reference, t.at, l.last4
      from told t join staff.access_links l on l.id = c.link_id;
end
$function$;

CREATE OR REPLACE FUNCTION portal.notice_stands(p_notice portal.notifications)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.open_items(p_until date DEFAULT NULL::date)
 RETURNS TABLE(kind text, id uuid, number text, number_key text, on_day date, due_on date, currency text, order_id uuid, credits_key text, amount numeric, paid numeric, credited numeric, open numeric, status text, days_late integer)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select x.kind, x.id, x.number, x.number_key, x.on_day, x.due_on, x.currency, x.order_id, x.credits_key,
         x.amount, x.paid, x.credited, x.open,
         case when x.kind = 'invoice' and x.amount < 0 and x.open < 0 then 'open'
              when x.kind = 'invoice' and x.amount < 0 and x.open = 0 then 'credited'
              else x.status end, x.days_late
    from portal.context() c
   cross join lateral portal.items_of(c.org_id, c.customer_id, portal.tells_paid(), p_until) x;
$function$;

CREATE OR REPLACE FUNCTION portal.open_link(p_token bytea, p_session bytea, p_request text)
 RETURNS TABLE(status text, link_id uuid, hourly_limit integer, remaining integer, reset_seconds integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  select k.*, c.access, c.visited_at into l
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
  insert into staff.sessions (org_id, link_id, secret_hash, new_since)
  values (l.org_id, l.id, p_session, case when l.purpose <> 'preview' then l.visited_at end);
  if l.purpose <> 'preview' then
    update portal.contacts c set visited_at = now() where c.id = l.contact_id;
  end if;
  update staff.access_links k
     set opened_at = coalesce(k.opened_at, now())
   where k.id = l.id;
  perform portal.renew_link(l.id);
  perform audit.append(l.org_id, 'customer', l.id, l.customer_id, l.contact_id, 'link.opened', 'link', l.id::text);
  return query select 'ok', l.id, n.hourly_limit, n.remaining, n.reset_seconds;
end
$function$;

CREATE OR REPLACE FUNCTION portal.order_around(p_order uuid)
 RETURNS TABLE(kinds text[], previous jsonb, next jsonb, credit_notes jsonb)
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_bitmapscan TO 'off'
AS $function$
declare
  v_placed date := (select x.placed_on from portal.orders x where x.id = p_order);
begin
  if v_placed is null then
    return;
  end if;
  return query select
    portal.shown_kinds(),
    (select jsonb_build_object('id', o.id, 'number', o.number) from portal.orders o
      where (o.placed_on, o.id) > (v_placed, p_order)
      order by o.placed_on, o.id limit 1),
    (select jsonb_build_object('id', o.id, 'number', o.number) from portal.orders o
      where (o.placed_on, o.id) < (v_placed, p_order)
      order by o.placed_on desc, o.id desc limit 1),
    (select coalesce(jsonb_agg(jsonb_build_object(
              'id', n.id, 'number', n.number, 'issuedOn', n.issued_on, 'currency', n.currency, 'total', (-abs(n.total))::text,
              'documentId', (select d.id from portal.documents d
                              where d.kind = 'credit_note' and d.number_key = n.number_key))
              order by n.issued_on desc nulls last, n.number_key), '[]')
       from portal.invoices n
      where n.kind = 'credit_note'
        and (n.order_id = p_order
             or n.credits_key in (select i.number_key from portal.invoices i
                                   where i.kind = 'invoice' and i.order_id = p_order)));
end
$function$;

CREATE OR REPLACE FUNCTION portal.pack_fits(p_from date, p_to date, p_po text, p_max_documents integer, p_max_bytes bigint)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select count(*) <= p_max_documents and coalesce(sum(x.object_size), 0) <= p_max_bytes
    from (select d.object_size from portal.documents d cross join portal.orgs o
           where (p_po is null or d.order_id in (select x.id from portal.orders x where lower(x.po_number) = lower(p_po)))
             and (p_from is null or coalesce(d.dated_on, (d.shown_at at time zone o.time_zone)::date) >= p_from)
             and (p_to is null or coalesce(d.dated_on, (d.shown_at at time zone o.time_zone)::date) <= p_to)
           limit p_max_documents + 1) x;
$function$;

CREATE OR REPLACE FUNCTION portal.paid_on(p_invoices uuid[])
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select jsonb_object_agg(i.id, (
           case when i.total is null then null
                when a.named = 0 then i.paid
                when i.kind <> 'credit_note' then a.amount
                else a.absolute * case when i.total < 0 then -1 else 1 end end)::text)
    from unnest(p_invoices) p(id)
    join portal.invoices i on i.id = p.id
   cross join lateral (
      select count(*) as named,
             coalesce(sum(x.amount) filter (where m.currency = i.currency), 0.00) as amount,
             coalesce(sum(abs(x.amount)) filter (where m.currency = i.currency), 0.00) as absolute
        from portal.payment_allocations x
        join portal.payments m on m.id = x.payment_id
       where x.org_id = i.org_id and x.customer_id = i.customer_id and x.invoice_key = i.number_key) a;
$function$;

CREATE OR REPLACE FUNCTION portal.photo_terms(p_issue uuid)
 RETURNS TABLE(org_id uuid, is_resolved boolean, photos jsonb)
 LANGUAGE plpgsql
 ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  return query
    select r.org_id, r.status = 'resolved',
           (select coalesce(jsonb_agg(p.sha256), '[]') from portal.issue_photos p where p.issue_id = r.id)
      from portal.issue_reports r where r.id = p_issue;
  if not found then
    perform portal.audit('request.refused', 'issue', p_issue::text, '{"code": "not_found"}');
  end if;
end
$function$;

CREATE OR REPLACE FUNCTION portal.po_papers(p_po text)
 RETURNS TABLE(id uuid, object_size bigint)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  with named as materialized (select o.id from portal.orders o where lower(o.po_number) = lower(p_po))
  select d.id, d.object_size from portal.documents d where d.order_id in (select n.id from named n)
  union
  select d.id, d.object_size
    from portal.invoices x
    join portal.invoices c on c.kind = 'credit_note' and c.credits_key = x.number_key and c.order_id is null
    join portal.documents d on d.kind = 'credit_note' and d.number_key = c.number_key
   where x.kind = 'invoice' and x.order_id in (select n.id from named n);
$function$;

CREATE OR REPLACE FUNCTION portal.read_invoice(p_invoice uuid)
 RETURNS TABLE(invoice jsonb, payments jsonb, credit_notes jsonb, credits jsonb)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_nestloop TO 'off'
AS $function$
  with items as materialized (
    select x.* from portal.open_items() x where x.kind in ('invoice', 'credit_note')
  )
  select jsonb_build_object(
           'id', x.id, 'number', x.number, 'kind', x.kind, 'issuedOn', x.on_day, 'dueOn', x.due_on,
           'currency', x.currency,
           'net', case x.kind when 'credit_note' then -abs(i.net) else i.net end::text,
           'tax', case x.kind when 'credit_note' then -abs(i.tax) else i.tax end::text,
           'total', x.amount::text, 'paid', x.paid::text, 'credited', x.credited::text, 'open', x.open::text,
           'status', x.status, 'daysLate', x.days_late,
           'orderId', o.id, 'orderNumber', o.number, 'poNumber', o.po_number), (
    select coalesce(jsonb_agg(jsonb_build_object(
             'id', m.id, 'number', m.number, 'paidOn', m.paid_on, 'currency', m.currency, 'amount', a.amount::text,
             'method', m.method, 'reference', m.reference) order by m.paid_on, m.number_key), '[]')
      from portal.payment_allocations a join portal.payments m on m.id = a.payment_id
     where a.invoice_key = x.number_key), (
    select coalesce(jsonb_agg(jsonb_build_object(
             'id', n.id, 'number', n.number, 'issuedOn', n.on_day, 'currency', n.currency, 'total', n.amount::text,
             'given', (-n.credited)::text) order by n.on_day, n.number_key), '[]')
      from items n where n.kind = 'credit_note' and x.kind = 'invoice' and n.credits_key = x.number_key), (
    select jsonb_build_object('id', n.id, 'number', n.number, 'issuedOn', n.on_day, 'currency', n.currency,
                              'total', n.amount::text, 'given', (-x.credited)::text)
      from items n where n.kind = 'invoice' and x.kind = 'credit_note' and n.number_key = x.credits_key)
    from items x
    join portal.invoices i on i.id = x.id
    left join portal.orders o on o.id = x.order_id
   where x.id = p_invoice;
$function$;

CREATE OR REPLACE FUNCTION portal.read_notices(p_until timestamp with time zone)
 RETURNS TABLE(read_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.ready_of(p_notice portal.notifications)
 RETURNS TABLE(documents integer, orders integer)
 LANGUAGE sql
 STABLE ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select least((p_notice.params->>'documents')::bigint, (
           select count(*) from portal.documents d
            where d.org_id = p_notice.org_id and d.customer_id = p_notice.customer_id
              and d.shown_at = p_notice.created_at and d.served <> 'drawn'))::int,
         (select count(*) from (
           select 1 from portal.orders o
            where o.customer_id = p_notice.customer_id and o.changed_at >= p_notice.created_at
            limit (p_notice.params->>'orders')::bigint) x)::int;
$function$;

CREATE OR REPLACE FUNCTION portal.refuse(p_credential bytea, p_action text, p_code text, p_request text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.renew_link(p_link uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  update staff.access_links l
     set expires_at = least(now() + interval '90 days', l.created_at + interval '365 days'), renewed_at = now()
   where l.id = p_link
     and l.purpose = 'standing' and l.rotated_at is null
     and l.renewed_at < now() - interval '1 day';
$function$;

CREATE OR REPLACE FUNCTION portal.report_issue(p_order uuid, p_key text, p_kind text, p_description text, p_lines integer[], p_email text, p_phone text)
 RETURNS TABLE(status text, issue_id uuid)
 LANGUAGE plpgsql
 ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.request_change(p_kind text, p_fields jsonb, p_note text, p_key text)
 RETURNS TABLE(status text, request_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  w record;
  v record;
  v_id uuid;
begin
  select * into w from portal.writer();
  if w.contact_id is null then
    return;
  end if;
  -- Of two submits of one person the second finds the first.
  perform pg_advisory_xact_lock(hashtextextended('changes ' || w.contact_id::text, 0));
  select r.id, r.kind = p_kind and r.fields = p_fields and r.note is not distinct from p_note as is_same into v
    from portal.change_requests r
   where r.org_id = w.org_id and r.contact_id = w.contact_id
     and (r.idempotency_key = p_key
          or r.status = 'open' and r.kind = p_kind and r.fields = p_fields and r.note is not distinct from p_note)
   order by r.idempotency_key = p_key desc
   limit 1;
  if v.id is not null then
    return query select case when v.is_same then 'known' else 'conflict' end, v.id;
    return;
  end if;
  insert into portal.change_requests (org_id, customer_id, contact_id, kind, fields, note, idempotency_key)
  values (w.org_id, w.customer_id, w.contact_id, p_kind, p_fields, p_note, p_key)
  returning id into v_id;
  -- Which fields, and not what stands in them: the trail outlives what people ask to have forgotten.
  perform portal.audit('change.requested', 'change', v_id::text,
                       jsonb_build_object('kind', p_kind, 'fields', (select jsonb_agg(k order by k) from jsonb_object_keys(p_fields) k)));
  return query select 'ok', v_id;
end
$function$;

CREATE OR REPLACE FUNCTION portal.request_link(p_org_code text, p_who text, p_link uuid, p_request text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
  -- Each of the three by its own key, before a letter is counted: the request is anybody's, and what it
  -- costs must neither grow with the org nor tell whom it knows.
  with named as materialized (
    select l.contact_id as id from staff.access_links l
     where l.id = p_link and l.org_id = v_org and l.purpose <> 'preview'
    union
    select c.id from portal.contacts c
     where p_link is null and c.org_id = v_org and c.email = v_who
    union
    select c.id from portal.customers b join portal.contacts c on c.org_id = b.org_id and c.customer_id = b.id
     where p_link is null and b.org_id = v_org and b.code_key = v_code
  ), wanted as materialized (
    select c.id, c.customer_id, c.email, c.language
      from named n
      join portal.contacts c on c.id = n.id and c.org_id = v_org and c.access = 'allowed'
     where (select count(*) from staff.outbox x
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
$function$;

CREATE OR REPLACE FUNCTION portal.resume(p_credential bytea, p_request text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.seller_is_known(p_codes jsonb, p_email text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select coalesce(p_codes->>'sellerTaxId' ~ '[0-9A-Za-z]' and p_codes->>'sellerCountry' ~ '^[A-Z]{2}$'
                  and (p_codes->>'sellerEndpoint' ~ '^[0-9A-Z]{2,4}:.' or p_email is not null)
                  and upper(coalesce(nullif(p_codes->'taxCodes'->>'0', ''), 'Z')) in ('Z', 'E', 'AE', 'G'), false);
$function$;

CREATE OR REPLACE FUNCTION portal.session_state()
 RETURNS TABLE(seconds_left integer, asks_feedback boolean)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select greatest(0, floor(extract(epoch from least(s.created_at + interval '12 hours', l.expires_at) - now())))::int,
         l.purpose <> 'preview' and s.id is not null
           and not exists (select 1 from portal.feedback f
                            where f.contact_id = c.contact_id and f.created_at > now() - interval '30 days')
    from portal.context() c
    join staff.access_links l on l.id = c.link_id
    left join staff.sessions s on s.id = c.session_id;
$function$;

CREATE OR REPLACE FUNCTION portal.set_export_mapping(p_format text, p_codes jsonb)
 RETURNS TABLE(codes jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  w record;
  v_old jsonb;
begin
  select x.* into w from portal.writer() x, portal.context() c where c.financials;
  if w.contact_id is null then
    return;
  end if;
  -- Two of one company may save at once: the second sees what the first has kept.
  perform pg_advisory_xact_lock(hashtextextended('export mappings ' || w.customer_id::text, 0));
  select m.codes into v_old from portal.export_mappings m
   where m.org_id = w.org_id and m.customer_id = w.customer_id and m.format = p_format;
  insert into portal.export_mappings (org_id, customer_id, format, codes)
  values (w.org_id, w.customer_id, p_format, p_codes)
  on conflict on constraint export_mappings_key do update set codes = p_codes, changed_at = now();
  if v_old is distinct from p_codes then
    perform portal.audit('export.mapped', 'export', p_format, '{}');
  end if;
  return query select p_codes;
end
$function$;

CREATE OR REPLACE FUNCTION portal.set_preferences(p_language text, p_muted text[])
 RETURNS TABLE(language text, muted_mail text[])
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  w record;
  v record;
begin
  select * into w from portal.writer();
  if w.contact_id is null then
    return;
  end if;
  select c.chosen_language, c.muted_mail into v from portal.contacts c where c.id = w.contact_id for no key update;
  if p_language is distinct from v.chosen_language and p_language is not null
     or p_muted is not null and not (p_muted <@ v.muted_mail and p_muted @> v.muted_mail) then
    update portal.contacts c
       set chosen_language = coalesce(p_language, c.chosen_language), muted_mail = coalesce(p_muted, c.muted_mail)
     where c.id = w.contact_id;
    perform portal.audit('preferences.changed', 'contact', w.contact_id::text,
                         jsonb_strip_nulls(jsonb_build_object('language', p_language, 'muted', p_muted)));
  end if;
  return query
    select coalesce(c.chosen_language, c.language), c.muted_mail from portal.contacts c where c.id = w.contact_id;
end
$function$;

CREATE OR REPLACE FUNCTION portal.shown_kinds()
 RETURNS text[]
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select coalesce(array_agg(k.kind order by k.kind), '{}')
    from portal.context() c
    join portal.customers b on b.org_id = c.org_id and b.id = c.customer_id
    join staff.exposures e on e.org_id = c.org_id and e.customer_key = b.code_key
   cross join unnest(e.granted_kinds) k(kind)
   where c.financials or k.kind not in ('order_confirmation', 'invoice', 'credit_note', 'statement');
$function$;

CREATE OR REPLACE FUNCTION portal.stamp_of(p_document uuid, p_taken_as text, p_object text, p_copy text)
 RETURNS TABLE(reference text, at timestamp with time zone, link_last4 text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select s.reference, s.at, l.last4
    from portal.context() c
    join staff.stamps s on s.link_id = c.link_id and s.document_id = p_document
    join staff.access_links l on l.id = c.link_id
   where s.session_id is not distinct from c.session_id and s.taken_as = p_taken_as
     and s.object_sha256 = p_object and s.at > now() - interval '12 hours'
     and (p_copy is null or left(s.object_sha256, 32) || '-' || s.reference = p_copy)
   order by s.at desc, s.id desc
   limit 1;
$function$;

CREATE OR REPLACE FUNCTION portal.stamp_statement(p_number text)
 RETURNS TABLE(reference text, at timestamp with time zone, link_last4 text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  c record;
begin
  select * into c from portal.context();
  if c.link_id is null or not c.financials then
    return;
  end if;
  perform set_config('counterfoil.org', c.org_id::text, true);
  return query
    with stamped as (
      insert into staff.stamps (org_id, reference, document_id, kind, number, taken_as, customer_id, contact_id, link_id,
                                session_id, request_id)
      values (c.org_id,
              upper(regexp_replace(translate(right(gen_random_uuid()::text, 12) || left(gen_random_uuid()::text, 4), '-', ''),
                                   '(....)(....)(....)(....)', '\1-\2-\3-\4')),
              gen_random_uuid(), 'statement', p_number, 'attachment', c.customer_id, c.contact_id, c.link_id, c.session_id,
              nullif(current_setting('counterfoil.request', true), ''))
      returning stamps.reference, stamps.at
    )
    select s.reference, s.at, l.last4 from stamped s, staff.access_links l where l.id = c.link_id;
end
$function$;

CREATE OR REPLACE FUNCTION portal.statement(p_from date, p_to date)
 RETURNS json
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  c record;
begin
  select * into c from portal.context();
  if c.link_id is null or not c.financials then
    return null;
  end if;
  perform set_config('counterfoil.org', c.org_id::text, true);
  if 'statement' <> all (portal.shown_kinds()) then
    return null;
  end if;
  return staff.statement_of(c.org_id, c.customer_id, p_from, p_to, true);
end
$function$;

CREATE OR REPLACE FUNCTION portal.stay(p_credential bytea, p_request text)
 RETURNS TABLE(status text, seconds_left integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.take_document(p_document uuid, p_order uuid, p_disposition text, p_how text, p_copy text)
 RETURNS TABLE(id uuid, org_id uuid, number text, object_sha256 text, object_size bigint, slot_offset bigint, reference text, stamped_at timestamp with time zone, link_last4 text, drawing jsonb)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  select x.id, x.org_id, x.number, x.object_sha256, x.object_size, x.slot_offset,
         case when x.served = 'drawn' then portal.drawing(x.id, x.kind in ('invoice', 'credit_note') and portal.tells_paid()) end
    into id, org_id, number, object_sha256, object_size, slot_offset, drawing
    from portal.documents x
   where x.id = p_document
     and (p_order is null or (x.order_id = p_order and exists (select 1 from portal.orders o where o.id = p_order)));
  if id is null then
    perform portal.audit('request.refused', 'document', p_document::text, '{"code": "not_found"}');
    return;
  end if;
  if p_how <> 'take' then
    select s.reference, s.at, s.link_last4 into reference, stamped_at, link_last4
      from portal.stamp_of(id, p_disposition, object_sha256, p_copy) s;
  end if;
  if reference is null and p_how <> 'look' then
    select t.reference, t.at, t.link_last4 into reference, stamped_at, link_last4
      from portal.note_taken(array[id], p_disposition) t;
  end if;
  return next;
end
$function$;

CREATE OR REPLACE FUNCTION portal.take_documents(p_order uuid, p_ids uuid[], p_kinds text[], p_like text, p_from date, p_to date, p_max_documents integer, p_max_bytes bigint, p_look boolean)
 RETURNS TABLE(status text, documents integer, bytes bigint, id uuid, org_id uuid, kind text, number text, dated_on date, order_number text, object_sha256 text, object_size bigint, slot_offset bigint, head_crc bigint, tail_crc bigint, reference text, stamped_at timestamp with time zone, link_last4 text, drawing jsonb)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_zone text := (select o.time_zone from portal.orgs o);
  v_ids uuid[];
  v_bytes bigint;
  v_status text;
  v_has_copies boolean;
  v_is_told boolean;
begin
  select array_agg(x.id), coalesce(sum(x.object_size), 0), bool_or(x.is_copy) into v_ids, v_bytes, v_has_copies
    from (select d.id, d.object_size, d.served = 'drawn' and d.kind in ('invoice', 'credit_note') as is_copy
            from portal.documents d
           where (p_order is null or (d.order_id = p_order and exists (select 1 from portal.orders o where o.id = p_order)))
             and (p_ids is null or d.id = any (p_ids))
             and (p_kinds is null or d.kind = any (p_kinds))
             and (p_like is null or d.number ilike p_like
                  or exists (select 1 from portal.orders o
                              where o.id = d.order_id and (o.number ilike p_like or o.po_number ilike p_like)))
             and (p_from is null or coalesce(d.dated_on, (d.shown_at at time zone v_zone)::date) >= p_from)
             and (p_to is null or coalesce(d.dated_on, (d.shown_at at time zone v_zone)::date) <= p_to)
           limit p_max_documents + 1) x;
  v_status := case when v_ids is null then 'none'
                   when cardinality(v_ids) > p_max_documents then 'too_many'
                   when v_bytes > p_max_bytes then 'too_large'
                   else 'ok' end;
  if v_status = 'ok' and v_has_copies then
    v_is_told := portal.tells_paid();
  elsif v_status <> 'ok' then
    perform portal.audit('request.refused', case when p_order is null then 'documents' else 'order' end, p_order::text,
                         jsonb_build_object('code', v_status));
  end if;
  return query
    with taken as materialized (
      select t.* from portal.note_taken(v_ids, 'zip') t where v_status = 'ok' and not p_look
    )
    select v_status, cardinality(v_ids), v_bytes,
           d.id, d.org_id, d.kind, d.number, d.dated_on, o.number,
           d.object_sha256, d.object_size, d.slot_offset, d.head_crc, d.tail_crc,
           t.reference, t.at, t.link_last4,
           case when d.served = 'drawn' then portal.drawing(d.id, v_is_told) end
      from (select 1) one
      left join portal.documents d on v_status = 'ok' and d.id = any (v_ids)
      left join portal.orders o on o.id = d.order_id
      left join taken t on t.document_id = d.id
     order by coalesce(d.dated_on, (d.shown_at at time zone v_zone)::date) desc, d.kind, d.number_key;
end
$function$;

CREATE OR REPLACE FUNCTION portal.take_export(p_format text, p_from date, p_to date, p_po text, p_most integer, p_is_head boolean)
 RETURNS TABLE(format text, document jsonb, exported_order jsonb)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_format text := p_format;
  v_codes jsonb;
  v_email text;
  v_count int;
  v_is_told boolean := portal.tells_paid();
  v jsonb[] := array(
    select case when v_is_told then e.document else e.document || '{"paid": null}' end
      from portal.export_rows(p_from, p_to, p_po, null, p_most) with ordinality e(document, place)
     order by e.place);
  v_room bigint := case when p_format is null then 8000000 else 9000000 end - portal.bytes_sent(v);
  v_orders jsonb[] := '{}';
begin
  select coalesce(p_format, m.format), m.codes into v_format, v_codes
    from portal.export_mappings m where p_format is null or m.format = p_format
   order by m.changed_at desc, m.format limit 1;
  v_format := coalesce(v_format, p_format, 'csv');
  select o.contact_email into v_email from portal.orgs o;
  v_count := portal.count_exported(v_format, coalesce(v_codes, '{}'), true, v_email, v);
  if p_format is null and v_count = 0 then
    v_format := 'csv';
    v_count := portal.count_exported(v_format, '{}', true, v_email, v);
  end if;
  if v_format = 'csv' and v[1] is not null and v_room >= 0 then
    v_orders := array(select o.exported from portal.exported_orders(p_from, p_to, p_po, null, v_room) o);
  end if;
  if v_room < 0 or (cardinality(v_orders) > 0 and v_orders[1] is null) then
    v := array[null::jsonb];
    v_orders := '{}';
  end if;
  if not p_is_head and v_count > 0 and v[1] is not null then
    perform portal.audit('export.downloaded', 'export', v_format, jsonb_strip_nulls(jsonb_build_object(
      'from', p_from, 'to', p_to, 'po', p_po, 'documents', v_count)));
  end if;
  return query select v_format, d, null::jsonb from unnest(v) d
               union all
               select v_format, null, o from unnest(v_orders) o;
end
$function$;

CREATE OR REPLACE FUNCTION portal.take_statement(p_from date, p_to date, p_as text)
 RETURNS TABLE(statement json, today date, as_of text, later integer, drawing jsonb, reference text, stamped_at timestamp with time zone, link_last4 text)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_to date;
  v_from date;
begin
  select (now() at time zone o.time_zone)::date, to_json(o.published_at at time zone 'UTC') #>> '{}' || 'Z'
    into today, as_of from portal.orgs o;
  if today is null then
    return;
  end if;
  v_to := coalesce(p_to, greatest(today, p_from));
  v_from := coalesce(p_from, date_trunc('month', v_to)::date);
  statement := portal.statement(v_from, v_to);
  if statement is null then
    perform portal.audit('request.refused', 'statement', null, '{"code": "not_found"}');
    return;
  end if;
  later := 0;
  if v_to >= today then
    select count(*) into later
      from (select i.currency from portal.invoices i where not i.held and i.issued_on > v_to
            union all
            select m.currency from portal.payments m where m.paid_on > v_to) x
     where x.currency not in (select json_array_elements_text(statement->'leftOut'));
  end if;
  drawing := portal.letterhead();
  if p_as = 'pdf' then
    select s.reference, s.at, s.link_last4 into reference, stamped_at, link_last4
      from portal.stamp_statement(concat_ws(' ', v_from, v_to)) s;
  end if;
  if p_as <> 'head' then
    perform portal.audit(case p_as when 'view' then 'statement.viewed' else 'statement.downloaded' end, 'statement', null,
                         jsonb_strip_nulls(jsonb_build_object(
                           'from', v_from, 'to', v_to, 'format', case when p_as <> 'view' then p_as end, 'reference', reference)));
  end if;
  return next;
end
$function$;

CREATE OR REPLACE FUNCTION portal.tells_paid()
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select coalesce((select staff.tells_paid(c.org_id, c.customer_id) from portal.context() c), false);
$function$;

CREATE OR REPLACE FUNCTION portal.unsubscribe(p_key_hash bytea, p_request text)
 RETURNS TABLE(topic text, org_code text, org_name text)
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  k record;
begin
  perform set_config('counterfoil.request', coalesce(p_request, ''), true);
  select u.topic, u.org_id, u.contact_id into k
    from staff.unsubscribe_keys u where u.key_hash = encode(p_key_hash, 'hex');
  if k.contact_id is null then
    return;
  end if;
  perform set_config('counterfoil.org', k.org_id::text, true);
  update portal.contacts c set muted_mail = c.muted_mail || k.topic
   where c.id = k.contact_id and not k.topic = any (c.muted_mail);
  if found then
    perform audit.append(k.org_id, 'visitor', null, c.customer_id, c.id, 'mail.unsubscribed', 'contact', c.id::text,
                         jsonb_build_object('topic', k.topic))
       from portal.contacts c where c.id = k.contact_id;
  end if;
  return query select k.topic, o.code, o.name from portal.orgs o where o.id = k.org_id;
end
$function$;

CREATE OR REPLACE FUNCTION portal.view_insights()
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not coalesce((select c.financials from portal.context() c), false) then
    perform portal.audit('request.refused', 'insights', null, '{"code": "forbidden"}');
    return false;
  end if;
  perform portal.audit('insights.viewed', null, null);
  return true;
end
$function$;

CREATE OR REPLACE FUNCTION portal.view_invoice(p_invoice uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not exists (select 1 from portal.invoices i where i.id = p_invoice) then
    perform portal.audit('request.refused', 'invoice', p_invoice::text, '{"code": "not_found"}');
    return false;
  end if;
  perform portal.audit('invoice.viewed', 'invoice', p_invoice::text);
  return true;
end
$function$;

CREATE OR REPLACE FUNCTION portal.view_issue(p_issue uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not exists (select 1 from portal.issue_reports r where r.id = p_issue) then
    perform portal.audit('request.refused', 'issue', p_issue::text, '{"code": "not_found"}');
    return false;
  end if;
  perform portal.audit('issue.viewed', 'issue', p_issue::text);
  return true;
end
$function$;

CREATE OR REPLACE FUNCTION portal.view_issue_photo(p_issue uuid, p_photo uuid)
 RETURNS TABLE(org_id uuid, sha256 text, size bigint, media_type text, file_name text)
 LANGUAGE plpgsql
 ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION portal.view_order(p_order uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not exists (select 1 from portal.orders o where o.id = p_order) then
    perform portal.audit('request.refused', 'order', p_order::text, '{"code": "not_found"}');
    return false;
  end if;
  perform portal.audit('order.viewed', 'order', p_order::text);
  return true;
end
$function$;

CREATE OR REPLACE FUNCTION portal.visit()
 RETURNS TABLE(scope text, expires_at timestamp with time zone, is_preview boolean, new_since timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select l.scope, l.expires_at, l.purpose = 'preview', s.new_since
    from portal.context() c join staff.access_links l on l.id = c.link_id
    left join staff.sessions s on s.id = c.session_id;
$function$;

CREATE OR REPLACE FUNCTION portal.writer()
 RETURNS TABLE(org_id uuid, customer_id uuid, contact_id uuid, name text)
 LANGUAGE sql
 STABLE SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select c.org_id, c.customer_id, c.contact_id, coalesce(p.name, p.email)
    from portal.context() c
    join staff.access_links l on l.id = c.link_id and l.purpose <> 'preview'
    join portal.contacts p on p.id = c.contact_id;
$function$;

CREATE OR REPLACE FUNCTION staff.add_shipment_event(p_shipment uuid, p_at timestamp with time zone, p_status text, p_substatus text, p_city text, p_description text, p_key text)
 RETURNS TABLE(status text, event_id uuid, is_new boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.add_to_records(p_org uuid, p_publish uuid, p_kinds text[], p_keys text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_lone_kinds text[];
  v_lone_keys text[];
begin
  if p_keys is null then
    return;
  end if;
  -- A clock that was set back does not make it the last.
  if exists (
       select 1 from staff.publishes n
         join staff.publishes p on p.org_id = n.org_id and p.status = 'approved' and (p.decided_at, p.id) > (n.decided_at, n.id)
        where n.id = p_publish) then
    perform staff.keep_records(p_org, p_kinds, p_keys);
    return;
  end if;

  with said as materialized (
    select k.kind, k.key, i.customer_key, i.fields as own, i.order_key as own_order,
           coalesce(i.order_key, r.order_key) as order_key, r.fields || i.fields as fields,
           f.file_sha256, f.file_size, f.file_name, f.served, f.rendition_id,
           (r.customer_key, r.order_key, r.fields, r.file_sha256, r.file_size, r.file_name, r.served, r.rendition_id)
             is distinct from
           (i.customer_key, coalesce(i.order_key, r.order_key), r.fields || i.fields,
            f.file_sha256, f.file_size, f.file_name, f.served, f.rendition_id) as is_told
      from unnest(p_kinds, p_keys) k(kind, key)
     cross join lateral (
        select x.* from staff.publish_items x
         where x.publish_id = p_publish and x.kind = k.kind and x.key = k.key and x.included offset 0) i
     cross join lateral (
        select x.* from staff.records x where x.org_id = p_org and x.kind = k.kind and x.key = k.key offset 0) r
     -- A file goes with all that is known of it.
     cross join lateral (
        select i.file_sha256, i.file_size, i.file_name, i.served, i.rendition_id where i.file_sha256 is not null
        union all
        select r.file_sha256, r.file_size, r.file_name, r.served, r.rendition_id where i.file_sha256 is null) f
  ), lone as materialized (
    -- A record that outlived what said it (a customer's stays) says nothing more.
    select s.kind, s.key from said s
     where s.kind in ('customer', 'contact', 'order')
       and (s.fields <> s.own or s.order_key is distinct from s.own_order)
       and not exists (
         select 1 from staff.publish_items x join staff.publishes p on p.id = x.publish_id and p.status = 'approved'
          where x.org_id = p_org and x.kind = s.kind and x.key = s.key and x.included and not x.withdrawn
            and x.publish_id <> p_publish offset 0)
  ), kept as (
    update staff.records r
       set customer_key = s.customer_key, order_key = s.order_key, fields = s.fields, file_sha256 = s.file_sha256,
           file_size = s.file_size, file_name = s.file_name, served = s.served, rendition_id = s.rendition_id
      from said s
     where s.is_told and r.org_id = p_org and r.kind = s.kind and r.key = s.key
       and (s.kind, s.key) not in (select l.kind, l.key from lone l)
  )
  select array_agg(l.kind), array_agg(l.key) into v_lone_kinds, v_lone_keys from lone l;
  if v_lone_keys is not null then
    perform staff.keep_records(p_org, v_lone_kinds, v_lone_keys);
  end if;
end
$function$;

CREATE OR REPLACE FUNCTION staff.alert_carrier(p_carrier text, p_reason text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_org uuid;
begin
  for v_org in select g.id from portal.orgs g order by g.id loop
    perform set_config('counterfoil.org', v_org::text, true);
    if p_reason is null then
      update staff.alerts a set resolved_at = now()
       where a.org_id = v_org and a.kind = 'carrier_down' and a.subject = p_carrier and a.resolved_at is null;
    else
      insert into staff.alerts (org_id, kind, subject, params)
      select v_org, 'carrier_down', p_carrier, jsonb_build_object('carrier', p_carrier, 'reason', p_reason)
       where exists (select 1 from staff.polled_shipments p
                      where p.org_id = v_org and p.carrier = p_carrier and p.next_poll_at is not null)
      on conflict do nothing;
    end if;
    if found then
      perform audit.append(v_org, 'system', null, null, null,
                           case when p_reason is null then 'alert.resolved' else 'alert.raised' end, 'carrier', p_carrier,
                           jsonb_strip_nulls(jsonb_build_object('kind', 'carrier_down', 'reason', p_reason)));
    end if;
  end loop;
end
$function$;

CREATE OR REPLACE FUNCTION staff.answer(p_problem jsonb, p_customer text, p_file text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
RETURN jsonb_build_object('code', (p_problem -> 'code'::text), 'value', (p_problem -> 'value'::text), 'customer', p_customer, 'file', p_file);

CREATE OR REPLACE FUNCTION staff.approve(p_publish uuid, p_review_hash text, p_confirm_own boolean)
 RETURNS TABLE(status text, summary jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET max_parallel_workers_per_gather TO '0'
AS $function$
declare
  me record;
  v_org portal.orgs;
  v_publish staff.publishes;
  v_own boolean;
  v_kinds text[];
  v_keys text[];
  v_known_kinds text[];
  v_known_keys text[];
  v_new_kinds text[];
  v_new_keys text[];
  v_summary jsonb;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service or me.role not in ('approver', 'owner') then
    perform staff.audit('request.refused', 'publish', p_publish::text, '{"code": "forbidden", "action": "publish.approved"}');
    return query select 'forbidden', null::jsonb;
    return;
  end if;
  -- Approvals of one org go one after the other: each is judged against what the last one made live, and by the
  -- settings as they are then.
  perform pg_advisory_xact_lock(hashtextextended(me.org_id::text, 0));
  select * into v_org from portal.orgs o where o.id = me.org_id;
  -- What the projection makes stale is held in one order, before this one.
  perform 1 from staff.publishes p where p.org_id = me.org_id and p.status = 'staged' order by p.id for no key update;
  select * into v_publish from staff.publishes p where p.id = p_publish and p.org_id = me.org_id for update;
  if v_publish.id is null then
    return query select 'not_found', null::jsonb;
    return;
  end if;
  if v_publish.status = 'approved' and v_publish.review_hash = p_review_hash then
    return query select 'already_approved', v_publish.summary;
    return;
  end if;
  if v_publish.status <> 'staged' then
    return query select 'not_staged', null::jsonb;
    return;
  end if;
  if v_publish.review_stale then
    perform staff.keep_review(p_publish, null);
    select * into v_publish from staff.publishes p where p.id = p_publish;
  end if;
  if v_publish.kept_hash is distinct from p_review_hash then
    return query select 'review_stale', null::jsonb;
    return;
  end if;

  v_own := staff.is_own_import(p_publish, me.member_id);
  if v_own and v_org.requires_two_persons then
    if exists (select 1 from staff.members m
                where m.org_id = me.org_id and m.active and m.service_name is null
                  and m.role in ('approver', 'owner') and m.id <> me.member_id) then
      perform staff.audit('request.refused', 'publish', p_publish::text, '{"code": "own_import", "action": "publish.approved"}');
      return query select 'own_import', null::jsonb;
      return;
    end if;
    if not coalesce(p_confirm_own, false) then
      return query select 'own_import_unconfirmed', null::jsonb;
      return;
    end if;
  end if;

  if staff.preparing(p_publish, true) > 0 then
    update staff.publishes p set unprepared = true where p.id = p_publish and not p.unprepared;
    return query select 'rendition_pending', null::jsonb;
    return;
  end if;

  if not exists (select 1 from staff.reviewed_items r where r.publish_id = p_publish and r.passes) then
    return query select 'nothing_to_approve', null::jsonb;
    return;
  end if;

  select jsonb_build_object(
           'items', sum((c.counts->>'passes')::bigint), 'changes', sum((c.counts->>'goes')::bigint),
           'customers', count(*) filter (where c.counts->>'goes' <> '0'),
           'firstCustomers', count(*) filter (where c.counts->>'goes' <> '0' and c.is_first),
           'orders', sum((c.counts->>'goes.orders')::bigint), 'documents', sum((c.counts->>'goes.documents')::bigint),
           'contacts', sum((c.counts->>'goes.contacts')::bigint),
           'overrides', (select count(*) from staff.reviewed_items r where r.publish_id = p_publish and r.passes and r.override_reason is not null))
    into v_summary
    from staff.reviewed_customers c where c.publish_id = p_publish;

  perform staff.take_items(p_publish);
  -- What was known before is what its items say together; of what is new to see, customers are told.
  select array_agg(r.kind), array_agg(r.key),
         array_agg(r.kind) filter (where r.before is not null), array_agg(r.key) filter (where r.before is not null),
         array_agg(r.kind) filter (where r.kind in ('document', 'order') and r.change <> 'same'),
         array_agg(r.key) filter (where r.kind in ('document', 'order') and r.change <> 'same')
    into v_kinds, v_keys, v_known_kinds, v_known_keys, v_new_kinds, v_new_keys
    from staff.reviewed_items r where r.publish_id = p_publish and r.passes;

  -- What staff want shown to these customers is now approved: this is the exposure in force.
  insert into staff.exposures (org_id, customer_key, granted_kinds, granted_fields)
  select me.org_id, w.customer_key, w.kinds, w.fields
    from staff.wanted_exposure(me.org_id, (
           select array_agg(c.customer_key) from staff.reviewed_customers c
            where c.publish_id = p_publish and c.counts->>'passes' <> '0')) w
  on conflict (org_id, customer_key) do update
     set granted_kinds = excluded.granted_kinds, granted_fields = excluded.granted_fields;

  update staff.publishes p
     set status = 'approved', decided_by = me.member_id, decided_at = clock_timestamp(),
         review_hash = p_review_hash, summary = v_summary, own_import_confirmed = v_own and coalesce(p_confirm_own, false)
   where p.id = p_publish;

  perform staff.add_to_records(me.org_id, p_publish, v_known_kinds, v_known_keys);
  perform staff.project_live(me.org_id, v_kinds, v_keys, false);

  -- What else is staged may be another's now, or under another name, and is compared with what is live now.
  update staff.publishes p set unprepared = true, review_stale = true
   where p.org_id = me.org_id and p.status = 'staged' and not (p.unprepared and p.review_stale);
  -- Asked only while something is ticked elsewhere: the review is read once more for it.
  if staff.has_ticks(me.org_id) then
    perform staff.untick(me.org_id, array_agg(r.kind), array_agg(r.key))
       from staff.reviewed_items r where r.publish_id = p_publish and r.passes and r.change <> 'same';
  end if;

  -- Letters go to those for whom something new is to be seen: neither a kind that is not shown nor a
  -- held invoice is told of. One for each customer, since one person may be a contact of several.
  with fresh as (
    select k.kind, k.key from unnest(v_new_kinds, v_new_keys) k(kind, key)
  ), shown as (
    select d.customer_id, 'document' as kind
      from fresh f
      join portal.documents d on d.org_id = me.org_id and d.kind = split_part(f.key, ':', 1)
                             and d.number_key = substr(f.key, strpos(f.key, ':') + 1)
     where f.kind = 'document' and not (d.held and d.kind in ('invoice', 'credit_note'))
    union all
    select o.customer_id, 'order'
      from fresh f
      join portal.orders o on o.org_id = me.org_id and o.number_key = f.key
     where f.kind = 'order'
  ), news as (
    select s.customer_id, count(*) filter (where s.kind = 'document') as documents,
           count(*) filter (where s.kind = 'order') as orders
      from shown s group by s.customer_id
  )
  insert into staff.outbox (org_id, event, recipient, contact_id, template, language, params)
  select me.org_id, 'publish.approved/' || p_publish || '/' || b.code_key, c.email, c.id, 'documents-ready',
         c.language, jsonb_build_object('documents', n.documents, 'orders', n.orders)
    from news n
    join portal.customers b on b.org_id = me.org_id and b.id = n.customer_id
    join portal.contacts c on c.org_id = me.org_id and c.customer_id = n.customer_id and c.access = 'allowed'
  on conflict (org_id, event, recipient) do nothing;

  perform staff.audit('publish.approved', 'publish', p_publish::text,
                      v_summary || jsonb_build_object('review_hash', p_review_hash, 'own_import', v_own));
  return query select 'ok', v_summary;
end
$function$;

CREATE OR REPLACE FUNCTION staff.are_of_one_owner(p_org uuid, p_publish uuid, p_old_customer text, p_old_order text, p_new_customer text, p_new_order text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select case
           when p_old_customer <> '' and o.owner <> p_old_customer then false
           when p_old_customer <> '' and p_new_customer <> '' then p_old_customer = p_new_customer
           else coalesce(coalesce(nullif(p_old_customer, ''), o.owner)
                         = coalesce(nullif(p_new_customer, ''), staff.owner_of_order(p_org, p_publish, p_new_order)), false)
         end
    from (select staff.owner_of_order(p_org, p_publish, p_old_order) as owner) o;
$function$;

CREATE OR REPLACE FUNCTION staff.assign_issue(p_issue uuid, p_member uuid)
 RETURNS TABLE(status text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.audit(p_action text, p_subject_kind text, p_subject text, p_detail jsonb DEFAULT '{}'::jsonb, p_customer uuid DEFAULT NULL::uuid)
 RETURNS void
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select audit.append(s.org_id, case when s.is_service then 'service' else 'staff' end, s.member_id, p_customer, null,
                      p_action, p_subject_kind, p_subject, p_detail)
    from staff.context() s;
$function$;

CREATE OR REPLACE FUNCTION staff.begin_after_approvals()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform pg_advisory_xact_lock_shared(hashtextextended(new.org_id::text, 0));
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION staff.begin_preview(p_link uuid, p_contact uuid, p_token_hash bytea, p_last4 text)
 RETURNS TABLE(customer_id uuid, expires_at timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.carrier_of(p_name text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  -- Materialized: else the name is taken apart anew for each of those below.
  with s as materialized (
    select ' ' || btrim(regexp_replace(
               regexp_replace(lower(normalize(p_name, NFKC)), '[.''’]', '', 'g'),
               '[^a-z0-9\u00c0-\u1fff\u2c00-\u2fff\u3040-\uffff]+', ' ', 'g')) || ' ' as words
  )
  select min(n.carrier)
    from s
    join (values ('fedex', 'fedex'), ('fedex', 'fed ex'), ('fedex', 'federal express'), ('fedex', 'fdeg'),
                 ('ups', 'ups'), ('ups', 'united parcel service'), ('ups', 'united parcel services'), ('ups', 'upsn'),
                 ('usps', 'usps'), ('usps', 'us post'), ('usps', 'us postal service'), ('usps', 'us postal services'),
                 ('usps', 'us mail'), ('usps', 'united states post'), ('usps', 'united states postal service'),
                 ('usps', 'united states postal services'), ('usps', 'united states mail')) n(carrier, name)
      on strpos(s.words, ' ' || n.name || ' ') > 0
  having count(distinct n.carrier) = 1 and bool_or(starts_with(s.words, ' ' || n.name || ' '));
$function$;

CREATE OR REPLACE FUNCTION staff.carriers_state()
 RETURNS TABLE(carrier text, hour_calls integer, failures integer, open_until timestamp with time zone, last_success_at timestamp with time zone, last_error text, last_error_at timestamp with time zone)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select s.carrier,
         -- As far back as the hour's budget counts them.
         (select coalesce(sum(r.value::int), 0)::int from jsonb_each(s.recent_calls) r
           where r.key::bigint > floor(extract(epoch from now()) / 60) - 63),
         s.failures, case when s.open_until > now() then s.open_until end, s.last_success_at, s.last_error, s.last_error_at
    from staff.carrier_state s, staff.context() m
   where not m.is_service;
$function$;

CREATE OR REPLACE FUNCTION staff.check_accounts(p_org uuid, p_after uuid, p_limit integer)
 RETURNS TABLE(last uuid, broken integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_today date;
  v_customer uuid;
  v_detail text;
  v_seen int := 0;
begin
  broken := 0;
  perform set_config('counterfoil.org', p_org::text, true);
  select (now() at time zone o.time_zone)::date into v_today from portal.orgs o where o.id = p_org;
  for v_customer in
    select c.id from portal.customers c
     where c.org_id = p_org and (p_after is null or c.id > p_after)
       and (exists (select 1 from portal.invoices i where i.org_id = p_org and i.customer_id = c.id)
            or exists (select 1 from portal.payments y where y.org_id = p_org and y.customer_id = c.id))
     order by c.id limit p_limit
  loop
    v_seen := v_seen + 1;
    last := v_customer;
    begin
      perform staff.statement_of(p_org, v_customer, date_trunc('month', v_today)::date, v_today, false);
    exception when sqlstate 'CF070' then
      get stacked diagnostics v_detail = pg_exception_detail;
      perform staff.raise_broken_statement(p_org, v_customer, v_detail);
      broken := broken + 1;
    end;
  end loop;
  if v_seen < p_limit then
    last := null;
  end if;
  return next;
end
$function$;

CREATE OR REPLACE FUNCTION staff.check_again_at(p_carrier text)
 RETURNS timestamp with time zone
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.check_shipments_now(p_carrier text, p_max integer, p_per_hour integer)
 RETURNS TABLE(shipments integer, waits_for text, waits_until timestamp with time zone)
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.check_statements(p_org uuid, p_after text, p_limit integer)
 RETURNS TABLE(last text, redrawn integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  k record;
  v_digest text;
  v_detail text;
  v_seen int := 0;
begin
  redrawn := 0;
  perform set_config('counterfoil.org', p_org::text, true);
  -- As in draw_statements.
  perform pg_advisory_xact_lock(hashtextextended(p_org::text, 0));
  for k in
    select s.*, d.number from portal.statements s join portal.documents d on d.id = s.document_id
     where s.org_id = p_org and s.to_day >= current_date - interval '13 months'
       and (p_after is null
            or (s.to_day, s.document_id) < (split_part(p_after, ' ', 1)::date, split_part(p_after, ' ', 2)::uuid))
     order by s.to_day desc, s.document_id desc limit p_limit
  loop
    v_seen := v_seen + 1;
    last := concat_ws(' ', to_char(k.to_day, 'YYYY-MM-DD'), k.document_id);
    begin
      v_digest := staff.statement_digest(staff.statement_of(p_org, k.customer_id, k.from_day, k.to_day, false));
    exception when sqlstate 'CF070' then
      get stacked diagnostics v_detail = pg_exception_detail;
      perform staff.raise_broken_statement(p_org, k.customer_id, v_detail);
      continue;
    end;
    continue when v_digest = k.digest;
    update portal.statements s set digest = v_digest, redrawn_at = now() where s.document_id = k.document_id;
    perform audit.append(p_org, 'system', null, k.customer_id, null, 'statement.redrawn', 'document', k.document_id::text,
                         jsonb_build_object('number', k.number));
    redrawn := redrawn + 1;
  end loop;
  if v_seen < p_limit then
    last := null;
  end if;
  return next;
end
$function$;

CREATE OR REPLACE FUNCTION staff.claim_parcels(p_carrier text, p_batch integer, p_per_hour integer, p_calls integer)
 RETURNS TABLE(status text, lease uuid, calls integer, minute bigint, sealed_token text, parcels jsonb)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  v staff.carrier_state;
  v_minute bigint;
  v_recent jsonb;
  v_used int;
  v_since bigint;
  v_calls int;
  v_taken int;
  v_lease uuid := gen_random_uuid();
  v_parcels jsonb;
begin
  insert into staff.carrier_state (carrier) values (p_carrier) on conflict (carrier) do nothing;
  select c.* into v from staff.carrier_state c where c.carrier = p_carrier for update;
  if v.open_until > clock_timestamp() then
    return query select 'open', null::uuid, 0, v_minute, null::text, '[]'::jsonb;
    return;
  end if;

  v_minute := floor(extract(epoch from clock_timestamp()) / 60);
  select coalesce(jsonb_object_agg(r.key, r.value), '{}'), coalesce(sum(r.value::int), 0), min(r.key::bigint)
    into v_recent, v_used, v_since
    from jsonb_each(v.recent_calls) r where r.key::bigint > v_minute - 63;
  v_calls := least(case when v.failures >= 5 then 1 else p_calls end, p_per_hour - v_used);
  if v_calls <= 0 then
    return query
      select case when exists (select 1 from staff.polled_shipments p where p.carrier = p_carrier and p.next_poll_at <= now())
                  then 'over_budget' else 'idle' end, null::uuid, 0, v_minute, null::text, '[]'::jsonb;
    return;
  end if;

  with due as (
    select p.shipment_id from staff.polled_shipments p
     where p.carrier = p_carrier and p.next_poll_at <= clock_timestamp()
       and coalesce(p.leased_until <= clock_timestamp(), true)
     order by p.checked_at is null and p.last_error is null desc, p.next_poll_at
     limit p_batch * v_calls
     for update skip locked
  ), leased as (
    update staff.polled_shipments p set lease = v_lease, leased_until = clock_timestamp() + interval '2 minutes'
      from due d where p.shipment_id = d.shipment_id
    returning p.*
  )
  select coalesce(jsonb_agg(jsonb_build_object('org', l.org_id, 'shipment', l.shipment_id, 'number', l.number,
                                               'shippedOn', l.shipped_on, 'uniqueId', l.unique_id,
                                               'isNew', l.checked_at is null, 'failures', l.failures)), '[]')
    into v_parcels from leased l;
  v_taken := ceil(jsonb_array_length(v_parcels)::numeric / p_batch);
  if v_taken = 0 then
    return query select 'idle', null::uuid, 0, v_minute, null::text, '[]'::jsonb;
    return;
  end if;
  update staff.carrier_state c
     set recent_calls = v_recent || jsonb_build_object(v_minute::text, coalesce((v_recent->>v_minute::text)::int, 0) + v_taken),
         hour_calls = v_used + v_taken, hour_started_at = greatest(to_timestamp(v_since * 60), clock_timestamp() - interval '59 minutes'),
         -- Whoever else comes while it is tried leaves it alone.
         open_until = case when v.failures >= 5 then clock_timestamp() + interval '2 minutes' end
   where c.carrier = p_carrier;
  return query
    select 'ok', v_lease, v_taken, v_minute, case when v.token_expires_at > clock_timestamp() + interval '1 minute' then v.sealed_token end, v_parcels;
end
$function$;

CREATE OR REPLACE FUNCTION staff.claim_renditions(p_org uuid, p_publish uuid, p_limit integer, p_list boolean)
 RETURNS TABLE(id uuid, source_sha256 text, customer_name text, pages integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_status text;
  v_untried boolean;
begin
  perform set_config('counterfoil.org', p_org::text, true);
  -- Held, so that an edit is either seen here or finds the flag down and raises it again.
  select p.status into v_status from staff.publishes p where p.id = p_publish and p.org_id = p_org for no key update;
  if v_status is distinct from 'staged' then
    return;
  end if;

  if p_list then
    perform staff.list_renditions(p_org, p_publish);
  end if;

  update staff.renditions r set failed = true
   where r.org_id = p_org and (r.made_at is null or r.lost) and not r.failed and r.attempts >= 3 and r.leased_until < now()
     and r.source_sha256 in (select f.sha256 from staff.staged_files f where f.publish_id = p_publish);

  select coalesce(bool_or(x.attempts = 0), false) into v_untried
    from staff.renditions x
   where x.org_id = p_org and (x.made_at is null or x.lost) and not x.failed
     and (x.leased_until is null or x.leased_until < now())
     and x.source_sha256 in (select f.sha256 from staff.staged_files f where f.publish_id = p_publish);

  return query
    -- Apart, and once: as a condition of the update it could be asked again for each row, limit and all.
    with due as materialized (
      select x.id from staff.renditions x
       where x.org_id = p_org and (x.made_at is null or x.lost) and not x.failed
         and (x.leased_until is null or x.leased_until < now())
         and x.source_sha256 in (select f.sha256 from staff.staged_files f where f.publish_id = p_publish)
         and (x.attempts = 0 or not v_untried)
       order by x.attempts, x.id limit case when v_untried then p_limit else 1 end for update of x skip locked
    )
    update staff.renditions r
       set leased_until = now() + interval '2 minutes', attempts = r.attempts + 1
      from due
     where r.id = due.id
    returning r.id, r.source_sha256, r.customer_name,
              (select f.pages from staff.files f where f.org_id = p_org and f.sha256 = r.source_sha256);

  if not found and p_list then
    update staff.publishes p set unprepared = false
     where p.id = p_publish and not exists (
       select 1 from staff.renditions r
        where r.org_id = p_org and (r.made_at is null or r.lost) and not r.failed
          and r.source_sha256 in (select f.sha256 from staff.staged_files f where f.publish_id = p_publish));
  end if;
end
$function$;

CREATE OR REPLACE FUNCTION staff.collect_files(p_org uuid, p_limit integer)
 RETURNS TABLE(sha256 text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_files text[];
  v_renditions text[];
begin
  perform set_config('counterfoil.org', p_org::text, true);
  with spare as (
    update staff.files f set collected_at = now()
     where (f.org_id, f.sha256) in (
       select x.org_id, x.sha256 from staff.files x
        where x.org_id = p_org and x.collected_at is null and x.inspected_at < now() - interval '30 days'
          and not exists (select 1 from staff.staged_files s join staff.publishes p on p.id = s.publish_id
                           where s.org_id = p_org and s.sha256 = x.sha256
                             and not (p.status = 'rejected' and p.decided_at < now() - interval '30 days'))
          and not exists (select 1 from staff.publish_items i
                           where i.org_id = p_org and i.file_sha256 = x.sha256 and i.included)
        order by x.inspected_at limit p_limit)
    returning f.sha256
  )
  select array_agg(s.sha256) into v_files from spare s;

  with spare as (
    delete from staff.renditions r
     where r.id in (
       select x.id from staff.renditions x
        where x.org_id = p_org and (x.made_at < now() - interval '30 days' or x.failed)
          and not exists (select 1 from staff.publish_items i
                           where i.org_id = p_org and i.file_sha256 = x.source_sha256 and i.rendition_id = x.id)
          and not exists (select 1 from staff.staged_files s join staff.publishes p on p.id = s.publish_id
                           where s.org_id = p_org and s.sha256 = x.source_sha256 and p.status = 'staged')
        limit p_limit)
    returning r.sha256
  )
  select array_agg(s.sha256) into v_renditions from spare s where s.sha256 is not null;

  if v_files is not null or v_renditions is not null then
    perform audit.append(p_org, 'system', null, null, null, 'files.collected', 'org', p_org::text,
                         jsonb_build_object('files', coalesce(to_jsonb(v_files), '[]'),
                                            'renditions', coalesce(to_jsonb(v_renditions), '[]')));
  end if;
  return query
    select g.sha256
      from (select x.sha256 from unnest(v_files || v_renditions) x(sha256)
            union
            -- What an earlier run marked and may not have come to: deleting twice is no harm.
            select f.sha256 from staff.files f
             where f.org_id = p_org and f.collected_at between now() - interval '3 days' and now() - interval '1 hour') g
     -- Two rows may share their bytes, and a source may be its own rendition's twin.
     where not exists (select 1 from staff.renditions r where r.org_id = p_org and r.sha256 = g.sha256)
       and not exists (select 1 from portal.documents d where d.org_id = p_org and d.object_sha256 = g.sha256);
end
$function$;

CREATE OR REPLACE FUNCTION staff.collect_imports(p_org uuid, p_limit integer)
 RETURNS TABLE(id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_import staff.imports;
begin
  perform set_config('counterfoil.org', p_org::text, true);
  for v_import in
    delete from staff.imports i
     where i.state = 'uploaded' and i.id in (
       select x.id from staff.imports x
        where x.org_id = p_org and x.state = 'uploaded' and x.created_at < now() - interval '7 days'
        order by x.created_at limit p_limit for update skip locked)
    returning i.* loop
    perform audit.append(p_org, 'system', null, null, null, 'import.collected', 'import', v_import.id::text,
                         jsonb_build_object('name', v_import.file_name, 'sha256', v_import.sha256));
  end loop;
  return query
    select e.subject_id::uuid from audit.events e
     where e.org_id = p_org and e.action = 'import.collected' and e.at > now() - interval '3 days';
end
$function$;

CREATE OR REPLACE FUNCTION staff.confirm_collected(p_org uuid, p_files text[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform set_config('counterfoil.org', p_org::text, true);
  update staff.files f set collected_at = now()
   where f.org_id = p_org and f.sha256 = any (p_files) and f.collected_at is null;
  -- And a rendition that was made anew meanwhile, with the same bytes.
  update staff.renditions r set lost = true, attempts = 0
   where r.org_id = p_org and r.sha256 = any (p_files) and not r.lost;
  if found then
    update staff.publishes p set unprepared = true where p.org_id = p_org and p.status = 'staged' and not p.unprepared;
  end if;
end
$function$;

CREATE OR REPLACE FUNCTION staff.context()
 RETURNS TABLE(org_id uuid, member_id uuid, role text, is_service boolean)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.contradictions(p_known jsonb, p_more jsonb, p_line integer, p_other_line integer, p_identifiers text[])
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select coalesce(jsonb_agg(jsonb_build_object(
                              'code', case m.key when 'document_kind' then 'number_of_two_kinds' else 'contradiction' end,
                              'severity', 'blocking', 'line', p_line,
                              'field', m.key, 'value', left(m.value, 100), 'otherLine', p_other_line)
                            order by m.key), '[]')
    from jsonb_each_text(p_more) m
   where m.value <> '' and p_known->>m.key <> ''
     and not staff.is_same_value(m.key, p_known->>m.key, m.value, p_identifiers);
$function$;

CREATE OR REPLACE FUNCTION staff.covers(p_withdrawal jsonb, p_kind text, p_key text, p_customer text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select coalesce(p_withdrawal->>'customer' = p_customer, true)
     and coalesce(case p_kind when 'document' then p_withdrawal->>'document' = p_key
                              when 'invoice' then p_withdrawal->>'document' in ('invoice:' || p_key, 'credit_note:' || p_key)
                              else p_withdrawal->>'document' is null end, true);
$function$;

CREATE OR REPLACE FUNCTION staff.credit_notes(p_customer uuid)
 RETURNS TABLE(number text, number_key text, issued_on date)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.decide_change(p_change uuid, p_status text, p_reason text)
 RETURNS TABLE(status text)
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  me record;
  v portal.change_requests;
  v_action text := 'change.' || p_status;
  v_letter uuid;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service then
    perform staff.audit('request.refused', 'change', p_change::text, jsonb_build_object('code', 'forbidden', 'action', v_action));
    return query select 'forbidden';
    return;
  end if;
  select * into v from portal.change_requests r where r.id = p_change and r.org_id = me.org_id for no key update;
  if v.id is null then
    return query select 'not_found';
    return;
  end if;
  if v.status <> 'open' then
    return query select case when v.status = p_status and v.reason is not distinct from p_reason then 'ok' else 'conflict' end;
    return;
  end if;
  update portal.change_requests r set status = p_status, reason = p_reason, decided_at = now() where r.id = p_change;
  insert into staff.outbox (org_id, event, recipient, contact_id, template, language, params)
  select v.org_id, 'change.answered/' || v.id, c.email, c.id, 'change-answered', c.language,
         jsonb_build_object('change', v.id, 'kind', v.kind, 'status', p_status, 'reason', p_reason)
    from portal.contacts c
   where c.org_id = v.org_id and c.id = v.contact_id and c.access = 'allowed'
  on conflict (org_id, event, recipient) do nothing
  returning id into v_letter;
  perform staff.audit(v_action, 'change', p_change::text,
                      jsonb_strip_nulls(jsonb_build_object('kind', v.kind, 'letter', v_letter)), v.customer_id);
  return query select 'ok';
end
$function$;

CREATE OR REPLACE FUNCTION staff.draw_statements(p_org uuid, p_at timestamp with time zone, p_after uuid, p_limit integer)
 RETURNS TABLE(last uuid, drawn integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_local timestamp;
  v_from date;
  v_to date;
  k record;
  v_statement json;
  v_document uuid;
  v_number text;
  v_detail text;
  v_seen int := 0;
begin
  drawn := 0;
  perform set_config('counterfoil.org', p_org::text, true);
  select p_at at time zone o.time_zone into v_local from portal.orgs o where o.id = p_org and o.sends_statements;
  if v_local is null or extract(day from v_local) > 3 or v_local < date_trunc('month', v_local) + interval '6 hours' then
    return next;
    return;
  end if;
  v_from := date_trunc('month', v_local)::date - interval '1 month';
  v_to := date_trunc('month', v_local)::date - 1;
  -- Two crons at once, and an approval that changes what is drawn from, wait for each other.
  perform pg_advisory_xact_lock(hashtextextended(p_org::text, 0));
  for k in
    select b.id, b.code from portal.customers b
      join staff.exposures e on e.org_id = p_org and e.customer_key = b.code_key and 'statement' = any (e.granted_kinds)
     where b.org_id = p_org and (p_after is null or b.id > p_after)
       and not exists (select 1 from portal.statements s
                        where s.org_id = p_org and s.customer_id = b.id and s.from_day = v_from and s.to_day = v_to)
       and (exists (select 1 from portal.invoices i where i.org_id = p_org and i.customer_id = b.id)
            or exists (select 1 from portal.payments y where y.org_id = p_org and y.customer_id = b.id))
     order by b.id limit p_limit
  loop
    v_seen := v_seen + 1;
    last := k.id;
    begin
      v_statement := staff.statement_of(p_org, k.id, v_from, v_to, false);
    exception when sqlstate 'CF070' then
      get stacked diagnostics v_detail = pg_exception_detail;
      perform staff.raise_broken_statement(p_org, k.id, v_detail);
      continue;
    end;
    continue when json_array_length(v_statement->'blocks') = 0;
    v_number := 'ST-' || to_char(v_from, 'YYYY-MM') || '-' || k.code;
    v_document := null;
    insert into portal.documents (org_id, customer_id, kind, number, number_key, dated_on, file_name, served)
    values (p_org, k.id, 'statement', v_number, staff.normalise_key(v_number), v_to, v_number || '.pdf', 'drawn')
    on conflict (org_id, kind, number_key) do nothing
    returning documents.id into v_document;
    -- The supplier published one of its own under this number.
    continue when v_document is null;
    insert into portal.statements (document_id, org_id, customer_id, from_day, to_day, digest)
    values (v_document, p_org, k.id, v_from, v_to, staff.statement_digest(v_statement));
    perform audit.append(p_org, 'system', null, k.id, null, 'statement.drawn', 'document', v_document::text,
                         jsonb_build_object('number', v_number));
    perform staff.tell(p_org, k.id, 'statement_ready', 'statement/' || v_document, null, v_document::text,
                       jsonb_build_object('from', v_from, 'to', v_to), true);
    drawn := drawn + 1;
  end loop;
  if v_seen < p_limit then
    last := null;
  end if;
  return next;
end
$function$;

CREATE OR REPLACE FUNCTION staff.enrol_shipments(p_org uuid, p_shipments uuid[])
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
  with theirs as materialized (
    select x.* from unnest(p_shipments) k(id)
     cross join lateral (
       select y.* from portal.shipments y where y.id = k.id and y.carrier is not null and y.tracking_number is not null offset 0) x
  ), named as materialized (
    select d.carrier as name, staff.carrier_of(d.carrier) as carrier from (select distinct t.carrier from theirs t) d
  )
  insert into staff.polled_shipments (org_id, shipment_id, order_id, carrier, number, shipped_on, next_poll_at)
  select p_org, s.id, s.order_id, c.carrier, upper(regexp_replace(s.tracking_number, '[^0-9A-Za-z]', '', 'g')),
         r.shipped_on, case when coalesce(r.shipped_on, o.placed_on) + 120 > now()::date then now() end
    from theirs s
    join named c on c.name = s.carrier and c.carrier is not null
   cross join lateral (select x.placed_on from portal.orders x where x.id = s.order_id offset 0) o
   cross join lateral (
      -- The day may be kept from the customer, and still says which parcel it is.
      select coalesce(s.shipped_on, (
        select (x.fields->>'shipped_at')::date from staff.records x
         where x.org_id = p_org and x.kind = 'shipment' and x.key = s.shipment_key)) as shipped_on offset 0) r
  on conflict (shipment_id) do update
     set number = excluded.number, shipped_on = excluded.shipped_on,
         next_poll_at = coalesce(polled_shipments.next_poll_at, excluded.next_poll_at)
   where (polled_shipments.number, polled_shipments.shipped_on) is distinct from (excluded.number, excluded.shipped_on);
$function$;

CREATE OR REPLACE FUNCTION staff.enter(p_email text, p_service text, p_org text, p_request text)
 RETURNS TABLE(status text, member_id uuid, org_id uuid, org_code text, role text, is_service boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.exclude(p_publish uuid, p_items jsonb, p_customers text[], p_excluded boolean)
 RETURNS TABLE(changed integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  v_customers text[];
  v_items jsonb;
  v_left_out text[];
begin
  if coalesce((select s.is_service from staff.context() s), true) or staff.hold_publish(p_publish) is null then
    return query select 0;
    return;
  end if;
  perform staff.refresh_review(p_publish);
  select array_agg(distinct r.customer_key), jsonb_agg(jsonb_build_array(r.kind, r.key))
    into v_customers, v_items
    from staff.reviewed_items r
   where r.publish_id = p_publish
     and ((r.kind, r.key) in (select x->>0, x->>1 from jsonb_array_elements(p_items) x)) is true;
  select array_agg(distinct k.customer_key)
    into v_left_out
    from unnest(p_customers) k(customer_key)
   cross join lateral (
      select 1 from staff.reviewed_items x
       where x.publish_id = p_publish and x.customer_key = k.customer_key limit 1) r;
  if v_customers is null and v_left_out is null then
    return query select 0;
    return;
  end if;
  if v_items is not null then
    update staff.publish_items i set excluded = p_excluded
      from jsonb_array_elements(v_items) x
     where i.publish_id = p_publish and i.kind = x->>0 and i.key = x->>1;
  end if;
  if v_left_out is not null then
    update staff.publishes p
       set excluded_customers = array(
             select k from unnest(p.excluded_customers) k where k <> all (v_left_out)
             union select k from unnest(v_left_out) k where p_excluded order by 1)
     where p.id = p_publish;
  end if;
  -- What hangs on an order goes with it, and may be written under another customer.
  v_customers := array(
    select unnest(v_customers || v_left_out)
    union
    select r.customer_key from staff.reviewed_items r
     where r.publish_id = p_publish
       and (r.order_key in (select x->>1 from jsonb_array_elements(v_items) x where x->>0 = 'order')) is true);
  perform staff.keep_review(p_publish, v_customers);
  perform staff.audit('item.excluded', 'publish', p_publish::text, jsonb_strip_nulls(jsonb_build_object(
    'excluded', p_excluded, 'items', v_items, 'customers', to_jsonb(v_left_out))));
  return query select coalesce(jsonb_array_length(v_items), 0) + coalesce(cardinality(v_left_out), 0);
end
$function$;

CREATE OR REPLACE FUNCTION staff.expect_exposure(p_customer text, p_kinds text[], p_fields text[])
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  me record;
begin
  select * into me from staff.context();
  if p_kinds is null or p_fields is null or me.member_id is null or me.role not in ('approver', 'owner') then
    return;
  end if;
  perform staff.hold_staged();
  if not exists (
       select 1 from staff.wanted_exposure(me.org_id, array[p_customer]) w
        where w.kinds <@ p_kinds and p_kinds <@ w.kinds and w.fields <@ p_fields and p_fields <@ w.fields) then
    raise exception 'exposure_changed' using errcode = 'CF007';
  end if;
end
$function$;

CREATE OR REPLACE FUNCTION staff.filled_in(p_kind text, p_fields jsonb, p_known jsonb, p_currency text, p_locale text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
RETURN CASE WHEN ((p_kind = ANY (ARRAY['order'::text, 'invoice'::text, 'payment'::text])) AND (NOT (p_fields ? 'currency'::text)) AND (p_fields ?| ARRAY['order_subtotal'::text, 'order_tax'::text, 'order_shipping'::text, 'order_total'::text, 'net'::text, 'tax'::text, 'total'::text, 'payment_amount'::text]) AND (NOT COALESCE((p_known ? 'currency'::text), false))) THEN (p_fields || jsonb_strip_nulls(jsonb_build_object('currency', p_currency))) WHEN ((p_kind = 'contact'::text) AND (NOT (p_fields ? 'contact_language'::text)) AND (p_known IS NULL)) THEN (p_fields || jsonb_build_object('contact_language', p_locale)) ELSE p_fields END;

CREATE OR REPLACE FUNCTION staff.finish_import(p_import uuid, p_told jsonb)
 RETURNS TABLE(publish_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  me record;
  v_import staff.imports;
begin
  select * into me from staff.context();
  update staff.imports i
     set state = 'staged', staged_at = now(), skipped = (p_told->>'skipped')::int, blank = (p_told->>'blank')::int,
         rows = (p_told->>'rows')::int,
         items = (select count(*) from staff.publish_items t where t.publish_id = i.publish_id and t.import_id = i.id),
         unknown_columns = array(select jsonb_array_elements_text(p_told->'unknownColumns')),
         problems = p_told->'problems'
   where i.id = p_import and i.org_id = me.org_id and i.state = 'reading'
  returning * into v_import;
  if v_import.id is null then
    return query select i.publish_id from staff.imports i where i.id = p_import and i.org_id = me.org_id;
    return;
  end if;
  insert into staff.mapping_profiles as known (org_id, fingerprint, reading, used_by)
  values (me.org_id, p_told->>'fingerprint', v_import.reading, me.member_id)
  on conflict (org_id, fingerprint) do update
     set reading = excluded.reading, used_by = excluded.used_by, used_at = now();
  perform staff.audit('import.staged', 'publish', v_import.publish_id::text,
                      jsonb_build_object('import', p_import, 'rows', v_import.rows));
  return query select v_import.publish_id;
end
$function$;

CREATE OR REPLACE FUNCTION staff.fold_words(p text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
RETURN CASE WHEN (p ~ '^[\x20-\x7e]*$'::text) THEN btrim(regexp_replace(upper((p COLLATE pg_c_utf8)), '[^0-9A-Z]+'::text, ' '::text, 'g'::text)) ELSE btrim(regexp_replace(replace(replace(replace(replace(replace(upper((translate(regexp_replace(NORMALIZE(translate(p, '№ºª'::text, '   '::text), NFKD), '[\u0300-\u036f]'::text, ''::text, 'g'::text), 'łŁøØđĐðÐħĦı'::text, 'LLOODDDDHHI'::text) COLLATE pg_c_utf8)), 'ß'::text, 'SS'::text), 'ẞ'::text, 'SS'::text), 'Þ'::text, 'TH'::text), 'Æ'::text, 'AE'::text), 'Œ'::text, 'OE'::text), '[^0-9A-Z\u00c0-\u1fff\u2c00-\u2dff\u3040-\ud7ff\uf900-\ufdff]+'::text, ' '::text, 'g'::text)) END;

CREATE OR REPLACE FUNCTION staff.follow_shipment()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_carrier text := staff.carrier_of(new.carrier);
begin
  perform set_config('counterfoil.org', new.org_id::text, true);
  delete from staff.polled_shipments p
   where p.shipment_id = new.id and (new.tracking_number is null or p.carrier is distinct from v_carrier);
  delete from portal.tracking_events t
   where t.shipment_id = new.id
     and (new.tracking_number is null
          or t.source = 'carrier' and old.carrier is distinct from new.carrier
             and not starts_with(t.event_key, coalesce(v_carrier, '') || ':'));
  if found then
    perform staff.settle_shipments(array[new.id]);
  end if;
  if new.tracking_number is null then
    perform staff.settle_orders(array[new.order_id]);
  end if;
  delete from portal.delivery_estimates d
   where d.shipment_id = new.id and d.source = 'carrier' and new.carrier_estimate is null
     and (new.tracking_number is null or old.carrier is distinct from new.carrier);
  perform staff.enrol_shipments(new.org_id, array[new.id]);
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.followed_status(p_order uuid, p_said text)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select case
      when p_said in ('draft', 'delivered', 'cancelled') then p_said
      when s.all_delivered then 'delivered'
      when s.some_moved then 'shipped'
      else p_said end
    from (select bool_and(x.status = 'delivered') as all_delivered,
                 bool_or(x.status in ('picked_up', 'in_transit', 'out_for_delivery', 'delivered', 'returned')
                         or x.status = 'exception' and x.substatus is distinct from 'cancelled') as some_moved
            from portal.shipments x
            -- Said twice, so that a table without statistics is looked up by its order and not by its org.
           where x.order_id = p_order and x.order_id = any (array[p_order])) s;
$function$;

CREATE OR REPLACE FUNCTION staff.forget_tracking()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if new.tracking_number is null then
    new.status := 'unknown';
    new.substatus := null;
    new.delivered_at := null;
  end if;
  if new.tracking_number is null or new.carrier is distinct from old.carrier then
    new.checked_at := null;
    new.signed_by := null;
    new.carrier_estimate := null;
  end if;
  if new.tracking_number is null or new.estimated_delivery is not null or new.carrier_estimate is not null
     or new.status in ('delivered', 'returned') then
    new.predicted_delivery := null;
    new.predicted_latest := null;
  end if;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION staff.give_back_access()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_told bigint;
begin
  with allowed as (
    update portal.contacts c set access = 'allowed'
      from staff.publish_items i
      join portal.customers b on b.org_id = i.org_id and b.code_key = i.customer_key
     where i.publish_id = new.id and i.kind = 'contact' and i.included and i.ticked
       and c.org_id = b.org_id and c.customer_id = b.id and c.email = i.fields->>'contact_email' and c.access = 'paused'
       and (select e.detail->>'because' from audit.events e
             where e.org_id = c.org_id and e.subject_id = c.id::text and e.action = 'contact.access_changed'
             order by e.at desc, e.id desc limit 1) = 'publish_withdrawn'
    returning c.id, c.customer_id
  )
  select count(staff.audit('contact.access_changed', 'contact', x.id::text,
                           jsonb_build_object('access', 'allowed', 'because', 'publish_approved', 'publish', new.id),
                           x.customer_id)::text)
    into v_told from allowed x;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.guard(p_org uuid, p_publish uuid, p_keys text[], p_customers text[], p_orders text[], p_files text[])
 RETURNS TABLE(key text, problems jsonb)
 LANGUAGE sql
 STABLE ROWS 100
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_nestloop TO 'on'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
  with docs as materialized (
    select d.key, d.customer_key, d.order_key, f.words, f.terms, replace(f.words, ' ', '') as letters,
           split_part(d.key, ':', 1) as kind, substr(d.key, strpos(d.key, ':') + 1) as number_key,
           staff.term_of('document', d.key) as term
      from unnest(p_keys, p_customers, p_orders, p_files) d(key, customer_key, order_key, sha256)
      join staff.files f on f.org_id = p_org and f.sha256 = d.sha256
     where f.words <> ''
  ), told as materialized (
    select r.customer_key, r.fields->>'customer_name' as name, r.fields->>'customer_tax_id' as tax_id, r.term as code, true as is_live
      from staff.records r where r.org_id = p_org and r.kind = 'customer'
    union
    select i.customer_key, i.fields->>'customer_name', i.fields->>'customer_tax_id', i.term, false
      from staff.publish_items i where i.publish_id = p_publish and i.kind = 'customer'
  ), parties as materialized (
    -- As patterns: letters, with a break wherever a line ends or a heading is set wide.
    select p.*, '(^| )' || p.core_apart || '(?= |$)' as core_pattern,
           '(^| )(' || case when p.words <> p.core then p.apart || '|' else '' end || p.core_apart
             || '(GMBH|LTD|LIMITED|SP ?Z ?O ?O|SPOLKA|SOCIEDAD|INC|LLC|PLC|SARL|SRL))(?= |$)' as formal_pattern,
           length(p.core_letters) >= 3 and strpos(s.letters, p.core_letters) = 0 as is_name,
           -- A name that is staged for a customer who is live is theirs only if it is nobody else's: a
           -- column of codes that has slipped must not vouch for itself.
           p.is_live or not bool_or(p.is_live) over (partition by p.customer_key)
             or min(p.customer_key) over (partition by p.core_letters) = max(p.customer_key) over (partition by p.core_letters) as is_own
      from (select t.*, w.words, c.core, replace(c.core, ' ', '') as core_letters, x.tax,
                   -- As it is printed at home, without its country.
                   regexp_replace(x.tax, '^[A-Z]{2}(?=.{8,}$)', '') as bare_tax,
                   regexp_replace(replace(w.words, ' ', ''), '(.)', '\1 ?', 'g') as apart,
                   regexp_replace(replace(c.core, ' ', ''), '(.)', '\1 ?', 'g') as core_apart
              from told t
             cross join lateral (select staff.fold_words(t.name) as words, staff.fold_words(t.tax_id) as tax offset 0) w
             cross join lateral (select staff.name_core(w.words) as core offset 0) c
             cross join lateral (select replace(w.tax, ' ', '') as tax) x) p
     cross join (select replace(staff.fold_words(o.name), ' ', '') as letters from portal.orgs o where o.id = p_org offset 0) s
  ), own as materialized (
    select x.*, 1 + (x.has_number or x.has_order)::int + x.has_customer::int as enough
      from (select d.key,
                   coalesce(d.term = any (d.terms) or length(d.term) >= 5 and strpos(d.letters, d.term) > 0
                            -- A number that the import made of the order's and the parcel's.
                            or strpos(d.number_key, d.order_key || '/') = 1 and staff.term_of('order', d.order_key) = any (d.terms)
                               and staff.term_of('order', substr(d.number_key, length(d.order_key) + 2)) = any (d.terms),
                            false) as has_number,
                   coalesce(staff.term_of('order', d.order_key) = any (d.terms), false) as has_order,
                   coalesce(bool_or(length(p.code) >= case when p.code ~ '[^0-9]' then 3 else 5 end and p.code = any (d.terms)
                                    or length(p.tax) >= 6 and (p.tax = any (d.terms) or p.bare_tax = any (d.terms))
                                    or length(p.core_letters) >= 3 and strpos(d.letters, p.core_letters) > 0
                                       and d.words ~ p.core_pattern),
                            false) as has_customer,
                   array_agg(p.core) filter (where p.core is not null) as cores,
                   array_agg(p.core_pattern) filter (where p.core is not null) as core_patterns
              from docs d left join parties p on p.customer_key = d.customer_key and p.is_own
             group by d.key, d.term, d.terms, d.letters, d.number_key, d.order_key) x
  ), terms as materialized (
    select t.term, array_agg(d.key) as keys from docs d cross join lateral unnest(d.terms) t(term)
     where length(t.term) >= 3 group by t.term
  ), candidates as materialized (
    -- Whose name has all its words in the text but one, which a line's end may have broken.
    select k.key, p.customer_key, p.name
      from (select q.customer_key, q.name, w.word, count(*) over (partition by q.customer_key, q.name) as words
              from (select distinct customer_key, name, core from parties where is_name) q
             cross join lateral (select distinct x from regexp_split_to_table(q.core, ' ') x where length(x) >= 3) w(word)) p
      join terms t on t.term = p.word
     cross join lateral unnest(t.keys) k(key)
     group by k.key, p.customer_key, p.name, p.words
    having count(*) >= greatest(p.words - 1, 1)
  ), names_said as materialized (
    select distinct d.key, p.customer_key, p.name as shown, p.core, s.formal > h.times as is_formal,
           case when s.formal > h.times and not h.is_end then case when p.core like '% %' then 3 else 2 end
                when p.core like '% %' and not h.is_held then 2
                else 1 end as weight
      from candidates c
      join docs d on d.key = c.key
      join own o on o.key = c.key
      join parties p on p.customer_key = c.customer_key and p.name = c.name and p.customer_key <> d.customer_key
     cross join lateral (
       -- How often it is only a part of the customer's own name.
       select count(*) > 0 as is_held, coalesce(bool_or(' ' || u.core like '% ' || p.core), false) as is_end,
              coalesce(max(regexp_count(d.words, u.pattern)), 0) as times
         from unnest(o.cores, o.core_patterns) u(core, pattern)
        where strpos(replace(u.core, ' ', ''), p.core_letters) > 0) h
     cross join lateral (
       select regexp_count(d.words, p.core_pattern) as times, regexp_count(d.words, p.formal_pattern) as formal) s
     where strpos(d.letters, p.core_letters) > 0 and s.times > h.times
  ), mentioned as materialized (
    -- Looked up term by term: a join may be planned as if a new publish had no rows.
    select k.key, m.customer_key, t.term, m.thing, m.thing_kind
      from terms t
     cross join lateral (
       select r.customer_key, r.key as thing, r.kind as thing_kind
         from staff.records r where r.org_id = p_org and r.term = t.term
       union
       select coalesce(nullif(i.customer_key, ''), nullif(o.customer_key, ''), l.customer_key, ''), i.key, i.kind
         from staff.publish_items i
         left join staff.publish_items o
           on i.order_key is not null and o.publish_id = p_publish and o.kind = 'order' and o.key = i.order_key
         left join staff.records l on i.order_key is not null and l.org_id = p_org and l.kind = 'order' and l.key = i.order_key
        where i.publish_id = p_publish and i.term = t.term
       offset 0) m
     cross join lateral unnest(t.keys) k(key)
  ), numbers_said as materialized (
    select distinct d.key, m.customer_key, m.shown, m.pattern,
           -- Few digits are no more than a word, and add nothing to a name.
           case when m.term ~ '^[0-9]{1,5}$' then 'name' when m.thing_kind = 'customer' then 'code' else 'number' end as sort,
           case when m.term !~ '[^0-9]' then case when length(m.term) >= 8 then 2 else 1 end
                when length(m.term) < 6 or length(regexp_replace(m.term, '[^0-9]', '', 'g')) < 3 then 1
                when m.thing_kind = 'customer' then 2
                else 3 end as weight
      from docs d
      join (select y.*, staff.number_pattern(staff.fold_words(y.shown)) as pattern
              from (select x.*, case when x.thing_kind = 'document' then substr(x.thing, strpos(x.thing, ':') + 1) else x.thing end as shown
                      from mentioned x) y) m on m.key = d.key
     where m.customer_key not in ('', d.customer_key) and length(m.term) >= 4
       -- A beginning of the document's own number counts where it does not stand as that.
       and not exists (select 1 from mentioned s
                        where s.key = d.key and s.customer_key = d.customer_key and strpos(s.term, m.term) > 0
                          and d.words ~ staff.number_pattern(staff.fold_words(
                                case when s.thing_kind = 'document' then substr(s.thing, strpos(s.thing, ':') + 1) else s.thing end)))
       and case when strpos(d.term, m.term) = 0 then d.words
                else regexp_replace(d.words, staff.number_pattern(staff.fold_words(d.number_key)), ' ', 'g') end ~ m.pattern
    union
    select d.key, p.customer_key, p.tax_id, null, 'code', case when length(p.tax) >= 8 then 3 else 2 end
      from (select q.customer_key, q.tax_id, q.tax, t.keys
              from parties q
             cross join lateral (select q.tax as as_listed union select q.bare_tax) x
              join terms t on t.term = x.as_listed
             where length(q.tax) >= 6
            offset 0) p
     cross join lateral unnest(p.keys) k(key)
      join docs d on d.key = k.key and d.customer_key <> p.customer_key
     where not exists (select 1 from parties q where q.customer_key = d.customer_key and q.tax = p.tax)
  ), signs as materialized (
    select n.key, n.customer_key, 'name' as sort, n.shown, n.weight, n.core, n.is_formal, null as pattern from names_said n
    union all
    select n.key, n.customer_key, n.sort, n.shown, n.weight, null, null, n.pattern from numbers_said n
  ), suspected as materialized (
    select distinct w.key
      from (select s.key, s.customer_key, s.sort, max(s.weight) as weight from signs s group by s.key, s.customer_key, s.sort) w
      join own o on o.key = w.key
     group by w.key, w.customer_key, o.enough
    having sum(w.weight) >= o.enough
  ), rows_said as materialized (
    -- What the row's own order says, here or where it is live.
    select d.key, staff.fold_words(string_agg(concat_ws(' | ', x.fields->>'carrier', x.fields->>'tracking_number',
                                                        x.fields->>'delivery_address', x.fields->>'po_number'), ' | ')) as words,
           staff.fold_words(string_agg(concat_ws(' | ', x.fields->>'line_item_code', x.fields->>'line_description'), ' | ')) as goods
      from docs d
      join (select i.order_key, i.fields from staff.publish_items i
             where i.publish_id = p_publish and i.kind in ('order', 'order_line', 'shipment')
            union all
            select r.order_key, r.fields from staff.records r
             where r.org_id = p_org and r.kind in ('order', 'order_line', 'shipment')
               and r.customer_key = any (array(select d.customer_key from docs d join suspected s on s.key = d.key))) x
        on x.order_key = d.order_key
     where d.key in (select s.key from suspected s)
     group by d.key
  ), others as (
    select x.key, left(string_agg(distinct x.shown, ', '), 200) as value
      from (select w.key, w.customer_key, sum(w.weight) as weight, string_agg(w.shown, ', ') as shown
              from (select s.key, s.customer_key, s.sort, max(s.weight) as weight, string_agg(distinct s.shown, ', ') as shown
                      from suspected u
                      join signs s on s.key = u.key
                      left join rows_said r on r.key = s.key
                     where case when s.core is not null
                                then strpos(concat(' ', r.words, ' '), ' ' || s.core || ' ') = 0
                                     and (s.is_formal or strpos(concat(' ', r.goods, ' '), ' ' || s.core || ' ') = 0)
                                else coalesce(r.words !~ s.pattern and r.goods !~ s.pattern, true) end
                     group by s.key, s.customer_key, s.sort) w
             group by w.key, w.customer_key) x
      join own o on o.key = x.key
     where x.weight >= o.enough
     group by x.key
  ), totals as (
    select d.key, a.amount
      from docs d
      left join staff.publish_items i
        on i.publish_id = p_publish and i.kind = case when d.kind = 'order_confirmation' then 'order' else 'invoice' end
       and i.key = case when d.kind = 'order_confirmation' then d.order_key else d.number_key end
      left join staff.records r
        on r.org_id = p_org and r.kind = case when d.kind = 'order_confirmation' then 'order' else 'invoice' end
       and r.key = case when d.kind = 'order_confirmation' then d.order_key else d.number_key end
     cross join lateral (
       select abs(coalesce(i.fields->>c.field, r.fields->>c.field)::numeric)::numeric(20, 2) as amount
         from (select case when d.kind = 'order_confirmation' then 'order_total' else 'total' end as field) c) a
     where d.kind in ('order_confirmation', 'invoice', 'credit_note') and a.amount is not null
  ), found as (
    select d.key, x.ord, x.problem
      from docs d
      join own o on o.key = d.key
      left join others t on t.key = d.key
      left join totals m on m.key = d.key
     cross join lateral (values
       (1, t.value is not null, jsonb_build_object('code', 'of_other_customer', 'severity', 'blocking', 'value', t.value)),
       (2, not o.has_number, jsonb_build_object('code', 'number_not_found', 'severity', 'warning')),
       (3, not o.has_customer, jsonb_build_object('code', 'customer_not_found', 'severity', 'warning')),
       (4, m.amount is not null
             and not (replace(m.amount::text, '.', '') = any (d.terms)
                      or m.amount = trunc(m.amount) and trunc(m.amount)::text = any (d.terms)),
           jsonb_build_object('code', 'total_not_found', 'severity', 'warning', 'value', m.amount::text))
     ) x(ord, applies, problem)
     where x.applies
  )
  select f.key, jsonb_agg(f.problem order by f.ord) from found f group by f.key;
$function$;

CREATE OR REPLACE FUNCTION staff.has_ticks(p_org uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select exists (
    select 1 from staff.publishes p join staff.publish_items i on i.publish_id = p.id
     where p.org_id = p_org and p.status = 'staged' and i.ticked);
$function$;

CREATE OR REPLACE FUNCTION staff.hear_of_mail(p_org uuid, p_letter uuid, p_svix text, p_fate text, p_at timestamp with time zone, p_detail text, p_suppresses boolean, p_is_before boolean)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.heed_contact()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  c record;
begin
  select x.chosen_language, x.muted_mail into c from portal.contacts x where x.org_id = new.org_id and x.id = new.contact_id;
  if staff.mail_topic(new.template) = any (c.muted_mail) then
    return null;
  end if;
  new.language := coalesce(c.chosen_language, new.language);
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION staff.heed_shipments()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform set_config('counterfoil.org', new.org_id::text, true);
  new.status := staff.followed_status(new.id, new.status);
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION staff.heed_suppression()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if exists (select 1 from staff.suppressions s
              where s.org_id = new.org_id and s.email = lower(new.recipient) and s.lifted_at is null) then
    return null;
  end if;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION staff.hide_estimates()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_shipments uuid[];
begin
  perform set_config('counterfoil.org', new.org_id::text, true);
  select array_agg(s.id) into v_shipments
    from portal.customers c
    join portal.orders o on o.customer_id = c.id
    join portal.shipments s on s.order_id = o.id
   where c.org_id = new.org_id and c.code_key = new.customer_key;
  update portal.shipments s set carrier_estimate = null, predicted_delivery = null, predicted_latest = null
   where s.id = any (v_shipments) and coalesce(s.carrier_estimate, s.predicted_delivery) is not null;
  delete from portal.delivery_estimates d where d.shipment_id = any (v_shipments);
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.hint(p_orgs uuid[], p_customers uuid[])
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  insert into staff.hints (org_id, customer_id)
  select t.org_id, t.customer_id
    from unnest(p_orgs, p_customers) t(org_id, customer_id)
   where exists (
     select from staff.access_links l join staff.sessions s on s.link_id = l.id
      where l.org_id = t.org_id and l.customer_id = t.customer_id and l.revoked_at is null
        and s.ended_at is null and s.last_seen_at > now() - interval '30 minutes'
        and s.created_at > now() - interval '12 hours');
$function$;

CREATE OR REPLACE FUNCTION staff.hint_ended(p_link uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  insert into staff.hints (org_id, customer_id, link_id)
  select l.org_id, l.customer_id, l.id
    from staff.access_links l
   where l.id = p_link
     and exists (select from staff.sessions s
                  where s.link_id = l.id and s.listens > 0 and s.created_at > now() - interval '12 hours');
end
$function$;

CREATE OR REPLACE FUNCTION staff.hint_ended_contact()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform staff.hint_ended(l.id) from staff.access_links l where l.contact_id = new.id;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.hint_ended_link()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform staff.hint_ended(new.id);
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.hint_ended_session()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform staff.hint_ended(new.link_id);
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.hold_papers(p_orders uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  v_held uuid[];
  v_free uuid[];
begin
  select array_agg(o.id) filter (where h.held), array_agg(o.id) filter (where not h.held)
    into v_held, v_free
    from unnest(p_orders) k(id)
   cross join lateral (
      select x.id, x.org_id, x.number_key, x.status from portal.orders x where x.id = k.id offset 0) o
    left join lateral (
      select x.key, x.fields->>'order_status' as said from staff.records x
       where x.org_id = o.org_id and x.kind = 'order' and x.key = o.number_key offset 0) r on true
   cross join lateral (
      select coalesce(case when r.key is null then o.status else r.said end in ('draft', 'pending'), false) as held) h;
  if v_held is not null then
    update portal.invoices v set held = true where v.order_id = any (v_held) and not v.held;
    update portal.documents d set held = true where d.order_id = any (v_held) and not d.held;
  end if;
  if v_free is not null then
    update portal.invoices v set held = false where v.order_id = any (v_free) and v.held;
    update portal.documents d set held = false where d.order_id = any (v_free) and d.held;
  end if;
end
$function$;

CREATE OR REPLACE FUNCTION staff.hold_projected()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  v record;
begin
  for v in
    select t.org_id, array_agg(distinct t.order_id) as orders from touched t
     where t.order_id is not null and not t.held group by t.org_id
  loop
    perform set_config('counterfoil.org', v.org_id::text, true);
    v.orders := array(
      select o.id from unnest(v.orders) k(id)
       cross join lateral (
          select x.id, x.number_key from portal.orders x
           where x.id = k.id and x.status in ('shipped', 'delivered') offset 0) o
       cross join lateral (
          select x.fields->>'order_status' as said from staff.records x
           where x.org_id = v.org_id and x.kind = 'order' and x.key = o.number_key offset 0) r
       where r.said in ('draft', 'pending'));
    if cardinality(v.orders) > 0 then
      execute format('update portal.%I p set held = true where p.order_id = any ($1) and not p.held', tg_table_name)
        using v.orders;
    end if;
  end loop;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.hold_publish(p_publish uuid)
 RETURNS uuid
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select p.id from staff.publishes p
   where p.id = p_publish and p.org_id = (select s.org_id from staff.context() s)
     for no key update;
$function$;

CREATE OR REPLACE FUNCTION staff.hold_said()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET work_mem TO '32MB'
AS $function$
declare
  v record;
begin
  for v in
    select n.org_id, array_agg(n.key) as keys from now_so n
     where n.kind = 'order'
       and ((n.org_id, n.key, coalesce(n.fields->>'order_status' in ('draft', 'pending'), false))
              in (select w.org_id, w.key, coalesce(w.fields->>'order_status' in ('draft', 'pending'), false)
                    from was_so w where w.kind = 'order')) is not true
     group by n.org_id
  loop
    perform set_config('counterfoil.org', v.org_id::text, true);
    perform staff.hold_papers(array(
      select o.id from unnest(v.keys) k(key)
       cross join lateral (
          select x.id from portal.orders x where x.org_id = v.org_id and x.number_key = k.key offset 0) o));
  end loop;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.hold_staged()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  me record;
begin
  select * into me from staff.context();
  if me.member_id is null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(me.org_id::text, 0));
  perform 1 from staff.publishes p where p.org_id = me.org_id and p.status = 'staged' order by p.id for no key update;
end
$function$;

CREATE OR REPLACE FUNCTION staff.integration_entries(p_integration text, p_outcome text, p_before timestamp with time zone, p_before_id uuid, p_limit integer)
 RETURNS TABLE(id uuid, at timestamp with time zone, integration text, outcome text, reason text, subjects integer, duration_ms integer)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select l.id, l.at, l.integration, l.outcome, l.reason, case when l.org_id is not null then l.subjects end, l.duration_ms
    from staff.integration_log l, staff.context() m
   where not m.is_service and (l.org_id is null or l.org_id = m.org_id)
     and (p_integration is null or l.integration = p_integration)
     and (p_outcome is null or l.outcome = p_outcome)
     and (p_before is null or (l.at, l.id) < (p_before, p_before_id))
   order by l.at desc, l.id desc
   limit p_limit;
$function$;

CREATE OR REPLACE FUNCTION staff.is_overridable(p_code text)
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
RETURN (p_code = ANY (ARRAY['pdf_active_content'::text, 'pdf_embedded_files'::text, 'pdf_trailing_bytes'::text, 'of_other_customer'::text, 'file_live_elsewhere'::text]));

CREATE OR REPLACE FUNCTION staff.is_own_import(p_publish uuid, p_member uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select exists (select 1 from staff.publishes p where p.id = p_publish and p.created_by = p_member)
      or exists (select 1 from staff.imports i
                  where i.publish_id = p_publish and p_member in (i.imported_by, i.staged_by) and i.state <> 'uploaded')
      or exists (select 1 from staff.staged_files f where f.publish_id = p_publish and f.uploaded_by = p_member);
$function$;

CREATE OR REPLACE FUNCTION staff.is_same_owner(p_org uuid, p_publish uuid, p_old_customer text, p_old_order text, p_new_customer text, p_new_order text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
RETURN CASE WHEN ((p_old_customer <> ''::text) AND (p_new_customer <> ''::text) AND (p_old_customer <> p_new_customer)) THEN false WHEN ((p_old_order = p_new_order) OR ((p_old_customer = ''::text) AND (p_old_order IS NULL)) OR ((p_new_customer = ''::text) AND (p_new_order IS NULL))) THEN true WHEN ((p_old_customer = p_new_customer) AND ((p_old_order IS NULL) OR (p_new_order IS NULL))) THEN true ELSE staff.are_of_one_owner(p_org, p_publish, p_old_customer, p_old_order, p_new_customer, p_new_order) END;

CREATE OR REPLACE FUNCTION staff.is_same_value(p_field text, p_one text, p_other text, p_identifiers text[])
 RETURNS boolean
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select p_one = p_other
      or (p_field = 'file_name' and lower(p_one) = lower(p_other))
      or (p_field = any (p_identifiers) and staff.normalise_key(p_one) = staff.normalise_key(p_other));
$function$;

CREATE OR REPLACE FUNCTION staff.joined_problems(p_known jsonb, p_more jsonb)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select case when p_more = '[]' then p_known else coalesce((
    select jsonb_agg(x.problem order by x.place)
      from (select distinct on (y.problem->>'code', y.problem->>'field', y.problem->>'value') y.problem, y.place
              from jsonb_array_elements(p_known || p_more) with ordinality y(problem, place)
             order by y.problem->>'code', y.problem->>'field', y.problem->>'value', y.place) x
     where x.place <= 50), '[]') end;
$function$;

CREATE OR REPLACE FUNCTION staff.keep_answers(p_org uuid, p_carrier text, p_lease uuid, p_answers jsonb)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_all uuid[];
  v_answered uuid[];
  v_told jsonb;
  v_current jsonb;
begin
  -- Each with what it may not be older than: a number that was another parcel's before tells of that one too.
  with told as (
    select a.*, p.number, p.shipped_on, s.tracking_number is not null as is_shown,
           (coalesce(p.shipped_on, o.placed_on) - 10)::timestamptz as since,
           coalesce('estimated_delivery' = any (e.granted_fields), false) as shows_day
      from jsonb_to_recordset(p_answers) as a(org uuid, shipment uuid, failed text, found boolean, reason text, events jsonb)
      join staff.polled_shipments p on p.shipment_id = a.shipment
      join portal.shipments s on s.id = a.shipment
      join portal.orders o on o.id = s.order_id
      join portal.customers c on c.id = s.customer_id
      left join staff.exposures e on e.org_id = p_org and e.customer_key = c.code_key
     where a.org = p_org and p.org_id = p_org and p.carrier = p_carrier and p.lease = p_lease
  )
  select array_agg(t.shipment), array_agg(t.shipment) filter (where t.failed is null and t.reason is distinct from 'bad_number' and t.is_shown),
         jsonb_object_agg(t.shipment, jsonb_build_object(
           'number', t.number, 'since', t.since, 'showsDay', t.shows_day,
           'isOther', jsonb_array_length(coalesce(t.events, '[]')) > 0 and not exists (
              select 1 from jsonb_to_recordset(t.events) x(at timestamptz) where x.at >= t.since)))
    into v_all, v_answered, v_told
    from told t;
  if v_all is null then
    return 0;
  end if;

  insert into portal.tracking_events (org_id, customer_id, order_id, shipment_id, event_key, at, status, substatus,
                                      city, description, source, code)
  select distinct on (s.id, k.event_key)
         p_org, s.customer_id, s.order_id, s.id, k.event_key,
         x.at, x.status, x.substatus, x.city, x.description, 'carrier', x.code
    from jsonb_to_recordset(p_answers) as a(shipment uuid, found boolean, events jsonb)
    join portal.shipments s on s.id = a.shipment
   cross join rows from (
           jsonb_to_recordset(coalesce(a.events, '[]'))
             as (at timestamptz, status text, substatus text, city text, description text, code text))
           with ordinality as x(at, status, substatus, city, description, code, place)
   cross join lateral (
      select concat_ws(':', p_carrier, v_told->(s.id::text)->>'number',
                       to_char(x.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                       coalesce(x.code, x.status), lower(coalesce(x.city, ''))) as event_key) k
   where a.shipment = any (v_answered) and a.found
     and x.at >= (v_told->(s.id::text)->>'since')::timestamptz and x.at <= now() + interval '1 day'
     and not exists (select 1 from portal.tracking_events t
                      where t.shipment_id = s.id and t.source <> 'carrier' and t.at = x.at and t.status = x.status)
   order by s.id, k.event_key, x.place
  -- A known scan may be said to be late, or no longer, without a new one; and what is said of a code that nobody
  -- knows is said only while it is the newest.
  on conflict (shipment_id, event_key) do update
     set status = excluded.status, substatus = excluded.substatus, description = excluded.description
   where tracking_events.source = 'carrier'
     and (excluded.status <> 'unknown' or tracking_events.status = 'unknown')
     and (tracking_events.status, tracking_events.substatus, tracking_events.description)
         is distinct from (excluded.status, excluded.substatus, excluded.description);

  update portal.shipments s
     set checked_at = now(),
         signed_by = case when a.is_told then coalesce(a."signedBy", s.signed_by) else s.signed_by end,
         carrier_estimate = case
           when not (v_told->(s.id::text)->>'showsDay')::boolean then null
           when a.is_told and s.status <> 'delivered' then a."estimatedDelivery"
           else s.carrier_estimate end
    from (select x.*, x.found and not (v_told->(x.shipment::text)->>'isOther')::boolean as is_told
            from jsonb_to_recordset(p_answers)
              as x(shipment uuid, found boolean, "signedBy" text, "estimatedDelivery" date)
           where x.shipment = any (v_answered)) a
   where s.id = a.shipment;

  insert into portal.delivery_estimates (org_id, customer_id, order_id, shipment_id, day, source)
  select p_org, s.customer_id, s.order_id, s.id, s.carrier_estimate, 'carrier'
    from portal.shipments s
   where s.id = any (v_answered) and s.carrier_estimate is not null
     and s.carrier_estimate is distinct from (
       select d.day from portal.delivery_estimates d
        where d.shipment_id = s.id and d.source = 'carrier' order by d.told_at desc, d.id desc limit 1);

  select jsonb_object_agg(a.shipment, jsonb_build_object('status', a.status, 'substatus', a.substatus, 'deliveredAt', a."deliveredAt"))
    into v_current
    from jsonb_to_recordset(p_answers) as a(shipment uuid, found boolean, status text, substatus text, "deliveredAt" text)
   where a.shipment = any (v_answered) and a.found and not (v_told->(a.shipment::text)->>'isOther')::boolean;
  perform staff.settle_told(v_answered, coalesce(v_current, '{}'));

  update staff.polled_shipments p
     set lease = null, leased_until = null,
         -- One that cannot be a number of this carrier's was not asked about.
         checked_at = case when a.failed is null and a.reason is distinct from 'bad_number' then now() else p.checked_at end,
         failures = case when a.failed is null then 0 else p.failures + 1 end,
         last_error = case when a.failed is not null then a.failed
                           when not a.found then a.reason
                           when (v_told->(a.shipment::text)->>'isOther')::boolean then 'other_parcel' end,
         unique_id = case when a.found and not (v_told->(a.shipment::text)->>'isOther')::boolean
                          then coalesce(a."uniqueId", p.unique_id) else p.unique_id end,
         next_poll_at = case
           when a.reason = 'bad_number' then null
           when a.failed is not null and n.at is not null
             then greatest(n.at, now() + interval '25 minutes' * least(p.failures + 1, 8))
           else n.at end
    from jsonb_to_recordset(p_answers) as a(shipment uuid, failed text, found boolean, reason text, "uniqueId" text)
    join portal.shipments s on s.id = a.shipment
   cross join lateral (
      select staff.next_poll(s.status,
                             coalesce(s.delivered_at, (select max(t.at) from portal.tracking_events t where t.shipment_id = s.id), now()),
                             coalesce(q.shipped_on, o.placed_on), coalesce(a.found, true)) as at
        from staff.polled_shipments q join portal.orders o on o.id = q.order_id
       where q.shipment_id = s.id) n
   where p.shipment_id = a.shipment and p.shipment_id = any (v_all);
  return cardinality(v_all);
end
$function$;

CREATE OR REPLACE FUNCTION staff.keep_records(p_org uuid, p_kinds text[], p_keys text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET work_mem TO '32MB'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_kept bigint;
begin
  insert into staff.records (org_id, kind, key, customer_key, order_key, fields,
                             file_sha256, file_size, file_name, served, rendition_id)
  select p_org, i.kind, i.key,
         (array_agg(i.customer_key order by p.decided_at desc, p.id desc))[1],
         (array_agg(i.order_key order by p.decided_at desc, p.id desc) filter (where i.order_key is not null))[1],
         staff.merge_fields(i.fields order by p.decided_at, p.id),
         (array_agg(i.file_sha256 order by p.decided_at desc, p.id desc) filter (where i.file_sha256 is not null))[1],
         (array_agg(i.file_size order by p.decided_at desc, p.id desc) filter (where i.file_sha256 is not null))[1],
         (array_agg(i.file_name order by p.decided_at desc, p.id desc) filter (where i.file_sha256 is not null))[1],
         (array_agg(i.served order by p.decided_at desc, p.id desc) filter (where i.file_sha256 is not null))[1],
         (array_agg(i.rendition_id order by p.decided_at desc, p.id desc) filter (where i.file_sha256 is not null))[1]
    from unnest(p_kinds, p_keys) k(kind, key)
   cross join lateral (
      select x.* from staff.publish_items x
       where x.org_id = p_org and x.kind = k.kind and x.key = k.key and x.included and not x.withdrawn offset 0) i
    join staff.publishes p on p.id = i.publish_id and p.status = 'approved'
   group by i.kind, i.key
  on conflict (org_id, kind, key) do update
     set customer_key = excluded.customer_key, order_key = excluded.order_key, fields = excluded.fields,
         file_sha256 = excluded.file_sha256, file_size = excluded.file_size, file_name = excluded.file_name,
         served = excluded.served, rendition_id = excluded.rendition_id;
  get diagnostics v_kept = row_count;

  -- Where each key has a record, none is gone.
  if v_kept < cardinality(p_keys) then
    delete from staff.records r
     using (
       select x.kind, x.key from unnest(p_kinds, p_keys) x(kind, key)
        where x.kind not in ('customer', 'contact')
          and not exists (
            select 1 from staff.publish_items i join staff.publishes p on p.id = i.publish_id
             where i.org_id = p_org and i.kind = x.kind and i.key = x.key
               and i.included and not i.withdrawn and p.status = 'approved' offset 0)
        offset 0) k
     where r.org_id = p_org and r.kind = k.kind and r.key = k.key;
  end if;
end
$function$;

CREATE OR REPLACE FUNCTION staff.keep_renditions(p_org uuid, p_made jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform set_config('counterfoil.org', p_org::text, true);
  update staff.renditions r
     set sha256 = m.sha256, size = m.size, slot_offset = m."slotOffset", slot_length = m."slotLength",
         head_crc = m."headCrc", tail_crc = m."tailCrc", leased_until = null,
         made_at = case when m.sha256 is not null then now() end, failed = m.sha256 is null, lost = false
    from jsonb_to_recordset(p_made) m(id uuid, sha256 text, size bigint, "slotOffset" bigint, "slotLength" int,
                                      "headCrc" bigint, "tailCrc" bigint)
   where r.org_id = p_org and r.id = m.id and (r.made_at is null or r.lost and m.sha256 is not null);
end
$function$;

CREATE OR REPLACE FUNCTION staff.keep_review(p_publish uuid, p_customers text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_nestloop TO 'off'
 SET work_mem TO '32MB'
AS $function$
declare
  v_places jsonb;
begin
  -- First: what changes from here on finds it fresh, and makes it stale again.
  update staff.publishes p set review_stale = false where p.id = p_publish;
  if p_customers is null then
    delete from staff.reviewed_items t where t.publish_id = p_publish;
    insert into staff.reviewed_items select * from staff.review(p_publish, null);
  else
    -- A customer's items stand together, and a decision moves none of them.
    with gone as (
      delete from staff.reviewed_items t where t.publish_id = p_publish and t.customer_key = any (p_customers)
      returning t.customer_key, t.place
    )
    select jsonb_object_agg(g.customer_key, g.place) into v_places
      from (select g.customer_key, min(g.place) as place from gone g group by g.customer_key) g;
    insert into staff.reviewed_items
    select r.org_id, r.publish_id,
           (v_places->>r.customer_key)::int - 1 + row_number() over (partition by r.customer_key order by r.place)::int,
           r.kind, r.key, r.customer_key, r.order_key, r.line, r.position, r.rows, r.fields, r.before, r.change, r.problems,
           r.blocked, r.excluded, r.needs_tick, r.ticked, r.passes, r.file_sha256, r.file_size, r.file_name, r.pages, r.served,
           r.rendition_id, r.ready, r.override_reason, r.overridden_by
      from staff.review(p_publish, p_customers) r;
  end if;
  perform staff.keep_reviewed_customers(p_publish, p_customers);
  update staff.publishes p
     set kept_hash = (select encode(sha256(coalesce(string_agg(convert_to(c.customer_key || E'\n' || c.digest || E'\n', 'UTF8'), ''::bytea
                                                              order by c.customer_key), ''::bytea)), 'hex')
                        from staff.reviewed_customers c where c.publish_id = p_publish)
   where p.id = p_publish;
end
$function$;

CREATE OR REPLACE FUNCTION staff.keep_reviewed_customers(p_publish uuid, p_customers text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_nestloop TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
 SET work_mem TO '32MB'
AS $function$
declare
  v_org uuid;
  v_excluded text[];
begin
  select p.org_id, p.excluded_customers into v_org, v_excluded from staff.publishes p where p.id = p_publish;
  delete from staff.reviewed_customers c
   where c.publish_id = p_publish and (p_customers is null or c.customer_key = any (p_customers));
  insert into staff.reviewed_customers (org_id, publish_id, customer_key, name, is_first, excluded, kinds, fields,
                                        widened_kinds, widened_fields, counts, digest)
  with items as materialized (
    -- What is counted, and no more: it is read several times.
    select t.customer_key, t.kind, t.change, t.rows, t.passes, t.blocked, t.excluded, t.needs_tick, t.ticked,
           t.override_reason is not null as overridden, t.passes and t.change <> 'same' as goes,
           case when t.kind = 'customer' then t.fields->>'customer_name' end as staged_name,
           case when t.kind = 'document' then t.fields->>'document_kind' end as paper,
           case when t.kind = 'invoice' then coalesce(t.fields->>'currency', t.before->>'currency') end as currency,
           case when t.kind = 'invoice' then (t.fields->>'total')::numeric end as total,
           case when t.kind = 'payment' then coalesce(t.fields->>'currency', t.before->>'currency') end as paid_in,
           case when t.kind = 'payment' then (t.fields->>'payment_amount')::numeric end as payment,
           t.problems @> '[{"severity": "warning"}]' as warned
      from staff.reviewed_items t
     where t.publish_id = p_publish and (p_customers is null or t.customer_key = any (p_customers))
  ), digested as (
    -- Made before they are sorted: 32 bytes of an item, not all of it.
    select d.customer_key, sha256(string_agg(d.digest, ''::bytea order by d.kind collate "C", d.key collate "C")) as digest
      from (select t.customer_key, t.kind, t.key, staff.review_digest(t) as digest
              from staff.reviewed_items t
             where t.publish_id = p_publish and (p_customers is null or t.customer_key = any (p_customers))
            offset 0) d
     group by d.customer_key
  ), figures as (
    select i.customer_key,
           max(i.staged_name) as staged_name,
           jsonb_build_object(
             'items', count(*), 'passes', count(*) filter (where i.passes), 'blocked', count(*) filter (where i.blocked and not i.excluded),
             'excluded', count(*) filter (where i.excluded),
             'warnings', count(*) filter (where i.warned),
             'awaitingTick', count(*) filter (where i.needs_tick and not i.ticked and not i.blocked and not i.excluded),
             'overridden', count(*) filter (where i.overridden),
             'new', count(*) filter (where i.change = 'new'), 'changed', count(*) filter (where i.change = 'changed'),
             'same', count(*) filter (where i.change = 'same'), 'revision', count(*) filter (where i.change = 'revision'),
             'conflict', count(*) filter (where i.change = 'conflict'),
             'orders', count(*) filter (where i.kind = 'order'), 'documents', count(*) filter (where i.kind = 'document'),
             'contacts', count(*) filter (where i.kind = 'contact'),
             'goes', count(*) filter (where i.goes),
             'goes.orders', count(*) filter (where i.goes and i.kind = 'order'),
             'goes.documents', count(*) filter (where i.goes and i.kind = 'document'),
             'goes.contacts', count(*) filter (where i.goes and i.kind = 'contact' and i.change = 'new'),
             'rows.created', coalesce(sum(i.rows) filter (where not i.blocked and not i.excluded and i.change = 'new'), 0),
             'rows.changed', coalesce(sum(i.rows) filter (where not i.blocked and not i.excluded and i.change in ('changed', 'revision')), 0),
             'rows.same', coalesce(sum(i.rows) filter (where not i.blocked and not i.excluded and i.change = 'same'), 0),
             'rows.blocked', coalesce(sum(i.rows) filter (where i.blocked and not i.excluded), 0),
             'rows.excluded', coalesce(sum(i.rows) filter (where i.excluded), 0)) as counts
      from items i group by i.customer_key
  ), papers as (
    select x.customer_key, jsonb_object_agg(x.name, x.value) as counts
      from (
        select i.customer_key, 'documents.' || i.paper as name, count(*)::numeric as value
          from items i where i.paper is not null group by 1, 2
        union all
        select i.customer_key, 'goes.documents.' || i.paper, count(*) from items i where i.paper is not null and i.goes group by 1, 2
        union all
        select i.customer_key, 'invoices.' || i.currency, sum(i.total)
          from items i where i.currency is not null and i.total is not null group by 1, 2
        union all
        select i.customer_key, 'goes.invoices.' || i.currency, sum(i.total)
          from items i where i.currency is not null and i.total is not null and i.goes group by 1, 2
        union all
        select i.customer_key, 'payments.' || i.paid_in, sum(i.payment)
          from items i where i.paid_in is not null and i.payment is not null group by 1, 2
        union all
        select i.customer_key, 'goes.payments.' || i.paid_in, sum(i.payment)
          from items i where i.paid_in is not null and i.payment is not null and i.goes group by 1, 2
      ) x group by x.customer_key
  )
  select v_org, p_publish, f.customer_key, coalesce(f.staged_name, b.name), b.id is null, f.customer_key = any (v_excluded),
         w.kinds, w.fields, g.kinds, g.fields, f.counts || coalesce(p.counts, '{}'),
         encode(sha256(d.digest || convert_to(
           (staff.name_in(p_publish, v_org, f.customer_key), w.kinds, w.fields, f.customer_key = any (v_excluded),
            g.kinds, g.fields)::text, 'UTF8')), 'hex')
    from figures f
    join digested d on d.customer_key = f.customer_key
    left join papers p on p.customer_key = f.customer_key
    left join portal.customers b on b.org_id = v_org and b.code_key = f.customer_key
    join staff.wanted_exposure(v_org, (select array_agg(x.customer_key) from figures x)) w on w.customer_key = f.customer_key
    left join staff.exposures e on e.org_id = v_org and e.customer_key = f.customer_key
   cross join lateral (
      select array(select x.value from unnest(w.kinds) with ordinality x(value, place)
                    where v.is_granted and x.value <> all (coalesce(e.granted_kinds, '{}')) order by x.place) as kinds,
             array(select x.value from unnest(w.fields) with ordinality x(value, place)
                    where v.is_granted and x.value <> all (coalesce(e.granted_fields, '{}')) order by x.place) as fields
        -- An approval grants what is wanted to those of whom something passes; to whom it is the first, all is new.
        from (select b.id is not null and f.counts->>'passes' <> '0' as is_granted) v) g;
end
$function$;

CREATE OR REPLACE FUNCTION staff.keep_stager()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  new.staged_by := (select s.member_id from staff.context() s);
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION staff.keep_tracking(p_carrier text, p_lease uuid, p_answers jsonb)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_org uuid;
  v_kept int := 0;
begin
  for v_org in select distinct a.org from jsonb_to_recordset(p_answers) a(org uuid) order by 1 loop
    perform set_config('counterfoil.org', v_org::text, true);
    -- An approval changes the same rows in another order.
    perform pg_advisory_xact_lock(hashtextextended(v_org::text, 0));
    v_kept := v_kept + staff.keep_answers(v_org, p_carrier, p_lease, p_answers);
  end loop;
  return v_kept;
end
$function$;

CREATE OR REPLACE FUNCTION staff.lapse_answers_of_member()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_item record;
begin
  -- In one order, as approvals do; the caller holds the org (see holdMembers).
  perform 1 from staff.publishes p where p.org_id = new.org_id and p.status = 'staged' order by p.id for no key update;
  for v_item in
    update staff.publish_items i set overridden = '[]', override_reason = null, overridden_by = null
      from staff.publishes p
     where p.org_id = new.org_id and p.status = 'staged' and i.publish_id = p.id and i.overridden_by = new.id
    returning i.publish_id, i.kind, i.key
  loop
    perform audit.append(new.org_id, 'staff', nullif(current_setting('counterfoil.member', true), '')::uuid, null, null,
                         'item.overridden', 'publish', v_item.publish_id::text,
                         jsonb_build_object('kind', v_item.kind, 'key', v_item.key, 'takenBack', true,
                                            'because', 'member_changed', 'member', new.id));
  end loop;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.lapse_override()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  new.overridden := '[]';
  new.override_reason := null;
  new.overridden_by := null;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION staff.lasting_problems(p_old jsonb, p_import uuid, p_same boolean, p_new jsonb, p_kind text, p_fields jsonb, p_customer text, p_order text)
 RETURNS jsonb
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select case when p_old = '[]' then p_old else coalesce((
    select jsonb_agg(case when p_same then x else jsonb_build_object('import', p_import) || x end)
      from jsonb_array_elements(p_old) x
     where p_same and not x ? 'import'
        or not p_new @> jsonb_build_array(x - array['import', 'line', 'otherLine', 'severity', 'value'])
           and not case
             when coalesce(x->>'field', 'customer_code') = 'customer_code' then p_customer <> ''
             when x->>'field' = 'order_number' then p_order is not null
             -- An invoice has no such field of its own: its two numbers disagreed.
             when x->>'field' = 'document_number' and p_kind = 'invoice' then true
             else p_fields ? (x->>'field') end), '[]') end;
$function$;

CREATE OR REPLACE FUNCTION staff.let_go_shipments()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v record;
begin
  for v in select g.org_id, array_agg(distinct g.order_id) as orders from gone g group by g.org_id loop
    perform set_config('counterfoil.org', v.org_id::text, true);
    perform staff.settle_orders(v.orders);
  end loop;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.letter_scope(p_letter uuid)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.letter_stands(p_letter uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select case
      when o.template = 'documents-ready' then exists (
        select from staff.publishes p
          join staff.publish_items i on i.publish_id = p.id
         where p.id = case when o.event ~ '^publish[.]approved/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/'
                           then substr(o.event, 18, 36)::uuid end
           and p.org_id = o.org_id and p.status = 'approved'
           and i.kind in ('order', 'document') and i.included and not i.withdrawn
           and i.customer_key = substr(o.event, 55))
      when o.template in ('news', 'statement-ready') then exists (select from staff.news_of(o.org_id, o.id))
      else true end
    from staff.outbox o, staff.context() s
   where o.id = p_letter and o.org_id = s.org_id;
$function$;

CREATE OR REPLACE FUNCTION staff.lift_suppression(p_suppression uuid)
 RETURNS TABLE(email text)
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.list_renditions(p_org uuid, p_publish uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
  insert into staff.renditions (org_id, source_sha256, customer_key, customer_name, stamp_version)
  select p_org, w.sha256, c.customer_key, c.name, staff.stamp_version()
    from (
      select g.customer_key, g.files, staff.name_in(p_publish, p_org, g.customer_key) as name
        from (
          select i.customer_key, array_agg(distinct f.sha256) as files
            from staff.match_files(p_publish) m
           cross join lateral (
              select x.* from staff.publish_items x
               where x.publish_id = p_publish and x.kind = 'document' and x.key = m.key offset 0) d
           cross join lateral (select x.sha256 from staff.staged_files x where x.id = m.file_id offset 0) f
           cross join lateral (
              select y.* from staff.files y
               where y.org_id = p_org and y.sha256 = f.sha256 and y.collected_at is null offset 0) x
            left join lateral (
              select y.customer_key from staff.publish_items y
               where d.order_key is not null and y.publish_id = p_publish and y.kind = 'order' and y.key = d.order_key
               offset 0) o on true
            left join lateral (
              select y.customer_key from staff.records y
               where d.order_key is not null and y.org_id = p_org and y.kind = 'order' and y.key = d.order_key
               offset 0) l on true
           cross join lateral (select coalesce(nullif(d.customer_key, ''), nullif(o.customer_key, ''), l.customer_key, '') as customer_key) i
           where i.customer_key <> ''
             and staff.served_as(p_org, x.served, d.fields->>'document_kind') = 'stamped'
             -- A file that can never pass needs none.
             and not exists (select 1 from jsonb_array_elements(x.findings) e where not staff.is_overridable(e->>'code'))
           group by i.customer_key) g
      offset 0) c
   cross join lateral unnest(c.files) w(sha256)
   order by 2, 3, 4
  on conflict do nothing;
$function$;

CREATE OR REPLACE FUNCTION staff.losing_access(p_publish uuid, p_contacts text[])
 RETURNS TABLE(contact_id uuid, customer_id uuid)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
  select c.id, c.customer_id
    from staff.publishes p
   cross join (select distinct k.key from unnest(p_contacts) k(key)) k
    join staff.publish_items i on i.publish_id = p.id and i.kind = 'contact' and i.key = k.key and i.included
    join portal.customers b on b.org_id = i.org_id and b.code_key = i.customer_key
    join portal.contacts c on c.org_id = b.org_id and c.customer_id = b.id and c.email = i.fields->>'contact_email'
   where p.id = p_publish and c.access = 'allowed'
     and not exists (
       select 1 from audit.events e
        where e.org_id = c.org_id and e.subject_id = c.id::text and e.action = 'contact.access_changed'
          and e.at > p.decided_at and not e.detail ? 'because' offset 0);
$function$;

CREATE OR REPLACE FUNCTION staff.mail_topic(p_template text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select case p_template
    when 'documents-ready' then 'documents'
    when 'news' then 'tracking'
    when 'issue-reply' then 'issues'
    when 'change-answered' then 'issues'
    when 'statement-ready' then 'statements' end;
$function$;

CREATE OR REPLACE FUNCTION staff.make_review(p_org uuid, p_publish uuid)
 RETURNS TABLE(made boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
begin
  perform set_config('counterfoil.org', p_org::text, true);
  perform 1 from staff.publishes p
    where p.id = p_publish and p.org_id = p_org and p.status = 'staged' and p.review_stale
      for no key update skip locked;
  made := found
    and not exists (select 1 from staff.imports i
                     where i.publish_id = p_publish
                       and (i.state = 'reading' or i.staged_at > now() - interval '1 minute'))
    and not exists (select 1 from staff.staged_files f
                     where f.publish_id = p_publish and f.uploaded_at > now() - interval '1 minute');
  if made then
    perform staff.keep_review(p_publish, null);
  end if;
  return next;
end
$function$;

CREATE OR REPLACE FUNCTION staff.match_files(p_publish uuid)
 RETURNS TABLE(key text, file_id uuid, files bigint, documents bigint)
 LANGUAGE sql
 STABLE ROWS 100
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_nestloop TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
  with wanted as (
    select i.key, lower(i.fields->>'file_name') as name_key,
           trim(both '-' from regexp_replace(substr(i.key, strpos(i.key, ':') + 1), '[^[:alnum:]]+', '-', 'g')) as number_key
      from staff.publish_items i
     where i.publish_id = p_publish and i.kind = 'document'
  ), by_name as (
    select w.key, f.id
      from wanted w join staff.staged_files f on f.publish_id = p_publish and f.name_key = w.name_key
  ), carried as (
    select w.key, f.id, rank() over (partition by f.id order by length(n.number_key) desc) as fit
      from staff.staged_files f
     cross join lateral unnest(f.number_keys) n(number_key)
      join wanted w on w.number_key = n.number_key and w.name_key is null
     where f.publish_id = p_publish and not exists (select 1 from by_name b where b.id = f.id)
  ), by_number as (
    select distinct c.key, c.id, count(*) over (partition by c.id) as documents from carried c where c.fit = 1
  )
  select b.key, b.id, 1, 1 from by_name b
  union all
  select n.key, (array_agg(n.id order by n.id))[1], count(*), max(n.documents) from by_number n group by n.key;
$function$;

CREATE OR REPLACE FUNCTION staff.matching(p_publish uuid, p_limit integer)
 RETURNS TABLE(matched integer, unmatched integer, missing integer, unmatched_names jsonb, missing_documents jsonb)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_nestloop TO 'off'
 SET enable_seqscan TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
  with matches as materialized (
    select m.key, m.file_id from staff.match_files(p_publish) m
  ), missing as materialized (
    select i.key, i.line, i.fields->>'file_name' as file_name
      from (
        select d.org_id, d.key, d.line, d.fields, d.customer_key, d.order_key, o.customer_key as order_customer,
               p.excluded_customers
          from staff.publish_items d
          join staff.publishes p on p.id = d.publish_id
          left join staff.publish_items o
            on d.order_key is not null and o.publish_id = d.publish_id and o.kind = 'order' and o.key = d.order_key
         where d.publish_id = p_publish and d.kind = 'document' and not d.excluded and not coalesce(o.excluded, false)
           and not exists (select 1 from matches m where m.key = d.key)
        offset 0) i
      left join lateral (
        select x.customer_key from staff.records x
         where i.order_key is not null and x.org_id = i.org_id and x.kind = 'order' and x.key = i.order_key offset 0) l on true
      left join lateral (
        select x.file_sha256, x.fields from staff.records x
         where x.org_id = i.org_id and x.kind = 'document' and x.key = i.key offset 0) r on true
     where not coalesce(nullif(i.customer_key, ''), nullif(i.order_customer, ''), l.customer_key, '')
                 = any (i.excluded_customers)
       and (r.file_sha256 is null or i.fields ? 'file_name'
            and lower(i.fields->>'file_name') is distinct from lower(r.fields->>'file_name'))
  ), unmatched as materialized (
    select f.name from staff.staged_files f
     where f.publish_id = p_publish and not exists (select 1 from matches m where m.file_id = f.id)
  )
  select (select count(distinct m.key) from matches m)::int,
         (select count(*) from unmatched)::int,
         (select count(*) from missing)::int,
         (select coalesce(jsonb_agg(u.name order by u.name), '[]')
            from (select x.name from unmatched x order by x.name limit p_limit) u),
         (select coalesce(jsonb_agg(jsonb_build_object('key', d.key, 'fileName', d.file_name) order by d.line, d.key), '[]')
            from (select x.* from missing x order by x.line, x.key limit p_limit) d);
$function$;

CREATE OR REPLACE FUNCTION staff.may_decide(p_member uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select exists (select 1 from staff.members m
                  where m.id = p_member and m.active and m.service_name is null and m.role in ('approver', 'owner'));
$function$;

CREATE OR REPLACE FUNCTION staff.memberships(p_email text)
 RETURNS TABLE(slug text, name text, role text)
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select o.slug, o.name, m.role
    from staff.members m join portal.orgs o on o.id = m.org_id
   where m.email = lower(p_email) and m.active
   order by o.name;
$function$;

CREATE OR REPLACE FUNCTION staff.move_issue(p_issue uuid, p_status text, p_note text, p_note_key text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.name_core(p_words text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select coalesce(nullif(regexp_replace(p_words,
    '( (GMBH|MBH|CO|KG|KGAA|AG|EK|E K|E KFM|OHG|UG|GBR|SE|EG|SP Z O O|SPOLKA Z O O|SPZOO|SPOLKA|Z OGRANICZONA ODPOWIEDZIALNOSCIA|AKCYJNA|KOMANDYTOWA|JAWNA|SP J|SP K|S C|S A|SA|SAU|S A U|S L|SL|SLU|S L U|SLL|SOCIEDAD|LIMITADA|ANONIMA|LTD|LIMITED|LLC|L L C|LLP|LP|INC|INCORPORATED|CORP|CORPORATION|COMPANY|PLC|PTY|BV|B V|NV|N V|AS|A S|ASA|APS|OY|OYJ|AB|HB|SRL|S R L|SPA|S P A|SARL|S A R L|SAS|S A S|EURL|LDA|KFT|SRO|S R O|DOO|D O O))+$',
    ''), ''), p_words);
$function$;

CREATE OR REPLACE FUNCTION staff.name_in(p_publish uuid, p_org uuid, p_customer text)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select coalesce(
    (select i.fields->>'customer_name' from staff.publish_items i
      where i.publish_id = p_publish and i.kind = 'customer' and i.key = p_customer
        -- One that stays behind names nobody.
        and not i.excluded and not i.problems @> '[{"severity": "blocking"}]'),
    (select r.fields->>'customer_name' from staff.records r
      where r.org_id = p_org and r.kind = 'customer' and r.key = p_customer),
    p_customer);
$function$;

CREATE OR REPLACE FUNCTION staff.named_publishes(p_publishes uuid[])
 RETURNS jsonb
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select jsonb_build_object('count', count(*), 'publishes', coalesce(
           jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name) order by p.decided_at desc, p.id desc)
             filter (where p.place <= 20), '[]'))
    from (select x.id, x.name, x.decided_at, row_number() over (order by x.decided_at desc, x.id desc) as place
            from staff.publishes x where x.id = any (p_publishes)) p;
$function$;

CREATE OR REPLACE FUNCTION staff.news_of(p_org uuid, p_letter uuid)
 RETURNS TABLE(kind text, created_at timestamp with time zone, subject text, params jsonb, order_id uuid, order_number text, carrier text, tracking_number text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform set_config('counterfoil.org', p_org::text, true);
  return query
    select n.kind, n.created_at, n.subject, n.params, o.id, o.number, s.carrier, s.tracking_number
      from staff.notice_letters l
      join portal.notifications n on n.id = l.notification_id
      left join portal.orders o on o.id = n.order_id
      left join portal.shipments s on s.id = case n.kind when 'shipment_status' then n.subject::uuid end
     where l.org_id = p_org and l.letter_id = p_letter
       and (n.order_id is null or staff.shows_order(n.order_id))
       and (not n.financial or staff.scope_of(l.contact_id) = 'all')
       and portal.notice_stands(n)
     order by o.number, coalesce((n.params->>'at')::timestamptz, n.created_at), n.id;
end
$function$;

CREATE OR REPLACE FUNCTION staff.next_poll(p_status text, p_done timestamp with time zone, p_since date, p_is_known boolean)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select case
    when p_since + 120 <= now()::date then null
    when p_status in ('delivered', 'returned') then
      case when p_done + interval '3 days' > now() then now() + interval '12 hours' end
    when not p_is_known and p_since + 5 < now()::date then now() + interval '6 hours'
    when p_status in ('unknown', 'label_created') then now() + interval '55 minutes'
    else now() + interval '25 minutes' end;
$function$;

CREATE OR REPLACE FUNCTION staff.normalise_key(p text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
RETURN NORMALIZE(regexp_replace(regexp_replace(upper((NORMALIZE(p, NFKC) COLLATE pg_c_utf8)), '[\s\u00a0\u0085\u00ad\u1680\u2028\u2029\u200b-\u200f\u2060\ufeff]'::text, ''::text, 'g'::text), '[\u02d7\u2010-\u2015\u2043\u2212]'::text, '-'::text, 'g'::text), NFKC);

CREATE OR REPLACE FUNCTION staff.note_calls(p_carrier text, p_answered integer, p_failed integer, p_reason text, p_retry_after integer, p_minute bigint, p_unused integer)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v staff.carrier_state;
  v_failures int;
begin
  select c.* into v from staff.carrier_state c where c.carrier = p_carrier for update;
  v_failures := case when p_answered > 0 then p_failed
                     when v.failures >= 5 then v.failures + least(p_failed, 1)
                     else least(v.failures + p_failed, 5) end;
  update staff.carrier_state c
     set failures = v_failures,
         recent_calls = case when p_unused > 0 and c.recent_calls ? p_minute::text
                             then c.recent_calls || jsonb_build_object(p_minute::text, (c.recent_calls->>p_minute::text)::int - p_unused)
                             else c.recent_calls end,
         hour_calls = greatest(c.hour_calls - p_unused, 0),
         last_success_at = case when p_answered > 0 then clock_timestamp() else c.last_success_at end,
         last_error = coalesce(p_reason, c.last_error),
         last_error_at = case when p_reason is not null then clock_timestamp() else c.last_error_at end,
         open_until = greatest(
           case when v_failures >= 5 and p_failed > 0
                then clock_timestamp() + least(interval '30 minutes' * 2 ^ least(v_failures - 5, 4), interval '6 hours') end,
           case when p_retry_after > 0 then clock_timestamp() + make_interval(secs => least(p_retry_after, 21600)) end,
           -- Nothing was asked after all: whoever tried it has its lease.
           case when p_answered = 0 and p_failed = 0 then c.open_until end)
   where c.carrier = p_carrier;
  -- Half an hour is nobody's trouble; what goes on after it, or will not mend by itself, is.
  if p_failed > 0 and (v_failures > 5 or v_failures = 5 and p_reason = 'bad_credentials') then
    perform staff.alert_carrier(p_carrier, p_reason);
  elsif v.failures >= 5 and p_answered > 0 then
    perform staff.alert_carrier(p_carrier, null);
  end if;
  return v_failures >= 5 and p_failed > 0;
end
$function$;

CREATE OR REPLACE FUNCTION staff.note_estimate()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform set_config('counterfoil.org', new.org_id::text, true);
  if new.estimated_delivery is null then
    delete from portal.delivery_estimates d where d.shipment_id = new.id and d.source = 'supplier';
    return null;
  end if;
  insert into portal.delivery_estimates (org_id, customer_id, order_id, shipment_id, day, source, told_at)
  select new.org_id, new.customer_id, new.order_id, new.id, old.estimated_delivery, 'supplier',
         coalesce(uuid_extract_timestamp(new.id), now())
   where old.estimated_delivery is not null
     and not exists (select 1 from portal.delivery_estimates d where d.shipment_id = new.id and d.source = 'supplier')
  union all
  select new.org_id, new.customer_id, new.order_id, new.id, new.estimated_delivery, 'supplier', now();
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.note_hints()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform staff.hint(array_agg(t.org_id), array_agg(t.customer_id))
     from (select distinct x.org_id, x.customer_id from touched x) t;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.note_issue(p_issue uuid, p_body text)
 RETURNS TABLE(status text, note_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.note_published()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update portal.orgs o set published_at = now() where o.id = new.org_id;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.note_shipment_hints()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.number_pattern(p_words text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select '(^| )' || replace(
           regexp_replace(regexp_replace(p_words, '([^0-9 ])([0-9])', '\1 \2', 'g'), '([0-9])([^0-9 ])', '\1 \2', 'g'),
           ' ', ' ?') || '( |$)';
$function$;

CREATE OR REPLACE FUNCTION staff.objects_to_check(p_org uuid, p_limit integer)
 RETURNS TABLE(sha256 text, size bigint)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform set_config('counterfoil.org', p_org::text, true);
  return query
    select d.object_sha256, max(d.object_size)
      from portal.documents d
     where d.org_id = p_org and d.object_sha256 is not null
       and (d.checked_at is null or d.checked_at < now() - interval '20 hours')
     group by d.object_sha256
     order by min(coalesce(d.checked_at, '-infinity'))
     limit p_limit;
end
$function$;

CREATE OR REPLACE FUNCTION staff.open_review(p_publish uuid)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
begin
  if not exists (
    select 1 from staff.publishes p
     where p.id = p_publish and p.org_id = (select s.org_id from staff.context() s) and p.status = 'staged' and p.review_stale) then
    return;
  end if;
  perform 1 from staff.publishes p where p.id = p_publish for no key update;
  -- Somebody else may have made it while this waited.
  if exists (select 1 from staff.publishes p where p.id = p_publish and p.status = 'staged' and p.review_stale) then
    perform staff.keep_review(p_publish, null);
  end if;
end
$function$;

CREATE OR REPLACE FUNCTION staff.override_item(p_publish uuid, p_kind text, p_key text, p_reason text, p_seen jsonb)
 RETURNS TABLE(status text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  me record;
  v_status text;
  v_answers jsonb;
  v_problems jsonb;
  v_file text;
  v_customer text;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service or me.role not in ('approver', 'owner') then
    perform staff.audit('request.refused', 'publish', p_publish::text, '{"code": "forbidden", "action": "item.overridden"}');
    return query select 'forbidden';
    return;
  end if;
  select p.status into v_status from staff.publishes p
   where p.id = p_publish and p.org_id = me.org_id for no key update;
  if v_status is null or not exists (
       select 1 from staff.publish_items i where i.publish_id = p_publish and i.kind = p_kind and i.key = p_key) then
    return query select 'not_found';
    return;
  end if;
  if v_status <> 'staged' then
    return query select 'not_staged';
    return;
  end if;
  perform staff.refresh_review(p_publish);
  select r.customer_key into v_customer
    from staff.reviewed_items r where r.publish_id = p_publish and r.kind = p_kind and r.key = p_key;
  if p_reason is null then
    update staff.publish_items i set overridden = '[]', override_reason = null, overridden_by = null
     where i.publish_id = p_publish and i.kind = p_kind and i.key = p_key;
    perform staff.keep_review(p_publish, array[v_customer]);
    perform staff.audit('item.overridden', 'publish', p_publish::text,
                        jsonb_build_object('kind', p_kind, 'key', p_key, 'takenBack', true));
    return query select 'ok';
    return;
  end if;
  select jsonb_agg(staff.answer(x, r.customer_key, r.file_sha256)),
         jsonb_agg(jsonb_build_object('code', x->>'code', 'value', x->>'value') order by x->>'code', x->>'value'),
         max(r.file_sha256)
    into v_answers, v_problems, v_file
    from staff.reviewed_items r cross join lateral jsonb_array_elements(r.problems) x
   where r.publish_id = p_publish and r.kind = p_kind and r.key = p_key and (x->>'overridable')::boolean;
  if v_answers is null then
    return query select 'nothing_to_override';
    return;
  end if;
  if v_file is distinct from p_seen->>'sha256' or v_problems is distinct from (
       select jsonb_agg(jsonb_build_object('code', x->>'code', 'value', x->>'value') order by x->>'code', x->>'value')
         from jsonb_array_elements(p_seen->'problems') x) then
    return query select 'review_stale';
    return;
  end if;
  update staff.publish_items i set overridden = v_answers, override_reason = p_reason, overridden_by = me.member_id
   where i.publish_id = p_publish and i.kind = p_kind and i.key = p_key;
  perform staff.keep_review(p_publish, array[v_customer]);
  perform staff.audit('item.overridden', 'publish', p_publish::text,
                      jsonb_build_object('kind', p_kind, 'key', p_key, 'reason', p_reason, 'problems', v_problems));
  return query select 'ok';
end
$function$;

CREATE OR REPLACE FUNCTION staff.owner_of_order(p_org uuid, p_publish uuid, p_order text)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select coalesce(
    (select r.customer_key from staff.records r where r.org_id = p_org and r.kind = 'order' and r.key = p_order),
    (select nullif(o.customer_key, '') from staff.publish_items o
      where o.publish_id = p_publish and o.kind = 'order' and o.key = p_order));
$function$;

CREATE OR REPLACE FUNCTION staff.predict_arrivals(p_org uuid, p_is_anew boolean)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_nestloop TO 'on'
AS $function$
declare
  v_predicted int;
begin
  perform set_config('counterfoil.org', p_org::text, true);
  perform pg_advisory_xact_lock(hashtextextended(p_org::text, 0));
  -- After most answers there is nobody to guess for, and a year's parcels need not be read.
  if not p_is_anew and not exists (
       select from portal.shipments s
         join portal.orgs g on g.id = s.org_id
         join portal.orders o on o.id = s.order_id
         join portal.customers c on c.id = s.customer_id
         join staff.exposures e on e.org_id = p_org and e.customer_key = c.code_key
        where s.org_id = p_org and s.carrier is not null and s.status not in ('delivered', 'returned')
          and (s.delivered_at > now() - interval '1 year'
               or s.predicted_delivery is null and 'estimated_delivery' = any (e.granted_fields)
                  and coalesce(s.estimated_delivery, s.carrier_estimate, o.expected_delivery) is null
                  -- No longer than what is taken for a time on the way.
                  and coalesce(s.shipped_on, (select (h.fields->>'shipped_at')::date from staff.records h
                                               where h.org_id = p_org and h.kind = 'shipment' and h.key = s.shipment_key)) + 60
                      >= (now() at time zone g.time_zone)::date)) then
    return 0;
  end if;
  with shipped as materialized (
    select s.id, s.status, s.estimated_delivery, s.carrier_estimate, o.expected_delivery, s.carrier,
           jsonb_build_array(coalesce(r.fields->>'delivery_country', c.country, ''),
                             coalesce(r.fields->>'delivery_region', '')) as place,
           coalesce(s.shipped_on, (h.fields->>'shipped_at')::date) as shipped_on,
           (s.delivered_at at time zone g.time_zone)::date as arrived_on, (now() at time zone g.time_zone)::date as today,
           'estimated_delivery' = any (e.granted_fields) as shows_day
      from portal.shipments s
      join portal.orgs g on g.id = s.org_id
      join portal.orders o on o.id = s.order_id
      join portal.customers c on c.id = s.customer_id
      join staff.exposures e on e.org_id = p_org and e.customer_key = c.code_key
      join staff.records r on r.org_id = p_org and r.kind = 'order' and r.key = o.number_key
      join staff.records h on h.org_id = p_org and h.kind = 'shipment' and h.key = s.shipment_key
     where s.org_id = p_org and s.carrier is not null
       and (s.delivered_at > now() - interval '1 year'
            or s.status not in ('delivered', 'returned') and (p_is_anew or s.predicted_delivery is null))
  ), carriers as materialized (
    -- Of each name once, as of each place: telling costs more than reading the parcel.
    select d.carrier as name, coalesce(staff.carrier_of(d.carrier), staff.normalise_key(d.carrier)) as carrier
      from (select distinct p.carrier from shipped p) d
  ), regions as materialized (
    select d.place, staff.normalise_key(d.place->>0) || '/' || staff.normalise_key(d.place->>1) as region
      from (select distinct p.place from shipped p) d
  ), parcels as materialized (
    select p.id, p.status, p.estimated_delivery, p.carrier_estimate, p.expected_delivery, p.shipped_on, p.today, p.shows_day,
           k.carrier, a.region,
           case when p.status = 'delivered' and p.arrived_on - p.shipped_on between 0 and 60
                then p.arrived_on - p.shipped_on end as days
      from shipped p join carriers k on k.name = p.carrier join regions a on a.place = p.place
  ), times as (
    -- No `where`: it would be taken for a handful of rows, and all that is under way be held against each.
    select p.carrier, p.region,
           percentile_disc(0.5) within group (order by p.days) as median,
           percentile_disc(0.8) within group (order by p.days) as latest
      from parcels p
     group by p.carrier, p.region
    having count(p.days) >= 10
  ), predicted as (
    select p.id, p.shipped_on + t.median as day, p.shipped_on + t.latest as latest
      from parcels p
      left join times t on t.carrier = p.carrier and t.region = p.region and p.shows_day
       and coalesce(p.estimated_delivery, p.carrier_estimate, p.expected_delivery) is null
       -- What has passed is no guess any more.
       and p.shipped_on + t.latest >= p.today
     where p.status not in ('delivered', 'returned')
  )
  update portal.shipments s set predicted_delivery = n.day, predicted_latest = n.latest
    from predicted n
   where s.id = n.id and (s.predicted_delivery, s.predicted_latest) is distinct from (n.day, n.latest);
  get diagnostics v_predicted = row_count;
  return v_predicted;
end
$function$;

CREATE OR REPLACE FUNCTION staff.preparing(p_publish uuid, p_passing boolean)
 RETURNS bigint
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
  with pending as materialized (
    select x.org_id, x.customer_key, x.files, staff.name_in(p_publish, x.org_id, x.customer_key) as name
      from (
        select r.org_id, r.customer_key, array_agg(r.file_sha256) as files
          from staff.reviewed_items r
          join staff.publishes p on p.id = r.publish_id
         where r.publish_id = p_publish and not r.ready and r.served = 'stamped' and r.customer_key <> ''
           and case when p_passing then r.passes
                    else not r.problems @> '[{"code": "stamp_failed"}]'
                         and not exists (select 1 from jsonb_array_elements(r.problems) y
                                          where y->>'code' like 'pdf\_%' and not y ? 'overridable') end
         group by r.org_id, r.customer_key) x
  )
  select count(*)
    from pending c
   cross join lateral unnest(c.files) f(sha256)
   where not exists (
       select 1 from staff.renditions n
        where n.org_id = c.org_id and n.source_sha256 = f.sha256 and n.customer_key = c.customer_key
          and n.customer_name = c.name
          and n.stamp_version = staff.stamp_version() and n.made_at is not null and not n.lost offset 0);
$function$;

CREATE OR REPLACE FUNCTION staff.problem(p_code text, p_severity text, p_line integer, p_applies boolean, p_value text DEFAULT NULL::text)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
RETURN CASE WHEN p_applies THEN jsonb_strip_nulls(jsonb_build_object('code', p_code, 'severity', p_severity, 'line', p_line, 'value', p_value)) ELSE NULL::jsonb END;

CREATE OR REPLACE FUNCTION staff.project(p_org uuid, p_kinds text[], p_keys text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
begin
  perform staff.keep_records(p_org, p_kinds, p_keys);
  perform staff.project_live(p_org, p_kinds, p_keys, true);
end
$function$;

CREATE OR REPLACE FUNCTION staff.project_drawn(p_org uuid, p_kinds text[], p_keys text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_numbers text[];
begin
  if p_keys is not null then
    -- The numbers that the keys are about, whatever they are about them; and the orders whose own
    -- confirmation, under another number, has come or gone.
    select coalesce(array_agg(distinct x.number), '{}') into v_numbers
      from (
        select case when k.kind = 'document' then substr(k.key, strpos(k.key, ':') + 1) else k.key end as number
          from unnest(p_kinds, p_keys) k(kind, key) where k.kind in ('order', 'invoice', 'document')
        union all
        select i.order_key
          from unnest(p_kinds, p_keys) k(kind, key)
          join staff.publish_items i on i.org_id = p_org and i.kind = k.kind and i.key = k.key and i.included
         where k.kind = 'document' and k.key like 'order\_confirmation:%'
      ) x
     where x.number is not null;
  end if;

  delete from portal.documents d
   using (
     select x.id, x.kind, x.number_key, x.customer_id from portal.documents x
      where v_numbers is null and x.org_id = p_org and x.served = 'drawn' and x.kind in ('order_confirmation', 'invoice', 'credit_note')
     union all
     select y.id, y.kind, y.number_key, y.customer_id
       from unnest(v_numbers) k(number_key)
      cross join lateral (
         select x.id, x.kind, x.number_key, x.customer_id from portal.documents x
          where x.org_id = p_org and x.served = 'drawn' and x.kind in ('order_confirmation', 'invoice', 'credit_note')
            and x.number_key = k.number_key offset 0) y) t
   where d.id = t.id
     and not exists (select 1 from staff.wanted_drawn(p_org, v_numbers) w
                      where w.kind = t.kind and w.number_key = t.number_key and w.customer_id = t.customer_id);

  insert into portal.documents (org_id, customer_id, order_id, kind, number, number_key, dated_on, file_name, served, held, shown_at)
  select p_org, w.customer_id, w.order_id, w.kind, w.number, w.number_key, w.dated_on, w.number || '.pdf', 'drawn', w.held, w.shown_at
    from staff.wanted_drawn(p_org, v_numbers) w
  on conflict (org_id, kind, number_key) do update
     set order_id = excluded.order_id, number = excluded.number, dated_on = excluded.dated_on,
         file_name = excluded.file_name, held = excluded.held
   -- A file of the same number keeps its place.
   where documents.served = 'drawn';
end
$function$;

CREATE OR REPLACE FUNCTION staff.project_events(p_org uuid, p_kinds text[], p_keys text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
declare
  -- What comes behind the shipment's key: the time and the status.
  c_event constant text := '^(.*):(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ?:[a-z_]+)$';
  v_shipments text[];
begin
  if 'tracking_event' <> all (p_kinds)
     and not exists (select 1 from staff.records r where r.org_id = p_org and r.kind = 'tracking_event') then
    return;
  end if;

  -- Found once, not once for each event that is there.
  with gone as materialized (
     select s.id, k.parts[2] as event_key
       from (select x.key, regexp_match(x.key, c_event) as parts from unnest(p_kinds, p_keys) x(kind, key)
              where x.kind = 'tracking_event'
                and not exists (
                  select 1
                    from (select y.customer_key from staff.records y
                           where y.org_id = p_org and y.kind = 'tracking_event' and y.key = x.key offset 0) r
                   cross join lateral (
                     select y.granted_fields from staff.exposures y
                      where y.org_id = p_org and y.customer_key = r.customer_key offset 0) e
                   where 'tracking_number' = any (e.granted_fields) offset 0)
             offset 0) k
      cross join lateral (
        select x.id from portal.shipments x where x.org_id = p_org and x.shipment_key = k.parts[1] offset 0) s
  )
  delete from portal.tracking_events t using gone g
   where t.shipment_id = g.id and t.event_key = g.event_key and t.source = 'import';

  select array_agg(distinct s.key) into v_shipments
    from (select case k.kind when 'shipment' then k.key else (regexp_match(k.key, c_event))[1] end as key
            from unnest(p_kinds, p_keys) k(kind, key) where k.kind in ('shipment', 'tracking_event')) s;

  insert into portal.tracking_events (org_id, customer_id, order_id, shipment_id, event_key, at, status, city, source)
  select p_org, s.customer_id, s.order_id, s.id, n.parts[2],
         a.at, r.fields->>'event_status', r.fields->>'event_city', 'import'
    from (
      select distinct y.customer_id from unnest(v_shipments) k(key)
       cross join lateral (
         select x.customer_id from portal.shipments x where x.org_id = p_org and x.shipment_key = k.key offset 0) y) w
    join portal.orgs g on g.id = p_org
   cross join lateral (select x.* from portal.customers x where x.id = w.customer_id offset 0) c
   cross join lateral (
      select x.* from staff.exposures x
       where x.org_id = p_org and x.customer_key = c.code_key and 'tracking_number' = any (x.granted_fields) offset 0) e
   cross join lateral (
      select x.* from staff.records x
       where x.org_id = p_org and x.customer_key = c.code_key and x.kind = 'tracking_event' offset 0) r
   cross join lateral (select regexp_match(r.key, c_event) as parts offset 0) n
   cross join lateral (
      select x.* from portal.shipments x
       where x.org_id = p_org and x.shipment_key = n.parts[1] and x.customer_id = c.id offset 0) s
   cross join lateral (
      select case when r.fields->>'event_time' like '%Z' then (r.fields->>'event_time')::timestamptz
                  else (r.fields->>'event_time')::timestamp at time zone g.time_zone end as at offset 0) a
   where not exists (
           select 1 from portal.tracking_events x
            where x.shipment_id = s.id and x.source <> 'import' and x.at = a.at and x.status = r.fields->>'event_status' offset 0)
  on conflict (shipment_id, event_key) do update
     set at = excluded.at, city = excluded.city
   where tracking_events.source = 'import'
     and (tracking_events.at, tracking_events.city) is distinct from (excluded.at, excluded.city);

  perform staff.settle_shipments(array(
    select y.id from unnest(v_shipments) k(key)
     cross join lateral (
       select x.id from portal.shipments x where x.org_id = p_org and x.shipment_key = k.key offset 0) y));
end
$function$;

CREATE OR REPLACE FUNCTION staff.project_lines(p_org uuid, p_keys text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_nestloop TO 'off'
 SET work_mem TO '32MB'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
begin
  with said as materialized (
    select o.customer_id, o.id as order_id, (r.fields->>'line_number')::int as line_number,
           coalesce(o.customer_id = c.id and e.id is not null, false) as is_theirs,
           case when 'line_item_code' = any (e.granted_fields) then r.fields->>'line_item_code' end as item_code,
           case when 'line_description' = any (e.granted_fields) then r.fields->>'line_description' end as description,
           case when 'line_quantity' = any (e.granted_fields) then (r.fields->>'line_quantity')::numeric end as quantity,
           case when 'line_quantity' = any (e.granted_fields) then r.fields->>'line_unit' end as unit,
           case when 'line_unit_price' = any (e.granted_fields) then (r.fields->>'line_unit_price')::numeric end as unit_price,
           case when 'line_tax_rate' = any (e.granted_fields) then (r.fields->>'line_tax_rate')::numeric end as tax_rate,
           case when 'line_total' = any (e.granted_fields) then (r.fields->>'line_total')::numeric end as total
      from unnest(p_keys) k(key)
     cross join lateral (
        select x.* from staff.records x where x.org_id = p_org and x.kind = 'order_line' and x.key = k.key offset 0) r
     cross join lateral (
        select x.id, x.customer_id from portal.orders x where x.org_id = p_org and x.number_key = r.order_key offset 0) o
      left join lateral (
        select x.id from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c on true
      left join lateral (
        select x.id, x.granted_fields from staff.exposures x
         where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e on true
  ), kept as (
    insert into portal.order_lines (org_id, customer_id, order_id, line_number, item_code, description, quantity, unit)
    select p_org, s.customer_id, s.order_id, s.line_number, s.item_code, s.description, s.quantity, s.unit
      from said s where s.is_theirs
    on conflict (order_id, line_number) do update
       set item_code = excluded.item_code, description = excluded.description,
           quantity = excluded.quantity, unit = excluded.unit
    returning id, order_id, line_number
  ), gone as (
    delete from portal.order_line_amounts a
     where a.line_id = any (array(
       select l.id from said s
        cross join lateral (
          select x.id from portal.order_lines x where x.order_id = s.order_id and x.line_number = s.line_number offset 0) l
        where not s.is_theirs or coalesce(s.unit_price, s.tax_rate, s.total) is null))
  )
  insert into portal.order_line_amounts (org_id, customer_id, order_id, line_id, unit_price, tax_rate, total)
  select p_org, s.customer_id, s.order_id, l.id, s.unit_price, s.tax_rate, s.total
    from said s join kept l on l.order_id = s.order_id and l.line_number = s.line_number
   where coalesce(s.unit_price, s.tax_rate, s.total) is not null
  on conflict (line_id) do update
     set unit_price = excluded.unit_price, tax_rate = excluded.tax_rate, total = excluded.total;
end
$function$;

CREATE OR REPLACE FUNCTION staff.project_live(p_org uuid, p_kinds text[], p_keys text[], p_may_be_gone boolean)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_nestloop TO 'off'
 SET work_mem TO '32MB'
AS $function$
declare
  v_kinds text[];
  v_keys text[];
  v_customers text[];
  v_contacts text[];
  v_orders text[];
  v_lines text[];
  v_shipments text[];
  v_invoices text[];
  v_documents text[];
  v_gone uuid[];
begin
  -- 1. An order that comes (back) to life brings what hangs on it, whichever publish that came with.
  select array_agg(r.kind), array_agg(r.key) into v_kinds, v_keys
    from (
      select k.key from unnest(p_kinds, p_keys) k(kind, key)
       where k.kind = 'order'
         and not exists (
           select 1 from portal.orders o where o.org_id = p_org and o.number_key = k.key offset 0)
      offset 0) k
   cross join lateral (
      select x.kind, x.key from staff.records x
       where x.org_id = p_org and x.order_key = k.key and x.kind <> 'order' offset 0) r
   where not exists (select 1 from unnest(p_kinds, p_keys) x(kind, key) where x.kind = r.kind and x.key = r.key);
  v_kinds := p_kinds || v_kinds;
  v_keys := p_keys || v_keys;

  -- 2. By kinds.
  select array_agg(k.key) filter (where k.kind = 'customer'), array_agg(k.key) filter (where k.kind = 'contact'),
         array_agg(k.key) filter (where k.kind = 'order'), array_agg(k.key) filter (where k.kind = 'order_line'),
         array_agg(k.key) filter (where k.kind = 'shipment'), array_agg(k.key) filter (where k.kind = 'invoice'),
         array_agg(k.key) filter (where k.kind = 'document')
    into v_customers, v_contacts, v_orders, v_lines, v_shipments, v_invoices, v_documents
    from unnest(v_kinds, v_keys) k(kind, key);

  -- 3. Who they are for.
  insert into portal.customers (org_id, code, code_key, name, tax_id, country)
  select p_org, r.fields->>'customer_code', r.key, coalesce(r.fields->>'customer_name', old.name),
         r.fields->>'customer_tax_id', r.fields->>'customer_country'
    from unnest(v_customers) k(key)
    cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = 'customer' and x.key = k.key offset 0) r
    left join lateral (
      select x.* from portal.customers x
       where x.org_id = p_org and x.code_key = r.key and r.fields->>'customer_name' is null offset 0) old on true
  on conflict (org_id, code_key) do update
     set code = excluded.code, name = excluded.name, tax_id = excluded.tax_id, country = excluded.country;

  insert into portal.contacts (org_id, customer_id, email, name, language)
  select p_org, c.id, r.fields->>'contact_email', r.fields->>'contact_name',
         coalesce(r.fields->>'contact_language', (select o.locale from portal.orgs o where o.id = p_org))
    from unnest(v_contacts) k(key)
    cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = 'contact' and x.key = k.key offset 0) r
    cross join lateral (
      select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
  on conflict (org_id, customer_id, email) do update
     set name = excluded.name, language = excluded.language;

  -- 4. What is gone: nothing approved says it any more, or its kind is no longer shown. An order of
  -- which only its number is left (papers named it, the publish that gave its date was withdrawn) is
  -- gone too; its record stays, so that its number cannot become another customer's.
  -- What we drew makes room for a file, which may even be another customer's.
  delete from portal.documents d
   where d.id in (
     select y.id from unnest(v_documents) k(key)
      cross join lateral (
        select x.id from portal.documents x
         where x.org_id = p_org and x.kind = split_part(k.key, ':', 1) and x.number_key = substr(k.key, strpos(k.key, ':') + 1)
           and x.served = 'drawn' offset 0) y);

  delete from portal.documents d
   where d.id in (
     select y.id from unnest(v_documents) k(key)
      cross join lateral (
        select x.id, x.kind from portal.documents x
         where x.org_id = p_org and x.kind = split_part(k.key, ':', 1) and x.number_key = substr(k.key, strpos(k.key, ':') + 1)
         offset 0) y
      where not exists (
          select 1 from staff.records r
            join staff.exposures e on e.org_id = p_org and e.customer_key = r.customer_key
           where r.org_id = p_org and r.kind = 'document' and r.key = k.key and y.kind = any (e.granted_kinds) offset 0));

  if p_may_be_gone then
    delete from portal.invoices v
     using (
       select x.key from unnest(v_invoices) x(key)
        where not exists (select 1 from staff.records r where r.org_id = p_org and r.kind = 'invoice' and r.key = x.key offset 0)
        offset 0) k
     where v.org_id = p_org and v.number_key = k.key;

    delete from portal.shipments s
     using (
       select x.key from unnest(v_shipments) x(key)
        where not exists (select 1 from staff.records r where r.org_id = p_org and r.kind = 'shipment' and r.key = x.key offset 0)
        offset 0) k
     where s.org_id = p_org and s.shipment_key = k.key;

    delete from portal.order_lines l
     using (
       select x.key from unnest(v_lines) x(key)
        where not exists (select 1 from staff.records r where r.org_id = p_org and r.kind = 'order_line' and r.key = x.key offset 0)
        offset 0) k, portal.orders o
     where o.org_id = p_org and o.number_key = left(k.key, length(k.key) - strpos(reverse(k.key), '#'))
       and l.order_id = o.id and l.line_number = substr(k.key, length(k.key) - strpos(reverse(k.key), '#') + 2)::int;
  end if;

  select array_agg(o.id) into v_gone
    from (
      select k.key, y.id from unnest(v_orders) k(key)
       cross join lateral (select x.id from portal.orders x where x.org_id = p_org and x.number_key = k.key offset 0) y
      offset 0) o
   where not exists (select 1 from staff.records r
                      where r.org_id = p_org and r.kind = 'order' and r.key = o.key and r.fields ? 'order_date' offset 0);
  if v_gone is not null then
    update portal.documents d set order_id = null, held = false where d.order_id = any (v_gone);
    update portal.invoices v set order_id = null, held = false where v.order_id = any (v_gone);
    delete from portal.orders o where o.id = any (v_gone);
  end if;

  -- 5. What is there: only the fields that the exposure in force lets through; the rest is null. What
  -- hangs on an order joins it through its own customer, never by the number alone.
  perform staff.project_orders(p_org, v_orders);
  perform staff.project_lines(p_org, v_lines);

  insert into portal.shipments (org_id, customer_id, order_id, shipment_key, carrier, tracking_number, shipped_on, estimated_delivery)
  select p_org, o.customer_id, o.id, r.key,
         case when 'tracking_number' = any (e.granted_fields) then r.fields->>'carrier' end,
         case when 'tracking_number' = any (e.granted_fields) then r.fields->>'tracking_number' end,
         case when 'shipped_at' = any (e.granted_fields) then (r.fields->>'shipped_at')::date end,
         case when 'estimated_delivery' = any (e.granted_fields) then (r.fields->>'estimated_delivery')::date end
    from unnest(v_shipments) k(key)
    cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = 'shipment' and x.key = k.key offset 0) r
    cross join lateral (
      select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
    join lateral (
      select x.* from portal.orders x where x.org_id = p_org and x.number_key = r.order_key offset 0) o on o.customer_id = c.id
    cross join lateral (
      select x.* from staff.exposures x where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e
  on conflict (org_id, shipment_key) do update
     set carrier = excluded.carrier, tracking_number = excluded.tracking_number,
         shipped_on = excluded.shipped_on, estimated_delivery = excluded.estimated_delivery;

  insert into portal.invoices (org_id, customer_id, order_id, number, number_key, kind, issued_on, due_on, currency,
                               net, tax, total, paid, credits_key, held)
  select p_org, c.id, o.id, r.fields->>'invoice_number', r.key, coalesce(r.fields->>'document_kind', 'invoice'),
         (r.fields->>'invoice_date')::date,
         case when 'due_date' = any (e.granted_fields) then (r.fields->>'due_date')::date end,
         r.fields->>'currency',
         case when 'net' = any (e.granted_fields) then (r.fields->>'net')::numeric end,
         case when 'tax' = any (e.granted_fields) then (r.fields->>'tax')::numeric end,
         case when 'total' = any (e.granted_fields) then (r.fields->>'total')::numeric end,
         case when 'paid' = any (e.granted_fields) then (r.fields->>'paid')::numeric end,
         staff.normalise_key(r.fields->>'credited_invoice'),
         coalesce(o.status in ('draft', 'pending'), false)
    from unnest(v_invoices) k(key)
    cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = 'invoice' and x.key = k.key offset 0) r
    cross join lateral (
      select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
   cross join lateral (
      select x.* from staff.exposures x where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e
    left join lateral (
      select x.* from portal.orders x where x.org_id = p_org and x.number_key = r.order_key offset 0) o on o.customer_id = c.id
  on conflict (org_id, number_key) do update
     set order_id = excluded.order_id, number = excluded.number, kind = excluded.kind, issued_on = excluded.issued_on,
         due_on = excluded.due_on, currency = excluded.currency, net = excluded.net, tax = excluded.tax,
         total = excluded.total, paid = excluded.paid, credits_key = excluded.credits_key, held = excluded.held;

  insert into portal.documents (org_id, customer_id, order_id, kind, number, number_key, dated_on,
                                file_name, file_sha256, file_size, served, object_sha256, object_size,
                                slot_offset, slot_length, head_crc, tail_crc, held)
  select p_org, c.id, o.id, r.fields->>'document_kind', r.fields->>'document_number',
         substr(r.key, strpos(r.key, ':') + 1), (r.fields->>'document_date')::date,
         r.file_name, r.file_sha256, r.file_size, coalesce(r.served, 'plain'),
         coalesce(n.sha256, r.file_sha256), coalesce(n.size, r.file_size),
         n.slot_offset, n.slot_length, coalesce(n.head_crc, f.crc), n.tail_crc,
         coalesce(o.status in ('draft', 'pending'), false)
    from unnest(v_documents) k(key)
    cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = 'document' and x.key = k.key offset 0) r
    cross join lateral (
      select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
   cross join lateral (
      select x.* from staff.exposures x where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e
    left join lateral (
      select x.* from portal.orders x where x.org_id = p_org and x.number_key = r.order_key offset 0) o on o.customer_id = c.id
    left join lateral (
      select x.* from staff.renditions x where x.org_id = p_org and x.id = r.rendition_id offset 0) n on true
    left join lateral (
      select x.* from staff.files x where x.org_id = p_org and x.sha256 = r.file_sha256 offset 0) f on true
   where r.file_sha256 is not null and r.fields->>'document_kind' = any (e.granted_kinds)
  on conflict (org_id, kind, number_key) do update
     set order_id = excluded.order_id, number = excluded.number, dated_on = excluded.dated_on,
         file_name = excluded.file_name, file_sha256 = excluded.file_sha256, file_size = excluded.file_size,
         served = excluded.served, object_sha256 = excluded.object_sha256, object_size = excluded.object_size,
         slot_offset = excluded.slot_offset, slot_length = excluded.slot_length,
         head_crc = excluded.head_crc, tail_crc = excluded.tail_crc, held = excluded.held,
         shown_at = case when documents.file_sha256 = excluded.file_sha256 then documents.shown_at else now() end;

  -- Of an org that draws nothing, nothing is drawn.
  if exists (select 1 from portal.orgs g where g.id = p_org and (g.draws_confirmations or g.draws_invoice_copies))
     or exists (select 1 from portal.documents d where d.org_id = p_org and d.served = 'drawn') then
    perform staff.project_drawn(p_org, v_kinds, v_keys);
  end if;
  -- Payments and tracking events.
  perform staff.project_payments(p_org, v_kinds, v_keys);
  perform staff.project_events(p_org, v_kinds, v_keys);
end
$function$;

CREATE OR REPLACE FUNCTION staff.project_orders(p_org uuid, p_keys text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET enable_nestloop TO 'off'
 SET work_mem TO '32MB'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_cancelled jsonb;
begin
  -- When those were cancelled that are known as cancelled. Asked first: a query that looks for what it is
  -- itself adding finds more to pass over with each row.
  select jsonb_object_agg(o.number_key, o.cancelled_on) into v_cancelled
    from unnest(p_keys) k(key)
   cross join lateral (
      select x.* from portal.orders x where x.org_id = p_org and x.number_key = k.key offset 0) o
   where o.cancelled_on is not null;

  with said as materialized (
    select c.id as customer_id, r.key, r.fields, e.granted_fields as shown,
           case when r.fields->>'order_status' = 'cancelled'
                then coalesce((r.fields->>'cancelled_on')::date, (v_cancelled->>r.key)::date,
                              (now() at time zone g.time_zone)::date) end as cancelled_on
      from unnest(p_keys) k(key)
     cross join lateral (
        select x.* from staff.records x where x.org_id = p_org and x.kind = 'order' and x.key = k.key offset 0) r
     cross join lateral (
        select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
     cross join lateral (
        select x.* from staff.exposures x where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e
     cross join (select x.time_zone from portal.orgs x where x.id = p_org) g
     where r.fields ? 'order_date'
  ), kept as (
    insert into portal.orders (org_id, customer_id, number, number_key, placed_on, status, cancelled_on, expected_ship,
                               expected_delivery, items_count, po_number, delivery_address)
    select p_org, s.customer_id, s.fields->>'order_number', s.key, (s.fields->>'order_date')::date,
           s.fields->>'order_status', s.cancelled_on,
           case when 'expected_ship' = any (s.shown) then (s.fields->>'expected_ship')::date end,
           case when 'expected_delivery' = any (s.shown) then (s.fields->>'expected_delivery')::date end,
           case when 'items_count' = any (s.shown) then (s.fields->>'items_count')::int end,
           case when 'po_number' = any (s.shown) then s.fields->>'po_number' end,
           case when 'delivery_address' = any (s.shown)
                then nullif(concat_ws(', ', s.fields->>'delivery_address', s.fields->>'delivery_region', s.fields->>'delivery_country'), '') end
      from said s
    on conflict (org_id, number_key) do update
       set number = excluded.number, placed_on = excluded.placed_on, status = excluded.status,
           cancelled_on = excluded.cancelled_on, expected_ship = excluded.expected_ship,
           expected_delivery = excluded.expected_delivery, items_count = excluded.items_count,
           po_number = excluded.po_number, delivery_address = excluded.delivery_address, changed_at = now()
    returning id, customer_id, number_key
  ), amounts as materialized (
    select o.customer_id, o.id, s.fields->>'currency' as currency,
           case when 'order_subtotal' = any (s.shown) then (s.fields->>'order_subtotal')::numeric end as subtotal,
           case when 'order_tax' = any (s.shown) then (s.fields->>'order_tax')::numeric end as tax,
           case when 'order_shipping' = any (s.shown) then (s.fields->>'order_shipping')::numeric end as shipping,
           case when 'order_total' = any (s.shown) then (s.fields->>'order_total')::numeric end as total,
           s.shown && array['line_unit_price', 'line_total'] as prices_lines
      from said s join kept o on o.number_key = s.key
  ), gone as (
    delete from portal.order_amounts a
     where a.order_id = any (array(
       select m.id from amounts m
        where m.currency is null or not (m.prices_lines or coalesce(m.subtotal, m.tax, m.shipping, m.total) is not null)))
  )
  insert into portal.order_amounts (org_id, customer_id, order_id, currency, subtotal, tax, shipping, total)
  select p_org, m.customer_id, m.id, m.currency, m.subtotal, m.tax, m.shipping, m.total from amounts m
   where m.currency is not null and (m.prices_lines or coalesce(m.subtotal, m.tax, m.shipping, m.total) is not null)
  on conflict (order_id) do update
     set currency = excluded.currency, subtotal = excluded.subtotal, tax = excluded.tax,
         shipping = excluded.shipping, total = excluded.total;
end
$function$;

CREATE OR REPLACE FUNCTION staff.project_payments(p_org uuid, p_kinds text[], p_keys text[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_payments text[];
begin
  select array_agg(distinct split_part(k.key, ' / ', 1)) into v_payments
    from unnest(p_kinds, p_keys) k(kind, key) where k.kind in ('payment', 'payment_allocation');
  if v_payments is null then
    return;
  end if;

  -- Its allocations go with it.
  delete from portal.payments y
   using (
     select p.id, p.customer_id, p.number_key from unnest(v_payments) k(key)
      cross join lateral (
        select x.id, x.customer_id, x.number_key from portal.payments x
         where x.org_id = p_org and x.number_key = k.key offset 0) p) k
   where y.id = k.id
     and not exists (
       select 1
         from (select x.* from staff.records x where x.org_id = p_org and x.kind = 'payment' and x.key = k.number_key offset 0) r
        cross join lateral (
          select x.* from staff.exposures x where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e
        cross join lateral (
          select x.id from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
        where c.id = k.customer_id and 'payment_amount' = any (e.granted_fields)
          and r.fields ?& array['payment_date', 'payment_amount', 'currency'] offset 0);

  insert into portal.payments (org_id, customer_id, number, number_key, paid_on, currency, amount, method, reference)
  select p_org, c.id, r.fields->>'payment_number', r.key, (r.fields->>'payment_date')::date, r.fields->>'currency',
         (r.fields->>'payment_amount')::numeric,
         case when 'payment_method' = any (e.granted_fields) then r.fields->>'payment_method' end,
         case when 'payment_reference' = any (e.granted_fields) then r.fields->>'payment_reference' end
    from unnest(v_payments) k(key)
   cross join lateral (
      select x.* from staff.records x where x.org_id = p_org and x.kind = 'payment' and x.key = k.key offset 0) r
   cross join lateral (
      select x.* from portal.customers x where x.org_id = p_org and x.code_key = r.customer_key offset 0) c
   cross join lateral (
      select x.* from staff.exposures x where x.org_id = p_org and x.customer_key = r.customer_key offset 0) e
   where 'payment_amount' = any (e.granted_fields)
     and r.fields ?& array['payment_date', 'payment_amount', 'currency']
  on conflict (org_id, number_key) do update
     set number = excluded.number, paid_on = excluded.paid_on, currency = excluded.currency,
         amount = excluded.amount, method = excluded.method, reference = excluded.reference;

  with known as materialized (
     select x.payment_id, x.invoice_key, y.number_key from unnest(v_payments) k(key)
      cross join lateral (
        select x.id, x.number_key from portal.payments x where x.org_id = p_org and x.number_key = k.key offset 0) y
      cross join lateral (
        select x.payment_id, x.invoice_key from portal.payment_allocations x where x.payment_id = y.id offset 0) x
  )
  delete from portal.payment_allocations a using known g
   where a.payment_id = g.payment_id and a.invoice_key = g.invoice_key
     and not exists (
       select 1 from staff.records r
        where r.org_id = p_org and r.kind = 'payment_allocation' and r.key = g.number_key || ' / ' || g.invoice_key
          and r.fields ? 'payment_allocated' offset 0);

  -- All that a touched payment is known for, whichever publish that came with; the others' are there.
  insert into portal.payment_allocations (org_id, customer_id, payment_id, invoice_number, invoice_key, amount)
  select p_org, c.id, t.id, r.fields->>'invoice_number', staff.normalise_key(r.fields->>'invoice_number'),
         (r.fields->>'payment_allocated')::numeric
    from (
      select distinct y.customer_id from unnest(v_payments) k(key)
       cross join lateral (
         select x.customer_id from portal.payments x where x.org_id = p_org and x.number_key = k.key offset 0) y) w
   cross join lateral (select x.* from portal.customers x where x.id = w.customer_id offset 0) c
   cross join lateral (
      select x.* from staff.records x
       where x.org_id = p_org and x.customer_key = c.code_key and x.kind = 'payment_allocation' offset 0) r
   cross join lateral (
      select x.id from portal.payments x
       where x.org_id = p_org and x.number_key = split_part(r.key, ' / ', 1) and x.customer_id = c.id offset 0) t
   where r.fields ? 'payment_allocated'
  on conflict (payment_id, invoice_key) do update
     set invoice_number = excluded.invoice_number, amount = excluded.amount
   where (payment_allocations.invoice_number, payment_allocations.amount)
         is distinct from (excluded.invoice_number, excluded.amount);
end
$function$;

CREATE OR REPLACE FUNCTION staff.raise_alert(p_org uuid, p_kind text, p_document uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  update staff.renditions r set lost = true, attempts = 0
   where r.org_id = p_org and not r.lost
     and r.sha256 = (select d.object_sha256 from portal.documents d where d.org_id = p_org and d.id = p_document);
  update staff.publishes p set unprepared = true where p.org_id = p_org and p.status = 'staged' and not p.unprepared;
  update staff.files f set collected_at = now()
   where f.org_id = p_org and f.collected_at is null
     and f.sha256 = (select d.object_sha256 from portal.documents d where d.org_id = p_org and d.id = p_document);
  with raised as (
    insert into staff.alerts (org_id, kind, subject, params)
    select p_org, p_kind, d.id::text,
           jsonb_build_object('kind', d.kind, 'number', d.number, 'customerCode', b.code, 'fileName', d.file_name)
      from portal.documents d join portal.customers b on b.org_id = d.org_id and b.id = d.customer_id
     where d.org_id = p_org and d.id = p_document
    on conflict do nothing
    returning kind, subject
  )
  select audit.append(p_org, 'system', null, null, null, 'alert.raised', 'document', r.subject, jsonb_build_object('kind', r.kind))
    from raised r;
$function$;

CREATE OR REPLACE FUNCTION staff.raise_broken_statement(p_org uuid, p_customer uuid, p_detail text)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  with raised as (
    insert into staff.alerts (org_id, kind, subject, params)
    select p_org, 'statement_broken', 'ST-' || b.code,
           jsonb_strip_nulls(jsonb_build_object(
             'customerId', b.id, 'customerCode', b.code, 'from', split_part(p_detail, ' ', 1), 'to', split_part(p_detail, ' ', 2),
             'currency', split_part(p_detail, ' ', 3)))
      from portal.customers b where b.org_id = p_org and b.id = p_customer
    on conflict do nothing
    returning subject
  )
  select audit.append(p_org, 'system', null, p_customer, null, 'alert.raised', 'statement', p_detail,
                      jsonb_build_object('kind', 'statement_broken'))
    from raised;
$function$;

CREATE OR REPLACE FUNCTION staff.raise_mail_alert(p_org uuid, p_kind text, p_letter uuid, p_fate text, p_reason text)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.refresh_review(p_publish uuid)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
begin
  if (select p.review_stale from staff.publishes p where p.id = p_publish) then
    perform staff.keep_review(p_publish, null);
  end if;
end
$function$;

CREATE OR REPLACE FUNCTION staff.refuse_answer_of_removed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not staff.may_decide(new.overridden_by) then
    raise exception 'forbidden' using errcode = 'CF004';
  end if;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.refuse_change_of_withdrawn()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- `term` is made of the key, and not before this trigger.
  if old.withdrawn or not old.included
     or to_jsonb(old) - '{withdrawn, taken_back_at, term}'::text[] <> to_jsonb(new) - '{withdrawn, taken_back_at, term}'::text[] then
    raise exception 'publish_not_staged' using errcode = 'CF001';
  end if;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION staff.refuse_decision_of_removed()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not staff.may_decide(new.decided_by) then
    raise exception 'forbidden' using errcode = 'CF004';
  end if;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.refuse_frozen_change()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_publish uuid;
  v_status text;
begin
  for v_publish in select distinct t.publish_id from touched t order by 1 loop
    v_status := null;
    select p.status into v_status from staff.publishes p where p.id = v_publish for share;
    if v_status is distinct from 'staged' then
      raise exception 'publish_not_staged' using errcode = 'CF001';
    end if;
  end loop;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.refuse_frozen_import()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_publish uuid;
  v_status text;
begin
  if tg_op = 'DELETE' and old.state = 'uploaded' then
    return null;
  end if;
  foreach v_publish in array case tg_op
      when 'INSERT' then array[new.publish_id] when 'DELETE' then array[old.publish_id]
      else array[old.publish_id, new.publish_id] end loop
    if v_publish is not null then
      v_status := null;
      select p.status into v_status from staff.publishes p where p.id = v_publish for share;
      if v_status is distinct from 'staged' then
        raise exception 'publish_not_staged' using errcode = 'CF001';
      end if;
    end if;
  end loop;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.refuse_frozen_item()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_publish uuid;
  v_status text;
begin
  for v_publish in select distinct t.publish_id from touched t order by 1 loop
    v_status := null;
    select p.status into v_status from staff.publishes p where p.id = v_publish for share;
    if (case v_status
         when 'staged' then exists (select 1 from touched t where t.publish_id = v_publish and t.withdrawn)
         when 'approved' then exists (select 1 from touched t where t.publish_id = v_publish and not t.withdrawn)
         else true end) then
      raise exception 'publish_not_staged' using errcode = 'CF001';
    end if;
  end loop;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.refuse_issue(p_issue uuid, p_action text)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.refuse_link_without_access()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if not exists (select 1 from portal.contacts c where c.id = new.contact_id and c.access = 'allowed') then
    raise exception 'contact_not_allowed' using errcode = 'CF002';
  end if;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION staff.refuse_second_reading()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if exists (select 1 from staff.imports i
              where i.publish_id = new.publish_id and i.id <> new.id and i.state = 'reading') then
    raise exception 'import_unfinished' using errcode = 'CF005';
  end if;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.refuse_stray_item()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v record;
begin
  for v in select distinct t.org_id, t.publish_id from touched t order by 2 loop
    perform 1 from staff.publishes p
      where p.id = v.publish_id and p.org_id = v.org_id and p.status = 'staged' for share;
    if not found then
      raise exception 'publish_not_staged' using errcode = 'CF001';
    end if;
  end loop;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.refuse_unfinished_approval()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  if exists (select 1 from staff.imports i where i.publish_id = new.id and i.state = 'reading') then
    raise exception 'import_unfinished' using errcode = 'CF005';
  end if;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.reject(p_publish uuid, p_reason text)
 RETURNS TABLE(status text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  me record;
  v_publish staff.publishes;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service or me.role not in ('approver', 'owner') then
    perform staff.audit('request.refused', 'publish', p_publish::text, '{"code": "forbidden", "action": "publish.rejected"}');
    return query select 'forbidden';
    return;
  end if;
  select * into v_publish from staff.publishes p where p.id = p_publish and p.org_id = me.org_id for update;
  if v_publish.id is null then
    return query select 'not_found';
    return;
  end if;
  if v_publish.status <> 'staged' then
    return query select 'not_staged';
    return;
  end if;
  update staff.publishes p
     set status = 'rejected', decided_by = me.member_id, decided_at = now(), rejection_reason = p_reason
   where p.id = p_publish;
  insert into staff.outbox (org_id, event, recipient, template, language, params)
  select me.org_id, 'publish.rejected/' || p_publish, m.email, 'publish-rejected', m.language,
         jsonb_build_object('publish', p_publish, 'name', v_publish.name, 'reason', p_reason,
                            'by', (select d.name from staff.members d where d.id = me.member_id))
    from staff.members m
   where m.org_id = me.org_id and m.active and m.email is not null and m.id <> me.member_id
     and staff.is_own_import(p_publish, m.id)
  on conflict (org_id, event, recipient) do nothing;
  perform staff.audit('publish.rejected', 'publish', p_publish::text, jsonb_build_object('reason', p_reason));
  return query select 'ok';
end
$function$;

CREATE OR REPLACE FUNCTION staff.reply_issue(p_issue uuid, p_body text, p_key text, p_status text DEFAULT NULL::text)
 RETURNS TABLE(status text, message_id uuid, is_new boolean)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.report_objects(p_org uuid, p_seen jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform set_config('counterfoil.org', p_org::text, true);
  -- An approval changes the same rows in another order.
  perform pg_advisory_xact_lock(hashtextextended(p_org::text, 0));
  update portal.documents d set checked_at = now()
    from jsonb_to_recordset(p_seen) s(sha256 text)
   where d.org_id = p_org and d.object_sha256 = s.sha256;
  perform staff.raise_alert(p_org, s.state, d.id)
     from jsonb_to_recordset(p_seen) s(sha256 text, state text)
     join portal.documents d on d.org_id = p_org and d.object_sha256 = s.sha256
    where s.state <> 'ok';
end
$function$;

CREATE OR REPLACE FUNCTION staff.report_seals(p_org uuid, p_faults jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_fault jsonb;
begin
  perform set_config('counterfoil.org', p_org::text, true);
  for v_fault in select jsonb_strip_nulls(f) from jsonb_array_elements(p_faults) f loop
    insert into staff.alerts (org_id, kind, subject, params)
    select p_org, 'audit_broken', 'seal ' || (v_fault->>'seal'), v_fault
     where not exists (select 1 from staff.alerts a
                        where a.org_id = p_org and a.kind = 'audit_broken' and a.params = v_fault)
    on conflict do nothing;
    if found then
      perform audit.append(p_org, 'system', null, null, null, 'alert.raised', 'seal', v_fault->>'seal',
                           jsonb_build_object('kind', 'audit_broken', 'fault', v_fault->>'fault'));
    end if;
  end loop;
end
$function$;

CREATE OR REPLACE FUNCTION staff.requeue_letter(p_letter uuid)
 RETURNS TABLE(status text)
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.resolve_alert(p_alert uuid)
 RETURNS TABLE(id uuid)
 LANGUAGE sql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
      when d.kind = 'statement_broken'
        then staff.audit('alert.resolved', 'statement', concat_ws(' ', d.params->>'from', d.params->>'to', d.params->>'currency'),
                         jsonb_build_object('kind', d.kind), (d.params->>'customerId')::uuid)
      else staff.audit('alert.resolved', 'document', d.subject, jsonb_build_object('kind', d.kind)) end
      from settled d) x;
$function$;

CREATE OR REPLACE FUNCTION staff.retry_renditions()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update staff.renditions r set failed = false, attempts = 0, leased_until = null
   where r.failed and (r.org_id, r.source_sha256) in (select t.org_id, t.sha256 from touched t);
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.review(p_publish uuid, p_customers text[])
 RETURNS SETOF staff.reviewed_items
 LANGUAGE sql
 STABLE
BEGIN ATOMIC
 WITH publish AS MATERIALIZED (
          SELECT p.org_id,
             p.excluded_customers,
             ( SELECT g.currency
                    FROM portal.orgs g
                   WHERE (g.id = p.org_id)) AS currency,
             ( SELECT g.locale
                    FROM portal.orgs g
                   WHERE (g.id = p.org_id)) AS locale
            FROM staff.publishes p
           WHERE (p.id = review.p_publish)
         ), staged_orders AS MATERIALIZED (
          SELECT o.key,
             o.customer_key,
             o.excluded
            FROM staff.publish_items o
           WHERE ((o.publish_id = review.p_publish) AND (o.kind = 'order'::text))
         ), owners AS MATERIALIZED (
          SELECT k.order_key AS key,
             COALESCE(NULLIF(o.customer_key, ''::text), l.customer_key, ''::text) AS customer_key
            FROM ((( SELECT DISTINCT i.order_key
                    FROM staff.publish_items i
                   WHERE ((i.publish_id = review.p_publish) AND (i.customer_key = ''::text) AND (i.order_key IS NOT NULL))) k
              LEFT JOIN staged_orders o ON ((o.key = k.order_key)))
              LEFT JOIN LATERAL ( SELECT x.customer_key
                    FROM staff.records x
                   WHERE ((COALESCE(o.customer_key, ''::text) = ''::text) AND (x.org_id = ( SELECT p.org_id
                            FROM publish p)) AND (x.kind = 'order'::text) AND (x.key = k.order_key))
                  OFFSET 0) l ON (true))
         ), staged_things AS MATERIALIZED (
          SELECT i.kind,
             i.key,
             COALESCE(NULLIF(i.customer_key, ''::text), w.customer_key, ''::text) AS customer_key,
             ((i.fields ->> 'total'::text))::numeric AS total,
             (i.fields ->> 'currency'::text) AS currency
            FROM (staff.publish_items i
              LEFT JOIN owners w ON (((i.customer_key = ''::text) AND (w.key = i.order_key))))
           WHERE ((i.publish_id = review.p_publish) AND (i.kind = ANY (ARRAY['order'::text, 'invoice'::text])))
         ), owned AS (
          SELECT i.org_id,
             i.kind,
             i.key,
             i.order_key,
             i.line,
             i."position",
             i.rows,
             i.fields,
             i.ticked,
             i.overridden,
             i.override_reason,
             i.overridden_by,
             COALESCE(NULLIF(i.customer_key, ''::text), w.customer_key, ''::text) AS customer_key,
             (i.excluded OR COALESCE(o.excluded, false)) AS left_out,
             i.problems AS own_problems
            FROM ((staff.publish_items i
              LEFT JOIN staged_orders o ON ((o.key = i.order_key)))
              LEFT JOIN owners w ON (((i.customer_key = ''::text) AND (w.key = i.order_key))))
           WHERE ((i.publish_id = review.p_publish) AND ((review.p_customers IS NULL) OR (i.customer_key = ''::text) OR (i.customer_key = ANY (review.p_customers))))
          OFFSET 0
         ), items AS MATERIALIZED (
          SELECT w.org_id,
             w.kind,
             w.key,
             w.order_key,
             w.line,
             w."position",
             w.rows,
             staff.filled_in(w.kind, w.fields, r.fields, ( SELECT p.currency
                    FROM publish p), ( SELECT p.locale
                    FROM publish p)) AS fields,
             w.ticked,
             w.overridden,
             w.override_reason,
             w.overridden_by,
             w.customer_key,
             w.left_out,
             w.own_problems,
             (w.left_out OR (w.customer_key = ANY (( SELECT p.excluded_customers
                    FROM publish p)::text[]))) AS is_out,
             r.fields AS before,
             r.customer_key AS before_customer,
             r.order_key AS before_order,
             r.file_sha256 AS before_file,
             r.file_size AS before_size,
             r.file_name AS before_name,
             r.served AS before_served,
             r.rendition_id AS before_rendition
            FROM (owned w
              LEFT JOIN LATERAL ( SELECT x.org_id,
                     x.kind,
                     x.key,
                     x.customer_key,
                     x.order_key,
                     x.fields,
                     x.file_sha256,
                     x.file_size,
                     x.file_name,
                     x.served,
                     x.rendition_id,
                     x.term
                    FROM staff.records x
                   WHERE ((x.org_id = w.org_id) AND (x.kind = w.kind) AND (x.key = w.key))
                  OFFSET 0) r ON (true))
           WHERE ((review.p_customers IS NULL) OR (w.customer_key = ANY (review.p_customers)))
         ), exposed AS MATERIALIZED (
          SELECT e.customer_key,
             e.kinds,
             e.fields
            FROM staff.wanted_exposure(( SELECT p.org_id
                    FROM publish p), ( SELECT array_agg(DISTINCT i.customer_key) AS array_agg
                    FROM items i)) e(customer_key, kinds, fields)
         ), matched AS MATERIALIZED (
          SELECT m.key,
             f_1.sha256,
             f_1.size,
             f_1.name,
             m.files,
             m.documents,
             (min(d.customer_key) OVER (PARTITION BY f_1.sha256) <> max(d.customer_key) OVER (PARTITION BY f_1.sha256)) AS of_two_customers
            FROM ((staff.match_files(review.p_publish) m(key, file_id, files, documents)
              JOIN staff.staged_files f_1 ON ((f_1.id = m.file_id)))
              JOIN ( SELECT x.key,
                     COALESCE(NULLIF(x.customer_key, ''::text), w.customer_key, ''::text) AS customer_key
                    FROM (staff.publish_items x
                      LEFT JOIN owners w ON (((x.customer_key = ''::text) AND (w.key = x.order_key))))
                   WHERE ((x.publish_id = review.p_publish) AND (x.kind = 'document'::text))) d ON ((d.key = m.key)))
         ), filed AS NOT MATERIALIZED (
          SELECT i.org_id,
             i.kind,
             i.key,
             i.order_key,
             i.line,
             i."position",
             i.rows,
             i.fields,
             i.ticked,
             i.overridden,
             i.override_reason,
             i.overridden_by,
             i.customer_key,
             i.left_out,
             i.own_problems,
             i.is_out,
             i.before,
             i.before_customer,
             i.before_order,
             i.before_file,
             i.before_size,
             i.before_name,
             i.before_served,
             i.before_rendition,
             m.sha256 AS new_file,
             m.size AS new_size,
             m.name AS new_name,
             m.files,
             m.documents,
             COALESCE(m.of_two_customers, false) AS of_two_customers
            FROM (items i
              LEFT JOIN matched m ON (((i.kind = 'document'::text) AND (m.key = i.key))))
         ), guarded AS MATERIALIZED (
          SELECT g.key,
             g.problems
            FROM (( SELECT array_agg(f_1.key) AS keys,
                     array_agg(f_1.customer_key) AS customers,
                     array_agg(f_1.order_key) AS orders,
                     array_agg(f_1.new_file) AS files
                    FROM filed f_1
                   WHERE ((f_1.kind = 'document'::text) AND (f_1.new_file IS NOT NULL))) d
              CROSS JOIN LATERAL staff.guard(( SELECT p.org_id
                    FROM publish p), review.p_publish, d.keys, d.customers, d.orders, d.files) g(key, problems))
           WHERE (d.keys IS NOT NULL)
         ), staged_addresses AS MATERIALIZED (
          SELECT (o.fields ->> 'contact_email'::text) AS email,
             min(o.customer_key) AS first,
             max(o.customer_key) AS last
            FROM staff.publish_items o
           WHERE ((o.publish_id = review.p_publish) AND (o.kind = 'contact'::text))
           GROUP BY (o.fields ->> 'contact_email'::text)
         ), live_addresses AS MATERIALIZED (
          SELECT (r.fields ->> 'contact_email'::text) AS email,
             min(r.customer_key) AS first,
             max(r.customer_key) AS last
            FROM staff.records r
           WHERE ((r.org_id = ( SELECT p.org_id
                    FROM publish p)) AND (r.kind = 'contact'::text) AND (EXISTS ( SELECT 1
                    FROM items i
                   WHERE (i.kind = 'contact'::text))))
           GROUP BY (r.fields ->> 'contact_email'::text)
         ), domains AS MATERIALIZED (
          SELECT r.customer_key,
             array_agg(DISTINCT split_part((r.fields ->> 'contact_email'::text), '@'::text, 2)) AS domains
            FROM staff.records r
           WHERE ((r.org_id = ( SELECT p.org_id
                    FROM publish p)) AND (r.kind = 'contact'::text) AND (EXISTS ( SELECT 1
                    FROM items i
                   WHERE (i.kind = 'contact'::text))))
           GROUP BY r.customer_key
         ), taken_back AS MATERIALIZED (
          SELECT w.key
            FROM staff.withdrawn_before(( SELECT p.org_id
                    FROM publish p), ARRAY( SELECT
                         CASE i.kind
                             WHEN 'document'::text THEN i.key
                             ELSE ((COALESCE((i.fields ->> 'document_kind'::text), 'invoice'::text) || ':'::text) || i.key)
                         END AS "case"
                    FROM items i
                   WHERE ((i.kind = 'document'::text) OR ((i.kind = 'invoice'::text) AND (i.before IS NULL))))) w(key, at)
         ), papers AS MATERIALIZED (
          SELECT i.customer_key,
             substr(i.key, (strpos(i.key, ':'::text) + 1)) AS number_key,
             min(split_part(i.key, ':'::text, 1)) AS first_kind,
             max(split_part(i.key, ':'::text, 1)) AS last_kind
            FROM items i
           WHERE ((i.kind = 'document'::text) AND (split_part(i.key, ':'::text, 1) = ANY (ARRAY['invoice'::text, 'credit_note'::text])) AND (NOT i.is_out))
           GROUP BY i.customer_key, (substr(i.key, (strpos(i.key, ':'::text) + 1)))
         ), compared AS (
          SELECT f_1.org_id,
             f_1.kind,
             f_1.key,
             f_1.order_key,
             f_1.line,
             f_1."position",
             f_1.rows,
             f_1.fields,
             f_1.ticked,
             f_1.overridden,
             f_1.override_reason,
             f_1.overridden_by,
             f_1.customer_key,
             f_1.left_out,
             f_1.own_problems,
             f_1.is_out,
             f_1.before,
             f_1.before_customer,
             f_1.before_order,
             f_1.before_file,
             f_1.before_size,
             f_1.before_name,
             f_1.before_served,
             f_1.before_rendition,
             f_1.new_file,
             f_1.new_size,
             f_1.new_name,
             f_1.files,
             f_1.documents,
             f_1.of_two_customers,
             (b.key IS NOT NULL) AS was_taken_back,
             t.customer_key AS thing_customer,
             ((f_1.kind = 'invoice'::text) AND (((f_1.before ->> 'document_kind'::text) <> (f_1.fields ->> 'document_kind'::text)) OR (q.first_kind <> (f_1.fields ->> 'document_kind'::text)) OR (q.last_kind <> (f_1.fields ->> 'document_kind'::text)))) AS is_of_two_kinds,
             (x.sha256 IS NOT NULL) AS inspected,
             x.findings,
             x.words,
             x.pages AS new_pages,
             g.problems AS guard_problems,
                 CASE
                     WHEN (f_1.new_file IS NULL) THEN f_1.before_served
                     WHEN (x.sha256 IS NOT NULL) THEN staff.served_as(f_1.org_id, x.served, (f_1.fields ->> 'document_kind'::text))
                     ELSE NULL::text
                 END AS served,
             n.id AS new_rendition,
             ((n.made_at IS NOT NULL) AND (NOT n.lost)) AS is_made,
             COALESCE(n.failed, false) AS stamp_failed,
             e.kinds AS shown_kinds,
                 CASE
                     WHEN (f_1.before IS NULL) THEN 'new'::text
                     WHEN ((f_1.before_customer <> f_1.customer_key) OR ((f_1.kind <> 'order'::text) AND (f_1.order_key IS NOT NULL) AND (f_1.before_order IS NOT NULL) AND (f_1.before_order <> f_1.order_key))) THEN 'conflict'::text
                     WHEN (f_1.new_file <> f_1.before_file) THEN 'revision'::text
                     WHEN ((((f_1.before || f_1.fields) - 'file_name'::text) = (f_1.before - 'file_name'::text)) AND ((f_1.order_key IS NULL) OR (NOT (f_1.order_key IS DISTINCT FROM f_1.before_order)))) THEN 'same'::text
                     ELSE 'changed'::text
                 END AS change
            FROM (((((((filed f_1
              LEFT JOIN exposed e ON (((f_1.kind = 'document'::text) AND (e.customer_key = f_1.customer_key))))
              LEFT JOIN LATERAL ( SELECT y.org_id,
                     y.sha256,
                     y.size,
                     y.pages,
                     y.findings,
                     y.served,
                     y.words,
                     y.terms,
                     y.crc,
                     y.inspected_at,
                     y.collected_at
                    FROM staff.files y
                   WHERE ((y.org_id = f_1.org_id) AND (y.sha256 = f_1.new_file) AND (y.collected_at IS NULL))
                  OFFSET 0) x ON (true))
              LEFT JOIN guarded g ON (((f_1.kind = 'document'::text) AND (g.key = f_1.key))))
              LEFT JOIN taken_back b ON ((b.key =
                 CASE f_1.kind
                     WHEN 'document'::text THEN f_1.key
                     WHEN 'invoice'::text THEN ((COALESCE((f_1.fields ->> 'document_kind'::text), 'invoice'::text) || ':'::text) || f_1.key)
                     ELSE NULL::text
                 END)))
              LEFT JOIN papers q ON (((f_1.kind = 'invoice'::text) AND (q.number_key = f_1.key) AND (q.customer_key = f_1.customer_key))))
              LEFT JOIN staged_things t ON (((f_1.kind = 'document'::text) AND (t.key = substr(f_1.key, (strpos(f_1.key, ':'::text) + 1))) AND (t.kind =
                 CASE split_part(f_1.key, ':'::text, 1)
                     WHEN 'order_confirmation'::text THEN 'order'::text
                     WHEN 'invoice'::text THEN 'invoice'::text
                     WHEN 'credit_note'::text THEN 'invoice'::text
                     ELSE NULL::text
                 END))))
              LEFT JOIN LATERAL ( SELECT y.id,
                     y.org_id,
                     y.source_sha256,
                     y.customer_key,
                     y.customer_name,
                     y.stamp_version,
                     y.sha256,
                     y.size,
                     y.slot_offset,
                     y.slot_length,
                     y.head_crc,
                     y.tail_crc,
                     y.attempts,
                     y.leased_until,
                     y.failed,
                     y.lost,
                     y.made_at
                    FROM staff.renditions y
                   WHERE ((f_1.new_file IS NOT NULL) AND (y.org_id = f_1.org_id) AND (y.source_sha256 = f_1.new_file) AND (y.customer_key = f_1.customer_key) AND (y.customer_name = staff.name_in(review.p_publish, f_1.org_id, f_1.customer_key)) AND (y.stamp_version = staff.stamp_version()))
                  OFFSET 0) n ON (true))
          OFFSET 0
         ), allocated AS MATERIALIZED (
          SELECT a.customer_key,
             staff.normalise_key((a.said ->> 'payment_number'::text)) AS payment_key,
             staff.normalise_key((a.said ->> 'invoice_number'::text)) AS invoice_key,
             ((a.said ->> 'payment_allocated'::text))::numeric AS amount
            FROM ( SELECT i.customer_key,
                     (COALESCE(i.before, '{}'::jsonb) || i.fields) AS said
                    FROM items i
                   WHERE ((i.kind = 'payment_allocation'::text) AND (NOT i.is_out))
                 UNION ALL
                  SELECT r.customer_key,
                     r.fields
                    FROM (( SELECT DISTINCT i.customer_key
                            FROM items i
                           WHERE ((i.kind = ANY (ARRAY['payment'::text, 'payment_allocation'::text, 'invoice'::text])) AND (EXISTS ( SELECT 1
                                    FROM staff.records y
                                   WHERE ((y.org_id = ( SELECT p.org_id
   FROM publish p)) AND (y.kind = 'payment_allocation'::text)))))) b
                      CROSS JOIN LATERAL ( SELECT x.org_id,
                             x.kind,
                             x.key,
                             x.customer_key,
                             x.order_key,
                             x.fields,
                             x.file_sha256,
                             x.file_size,
                             x.file_name,
                             x.served,
                             x.rendition_id,
                             x.term
                            FROM staff.records x
                           WHERE ((x.org_id = ( SELECT p.org_id
                                    FROM publish p)) AND (x.customer_key = b.customer_key) AND (x.kind = 'payment_allocation'::text))
                          OFFSET 0) r)
                   WHERE (NOT (EXISTS ( SELECT 1
                            FROM items i
                           WHERE ((i.kind = 'payment_allocation'::text) AND (i.key = r.key) AND (NOT i.is_out)))))) a
         ), paid_by AS MATERIALIZED (
          SELECT a.customer_key,
             a.payment_key,
             sum(a.amount) AS amount
            FROM allocated a
           GROUP BY a.customer_key, a.payment_key
         ), paid_for AS MATERIALIZED (
          SELECT a.customer_key,
             a.invoice_key,
             sum(a.amount) AS amount
            FROM allocated a
           GROUP BY a.customer_key, a.invoice_key
         ), payments AS MATERIALIZED (
          SELECT i.key,
             i.customer_key,
             i.line,
             i.is_out,
             said.said,
             COALESCE((i.before_customer = i.customer_key), false) AS is_known,
             (COALESCE((i.before_customer <> i.customer_key), false) OR (i.own_problems @> '[{"severity": "blocking"}]'::jsonb) OR (NOT (said.said ?& ARRAY['payment_date'::text, 'payment_amount'::text, 'currency'::text]))) AS is_bad
            FROM (items i
              CROSS JOIN LATERAL ( SELECT (COALESCE(i.before, '{}'::jsonb) || i.fields) AS said
                  OFFSET 0) said)
           WHERE (i.kind = 'payment'::text)
         ), named AS MATERIALIZED (
          SELECT n.kind,
             n.key,
             n.amount,
             n.line,
             ((r.customer_key <> n.customer_key) OR ((s.customer_key <> ''::text) AND (s.customer_key <> n.customer_key))) AS of_other_customer,
             ((r.key IS NOT NULL) OR (s.key IS NOT NULL)) AS is_known,
             COALESCE(s.total, ((r.fields ->> 'total'::text))::numeric) AS total,
             n.currency,
             COALESCE(s.currency, (r.fields ->> 'currency'::text)) AS its_currency
            FROM ((( SELECT i.kind,
                     i.key,
                     i.customer_key,
                     i.line,
                     NULL::numeric AS amount,
                     (p.said ->> 'currency'::text) AS currency,
                     staff.normalise_key((i.fields ->> 'invoice_number'::text)) AS invoice_key
                    FROM (items i
                      LEFT JOIN payments p ON (((p.key = split_part(i.key, ' / '::text, 1)) AND (p.customer_key = i.customer_key))))
                   WHERE (i.kind = 'payment_allocation'::text)
                 UNION ALL
                  SELECT i.kind,
                     i.key,
                     i.customer_key,
                     i.line,
                     ((x.said ->> 'total'::text))::numeric AS "numeric",
                     (x.said ->> 'currency'::text),
                     staff.normalise_key((x.said ->> 'credited_invoice'::text)) AS normalise_key
                    FROM (items i
                      CROSS JOIN LATERAL ( SELECT (COALESCE(i.before, '{}'::jsonb) || i.fields) AS said
                          OFFSET 0) x)
                   WHERE ((i.kind = 'invoice'::text) AND (x.said ? 'credited_invoice'::text))) n
              LEFT JOIN LATERAL ( SELECT x.key,
                     x.customer_key,
                     x.fields
                    FROM staff.records x
                   WHERE ((x.org_id = ( SELECT p.org_id
                            FROM publish p)) AND (x.kind = 'invoice'::text) AND (x.key = n.invoice_key))
                  OFFSET 0) r ON (true))
              LEFT JOIN staged_things s ON (((s.kind = 'invoice'::text) AND (s.key = n.invoice_key))))
         ), money AS MATERIALIZED (
          SELECT m.kind,
             m.key,
             jsonb_agg(jsonb_strip_nulls(jsonb_build_object('code', m.code, 'severity', m.severity, 'line', m.line, 'value', m.value)) ORDER BY m.code) AS problems
            FROM ( SELECT 'payment'::text AS kind,
                     p.key,
                     p.line,
                     x.code,
                     x.severity,
                     x.value
                    FROM ((payments p
                      LEFT JOIN paid_by a ON (((a.payment_key = p.key) AND (a.customer_key = p.customer_key))))
                      CROSS JOIN LATERAL ( VALUES ('payment_date_missing'::text,'blocking'::text,(NOT (p.said ? 'payment_date'::text)),NULL::text), ('payment_amount_missing'::text,'blocking'::text,(NOT (p.said ? 'payment_amount'::text)),NULL::text), ('currency_missing'::text,'blocking'::text,((p.said ? 'payment_amount'::text) AND (NOT (p.said ? 'currency'::text))),NULL::text), ('allocated_too_much'::text,'warning'::text,(abs(a.amount) > abs(((p.said ->> 'payment_amount'::text))::numeric)),(a.amount)::text)) x(code, severity, applies, value))
                   WHERE x.applies
                 UNION ALL
                  SELECT 'payment_allocation'::text,
                     i.key,
                     i.line,
                     x.code,
                     x.severity,
                     NULL::text
                    FROM ((items i
                      LEFT JOIN payments p ON (((p.key = split_part(i.key, ' / '::text, 1)) AND (p.customer_key = i.customer_key))))
                      CROSS JOIN LATERAL ( VALUES ('allocation_amount_missing'::text,'blocking'::text,(NOT ((COALESCE(i.before, '{}'::jsonb) || i.fields) ? 'payment_allocated'::text))), ('payment_not_published'::text,'blocking'::text,(NOT COALESCE((p.is_known OR (NOT (p.is_bad OR p.is_out))), false)))) x(code, severity, applies))
                   WHERE ((i.kind = 'payment_allocation'::text) AND x.applies)
                 UNION ALL
                  SELECT n.kind,
                     n.key,
                     n.line,
                     x.code,
                     x.severity,
                     x.value
                    FROM (named n
                      CROSS JOIN LATERAL ( VALUES ('invoice_of_other_customer'::text,'blocking'::text,COALESCE(n.of_other_customer, false),NULL::text), ('invoice_unknown'::text,'warning'::text,(NOT n.is_known),NULL::text), ('currency_differs'::text,'warning'::text,((NOT COALESCE(n.of_other_customer, false)) AND (n.currency <> n.its_currency)),n.its_currency), ('credited_too_much'::text,'warning'::text,((n.kind = 'invoice'::text) AND (abs(n.amount) > abs(n.total)) AND ((n.currency = n.its_currency) IS NOT FALSE)),(n.total)::text)) x(code, severity, applies, value))
                   WHERE x.applies
                 UNION ALL
                  SELECT 'invoice'::text,
                     i.key,
                     i.line,
                     x.code,
                     'warning'::text,
                     x.value
                    FROM ((( SELECT y.key,
                             y.customer_key,
                             y.line,
                             (COALESCE(y.before, '{}'::jsonb) || y.fields) AS said
                            FROM items y
                           WHERE (y.kind = 'invoice'::text)) i
                      LEFT JOIN paid_for a ON (((a.invoice_key = i.key) AND (a.customer_key = i.customer_key))))
                      CROSS JOIN LATERAL ( VALUES ('totals_do_not_add_up'::text,((((i.said ->> 'net'::text))::numeric + ((i.said ->> 'tax'::text))::numeric) <> ((i.said ->> 'total'::text))::numeric),((((i.said ->> 'net'::text))::numeric + ((i.said ->> 'tax'::text))::numeric))::text), ('paid_differs'::text,(a.amount <> ((i.said ->> 'paid'::text))::numeric),(a.amount)::text)) x(code, applies, value))
                   WHERE x.applies) m
           GROUP BY m.kind, m.key
         ), found AS (
          SELECT c.org_id,
             c.kind,
             c.key,
             c.order_key,
             c.line,
             c."position",
             c.rows,
             c.fields,
             c.ticked,
             c.overridden,
             c.override_reason,
             c.overridden_by,
             c.customer_key,
             c.left_out,
             c.own_problems,
             c.is_out,
             c.before,
             c.before_customer,
             c.before_order,
             c.before_file,
             c.before_size,
             c.before_name,
             c.before_served,
             c.before_rendition,
             c.new_file,
             c.new_size,
             c.new_name,
             c.files,
             c.documents,
             c.of_two_customers,
             c.was_taken_back,
             c.thing_customer,
             c.is_of_two_kinds,
             c.inspected,
             c.findings,
             c.words,
             c.new_pages,
             c.guard_problems,
             c.served,
             c.new_rendition,
             c.is_made,
             c.stamp_failed,
             c.shown_kinds,
             c.change,
             (((
                 CASE
                     WHEN ((c.kind = 'invoice'::text) AND (c.own_problems @> '[{"code": "number_of_two_kinds"}]'::jsonb)) THEN jsonb_path_query_array(c.own_problems, '$[*]?(@."code" != "contradiction")'::jsonpath)
                     ELSE c.own_problems
                 END ||
                 CASE
                     WHEN (c.change = 'conflict'::text) THEN jsonb_build_array(jsonb_build_object('code', 'conflict', 'severity', 'blocking', 'line', c.line))
                     ELSE '[]'::jsonb
                 END) || COALESCE(m.problems, '[]'::jsonb)) ||
                 CASE
                     WHEN (c.kind <> ALL (ARRAY['customer'::text, 'contact'::text, 'order'::text, 'invoice'::text, 'document'::text])) THEN '[]'::jsonb
                     ELSE ((to_jsonb(array_remove(ARRAY[staff.problem('conflict'::text, 'blocking'::text, c.line, ((c.kind = 'document'::text) AND (c.change <> 'conflict'::text) AND ((EXISTS ( SELECT 1
                        FROM staff.records r
                       WHERE ((r.org_id = c.org_id) AND (r.customer_key <> c.customer_key) AND (r.kind =
                             CASE split_part(c.key, ':'::text, 1)
                                 WHEN 'order_confirmation'::text THEN 'order'::text
                                 WHEN 'invoice'::text THEN 'invoice'::text
                                 WHEN 'credit_note'::text THEN 'invoice'::text
                                 ELSE NULL::text
                             END) AND (r.key = substr(c.key, (strpos(c.key, ':'::text) + 1)))))) OR COALESCE(((c.thing_customer <> ''::text) AND (c.thing_customer <> c.customer_key)), false)))), staff.problem('number_of_two_kinds'::text, 'blocking'::text, c.line, (c.is_of_two_kinds AND (NOT (c.own_problems @> '[{"code": "number_of_two_kinds"}]'::jsonb)))), staff.problem('revision'::text, 'warning'::text, c.line, (c.change = 'revision'::text)), staff.problem('withdrawn_before'::text, 'warning'::text, c.line, c.was_taken_back), staff.problem('customer_unknown'::text, 'blocking'::text, c.line, ((c.kind = 'customer'::text) AND (c.before IS NULL) AND ((c.fields ->> 'customer_name'::text) IS NULL))), staff.problem('order_date_missing'::text, 'blocking'::text, c.line, ((c.kind = 'order'::text) AND (COALESCE((c.fields ->> 'order_date'::text), (c.before ->> 'order_date'::text)) IS NULL))), staff.problem('currency_missing'::text, 'blocking'::text, c.line, ((c.kind = ANY (ARRAY['order'::text, 'invoice'::text])) AND (COALESCE((c.fields ->> 'currency'::text), (c.before ->> 'currency'::text)) IS NULL) AND (c.fields ?| ARRAY['order_subtotal'::text, 'order_tax'::text, 'order_shipping'::text, 'order_total'::text, 'net'::text, 'tax'::text, 'total'::text]))), staff.problem('file_missing'::text, 'blocking'::text, c.line, ((c.kind = 'document'::text) AND (c.new_file IS NULL) AND ((c.before_file IS NULL) OR ((c.fields ? 'file_name'::text) AND (lower((c.fields ->> 'file_name'::text)) IS DISTINCT FROM lower((c.before ->> 'file_name'::text))))))), staff.problem('file_ambiguous'::text, 'blocking'::text, c.line, ((c.files > 1) OR (c.documents > 1) OR c.of_two_customers)), staff.problem('file_not_inspected'::text, 'blocking'::text, c.line, ((c.new_file IS NOT NULL) AND (NOT c.inspected))), staff.problem('stamp_failed'::text, 'blocking'::text, c.line, (c.stamp_failed AND (c.served = 'stamped'::text))), staff.problem('no_text'::text, 'warning'::text, c.line, ((c.new_file IS NOT NULL) AND (c.words = ''::text) AND (c.findings = '[]'::jsonb))), staff.problem('file_live_elsewhere'::text, 'blocking'::text, c.line, ((c.new_file IS NOT NULL) AND (c.new_file IS DISTINCT FROM c.before_file) AND (EXISTS ( SELECT 1
                        FROM staff.records r
                       WHERE ((r.org_id = c.org_id) AND (r.file_sha256 = c.new_file) AND (r.key <> c.key))))), ( SELECT "left"(string_agg(substr(r.key, (strpos(r.key, ':'::text) + 1)), ', '::text ORDER BY r.key), 2000) AS "left"
                        FROM staff.records r
                       WHERE ((r.org_id = c.org_id) AND (r.file_sha256 = c.new_file) AND (r.key <> c.key)))), staff.problem('kind_not_exposed'::text, 'warning'::text, c.line, ((c.kind = 'document'::text) AND (NOT COALESCE(((c.fields ->> 'document_kind'::text) = ANY (c.shown_kinds)), false)))), staff.problem('address_used_by_other_customer'::text, 'warning'::text, c.line, ((c.kind = 'contact'::text) AND (c.change = 'new'::text) AND ((EXISTS ( SELECT 1
                        FROM live_addresses a
                       WHERE ((a.email = (c.fields ->> 'contact_email'::text)) AND ((a.first <> c.customer_key) OR (a.last <> c.customer_key))))) OR (EXISTS ( SELECT 1
                        FROM staged_addresses a
                       WHERE ((a.email = (c.fields ->> 'contact_email'::text)) AND ((a.first <> c.customer_key) OR (a.last <> c.customer_key)))))))), staff.problem('address_at_foreign_domain'::text, 'warning'::text, c.line, ((c.kind = 'contact'::text) AND (c.change = 'new'::text) AND (EXISTS ( SELECT 1
                        FROM domains d
                       WHERE ((d.customer_key = c.customer_key) AND (split_part((c.fields ->> 'contact_email'::text), '@'::text, 2) <> ALL (d.domains)))))))], NULL::jsonb)) || COALESCE(( SELECT jsonb_agg((x.value || jsonb_build_object('severity', 'blocking', 'line', c.line))) AS jsonb_agg
                        FROM jsonb_array_elements(c.findings) x(value)), '[]'::jsonb)) || COALESCE(( SELECT jsonb_agg((x.value || jsonb_build_object('line', c.line))) AS jsonb_agg
                        FROM jsonb_array_elements(c.guard_problems) x(value)), '[]'::jsonb))
                 END) AS problems
            FROM (compared c
              LEFT JOIN money m ON (((m.kind = c.kind) AND (m.key = c.key))))
          OFFSET 0
         ), answered AS (
          SELECT f_1.org_id,
             f_1.kind,
             f_1.key,
             f_1.order_key,
             f_1.line,
             f_1."position",
             f_1.rows,
             f_1.fields,
             f_1.ticked,
             f_1.overridden,
             f_1.override_reason,
             f_1.overridden_by,
             f_1.customer_key,
             f_1.left_out,
             f_1.own_problems,
             f_1.is_out,
             f_1.before,
             f_1.before_customer,
             f_1.before_order,
             f_1.before_file,
             f_1.before_size,
             f_1.before_name,
             f_1.before_served,
             f_1.before_rendition,
             f_1.new_file,
             f_1.new_size,
             f_1.new_name,
             f_1.files,
             f_1.documents,
             f_1.of_two_customers,
             f_1.was_taken_back,
             f_1.thing_customer,
             f_1.is_of_two_kinds,
             f_1.inspected,
             f_1.findings,
             f_1.words,
             f_1.new_pages,
             f_1.guard_problems,
             f_1.served,
             f_1.new_rendition,
             f_1.is_made,
             f_1.stamp_failed,
             f_1.shown_kinds,
             f_1.change,
             f_1.problems,
                 CASE
                     WHEN (f_1.problems = '[]'::jsonb) THEN f_1.problems
                     ELSE ( SELECT COALESCE(jsonb_agg(
                             CASE
                                 WHEN (NOT staff.is_overridable((e.x ->> 'code'::text))) THEN e.x
                                 WHEN (f_1.overridden @> jsonb_build_array(staff.answer(e.x, f_1.customer_key, f_1.new_file))) THEN (e.x || '{"overridden": true, "overridable": true}'::jsonb)
                                 ELSE (e.x || '{"overridable": true}'::jsonb)
                             END ORDER BY e.ord), '[]'::jsonb) AS "coalesce"
                        FROM jsonb_array_elements(f_1.problems) WITH ORDINALITY e(x, ord))
                 END AS told
            FROM found f_1
          OFFSET 0
         ), judged AS MATERIALIZED (
          SELECT a.org_id,
             a.kind,
             a.key,
             a.order_key,
             a.line,
             a."position",
             a.rows,
             a.fields,
             a.ticked,
             a.overridden,
             a.override_reason,
             a.overridden_by,
             a.customer_key,
             a.left_out,
             a.own_problems,
             a.is_out,
             a.before,
             a.before_customer,
             a.before_order,
             a.before_file,
             a.before_size,
             a.before_name,
             a.before_served,
             a.before_rendition,
             a.new_file,
             a.new_size,
             a.new_name,
             a.files,
             a.documents,
             a.of_two_customers,
             a.was_taken_back,
             a.thing_customer,
             a.is_of_two_kinds,
             a.inspected,
             a.findings,
             a.words,
             a.new_pages,
             a.guard_problems,
             a.served,
             a.new_rendition,
             a.is_made,
             a.stamp_failed,
             a.shown_kinds,
             a.change,
             a.problems,
             a.told,
             ((a.told <> '[]'::jsonb) AND (EXISTS ( SELECT 1
                    FROM jsonb_array_elements(a.told) x(value)
                   WHERE (((x.value ->> 'severity'::text) = 'blocking'::text) AND (NOT (x.value ? 'overridden'::text)))))) AS own_blocked
            FROM answered a
         ), customers AS MATERIALIZED (
          SELECT k.key
            FROM ( SELECT DISTINCT j.customer_key AS key
                    FROM judged j) k
           WHERE (EXISTS ( SELECT 1
                    FROM staff.records r
                   WHERE ((r.org_id = ( SELECT p.org_id
                            FROM publish p)) AND (r.kind = 'customer'::text) AND (r.key = k.key))))
         UNION
          SELECT j.key
            FROM judged j
           WHERE ((j.kind = 'customer'::text) AND (NOT j.own_blocked) AND (NOT j.is_out))
         ), orders AS MATERIALIZED (
          SELECT o.key,
             min(o.customer_key) AS first,
             max(o.customer_key) AS last
            FROM ( SELECT r.key,
                     r.customer_key
                    FROM (( SELECT DISTINCT j.order_key AS key
                            FROM judged j
                           WHERE (j.order_key IS NOT NULL)) k
                      CROSS JOIN LATERAL ( SELECT x.key,
                             x.customer_key
                            FROM staff.records x
                           WHERE ((x.org_id = ( SELECT p.org_id
                                    FROM publish p)) AND (x.kind = 'order'::text) AND (x.key = k.key) AND (x.fields ? 'order_date'::text))
                          OFFSET 0) r)
                 UNION ALL
                  SELECT j.key,
                     j.customer_key
                    FROM (judged j
                      JOIN customers c ON ((c.key = j.customer_key)))
                   WHERE ((j.kind = 'order'::text) AND (NOT j.own_blocked) AND (NOT j.is_out))
                 UNION ALL
                  SELECT t.key,
                     t.customer_key
                    FROM staff.reviewed_items t
                   WHERE ((review.p_customers IS NOT NULL) AND (t.publish_id = review.p_publish) AND (t.kind = 'order'::text) AND (NOT t.blocked) AND (NOT t.excluded) AND (t.customer_key <> ALL (review.p_customers)))) o
           GROUP BY o.key
         ), parented AS (
          SELECT j.org_id,
             j.kind,
             j.key,
             j.order_key,
             j.line,
             j."position",
             j.rows,
             j.fields,
             j.ticked,
             j.overridden,
             j.override_reason,
             j.overridden_by,
             j.customer_key,
             j.left_out,
             j.own_problems,
             j.is_out,
             j.before,
             j.before_customer,
             j.before_order,
             j.before_file,
             j.before_size,
             j.before_name,
             j.before_served,
             j.before_rendition,
             j.new_file,
             j.new_size,
             j.new_name,
             j.files,
             j.documents,
             j.of_two_customers,
             j.was_taken_back,
             j.thing_customer,
             j.is_of_two_kinds,
             j.inspected,
             j.findings,
             j.words,
             j.new_pages,
             j.guard_problems,
             j.served,
             j.new_rendition,
             j.is_made,
             j.stamp_failed,
             j.shown_kinds,
             j.change,
             j.problems,
             j.told,
             j.own_blocked,
             ((j.kind <> 'customer'::text) AND (c.key IS NULL)) AS without_customer,
             ((j.kind <> 'order'::text) AND (j.order_key IS NOT NULL) AND (o.key IS NULL)) AS without_order,
             COALESCE(((j.kind <> 'order'::text) AND (j.change <> 'conflict'::text) AND ((o.first <> j.customer_key) OR (o.last <> j.customer_key))), false) AS of_other_customer
            FROM ((judged j
              LEFT JOIN customers c ON ((c.key = j.customer_key)))
              LEFT JOIN orders o ON (((j.kind <> 'order'::text) AND (o.key = j.order_key))))
         ), final AS (
          SELECT p.org_id,
             p.kind,
             p.key,
             p.order_key,
             p.line,
             p."position",
             p.rows,
             p.fields,
             p.ticked,
             p.overridden,
             p.override_reason,
             p.overridden_by,
             p.customer_key,
             p.left_out,
             p.own_problems,
             p.is_out,
             p.before,
             p.before_customer,
             p.before_order,
             p.before_file,
             p.before_size,
             p.before_name,
             p.before_served,
             p.before_rendition,
             p.new_file,
             p.new_size,
             p.new_name,
             p.files,
             p.documents,
             p.of_two_customers,
             p.was_taken_back,
             p.thing_customer,
             p.is_of_two_kinds,
             p.inspected,
             p.findings,
             p.words,
             p.new_pages,
             p.guard_problems,
             p.served,
             p.new_rendition,
             p.is_made,
             p.stamp_failed,
             p.shown_kinds,
             p.change,
             p.problems,
             p.told,
             p.own_blocked,
             p.without_customer,
             p.without_order,
             p.of_other_customer,
                 CASE
                     WHEN (p.without_customer OR p.without_order OR p.of_other_customer) THEN (((p.told ||
                     CASE
                         WHEN p.without_customer THEN jsonb_build_array(jsonb_build_object('code', 'customer_not_published', 'severity', 'blocking', 'line', p.line))
                         ELSE '[]'::jsonb
                     END) ||
                     CASE
                         WHEN p.without_order THEN jsonb_build_array(jsonb_build_object('code', 'order_not_published', 'severity', 'blocking', 'line', p.line))
                         ELSE '[]'::jsonb
                     END) ||
                     CASE
                         WHEN p.of_other_customer THEN jsonb_build_array(jsonb_build_object('code', 'conflict', 'severity', 'blocking', 'line', p.line))
                         ELSE '[]'::jsonb
                     END)
                     ELSE p.told
                 END AS all_problems,
             (p.own_blocked OR p.without_customer OR p.without_order OR p.of_other_customer) AS is_blocked,
             ((p.change = 'revision'::text) OR ((p.kind = 'contact'::text) AND (p.change = 'new'::text)) OR (p.was_taken_back AND (p.change <> 'same'::text))) AS wants_tick,
             ((p.overridden <> '[]'::jsonb) AND (p.told @> '[{"overridden": true}]'::jsonb)) AS is_overridden
            FROM parented p
         )
  SELECT f.org_id,
     review.p_publish AS p_publish,
     (row_number() OVER (ORDER BY (f.customer_key COLLATE "C"), (f.order_key COLLATE "C") NULLS FIRST, f."position", (f.kind COLLATE "C"), (f.key COLLATE "C")))::integer AS row_number,
     f.kind,
     f.key,
     f.customer_key,
     f.order_key,
     f.line,
     f."position",
     f.rows,
     f.fields,
     f.before,
         CASE
             WHEN f.of_other_customer THEN 'conflict'::text
             ELSE f.change
         END AS change,
     f.all_problems,
     f.is_blocked,
     f.is_out,
     f.wants_tick,
     f.ticked,
     ((NOT f.is_blocked) AND (NOT f.is_out) AND (f.ticked OR (NOT f.wants_tick))),
     COALESCE(f.new_file, f.before_file) AS "coalesce",
     COALESCE(f.new_size, f.before_size) AS "coalesce",
     COALESCE(f.new_name, f.before_name) AS "coalesce",
     f.new_pages,
     f.served,
         CASE
             WHEN (f.new_file IS NULL) THEN f.before_rendition
             WHEN (f.served = 'stamped'::text) THEN f.new_rendition
             ELSE NULL::uuid
         END AS "case",
     ((f.new_file IS NULL) OR (f.served IS DISTINCT FROM 'stamped'::text) OR COALESCE(f.is_made, false)),
         CASE
             WHEN f.is_overridden THEN f.override_reason
             ELSE NULL::text
         END AS "case",
         CASE
             WHEN f.is_overridden THEN f.overridden_by
             ELSE NULL::uuid
         END AS "case"
    FROM final f;
END;

CREATE OR REPLACE FUNCTION staff.review_digest(r staff.reviewed_items)
 RETURNS bytea
 LANGUAGE sql
 STABLE
RETURN sha256(convert_to((ROW((r).kind, (r).key, (r).customer_key, (r).order_key, (r).change, (r).passes, (r).excluded, (r).ticked, (r).fields, (r).before, (r).problems, (r).file_sha256, (r).file_name, (r).served, (r).override_reason, (r).overridden_by))::text, 'UTF8'::name));

CREATE OR REPLACE FUNCTION staff.scope_of(p_contact uuid)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select coalesce((
    select l.scope from staff.access_links l
     where l.contact_id = p_contact and l.purpose <> 'preview'
     order by l.created_at desc, l.id desc limit 1), 'all');
$function$;

CREATE OR REPLACE FUNCTION staff.served_as(p_org uuid, p_inspected text, p_kind text)
 RETURNS text
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select case
           when p_inspected in ('signed', 'e_invoice') then p_inspected
           when (select o.stamping and p_kind <> all (o.unstamped_kinds) from portal.orgs o where o.id = p_org) then 'stamped'
           else 'plain'
         end;
$function$;

CREATE OR REPLACE FUNCTION staff.set_exposure(p_customer text, p_kinds text[], p_fields text[])
 RETURNS TABLE(status text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
declare
  me record;
  v_kinds text[];
  v_keys text[];
begin
  select * into me from staff.context();
  if me.member_id is null or me.role not in ('approver', 'owner') then
    perform staff.audit('request.refused', 'exposure', p_customer, '{"code": "forbidden", "action": "exposure.changed"}',
                        (select c.id from portal.customers c where c.org_id = me.org_id and c.code_key = p_customer));
    return query select 'forbidden';
    return;
  end if;
  perform staff.hold_staged();
  insert into staff.exposures (org_id, customer_key, kinds, fields)
  values (me.org_id, p_customer, p_kinds, p_fields)
  on conflict (org_id, customer_key) do update
     set kinds = excluded.kinds, fields = excluded.fields, changed_at = now();
  with narrowed as (
    update staff.exposures e
       set granted_kinds = array(select unnest(e.granted_kinds) intersect select unnest(w.kinds)),
           granted_fields = array(select unnest(e.granted_fields) intersect select unnest(w.fields))
      from staff.wanted_exposure(me.org_id, (
             select array_agg(x.customer_key) from staff.exposures x
              where x.org_id = me.org_id and x.customer_key is not null)) w
     where e.org_id = me.org_id and e.customer_key = w.customer_key
       and (not e.granted_kinds <@ w.kinds or not e.granted_fields <@ w.fields)
    returning e.customer_key
  )
  select array_agg(r.kind), array_agg(r.key) into v_kinds, v_keys
    from staff.records r
   where r.org_id = me.org_id and r.customer_key in (select n.customer_key from narrowed n);
  if v_kinds is not null then
    perform staff.project_live(me.org_id, v_kinds, v_keys, true);
  end if;
  perform staff.audit('exposure.changed', 'exposure', p_customer,
                      jsonb_build_object('kinds', to_jsonb(p_kinds), 'fields', to_jsonb(p_fields)),
                      (select c.id from portal.customers c where c.org_id = me.org_id and c.code_key = p_customer));
  return query select 'ok';
end
$function$;

CREATE OR REPLACE FUNCTION staff.set_issue_status(p_issue uuid, p_status text, p_credit_note text DEFAULT NULL::text)
 RETURNS TABLE(status text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.set_sales_mapping(p_format text, p_codes jsonb)
 RETURNS TABLE(codes jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER ROWS 1
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  me record;
  v_old jsonb;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('sales mappings ' || me.org_id::text, 0));
  select m.codes into v_old from staff.sales_mappings m where m.org_id = me.org_id and m.format = p_format;
  insert into staff.sales_mappings (org_id, format, codes)
  values (me.org_id, p_format, p_codes)
  on conflict on constraint sales_mappings_key do update set codes = p_codes, changed_at = now();
  if v_old is distinct from p_codes then
    perform staff.audit('export.mapped', 'export', p_format, '{}');
  end if;
  return query select p_codes;
end
$function$;

CREATE OR REPLACE FUNCTION staff.settings_changed()
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  me record;
begin
  select * into me from staff.context();
  if me.member_id is null or me.role <> 'owner' then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(me.org_id::text, 0));
  -- In the order in which an approval holds them.
  perform 1 from staff.publishes p where p.org_id = me.org_id and p.status = 'staged' order by p.id for no key update;
  update staff.publishes p set unprepared = true, review_stale = true
   where p.org_id = me.org_id and p.status = 'staged' and not (p.unprepared and p.review_stale);
  perform staff.project_drawn(me.org_id, null, null);
end
$function$;

CREATE OR REPLACE FUNCTION staff.settle_orders(p_orders uuid[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  v_told bigint;
begin
  with said as materialized (
    select o.id, o.status as before, staff.followed_status(o.id, r.said) as status
      from unnest(p_orders) k(id)
     cross join lateral (select x.* from portal.orders x where x.id = k.id offset 0) o
     cross join lateral (
        select x.fields->>'order_status' as said from staff.records x
         where x.org_id = o.org_id and x.kind = 'order' and x.key = o.number_key offset 0) r
  ), settled as (
    update portal.orders o set status = s.status
      from said s
     where o.id = s.id and o.status is distinct from s.status
    returning o.id, o.org_id, o.customer_id, s.before, o.status
  )
  select count(audit.append(x.org_id, 'system', null, x.customer_id, null, 'order.status_changed', 'order', x.id::text,
                            jsonb_build_object('before', x.before, 'after', x.status))::text)
    into v_told from settled x where staff.was_shown(x.id);
end
$function$;

CREATE OR REPLACE FUNCTION staff.settle_shipments(p_shipments uuid[])
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select staff.settle_told(p_shipments, '{}');
$function$;

CREATE OR REPLACE FUNCTION staff.settle_told(p_shipments uuid[], p_current jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  v_orders uuid[];
  v_told bigint;
begin
  with said as materialized (
    select s.id, s.status as before, n.status, n.substatus, n.delivered_at,
           case when n.status = 'delivered' then s.signed_by end as signed_by
      from unnest(p_shipments) k(id)
     cross join lateral (select x.* from portal.shipments x where x.id = k.id offset 0) s
      left join lateral (
        select t.status, t.substatus, t.at from portal.tracking_events t
         where t.shipment_id = s.id
           and (t.status in ('delivered', 'exception', 'returned') or not exists (
             select 1 from portal.tracking_events d
              where d.shipment_id = s.id and d.status = 'delivered' and d.at <= t.at))
           and (t.status in ('exception', 'returned') or not exists (
             select 1 from portal.tracking_events r
              where r.shipment_id = s.id and r.status = 'returned' and r.at <= t.at
                and not exists (
                  select 1 from portal.tracking_events c
                   where c.shipment_id = s.id and c.source = 'staff' and c.status not in ('exception', 'returned')
                     and c.at between r.at and t.at)))
         order by t.at > now(), t.status = 'unknown', t.at desc,
                  array_position(array['label_created', 'picked_up', 'in_transit', 'out_for_delivery',
                                       'exception', 'delivered', 'returned'], t.status) desc nulls last
         limit 1) e on true
     cross join lateral (
        select coalesce(e.status, p_current->(s.id::text)->>'status',
                        case when s.checked_at is not null and s.status = 'label_created' then s.status end,
                        'unknown') as status,
               case when e.status is null then p_current->(s.id::text)->>'substatus' else e.substatus end as substatus,
               case when e.status = 'delivered' then (
                      -- The first that says so since it last went wrong: carriers say it twice.
                      select min(d.at) from portal.tracking_events d
                       where d.shipment_id = s.id and d.status = 'delivered' and d.at > coalesce((
                         select max(x.at) from portal.tracking_events x
                          where x.shipment_id = s.id and x.status in ('exception', 'returned') and x.at < e.at), '-infinity'))
                    when e.status is null and p_current->(s.id::text)->>'status' = 'delivered'
                      then (p_current->(s.id::text)->>'deliveredAt')::timestamptz end as delivered_at
        offset 0) n
  ), settled as (
    update portal.shipments s
       set status = n.status, substatus = n.substatus, delivered_at = n.delivered_at, signed_by = n.signed_by
      from said n
     where s.id = n.id
       and (s.status, s.substatus, s.delivered_at, s.signed_by)
           is distinct from (n.status, n.substatus, n.delivered_at, n.signed_by)
    returning s.id, s.org_id, s.customer_id, s.order_id, n.before, s.status, s.substatus
  )
  select array_agg(distinct x.order_id),
         count(case when x.before <> x.status and staff.was_shown(x.id) then
                 audit.append(x.org_id, 'system', null, x.customer_id, null, 'shipment.status_changed', 'shipment', x.id::text,
                              jsonb_strip_nulls(jsonb_build_object('order', x.order_id, 'before', x.before,
                                                                   'after', x.status, 'substatus', x.substatus)))::text end)
    into v_orders, v_told from settled x;
  if v_orders is not null then
    perform staff.settle_orders(v_orders);
  end if;
end
$function$;

CREATE OR REPLACE FUNCTION staff.shows_order(p_order uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select exists (
    select 1
      from portal.orders o
      join portal.orgs g on g.id = o.org_id
     cross join lateral (select (now() at time zone g.time_zone)::date as today) d
     where o.id = p_order
       and o.placed_on >= (d.today - make_interval(months => g.order_window_months))::date
       and (o.status is distinct from 'cancelled' or o.cancelled_on >= d.today - g.cancelled_window_days)
       and (o.status is distinct from 'draft' or o.first_shown_at >= now() - make_interval(days => g.draft_window_days)));
$function$;

CREATE OR REPLACE FUNCTION staff.stage_items(p_import uuid, p_reading jsonb, p_from integer, p_rows integer, p_items jsonb, p_identifiers text[])
 RETURNS TABLE(publish_id uuid)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
#variable_conflict use_column
declare
  me record;
  v_import staff.imports;
  v_publish uuid;
  v_status text;
begin
  select * into me from staff.context();
  select * into v_import from staff.imports i
   where i.id = p_import and i.org_id = me.org_id for no key update;
  if v_import.id is null then
    return;
  end if;
  v_publish := v_import.publish_id;
  if v_import.state = 'staged' then
    return query select v_publish;
    return;
  end if;
  if v_publish is null then
    insert into staff.publishes (org_id, name, created_by) values (me.org_id, v_import.file_name, me.member_id)
    returning id into v_publish;
    perform staff.audit('publish.created', 'publish', v_publish::text);
  else
    select p.status into v_status from staff.publishes p where p.id = v_publish for no key update;
    if v_status is distinct from 'staged' then
      raise exception 'publish_not_staged' using errcode = 'CF001';
    end if;
  end if;
  if v_import.state = 'reading' and v_import.reading is distinct from p_reading then
    -- What it brought under the other reading cannot be told from what others brought, unless it is alone.
    if p_from > 0 or exists (select 1 from staff.imports i
                              where i.publish_id = v_publish and i.id <> p_import and i.state <> 'uploaded') then
      raise exception 'reading_begun' using errcode = 'CF006';
    end if;
    delete from staff.publish_items i where i.publish_id = v_publish;
    v_import.items := 0;
  end if;
  if p_from < v_import.items then
    return query select v_publish;
    return;
  end if;
  if p_from > v_import.items then
    raise exception 'parts out of order' using errcode = '40001';
  end if;
  insert into staff.publish_items as old
         (org_id, publish_id, kind, key, customer_key, order_key, line, position, fields, problems, rows, import_id)
  select me.org_id, v_publish, r->>0, r->>1, r->>2, r->>3, (r->>4)::int, (r->>5)::int, r->6, r->7, (r->>8)::int, p_import
    from jsonb_array_elements(p_items) r
  on conflict (publish_id, kind, key) do update
     set customer_key = case when old.import_id = p_import
           then coalesce(nullif(old.customer_key, ''), excluded.customer_key)
           else coalesce(nullif(excluded.customer_key, ''), old.customer_key) end,
         order_key = case when old.import_id = p_import
           then coalesce(old.order_key, excluded.order_key)
           when staff.is_same_owner(old.org_id, old.publish_id, old.customer_key, old.order_key,
                                    excluded.customer_key, excluded.order_key)
           then coalesce(excluded.order_key, old.order_key) else excluded.order_key end,
         line = case when old.import_id = p_import then old.line else excluded.line end,
         position = case when old.import_id = p_import then old.position else excluded.position end,
         fields = case
           when old.import_id = p_import then excluded.fields || old.fields
           when staff.is_same_owner(old.org_id, old.publish_id, old.customer_key, old.order_key,
                                    excluded.customer_key, excluded.order_key) then old.fields || excluded.fields
           else excluded.fields end,
         problems = case
           when old.import_id = p_import then staff.joined_problems(
             staff.lasting_problems(old.problems, null, true, excluded.problems, old.kind, excluded.fields,
                                    excluded.customer_key, excluded.order_key),
             excluded.problems || staff.contradictions(
             old.fields || jsonb_build_object('customer_code', old.customer_key, 'order_number', coalesce(old.order_key, '')),
             excluded.fields || jsonb_build_object('customer_code', excluded.customer_key, 'order_number', coalesce(excluded.order_key, '')),
             excluded.line, old.line, p_identifiers))
           when staff.is_same_owner(old.org_id, old.publish_id, old.customer_key, old.order_key,
                                    excluded.customer_key, excluded.order_key) then
             excluded.problems || staff.lasting_problems(old.problems, old.import_id, false, excluded.problems, old.kind,
                                                         excluded.fields, excluded.customer_key, excluded.order_key)
           else excluded.problems end,
         rows = old.rows + excluded.rows,
         import_id = p_import,
         ticked = false;
  -- A paper that names no customer is whose its order is: its tick was for whose it was.
  update staff.publish_items i set ticked = false
   where i.publish_id = v_publish and i.ticked and i.customer_key = ''
     and (i.order_key in (select r->>1 from jsonb_array_elements(p_items) r where r->>0 = 'order')) is true;
  update staff.imports i
     set publish_id = v_publish, state = 'reading', reading = p_reading,
         items = v_import.items + jsonb_array_length(p_items), rows = p_rows,
         -- Who may not approve it: the one of the two, who sent it and who said how it is read, that could.
         imported_by = case when exists (select 1 from staff.members m
                                          where m.id = i.imported_by and m.role in ('approver', 'owner'))
                            then i.imported_by else me.member_id end
   where i.id = p_import;
  return query select v_publish;
end
$function$;

CREATE OR REPLACE FUNCTION staff.stale_review()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  update staff.publishes p set review_stale = true, unprepared = true
   where p.id in (select t.publish_id from touched t) and p.status = 'staged';
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.stale_reviews()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- In one order, so that two who come at once do not wait for each other.
  perform 1 from staff.publishes p
    where p.org_id in (select t.org_id from touched t) and p.status = 'staged' order by p.id for no key update;
  update staff.publishes p set review_stale = true
   where p.org_id in (select t.org_id from touched t) and p.status = 'staged';
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.stale_reviews_of_files()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_publishes uuid[];
begin
  select array_agg(distinct f.publish_id) into v_publishes
    from touched t join staff.staged_files f on f.org_id = t.org_id and f.sha256 = t.sha256;
  perform 1 from staff.publishes p where p.id = any (v_publishes) and p.status = 'staged' order by p.id for no key update;
  update staff.publishes p set review_stale = true where p.id = any (v_publishes) and p.status = 'staged';
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.stale_reviews_of_org()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  -- As approvals do, before any publish: a change of settings goes on to take it.
  perform pg_advisory_xact_lock(hashtextextended(new.id::text, 0));
  perform 1 from staff.publishes p where p.org_id = new.id and p.status = 'staged' order by p.id for no key update;
  update staff.publishes p set review_stale = true where p.org_id = new.id and p.status = 'staged';
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.stale_reviews_of_renditions()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_publishes uuid[];
begin
  select array_agg(distinct f.publish_id) into v_publishes
    from now_so n
    join was_so o on o.id = n.id
    join staff.staged_files f on f.org_id = n.org_id and f.sha256 = n.source_sha256
   where n.failed <> o.failed or n.lost and not o.lost;
  perform 1 from staff.publishes p where p.id = any (v_publishes) and p.status = 'staged' order by p.id for no key update;
  update staff.publishes p set review_stale = true where p.id = any (v_publishes) and p.status = 'staged';
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.stamp_version()
 RETURNS integer
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ select 2 $function$;

CREATE OR REPLACE FUNCTION staff.statement_digest(p_statement json)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$ select encode(sha256(convert_to(p_statement::text, 'UTF8')), 'hex') $function$;

CREATE OR REPLACE FUNCTION staff.statement_of(p_org uuid, p_customer uuid, p_from date, p_to date, p_links boolean)
 RETURNS json
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET "DateStyle" TO 'ISO'
 SET enable_nestloop TO 'off'
 SET plan_cache_mode TO 'force_generic_plan'
 SET jit TO 'off'
AS $function$
declare
  v_blocks json;
  v_broken text;
  v_tells_paid boolean := staff.tells_paid(p_org, p_customer);
  v_left_out text[] := array(
    select i.currency from portal.invoices i
     where i.org_id = p_org and i.customer_id = p_customer and not i.held
       and i.currency is not null and (i.total is null or not v_tells_paid)
    union
    select y.currency from portal.payments y where y.org_id = p_org and y.customer_id = p_customer and not v_tells_paid
    order by 1);
begin
  with papers as materialized (
    select i.kind, i.number, i.number_key, i.issued_on as day, i.due_on, i.currency, i.credits_key,
           case i.kind when 'credit_note' then -abs(i.total) else i.total end as amount,
           -- Where no row says that anything was paid, what payments name is not looked up.
           case when coalesce(i.paid, 0) = 0
                  or i.number_key in (select a.invoice_key from portal.payment_allocations a
                                       where a.org_id = p_org and a.customer_id = p_customer) then 0
                when i.kind = 'credit_note' then abs(i.paid)
                else -i.paid end as settled
      from portal.invoices i
     where i.org_id = p_org and i.customer_id = p_customer and not i.held
       and i.currency is not null and i.currency <> all (v_left_out)
  ), notes as (
    -- A credit note stands under the invoice that it reduces, where both are of the period.
    select o.*, w.number as credits,
           case when x.is_under then w.day end as under_day, case when x.is_under then w.number_key end as under_key
      from papers o
      left join papers w on w.kind = 'invoice' and w.number_key = o.credits_key
     cross join lateral (select w.currency = o.currency and w.day between p_from and p_to as is_under) x
     where o.kind = 'credit_note'
  ), movements as (
    select o.day, o.kind, o.number, null::text as reference, o.due_on, o.currency, o.amount,
           o.day as at_day, 1 as at_rank, o.number_key as at_key, false as is_under, o.number_key as own_key, 0 as step
      from papers o where o.kind = 'invoice'
    union all
    select o.day, 'paid', o.number, null, null, o.currency, o.settled, o.day, 1, o.number_key, false, o.number_key, 1
      from papers o where o.kind = 'invoice' and o.settled <> 0
    union all
    select o.day, o.kind, o.number, o.credits, o.due_on, o.currency, o.amount,
           coalesce(o.under_day, o.day), case when o.under_key is null then 2 else 1 end,
           coalesce(o.under_key, o.number_key), o.under_key is not null, o.number_key, 0
      from notes o
    union all
    select o.day, 'refunded', o.number, null, null, o.currency, o.settled,
           coalesce(o.under_day, o.day), case when o.under_key is null then 2 else 1 end,
           coalesce(o.under_key, o.number_key), o.under_key is not null, o.number_key, 1
      from notes o where o.settled <> 0
    union all
    select y.paid_on, 'payment', y.number, coalesce(y.reference, y.method), null, y.currency, -y.amount,
           y.paid_on, 3, y.number_key, false, y.number_key, 0
      from portal.payments y
     where y.org_id = p_org and y.customer_id = p_customer and y.currency <> all (v_left_out)
  ), moved as (
    -- Not of the rows that are told: what these come to is checked against it.
    select o.currency, o.day, o.amount, 1 as papers from papers o
    union all
    select o.currency, o.day, o.settled, 0 from papers o where o.settled <> 0
    union all
    select y.currency, y.paid_on, -y.amount, 0 from portal.payments y
     where y.org_id = p_org and y.customer_id = p_customer and y.currency <> all (v_left_out)
  ), sums as materialized (
    select m.currency,
           coalesce(sum(m.amount) filter (where m.day is null or m.day < p_from), 0) as opening,
           coalesce(sum(m.amount) filter (where m.day between p_from and p_to and m.amount > 0), 0) as debits,
           coalesce(-sum(m.amount) filter (where m.day between p_from and p_to and m.amount < 0), 0) as credits,
           coalesce(sum(m.amount) filter (where m.day is null or m.day <= p_to), 0) as closing,
           coalesce(sum(m.papers) filter (where m.day is null), 0) as undated
      from moved m
     group by m.currency
  ), papers_here as materialized (
    select d.kind, d.number_key, d.id from portal.documents d
     where p_links and d.kind in ('invoice', 'credit_note') and d.org_id = p_org and d.customer_id = p_customer and not d.held
  ), ages as (
    -- Told apart from the movements, so that one is a check of the other.
    select x.currency, sum(x.open) as open,
           case when x.open < 0 then -1
                when x.late is null or x.late <= 0 then 0
                when x.late <= 30 then 30
                when x.late <= 60 then 60
                when x.late <= 90 then 90
                when x.late <= 120 then 120
                else 121 end as age
      from (select i.currency, i.open, case when i.kind = 'invoice' then p_to - i.due_on end as late
              from portal.items_of(p_org, p_customer, true, p_to) i
             where i.open <> 0 and i.currency <> all (v_left_out)) x
     group by 1, 3
  ), aged as (
    select a.currency, sum(a.open) as total,
           coalesce(sum(a.open) filter (where a.age = -1), 0) as unallocated,
           coalesce(sum(a.open) filter (where a.age = 0), 0) as current,
           coalesce(sum(a.open) filter (where a.age = 30), 0) as to_30,
           coalesce(sum(a.open) filter (where a.age = 60), 0) as to_60,
           coalesce(sum(a.open) filter (where a.age = 90), 0) as to_90,
           coalesce(sum(a.open) filter (where a.age = 120), 0) as to_120,
           coalesce(sum(a.open) filter (where a.age = 121), 0) as over_120
      from ages a
     group by a.currency
  ), blocks as (
    select s.*, a.total, a.unallocated, a.current, a.to_30, a.to_60, a.to_90, a.to_120, a.over_120, r.rows,
           -- As it is told: column 7 of the last row.
           r.rows[array_length(r.rows, 1)][7]::numeric as balance
      from sums s
      left join aged a on a.currency = s.currency
     cross join lateral (
       -- Texts in a fixed order (MovementRow): of thousands, objects take twice the time and twice the bytes.
       select array_agg(
                array[l.day::text, l.kind, l.number, l.reference, l.due_on::text, l.amount::text, l.balance::text,
                      case when l.is_under then 'under' end, l.document_id]
                order by l.at_place, l.at_key, l.is_under, l.day, l.own_key, l.step) as rows
         from (
           select m.*, d.id::text as document_id, s.opening + sum(m.amount) over w as balance
             from (select *, (at_day - p_from) * 4 + at_rank as at_place from movements) m
             left join papers_here d on m.step = 0 and d.kind = m.kind and d.number_key = m.own_key
            where m.currency = s.currency and m.day between p_from and p_to
           window w as (order by m.at_place, m.at_key, m.is_under, m.day, m.own_key, m.step rows unbounded preceding)) l) r
     where r.rows is not null or s.opening <> 0 or s.closing <> 0 or coalesce(a.total, 0) <> 0
  )
  select json_agg(json_build_object(
           'currency', b.currency, 'opening', b.opening::numeric(20, 2)::text, 'debits', b.debits::numeric(20, 2)::text,
           'credits', b.credits::numeric(20, 2)::text, 'closing', b.closing::numeric(20, 2)::text, 'undated', b.undated,
           'aging', json_build_object(
             'current', coalesce(b.current, 0)::numeric(20, 2)::text, 'to30', coalesce(b.to_30, 0)::numeric(20, 2)::text,
             'to60', coalesce(b.to_60, 0)::numeric(20, 2)::text, 'to90', coalesce(b.to_90, 0)::numeric(20, 2)::text,
             'to120', coalesce(b.to_120, 0)::numeric(20, 2)::text, 'over120', coalesce(b.over_120, 0)::numeric(20, 2)::text,
             'unallocated', coalesce(b.unallocated, 0)::numeric(20, 2)::text),
           'movements', coalesce(array_to_json(b.rows), '[]')) order by b.currency),
         min(b.currency) filter (where b.closing is distinct from b.opening + b.debits - b.credits
                                    or b.closing is distinct from coalesce(b.total, 0)
                                    or b.closing is distinct from coalesce(b.current + b.to_30 + b.to_60 + b.to_90
                                                                           + b.to_120 + b.over_120 + b.unallocated, 0)
                                    or b.closing is distinct from coalesce(b.balance, b.opening))
    into v_blocks, v_broken
    from blocks b;
  if v_broken is not null then
    raise exception 'a statement does not tie out'
      using errcode = 'CF070', detail = concat_ws(' ', p_from, p_to, v_broken);
  end if;
  return json_build_object('from', p_from, 'to', p_to, 'blocks', coalesce(v_blocks, '[]'),
                           'leftOut', (select coalesce(json_agg(l.currency), '[]') from unnest(v_left_out) l(currency)));
end
$function$;

CREATE OR REPLACE FUNCTION staff.stray_photos(p_org uuid, p_photos text[])
 RETURNS TABLE(sha256 text)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_strays text[];
begin
  perform set_config('counterfoil.org', p_org::text, true);
  select array_agg(x.sha256 order by x.sha256) into v_strays
    from unnest(p_photos) x(sha256)
   where not exists (select 1 from portal.issue_photos p where p.org_id = p_org and p.sha256 = x.sha256);
  if v_strays is not null then
    perform audit.append(p_org, 'system', null, null, null, 'files.collected', 'org', p_org::text,
                         jsonb_build_object('files', '[]'::jsonb, 'renditions', '[]'::jsonb, 'photos', to_jsonb(v_strays)));
  end if;
  return query select unnest(v_strays);
end
$function$;

CREATE OR REPLACE FUNCTION staff.take_back_access()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  v_part jsonb := new.summary->'withdrawals'->-1;
  v_event text := 'publish.approved/' || new.id || '/';
  v_contacts text[];
  v_told bigint;
begin
  if not v_part ? 'document' and not v_part ? 'with' then
    select array_agg(i.key) into v_contacts
      from staff.publish_items i
     where i.publish_id = new.id and i.kind = 'contact' and i.included
       and staff.covers(v_part, i.kind, i.key, i.customer_key)
       and not exists (
         select 1 from staff.publish_items o join staff.publishes q on q.id = o.publish_id
          where o.org_id = i.org_id and o.kind = 'contact' and o.key = i.key and o.included and not o.withdrawn
            and q.status = 'approved' offset 0);

    with paused as (
      update portal.contacts c set access = 'paused'
        from staff.losing_access(new.id, v_contacts) l
       where c.id = l.contact_id
      returning c.id, c.customer_id
    )
    select count(staff.audit('contact.access_changed', 'contact', x.id::text,
                             jsonb_build_object('access', 'paused', 'because', 'publish_withdrawn', 'publish', new.id),
                             x.customer_id)::text)
      into v_told from paused x;

    delete from staff.records r
     using (select k.key from unnest(v_contacts) k(key) offset 0) k
     where r.org_id = new.org_id and r.kind = 'contact' and r.key = k.key;
  end if;

  -- One that is on its way to the provider this very moment may still arrive.
  with died as (
    update staff.outbox o
       set state = 'dead', last_error = 'withdrawn', sealed_body = null, leased_until = null
     where o.id in (
       select x.id from staff.outbox x
        where x.org_id = new.org_id and x.state = 'queued' and starts_with(x.event, v_event)
          and (new.status = 'withdrawn' or not exists (
                 select 1 from staff.publish_items i
                  where i.publish_id = new.id and i.kind in ('order', 'document') and i.included and not i.withdrawn
                    and i.customer_key = substr(x.event, length(v_event) + 1)))
        order by x.id for update)
    returning o.id, o.contact_id, o.template, o.last_error
  )
  select count(staff.audit('mail.died', 'mail', d.id::text,
                           jsonb_build_object('template', d.template, 'reason', d.last_error), c.customer_id)::text)
    into v_told
    from died d left join portal.contacts c on c.id = d.contact_id;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.take_back_statements()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  delete from portal.documents d
   using portal.customers b
   where b.org_id = new.org_id and b.code_key = new.customer_key and d.org_id = new.org_id and d.customer_id = b.id
     and d.kind = 'statement' and d.served = 'drawn';
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.take_export(p_format text, p_from date, p_to date, p_customer uuid, p_most integer, p_is_head boolean)
 RETURNS TABLE(document jsonb, exported_order jsonb)
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v jsonb[] := array(select e.document from portal.export_rows(p_from, p_to, null, p_customer, p_most) e);
  v_room bigint := 9000000 - portal.bytes_sent(v);
  v_orders jsonb[] := '{}';
  v_count int;
begin
  if p_format = 'csv' and v[1] is not null and v_room >= 0 then
    v_orders := array(select o.exported from portal.exported_orders(p_from, p_to, null, p_customer, v_room) o);
  end if;
  if v_room < 0 or (cardinality(v_orders) > 0 and v_orders[1] is null) then
    v := array[null::jsonb];
    v_orders := '{}';
  end if;
  if not p_is_head and v[1] is not null then
    v_count := portal.count_exported(
      p_format, coalesce((select m.codes from staff.sales_mappings m where m.format = p_format), '{}'), false,
      (select o.contact_email from portal.orgs o), v);
    if v_count > 0 then
      perform staff.audit('export.downloaded', 'export', p_format, jsonb_strip_nulls(jsonb_build_object(
        'from', p_from, 'to', p_to, 'documents', v_count)), p_customer);
    end if;
  end if;
  return query select d, null::jsonb from unnest(v) d
               union all
               select null, o from unnest(v_orders) o;
end
$function$;

CREATE OR REPLACE FUNCTION staff.take_items(p_publish uuid)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET enable_nestloop TO 'off'
 SET work_mem TO '32MB'
AS $function$
  -- A rendition is named when it is made, which may have been after the review was. `included` is named also where it
  -- stays as it is: what the supplier's own defaults fill in is written behind it.
  with otherwise as materialized (
    select i.kind, i.key, coalesce(r.passes, false) as passes, r.org_id, r.customer_key,
           r.file_sha256, r.file_size, r.file_name, r.served, r.rendition_id
      from staff.publish_items i
      left join staff.reviewed_items r on r.publish_id = p_publish and r.kind = i.kind and r.key = i.key
     where i.publish_id = p_publish
       and (r.passes is not true
            or (i.customer_key, i.file_sha256, i.file_size, i.file_name, i.served)
               is distinct from (r.customer_key, r.file_sha256, r.file_size, r.file_name, r.served)
            or r.served = 'stamped'
            or i.kind in ('order', 'invoice', 'payment') and not i.fields ? 'currency'
            or i.kind = 'contact' and not i.fields ? 'contact_language')
  )
  update staff.publish_items i
     set included = o.passes,
         customer_key = case when o.passes then o.customer_key else i.customer_key end,
         file_sha256 = case when o.passes then o.file_sha256 end, file_size = case when o.passes then o.file_size end,
         file_name = case when o.passes then o.file_name end, served = case when o.passes then o.served end,
         rendition_id = case when o.passes and o.served = 'stamped' then coalesce(o.rendition_id, (
           select n.id from staff.renditions n
            where n.org_id = o.org_id and n.source_sha256 = o.file_sha256 and n.customer_key = o.customer_key
              and n.customer_name = staff.name_in(p_publish, o.org_id, o.customer_key)
              and n.stamp_version = staff.stamp_version())) end
    from otherwise o
   where i.publish_id = p_publish and i.kind = o.kind and i.key = o.key;

  insert into staff.records (org_id, kind, key, customer_key, order_key, fields,
                             file_sha256, file_size, file_name, served, rendition_id)
  select i.org_id, i.kind, i.key, i.customer_key, i.order_key, i.fields,
         i.file_sha256, i.file_size, i.file_name,
         case when i.file_sha256 is not null then i.served end,
         case when i.file_sha256 is not null then i.rendition_id end
    from staff.publish_items i where i.publish_id = p_publish and i.included
  on conflict (org_id, kind, key) do nothing;
$function$;

CREATE OR REPLACE FUNCTION staff.take_up_shipments()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  v record;
begin
  for v in select a.org_id, array_agg(a.id) as shipments, array_agg(distinct a.order_id) as orders from added a group by a.org_id loop
    perform set_config('counterfoil.org', v.org_id::text, true);
    perform staff.enrol_shipments(v.org_id, v.shipments);
    perform staff.settle_orders(array(
      -- An order as new as they are has no other parcel that says anything.
      select k.id from (select x.id from unnest(v.orders) x(id) where staff.was_shown(x.id) offset 0) k
       where exists (select 1 from portal.shipments s where s.order_id = k.id and s.order_id = any (array[k.id]) and s.status <> 'unknown' offset 0)));
  end loop;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.taken_back(p_publish uuid, p_customer text, p_document text)
 RETURNS TABLE(publish_id uuid, kind text, key text, customer_key text, fate text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
 SET work_mem TO '32MB'
AS $function$
  with part as materialized (
    select i.org_id, i.kind, i.key
      from staff.publishes p
      join staff.publish_items i on i.publish_id = p.id and i.included and not i.withdrawn
     where p.id = p_publish and p.status = 'approved' and (p_customer is null or i.customer_key = p_customer)
       and (p_document is null
            or i.key in (p_document, substr(p_document, strpos(p_document, ':') + 1))
               and staff.covers(jsonb_strip_nulls(jsonb_build_object('customer', p_customer, 'document', p_document)),
                                i.kind, i.key, i.customer_key))
  ), keys as (
    select k.org_id, k.kind, k.key from part k
    union
    -- The amounts of an invoice that came without them.
    select k.org_id, 'invoice', substr(k.key, strpos(k.key, ':') + 1)
      from part k where k.kind = 'document' and k.key = p_document and split_part(k.key, ':', 1) in ('invoice', 'credit_note')
  ), told as materialized (
    select i.publish_id, i.kind, i.key, i.customer_key, q.decided_at, i.publish_id = p_publish as is_part,
           case when i.kind = 'document' and i.file_sha256 is not null then jsonb_build_object('#file', i.file_sha256)
                else i.fields - 'file_name'
                     || jsonb_strip_nulls(jsonb_build_object('#customer', i.customer_key, '#order', i.order_key)) end as said
      from keys k
     cross join lateral (
        select x.* from staff.publish_items x
         where x.org_id = k.org_id and x.kind = k.kind and x.key = k.key and x.included and not x.withdrawn offset 0) i
     cross join lateral (
        select x.decided_at from staff.publishes x where x.id = i.publish_id and x.status = 'approved' offset 0) q
  ), judged as (
    select t.*, staff.merge_fields(t.said) over before @> t.said as is_repeat
      from told t
    window before as (partition by t.kind, t.key order by t.decided_at, t.publish_id
                      rows between unbounded preceding and 1 preceding)
  ), weighed as (
    select j.*, coalesce(bool_or(j.is_part) over before, false) as is_later,
           staff.merge_fields(j.said) filter (where not j.is_part and not j.is_repeat) over before @> j.said as is_told_otherwise
      from judged j
    window before as (partition by j.kind, j.key order by j.decided_at, j.publish_id
                      rows between unbounded preceding and 1 preceding)
  ), alive as materialized (
    -- Of whom something is left in the later publishes that name people.
    select distinct x.publish_id, x.customer_key
      from (select distinct w.publish_id from weighed w where w.kind = 'contact' and w.is_later) q
     cross join lateral (
        select y.publish_id, y.customer_key from staff.publish_items y
         where y.publish_id = q.publish_id and y.kind not in ('customer', 'contact') and y.included and not y.withdrawn offset 0) x
  ), fated as materialized (
    select w.publish_id, w.kind, w.key, w.customer_key, w.said, w.is_later,
           case when w.kind = 'order' then w.key else w.said->>'#order' end as order_key,
           case when w.is_part then 'part'
                when w.kind in ('customer', 'order')
                 and w.said - '{#customer,#order,customer_code,order_number}'::text[] = '{}' then 'echo'
                when not w.is_repeat then 'source'
                when not w.is_later or w.is_told_otherwise then 'echo'
                when w.kind = 'contact' and exists (
                  select 1 from staff.reviewed_customers c
                   where c.publish_id = w.publish_id and c.customer_key = w.customer_key and c.counts->>'goes' <> '0')
                 and (w.publish_id, w.customer_key) in (select a.publish_id, a.customer_key from alive a) then 'echo'
                else 'repeat' end as fate
      from weighed w
  ), standing as materialized (
    select f.kind, f.key, f.said from fated f where f.is_later and f.fate in ('source', 'echo')
  )
  select f.publish_id, f.kind, f.key, f.customer_key,
         case when f.fate = 'source' and f.kind in ('order', 'order_line', 'shipment', 'tracking_event')
                and f.order_key in (select o.key from fated o where o.kind = 'order')
                and f.order_key not in (
                  select o.key from fated o
                   where o.kind = 'order' and o.fate in ('source', 'echo') and o.said ? 'order_date') then 'echo'
              when f.fate = 'repeat' and case
                when f.kind = 'invoice' then f.key in (
                  select substr(o.key, strpos(o.key, ':') + 1) from standing o
                   where o.kind = 'document' and split_part(o.key, ':', 1) in ('invoice', 'credit_note'))
                when f.kind in ('order_line', 'shipment', 'tracking_event') then f.order_key in (
                  select o.key from standing o where o.kind = 'order' and o.said ? 'order_date')
                when f.kind = 'payment_allocation' then split_part(f.key, ' / ', 1) in (
                  select o.key from standing o where o.kind = 'payment')
                else false end then 'echo'
              else f.fate end
    from fated f;
$function$;

CREATE OR REPLACE FUNCTION staff.tell(p_org uuid, p_customer uuid, p_kind text, p_event text, p_order uuid, p_subject text, p_params jsonb, p_financial boolean)
 RETURNS uuid
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.tell_dead_letter()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
declare
  v_open text := current_setting('counterfoil.org', true);
begin
  perform set_config('counterfoil.org', new.org_id::text, true);
  perform staff.raise_mail_alert(new.org_id, 'mail_died', new.id, null, new.last_error);
  perform set_config('counterfoil.org', coalesce(v_open, ''), true);
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.tell_decision()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform staff.tell(new.org_id, new.customer_id, 'change_answered', 'change.answered/' || new.id, null, new.id::text,
                     jsonb_build_object('change', new.kind, 'status', new.status), false);
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.tell_desk(p_issue uuid, p_event text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.tell_documents()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform staff.tell(c.org_id, c.customer_id, 'documents_ready', new.event, null, split_part(new.event, '/', 2), new.params, false)
     from portal.contacts c where c.org_id = new.org_id and c.id = new.contact_id;
  return new;
end
$function$;

CREATE OR REPLACE FUNCTION staff.tell_reply()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
begin
  perform staff.tell(r.org_id, r.customer_id, 'issue_replied', 'issue.replied/' || new.id, null, r.id::text,
                     jsonb_build_object('number', r.number, 'order', r.order_number), false)
     from portal.issue_reports r where r.id = new.issue_id;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.tell_shipment()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.tells_paid(p_org uuid, p_customer uuid)
 RETURNS boolean
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_nestloop TO 'off'
AS $function$
declare
  v_customer text;
  v_shown text[];
begin
  select b.code_key, e.granted_fields into v_customer, v_shown
    from portal.customers b
    join staff.exposures e on e.org_id = b.org_id and e.customer_key = b.code_key
   where b.org_id = p_org and b.id = p_customer;
  if v_shown @> array['paid', 'payment_amount'] then
    return true;
  elsif 'payment_amount' = any (v_shown) then
    -- What an invoice says was paid counts where no payment names it.
    return not exists (
      select 1
        from (select i.number_key from portal.invoices i
               where i.org_id = p_org and i.customer_id = p_customer and not i.held
                 and i.number_key not in (
                   select a.invoice_key from portal.payment_allocations a
                    where a.org_id = p_org and a.customer_id = p_customer)
              offset 0) i
       cross join lateral (
          select x.fields from staff.records x
           where x.org_id = p_org and x.kind = 'invoice' and x.key = i.number_key offset 0) r
       where (r.fields->>'paid')::numeric <> 0);
  elsif 'paid' = any (v_shown) then
    -- Few orgs have any payments.
    if not exists (select 1 from staff.records r where r.org_id = p_org and r.kind = 'payment') then
      return true;
    end if;
    return (
      with payments as materialized (
        select r.key, r.fields->>'currency' as currency, (r.fields->>'payment_amount')::numeric as amount
          from staff.records r
         where r.org_id = p_org and r.customer_key = v_customer and r.kind = 'payment'
           and r.fields ?& array['payment_date', 'payment_amount', 'currency']
      ), applied as materialized (
        select m.key, i.number_key,
               case when i.kind = 'credit_note' then -abs(a.amount) else a.amount end as amount,
               case when i.kind = 'credit_note' then -abs(i.paid) else i.paid end as told
          from (select split_part(r.key, ' / ', 1) as payment_key, substr(r.key, strpos(r.key, ' / ') + 3) as invoice_key,
                       (r.fields->>'payment_allocated')::numeric as amount
                  from staff.records r
                 where r.org_id = p_org and r.customer_key = v_customer and r.kind = 'payment_allocation'
                   and r.fields ? 'payment_allocated') a
          join payments m on m.key = a.payment_key
          join portal.invoices i on i.org_id = p_org and i.customer_id = p_customer and not i.held
                                and i.number_key = a.invoice_key and i.currency = m.currency
      )
      select not exists (
               select 1 from payments m
                 left join (select a.key, sum(a.amount) as amount from applied a group by a.key) a on a.key = m.key
                where m.amount <> coalesce(a.amount, 0))
         and not exists (
               select 1 from applied a group by a.number_key having sum(a.amount) is distinct from min(a.told)));
  end if;
  return false;
end
$function$;

CREATE OR REPLACE FUNCTION staff.term_of(p_kind text, p_key text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
RETURN CASE WHEN (p_kind = ANY (ARRAY['customer'::text, 'order'::text, 'invoice'::text])) THEN NULLIF(replace(staff.fold_words(p_key), ' '::text, ''::text), ''::text) WHEN (p_kind = 'document'::text) THEN NULLIF(replace(staff.fold_words(substr(p_key, (strpos(p_key, ':'::text) + 1))), ' '::text, ''::text), ''::text) ELSE NULL::text END;

CREATE OR REPLACE FUNCTION staff.tick_items(p_publish uuid, p_items jsonb, p_ticked boolean)
 RETURNS TABLE(ticked integer)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
declare
  v_customers text[];
  v_items jsonb;
begin
  if coalesce((select s.is_service from staff.context() s), true) or staff.hold_publish(p_publish) is null then
    return query select 0;
    return;
  end if;
  perform staff.refresh_review(p_publish);
  -- What is ticked is what was looked at.
  if p_ticked and exists (
       select 1 from jsonb_array_elements(p_items) x
         join staff.reviewed_items r on r.publish_id = p_publish and r.kind = x->>0 and r.key = x->>1
        where r.file_sha256 is distinct from x->>2 or r.change <> x->>3) then
    return query select null::int;
    return;
  end if;
  select array_agg(distinct r.customer_key), jsonb_agg(jsonb_build_array(r.kind, r.key))
    into v_customers, v_items
    from staff.reviewed_items r
   where r.publish_id = p_publish
     and ((r.kind, r.key) in (select x->>0, x->>1 from jsonb_array_elements(p_items) x)) is true;
  if v_items is null then
    return query select 0;
    return;
  end if;
  update staff.publish_items i set ticked = p_ticked
    from jsonb_array_elements(v_items) x
   where i.publish_id = p_publish and i.kind = x->>0 and i.key = x->>1;
  perform staff.keep_review(p_publish, v_customers);
  perform staff.audit('item.ticked', 'publish', p_publish::text, jsonb_build_object('ticked', p_ticked, 'items', v_items));
  return query select jsonb_array_length(v_items);
end
$function$;

CREATE OR REPLACE FUNCTION staff.untell()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.untell_documents()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION staff.untick(p_org uuid, p_kinds text[], p_keys text[])
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  update staff.publish_items i set ticked = false
    from staff.publishes p
   where p.org_id = p_org and p.status = 'staged' and i.publish_id = p.id and i.ticked
     and (((i.kind, i.key) in (select k.kind, k.key from unnest(p_kinds, p_keys) k(kind, key))) is true
          or i.customer_key = ''
             and (i.order_key in (select k.key from unnest(p_kinds, p_keys) k(kind, key) where k.kind = 'order')) is true);
$function$;

CREATE OR REPLACE FUNCTION staff.wanted_drawn(p_org uuid, p_numbers text[])
 RETURNS TABLE(customer_id uuid, order_id uuid, kind text, number text, number_key text, dated_on date, held boolean, shown_at timestamp with time zone)
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
AS $function$
  select o.customer_id, o.id, 'order_confirmation', o.number, o.number_key, o.placed_on, false, o.first_shown_at
    from portal.orgs g
   cross join lateral (
      select x.* from portal.orders x where p_numbers is null and x.org_id = g.id
      union all
      select y.*
        from unnest(p_numbers) k(number_key)
       cross join lateral (
          select x.* from portal.orders x where x.org_id = g.id and x.number_key = k.number_key offset 0) y) o
    join portal.customers c on c.org_id = g.id and c.id = o.customer_id
    join staff.exposures e on e.org_id = g.id and e.customer_key = c.code_key
   where g.id = p_org and g.draws_confirmations
     and o.status is distinct from 'draft' and o.status is distinct from 'pending' and o.status is distinct from 'cancelled'
     and o.placed_on >= ((now() at time zone g.time_zone)::date - make_interval(months => g.order_window_months))::date
     and 'order_confirmation' = any (e.granted_kinds)
     and not exists (select 1 from portal.documents d
                      where d.org_id = g.id and d.order_id = o.id and d.kind = 'order_confirmation' and d.served <> 'drawn')
  union all
  select v.customer_id, v.order_id, v.kind, v.number, v.number_key, v.issued_on, v.held, now()
    from portal.orgs g
   cross join lateral (
      select x.* from portal.invoices x where p_numbers is null and x.org_id = g.id
      union all
      select y.*
        from unnest(p_numbers) k(number_key)
       cross join lateral (
          select x.* from portal.invoices x where x.org_id = g.id and x.number_key = k.number_key offset 0) y) v
    join portal.customers c on c.org_id = g.id and c.id = v.customer_id
    join staff.exposures e on e.org_id = g.id and e.customer_key = c.code_key
   where g.id = p_org and g.draws_invoice_copies
     -- A copy without its amounts would be no copy.
     and v.total is not null and v.kind = any (e.granted_kinds);
$function$;

CREATE OR REPLACE FUNCTION staff.wanted_exposure(p_org uuid, p_customers text[])
 RETURNS TABLE(customer_key text, kinds text[], fields text[])
 LANGUAGE sql
 STABLE ROWS 100
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select k.customer_key,
         coalesce(own.kinds, common.kinds, '{}'),
         coalesce(own.fields, common.fields, '{}')
    from unnest(p_customers) k(customer_key)
    left join staff.exposures own on own.org_id = p_org and own.customer_key = k.customer_key
    left join staff.exposures common on common.org_id = p_org and common.customer_key is null;
$function$;

CREATE OR REPLACE FUNCTION staff.was_shown(p_id uuid)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select coalesce(uuid_extract_timestamp(p_id) < date_trunc('milliseconds', now()), true);
$function$;

CREATE OR REPLACE FUNCTION staff.widen()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_org uuid;
  v_customers text[];
  v_kinds text[];
  v_keys text[];
begin
  for v_org, v_customers in
    select n.org_id, array_agg(n.customer_key)
      from now_so n
      join was_so w on w.id = n.id
     where (not n.granted_fields <@ coalesce(w.granted_fields, '{}') or not n.granted_kinds <@ coalesce(w.granted_kinds, '{}'))
       and exists (select 1 from portal.customers b where b.org_id = n.org_id and b.code_key = n.customer_key)
     group by n.org_id
  loop
    select array_agg(r.kind), array_agg(r.key) into v_kinds, v_keys
      from unnest(v_customers) k(customer_key)
     cross join lateral (
        select x.kind, x.key from staff.records x
         where x.org_id = v_org and x.customer_key = k.customer_key
           and x.kind not in ('customer', 'contact', 'shipment', 'tracking_event') offset 0) r;
    if v_kinds is not null then
      perform staff.project_live(v_org, v_kinds, v_keys, false);
    end if;
  end loop;
  return null;
end
$function$;

CREATE OR REPLACE FUNCTION staff.withdraw(p_publish uuid, p_customer text, p_document text, p_reason text)
 RETURNS TABLE(status text, told jsonb)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
declare
  me record;
  v_publish staff.publishes;
  v_part jsonb := jsonb_strip_nulls(jsonb_build_object('customer', p_customer, 'document', p_document));
  v_number text := substr(p_document, strpos(p_document, ':') + 1);
  v_at timestamptz;
  v_kinds text[];
  v_keys text[];
  v_customers text[];
  v_customer uuid;
  v_repeats uuid[];
  v_partly uuid[];
  v_repeated_in uuid[];
  v_repeat_kinds text[];
  v_repeat_keys text[];
  v_told jsonb;
  v_left bigint;
  v_is_all boolean;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service or me.role not in ('approver', 'owner') then
    perform staff.audit('request.refused', 'publish', p_publish::text, '{"code": "forbidden", "action": "publish.withdrawn"}');
    return query select 'forbidden', null::jsonb;
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended(me.org_id::text, 0));
  select * into v_publish from staff.publishes p where p.id = p_publish and p.org_id = me.org_id for update;
  if v_publish.id is null then
    return query select 'not_found', null::jsonb;
    return;
  end if;
  if v_publish.status not in ('approved', 'withdrawn') then
    return query select 'not_approved', null::jsonb;
    return;
  end if;
  select array_agg(i.kind) filter (where not i.withdrawn), array_agg(i.key) filter (where not i.withdrawn),
         array_agg(distinct i.customer_key)
    into v_kinds, v_keys, v_customers
    from staff.publish_items i
   where i.publish_id = p_publish and i.included and (p_customer is null or i.customer_key = p_customer)
     and (p_document is null or i.key in (p_document, v_number) and staff.covers(v_part, i.kind, i.key, i.customer_key));
  if v_customers is null
     or p_document is not null and not exists (
       select 1 from staff.publish_items i
        where i.publish_id = p_publish and i.included and i.kind = 'document' and i.key = p_document
          and i.customer_key = coalesce(p_customer, i.customer_key)) then
    return query select 'not_found', null::jsonb;
    return;
  end if;
  if v_publish.status = 'withdrawn' or v_kinds is null then
    return query select 'ok', jsonb_build_object('repeats', staff.named_publishes('{}'), 'sources', staff.named_publishes('{}'));
    return;
  end if;

  v_at := clock_timestamp();
  with told as materialized (
    select t.publish_id, t.kind, t.key, t.fate from staff.taken_back(p_publish, p_customer, p_document) t
     where t.fate in ('repeat', 'source')
  )
  select array_agg(t.publish_id) filter (where t.fate = 'repeat'), array_agg(t.kind) filter (where t.fate = 'repeat'),
         array_agg(t.key) filter (where t.fate = 'repeat'), array_agg(distinct t.publish_id) filter (where t.fate = 'repeat'),
         jsonb_build_object(
           'repeats', staff.named_publishes(array_agg(distinct t.publish_id) filter (where t.fate = 'repeat')),
           'sources', staff.named_publishes(array_agg(distinct t.publish_id) filter (
                        where t.fate = 'source' and t.kind not in ('customer', 'contact'))))
    into v_repeated_in, v_repeat_kinds, v_repeat_keys, v_repeats, v_told
    from told t;
  select c.id into v_customer from portal.customers c
   where v_part <> '{}' and c.org_id = me.org_id and c.code_key = v_customers[1];

  if v_part <> '{}' then
    update staff.publish_items i set withdrawn = true, taken_back_at = v_at
     where i.publish_id = p_publish and i.included and not i.withdrawn and (p_customer is null or i.customer_key = p_customer)
       and (p_document is null or i.key in (p_document, v_number) and staff.covers(v_part, i.kind, i.key, i.customer_key));
    select count(*) into v_left
      from staff.publish_items i where i.publish_id = p_publish and i.included and not i.withdrawn;
  end if;
  v_is_all := coalesce(v_left, 0) = 0;

  if v_repeats is not null then
    -- Where nothing else is left, the publish says it for its items. An order or a customer that is only named is
    -- nothing that is left.
    select array_agg(n.publish_id) into v_partly
      from (select r.publish_id, count(*) as items from unnest(v_repeated_in) r(publish_id) group by r.publish_id) n
     where n.items < (
       select count(*) from staff.publish_items i
        where i.publish_id = n.publish_id and i.included and not i.withdrawn
          and (i.kind not in ('customer', 'order') or i.fields - '{customer_code,order_number}'::text[] <> '{}'));
    update staff.publish_items i set withdrawn = true, taken_back_at = v_at
      from unnest(v_repeated_in, v_repeat_kinds, v_repeat_keys) r(publish_id, kind, key)
     where r.publish_id = any (v_partly) and i.publish_id = r.publish_id and i.kind = r.kind and i.key = r.key;
    with gone as (
      update staff.publishes p
         set status = case when n.is_left then p.status else 'withdrawn' end,
             withdrawn_by = case when not n.is_left then me.member_id end,
             withdrawn_at = case when not n.is_left then v_at end,
             summary = coalesce(p.summary, '{}') || jsonb_build_object('withdrawals',
               coalesce(p.summary->'withdrawals', '[]') || jsonb_build_array(v_part || jsonb_build_object(
                 'at', v_at, 'by', me.member_id, 'reason', p_reason, 'items', n.items, 'with', p_publish)))
        from (select r.publish_id, count(*) as items, coalesce(r.publish_id = any (v_partly), false) as is_left
                from unnest(v_repeated_in) r(publish_id) group by r.publish_id) n
       where p.id = n.publish_id
      returning p.id, n.is_left, n.items
    )
    select count(staff.audit(case when g.is_left then 'publish.part_withdrawn' else 'publish.withdrawn' end, 'publish', g.id::text,
                             v_part || jsonb_build_object('reason', p_reason, 'items', g.items, 'with', p_publish),
                             v_customer)::text)
      into v_left from gone g;
  end if;

  update staff.publishes p
     set status = case when v_is_all then 'withdrawn' else p.status end,
         withdrawn_by = case when v_is_all then me.member_id end,
         withdrawn_at = case when v_is_all then v_at end,
         summary = coalesce(p.summary, '{}') || jsonb_build_object('withdrawals',
           coalesce(p.summary->'withdrawals', '[]') || jsonb_build_array(v_part || jsonb_build_object(
             'at', v_at, 'by', me.member_id, 'reason', p_reason, 'items', cardinality(v_kinds))))
   where p.id = p_publish;
  perform staff.project(me.org_id, v_kinds, v_keys);
  -- What is staged may be nobody's now, or under another name, and is compared with what is left.
  update staff.publishes p set unprepared = true, review_stale = true
   where p.org_id = me.org_id and p.status = 'staged' and not (p.unprepared and p.review_stale);
  if staff.has_ticks(me.org_id) then
    perform staff.untick(me.org_id, v_kinds || v_repeat_kinds, v_keys || v_repeat_keys);
  end if;
  perform staff.audit(case v_part when '{}' then 'publish.withdrawn' else 'publish.part_withdrawn' end, 'publish', p_publish::text,
                      v_part || jsonb_build_object('reason', p_reason, 'items', cardinality(v_kinds))
                        || case when v_repeats is null then '{}' else jsonb_build_object('repeats', to_jsonb(v_repeats)) end,
                      v_customer);
  return query select 'ok', v_told;
end
$function$;

CREATE OR REPLACE FUNCTION staff.withdrawn_at(p_summary jsonb, p_kind text, p_key text, p_customer text)
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE
 SET search_path TO 'pg_catalog', 'pg_temp'
AS $function$
  select min((w->>'at')::timestamptz)
    from jsonb_array_elements(coalesce(p_summary->'withdrawals', '[]')) w
   where staff.covers(w, p_kind, p_key, p_customer);
$function$;

CREATE OR REPLACE FUNCTION staff.withdrawn_before(p_org uuid, p_keys text[])
 RETURNS TABLE(key text, at timestamp with time zone)
 LANGUAGE sql
 STABLE ROWS 10
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_nestloop TO 'on'
AS $function$
  with gone as materialized (
    select i.key from staff.publish_items i where i.org_id = p_org and i.kind = 'document' and i.withdrawn
    union
    select i.key
      from (select p.id from staff.publishes p where p.org_id = p_org and p.status = 'withdrawn' offset 0) p
      join staff.publish_items i on i.publish_id = p.id and i.kind = 'document' and i.included
  )
  select n.key, n.at
    from (select distinct on (i.key) i.key, i.withdrawn or p.status = 'withdrawn' as is_withdrawn,
                 case when i.withdrawn then coalesce(i.taken_back_at, staff.withdrawn_at(p.summary, i.kind, i.key, i.customer_key))
                      else p.withdrawn_at end as at
            from unnest(p_keys) k(key)
            join staff.publish_items i on i.org_id = p_org and i.kind = 'document' and i.key = k.key and i.included
            join staff.publishes p on p.id = i.publish_id and p.status in ('approved', 'withdrawn')
           -- Hashed, since it is no join.
           where (k.key in (select g.key from gone g)) is true
           order by i.key, p.decided_at desc, p.id desc) n
   where n.is_withdrawn;
$function$;

CREATE OR REPLACE FUNCTION staff.write_defaults()
 RETURNS trigger
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'pg_temp'
 SET plan_cache_mode TO 'force_generic_plan'
 SET enable_seqscan TO 'off'
AS $function$
declare
  v_known jsonb;
  v_currency text;
  v_locale text;
begin
  -- An order that only says where it stands has no amounts.
  if new.kind = 'contact' or new.fields ?| array['order_subtotal', 'order_tax', 'order_shipping', 'order_total',
                                                 'net', 'tax', 'total', 'payment_amount'] then
    select r.fields into v_known from staff.records r where r.org_id = new.org_id and r.kind = new.kind and r.key = new.key;
    select g.currency, g.locale into v_currency, v_locale from portal.orgs g where g.id = new.org_id;
    new.fields := staff.filled_in(new.kind, new.fields, v_known, v_currency, v_locale);
  end if;
  return new;
end
$function$;
