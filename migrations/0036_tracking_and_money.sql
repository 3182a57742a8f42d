-- Tracking that carriers tell of, what customers are told, how mail fares, statements and the codes of exports.
set local role counterfoil_owner;
--> statement-breakpoint
CREATE TABLE "staff"."hints" (
	"org_id" uuid NOT NULL,
	"customer_id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "staff"."hints" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "staff"."notice_letters" (
	"org_id" uuid NOT NULL,
	"notification_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"letter_id" uuid NOT NULL,
	CONSTRAINT "notice_letters_key" PRIMARY KEY("notification_id","contact_id")
);
--> statement-breakpoint
ALTER TABLE "staff"."notice_letters" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "portal"."notifications" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"event" text NOT NULL,
	"order_id" uuid,
	"subject" text,
	"params" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"financial" boolean DEFAULT false NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "notifications_event" UNIQUE("org_id","customer_id","event"),
	CONSTRAINT "notifications_kind" CHECK (kind in ('shipment_status', 'documents_ready', 'issue_replied', 'change_answered', 'statement_ready'))
);
--> statement-breakpoint
ALTER TABLE "portal"."notifications" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "staff"."suppressions" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"email" text NOT NULL,
	"reason" text NOT NULL,
	"letter_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"lifted_at" timestamp with time zone,
	"lifted_by" uuid,
	CONSTRAINT "suppressions_email" UNIQUE("org_id","email","created_at"),
	CONSTRAINT "suppressions_reason" CHECK (reason in ('bounced', 'complained', 'suppressed'))
);
--> statement-breakpoint
ALTER TABLE "staff"."suppressions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "staff"."webhook_events" (
	"svix_id" text PRIMARY KEY NOT NULL,
	"org_id" uuid,
	"letter_id" uuid,
	"fate" text NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone DEFAULT now() NOT NULL,
	"detail" text,
	CONSTRAINT "webhook_events_fate" CHECK (fate in ('delivered', 'delayed', 'bounced', 'complained', 'failed', 'suppressed'))
);
--> statement-breakpoint
ALTER TABLE "staff"."webhook_events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "portal"."export_mappings" (
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"format" text NOT NULL,
	"codes" jsonb NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "export_mappings_key" PRIMARY KEY("org_id","customer_id","format"),
	CONSTRAINT "export_mappings_format" CHECK (format in ('xero', 'quickbooks', 'sage50', 'csv', 'ubl'))
);
--> statement-breakpoint
ALTER TABLE "portal"."export_mappings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "staff"."sales_mappings" (
	"org_id" uuid NOT NULL,
	"format" text NOT NULL,
	"codes" jsonb NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sales_mappings_key" PRIMARY KEY("org_id","format"),
	CONSTRAINT "sales_mappings_format" CHECK (format in ('xero', 'quickbooks', 'sage50', 'csv', 'ubl'))
);
--> statement-breakpoint
ALTER TABLE "staff"."sales_mappings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "portal"."statements" (
	"document_id" uuid PRIMARY KEY NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"from_day" date NOT NULL,
	"to_day" date NOT NULL,
	"digest" text NOT NULL,
	"drawn_at" timestamp with time zone DEFAULT now() NOT NULL,
	"redrawn_at" timestamp with time zone,
	CONSTRAINT "statements_period" UNIQUE("org_id","customer_id","from_day","to_day"),
	CONSTRAINT "statements_days" CHECK (from_day <= to_day)
);
--> statement-breakpoint
ALTER TABLE "portal"."statements" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "staff"."carrier_state" (
	"carrier" text PRIMARY KEY NOT NULL,
	"hour_started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"hour_calls" integer DEFAULT 0 NOT NULL,
	"sealed_token" text,
	"token_expires_at" timestamp with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"open_until" timestamp with time zone,
	"last_success_at" timestamp with time zone,
	"last_error" text,
	"last_error_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "staff"."carrier_state" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "portal"."delivery_estimates" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"shipment_id" uuid NOT NULL,
	"day" date NOT NULL,
	"source" text NOT NULL,
	"told_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "delivery_estimates_source" CHECK (source in ('supplier', 'carrier'))
);
--> statement-breakpoint
ALTER TABLE "portal"."delivery_estimates" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "staff"."integration_log" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"integration" text NOT NULL,
	"org_id" uuid,
	"outcome" text NOT NULL,
	"reason" text,
	"subjects" integer DEFAULT 0 NOT NULL,
	"duration_ms" integer,
	CONSTRAINT "integration_log_outcome" CHECK (outcome in ('ok', 'failed', 'throttled', 'opened', 'over_budget'))
);
--> statement-breakpoint
ALTER TABLE "staff"."integration_log" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "staff"."polled_shipments" (
	"org_id" uuid NOT NULL,
	"shipment_id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"carrier" text NOT NULL,
	"number" text NOT NULL,
	"shipped_on" date,
	"unique_id" text,
	"next_poll_at" timestamp with time zone,
	"leased_until" timestamp with time zone,
	"lease" uuid,
	"checked_at" timestamp with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"last_error" text,
	CONSTRAINT "polled_shipments_key" PRIMARY KEY("shipment_id")
);
--> statement-breakpoint
ALTER TABLE "staff"."polled_shipments" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "staff"."alerts" DROP CONSTRAINT "alerts_kind";--> statement-breakpoint
ALTER TABLE "portal"."contacts" ADD COLUMN "notices_read_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "portal"."orgs" ADD COLUMN "payment_link" text;--> statement-breakpoint
ALTER TABLE "portal"."orgs" ADD COLUMN "tracking_links" jsonb DEFAULT '{}'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "portal"."orgs" ADD COLUMN "sends_statements" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "portal"."orgs" ADD COLUMN "published_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "portal"."shipments" ADD COLUMN "substatus" text;--> statement-breakpoint
ALTER TABLE "portal"."shipments" ADD COLUMN "checked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "portal"."shipments" ADD COLUMN "delivered_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "portal"."shipments" ADD COLUMN "signed_by" text;--> statement-breakpoint
ALTER TABLE "portal"."shipments" ADD COLUMN "carrier_estimate" date;--> statement-breakpoint
ALTER TABLE "portal"."shipments" ADD COLUMN "predicted_delivery" date;--> statement-breakpoint
ALTER TABLE "portal"."shipments" ADD COLUMN "predicted_latest" date;--> statement-breakpoint
ALTER TABLE "staff"."outbox" ADD COLUMN "fate" text;--> statement-breakpoint
ALTER TABLE "staff"."outbox" ADD COLUMN "fate_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "staff"."outbox" ADD COLUMN "fate_detail" text;--> statement-breakpoint
ALTER TABLE "portal"."tracking_events" ADD COLUMN "code" text;--> statement-breakpoint
ALTER TABLE "staff"."notice_letters" ADD CONSTRAINT "notice_letters_notification_id_notifications_id_fk" FOREIGN KEY ("notification_id") REFERENCES "portal"."notifications"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff"."notice_letters" ADD CONSTRAINT "notice_letters_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "portal"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff"."notice_letters" ADD CONSTRAINT "notice_letters_letter_id_outbox_id_fk" FOREIGN KEY ("letter_id") REFERENCES "staff"."outbox"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal"."notifications" ADD CONSTRAINT "notifications_customer" FOREIGN KEY ("org_id","customer_id") REFERENCES "portal"."customers"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal"."notifications" ADD CONSTRAINT "notifications_of_order" FOREIGN KEY ("org_id","customer_id","order_id") REFERENCES "portal"."orders"("org_id","customer_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff"."suppressions" ADD CONSTRAINT "suppressions_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff"."suppressions" ADD CONSTRAINT "suppressions_letter_id_outbox_id_fk" FOREIGN KEY ("letter_id") REFERENCES "staff"."outbox"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff"."webhook_events" ADD CONSTRAINT "webhook_events_letter_id_outbox_id_fk" FOREIGN KEY ("letter_id") REFERENCES "staff"."outbox"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal"."export_mappings" ADD CONSTRAINT "export_mappings_customer" FOREIGN KEY ("org_id","customer_id") REFERENCES "portal"."customers"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff"."sales_mappings" ADD CONSTRAINT "sales_mappings_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal"."statements" ADD CONSTRAINT "statements_document_id_documents_id_fk" FOREIGN KEY ("document_id") REFERENCES "portal"."documents"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal"."statements" ADD CONSTRAINT "statements_customer" FOREIGN KEY ("org_id","customer_id") REFERENCES "portal"."customers"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal"."delivery_estimates" ADD CONSTRAINT "delivery_estimates_shipment" FOREIGN KEY ("order_id","shipment_id") REFERENCES "portal"."shipments"("order_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal"."delivery_estimates" ADD CONSTRAINT "delivery_estimates_of_order" FOREIGN KEY ("org_id","customer_id","order_id") REFERENCES "portal"."orders"("org_id","customer_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff"."polled_shipments" ADD CONSTRAINT "polled_shipments_shipment" FOREIGN KEY ("order_id","shipment_id") REFERENCES "portal"."shipments"("order_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "notice_letters_letter" ON "staff"."notice_letters" USING btree ("letter_id");--> statement-breakpoint
CREATE INDEX "notifications_customer" ON "portal"."notifications" USING btree ("org_id","customer_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "notifications_order" ON "portal"."notifications" USING btree ("order_id");--> statement-breakpoint
CREATE INDEX "suppressions_in_force" ON "staff"."suppressions" USING btree ("org_id","email") WHERE lifted_at is null;--> statement-breakpoint
CREATE INDEX "webhook_events_letter" ON "staff"."webhook_events" USING btree ("letter_id");--> statement-breakpoint
CREATE INDEX "webhook_events_received" ON "staff"."webhook_events" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "delivery_estimates_shipment" ON "portal"."delivery_estimates" USING btree ("shipment_id","told_at");--> statement-breakpoint
CREATE INDEX "integration_log_at" ON "staff"."integration_log" USING btree ("integration","at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "polled_shipments_due" ON "staff"."polled_shipments" USING btree ("carrier","next_poll_at") WHERE next_poll_at is not null;--> statement-breakpoint
CREATE INDEX "outbox_provider" ON "staff"."outbox" USING btree ("provider_id") WHERE provider_id is not null;--> statement-breakpoint
CREATE INDEX "outbox_org_created" ON "staff"."outbox" USING btree ("org_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
ALTER TABLE "staff"."alerts" ADD CONSTRAINT "alerts_kind" CHECK (kind in ('document_missing', 'document_damaged', 'audit_broken', 'mail_died', 'mail_bounced', 'mail_complained', 'carrier_down', 'statement_broken'));--> statement-breakpoint
ALTER TABLE "portal"."shipments" ADD CONSTRAINT "shipments_substatus" CHECK (substatus in ('available_for_pickup', 'delayed', 'attempted', 'cancelled', 'customs'));--> statement-breakpoint
ALTER TABLE "staff"."outbox" ADD CONSTRAINT "outbox_fate" CHECK (fate in ('delivered', 'delayed', 'bounced', 'complained', 'failed', 'suppressed'));--> statement-breakpoint
ALTER TABLE "portal"."tracking_events" ADD CONSTRAINT "tracking_events_substatus" CHECK (substatus in ('available_for_pickup', 'delayed', 'attempted', 'cancelled', 'customs'));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."orgs" AS PERMISSIVE FOR UPDATE TO "counterfoil_owner" USING (id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."hints" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "staff"."hints" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."notice_letters" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "staff"."notice_letters" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."notifications" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c)
      and (not financial or (select c.financials from portal.context() c))
      and (order_id is null or exists (select 1 from portal.orders o where o.id = order_id offset 0)));--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."notifications" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."notifications" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "portal"."notifications" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."suppressions" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_lookup" ON "staff"."suppressions" AS PERMISSIVE FOR SELECT TO "counterfoil_owner" USING (true);--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."suppressions" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "staff"."suppressions" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."webhook_events" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."webhook_events" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "staff"."webhook_events" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."export_mappings" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c where c.financials));--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."export_mappings" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."export_mappings" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."sales_mappings" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."sales_mappings" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."statements" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c where c.financials));--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."statements" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."statements" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "portal"."statements" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "owner_lookup" ON "staff"."carrier_state" AS PERMISSIVE FOR SELECT TO "counterfoil_owner" USING (true);--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "staff"."carrier_state" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."delivery_estimates" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c) and exists (select 1 from portal.orders o where o.id = order_id offset 0));--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."delivery_estimates" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."delivery_estimates" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "portal"."delivery_estimates" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "owner_lookup" ON "staff"."integration_log" AS PERMISSIVE FOR SELECT TO "counterfoil_owner" USING (true);--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "staff"."integration_log" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."polled_shipments" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."polled_shipments" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "staff"."polled_shipments" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);
--> statement-breakpoint
ALTER TABLE "staff"."hints" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "staff"."notice_letters" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "portal"."notifications" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "staff"."suppressions" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "staff"."webhook_events" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "portal"."export_mappings" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "staff"."sales_mappings" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "portal"."statements" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "staff"."carrier_state" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "portal"."delivery_estimates" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "staff"."integration_log" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "staff"."polled_shipments" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
grant select on portal.notifications, portal.statements, portal.export_mappings, portal.delivery_estimates
  to counterfoil_customer, counterfoil_staff;
--> statement-breakpoint
grant select on staff.webhook_events, staff.suppressions, staff.polled_shipments, staff.sales_mappings
  to counterfoil_staff;
--> statement-breakpoint
grant select (fate, fate_at, fate_detail) on staff.outbox to counterfoil_staff;
--> statement-breakpoint
grant update (payment_link, tracking_links, sends_statements) on portal.orgs to counterfoil_staff;
--> statement-breakpoint
grant select, insert, update on staff.carrier_state to counterfoil_system;
--> statement-breakpoint
grant select, insert on staff.integration_log to counterfoil_system;
--> statement-breakpoint
grant select, delete on staff.hints to counterfoil_system;
--> statement-breakpoint
-- What is shown is as of the last approval.
create function staff.note_published()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  update portal.orgs o set published_at = now() where o.id = new.org_id;
  return null;
end
$$;
--> statement-breakpoint
revoke all on function staff.note_published() from public;
--> statement-breakpoint
create trigger publishes_note_published after update of status on staff.publishes
  for each row when (new.status = 'approved' and old.status <> 'approved') execute function staff.note_published();
--> statement-breakpoint
reset role;
