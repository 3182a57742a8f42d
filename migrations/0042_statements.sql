-- Statements of account: what was owed, what moved, what is owed, and how old that is; each month's as a document.
set local role counterfoil_owner;
--> statement-breakpoint
-- A customer's account between two days, both included: one block a currency, as JSON; amounts are decimal text.
--
-- What moves it. An invoice is a debit on its own day; a credit note is a credit (a supplier writes it with a
-- minus or without); a payment is a credit on the day it was paid. What a paper's row says was paid counts
-- only for one that no payment names: as a movement `paid` on the invoice's own day, since nobody says another;
-- what was given back on a credit note is a movement `refunded`. A negative amount stands on the other side. A
-- paper without a day counts from the beginning: it is in every opening balance, and `undated` says how many.
--
-- What is open at the end is portal.items_of's. What is open below zero is `unallocated`. Days past due are
-- counted to the last day, by the due date; without one an invoice is current.
--
-- A currency with a paper whose total is not shown is left out, and named; all are where nothing says what was
-- paid. Withheld papers (of an order that is a draft or pending) do not count; the windows that hide orders
-- never hide money.
--
-- Movements and open items are summed apart and must agree: where they do not, this raises CF070.
-- Called by portal.statement and by the jobs, which have proved whose account it is, as the owner.
create function staff.statement_of(p_org uuid, p_customer uuid, p_from date, p_to date, p_links boolean)
returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp
-- Days are told as texts.
set datestyle = 'ISO'
-- As in items_of.
set enable_nestloop = off
as $$
declare
  v_blocks json;
  v_left_out json;
  v_broken text;
  v_tells_paid boolean := staff.tells_paid(p_org, p_customer);
begin
  with papers as materialized (
    select i.id, i.kind, i.number, i.number_key, i.issued_on as day, i.due_on, i.currency, i.total,
           coalesce(i.paid, 0) as paid, i.credits_key
      from portal.invoices i
     where i.org_id = p_org and i.customer_id = p_customer and not i.held
  ), left_out as materialized (
    select p.currency from papers p where p.currency is not null and (p.total is null or not v_tells_paid)
    union
    select y.currency from portal.payments y where y.org_id = p_org and y.customer_id = p_customer and not v_tells_paid
  ), shown as materialized (
    select p.* from papers p
     where p.currency is not null and p.currency not in (select l.currency from left_out l)
  ), payments as (
    select y.id, y.number, y.number_key, y.paid_on as day, y.currency, y.amount, coalesce(y.reference, y.method) as reference
      from portal.payments y
     where y.org_id = p_org and y.customer_id = p_customer and y.currency not in (select l.currency from left_out l)
  ), own as materialized (
    select i.*, case i.kind when 'credit_note' then -abs(i.total) else i.total end as amount,
           case when i.number_key in (select a.invoice_key from portal.payment_allocations a
                                       where a.org_id = p_org and a.customer_id = p_customer) then 0
                when i.kind = 'credit_note' then abs(i.paid)
                else -i.paid end as settled
      from shown i
  ), placed as (
    select o.id, o.kind, o.number, o.number_key, o.day, o.due_on, o.currency, o.amount, o.settled,
           null::text as credits, null::date as under_day, null::text as under_key
      from own o where o.kind = 'invoice'
    union all
    -- A credit note stands under the invoice that it reduces, where both are of the period.
    select o.id, o.kind, o.number, o.number_key, o.day, o.due_on, o.currency, o.amount, o.settled, w.number,
           case when x.is_under then w.day end, case when x.is_under then w.number_key end
      from own o
      left join own w on w.kind = 'invoice' and w.number_key = o.credits_key
     cross join lateral (select w.currency = o.currency and w.day between p_from and p_to as is_under) x
     where o.kind = 'credit_note'
  ), movements as materialized (
    select o.day, o.kind, o.id, o.number, o.credits as reference, o.due_on, o.currency, o.amount,
           coalesce(o.under_day, o.day) as at_day, case when o.under_key is null and o.kind = 'credit_note' then 2 else 1 end as at_rank,
           coalesce(o.under_key, o.number_key) as at_key, o.under_key is not null as is_under, o.number_key as own_key, 0 as step
      from placed o
    union all
    select o.day, case o.kind when 'invoice' then 'paid' else 'refunded' end, o.id, o.number, null, null, o.currency, o.settled,
           coalesce(o.under_day, o.day), case when o.under_key is null and o.kind = 'credit_note' then 2 else 1 end,
           coalesce(o.under_key, o.number_key), o.under_key is not null, o.number_key, 1
      from placed o where o.settled <> 0
    union all
    select y.day, 'payment', y.id, y.number, y.reference, null, y.currency, -y.amount, y.day, 3, y.number_key, false, y.number_key, 0
      from payments y
  ), sums as (
    select m.currency,
           coalesce(sum(m.amount) filter (where m.day is null or m.day < p_from), 0) as opening,
           coalesce(sum(m.amount) filter (where m.day between p_from and p_to and m.amount > 0), 0) as debits,
           coalesce(-sum(m.amount) filter (where m.day between p_from and p_to and m.amount < 0), 0) as credits,
           coalesce(sum(m.amount) filter (where m.day is null or m.day <= p_to), 0) as closing,
           count(*) filter (where m.day is null and m.step = 0) as undated
      from movements m
     group by m.currency
  ), open_items as (
    -- Told apart from the movements, so that one is a check of the other.
    select x.currency, x.open as amount, case when x.kind = 'invoice' then x.due_on end as due_on
      from portal.items_of(p_org, p_customer, true, p_to) x
     where x.currency not in (select l.currency from left_out l)
  ), aged as (
    select i.currency, sum(i.amount) as total,
           coalesce(sum(i.amount) filter (where i.amount < 0), 0) as unallocated,
           coalesce(sum(i.amount) filter (where i.amount > 0 and (i.due_on is null or i.due_on >= p_to)), 0) as current,
           coalesce(sum(i.amount) filter (where i.amount > 0 and p_to - i.due_on between 1 and 30), 0) as to_30,
           coalesce(sum(i.amount) filter (where i.amount > 0 and p_to - i.due_on between 31 and 60), 0) as to_60,
           coalesce(sum(i.amount) filter (where i.amount > 0 and p_to - i.due_on between 61 and 90), 0) as to_90,
           coalesce(sum(i.amount) filter (where i.amount > 0 and p_to - i.due_on between 91 and 120), 0) as to_120,
           coalesce(sum(i.amount) filter (where i.amount > 0 and p_to - i.due_on > 120), 0) as over_120
      from open_items i
     group by i.currency
  ), listed as (
    select m.*, s.opening + sum(m.amount) over w as balance, row_number() over w as place, lead(true) over w is null as is_last
      from movements m join sums s on s.currency = m.currency
     where m.day between p_from and p_to
    window w as (partition by m.currency order by m.at_day, m.at_rank, m.at_key, m.is_under, m.day, m.own_key, m.step
                 rows unbounded preceding)
  ), rows as (
    -- Texts in a fixed order (MovementRow): of thousands, objects take twice the time and twice the bytes.
    select l.currency, count(*) as movements, max(l.balance) filter (where l.is_last) as balance,
           array_to_json(array_agg(
             array[l.day::text, l.kind, l.number, l.reference, l.due_on::text, l.amount::text, l.balance::text,
                   case when l.is_under then 'under' end, d.id::text] order by l.place)) as rows
      from listed l
      left join portal.documents d on p_links and l.step = 0 and l.kind in ('invoice', 'credit_note')
       and d.org_id = p_org and d.customer_id = p_customer and d.kind = l.kind and d.number_key = l.own_key and not d.held
     group by l.currency
  ), blocks as (
    select s.*, a.total, a.unallocated, a.current, a.to_30, a.to_60, a.to_90, a.to_120, a.over_120, r.rows, r.balance
      from sums s
      left join aged a on a.currency = s.currency
      left join rows r on r.currency = s.currency
     where r.movements > 0 or s.opening <> 0 or s.closing <> 0 or coalesce(a.total, 0) <> 0
  )
  select json_agg(json_build_object(
           'currency', b.currency, 'opening', b.opening::numeric(20, 2)::text, 'debits', b.debits::numeric(20, 2)::text,
           'credits', b.credits::numeric(20, 2)::text, 'closing', b.closing::numeric(20, 2)::text, 'undated', b.undated,
           'aging', json_build_object(
             'current', coalesce(b.current, 0)::numeric(20, 2)::text, 'to30', coalesce(b.to_30, 0)::numeric(20, 2)::text,
             'to60', coalesce(b.to_60, 0)::numeric(20, 2)::text, 'to90', coalesce(b.to_90, 0)::numeric(20, 2)::text,
             'to120', coalesce(b.to_120, 0)::numeric(20, 2)::text, 'over120', coalesce(b.over_120, 0)::numeric(20, 2)::text,
             'unallocated', coalesce(b.unallocated, 0)::numeric(20, 2)::text),
           'movements', coalesce(b.rows, '[]')) order by b.currency),
         min(b.currency) filter (where b.closing is distinct from b.opening + b.debits - b.credits
                                    or b.closing is distinct from coalesce(b.total, 0)
                                    or b.closing is distinct from coalesce(b.current + b.to_30 + b.to_60 + b.to_90
                                                                           + b.to_120 + b.over_120 + b.unallocated, 0)
                                    or b.balance <> b.closing),
         (select coalesce(json_agg(l.currency order by l.currency), '[]') from left_out l)
    into v_blocks, v_broken, v_left_out
    from blocks b;
  if v_broken is not null then
    raise exception 'a statement does not tie out'
      using errcode = 'CF070', detail = concat_ws(' ', p_from, p_to, v_broken);
  end if;
  return json_build_object('from', p_from, 'to', p_to, 'blocks', coalesce(v_blocks, '[]'), 'leftOut', v_left_out);
end
$$;
--> statement-breakpoint
-- The account of the customer whose context is open; null through a link without financials, and for a customer
-- that is not shown the kind `statement`. Called by take_statement and drawn_statement.
create function portal.statement(p_from date, p_to date)
returns json
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
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
$$;
--> statement-breakpoint
-- Whose paper a statement is: what its letterhead says. Runs as the customer. Called by take_statement and
-- drawn_statement.
create function portal.letterhead()
returns jsonb
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select jsonb_build_object(
           'supplier', jsonb_build_object('name', g.name, 'address', g.address, 'contactEmail', g.contact_email,
                                          'contactPhone', g.contact_phone, 'colour', g.colour),
           'orgCode', g.code, 'hasLogo', g.has_logo,
           'customer', jsonb_build_object('name', b.name, 'code', b.code, 'taxId', b.tax_id, 'country', b.country),
           'language', (select c.language from portal.contacts c limit 1),
           'asOf', to_json(coalesce(g.published_at, now())) #>> '{}')
    from portal.orgs g, portal.customers b;
$$;
--> statement-breakpoint
-- A stamp for a statement that is drawn for a period of its customer's own choice: it is no document, so the
-- stamp's is an id that nothing has. Called by take_statement, whose own context proves whose it is.
create function portal.stamp_statement(p_number text)
returns table (reference text, at timestamptz, link_last4 text)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
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
$$;
--> statement-breakpoint
-- The statement of a period with its event: p_as `view`, `csv` or `pdf` (stamped); `head` writes none. A period that
-- is left open is the month so far, in the supplier's time zone. No row where portal.statement is null. Runs as the
-- customer. Called by asCustomer.
create function portal.take_statement(p_from date, p_to date, p_as text)
returns table (statement json, today date, as_of text, drawing jsonb, reference text, stamped_at timestamptz, link_last4 text)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
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
$$;
--> statement-breakpoint
-- What a statement that is a document is drawn from: its period's account as it is now. Null for any other
-- document. Runs as the customer. Called by drawing.
create function portal.drawn_statement(p_document uuid)
returns jsonb
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
  select portal.letterhead() || jsonb_build_object(
           'kind', 'statement', 'number', d.number, 'statement', portal.statement(s.from_day, s.to_day))
    from portal.documents d
    join portal.statements s on s.document_id = d.id
   where d.id = p_document and d.served = 'drawn' and d.kind = 'statement';
$$;
--> statement-breakpoint
-- As it was, and of a statement its account: rows that the customer may see, and no more. Null for a document
-- that has a file. Runs as the customer. Called by take_document and take_documents.
create or replace function portal.drawing(p_document uuid)
returns jsonb
language sql volatile
set search_path = pg_catalog, pg_temp
as $$
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
                                     'paid', v.paid::text) end,
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
$$;
--> statement-breakpoint
-- Says that a customer's statement does not tie out, unless that is already being said. Called by
-- note_broken_statement and the jobs, as the owner.
create function staff.raise_broken_statement(p_org uuid, p_customer uuid, p_detail text)
returns void
language sql
set search_path = pg_catalog, pg_temp
as $$
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
$$;
--> statement-breakpoint
-- A statement that did not tie out was refused to its customer: told to staff, once until they settle it.
-- Beside refuse, in the one further statement of a request whose batch failed. Called by asCustomer.
create function portal.note_broken_statement(p_credential bytea, p_detail text, p_request text)
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
  if c.link_id is null or not c.financials then
    return;
  end if;
  perform set_config('counterfoil.org', c.org_id::text, true);
  perform staff.raise_broken_statement(c.org_id, c.customer_id, left(p_detail, 40));
end
$$;
--> statement-breakpoint
-- What a statement's figures come to, in one text: another text is another statement. Called by the jobs.
create function staff.statement_digest(p_statement json)
returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $$ select encode(sha256(convert_to(p_statement::text, 'UTF8')), 'hex') $$;
--> statement-breakpoint
-- Last month's statements of an org that sends them, for the customers behind p_after, p_limit of them: where
-- it is the 1st, from 06:00 on in the org's time zone (or one of the two days after it, when nothing ran), for
-- each customer that is shown the kind and had movements, or owes or is owed. One that is there is not made
-- again, however many ask at once. Gives the last customer that was looked at, null behind the last, and how
-- many were made. Called by the job draw-statements.
create function staff.draw_statements(p_org uuid, p_at timestamptz, p_after uuid, p_limit int)
returns table (last uuid, drawn int)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
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
$$;
--> statement-breakpoint
-- Compares the statements that are there, of the last 13 months, with what their figures come to now: one that
-- differs is another statement since today, and says so. The newest first, since a run has an end: those behind
-- p_after (a `last` of before), p_limit of them. Called by the job check-statements.
create function staff.check_statements(p_org uuid, p_after text, p_limit int)
returns table (last text, redrawn int)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
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
$$;
--> statement-breakpoint
-- A customer that is shown statements no more keeps none: what we drew goes at once.
create function staff.take_back_statements()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  delete from portal.documents d
   using portal.customers b
   where b.org_id = new.org_id and b.code_key = new.customer_key and d.org_id = new.org_id and d.customer_id = b.id
     and d.kind = 'statement' and d.served = 'drawn';
  return null;
end
$$;
--> statement-breakpoint
create trigger exposures_take_back_statements after update of granted_kinds on staff.exposures
  for each row when ('statement' = any (old.granted_kinds) and not coalesce('statement' = any (new.granted_kinds), false))
  execute function staff.take_back_statements();
--> statement-breakpoint
-- As it was, for alerts that are about mail, a carrier or a statement too.
create or replace function staff.resolve_alert(p_alert uuid)
returns table (id uuid)
language sql security definer
set search_path = pg_catalog, pg_temp
as $$
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
$$;
--> statement-breakpoint
revoke all on function
  staff.statement_of(uuid, uuid, date, date, boolean), portal.statement(date, date), portal.letterhead(),
  portal.stamp_statement(text), portal.take_statement(date, date, text), portal.drawn_statement(uuid),
  staff.raise_broken_statement(uuid, uuid, text), portal.note_broken_statement(bytea, text, text),
  staff.statement_digest(json), staff.draw_statements(uuid, timestamptz, uuid, int),
  staff.check_statements(uuid, text, int), staff.take_back_statements()
  from public;
--> statement-breakpoint
grant execute on function
  portal.statement(date, date), portal.letterhead(), portal.stamp_statement(text), portal.take_statement(date, date, text),
  portal.drawn_statement(uuid), portal.note_broken_statement(bytea, text, text)
  to counterfoil_customer;
--> statement-breakpoint
grant execute on function
  staff.draw_statements(uuid, timestamptz, uuid, int), staff.check_statements(uuid, text, int)
  to counterfoil_system;
--> statement-breakpoint
reset role;
