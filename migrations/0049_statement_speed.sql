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
  ), movements as not materialized (
    -- Written out where it is read: its two readers need different columns, of different days.
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
  ), sums as materialized (
    select m.currency,
           coalesce(sum(m.amount) filter (where m.day is null or m.day < p_from), 0) as opening,
           coalesce(sum(m.amount) filter (where m.day between p_from and p_to and m.amount > 0), 0) as debits,
           coalesce(-sum(m.amount) filter (where m.day between p_from and p_to and m.amount < 0), 0) as credits,
           coalesce(sum(m.amount) filter (where m.day is null or m.day <= p_to), 0) as closing,
           count(*) filter (where m.day is null and m.step = 0) as undated
      from movements m
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
                                    or b.balance <> b.closing)
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
