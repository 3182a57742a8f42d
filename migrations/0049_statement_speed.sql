-- What is open, and a statement of thousands of movements, in fewer steps: they say what they said, word for word.
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
create or replace function portal.items_of(p_org uuid, p_customer uuid, p_tells_paid boolean, p_until date)
returns table (
  kind text, id uuid, number text, number_key text, on_day date, due_on date, currency text,
  order_id uuid, credits_key text,
  amount numeric, paid numeric, credited numeric, open numeric, status text, days_late int
)
language sql stable
set search_path = pg_catalog, pg_temp
-- Nobody knows how many rows a customer's own are: a loop over thousands times thousands takes minutes.
set enable_nestloop = off
-- Sums of numerics are big while they grow: sorted, there is one at a time.
set enable_hashagg = off
as $$
  with today as materialized (
    select coalesce(p_until, (now() at time zone o.time_zone)::date) as day from portal.orgs o where o.id = p_org
  ), billed as materialized (
    select i.kind, i.id, i.number, i.number_key, i.issued_on, i.due_on, i.currency, i.order_id, i.credits_key,
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
    select b.kind, b.id, b.number, b.number_key, b.issued_on, b.due_on, b.currency, b.order_id, b.credits_key, b.amount,
           coalesce(s.amount, case when b.told is not null and b.number_key not in (
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
           s.amount, s.settled as paid, coalesce(g.amount, 0) as credited
      from settled s
      left join (
        select x.id, -x.amount as amount from given x
        union all
        select x.invoice_id, sum(x.amount) from given x group by x.invoice_id) g on g.id = s.id
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
$$;
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
create or replace function staff.statement_of(p_org uuid, p_customer uuid, p_from date, p_to date, p_links boolean)
returns json
language plpgsql stable
set search_path = pg_catalog, pg_temp
-- Days are told as texts.
set datestyle = 'ISO'
-- As in items_of.
set enable_nestloop = off
-- One plan does for every customer: to plan this, or to compile it, takes longer than it saves.
set plan_cache_mode = force_generic_plan
set jit = off
as $$
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
$$;
--> statement-breakpoint
reset role;
