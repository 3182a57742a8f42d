-- Tables, generated from worker/database/schema.ts; made as the owner.
set local role counterfoil_owner;
--> statement-breakpoint
CREATE SCHEMA "audit";
--> statement-breakpoint
CREATE SCHEMA "portal";
--> statement-breakpoint
CREATE SCHEMA "staff";
--> statement-breakpoint
CREATE TABLE "audit"."events" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"org_id" uuid NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" uuid,
	"customer_id" uuid,
	"contact_id" uuid,
	"action" text NOT NULL,
	"subject_kind" text,
	"subject_id" text,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"request_id" text,
	CONSTRAINT "events_actor_kind" CHECK (actor_kind in ('customer', 'visitor', 'staff', 'service', 'system')),
	CONSTRAINT "events_action_shape" CHECK (action ~ '^[a-z_]+[.][a-z_]+$')
);
--> statement-breakpoint
ALTER TABLE "audit"."events" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "portal"."contacts" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"email" text NOT NULL,
	"name" text,
	"language" text DEFAULT 'en' NOT NULL,
	"access" text DEFAULT 'allowed' NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "contacts_customer_email" UNIQUE("org_id","customer_id","email"),
	CONSTRAINT "contacts_customer_id" UNIQUE("org_id","customer_id","id"),
	CONSTRAINT "contacts_email_lower" CHECK (email = lower(email)),
	CONSTRAINT "contacts_language" CHECK (language in ('en', 'es', 'pl')),
	CONSTRAINT "contacts_access" CHECK (access in ('allowed', 'paused', 'ended'))
);
--> statement-breakpoint
ALTER TABLE "portal"."contacts" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "portal"."customers" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"code" text NOT NULL,
	"code_key" text NOT NULL,
	"name" text NOT NULL,
	"tax_id" text,
	"country" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "customers_org_code" UNIQUE("org_id","code_key"),
	CONSTRAINT "customers_org_id" UNIQUE("org_id","id")
);
--> statement-breakpoint
ALTER TABLE "portal"."customers" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "portal"."documents" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"order_id" uuid,
	"kind" text NOT NULL,
	"number" text NOT NULL,
	"number_key" text NOT NULL,
	"dated_on" date,
	"file_name" text NOT NULL,
	"file_sha256" text NOT NULL,
	"file_size" bigint NOT NULL,
	"held" boolean DEFAULT false NOT NULL,
	"shown_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "documents_org_number" UNIQUE("org_id","kind","number_key"),
	CONSTRAINT "documents_kind" CHECK (kind in ('order_confirmation', 'invoice', 'packing_slip', 'proof_of_delivery', 'credit_note', 'statement'))
);
--> statement-breakpoint
ALTER TABLE "portal"."documents" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "portal"."invoices" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"order_id" uuid,
	"number" text NOT NULL,
	"number_key" text NOT NULL,
	"kind" text NOT NULL,
	"issued_on" date,
	"due_on" date,
	"currency" text,
	"net" numeric(14, 2),
	"tax" numeric(14, 2),
	"total" numeric(14, 2),
	"paid" numeric(14, 2),
	"credits_key" text,
	"held" boolean DEFAULT false NOT NULL,
	CONSTRAINT "invoices_org_number" UNIQUE("org_id","number_key"),
	CONSTRAINT "invoices_kind" CHECK (kind in ('invoice', 'credit_note'))
);
--> statement-breakpoint
ALTER TABLE "portal"."invoices" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "portal"."order_amounts" (
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"currency" text NOT NULL,
	"subtotal" numeric(14, 2),
	"tax" numeric(14, 2),
	"shipping" numeric(14, 2),
	"total" numeric(14, 2),
	CONSTRAINT "order_amounts_order" UNIQUE("order_id")
);
--> statement-breakpoint
ALTER TABLE "portal"."order_amounts" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "portal"."order_line_amounts" (
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"line_id" uuid NOT NULL,
	"unit_price" numeric,
	"tax_rate" numeric,
	"total" numeric(14, 2),
	CONSTRAINT "order_line_amounts_line" UNIQUE("line_id")
);
--> statement-breakpoint
ALTER TABLE "portal"."order_line_amounts" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "portal"."order_lines" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"line_number" integer NOT NULL,
	"item_code" text,
	"description" text,
	"quantity" numeric,
	"unit" text,
	CONSTRAINT "order_lines_number" UNIQUE("order_id","line_number"),
	CONSTRAINT "order_lines_order_id" UNIQUE("order_id","id")
);
--> statement-breakpoint
ALTER TABLE "portal"."order_lines" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "portal"."orders" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"number" text NOT NULL,
	"number_key" text NOT NULL,
	"placed_on" date NOT NULL,
	"status" text,
	"cancelled_on" date,
	"expected_ship" date,
	"expected_delivery" date,
	"items_count" integer,
	"po_number" text,
	"delivery_address" text,
	"first_shown_at" timestamp with time zone DEFAULT now() NOT NULL,
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "orders_org_number" UNIQUE("org_id","number_key"),
	CONSTRAINT "orders_customer_id" UNIQUE("org_id","customer_id","id"),
	CONSTRAINT "orders_status" CHECK (status in ('draft', 'pending', 'processing', 'shipped', 'delivered', 'cancelled')),
	CONSTRAINT "orders_cancelled" CHECK (status <> 'cancelled' or cancelled_on is not null)
);
--> statement-breakpoint
ALTER TABLE "portal"."orders" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "portal"."orgs" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"code" text NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"time_zone" text DEFAULT 'UTC' NOT NULL,
	"contact_email" text,
	"contact_phone" text,
	"contact_hours" text,
	"address" text,
	"colour" text DEFAULT '#1f5f5b' NOT NULL,
	"has_logo" boolean DEFAULT false NOT NULL,
	"hourly_request_limit" integer DEFAULT 100 NOT NULL,
	"order_window_months" integer DEFAULT 24 NOT NULL,
	"cancelled_window_days" integer DEFAULT 90 NOT NULL,
	"draft_window_days" integer DEFAULT 7 NOT NULL,
	"requires_two_persons" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "orgs_code_unique" UNIQUE("code"),
	CONSTRAINT "orgs_slug_unique" UNIQUE("slug"),
	CONSTRAINT "orgs_code_shape" CHECK (code ~ '^[0-9A-Za-z]{6}$'),
	CONSTRAINT "orgs_slug_shape" CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,38}[a-z0-9]$'),
	CONSTRAINT "orgs_colour_shape" CHECK (colour ~ '^#[0-9a-f]{6}$')
);
--> statement-breakpoint
ALTER TABLE "portal"."orgs" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "portal"."shipments" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"order_id" uuid NOT NULL,
	"shipment_key" text NOT NULL,
	"carrier" text,
	"tracking_number" text,
	"status" text DEFAULT 'unknown' NOT NULL,
	"shipped_on" date,
	"estimated_delivery" date,
	CONSTRAINT "shipments_org_key" UNIQUE("org_id","shipment_key"),
	CONSTRAINT "shipments_status" CHECK (status in ('label_created', 'picked_up', 'in_transit', 'out_for_delivery', 'delivered', 'exception', 'returned', 'unknown'))
);
--> statement-breakpoint
ALTER TABLE "portal"."shipments" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "staff"."access_links" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"token_hash" "bytea" NOT NULL,
	"last4" text NOT NULL,
	"label" text,
	"scope" text DEFAULT 'all' NOT NULL,
	"purpose" text DEFAULT 'standing' NOT NULL,
	"created_by" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"renewed_at" timestamp with time zone DEFAULT now() NOT NULL,
	"rotated_at" timestamp with time zone,
	"revoked_at" timestamp with time zone,
	"opened_at" timestamp with time zone,
	"used_at" timestamp with time zone,
	"hour_started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"hour_count" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "access_links_token_hash_unique" UNIQUE("token_hash"),
	CONSTRAINT "access_links_scope" CHECK (scope in ('all', 'no_financials')),
	CONSTRAINT "access_links_purpose" CHECK (purpose in ('standing', 'notification', 'preview'))
);
--> statement-breakpoint
ALTER TABLE "staff"."access_links" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "staff"."exposures" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"customer_key" text,
	"kinds" text[],
	"fields" text[],
	"granted_kinds" text[],
	"granted_fields" text[],
	"changed_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "exposures_customer" UNIQUE NULLS NOT DISTINCT("org_id","customer_key"),
	CONSTRAINT "exposures_default" CHECK (customer_key is not null or (kinds is not null and fields is not null))
);
--> statement-breakpoint
ALTER TABLE "staff"."exposures" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "staff"."imports" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"publish_id" uuid NOT NULL,
	"file_name" text NOT NULL,
	"sha256" text NOT NULL,
	"rows" integer NOT NULL,
	"skipped" integer NOT NULL,
	"items" integer NOT NULL,
	"unknown_columns" text[] NOT NULL,
	"problems" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"imported_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "staff"."imports" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "staff"."members" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"email" text,
	"service_name" text,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"language" text DEFAULT 'en' NOT NULL,
	"active" boolean DEFAULT true NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "members_org_email" UNIQUE("org_id","email"),
	CONSTRAINT "members_org_service" UNIQUE("org_id","service_name"),
	CONSTRAINT "members_org_id" UNIQUE("org_id","id"),
	CONSTRAINT "members_one_identity" CHECK ((email is null) <> (service_name is null)),
	CONSTRAINT "members_email_lower" CHECK (email = lower(email)),
	CONSTRAINT "members_role" CHECK (role in ('clerk', 'approver', 'owner')),
	CONSTRAINT "members_language" CHECK (language in ('en', 'es', 'pl')),
	CONSTRAINT "members_service_role" CHECK (service_name is null or role = 'clerk')
);
--> statement-breakpoint
ALTER TABLE "staff"."members" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "staff"."outbox" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"event" text NOT NULL,
	"recipient" text NOT NULL,
	"contact_id" uuid,
	"template" text NOT NULL,
	"language" text NOT NULL,
	"params" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"due_at" timestamp with time zone DEFAULT now() NOT NULL,
	"leased_until" timestamp with time zone,
	"first_tried_at" timestamp with time zone,
	"sealed_body" text,
	"link_id" uuid,
	"provider_id" text,
	"last_error" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp with time zone,
	CONSTRAINT "outbox_event_recipient" UNIQUE("org_id","event","recipient"),
	CONSTRAINT "outbox_state" CHECK (state in ('queued', 'sent', 'dead')),
	CONSTRAINT "outbox_language" CHECK (language in ('en', 'es', 'pl'))
);
--> statement-breakpoint
ALTER TABLE "staff"."outbox" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "staff"."publish_items" (
	"org_id" uuid NOT NULL,
	"publish_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"customer_key" text NOT NULL,
	"order_key" text,
	"line" integer NOT NULL,
	"position" integer NOT NULL,
	"fields" jsonb NOT NULL,
	"problems" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"ticked" boolean DEFAULT false NOT NULL,
	"included" boolean DEFAULT false NOT NULL,
	"file_sha256" text,
	"file_size" bigint,
	"file_name" text,
	CONSTRAINT "publish_items_key" PRIMARY KEY("publish_id","kind","key"),
	CONSTRAINT "publish_items_kind" CHECK (kind in ('customer', 'contact', 'order', 'order_line', 'shipment', 'invoice', 'document'))
);
--> statement-breakpoint
ALTER TABLE "staff"."publish_items" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "staff"."publishes" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"name" text NOT NULL,
	"status" text DEFAULT 'staged' NOT NULL,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"decided_by" uuid,
	"decided_at" timestamp with time zone,
	"rejection_reason" text,
	"review_hash" text,
	"own_import_confirmed" boolean DEFAULT false NOT NULL,
	"withdrawn_by" uuid,
	"withdrawn_at" timestamp with time zone,
	"summary" jsonb,
	CONSTRAINT "publishes_org_id" UNIQUE("org_id","id"),
	CONSTRAINT "publishes_status" CHECK (status in ('staged', 'approved', 'rejected', 'withdrawn'))
);
--> statement-breakpoint
ALTER TABLE "staff"."publishes" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "staff"."records" (
	"org_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"customer_key" text NOT NULL,
	"order_key" text,
	"fields" jsonb NOT NULL,
	"file_sha256" text,
	"file_size" bigint,
	"file_name" text,
	CONSTRAINT "records_key" PRIMARY KEY("org_id","kind","key"),
	CONSTRAINT "records_kind" CHECK (kind in ('customer', 'contact', 'order', 'order_line', 'shipment', 'invoice', 'document'))
);
--> statement-breakpoint
ALTER TABLE "staff"."records" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "staff"."sessions" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"link_id" uuid NOT NULL,
	"secret_hash" "bytea" NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "sessions_secret_hash_unique" UNIQUE("secret_hash")
);
--> statement-breakpoint
ALTER TABLE "staff"."sessions" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "staff"."staged_files" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"publish_id" uuid NOT NULL,
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	"number_keys" text[] NOT NULL,
	"sha256" text NOT NULL,
	"size" bigint NOT NULL,
	"uploaded_by" uuid NOT NULL,
	"uploaded_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "staged_files_name" UNIQUE("publish_id","name_key")
);
--> statement-breakpoint
ALTER TABLE "staff"."staged_files" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "portal"."contacts" ADD CONSTRAINT "contacts_customer" FOREIGN KEY ("org_id","customer_id") REFERENCES "portal"."customers"("org_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "portal"."customers" ADD CONSTRAINT "customers_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "portal"."documents" ADD CONSTRAINT "documents_customer" FOREIGN KEY ("org_id","customer_id") REFERENCES "portal"."customers"("org_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "portal"."documents" ADD CONSTRAINT "documents_of_order" FOREIGN KEY ("org_id","customer_id","order_id") REFERENCES "portal"."orders"("org_id","customer_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "portal"."invoices" ADD CONSTRAINT "invoices_customer" FOREIGN KEY ("org_id","customer_id") REFERENCES "portal"."customers"("org_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "portal"."invoices" ADD CONSTRAINT "invoices_of_order" FOREIGN KEY ("org_id","customer_id","order_id") REFERENCES "portal"."orders"("org_id","customer_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "portal"."order_amounts" ADD CONSTRAINT "order_amounts_of_order" FOREIGN KEY ("org_id","customer_id","order_id") REFERENCES "portal"."orders"("org_id","customer_id","id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "portal"."order_line_amounts" ADD CONSTRAINT "order_line_amounts_of_line" FOREIGN KEY ("order_id","line_id") REFERENCES "portal"."order_lines"("order_id","id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "portal"."order_line_amounts" ADD CONSTRAINT "order_line_amounts_of_order" FOREIGN KEY ("org_id","customer_id","order_id") REFERENCES "portal"."orders"("org_id","customer_id","id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "portal"."order_lines" ADD CONSTRAINT "order_lines_of_order" FOREIGN KEY ("org_id","customer_id","order_id") REFERENCES "portal"."orders"("org_id","customer_id","id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "portal"."orders" ADD CONSTRAINT "orders_customer" FOREIGN KEY ("org_id","customer_id") REFERENCES "portal"."customers"("org_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "portal"."shipments" ADD CONSTRAINT "shipments_of_order" FOREIGN KEY ("org_id","customer_id","order_id") REFERENCES "portal"."orders"("org_id","customer_id","id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."access_links" ADD CONSTRAINT "access_links_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."access_links" ADD CONSTRAINT "access_links_contact" FOREIGN KEY ("org_id","customer_id","contact_id") REFERENCES "portal"."contacts"("org_id","customer_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."exposures" ADD CONSTRAINT "exposures_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."imports" ADD CONSTRAINT "imports_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."imports" ADD CONSTRAINT "imports_publish" FOREIGN KEY ("org_id","publish_id") REFERENCES "staff"."publishes"("org_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."members" ADD CONSTRAINT "members_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."outbox" ADD CONSTRAINT "outbox_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."outbox" ADD CONSTRAINT "outbox_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "portal"."contacts"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."outbox" ADD CONSTRAINT "outbox_link_id_access_links_id_fk" FOREIGN KEY ("link_id") REFERENCES "staff"."access_links"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."publish_items" ADD CONSTRAINT "publish_items_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."publish_items" ADD CONSTRAINT "publish_items_publish" FOREIGN KEY ("org_id","publish_id") REFERENCES "staff"."publishes"("org_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."publishes" ADD CONSTRAINT "publishes_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."publishes" ADD CONSTRAINT "publishes_created_by" FOREIGN KEY ("org_id","created_by") REFERENCES "staff"."members"("org_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."records" ADD CONSTRAINT "records_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."sessions" ADD CONSTRAINT "sessions_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."sessions" ADD CONSTRAINT "sessions_link_id_access_links_id_fk" FOREIGN KEY ("link_id") REFERENCES "staff"."access_links"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."staged_files" ADD CONSTRAINT "staged_files_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."staged_files" ADD CONSTRAINT "staged_files_publish" FOREIGN KEY ("org_id","publish_id") REFERENCES "staff"."publishes"("org_id","id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE INDEX "events_org_at" ON "audit"."events" USING btree ("org_id","at" DESC NULLS FIRST,"id" DESC NULLS FIRST);
--> statement-breakpoint
CREATE INDEX "contacts_org_email" ON "portal"."contacts" USING btree ("org_id","email");
--> statement-breakpoint
CREATE INDEX "documents_customer_shown" ON "portal"."documents" USING btree ("org_id","customer_id","shown_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);
--> statement-breakpoint
CREATE INDEX "documents_order" ON "portal"."documents" USING btree ("order_id");
--> statement-breakpoint
CREATE INDEX "invoices_customer_issued" ON "portal"."invoices" USING btree ("org_id","customer_id","issued_on" DESC NULLS FIRST,"id" DESC NULLS FIRST);
--> statement-breakpoint
CREATE INDEX "invoices_order" ON "portal"."invoices" USING btree ("order_id");
--> statement-breakpoint
CREATE INDEX "orders_customer_placed" ON "portal"."orders" USING btree ("org_id","customer_id","placed_on" DESC NULLS FIRST,"id" DESC NULLS FIRST);
--> statement-breakpoint
CREATE INDEX "shipments_order" ON "portal"."shipments" USING btree ("order_id");
--> statement-breakpoint
CREATE INDEX "access_links_contact" ON "staff"."access_links" USING btree ("contact_id");
--> statement-breakpoint
CREATE INDEX "access_links_customer" ON "staff"."access_links" USING btree ("org_id","customer_id");
--> statement-breakpoint
CREATE INDEX "imports_publish" ON "staff"."imports" USING btree ("publish_id");
--> statement-breakpoint
CREATE INDEX "outbox_due" ON "staff"."outbox" USING btree ("due_at") WHERE state = 'queued';
--> statement-breakpoint
CREATE INDEX "outbox_contact" ON "staff"."outbox" USING btree ("contact_id");
--> statement-breakpoint
CREATE INDEX "publish_items_included" ON "staff"."publish_items" USING btree ("org_id","kind","key") WHERE included;
--> statement-breakpoint
CREATE INDEX "publishes_org_created" ON "staff"."publishes" USING btree ("org_id","created_at" DESC NULLS FIRST,"id" DESC NULLS FIRST);
--> statement-breakpoint
CREATE INDEX "records_customer" ON "staff"."records" USING btree ("org_id","customer_key");
--> statement-breakpoint
CREATE INDEX "sessions_link" ON "staff"."sessions" USING btree ("link_id");
--> statement-breakpoint
reset role;
