-- The first screen: what is new since the last visit, what is under way, what is owed; and orders found and sorted.
set local role counterfoil_owner;
--> statement-breakpoint
ALTER TABLE "portal"."orders" ADD COLUMN "status_at" timestamp with time zone DEFAULT now() NOT NULL;
--> statement-breakpoint
update portal.orders set status_at = changed_at;
--> statement-breakpoint
-- An order that is approved again as it was is no news.
create function portal.note_status()
returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  new.status_at := now();
  return new;
end
$$;
--> statement-breakpoint
create trigger orders_note_status before update of status on portal.orders
  for each row when (old.status is distinct from new.status) execute function portal.note_status();
--> statement-breakpoint
-- As it was, and the session learns when this person was here before. A member who looks as them is no visit.
create or replace function portal.open_link(p_token bytea, p_session bytea, p_request text)
returns table (status text, link_id uuid, hourly_limit int, remaining int, reset_seconds int)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
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
$$;
--> statement-breakpoint
drop function portal.visit();
--> statement-breakpoint
-- The link that the customer came through, for their own page; whether it is a member who looks as them;
-- and when they were here before. Called by asCustomer.
create function portal.visit()
returns table (scope text, expires_at timestamptz, is_preview boolean, new_since timestamptz)
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select l.scope, l.expires_at, l.purpose = 'preview', s.new_since
    from portal.context() c join staff.access_links l on l.id = c.link_id
    left join staff.sessions s on s.id = c.session_id;
$$;
--> statement-breakpoint
-- What is owed, for each currency: invoices less credit notes less what was paid. Of an invoice, the payments
-- that name it count, or where none does, what its row says was paid; money that names no invoice counts too.
-- A currency with an invoice whose total is not shown is left out: a wrong balance is worse than none.
-- Runs as the customer, so the policies say what counts. Called by asCustomer.
create function portal.balances()
returns table (currency text, outstanding numeric, overdue numeric)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  with allocated as materialized (
    select a.payment_id, a.invoice_key, a.amount from portal.payment_allocations a
  ), of_invoice as (
    select a.invoice_key, sum(a.amount) as amount from allocated a group by a.invoice_key
  ), credited as (
    select i.credits_key, sum(abs(i.total)) as amount from portal.invoices i
     where i.kind = 'credit_note' and i.credits_key is not null group by i.credits_key
  ), today as (
    select (now() at time zone o.time_zone)::date as day from portal.orgs o
  ), items as (
    select i.currency, i.kind, i.total, i.due_on,
           -- A supplier writes what it credits with a minus or without.
           case i.kind when 'credit_note' then -abs(i.total) + abs(coalesce(i.paid, 0))
                else i.total - coalesce(p.amount, i.paid, 0) end as open,
           i.total - coalesce(p.amount, i.paid, 0) - coalesce(c.amount, 0) as left_of_it
      from portal.invoices i
      left join of_invoice p on p.invoice_key = i.number_key and i.kind = 'invoice'
      left join credited c on c.credits_key = i.number_key and i.kind = 'invoice'
    union all
    -- What was paid beyond what names an invoice that is shown.
    select m.currency, 'payment', m.amount, null,
           -(m.amount - coalesce((
              select sum(a.amount) from allocated a
               where a.payment_id = m.id
                 and exists (select 1 from portal.invoices i where i.number_key = a.invoice_key)), 0)), null
      from portal.payments m
  )
  select x.currency, sum(x.open),
         coalesce(sum(x.left_of_it) filter (
           where x.kind = 'invoice' and x.due_on < (select t.day from today t) and x.left_of_it > 0), 0)
    from items x
   group by x.currency
  having x.currency is not null and bool_and(x.total is not null);
$$;
--> statement-breakpoint
drop function portal.list_orders(text[], text, date, uuid);
--> statement-breakpoint
-- Twenty orders and one more behind a key. The newest first, of all or of some statuses, is what everybody
-- asks for, and reads no more rows than it shows; a search, a stretch of days or another order reads the
-- customer's own. p_key is the sort's own key of the row before, as text, `none` where that row has none.
-- Runs as the customer. Called by asCustomer.
create function portal.list_orders(
  p_statuses text[], p_like text, p_from date, p_to date, p_sort text, p_key text, p_id uuid
)
returns table (
  id uuid, number text, placed_on date, status text, items_count int, po_number text, expected_delivery date,
  currency text, total numeric, documents int, tracking_number text, sort_key text
)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_bitmapscan = off
as $$
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
$$;
--> statement-breakpoint
revoke all on function
  portal.note_status(), portal.visit(), portal.balances(),
  portal.list_orders(text[], text, date, date, text, text, uuid)
  from public;
--> statement-breakpoint
grant execute on function
  portal.visit(), portal.balances(), portal.list_orders(text[], text, date, date, text, text, uuid)
  to counterfoil_customer;
--> statement-breakpoint
reset role;
