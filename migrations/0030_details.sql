-- A customer's own details: what they ask to have changed, their language, and which mail they want.
set local role counterfoil_owner;
--> statement-breakpoint
-- What a letter is about, as its reader can have no more of it; null for one that they asked for or that goes
-- to the supplier. A new template says its topic here. Called by the trigger below, and by deliver-mail.
create function staff.mail_topic(p_template text)
returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $$
  select case p_template
    when 'documents-ready' then 'documents'
    when 'issue-reply' then 'issues'
    when 'change-answered' then 'issues' end;
$$;
--> statement-breakpoint
-- A letter to a contact is queued in the language that they chose, and not at all when it is of a topic that
-- they do not want. Whatever queues one meets this.
create function staff.heed_contact()
returns trigger
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  c record;
begin
  select x.chosen_language, x.muted_mail into c from portal.contacts x where x.org_id = new.org_id and x.id = new.contact_id;
  if staff.mail_topic(new.template) = any (c.muted_mail) then
    return null;
  end if;
  new.language := coalesce(c.chosen_language, new.language);
  return new;
end
$$;
--> statement-breakpoint
create trigger outbox_heeds_contact before insert on staff.outbox
  for each row when (new.contact_id is not null) execute function staff.heed_contact();
--> statement-breakpoint
-- The language and the mail that a person wants; null leaves what there is. No row while a member looks as
-- them. Called by PUT preferences.
create function portal.set_preferences(p_language text, p_muted text[])
returns table (language text, muted_mail text[])
language plpgsql security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  w record;
  v record;
begin
  select * into w from portal.writer();
  if w.contact_id is null then
    return;
  end if;
  select c.chosen_language, c.muted_mail into v from portal.contacts c where c.id = w.contact_id for no key update;
  if p_language is distinct from v.chosen_language and p_language is not null
     or p_muted is not null and not (p_muted <@ v.muted_mail and p_muted @> v.muted_mail) then
    update portal.contacts c
       set chosen_language = coalesce(p_language, c.chosen_language), muted_mail = coalesce(p_muted, c.muted_mail)
     where c.id = w.contact_id;
    perform portal.audit('preferences.changed', 'contact', w.contact_id::text,
                         jsonb_strip_nulls(jsonb_build_object('language', p_language, 'muted', p_muted)));
  end if;
  return query
    select coalesce(c.chosen_language, c.language), c.muted_mail from portal.contacts c where c.id = w.contact_id;
end
$$;
--> statement-breakpoint
-- Asks for a change. The same key again, or what is still open in the same words, is the request that there
-- is (`known`); a key that named something else is a `conflict`. No row while a member looks as them.
-- Called by POST change-requests.
create function portal.request_change(p_kind text, p_fields jsonb, p_note text, p_key text)
returns table (status text, request_id uuid)
language plpgsql security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  w record;
  v record;
  v_id uuid;
begin
  select * into w from portal.writer();
  if w.contact_id is null then
    return;
  end if;
  -- Of two submits of one person the second finds the first.
  perform pg_advisory_xact_lock(hashtextextended('changes ' || w.contact_id::text, 0));
  select r.id, r.kind = p_kind and r.fields = p_fields and r.note is not distinct from p_note as is_same into v
    from portal.change_requests r
   where r.org_id = w.org_id and r.contact_id = w.contact_id
     and (r.idempotency_key = p_key
          or r.status = 'open' and r.kind = p_kind and r.fields = p_fields and r.note is not distinct from p_note)
   order by r.idempotency_key = p_key desc
   limit 1;
  if v.id is not null then
    return query select case when v.is_same then 'known' else 'conflict' end, v.id;
    return;
  end if;
  insert into portal.change_requests (org_id, customer_id, contact_id, kind, fields, note, idempotency_key)
  values (w.org_id, w.customer_id, w.contact_id, p_kind, p_fields, p_note, p_key)
  returning id into v_id;
  -- Which fields, and not what stands in them: the trail outlives what people ask to have forgotten.
  perform portal.audit('change.requested', 'change', v_id::text,
                       jsonb_build_object('kind', p_kind, 'fields', (select jsonb_agg(k order by k) from jsonb_object_keys(p_fields) k)));
  return query select 'ok', v_id;
end
$$;
--> statement-breakpoint
-- What an unsubscribe link is of; no row for a key that there is not. Changes nothing. Called by asVisitor.
create function portal.describe_unsubscribe(p_key_hash bytea)
returns table (topic text, org_code text, org_name text, is_muted boolean)
language sql stable security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
  select k.topic, o.code, o.name, k.topic = any (c.muted_mail)
    from staff.unsubscribe_keys k
    join portal.contacts c on c.id = k.contact_id
    join portal.orgs o on o.id = k.org_id
   where k.key_hash = encode(p_key_hash, 'hex');
$$;
--> statement-breakpoint
-- No more mail of the key's topic to its person, with one event however often it is asked; no row for a key
-- that there is not. Called by asVisitor.
create function portal.unsubscribe(p_key_hash bytea, p_request text)
returns table (topic text, org_code text, org_name text)
language plpgsql security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  k record;
begin
  perform set_config('counterfoil.request', coalesce(p_request, ''), true);
  select u.topic, u.org_id, u.contact_id into k
    from staff.unsubscribe_keys u where u.key_hash = encode(p_key_hash, 'hex');
  if k.contact_id is null then
    return;
  end if;
  perform set_config('counterfoil.org', k.org_id::text, true);
  update portal.contacts c set muted_mail = c.muted_mail || k.topic
   where c.id = k.contact_id and not k.topic = any (c.muted_mail);
  if found then
    perform audit.append(k.org_id, 'visitor', null, c.customer_id, c.id, 'mail.unsubscribed', 'contact', c.id::text,
                         jsonb_build_object('topic', k.topic))
       from portal.contacts c where c.id = k.contact_id;
  end if;
  return query select k.topic, o.code, o.name from portal.orgs o where o.id = k.org_id;
end
$$;
--> statement-breakpoint
-- Accepts a customer's request, in the supplier's own books, or declines it with a reason. Nothing that is
-- published changes: the portal shows another address or name once it was imported and approved. The
-- person who asked is told by mail where they want it. The same answer again is the same answer; another
-- one is a `conflict`. Called by PUT change-requests/{id}/decision.
create function staff.decide_change(p_change uuid, p_status text, p_reason text)
returns table (status text)
language plpgsql security definer rows 1
set search_path = pg_catalog, pg_temp
as $$
declare
  me record;
  v portal.change_requests;
  v_action text := 'change.' || p_status;
  v_letter uuid;
begin
  select * into me from staff.context();
  if me.member_id is null or me.is_service then
    perform staff.audit('request.refused', 'change', p_change::text, jsonb_build_object('code', 'forbidden', 'action', v_action));
    return query select 'forbidden';
    return;
  end if;
  select * into v from portal.change_requests r where r.id = p_change and r.org_id = me.org_id for no key update;
  if v.id is null then
    return query select 'not_found';
    return;
  end if;
  if v.status <> 'open' then
    return query select case when v.status = p_status and v.reason is not distinct from p_reason then 'ok' else 'conflict' end;
    return;
  end if;
  update portal.change_requests r set status = p_status, reason = p_reason, decided_at = now() where r.id = p_change;
  insert into staff.outbox (org_id, event, recipient, contact_id, template, language, params)
  select v.org_id, 'change.answered/' || v.id, c.email, c.id, 'change-answered', c.language,
         jsonb_build_object('change', v.id, 'kind', v.kind, 'status', p_status, 'reason', p_reason)
    from portal.contacts c
   where c.org_id = v.org_id and c.id = v.contact_id and c.access = 'allowed'
  on conflict (org_id, event, recipient) do nothing
  returning id into v_letter;
  perform staff.audit(v_action, 'change', p_change::text,
                      jsonb_strip_nulls(jsonb_build_object('kind', v.kind, 'letter', v_letter)), v.customer_id);
  return query select 'ok';
end
$$;
--> statement-breakpoint
grant select, insert, delete on staff.unsubscribe_keys to counterfoil_system;
--> statement-breakpoint
revoke all on function staff.mail_topic(text), staff.heed_contact(), portal.set_preferences(text, text[]),
  portal.request_change(text, jsonb, text, text), portal.describe_unsubscribe(bytea), portal.unsubscribe(bytea, text),
  staff.decide_change(uuid, text, text) from public;
--> statement-breakpoint
grant execute on function staff.mail_topic(text) to counterfoil_system, counterfoil_staff;
--> statement-breakpoint
grant execute on function portal.set_preferences(text, text[]), portal.request_change(text, jsonb, text, text),
  portal.describe_unsubscribe(bytea), portal.unsubscribe(bytea, text) to counterfoil_customer;
--> statement-breakpoint
grant execute on function staff.decide_change(uuid, text, text) to counterfoil_staff;
--> statement-breakpoint
reset role;
