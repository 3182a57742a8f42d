-- An import of a hundred thousand rows: what is done for each row of it, done for less.
set local role counterfoil_owner;
--> statement-breakpoint
-- What is asked for each row is written with `return`: its names are looked up when it is made, so that it
-- needs no search path of its own, and a query that calls it takes it in as a part of itself.
--
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
reset role;
