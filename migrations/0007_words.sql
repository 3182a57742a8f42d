-- Text as words, so that a name or a number of an index can be found in a document.
set local role counterfoil_owner;
--> statement-breakpoint
-- Upper-case words without accents, one space between two. Mirrors foldWords() of worker/pdf/words.ts,
-- and a test holds the two together.
create function staff.fold_words(p text)
returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select case
    when p ~ '^[\x20-\x7e]*$' then btrim(regexp_replace(upper(p collate "pg_c_utf8"), '[^0-9A-Z]+', ' ', 'g'))
    else btrim(regexp_replace(
           replace(replace(replace(replace(replace(upper(translate(
             regexp_replace(normalize(translate(p, '№ºª', '   '), NFKD), '[\u0300-\u036f]', '', 'g'),
             'łŁøØđĐðÐħĦı', 'LLOODDDDHHI') collate "pg_c_utf8"),
             'ß', 'SS'), 'ẞ', 'SS'), 'Þ', 'TH'), 'Æ', 'AE'), 'Œ', 'OE'),
           '[^0-9A-Z\u00c0-\u1fff\u2c00-\u2dff\u3040-\ud7ff\uf900-\ufdff]+', ' ', 'g'))
  end;
$$;
--> statement-breakpoint
-- The word that a text would hold if it named this thing: its number or code without what stands
-- between. Null for what has no number of its own. Generates the column `term`.
create function staff.term_of(p_kind text, p_key text)
returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select case
    when p_kind in ('customer', 'order', 'invoice') then nullif(replace(staff.fold_words(p_key), ' ', ''), '')
    when p_kind = 'document' then nullif(replace(staff.fold_words(substr(p_key, strpos(p_key, ':') + 1)), ' ', ''), '')
  end;
$$;
--> statement-breakpoint
reset role;
