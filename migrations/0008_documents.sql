-- Inspected files, renditions, stamps and alerts, generated from worker/database/schema.ts; then what
-- drizzle-kit cannot say.
set local role counterfoil_owner;
--> statement-breakpoint
CREATE TABLE "staff"."alerts" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"params" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"resolved_at" timestamp with time zone,
	"resolved_by" uuid,
	CONSTRAINT "alerts_kind" CHECK (kind in ('document_missing', 'document_damaged'))
);
--> statement-breakpoint
ALTER TABLE "staff"."alerts" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "staff"."files" (
	"org_id" uuid NOT NULL,
	"sha256" text NOT NULL,
	"size" bigint NOT NULL,
	"pages" integer NOT NULL,
	"findings" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"served" text NOT NULL,
	"words" text NOT NULL,
	"terms" text[] NOT NULL,
	"crc" bigint NOT NULL,
	"inspected_at" timestamp with time zone DEFAULT now() NOT NULL,
	"collected_at" timestamp with time zone,
	CONSTRAINT "files_key" PRIMARY KEY("org_id","sha256"),
	CONSTRAINT "files_served" CHECK (served in ('stampable', 'signed', 'e_invoice'))
);
--> statement-breakpoint
ALTER TABLE "staff"."files" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "staff"."renditions" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"source_sha256" text NOT NULL,
	"customer_key" text NOT NULL,
	"customer_name" text NOT NULL,
	"stamp_version" integer NOT NULL,
	"sha256" text,
	"size" bigint,
	"slot_offset" bigint,
	"slot_length" integer,
	"head_crc" bigint,
	"tail_crc" bigint,
	"attempts" integer DEFAULT 0 NOT NULL,
	"leased_until" timestamp with time zone,
	"failed" boolean DEFAULT false NOT NULL,
	"lost" boolean DEFAULT false NOT NULL,
	"made_at" timestamp with time zone,
	CONSTRAINT "renditions_key" UNIQUE("org_id","source_sha256","customer_key","customer_name","stamp_version"),
	CONSTRAINT "renditions_made" CHECK ((made_at is null) = (sha256 is null) and (made_at is null) = (slot_offset is null))
);
--> statement-breakpoint
ALTER TABLE "staff"."renditions" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE TABLE "staff"."stamps" (
	"id" uuid PRIMARY KEY DEFAULT uuidv7() NOT NULL,
	"org_id" uuid NOT NULL,
	"reference" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"document_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"number" text NOT NULL,
	"order_number" text,
	"object_sha256" text,
	"taken_as" text NOT NULL,
	"customer_id" uuid NOT NULL,
	"contact_id" uuid NOT NULL,
	"link_id" uuid NOT NULL,
	"session_id" uuid,
	"request_id" text,
	"continued" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "stamps_reference" UNIQUE("org_id","reference"),
	CONSTRAINT "stamps_reference_shape" CHECK (reference ~ '^[0-9A-F]{4}(-[0-9A-F]{4}){3}$'),
	CONSTRAINT "stamps_taken_as" CHECK (taken_as in ('attachment', 'inline', 'zip'))
);
--> statement-breakpoint
ALTER TABLE "staff"."stamps" ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE "portal"."documents" ALTER COLUMN "file_sha256" DROP NOT NULL;
--> statement-breakpoint
ALTER TABLE "portal"."documents" ALTER COLUMN "file_size" DROP NOT NULL;
--> statement-breakpoint
ALTER TABLE "portal"."documents" ADD COLUMN "served" text DEFAULT 'plain' NOT NULL;
--> statement-breakpoint
ALTER TABLE "portal"."documents" ADD COLUMN "object_sha256" text;
--> statement-breakpoint
ALTER TABLE "portal"."documents" ADD COLUMN "object_size" bigint;
--> statement-breakpoint
ALTER TABLE "portal"."documents" ADD COLUMN "slot_offset" bigint;
--> statement-breakpoint
ALTER TABLE "portal"."documents" ADD COLUMN "slot_length" integer;
--> statement-breakpoint
ALTER TABLE "portal"."documents" ADD COLUMN "head_crc" bigint;
--> statement-breakpoint
ALTER TABLE "portal"."documents" ADD COLUMN "tail_crc" bigint;
--> statement-breakpoint
ALTER TABLE "portal"."documents" ADD COLUMN "checked_at" timestamp with time zone;
--> statement-breakpoint
ALTER TABLE "portal"."orgs" ADD COLUMN "stamping" boolean DEFAULT true NOT NULL;
--> statement-breakpoint
ALTER TABLE "portal"."orgs" ADD COLUMN "unstamped_kinds" text[] DEFAULT '{}' NOT NULL;
--> statement-breakpoint
ALTER TABLE "portal"."orgs" ADD COLUMN "draws_confirmations" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE "portal"."orgs" ADD COLUMN "draws_invoice_copies" boolean DEFAULT false NOT NULL;
--> statement-breakpoint
ALTER TABLE "portal"."orgs" ADD COLUMN "file_max_megabytes" integer DEFAULT 25 NOT NULL;
--> statement-breakpoint
ALTER TABLE "staff"."publish_items" ADD COLUMN "overridden" jsonb DEFAULT '[]'::jsonb NOT NULL;
--> statement-breakpoint
ALTER TABLE "staff"."publish_items" ADD COLUMN "override_reason" text;
--> statement-breakpoint
ALTER TABLE "staff"."publish_items" ADD COLUMN "overridden_by" uuid;
--> statement-breakpoint
ALTER TABLE "staff"."publish_items" ADD COLUMN "served" text;
--> statement-breakpoint
ALTER TABLE "staff"."publish_items" ADD COLUMN "rendition_id" uuid;
--> statement-breakpoint
ALTER TABLE "staff"."publish_items" ADD COLUMN "term" text GENERATED ALWAYS AS (staff.term_of(kind, key)) STORED;
--> statement-breakpoint
ALTER TABLE "staff"."publishes" ADD COLUMN "unprepared" boolean DEFAULT true NOT NULL;
--> statement-breakpoint
ALTER TABLE "staff"."records" ADD COLUMN "served" text;
--> statement-breakpoint
ALTER TABLE "staff"."records" ADD COLUMN "rendition_id" uuid;
--> statement-breakpoint
ALTER TABLE "staff"."records" ADD COLUMN "term" text GENERATED ALWAYS AS (staff.term_of(kind, key)) STORED;
--> statement-breakpoint
ALTER TABLE "staff"."alerts" ADD CONSTRAINT "alerts_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."files" ADD CONSTRAINT "files_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."renditions" ADD CONSTRAINT "renditions_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
ALTER TABLE "staff"."stamps" ADD CONSTRAINT "stamps_org_id_orgs_id_fk" FOREIGN KEY ("org_id") REFERENCES "portal"."orgs"("id") ON DELETE no action ON UPDATE no action;
--> statement-breakpoint
CREATE UNIQUE INDEX "alerts_open" ON "staff"."alerts" USING btree ("org_id","subject") WHERE resolved_at is null;
--> statement-breakpoint
CREATE INDEX "renditions_object" ON "staff"."renditions" USING btree ("org_id","sha256");
--> statement-breakpoint
CREATE INDEX "stamps_taken" ON "staff"."stamps" USING btree ("link_id","document_id","at" DESC NULLS FIRST);
--> statement-breakpoint
CREATE INDEX "stamps_document" ON "staff"."stamps" USING btree ("org_id","document_id");
--> statement-breakpoint
CREATE INDEX "publish_items_term" ON "staff"."publish_items" USING btree ("publish_id","term") WHERE term is not null;
--> statement-breakpoint
CREATE INDEX "publish_items_file" ON "staff"."publish_items" USING btree ("org_id","file_sha256") WHERE file_sha256 is not null;
--> statement-breakpoint
CREATE INDEX "documents_object" ON "portal"."documents" USING btree ("org_id","object_sha256");
--> statement-breakpoint
CREATE INDEX "documents_drawn" ON "portal"."documents" USING btree ("org_id","kind","number_key") WHERE served = 'drawn';
--> statement-breakpoint
CREATE INDEX "publishes_unprepared" ON "staff"."publishes" USING btree ("created_at") WHERE unprepared and status = 'staged';
--> statement-breakpoint
CREATE INDEX "records_term" ON "staff"."records" USING btree ("org_id","term") WHERE term is not null;
--> statement-breakpoint
CREATE INDEX "records_file" ON "staff"."records" USING btree ("org_id","file_sha256") WHERE file_sha256 is not null;
--> statement-breakpoint
-- What was published before is served as it is. The owner sees one org at a time.
do $$
declare
  v_org uuid;
begin
  for v_org in select o.id from portal.orgs o loop
    perform set_config('counterfoil.org', v_org::text, true);
    update portal.documents d set object_sha256 = d.file_sha256, object_size = d.file_size;
  end loop;
  perform set_config('counterfoil.org', '', true);
end
$$;
--> statement-breakpoint
ALTER TABLE "portal"."documents" ADD CONSTRAINT "documents_served" CHECK (served in ('stamped', 'plain', 'signed', 'e_invoice', 'drawn'));
--> statement-breakpoint
ALTER TABLE "portal"."documents" ADD CONSTRAINT "documents_bytes" CHECK ((served = 'drawn') = (object_sha256 is null) and (served = 'drawn') = (file_sha256 is null));
--> statement-breakpoint
ALTER TABLE "portal"."documents" ADD CONSTRAINT "documents_slot" CHECK ((served = 'stamped') = (slot_offset is not null));
--> statement-breakpoint
ALTER TABLE "portal"."orgs" ADD CONSTRAINT "orgs_unstamped_kinds" CHECK (unstamped_kinds <@ array['order_confirmation', 'invoice', 'packing_slip', 'proof_of_delivery', 'credit_note', 'statement']);
--> statement-breakpoint
ALTER TABLE "portal"."orgs" ADD CONSTRAINT "orgs_file_max" CHECK (file_max_megabytes between 1 and 25);
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."alerts" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."alerts" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."files" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."files" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."renditions" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."renditions" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
CREATE POLICY "staff_own_org" ON "staff"."stamps" AS PERMISSIVE FOR ALL TO "counterfoil_staff" USING (org_id = (select s.org_id from staff.context() s)) WITH CHECK (org_id = (select s.org_id from staff.context() s));
--> statement-breakpoint
CREATE POLICY "owner_open_org" ON "staff"."stamps" AS PERMISSIVE FOR ALL TO "counterfoil_owner" USING (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid)) WITH CHECK (org_id = (select nullif(current_setting('counterfoil.org', true), '')::uuid));
--> statement-breakpoint
alter table staff.files force row level security;
--> statement-breakpoint
alter table staff.renditions force row level security;
--> statement-breakpoint
alter table staff.stamps force row level security;
--> statement-breakpoint
alter table staff.alerts force row level security;
--> statement-breakpoint
-- Staff read what inspection found, and write it on an upload. Renditions, stamps and alerts are
-- written by definer functions alone.
grant select, insert, update (pages, findings, served, words, terms, collected_at) on staff.files to counterfoil_staff;
--> statement-breakpoint
grant select on staff.renditions, staff.stamps, staff.alerts to counterfoil_staff;
--> statement-breakpoint
grant update (stamping, unstamped_kinds, draws_confirmations, draws_invoice_copies, file_max_megabytes)
  on portal.orgs to counterfoil_staff;
--> statement-breakpoint
reset role;
