-- Accounts of whom no monthly statement is made, or whose month is not over, are tied out every night too.
set local role counterfoil_owner;
--> statement-breakpoint
-- Sums the month so far of the next `p_limit` customers of an org with money; where an account does not tie out, staff
-- are told. `last` is null when there are no more; `broken` counts those that did not. Called by asSystem.
create function staff.check_accounts(p_org uuid, p_after uuid, p_limit int)
returns table (last uuid, broken int)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
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
$$;
--> statement-breakpoint
revoke all on function staff.check_accounts(uuid, uuid, int) from public;
--> statement-breakpoint
grant execute on function staff.check_accounts(uuid, uuid, int) to counterfoil_system;
--> statement-breakpoint
reset role;
