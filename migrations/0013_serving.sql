-- Serving: who takes which document, its stamp, and what is said when its bytes are gone.
set local role counterfoil_owner;
--> statement-breakpoint
drop function portal.enter(bytea, text, text);
--> statement-breakpoint
-- Statement 1 of every customer request. Checks the credential, counts it, writes the audit event
-- (unless p_action is null: then a later statement writes its own) and opens the context. It never
-- raises, since a raise would undo the count and the audit of the refusal; the context of a refused
-- request stays closed, so the statements after it see nothing. p_continues names the document of a
-- request that may belong to an earlier taking (a HEAD, a further range, a question whether a copy is
-- still good): where this session has taken these bytes, and p_copy, when given, is that copy's ETag, the
-- request is not counted, up to 500 times a copy. What we draw is drawn anew for every request, so each
-- is a taking. Called by asCustomer.
create function portal.enter(p_credential bytea, p_action text, p_request text, p_continues uuid default null,
                             p_taken_as text default null, p_copy text default null)
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
-- The stamp that this session already has on these bytes, taken in this way: the one that is named, else
-- the newest. Called by take_document.
create function portal.stamp_of(p_document uuid, p_taken_as text, p_object text, p_copy text)
returns table (reference text, at timestamptz, link_last4 text)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select s.reference, s.at, l.last4
    from portal.context() c
    join staff.stamps s on s.link_id = c.link_id and s.document_id = p_document
    join staff.access_links l on l.id = c.link_id
   where s.session_id is not distinct from c.session_id and s.taken_as = p_taken_as
     and s.object_sha256 = p_object and s.at > now() - interval '12 hours'
     and (p_copy is null or left(s.object_sha256, 32) || '-' || s.reference = p_copy)
   order by s.at desc, s.id desc
   limit 1;
$$;
--> statement-breakpoint
-- Notes that the customer of the open context takes some of their own documents: a stamp for each and,
-- with the same reference, its event. A reference is 64 random bits, written to be typed from paper.
-- Called by take_document and take_documents, with ids that they found under the customer's policies.
create function portal.note_taken(p_documents uuid[], p_taken_as text)
returns table (document_id uuid, reference text, at timestamptz, link_last4 text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
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
$$;
--> statement-breakpoint
-- What a drawn document is drawn from: rows that the customer may see, and no more. Null for a document
-- that has a file. Runs as the customer. Called by take_document and take_documents.
create function portal.drawing(p_document uuid)
returns jsonb
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object(
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
                                     'paid', v.paid::text) end,
           'lines', case when d.kind = 'order_confirmation' then (
             select coalesce(jsonb_agg(jsonb_build_object(
                      'itemCode', l.item_code, 'description', l.description, 'quantity', l.quantity::text, 'unit', l.unit,
                      'unitPrice', m.unit_price::text, 'taxRate', m.tax_rate::text, 'total', m.total::text) order by l.line_number), '[]')
               from portal.order_lines l left join portal.order_line_amounts m on m.line_id = l.id
              where l.order_id = d.order_id) else '[]' end,
           'asOf', to_json(d.shown_at) #>> '{}')
    from portal.documents d
    join portal.orgs g on true
    join portal.customers b on b.id = d.customer_id
    left join portal.orders o on o.id = d.order_id
    left join portal.order_amounts a on a.order_id = d.order_id
    left join portal.invoices v on d.kind in ('invoice', 'credit_note') and v.number_key = d.number_key
   where d.id = p_document and d.served = 'drawn';
$$;
--> statement-breakpoint
drop function portal.take_document(uuid, uuid, text, boolean);
--> statement-breakpoint
-- The visible document and, in the same transaction, the event that it was taken, with the stamp that
-- goes on this copy. Runs as the customer, so the policy on documents is the check: hidden, withdrawn,
-- foreign and unknown are all no row. p_order, when given, must be the document's order. p_how: `take`;
-- `continue` (a further range, or a copy that names its reference) gives the stamp that this session
-- has, or takes; `look` (HEAD) writes nothing. Called by asCustomer.
create function portal.take_document(p_document uuid, p_order uuid, p_disposition text, p_how text, p_copy text)
returns table (
  id uuid, org_id uuid, kind text, number text, file_name text, served text,
  object_sha256 text, object_size bigint, slot_offset bigint, slot_length int,
  reference text, stamped_at timestamptz, link_last4 text, customer_name text, taken boolean, drawing jsonb
)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  d record;
  s record;
  v_taken boolean := false;
begin
  select x.*, b.name as customer_name into d
    from portal.documents x join portal.customers b on b.id = x.customer_id
   where x.id = p_document
     and (p_order is null or (x.order_id = p_order and exists (select 1 from portal.orders o where o.id = p_order)));
  if d.id is null then
    perform portal.audit('request.refused', 'document', p_document::text, '{"code": "not_found"}');
    return;
  end if;
  -- No row of it is asked for a plain taking; an unassigned record may not even be compared.
  select * into s from portal.stamp_of(case when p_how <> 'take' then d.id end, p_disposition, d.object_sha256, p_copy);
  if p_how = 'take' or (p_how = 'continue' and s.reference is null) then
    select * into s from portal.note_taken(array[d.id], p_disposition);
    v_taken := true;
  end if;
  return query
    select d.id, d.org_id, d.kind, d.number, d.file_name, d.served,
           d.object_sha256, d.object_size, d.slot_offset, d.slot_length,
           s.reference, s.at, s.link_last4, d.customer_name, v_taken, portal.drawing(d.id);
end
$$;
--> statement-breakpoint
-- As take_document, for all of an order's documents or a filtered set of the customer's own, as one ZIP.
-- More than p_max_documents, or p_max_bytes in all, is one row that says so, and nothing is taken; so is
-- a look (HEAD). Called by asCustomer.
create function portal.take_documents(p_order uuid, p_kinds text[], p_from date, p_to date,
                                      p_max_documents int, p_max_bytes bigint, p_look boolean)
returns table (
  status text, documents int, bytes bigint,
  id uuid, org_id uuid, kind text, number text, dated_on date, order_number text, file_name text, served text,
  object_sha256 text, object_size bigint, slot_offset bigint, slot_length int, head_crc bigint, tail_crc bigint,
  reference text, stamped_at timestamptz, link_last4 text, customer_name text, drawing jsonb
)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
declare
  v_ids uuid[];
  v_bytes bigint;
  v_status text;
begin
  select array_agg(x.id), coalesce(sum(x.object_size), 0) into v_ids, v_bytes
    from (select d.id, d.object_size from portal.documents d
           where (p_order is null or (d.order_id = p_order and exists (select 1 from portal.orders o where o.id = p_order)))
             and (p_kinds is null or d.kind = any (p_kinds))
             and (p_from is null or coalesce(d.dated_on, d.shown_at::date) >= p_from)
             and (p_to is null or coalesce(d.dated_on, d.shown_at::date) <= p_to)
           limit p_max_documents + 1) x;
  v_status := case when v_ids is null then 'none'
                   when cardinality(v_ids) > p_max_documents then 'too_many'
                   when v_bytes > p_max_bytes then 'too_large'
                   else 'ok' end;
  if v_status <> 'ok' then
    perform portal.audit('request.refused', case when p_order is null then 'documents' else 'order' end, p_order::text,
                         jsonb_build_object('code', v_status));
  end if;
  return query
    with taken as materialized (
      select t.* from portal.note_taken(v_ids, 'zip') t where v_status = 'ok' and not p_look
    )
    select v_status, cardinality(v_ids), v_bytes,
           d.id, d.org_id, d.kind, d.number, d.dated_on, o.number, d.file_name, d.served,
           d.object_sha256, d.object_size, d.slot_offset, d.slot_length, d.head_crc, d.tail_crc,
           t.reference, t.at, t.link_last4, b.name, portal.drawing(d.id)
      from (select 1) one
      left join portal.documents d on v_status = 'ok' and d.id = any (v_ids)
      left join portal.customers b on b.id = d.customer_id
      left join portal.orders o on o.id = d.order_id
      left join taken t on t.document_id = d.id
     order by coalesce(d.dated_on, d.shown_at::date) desc, d.kind, d.number_key;
end
$$;
--> statement-breakpoint
-- Says that a live document's bytes are missing or damaged, unless that is already being said. An upload
-- of the same file then stores it, and makes its rendition, anew. Called by note_missing and
-- report_objects.
create function staff.raise_alert(p_org uuid, p_kind text, p_document uuid)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
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
$$;
--> statement-breakpoint
-- A live document whose bytes are not there: told to staff, once until they settle it, and to the audit
-- trail. The one further statement of a request that found it out. Called by asCustomer.
create function portal.note_missing(p_credential bytea, p_document uuid, p_request text)
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
  perform staff.raise_alert(c.org_id, 'document_missing', d.id)
     from portal.documents d where d.org_id = c.org_id and d.customer_id = c.customer_id and d.id = p_document;
  perform audit.append(c.org_id, 'customer', c.link_id, c.customer_id, c.contact_id, 'document.missing', 'document', p_document::text);
end
$$;
--> statement-breakpoint
reset role;
