-- What a customer is shown of money is true, or is not told.
set local role counterfoil_owner;
--> statement-breakpoint
-- Whether a customer is shown what was paid, so that what is left can be told: where both what invoices say was paid
-- and payments are shown; where one of them is, as long as what is hidden changes nothing, so that what is left comes
-- to the same as if all that is approved were shown. By the rules of items_of. For what runs as the owner.
create or replace function staff.tells_paid(p_org uuid, p_customer uuid)
returns boolean
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
-- As in items_of.
set enable_nestloop = off
as $$
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
$$;
--> statement-breakpoint
-- What an approval shows again is shown of all that is approved of these customers, not only of what it brings
-- itself: else some of their money would be told, and some not. What the approval takes it projects itself, and a
-- customer who is not there yet has nothing. Parcels wait for their next row: their past would be told as news.
create function staff.widen()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
declare
  v_org uuid;
  v_customers text[];
  v_taken uuid[];
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
    -- Of a publish that is still staged, only an approval has included items: its own.
    v_taken := array(
      select p.id from staff.publishes p
       where p.org_id = v_org and p.status = 'staged'
         and exists (select 1 from staff.publish_items i where i.publish_id = p.id and i.included));
    select array_agg(r.kind), array_agg(r.key) into v_kinds, v_keys
      from unnest(v_customers) k(customer_key)
     cross join lateral (
        select x.kind, x.key from staff.records x
         where x.org_id = v_org and x.customer_key = k.customer_key
           and x.kind not in ('customer', 'contact', 'shipment', 'tracking_event') offset 0) r
     where not exists (
             select 1 from staff.publish_items i
              where i.publish_id = any (v_taken) and i.kind = r.kind and i.key = r.key and i.included offset 0);
    if v_kinds is not null then
      perform staff.project_live(v_org, v_kinds, v_keys, false);
    end if;
  end loop;
  return null;
end
$$;
--> statement-breakpoint
create trigger exposures_widen after update on staff.exposures
  referencing old table as was_so new table as now_so
  for each statement execute function staff.widen();
--> statement-breakpoint
revoke all on function staff.widen() from public;
--> statement-breakpoint
-- Money that was shown again before, and of which only what came since is there. The owner sees one org at a time.
do $$
declare
  v_org uuid;
  v_kinds text[];
  v_keys text[];
begin
  for v_org in select o.id from portal.orgs o loop
    perform set_config('counterfoil.org', v_org::text, true);
    select array_agg(r.kind), array_agg(r.key) into v_kinds, v_keys
      from staff.records r
      join staff.exposures e on e.org_id = v_org and e.customer_key = r.customer_key
      left join portal.invoices i on r.kind = 'invoice' and i.org_id = v_org and i.number_key = r.key
      left join portal.payments m on r.kind = 'payment' and m.org_id = v_org and m.number_key = r.key
     where r.org_id = v_org
       and case r.kind when 'invoice' then 'paid' = any (e.granted_fields) and r.fields ? 'paid' and i.paid is null
                       when 'payment' then 'payment_amount' = any (e.granted_fields) and m.id is null
                                           and r.fields ?& array['payment_date', 'payment_amount', 'currency'] end;
    if v_kinds is not null then
      perform staff.project_live(v_org, v_kinds, v_keys, false);
    end if;
  end loop;
  perform set_config('counterfoil.org', '', true);
end
$$;
--> statement-breakpoint
reset role;
