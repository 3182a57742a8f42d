-- A supplier that the statistics have never seen. Planned for its id, "of this org" looks like no rows at all, so that
-- any index that begins with the org is as good as the key, and each lookup reads all that the approval itself has
-- written by then: 2,500 orders took half a minute. Planned for any org, the key is always best. And what writes
-- looks rows up by their keys alone: a table that was small when it was counted is read as a whole for each of them.
set local role counterfoil_owner;
--> statement-breakpoint
do $$
declare
  f regprocedure;
begin
  foreach f in array array[
    'staff.approve(uuid, text, boolean)', 'staff.enrol_shipments(uuid, uuid[])', 'staff.exclude(uuid, jsonb, text[], boolean)',
    'staff.fresh_review(uuid)', 'staff.guard(uuid, uuid, text[], text[], text[], text[])', 'staff.hold_projected()',
    'staff.holds_papers(uuid)', 'staff.keep_records(uuid, text[], text[])', 'staff.keep_review(uuid, text[])',
    'staff.keep_reviewed_customers(uuid, text[])', 'staff.losing_access(uuid, text)', 'staff.open_review(uuid)',
    'staff.override_item(uuid, text, text, text, jsonb)', 'staff.project(uuid, text[], text[])',
    'staff.project_drawn(uuid, text[], text[])', 'staff.project_events(uuid, text[], text[])',
    'staff.project_lines(uuid, text[])', 'staff.project_live(uuid, text[], text[], boolean)',
    'staff.project_orders(uuid, text[])', 'staff.project_payments(uuid, text[], text[])', 'staff.review(uuid, text[])',
    'staff.set_exposure(text, text[], text[])', 'staff.settle_orders(uuid[])', 'staff.settle_told(uuid[], jsonb)',
    'staff.take_back_access()', 'staff.take_items(uuid)', 'staff.take_up_shipments()', 'staff.tick_items(uuid, jsonb, boolean)',
    'staff.withdraw(uuid, text, text, text)'
  ]::regprocedure[] loop
    execute format('alter function %s set plan_cache_mode = force_generic_plan', f);
  end loop;
  foreach f in array array[
    'staff.approve(uuid, text, boolean)', 'staff.keep_records(uuid, text[], text[])', 'staff.project(uuid, text[], text[])',
    'staff.project_drawn(uuid, text[], text[])', 'staff.project_events(uuid, text[], text[])',
    'staff.project_lines(uuid, text[])', 'staff.project_live(uuid, text[], text[], boolean)',
    'staff.project_orders(uuid, text[])', 'staff.project_payments(uuid, text[], text[])',
    'staff.set_exposure(text, text[], text[])', 'staff.take_items(uuid)', 'staff.withdraw(uuid, text, text, text)'
  ]::regprocedure[] loop
    execute format('alter function %s set enable_seqscan = off', f);
  end loop;
end
$$;
--> statement-breakpoint
reset role;
