-- Payments, tracking events, what customers report and ask for, and how the letters to them end.
set local role counterfoil_owner;
--> statement-breakpoint
CREATE TABLE "portal"."change_requests" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"fields" jsonb NOT NULL,
	"note" text,
	"status" text DEFAULT 'open' NOT NULL,
	"reason" text,
	"idempotency_key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"decided_at" timestamp with time zone,
	CONSTRAINT "change_requests_once" UNIQUE("org_id","contact_id","idempotency_key"),
	CONSTRAINT "change_requests_kind" CHECK (kind in ('contact_details', 'delivery_address')),
	CONSTRAINT "change_requests_status" CHECK (status in ('open', 'accepted', 'declined')),
	CONSTRAINT "change_requests_decided" CHECK ((status = 'open') = (decided_at is null))
);
--> statement-breakpoint
ALTER TABLE "portal"."change_requests" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "portal"."feedback" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"about" text NOT NULL,
	"rating" integer NOT NULL,
	"comment" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "feedback_about" CHECK (about in ('download', 'issue')),
	CONSTRAINT "feedback_rating" CHECK (rating between 1 and 5),
	CONSTRAINT "feedback_comment" CHECK (length(comment) between 1 and 500)
);
--> statement-breakpoint
ALTER TABLE "portal"."feedback" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "staff"."issue_desks" (
	"org_id" uuid NOT NULL,
	"issue_id" uuid NOT NULL,
	"assignee_id" uuid,
	CONSTRAINT "issue_desks_key" PRIMARY KEY("issue_id")
);
--> statement-breakpoint
ALTER TABLE "staff"."issue_desks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "portal"."issue_messages" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"issue_id" uuid NOT NULL,
	"author" text NOT NULL,
	"author_name" text NOT NULL,
	"contact_id" uuid,
	"member_id" uuid,
	"body" text NOT NULL,
	"idempotency_key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "issue_messages_once" UNIQUE("issue_id","idempotency_key"),
	CONSTRAINT "issue_messages_author" CHECK (author in ('customer', 'staff')),
	CONSTRAINT "issue_messages_one_author" CHECK ((author = 'customer') = (contact_id is not null) and (author = 'staff') = (member_id is not null)),
	CONSTRAINT "issue_messages_body" CHECK (length(body) between 1 and 4000)
);
--> statement-breakpoint
ALTER TABLE "portal"."issue_messages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "staff"."issue_notes" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"issue_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"body" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "issue_notes_body" CHECK (length(body) between 1 and 4000)
);
--> statement-breakpoint
ALTER TABLE "staff"."issue_notes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "portal"."issue_photos" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"issue_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"size" bigint NOT NULL,
	"media_type" text NOT NULL,
	"file_name" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "issue_photos_file" UNIQUE("issue_id","sha256"),
	CONSTRAINT "issue_photos_size" CHECK (size between 1 and 10000000)
);
--> statement-breakpoint
ALTER TABLE "portal"."issue_photos" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "portal"."issue_reports" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"order_number" text NOT NULL,
	"order_key" text NOT NULL,
	"line_numbers" integer[] DEFAULT '{}' NOT NULL,
	"kind" text NOT NULL,
	"description" text NOT NULL,
	"contact_email" text NOT NULL,
	"contact_phone" text,
	"status" text DEFAULT 'open' NOT NULL,
	"credit_note_number" text,
	"credit_note_key" text,
	"idempotency_key" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"resolved_at" timestamp with time zone,
	CONSTRAINT "issue_reports_number" UNIQUE("org_id","number"),
	CONSTRAINT "issue_reports_once" UNIQUE("org_id","contact_id","idempotency_key"),
	CONSTRAINT "issue_reports_customer_id" UNIQUE("org_id","customer_id","id"),
	CONSTRAINT "issue_reports_kind" CHECK (kind in ('damaged', 'missing', 'wrong_items', 'delayed', 'quality', 'other')),
	CONSTRAINT "issue_reports_status" CHECK (status in ('open', 'in_progress', 'waiting_for_customer', 'resolved')),
	CONSTRAINT "issue_reports_description" CHECK (length(description) between 10 and 1000),
	CONSTRAINT "issue_reports_resolved" CHECK ((status = 'resolved') = (resolved_at is not null))
);
--> statement-breakpoint
ALTER TABLE "portal"."issue_reports" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "staff"."unsubscribe_keys" (
	"key_hash" text PRIMARY KEY NOT NULL,
	"org_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"topic" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "unsubscribe_keys_topic" CHECK (topic in ('documents', 'tracking', 'issues', 'statements'))
);
--> statement-breakpoint
ALTER TABLE "staff"."unsubscribe_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "portal"."payment_allocations" (
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"payment_id" uuid NOT NULL,
	"invoice_number" text NOT NULL,
	"invoice_key" text NOT NULL,
	"amount" numeric(14, 2) NOT NULL,
	CONSTRAINT "payment_allocations_invoice" UNIQUE("payment_id","invoice_key")
);
--> statement-breakpoint
ALTER TABLE "portal"."payment_allocations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "portal"."payments" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"number" text NOT NULL,
	"number_key" text NOT NULL,
	"paid_on" date NOT NULL,
	"currency" text NOT NULL,
	"amount" numeric(14, 2) NOT NULL,
	"method" text,
	"reference" text,
	CONSTRAINT "payments_org_number" UNIQUE("org_id","number_key"),
	CONSTRAINT "payments_customer_id" UNIQUE("org_id","customer_id","id"),
	CONSTRAINT "payments_currency" CHECK (currency ~ '^[A-Z]{3}$')
);
--> statement-breakpoint
ALTER TABLE "portal"."payments" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "portal"."tracking_events" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"shipment_id" uuid NOT NULL,
	"event_key" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"status" text NOT NULL,
	"substatus" text,
	"city" text,
	"description" text,
	"source" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tracking_events_key" UNIQUE("shipment_id","event_key"),
	CONSTRAINT "tracking_events_status" CHECK (status in ('label_created', 'picked_up', 'in_transit', 'out_for_delivery', 'delivered', 'exception', 'returned', 'unknown')),
	CONSTRAINT "tracking_events_source" CHECK (source in ('import', 'carrier', 'staff'))
);
--> statement-breakpoint
ALTER TABLE "portal"."tracking_events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "staff"."publish_items" DROP CONSTRAINT "publish_items_kind";--> statement-breakpoint
ALTER TABLE "staff"."records" DROP CONSTRAINT "records_kind";--> statement-breakpoint
ALTER TABLE "portal"."contacts" ADD COLUMN "chosen_language" text;--> statement-breakpoint
ALTER TABLE "portal"."contacts" ADD COLUMN "muted_mail" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "portal"."contacts" ADD COLUMN "visited_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "portal"."orgs" ADD COLUMN "locale" text DEFAULT 'en' NOT NULL;--> statement-breakpoint
ALTER TABLE "portal"."orgs" ADD COLUMN "currency" text;--> statement-breakpoint
ALTER TABLE "staff"."sessions" ADD COLUMN "new_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "portal"."shipments" ADD CONSTRAINT "shipments_order_id" UNIQUE("order_id","id");--> statement-breakpoint
ALTER TABLE "portal"."change_requests" ADD CONSTRAINT "change_requests_contact" FOREIGN KEY ("org_id","customer_id","contact_id") REFERENCES "portal"."contacts"("org_id","customer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal"."feedback" ADD CONSTRAINT "feedback_contact" FOREIGN KEY ("org_id","customer_id","contact_id") REFERENCES "portal"."contacts"("org_id","customer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff"."issue_desks" ADD CONSTRAINT "issue_desks_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff"."issue_desks" ADD CONSTRAINT "issue_desks_issue_id_issue_reports_id_fk" FOREIGN KEY ("issue_id") REFERENCES "portal"."issue_reports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff"."issue_desks" ADD CONSTRAINT "issue_desks_assignee" FOREIGN KEY ("org_id","assignee_id") REFERENCES "staff"."members"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal"."issue_messages" ADD CONSTRAINT "issue_messages_issue" FOREIGN KEY ("org_id","customer_id","issue_id") REFERENCES "portal"."issue_reports"("org_id","customer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff"."issue_notes" ADD CONSTRAINT "issue_notes_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff"."issue_notes" ADD CONSTRAINT "issue_notes_issue_id_issue_reports_id_fk" FOREIGN KEY ("issue_id") REFERENCES "portal"."issue_reports"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff"."issue_notes" ADD CONSTRAINT "issue_notes_member" FOREIGN KEY ("org_id","member_id") REFERENCES "staff"."members"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal"."issue_photos" ADD CONSTRAINT "issue_photos_issue" FOREIGN KEY ("org_id","customer_id","issue_id") REFERENCES "portal"."issue_reports"("org_id","customer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal"."issue_reports" ADD CONSTRAINT "issue_reports_contact" FOREIGN KEY ("org_id","customer_id","contact_id") REFERENCES "portal"."contacts"("org_id","customer_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff"."unsubscribe_keys" ADD CONSTRAINT "unsubscribe_keys_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "staff"."unsubscribe_keys" ADD CONSTRAINT "unsubscribe_keys_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "portal"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal"."payment_allocations" ADD CONSTRAINT "payment_allocations_payment" FOREIGN KEY ("org_id","customer_id","payment_id") REFERENCES "portal"."payments"("org_id","customer_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal"."payments" ADD CONSTRAINT "payments_customer" FOREIGN KEY ("org_id","customer_id") REFERENCES "portal"."customers"("org_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal"."tracking_events" ADD CONSTRAINT "tracking_events_shipment" FOREIGN KEY ("order_id","shipment_id") REFERENCES "portal"."shipments"("order_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "portal"."tracking_events" ADD CONSTRAINT "tracking_events_of_order" FOREIGN KEY ("org_id","customer_id","order_id") REFERENCES "portal"."orders"("org_id","customer_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "change_requests_customer" ON "portal"."change_requests" USING btree ("org_id","customer_id","created_at");--> statement-breakpoint
CREATE INDEX "change_requests_open" ON "portal"."change_requests" USING btree ("org_id","created_at") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "feedback_contact" ON "portal"."feedback" USING btree ("contact_id","created_at");--> statement-breakpoint
CREATE INDEX "feedback_org" ON "portal"."feedback" USING btree ("org_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "issue_desks_assignee" ON "staff"."issue_desks" USING btree ("org_id","assignee_id");--> statement-breakpoint
CREATE INDEX "issue_messages_issue" ON "portal"."issue_messages" USING btree ("issue_id","created_at");--> statement-breakpoint
CREATE INDEX "issue_notes_issue" ON "staff"."issue_notes" USING btree ("issue_id","created_at");--> statement-breakpoint
CREATE INDEX "issue_reports_order" ON "portal"."issue_reports" USING btree ("org_id","customer_id","order_key");--> statement-breakpoint
CREATE INDEX "issue_reports_org_changed" ON "portal"."issue_reports" USING btree ("org_id","changed_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "unsubscribe_keys_created" ON "staff"."unsubscribe_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "payment_allocations_customer_invoice" ON "portal"."payment_allocations" USING btree ("org_id","customer_id","invoice_key");--> statement-breakpoint
CREATE INDEX "payments_customer_paid" ON "portal"."payments" USING btree ("org_id","customer_id","paid_on" DESC NULLS FIRST,"id" DESC NULLS FIRST);--> statement-breakpoint
CREATE INDEX "tracking_events_shipment_at" ON "portal"."tracking_events" USING btree ("shipment_id","at");--> statement-breakpoint
CREATE INDEX "tracking_events_order" ON "portal"."tracking_events" USING btree ("order_id");--> statement-breakpoint
ALTER TABLE "portal"."contacts" ADD CONSTRAINT "contacts_chosen_language" CHECK (chosen_language in ('en', 'es', 'pl'));--> statement-breakpoint
ALTER TABLE "portal"."contacts" ADD CONSTRAINT "contacts_muted_mail" CHECK (muted_mail <@ array['documents', 'tracking', 'issues', 'statements']);--> statement-breakpoint
ALTER TABLE "portal"."orgs" ADD CONSTRAINT "orgs_locale" CHECK (locale in ('en', 'es', 'pl'));--> statement-breakpoint
ALTER TABLE "portal"."orgs" ADD CONSTRAINT "orgs_currency" CHECK (currency ~ '^[A-Z]{3}$');--> statement-breakpoint
ALTER TABLE "staff"."publish_items" ADD CONSTRAINT "publish_items_kind" CHECK (kind in ('customer', 'contact', 'order', 'order_line', 'shipment', 'tracking_event', 'invoice', 'payment', 'payment_allocation', 'document'));--> statement-breakpoint
ALTER TABLE "staff"."records" ADD CONSTRAINT "records_kind" CHECK (kind in ('customer', 'contact', 'order', 'order_line', 'shipment', 'tracking_event', 'invoice', 'payment', 'payment_allocation', 'document'));--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."change_requests" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c));--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."change_requests" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."change_requests" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "portal"."change_requests" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."feedback" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id, contact_id) = (select c.org_id, c.customer_id, c.contact_id from portal.context() c));--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."feedback" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."feedback" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."issue_desks" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."issue_desks" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."issue_messages" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c));--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."issue_messages" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."issue_messages" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "portal"."issue_messages" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."issue_notes" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."issue_notes" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."issue_photos" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c));--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."issue_photos" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."issue_photos" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."issue_reports" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c));--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."issue_reports" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."issue_reports" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "portal"."issue_reports" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "owner_lookup" ON "staff"."unsubscribe_keys" AS PERMISSIVE FOR SELECT TO "counterfoil_owner" USING (true);--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."unsubscribe_keys" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "system_all_orgs" ON "staff"."unsubscribe_keys" AS PERMISSIVE FOR ALL TO "counterfoil_system" USING (true) WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."payment_allocations" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c where c.financials));--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."payment_allocations" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."payment_allocations" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."payments" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c where c.financials));--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."payments" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."payments" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "customer_own" ON "portal"."tracking_events" AS PERMISSIVE FOR SELECT TO "counterfoil_customer" USING ((org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c) and exists (select 1 from portal.orders o where o.id = order_id offset 0));--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "portal"."tracking_events" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "portal"."tracking_events" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
ALTER TABLE "portal"."change_requests" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "portal"."feedback" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "portal"."issue_messages" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "portal"."issue_photos" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "portal"."issue_reports" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "portal"."payment_allocations" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "portal"."payments" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "portal"."tracking_events" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "staff"."issue_desks" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "staff"."issue_notes" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "staff"."unsubscribe_keys" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
grant select on
  portal.change_requests, portal.feedback, portal.issue_messages, portal.issue_photos, portal.issue_reports,
  portal.payment_allocations, portal.payments, portal.tracking_events
  to counterfoil_customer, counterfoil_staff;
--> statement-breakpoint
grant select on staff.issue_desks, staff.issue_notes to counterfoil_staff;
--> statement-breakpoint
grant update (locale, currency) on portal.orgs to counterfoil_staff;
--> statement-breakpoint
reset role;
