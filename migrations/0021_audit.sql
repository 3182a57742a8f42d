-- The trail: searched, sealed and checked.
set local role counterfoil_owner;
--> statement-breakpoint
-- The history of a customer and of a document, newest first.
create index events_customer_at on audit.events (org_id, customer_id, at desc, id desc) where customer_id is not null;
--> statement-breakpoint
create index events_subject_at on audit.events (org_id, subject_id, at desc, id desc) where subject_id is not null;
--> statement-breakpoint
-- Seals an org's events since its last seal, but for those of the last ten minutes: `at` is taken when
-- an event is written, and seen by others once its transaction has ended, which no limit of ours lets
-- take that long. An event that is later all the same stays outside of every seal, where
-- `npm run audit:verify` finds it. No row when there is nothing to seal. At most p_limit events, and all
-- of one instant, so that a year that was never sealed does not take one statement's time: call it again.
--
-- The head is SHA-256 in hex over `previous head|number|up_to|events|digest`, where the digest is that of
-- the SHA-256 of each event's line in the order (at, id), and the line is a JSON array of its columns.
-- scripts/audit/seal-chain.ts makes the same without this function. Called by the job seal-audit.
create function audit.seal(p_org uuid, p_limit int)
returns table (number int, events int)
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  last audit.seals;
  v_from timestamptz;
  v_until timestamptz := now() - interval '10 minutes';
  v_full timestamptz;
  v_events int;
  v_digest text;
begin
  perform set_config('counterfoil.org', p_org::text, true);
  perform pg_advisory_xact_lock(hashtextextended('audit.seal ' || p_org::text, 0));
  select * into last from audit.seals s where s.org_id = p_org order by s.number desc limit 1;
  v_from := coalesce(last.up_to, '-infinity');
  select e.at into v_full from audit.events e
   where e.org_id = p_org and e.at > v_from and e.at <= v_until
   order by e.at, e.id offset p_limit - 1 limit 1;
  v_until := coalesce(v_full, v_until);

  select count(*), encode(sha256(string_agg(sha256(convert_to(
           jsonb_build_array(e.id, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.org_id,
                             e.actor_kind, e.actor_id, e.customer_id, e.contact_id, e.action,
                             e.subject_kind, e.subject_id, e.detail, e.request_id)::text, 'UTF8')), ''
           order by e.at, e.id)), 'hex')
    into v_events, v_digest
    from audit.events e
   where e.org_id = p_org and e.at > v_from and e.at <= v_until;
  if v_events = 0 then
    return;
  end if;
  return query
    insert into audit.seals as s (org_id, number, up_to, events, head)
    values (p_org, coalesce(last.number, 0) + 1, v_until, v_events,
            encode(sha256(convert_to(concat_ws('|', coalesce(last.head, ''), coalesce(last.number, 0) + 1,
              to_char(v_until at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), v_events, v_digest), 'UTF8')), 'hex'))
    returning s.number, s.events;
end
$$;
--> statement-breakpoint
-- An org's seals in their order. Called by the job seal-audit, which keeps their heads in the bucket.
create function audit.seals_of(p_org uuid)
returns setof audit.seals
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $$
begin
  perform set_config('counterfoil.org', p_org::text, true);
  return query select s.* from audit.seals s where s.org_id = p_org order by s.number;
end
$$;
--> statement-breakpoint
create trigger seals_append_only before update or delete on audit.seals
  for each row execute function audit.refuse_change();
--> statement-breakpoint
create trigger seals_never_truncated before truncate on audit.seals
  for each statement execute function audit.refuse_change();
--> statement-breakpoint
revoke all on function audit.seal(uuid, int), audit.seals_of(uuid) from public;
--> statement-breakpoint
grant execute on function audit.seal(uuid, int), audit.seals_of(uuid) to counterfoil_system;
--> statement-breakpoint
grant select on audit.seals to counterfoil_staff;
--> statement-breakpoint
reset role;
