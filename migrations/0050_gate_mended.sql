-- What a pack of a PO number holds, and what each accounting format takes.
set local role counterfoil_owner;
--> statement-breakpoint
-- The papers of every order with a PO number, and those of credit notes that name no order but an invoice of
-- one of these: what portal.export_rows books for the PO has its paper here. Runs as the customer. Called by
-- GET packs/month.zip.
create function portal.po_papers(p_po text)
returns table (id uuid, object_size bigint)
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  with named as materialized (select o.id from portal.orders o where lower(o.po_number) = lower(p_po))
  select d.id, d.object_size from portal.documents d where d.order_id in (select n.id from named n)
  union
  select d.id, d.object_size
    from portal.invoices x
    join portal.invoices c on c.kind = 'credit_note' and c.credits_key = x.number_key and c.order_id is null
    join portal.documents d on d.kind = 'credit_note' and d.number_key = c.number_key
   where x.kind = 'invoice' and x.order_id in (select n.id from named n);
$$;
--> statement-breakpoint
-- As it was, and QuickBooks takes no credit among a customer's bills, Sage no account's name and no number
-- that its fields are too small for.
create or replace function portal.is_exported(p_format text, p_codes jsonb, p_is_own boolean, d jsonb)
returns boolean
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select case
    when p_format = 'csv' then d->>'leftOut' is distinct from 'held'
    when d->>'leftOut' is not null then false
    when p_format = 'quickbooks' then not p_is_own or (d->>'kind' = 'invoice' and (d->>'total')::numeric >= 0)
    when p_format = 'sage50' then (d->>'net')::numeric * (d->>'tax')::numeric >= 0
                                  and (p_is_own or d->'customer'->>'code' ~ '^[^ ]{1,8}$')
                                  and char_length(d->>'number') <= 30
    when p_format = 'ubl' then (
      select (x.by_lines or portal.has_tax_rate(b.net, b.tax))
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
$$;
--> statement-breakpoint
revoke all on function portal.po_papers(text) from public;
--> statement-breakpoint
grant execute on function portal.po_papers(text) to counterfoil_customer;
--> statement-breakpoint
reset role;
