-- What the gate's tests found: answers of those who may no longer approve, and files that interleave.
set local role counterfoil_owner;
--> statement-breakpoint
-- Whether a member may decide: asked again where a decision lands, since one that has waited for a lock was
-- let in before it. Called by the triggers below, as the owner.
create function staff.may_decide(p_member uuid)
returns boolean
language sql stable
set search_path = pg_catalog, pg_temp
as $$
  select exists (select 1 from staff.members m
                  where m.id = p_member and m.active and m.service_name is null and m.role in ('approver', 'owner'));
$$;
--> statement-breakpoint
-- An approver's answer for a problem stands with whoever gives it. Once they are none, the items of staged
-- publishes that they answered for are open again, each with its event; what is approved stays as it was
-- signed. Written under the member who asked, who may have demoted themselves.
create function staff.lapse_answers_of_member()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_item record;
begin
  -- In one order, as approvals do; the caller holds the org (see holdMembers).
  perform 1 from staff.publishes p where p.org_id = new.org_id and p.status = 'staged' order by p.id for no key update;
  for v_item in
    update staff.publish_items i set overridden = '[]', override_reason = null, overridden_by = null
      from staff.publishes p
     where p.org_id = new.org_id and p.status = 'staged' and i.publish_id = p.id and i.overridden_by = new.id
    returning i.publish_id, i.kind, i.key
  loop
    perform audit.append(new.org_id, 'staff', nullif(current_setting('counterfoil.member', true), '')::uuid, null, null,
                         'item.overridden', 'publish', v_item.publish_id::text,
                         jsonb_build_object('kind', v_item.kind, 'key', v_item.key, 'takenBack', true,
                                            'because', 'member_changed', 'member', new.id));
  end loop;
  return null;
end
$$;
--> statement-breakpoint
create trigger members_answers_lapse after update of role, active on staff.members
  for each row when (old.active and old.role in ('approver', 'owner')
                     and not (new.active and new.role in ('approver', 'owner')))
  execute function staff.lapse_answers_of_member();
--> statement-breakpoint
create function staff.refuse_decision_of_removed()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if not staff.may_decide(new.decided_by) then
    raise exception 'forbidden' using errcode = 'CF004';
  end if;
  return null;
end
$$;
--> statement-breakpoint
create trigger publishes_decided_by_approver after update of status on staff.publishes
  for each row when (old.status = 'staged' and new.status in ('approved', 'rejected'))
  execute function staff.refuse_decision_of_removed();
--> statement-breakpoint
create function staff.refuse_answer_of_removed()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if not staff.may_decide(new.overridden_by) then
    raise exception 'forbidden' using errcode = 'CF004';
  end if;
  return null;
end
$$;
--> statement-breakpoint
create trigger publish_items_answered_by_approver after update of overridden_by on staff.publish_items
  for each row when (new.overridden_by is not null)
  execute function staff.refuse_answer_of_removed();
--> statement-breakpoint
-- One file at a time: what an earlier import brought, a later one overrides, and what two rows of one file
-- say differently is a problem. Of files whose parts alternate, neither could be told. One that broke off is
-- gone on with first; an approval waits for it too. The caller holds the publish.
create function staff.refuse_second_reading()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  if exists (select 1 from staff.imports i
              where i.publish_id = new.publish_id and i.id <> new.id and i.state = 'reading') then
    raise exception 'import_unfinished' using errcode = 'CF005';
  end if;
  return null;
end
$$;
--> statement-breakpoint
create trigger imports_one_at_a_time after update of state on staff.imports
  for each row when (old.state = 'uploaded' and new.state = 'reading')
  execute function staff.refuse_second_reading();
--> statement-breakpoint
revoke all on function staff.may_decide(uuid), staff.lapse_answers_of_member(), staff.refuse_decision_of_removed(),
  staff.refuse_answer_of_removed(), staff.refuse_second_reading() from public;
--> statement-breakpoint
reset role;
