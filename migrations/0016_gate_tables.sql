-- What the gate keeps: imports that are read in parts, kept reviews, parts that are left out or taken back, seals.
set local role counterfoil_owner;
--> statement-breakpoint
CREATE TABLE "audit"."seals" (
	"org_id" uuid NOT NULL,
	"number" integer NOT NULL,
	"up_to" timestamp with time zone NOT NULL,
	"events" integer NOT NULL,
	"head" text NOT NULL,
	"sealed_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	CONSTRAINT "seals_key" PRIMARY KEY("org_id","number")
);
--> statement-breakpoint
ALTER TABLE "audit"."seals" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "staff"."mapping_profiles" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"fingerprint" text NOT NULL,
	"reading" jsonb NOT NULL,
	"used_by" uuid NOT NULL,
	"used_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "mapping_profiles_fingerprint" UNIQUE("org_id","fingerprint")
);
--> statement-breakpoint
ALTER TABLE "staff"."mapping_profiles" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "staff"."reviewed_items" (
	"org_id" uuid NOT NULL,
	"publish_id" uuid NOT NULL,
	"place" integer NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"customer_key" text NOT NULL,
	"order_key" text,
	"line" integer NOT NULL,
	"position" integer NOT NULL,
	"rows" integer NOT NULL,
	"fields" jsonb NOT NULL,
	"before" jsonb,
	"change" text NOT NULL,
	"problems" jsonb NOT NULL,
	"blocked" boolean NOT NULL,
	"excluded" boolean NOT NULL,
	"needs_tick" boolean NOT NULL,
	"ticked" boolean NOT NULL,
	"passes" boolean NOT NULL,
	"file_sha256" text,
	"file_size" bigint,
	"file_name" text,
	"pages" integer,
	"served" text,
	"rendition_id" uuid,
	"ready" boolean NOT NULL,
	"override_reason" text,
	"overridden_by" uuid,
	CONSTRAINT "reviewed_items_key" PRIMARY KEY("publish_id","place")
);
--> statement-breakpoint
ALTER TABLE "staff"."reviewed_items" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "staff"."imports" ALTER COLUMN "publish_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "staff"."imports" ALTER COLUMN "rows" SET DEFAULT 0;--> statement-breakpoint
ALTER TABLE "staff"."imports" ALTER COLUMN "skipped" SET DEFAULT 0;--> statement-breakpoint
ALTER TABLE "staff"."imports" ALTER COLUMN "items" SET DEFAULT 0;--> statement-breakpoint
ALTER TABLE "staff"."imports" ALTER COLUMN "unknown_columns" SET DEFAULT '{}';--> statement-breakpoint
ALTER TABLE "staff"."imports" ADD COLUMN "size" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "staff"."imports" ADD COLUMN "state" text DEFAULT 'staged' NOT NULL;--> statement-breakpoint
-- Those that are there are staged; the next ones are not, yet.
ALTER TABLE "staff"."imports" ALTER COLUMN "state" SET DEFAULT 'uploaded';--> statement-breakpoint
ALTER TABLE "staff"."imports" ADD COLUMN "reading" jsonb;--> statement-breakpoint
ALTER TABLE "staff"."imports" ADD COLUMN "blank" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "staff"."imports" ADD COLUMN "staged_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "staff"."publish_items" ADD COLUMN "excluded" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "staff"."publish_items" ADD COLUMN "withdrawn" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "staff"."publish_items" ADD COLUMN "import_id" uuid;--> statement-breakpoint
ALTER TABLE "staff"."publish_items" ADD COLUMN "rows" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "staff"."publishes" ADD COLUMN "excluded_customers" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "staff"."publishes" ADD COLUMN "review_stale" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "staff"."mapping_profiles" ADD CONSTRAINT "mapping_profiles_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reviewed_items_customer" ON "staff"."reviewed_items" USING btree ("publish_id","customer_key","place");--> statement-breakpoint
ALTER TABLE "staff"."imports" ADD CONSTRAINT "imports_state" CHECK (state in ('uploaded', 'reading', 'staged'));--> statement-breakpoint
CREATE POLICY "owner_reads_open_org" ON "audit"."events" AS PERMISSIVE FOR SELECT TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "audit"."seals" AS PERMISSIVE FOR SELECT TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_appends" ON "audit"."seals" AS PERMISSIVE FOR INSERT TO "counterfoil_owner" WITH CHECK (true);--> statement-breakpoint
CREATE POLICY "owner_reads_open_org" ON "audit"."seals" AS PERMISSIVE FOR SELECT TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."mapping_profiles" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."mapping_profiles" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."reviewed_items" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."reviewed_items" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
ALTER TABLE "audit"."seals" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "staff"."mapping_profiles" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "staff"."reviewed_items" FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
reset role;
