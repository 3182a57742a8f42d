-- Roles. The owner owns every table and definer function, cannot log in and cannot bypass row
-- security, so FORCE ROW LEVEL SECURITY holds against it too. One login role an audience.
-- Passwords are set by `npm run migrate -- --passwords`, never here.
do $$
declare
  login text;
begin
  if not exists (select 1 from pg_roles where rolname = 'counterfoil_owner') then
    create role counterfoil_owner nologin nobypassrls;
  end if;
  foreach login in array array['counterfoil_customer', 'counterfoil_staff', 'counterfoil_system'] loop
    if not exists (select 1 from pg_roles where rolname = login) then
      execute format('create role %I login nobypassrls noinherit', login);
    end if;
  end loop;
  -- Whoever migrates makes things as the owner. Neon's own owner is no superuser: it needs the grant.
  if not (select rolsuper from pg_roles where rolname = current_user) then
    execute format('grant counterfoil_owner to %I with set true, inherit true', current_user);
  end if;
  execute format('grant create on database %I to counterfoil_owner', current_database());
end
$$;
