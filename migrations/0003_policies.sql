-- Policies, generated from worker/database/schema.ts; then what drizzle-kit cannot say.
set local role counterfoil_owner;
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "audit"."events" AS PERMISSIVE FOR SELECT TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_appends" ON "audit"."events" AS PERMISSIVE FOR INSERT TO "counterfoil_owner" WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."contacts" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id, id) = (select c.org_id, c.customer_id, c.contact_id from portal.context() c));
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."contacts" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_lookup" ON "portal"."contacts" AS PERMISSIVE FOR SELECT TO "counterfoil_owner" USING (true);
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."contacts" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "portal"."contacts" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."customers" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, id) = (select c.org_id, c.customer_id from portal.context() c));
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."customers" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."customers" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "portal"."customers" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."documents" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c)
      and (not (kind in ('order_confirmation', 'invoice', 'credit_note', 'statement')) or (select c.financials from portal.context() c))
      and case when kind in ('invoice', 'credit_note') then not held
               else order_id is null or exists (select 1 from portal.orders o where o.id = order_id offset 0) end);
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."documents" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."documents" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."invoices" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c where c.financials) and not held);
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."invoices" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."invoices" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."order_amounts" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c where c.financials) and exists (select 1 from portal.orders o where o.id = order_id offset 0));
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."order_amounts" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."order_amounts" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."order_line_amounts" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c where c.financials) and exists (select 1 from portal.orders o where o.id = order_id offset 0));
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."order_line_amounts" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."order_line_amounts" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."order_lines" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c) and exists (select 1 from portal.orders o where o.id = order_id offset 0));
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."order_lines" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."order_lines" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."orders" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c)
      and placed_on >= (select c.orders_since from portal.context() c)
      and (status is distinct from 'cancelled' or cancelled_on >= (select c.cancelled_since from portal.context() c))
      and (status is distinct from 'draft' or first_shown_at >= (select c.drafts_since from portal.context() c)));
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."orders" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."orders" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."orgs" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING (id = (select c.org_id from portal.context() c));
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."orgs" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (id = (select s.org_id from staff.context() s)) WITH CHECK (id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_lookup" ON "portal"."orgs" AS PERMISSIVE FOR SELECT TO "counterfoil_owner" USING (true);
--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "portal"."orgs" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."shipments" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c) and exists (select 1 from portal.orders o where o.id = order_id offset 0));
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."shipments" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."shipments" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."access_links" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_lookup" ON "staff"."access_links" AS PERMISSIVE FOR SELECT TO "counterfoil_owner" USING (true);
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."access_links" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "staff"."access_links" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."exposures" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."exposures" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."imports" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."imports" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."members" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_lookup" ON "staff"."members" AS PERMISSIVE FOR SELECT TO "counterfoil_owner" USING (true);
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."members" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "staff"."members" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."outbox" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."outbox" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "staff"."outbox" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."publish_items" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."publish_items" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."publishes" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."publishes" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "staff"."publishes" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."records" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."records" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."sessions" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_lookup" ON "staff"."sessions" AS PERMISSIVE FOR SELECT TO "counterfoil_owner" USING (true);
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."sessions" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "staff"."sessions" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."staged_files" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."staged_files" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
-- FORCE: row security binds the owner too.
do $$
declare
  t record;
begin
  for t in
    select c.oid::regclass as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('audit', 'portal', 'staff') and c.relkind = 'r'
  loop
    execute format('alter table %s force row level security', t.name);
  end loop;
end
$$;
--> statement-breakpoint
-- Grants. Customers read `portal` and nothing else; what they change, they change through a door.
grant usage on schema portal to counterfoil_customer, counterfoil_staff, counterfoil_system;
--> statement-breakpoint
grant usage on schema staff to counterfoil_staff, counterfoil_system;
--> statement-breakpoint
grant usage on schema audit to counterfoil_staff, counterfoil_system;
--> statement-breakpoint
grant select on all tables in schema portal to counterfoil_customer, counterfoil_staff;
--> statement-breakpoint
-- Staff read their org. The gate's own functions write what is live and what is decided.
grant select on all tables in schema staff to counterfoil_staff;
--> statement-breakpoint
revoke select on staff.access_links, staff.sessions, staff.outbox from counterfoil_staff;
--> statement-breakpoint
-- Hashes and sealed letters are of no use to a screen, so no screen can leak them.
grant select (id, org_id, customer_id, contact_id, last4, label, scope, purpose, created_by, created_at,
              expires_at, renewed_at, rotated_at, revoked_at, opened_at, used_at, hour_started_at, hour_count)
  on staff.access_links to counterfoil_staff;
--> statement-breakpoint
grant select (id, org_id, link_id, created_at, last_seen_at, ended_at) on staff.sessions to counterfoil_staff;
--> statement-breakpoint
grant select (id, org_id, event, recipient, contact_id, template, language, params, state, attempts, due_at,
              first_tried_at, link_id, last_error, created_at, sent_at)
  on staff.outbox to counterfoil_staff;
--> statement-breakpoint
grant insert (id, org_id, name, created_by) on staff.publishes to counterfoil_staff;
--> statement-breakpoint
grant insert on staff.imports to counterfoil_staff;
--> statement-breakpoint
grant insert, delete, update (customer_key, order_key, line, position, fields, problems, ticked)
  on staff.publish_items to counterfoil_staff;
--> statement-breakpoint
grant insert, delete, update (name, number_keys, sha256, size, uploaded_by, uploaded_at)
  on staff.staged_files to counterfoil_staff;
--> statement-breakpoint
grant insert (id, org_id, customer_id, contact_id, token_hash, last4, label, scope, purpose, created_by, expires_at),
      update (label, expires_at, rotated_at, revoked_at)
  on staff.access_links to counterfoil_staff;
--> statement-breakpoint
grant insert (org_id, event, recipient, contact_id, template, language, params),
      update (state, due_at, attempts, first_tried_at, sealed_body, last_error)
  on staff.outbox to counterfoil_staff;
--> statement-breakpoint
grant update (access) on portal.contacts to counterfoil_staff;
--> statement-breakpoint
grant update (name, time_zone, contact_email, contact_phone, contact_hours, address, colour, has_logo,
              hourly_request_limit, order_window_months, cancelled_window_days, draft_window_days,
              requires_two_persons)
  on portal.orgs to counterfoil_staff;
--> statement-breakpoint
grant insert (org_id, email, service_name, name, role, language), update (name, role, language, active)
  on staff.members to counterfoil_staff;
--> statement-breakpoint
grant select on audit.events to counterfoil_staff;
--> statement-breakpoint
-- Jobs deliver mail: they mint the link a letter carries, and write how the letter fared.
grant select on portal.orgs, portal.contacts, portal.customers, staff.members, staff.publishes
  to counterfoil_system;
--> statement-breakpoint
grant select, insert on staff.access_links to counterfoil_system;
--> statement-breakpoint
grant select, update on staff.outbox to counterfoil_system;
--> statement-breakpoint
reset role;
