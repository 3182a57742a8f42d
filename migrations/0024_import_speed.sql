-- An import of a hundred thousand rows: what is done for each row of it, done for less.
set local role counterfoil_owner;
--> statement-breakpoint
-- A key that is looked up for each row has to say something new. An item's org is its publish's, which is
-- an org; a record is made of items; and a line's amounts are its order's because they are its line's.
ALTER TABLE "staff"."publish_items" DROP CONSTRAINT "publish_items_org_id_orgs_id_fk";
--> statement-breakpoint
ALTER TABLE "staff"."records" DROP CONSTRAINT "records_org_id_orgs_id_fk";
--> statement-breakpoint
ALTER TABLE "portal"."order_line_amounts" DROP CONSTRAINT "order_line_amounts_of_order";
--> statement-breakpoint
ALTER TABLE "portal"."order_line_amounts" DROP CONSTRAINT "order_line_amounts_of_line";
--> statement-breakpoint
ALTER TABLE "portal"."order_lines" DROP CONSTRAINT "order_lines_order_id";
--> statement-breakpoint
ALTER TABLE "portal"."order_lines" ADD CONSTRAINT "order_lines_order_id" UNIQUE("org_id","customer_id","order_id","id");
--> statement-breakpoint
ALTER TABLE "portal"."order_line_amounts" ADD CONSTRAINT "order_line_amounts_of_line" FOREIGN KEY ("org_id","customer_id","order_id","line_id") REFERENCES "portal"."order_lines"("org_id","customer_id","order_id","id") ON DELETE cascade ON UPDATE no action;
--> statement-breakpoint
-- What is asked for each row is written with `return`: its names are looked up when it is made, so that it
-- needs no search path of its own, and a query that calls it takes it in as a part of itself.
--
-- One spelling for one number: NFKC, upper case, no white space, one kind of dash; leading zeros
-- stay. Mirrors normaliseKey() of worker/import/keys.ts, and a test holds the two together.
create or replace function staff.normalise_key(p text)
returns text
language sql immutable
return normalize(
         regexp_replace(
           regexp_replace(upper(normalize(p, NFKC) collate "pg_c_utf8"), '[\s\u00a0\u0085\u00ad\u1680\u2028\u2029\u200b-\u200f\u2060\ufeff]', '', 'g'),
           '[\u02d7\u2010-\u2015\u2043\u2212]', '-', 'g'),
         NFKC);
--> statement-breakpoint
-- Upper-case words without accents, one space between two. Mirrors foldWords() of worker/pdf/words.ts,
-- and a test holds the two together.
create or replace function staff.fold_words(p text)
returns text
language sql immutable
return case
    when p ~ '^[\x20-\x7e]*$' then btrim(regexp_replace(upper(p collate "pg_c_utf8"), '[^0-9A-Z]+', ' ', 'g'))
    else btrim(regexp_replace(
           replace(replace(replace(replace(replace(upper(translate(
             regexp_replace(normalize(translate(p, '№ºª', '   '), NFKD), '[\u0300-\u036f]', '', 'g'),
             'łŁøØđĐðÐħĦı', 'LLOODDDDHHI') collate "pg_c_utf8"),
             'ß', 'SS'), 'ẞ', 'SS'), 'Þ', 'TH'), 'Æ', 'AE'), 'Œ', 'OE'),
           '[^0-9A-Z\u00c0-\u1fff\u2c00-\u2dff\u3040-\ud7ff\uf900-\ufdff]+', ' ', 'g'))
  end;
--> statement-breakpoint
-- The word that a text would hold if it named this thing: its number or code without what stands
-- between. Null for what has no number of its own. Generates the column `term`.
create or replace function staff.term_of(p_kind text, p_key text)
returns text
language sql immutable
return case
    when p_kind in ('customer', 'order', 'invoice') then nullif(replace(staff.fold_words(p_key), ' ', ''), '')
    when p_kind = 'document' then nullif(replace(staff.fold_words(substr(p_key, strpos(p_key, ':') + 1)), ' ', ''), '')
  end;
--> statement-breakpoint
-- Problems that an approver may answer for. Mirrors OVERRIDABLE_PROBLEMS of worker/vocabulary.ts, and
-- a test holds the two together.
create or replace function staff.is_overridable(p_code text)
returns boolean
language sql immutable
return p_code in ('pdf_active_content', 'pdf_embedded_files', 'pdf_trailing_bytes', 'of_other_customer', 'file_live_elsewhere');
--> statement-breakpoint
-- A problem as somebody answered for it: for these words, this file and this customer. Whichever of
-- them changes, the answer no longer holds. Called by staff.review and staff.override_item.
create or replace function staff.answer(p_problem jsonb, p_customer text, p_file text)
returns jsonb
language sql stable
return jsonb_build_object('code', p_problem->'code', 'value', p_problem->'value', 'customer', p_customer, 'file', p_file);
--> statement-breakpoint
-- A problem of an item, where it applies; else null. What it applies to and its value are looked up for the
-- rows that need it. Called by staff.review.
create function staff.problem(p_code text, p_severity text, p_line int, p_applies boolean, p_value text default null)
returns jsonb
language sql stable
return case when p_applies then jsonb_strip_nulls(jsonb_build_object(
         'code', p_code, 'severity', p_severity, 'line', p_line, 'value', p_value)) end;
--> statement-breakpoint
-- SHA-256 of one item as the hash of a review has it: all that a reviewer sees of it, and who answers for
-- it. A row's text is unambiguous: what stands between its commas is quoted. Whether its rendition is made
-- is not content, and neither is its place.
create or replace function staff.review_digest(r staff.reviewed_items)
returns bytea
language sql stable
return sha256(convert_to(row(r.kind, r.key, r.customer_key, r.order_key, r.change, r.passes, r.excluded, r.ticked,
                             r.fields, r.before, r.problems, r.file_sha256, r.file_name, r.served,
                             r.override_reason, r.overridden_by)::text, 'UTF8'));
--> statement-breakpoint
revoke all on function staff.problem(text, text, int, boolean, text) from public;
--> statement-breakpoint
reset role;
