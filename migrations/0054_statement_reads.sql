-- A statement of thousands of papers: nothing of it is read twice, or carried through a copy.
set local role counterfoil_owner;
--> statement-breakpoint
-- As it was, from the tables themselves.
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
set plan_cache_mode = force_generic_plan
as $$
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
$$;
--> statement-breakpoint
-- As it was, with how much is dated behind its last day: read out of the statement, that day was looked for once a paper,
-- and a large account's statement to today did not come.
drop function portal.take_statement(date, date, text);
--> statement-breakpoint
-- The statement of a period with its event: p_as `view`, `csv` or `pdf` (stamped); `head` writes none. A period that
-- is left open is the month so far, in the supplier's time zone. `later` counts the papers and payments dated behind
-- its last day, where that is today or later; none of a currency that is left out. No row where portal.statement is
-- null. Runs as the customer. Called by asCustomer.
create function portal.take_statement(p_from date, p_to date, p_as text)
returns table (statement json, today date, as_of text, later int, drawing jsonb, reference text, stamped_at timestamptz,
               link_last4 text)
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
$$;
--> statement-breakpoint
revoke all on function portal.take_statement(date, date, text) from public;
--> statement-breakpoint
grant execute on function portal.take_statement(date, date, text) to counterfoil_customer;
--> statement-breakpoint
reset role;
