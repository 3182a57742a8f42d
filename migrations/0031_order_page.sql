-- What stands around an order: which papers may be expected of it, and the orders before and behind it;
-- and documents found by a number, or chosen one by one, as one ZIP.
set local role counterfoil_owner;
--> statement-breakpoint
-- The kinds of document that the customer of the open context is shown: what its exposure grants, and
-- through a link without financials none that names amounts. Called by asCustomer.
create function portal.shown_kinds()
returns text[]
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(array_agg(k.kind order by k.kind), '{}')
    from portal.context() c
    join portal.customers b on b.org_id = c.org_id and b.id = c.customer_id
    join staff.exposures e on e.org_id = c.org_id and e.customer_key = b.code_key
   cross join unnest(e.granted_kinds) k(kind)
   where c.financials or k.kind not in ('order_confirmation', 'invoice', 'credit_note', 'statement');
$$;
--> statement-breakpoint
-- What stands around an order, in one statement: the kinds of document that are shown, the orders before and
-- behind it as the list of all has them (the newest first), and the credit notes that name it or one of its
-- invoices, newest first. No row for an order that is not visible. Runs as the customer. Called by asCustomer.
create function portal.order_around(p_order uuid)
returns table (kinds text[], previous jsonb, next jsonb, credit_notes jsonb)
language plpgsql stable
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
set enable_bitmapscan = off
as $$
declare
  v_placed date := (select x.placed_on from portal.orders x where x.id = p_order);
begin
  if v_placed is null then
    return;
  end if;
  return query select
    portal.shown_kinds(),
    (select jsonb_build_object('id', o.id, 'number', o.number) from portal.orders o
      where (o.placed_on, o.id) > (v_placed, p_order)
      order by o.placed_on, o.id limit 1),
    (select jsonb_build_object('id', o.id, 'number', o.number) from portal.orders o
      where (o.placed_on, o.id) < (v_placed, p_order)
      order by o.placed_on desc, o.id desc limit 1),
    (select coalesce(jsonb_agg(jsonb_build_object(
              'id', n.id, 'number', n.number, 'issuedOn', n.issued_on, 'currency', n.currency, 'total', n.total::text,
              'documentId', (select d.id from portal.documents d
                              where d.kind = 'credit_note' and d.number_key = n.number_key))
              order by n.issued_on desc nulls last, n.number_key), '[]')
       from portal.invoices n
      where n.kind = 'credit_note'
        and (n.order_id = p_order
             or n.credits_key in (select i.number_key from portal.invoices i
                                   where i.kind = 'invoice' and i.order_id = p_order)));
end
$$;
--> statement-breakpoint
drop function portal.take_documents(uuid, text[], date, date, int, bigint, boolean);
--> statement-breakpoint
-- As take_document, for all of an order's documents, or those of the customer's own that were chosen (p_ids)
-- or fit a filter, as one ZIP. An id that is not visible is as if it were not there. More than
-- p_max_documents, or p_max_bytes in all, is one row that says so, and nothing is taken; so is a look (HEAD).
-- Called by asCustomer.
create function portal.take_documents(p_order uuid, p_ids uuid[], p_kinds text[], p_like text, p_from date, p_to date,
                                      p_max_documents int, p_max_bytes bigint, p_look boolean)
returns table (
  status text, documents int, bytes bigint,
  id uuid, org_id uuid, kind text, number text, dated_on date, order_number text,
  object_sha256 text, object_size bigint, slot_offset bigint, head_crc bigint, tail_crc bigint,
  reference text, stamped_at timestamptz, link_last4 text, drawing jsonb
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
             and (p_ids is null or d.id = any (p_ids))
             and (p_kinds is null or d.kind = any (p_kinds))
             and (p_like is null or d.number ilike p_like
                  or exists (select 1 from portal.orders o
                              where o.id = d.order_id and (o.number ilike p_like or o.po_number ilike p_like)))
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
           d.id, d.org_id, d.kind, d.number, d.dated_on, o.number,
           d.object_sha256, d.object_size, d.slot_offset, d.head_crc, d.tail_crc,
           t.reference, t.at, t.link_last4,
           case when d.served = 'drawn' then portal.drawing(d.id) end
      from (select 1) one
      left join portal.documents d on v_status = 'ok' and d.id = any (v_ids)
      left join portal.orders o on o.id = d.order_id
      left join taken t on t.document_id = d.id
     order by coalesce(d.dated_on, d.shown_at::date) desc, d.kind, d.number_key;
end
$$;
--> statement-breakpoint
revoke all on function portal.shown_kinds(), portal.order_around(uuid),
  portal.take_documents(uuid, uuid[], text[], text, date, date, int, bigint, boolean) from public;
--> statement-breakpoint
grant execute on function portal.shown_kinds(), portal.order_around(uuid),
  portal.take_documents(uuid, uuid[], text[], text, date, date, int, bigint, boolean) to counterfoil_customer;
--> statement-breakpoint
reset role;
