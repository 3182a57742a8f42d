-- Imports: a CSV is kept, read as somebody confirmed, and staged in parts.
set local role counterfoil_owner;
--> statement-breakpoint
-- An import waits outside of any publish until it is staged, so its triggers look at those that are in one.
drop trigger imports_frozen_insert on staff.imports;
--> statement-breakpoint
drop trigger imports_frozen_update on staff.imports;
--> statement-breakpoint
drop trigger imports_frozen_delete on staff.imports;
--> statement-breakpoint
-- An import of a decided publish is frozen with it: see staff.refuse_frozen_change.
create function staff.refuse_frozen_import()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_publish uuid;
  v_status text;
begin
  foreach v_publish in array case tg_op
      when 'INSERT' then array[new.publish_id] when 'DELETE' then array[old.publish_id]
      else array[old.publish_id, new.publish_id] end loop
    if v_publish is not null then
      v_status := null;
      select p.status into v_status from staff.publishes p where p.id = v_publish for share;
      if v_status is distinct from 'staged' then
        raise exception 'publish_not_staged' using errcode = 'CF001';
      end if;
    end if;
  end loop;
  return null;
end
$$;
--> statement-breakpoint
create trigger imports_frozen after insert or update or delete on staff.imports
  for each row execute function staff.refuse_frozen_import();
--> statement-breakpoint
-- Half a file is not what anybody reviewed: a publish waits for its imports to be read to their end.
create function staff.refuse_unfinished_approval()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select 1 from staff.imports i where i.publish_id = new.id and i.state = 'reading') then
    raise exception 'import_unfinished' using errcode = 'CF005';
  end if;
  return null;
end
$$;
--> statement-breakpoint
create trigger publishes_whole after update of status on staff.publishes
  for each row when (old.status = 'staged' and new.status = 'approved')
  execute function staff.refuse_unfinished_approval();
--> statement-breakpoint
-- What is only uploaded has brought nothing in. Runs as its caller. Called by the review and by approve.
create or replace function staff.is_own_import(p_publish uuid, p_member uuid)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select exists (select 1 from staff.publishes p where p.id = p_publish and p.created_by = p_member)
      or exists (select 1 from staff.imports i
                  where i.publish_id = p_publish and i.imported_by = p_member and i.state <> 'uploaded')
      or exists (select 1 from staff.staged_files f where f.publish_id = p_publish and f.uploaded_by = p_member);
$$;
--> statement-breakpoint
-- Whether two cells say the same, as the import itself compares them: numbers and file names as they are
-- looked up. p_identifiers: the fields that are numbers or codes. Called by contradictions.
create function staff.is_same_value(p_field text, p_one text, p_other text, p_identifiers text[])
returns boolean
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select p_one = p_other
      or (p_field = 'file_name' and lower(p_one) = lower(p_other))
      or (p_field = any (p_identifiers) and staff.normalise_key(p_one) = staff.normalise_key(p_other));
$$;
--> statement-breakpoint
-- What two rows of one file say differently of one item, as problems: p_known came first and stays. Both
-- hold the item's fields, and its customer and order as `customer_code` and `order_number`. Called by
-- stage_items.
create function staff.contradictions(p_known jsonb, p_more jsonb, p_line int, p_other_line int, p_identifiers text[])
returns jsonb
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(jsonb_agg(jsonb_build_object('code', 'contradiction', 'severity', 'blocking', 'line', p_line,
                                               'field', m.key, 'value', left(m.value, 100), 'otherLine', p_other_line)
                            order by m.key), '[]')
    from jsonb_each_text(p_more) m
   where m.value <> '' and p_known->>m.key <> ''
     and not staff.is_same_value(m.key, p_known->>m.key, m.value, p_identifiers);
$$;
--> statement-breakpoint
-- Problems and those that a later part of the file adds, each once, 50 at most. Called by stage_items.
create function staff.joined_problems(p_known jsonb, p_more jsonb)
returns jsonb
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select case when p_more = '[]' then p_known else coalesce((
    select jsonb_agg(x.problem order by x.place)
      from (select distinct on (y.problem->>'code', y.problem->>'field', y.problem->>'value') y.problem, y.place
              from jsonb_array_elements(p_known || p_more) with ordinality y(problem, place)
             order by y.problem->>'code', y.problem->>'field', y.problem->>'value', y.place) x
     where x.place <= 50), '[]') end;
$$;
--> statement-breakpoint
-- What stays of an item's problems when it is brought again: those about a cell that is not given anew, so
-- that a file which only mentions an order does not clear them. Each says which import's lines it speaks of.
-- p_same: it is the same file that goes on, and its own problems stay. Called by stage_items.
create function staff.lasting_problems(
  p_old jsonb, p_import uuid, p_same boolean, p_new jsonb, p_kind text, p_fields jsonb, p_customer text, p_order text
)
returns jsonb
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select case when p_old = '[]' then p_old else coalesce((
    select jsonb_agg(case when p_same then x else jsonb_build_object('import', p_import) || x end)
      from jsonb_array_elements(p_old) x
     where p_same and not x ? 'import'
        or not p_new @> jsonb_build_array(x - array['import', 'line', 'otherLine', 'severity', 'value'])
           and not case
             when coalesce(x->>'field', 'customer_code') = 'customer_code' then p_customer <> ''
             when x->>'field' = 'order_number' then p_order is not null
             -- An invoice has no such field of its own: its two numbers disagreed.
             when x->>'field' = 'document_number' and p_kind = 'invoice' then true
             else p_fields ? (x->>'field') end), '[]') end;
$$;
--> statement-breakpoint
-- Stages some items of an import, once, and makes its publish when it has none. p_from says how many were
-- staged before these: a file that is read again from its beginning, or twice at once, adds only what is
-- not there yet. p_rows: rows of the file so far. p_items holds arrays: kind, key, customer, order, line,
-- position, fields, problems, rows.
--
-- Of rows of the same file the first one's value stays, and a differing one is a problem. What an earlier
-- import of the publish brought takes the new values over the old and loses its tick; one that was another
-- customer's keeps nothing of theirs. (Of an item that two parts of the file name, a cell that an earlier
-- import gave counts as the file's own from the second part on: what differs is a problem, not an override.)
-- Definer, since the counts that it keeps are what a report stands on. Called by POST imports/{id}/staging.
create function staff.stage_items(
  p_import uuid, p_reading jsonb, p_from int, p_rows int, p_items jsonb, p_identifiers text[]
)
returns table (publish_id uuid)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  me record;
  v_import staff.imports;
  v_publish uuid;
  v_status text;
begin
  select * into me from staff.context();
  select * into v_import from staff.imports i
   where i.id = p_import and i.org_id = me.org_id for no key update;
  if v_import.id is null then
    return;
  end if;
  v_publish := v_import.publish_id;
  if v_import.state = 'staged' then
    return query select v_publish;
    return;
  end if;
  if v_publish is null then
    insert into staff.publishes (org_id, name, created_by) values (me.org_id, v_import.file_name, me.member_id)
    returning id into v_publish;
    perform staff.audit('publish.created', 'publish', v_publish::text);
  else
    select p.status into v_status from staff.publishes p where p.id = v_publish for no key update;
    if v_status is distinct from 'staged' then
      raise exception 'publish_not_staged' using errcode = 'CF001';
    end if;
  end if;
  if v_import.state = 'reading' and v_import.reading is distinct from p_reading then
    -- What it brought under the other reading cannot be told from what others brought, unless it is alone.
    if p_from > 0 or exists (select 1 from staff.imports i
                              where i.publish_id = v_publish and i.id <> p_import and i.state <> 'uploaded') then
      raise exception 'reading_begun' using errcode = 'CF006';
    end if;
    delete from staff.publish_items i where i.publish_id = v_publish;
    v_import.items := 0;
  end if;
  if p_from < v_import.items then
    return query select v_publish;
    return;
  end if;
  if p_from > v_import.items then
    raise exception 'parts out of order' using errcode = '40001';
  end if;
  insert into staff.publish_items as old
         (org_id, publish_id, kind, key, customer_key, order_key, line, position, fields, problems, rows, import_id)
  select me.org_id, v_publish, r->>0, r->>1, r->>2, r->>3, (r->>4)::int, (r->>5)::int, r->6, r->7, (r->>8)::int, p_import
    from jsonb_array_elements(p_items) r
  on conflict (publish_id, kind, key) do update
     set customer_key = case when old.import_id = p_import
           then coalesce(nullif(old.customer_key, ''), excluded.customer_key)
           else coalesce(nullif(excluded.customer_key, ''), old.customer_key) end,
         order_key = case when old.import_id = p_import
           then coalesce(old.order_key, excluded.order_key) else coalesce(excluded.order_key, old.order_key) end,
         line = case when old.import_id = p_import then old.line else excluded.line end,
         position = case when old.import_id = p_import then old.position else excluded.position end,
         fields = case
           when old.import_id = p_import then excluded.fields || old.fields
           when old.customer_key in ('', excluded.customer_key) or excluded.customer_key = '' then old.fields || excluded.fields
           else excluded.fields end,
         problems = case
           when old.import_id = p_import then staff.joined_problems(
             staff.lasting_problems(old.problems, null, true, excluded.problems, old.kind, excluded.fields,
                                    excluded.customer_key, excluded.order_key),
             excluded.problems || staff.contradictions(
             old.fields || jsonb_build_object('customer_code', old.customer_key, 'order_number', coalesce(old.order_key, '')),
             excluded.fields || jsonb_build_object('customer_code', excluded.customer_key, 'order_number', coalesce(excluded.order_key, '')),
             excluded.line, old.line, p_identifiers))
           when old.customer_key in ('', excluded.customer_key) or excluded.customer_key = '' then
             excluded.problems || staff.lasting_problems(old.problems, old.import_id, false, excluded.problems, old.kind,
                                                         excluded.fields, excluded.customer_key, excluded.order_key)
           else excluded.problems end,
         rows = old.rows + excluded.rows,
         import_id = p_import,
         ticked = false;
  update staff.imports i
     set publish_id = v_publish, state = 'reading', reading = p_reading,
         items = v_import.items + jsonb_array_length(p_items), rows = p_rows,
         -- Who may not approve it: the one of the two, who sent it and who said how it is read, that could.
         imported_by = case when exists (select 1 from staff.members m
                                          where m.id = i.imported_by and m.role in ('approver', 'owner'))
                            then i.imported_by else me.member_id end
   where i.id = p_import;
  return query select v_publish;
end
$$;
--> statement-breakpoint
-- Ends the staging of an import, once: what no item tells of it, its event, and how files with these headers
-- are read from now on. p_told: `{rows, skipped, blank, unknownColumns, problems, fingerprint}`. Gives its publish.
-- Called by POST imports/{id}/staging, in the transaction of its last items.
create function staff.finish_import(p_import uuid, p_told jsonb)
returns table (publish_id uuid)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
declare
  me record;
  v_import staff.imports;
begin
  select * into me from staff.context();
  update staff.imports i
     set state = 'staged', staged_at = now(), skipped = (p_told->>'skipped')::int, blank = (p_told->>'blank')::int,
         rows = (p_told->>'rows')::int,
         items = (select count(*) from staff.publish_items t where t.publish_id = i.publish_id and t.import_id = i.id),
         unknown_columns = array(select jsonb_array_elements_text(p_told->'unknownColumns')),
         problems = p_told->'problems'
   where i.id = p_import and i.org_id = me.org_id and i.state = 'reading'
  returning * into v_import;
  if v_import.id is null then
    return query select i.publish_id from staff.imports i where i.id = p_import and i.org_id = me.org_id;
    return;
  end if;
  insert into staff.mapping_profiles as known (org_id, fingerprint, reading, used_by)
  values (me.org_id, p_told->>'fingerprint', v_import.reading, me.member_id)
  on conflict (org_id, fingerprint) do update
     set reading = excluded.reading, used_by = excluded.used_by, used_at = now();
  perform staff.audit('import.staged', 'publish', v_import.publish_id::text,
                      jsonb_build_object('import', p_import, 'rows', v_import.rows));
  return query select v_import.publish_id;
end
$$;
--> statement-breakpoint
-- Items come through stage_items alone, which says whose they are and counts their rows.
revoke insert on staff.publish_items from counterfoil_staff;
--> statement-breakpoint
revoke update on staff.publish_items from counterfoil_staff;
--> statement-breakpoint
grant update (ticked) on staff.publish_items to counterfoil_staff;
--> statement-breakpoint
-- An import is told by its upload; the rest of it is stage_items' and finish_import's to say.
revoke insert on staff.imports from counterfoil_staff;
--> statement-breakpoint
grant insert (id, org_id, publish_id, file_name, size, sha256, imported_by) on staff.imports to counterfoil_staff;
--> statement-breakpoint
grant select on staff.mapping_profiles to counterfoil_staff;
--> statement-breakpoint
revoke all on function
  staff.refuse_frozen_import(), staff.refuse_unfinished_approval(), staff.is_same_value(text, text, text, text[]),
  staff.contradictions(jsonb, jsonb, int, int, text[]), staff.joined_problems(jsonb, jsonb),
  staff.lasting_problems(jsonb, uuid, boolean, jsonb, text, jsonb, text, text),
  staff.stage_items(uuid, jsonb, int, int, jsonb, text[]), staff.finish_import(uuid, jsonb)
  from public;
--> statement-breakpoint
grant execute on function
  staff.stage_items(uuid, jsonb, int, int, jsonb, text[]), staff.finish_import(uuid, jsonb)
  to counterfoil_staff;
--> statement-breakpoint
reset role;
