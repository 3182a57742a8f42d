-- What is open: every invoice, credit note and payment of a customer with what is left of it, told in one place.
set local role counterfoil_owner;
--> statement-breakpoint
-- Every invoice, credit note and payment of a customer, with what is left of it. The home, the invoices, the
-- statement and the balance are all sums of these rows, so that they tie out to the cent:
--   amount    what it changes what is owed by: an invoice's total, a credit note's and a payment's below zero.
--             A supplier writes what it credits with a minus or without: both mean the same.
--   paid      what payments take off it. Where a payment's part names the invoice, these parts count and nothing
--             else; the row's own paid column counts only where none does. A part that names a credit note was
--             paid back or offset, and is below zero as its total is. Of a payment: what went to invoices.
--   credited  what credit notes take off an invoice; below zero, what a credit note gave to its invoice. A note
--             goes to the invoice that it names up to what payments left open there, the earlier note first; the
--             rest of it, and a note that names no invoice shown or one in another currency, stays open.
--   open      amount - paid - credited. Below zero is credit: an invoice paid beyond its total, the rest of a
--             credit note, or of a payment what names no invoice that is shown in the payment's currency. Money
--             that names an invoice of another currency is never converted: it stays open in its own.
-- Sums are for one currency each. An invoice whose total is not shown has no amount and nothing open: it is in
-- the rows, and in no sum; what was paid on it is not credit. One without a currency takes nothing: money that
-- names it stays open. Where neither what invoices say was paid nor
-- payments are shown (p_tells_paid false), nothing is known to be open: paid, credited, open and status are null.
-- The windows hide orders, never money. What is held (its order is draft or pending) is not owed yet.
--   status    credited: credit notes took all of it. paid: nothing is left. overdue: something is, and its due
--             day is before today in the org's zone; without a due day it never is. Else open. A credit note is
--             open while some of it is, and then credited; a payment open while some of it names nothing, then paid.
--   days_late of what is overdue.
-- p_until: as of the end of that day, of what is dated up to it; null: of all there is, as of today. What bears
-- no date counts always. Policies hold as for whoever calls: portal.open_items for a customer, and statements.
create function portal.items_of(p_org uuid, p_customer uuid, p_tells_paid boolean, p_until date)
returns table (
  kind text, id uuid, number text, number_key text, on_day date, due_on date, currency text,
  order_id uuid, credits_key text,
  amount numeric, paid numeric, credited numeric, open numeric, status text, days_late int
)
language sql stable
set search_path = pg_catalog, pg_temp
-- Nobody knows how many rows a customer's own are: a loop over thousands times thousands takes minutes.
set enable_nestloop = off
as $$
  with today as materialized (
    select coalesce(p_until, (now() at time zone o.time_zone)::date) as day from portal.orgs o where o.id = p_org
  ), billed as materialized (
    select i.kind, i.id, i.number, i.number_key, i.issued_on, i.due_on, i.currency, i.order_id, i.credits_key, i.total,
           case i.kind when 'credit_note' then -abs(i.total) else i.total end as amount,
           case i.kind when 'credit_note' then -abs(i.paid) else i.paid end as told
      from portal.invoices i
     where i.org_id = p_org and i.customer_id = p_customer and not i.held
       and (p_until is null or i.issued_on is null or i.issued_on <= p_until)
  ), money as materialized (
    select m.id, m.number, m.number_key, m.paid_on, m.currency, m.amount
      from portal.payments m
     where m.org_id = p_org and m.customer_id = p_customer and (p_until is null or m.paid_on <= p_until)
  ), allocated as materialized (
    select a.payment_id, a.invoice_key,
           case when b.kind = 'credit_note' then -abs(a.amount) else a.amount end as amount,
           coalesce(b.currency = m.currency, false) as applies
      from portal.payment_allocations a
      join money m on m.id = a.payment_id
      left join billed b on b.number_key = a.invoice_key
     where a.org_id = p_org and a.customer_id = p_customer
  ), settled as materialized (
    -- Whether a payment names it does not depend on the day: else what its row says was paid would be owed again
    -- on the day that the payment came.
    select b.*, coalesce(s.amount, case when b.number_key not in (
             select a.invoice_key from portal.payment_allocations a where a.org_id = p_org and a.customer_id = p_customer)
             then b.told end, 0) as settled
      from billed b
      left join (
        select a.invoice_key, coalesce(sum(a.amount) filter (where a.applies), 0) as amount
          from allocated a group by a.invoice_key) s on s.invoice_key = b.number_key
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
           s.amount, s.settled as paid,
           case s.kind when 'credit_note' then -coalesce(g.amount, 0) else coalesce(t.amount, 0) end as credited
      from settled s
      left join given g on g.id = s.id
      left join (select x.invoice_id, sum(x.amount) as amount from given x group by x.invoice_id) t on t.invoice_id = s.id
    union all
    select 'payment', m.id, m.number, m.number_key, m.paid_on, null, m.currency, null, null,
           -m.amount, -coalesce(a.amount, 0), 0
      from money m
      left join (
        select x.payment_id, sum(x.amount) filter (where x.applies) as amount
          from allocated x group by x.payment_id) a on a.payment_id = m.id
  ), told as (
    select x.kind, x.id, x.number, x.number_key, x.on_day, x.due_on, x.currency, x.order_id, x.credits_key, x.amount,
           case when p_tells_paid and x.amount is not null then x.paid end as paid,
           case when p_tells_paid and x.amount is not null then x.credited end as credited,
           case when p_tells_paid then x.amount - x.paid - x.credited end as open
      from items x
  )
  select x.kind, x.id, x.number, x.number_key, x.on_day, x.due_on, x.currency, x.order_id, x.credits_key,
         x.amount, x.paid, x.credited, x.open,
         case when x.open is null then null
              when x.kind = 'credit_note' then case when x.open < 0 then 'open' else 'credited' end
              when x.kind = 'payment' then case when x.open < 0 then 'open' else 'paid' end
              when x.open <= 0 and x.credited > 0 and x.credited >= x.amount then 'credited'
              when x.open <= 0 then 'paid'
              when x.due_on < d.day then 'overdue'
              else 'open' end,
         case when x.kind = 'invoice' and x.open > 0 and x.due_on < d.day then d.day - x.due_on end
    from told x cross join today d;
$$;
--> statement-breakpoint
-- Whether a customer is shown what was paid, by one way or the other. For what runs as the owner.
create function staff.tells_paid(p_org uuid, p_customer uuid)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select exists (
    select 1 from portal.customers b
      join staff.exposures e on e.org_id = b.org_id and e.customer_key = b.code_key
     where b.org_id = p_org and b.id = p_customer and e.granted_fields && array['paid', 'payment_amount']);
$$;
--> statement-breakpoint
-- The same for the customer of the open context. Called by open_items.
create function portal.tells_paid()
returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select coalesce((select staff.tells_paid(c.org_id, c.customer_id) from portal.context() c), false);
$$;
--> statement-breakpoint
-- What is open of the customer of the open context, by the rules of items_of. Nothing through a link without
-- financials. Runs as the customer, so the policies say what counts. Called by asCustomer.
create function portal.open_items(p_until date default null)
returns table (
  kind text, id uuid, number text, number_key text, on_day date, due_on date, currency text,
  order_id uuid, credits_key text,
  amount numeric, paid numeric, credited numeric, open numeric, status text, days_late int
)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select x.* from portal.context() c
   cross join lateral portal.items_of(c.org_id, c.customer_id, portal.tells_paid(), p_until) x;
$$;
--> statement-breakpoint
drop function portal.balances();
--> statement-breakpoint
-- What is owed, for each currency: the sum of what is open, of that what is overdue, and what is open the other
-- way. A currency in which something open is not known is left out: a wrong balance is worse than none.
-- Called by asCustomer.
create function portal.balances()
returns table (currency text, outstanding numeric, overdue numeric, credit numeric)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select x.currency, sum(x.open), coalesce(sum(x.open) filter (where x.status = 'overdue'), 0.00),
         coalesce(-sum(x.open) filter (where x.open < 0), 0.00)
    from portal.open_items() x
   group by x.currency
  having x.currency is not null and bool_and(x.open is not null);
$$;
--> statement-breakpoint
-- Invoices and credit notes of a filter: a page of them behind a key and one row more, newest first (what has no
-- date comes last), and for each currency what all of the filter come to. A total or a rest that is not known of
-- one of them is not summed. The search is for a number: an invoice's, its order's, the customer's own for that;
-- of an order that is not visible neither is found nor told. p_key is the day of the row before, or `none`.
-- Called by asCustomer.
create function portal.list_invoices(
  p_kind text, p_statuses text[], p_like text, p_from date, p_to date, p_key text, p_id uuid
)
returns table (invoices jsonb, totals jsonb)
language sql stable
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
as $$
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
$$;
--> statement-breakpoint
-- An invoice or a credit note with what belongs to it: the payments that name it, the credit notes that do, the
-- invoice that a note names, and where it can be paid. No row for one that is not visible. Called by asCustomer.
create function portal.read_invoice(p_invoice uuid)
returns table (invoice jsonb, payments jsonb, credit_notes jsonb, credits jsonb)
language sql stable
set search_path = pg_catalog, pg_temp
set enable_nestloop = off
as $$
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
$$;
--> statement-breakpoint
-- The order whose lines are an invoice's own: it is visible, no other invoice is of it, and where both totals
-- are shown they are the same. Else null: lines of something else are worse than none. Called by asCustomer.
create function portal.lines_of_invoice(p_invoice uuid)
returns uuid
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select o.id from portal.invoices i
    join portal.orders o on o.id = i.order_id
    left join portal.order_amounts a on a.order_id = o.id
   where i.id = p_invoice and i.kind = 'invoice'
     and (a.total is null or i.total is null or (a.total, a.currency) = (i.total, i.currency))
     and not exists (select 1 from portal.invoices x where x.order_id = o.id and x.kind = 'invoice' and x.id <> i.id);
$$;
--> statement-breakpoint
-- The event that an invoice was looked at, or in vain. Called by asCustomer, beside the queries that show it.
create function portal.view_invoice(p_invoice uuid)
returns boolean
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  if not exists (select 1 from portal.invoices i where i.id = p_invoice) then
    perform portal.audit('request.refused', 'invoice', p_invoice::text, '{"code": "not_found"}');
    return false;
  end if;
  perform portal.audit('invoice.viewed', 'invoice', p_invoice::text);
  return true;
end
$$;
--> statement-breakpoint
-- Payments of some days: a page of them behind a key and one row more, newest first, each with where it went and
-- what of it names no invoice that is shown; and for each currency what all of these days come to. An invoice
-- that is not shown is named as the supplier named it. Called by asCustomer.
create function portal.list_payments(p_from date, p_to date, p_day date, p_id uuid)
returns table (payments jsonb, totals jsonb)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
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
$$;
--> statement-breakpoint
revoke all on function
  portal.items_of(uuid, uuid, boolean, date), staff.tells_paid(uuid, uuid), portal.tells_paid(),
  portal.open_items(date), portal.balances(),
  portal.list_invoices(text, text[], text, date, date, text, uuid), portal.read_invoice(uuid),
  portal.lines_of_invoice(uuid), portal.view_invoice(uuid), portal.list_payments(date, date, date, uuid)
  from public;
--> statement-breakpoint
grant execute on function
  portal.items_of(uuid, uuid, boolean, date), portal.tells_paid(), portal.open_items(date), portal.balances(),
  portal.list_invoices(text, text[], text, date, date, text, uuid), portal.read_invoice(uuid),
  portal.lines_of_invoice(uuid), portal.view_invoice(uuid), portal.list_payments(date, date, date, uuid)
  to counterfoil_customer;
--> statement-breakpoint
reset role;
