-- A rendition has its slot near its beginning, and a taking asks for no more than it needs.
set local role counterfoil_owner;
--> statement-breakpoint
create or replace function staff.stamp_version()
returns int
language sql immutable
set search_path = pg_catalog, pg_temp
as $$ select 2 $$;
--> statement-breakpoint
drop function portal.take_document(uuid, uuid, text, text, text);
--> statement-breakpoint
-- The visible document and, in the same transaction, the event that it was taken, with the stamp that
-- goes on this copy. Runs as the customer, so the policy on documents is the check: hidden, withdrawn,
-- foreign and unknown are all no row. p_order, when given, must be the document's order. p_how: `take`;
-- `continue` (a further range, or a copy that names its reference) gives the stamp that this session
-- has, or takes; `look` (HEAD) writes nothing. Each table that is asked costs a look at the context, so
-- what is not wanted is not asked. Called by asCustomer.
create function portal.take_document(p_document uuid, p_order uuid, p_disposition text, p_how text, p_copy text)
returns table (
  id uuid, org_id uuid, number text, object_sha256 text, object_size bigint, slot_offset bigint,
  reference text, stamped_at timestamptz, link_last4 text, drawing jsonb
)
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
  select x.id, x.org_id, x.number, x.object_sha256, x.object_size, x.slot_offset,
         case when x.served = 'drawn' then portal.drawing(x.id) end
    into id, org_id, number, object_sha256, object_size, slot_offset, drawing
    from portal.documents x
   where x.id = p_document
     and (p_order is null or (x.order_id = p_order and exists (select 1 from portal.orders o where o.id = p_order)));
  if id is null then
    perform portal.audit('request.refused', 'document', p_document::text, '{"code": "not_found"}');
    return;
  end if;
  if p_how <> 'take' then
    select s.reference, s.at, s.link_last4 into reference, stamped_at, link_last4
      from portal.stamp_of(id, p_disposition, object_sha256, p_copy) s;
  end if;
  if reference is null and p_how <> 'look' then
    select t.reference, t.at, t.link_last4 into reference, stamped_at, link_last4
      from portal.note_taken(array[id], p_disposition) t;
  end if;
  return next;
end
$$;
--> statement-breakpoint
drop function portal.take_documents(uuid, text[], date, date, int, bigint, boolean);
--> statement-breakpoint
-- As take_document, for all of an order's documents or a filtered set of the customer's own, as one ZIP.
-- More than p_max_documents, or p_max_bytes in all, is one row that says so, and nothing is taken; so is
-- a look (HEAD). Called by asCustomer.
create function portal.take_documents(p_order uuid, p_kinds text[], p_from date, p_to date,
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
             and (p_kinds is null or d.kind = any (p_kinds))
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
revoke all on function portal.take_document(uuid, uuid, text, text, text),
  portal.take_documents(uuid, text[], date, date, int, bigint, boolean) from public;
--> statement-breakpoint
grant execute on function portal.take_document(uuid, uuid, text, text, text),
  portal.take_documents(uuid, text[], date, date, int, bigint, boolean) to counterfoil_customer;
--> statement-breakpoint
reset role;
