-- Who may call what. Nothing is executable by default; each audience gets its own doors.
set local role counterfoil_owner;
--> statement-breakpoint
revoke execute on all functions in schema audit, portal, staff from public;
--> statement-breakpoint
-- Policies run their functions as the querying role.
grant execute on function portal.context() to counterfoil_customer;
--> statement-breakpoint
grant execute on function staff.context() to counterfoil_staff;
--> statement-breakpoint
grant execute on function
  portal.enter(bytea, text, text), portal.refuse(bytea, text, text, text),
  portal.open_link(bytea, bytea, text), portal.end_session(bytea, text), portal.describe_link(uuid),
  portal.request_link(text, text, uuid, text), portal.audit(text, text, text, jsonb), portal.visit(),
  portal.list_orders(text[], text, date, uuid), portal.view_order(uuid), portal.take_document(uuid, uuid, text, boolean)
  to counterfoil_customer;
--> statement-breakpoint
grant execute on function
  staff.enter(text, text, text, text), staff.memberships(text), staff.audit(text, text, text, jsonb, uuid),
  staff.normalise_key(text), staff.wanted_exposure(uuid, text[]), staff.match_files(uuid),
  staff.review(uuid), staff.review_hash(uuid), staff.is_own_import(uuid, uuid), staff.hold_publish(uuid),
  staff.approve(uuid, text, boolean), staff.reject(uuid, text), staff.withdraw(uuid),
  staff.set_exposure(text, text[], text[])
  to counterfoil_staff;
--> statement-breakpoint
grant execute on function audit.append(uuid, text, uuid, uuid, uuid, text, text, text, jsonb) to counterfoil_system;
--> statement-breakpoint
reset role;
