-- Whoever opens a large review would wait for it to be made: it is made before, once its publish rests.
set local role counterfoil_owner;
--> statement-breakpoint
CREATE INDEX "publishes_stale" ON "staff"."publishes" USING btree ("created_at") WHERE review_stale and status = 'staged';
--> statement-breakpoint
-- Makes the review of a staged publish that is stale and rests: of which nothing is being read, and to which nobody has
-- sent anything for a minute, since it is held meanwhile. Whoever holds it now makes it themselves. Says whether it was
-- made. Called by asSystem.
create function staff.make_review(p_org uuid, p_publish uuid)
returns table (made boolean)
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
begin
  perform set_config('counterfoil.org', p_org::text, true);
  perform 1 from staff.publishes p
    where p.id = p_publish and p.org_id = p_org and p.status = 'staged' and p.review_stale
      for no key update skip locked;
  made := found
    and not exists (select 1 from staff.imports i
                     where i.publish_id = p_publish
                       and (i.state = 'reading' or i.staged_at > now() - interval '1 minute'))
    and not exists (select 1 from staff.staged_files f
                     where f.publish_id = p_publish and f.uploaded_at > now() - interval '1 minute');
  if made then
    perform staff.keep_review(p_publish, null);
  end if;
  return next;
end
$$;
--> statement-breakpoint
revoke all on function staff.make_review(uuid, uuid) from public;
--> statement-breakpoint
grant execute on function staff.make_review(uuid, uuid) to counterfoil_system;
--> statement-breakpoint
reset role;
