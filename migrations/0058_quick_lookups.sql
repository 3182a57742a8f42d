set local role counterfoil_owner;
--> statement-breakpoint
-- The letters with a link that a contact was sent, for `portal.request_link`: an outbox is never emptied.
CREATE INDEX "outbox_access_links" ON "staff"."outbox" USING btree ("contact_id","created_at") WHERE template = 'access-link';
--> statement-breakpoint
-- As before, and each whom it names is found by a key, before any letter is counted.
create or replace function portal.request_link(p_org_code text, p_who text, p_link uuid, p_request text)
returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp
as $function$
declare
  v_org uuid;
  v_who text := lower(trim(p_who));
  v_code text := staff.normalise_key(p_who);
begin
  perform set_config('counterfoil.request', coalesce(p_request, ''), true);
  select o.id into v_org from portal.orgs o where o.code = p_org_code;
  if v_org is null then
    return;
  end if;
  perform set_config('counterfoil.org', v_org::text, true);
  -- Each of the three by its own key, before a letter is counted: the request is anybody's, and what it
  -- costs must neither grow with the org nor tell whom it knows.
  with named as materialized (
    select l.contact_id as id from staff.access_links l
     where l.id = p_link and l.org_id = v_org and l.purpose <> 'preview'
    union
    select c.id from portal.contacts c
     where p_link is null and c.org_id = v_org and c.email = v_who
    union
    select c.id from portal.customers b join portal.contacts c on c.org_id = b.org_id and c.customer_id = b.id
     where p_link is null and b.org_id = v_org and b.code_key = v_code
  ), wanted as materialized (
    select c.id, c.customer_id, c.email, c.language
      from named n
      join portal.contacts c on c.id = n.id and c.org_id = v_org and c.access = 'allowed'
     where (select count(*) from staff.outbox x
             where x.contact_id = c.id and x.template = 'access-link' and x.event like 'link.requested/%'
               and x.created_at > now() - interval '1 day') < 6
       and not exists (select 1 from staff.outbox x
             where x.contact_id = c.id and x.template = 'access-link' and x.event like 'link.requested/%'
               and x.created_at > now() - interval '5 minutes')
  ), queued as (
    insert into staff.outbox (org_id, event, recipient, contact_id, template, language)
    select v_org, 'link.requested/' || w.id || '/' || floor(extract(epoch from now()) / 300)::bigint,
           w.email, w.id, 'access-link', w.language
      from wanted w
    on conflict (org_id, event, recipient) do nothing
    returning contact_id
  )
  select count(audit.append(v_org, 'visitor', null, w.customer_id, w.id, 'link.requested', 'contact', w.id::text))
    into v_who
    from queued q join wanted w on w.id = q.contact_id;
end
$function$;
--> statement-breakpoint
-- As before, and a name is taken apart once.
create or replace function staff.carrier_of(p_name text)
returns text
language sql immutable
set search_path = pg_catalog, pg_temp
as $function$
  -- Materialized: else the name is taken apart anew for each of those below.
  with s as materialized (
    select ' ' || btrim(regexp_replace(
               regexp_replace(lower(normalize(p_name, NFKC)), '[.''’]', '', 'g'),
               '[^a-z0-9\u00c0-\u1fff\u2c00-\u2fff\u3040-\uffff]+', ' ', 'g')) || ' ' as words
  )
  select min(n.carrier)
    from s
    join (values ('fedex', 'fedex'), ('fedex', 'fed ex'), ('fedex', 'federal express'), ('fedex', 'fdeg'),
                 ('ups', 'ups'), ('ups', 'united parcel service'), ('ups', 'united parcel services'), ('ups', 'upsn'),
                 ('usps', 'usps'), ('usps', 'us post'), ('usps', 'us postal service'), ('usps', 'us postal services'),
                 ('usps', 'us mail'), ('usps', 'united states post'), ('usps', 'united states postal service'),
                 ('usps', 'united states postal services'), ('usps', 'united states mail')) n(carrier, name)
      on strpos(s.words, ' ' || n.name || ' ') > 0
  having count(distinct n.carrier) = 1 and bool_or(starts_with(s.words, ' ' || n.name || ' '));
$function$;
--> statement-breakpoint
-- As before: names of carriers and places are read once each, and nothing where nobody waits for a guess.
create or replace function staff.predict_arrivals(p_org uuid, p_is_anew boolean)
returns integer
language plpgsql security definer
set search_path = pg_catalog, pg_temp
set enable_nestloop = on
as $function$
declare
  v_predicted int;
begin
  perform set_config('counterfoil.org', p_org::text, true);
  perform pg_advisory_xact_lock(hashtextextended(p_org::text, 0));
  -- After most answers there is nobody to guess for, and a year's parcels need not be read.
  if not p_is_anew and not exists (
       select from portal.shipments s
         join portal.orgs g on g.id = s.org_id
         join portal.orders o on o.id = s.order_id
         join portal.customers c on c.id = s.customer_id
         join staff.exposures e on e.org_id = p_org and e.customer_key = c.code_key
        where s.org_id = p_org and s.carrier is not null and s.status not in ('delivered', 'returned')
          and (s.delivered_at > now() - interval '1 year'
               or s.predicted_delivery is null and 'estimated_delivery' = any (e.granted_fields)
                  and coalesce(s.estimated_delivery, s.carrier_estimate, o.expected_delivery) is null
                  -- No longer than what is taken for a time on the way.
                  and coalesce(s.shipped_on, (select (h.fields->>'shipped_at')::date from staff.records h
                                               where h.org_id = p_org and h.kind = 'shipment' and h.key = s.shipment_key)) + 60
                      >= (now() at time zone g.time_zone)::date)) then
    return 0;
  end if;
  with shipped as materialized (
    select s.id, s.status, s.estimated_delivery, s.carrier_estimate, o.expected_delivery, s.carrier,
           jsonb_build_array(coalesce(r.fields->>'delivery_country', c.country, ''),
                             coalesce(r.fields->>'delivery_region', '')) as place,
           coalesce(s.shipped_on, (h.fields->>'shipped_at')::date) as shipped_on,
           (s.delivered_at at time zone g.time_zone)::date as arrived_on, (now() at time zone g.time_zone)::date as today,
           'estimated_delivery' = any (e.granted_fields) as shows_day
      from portal.shipments s
      join portal.orgs g on g.id = s.org_id
      join portal.orders o on o.id = s.order_id
      join portal.customers c on c.id = s.customer_id
      join staff.exposures e on e.org_id = p_org and e.customer_key = c.code_key
      join staff.records r on r.org_id = p_org and r.kind = 'order' and r.key = o.number_key
      join staff.records h on h.org_id = p_org and h.kind = 'shipment' and h.key = s.shipment_key
     where s.org_id = p_org and s.carrier is not null
       and (s.delivered_at > now() - interval '1 year'
            or s.status not in ('delivered', 'returned') and (p_is_anew or s.predicted_delivery is null))
  ), carriers as materialized (
    -- Of each name once, as of each place: telling costs more than reading the parcel.
    select d.carrier as name, coalesce(staff.carrier_of(d.carrier), staff.normalise_key(d.carrier)) as carrier
      from (select distinct p.carrier from shipped p) d
  ), regions as materialized (
    select d.place, staff.normalise_key(d.place->>0) || '/' || staff.normalise_key(d.place->>1) as region
      from (select distinct p.place from shipped p) d
  ), parcels as materialized (
    select p.id, p.status, p.estimated_delivery, p.carrier_estimate, p.expected_delivery, p.shipped_on, p.today, p.shows_day,
           k.carrier, a.region,
           case when p.status = 'delivered' and p.arrived_on - p.shipped_on between 0 and 60
                then p.arrived_on - p.shipped_on end as days
      from shipped p join carriers k on k.name = p.carrier join regions a on a.place = p.place
  ), times as (
    -- No `where`: it would be taken for a handful of rows, and all that is under way be held against each.
    select p.carrier, p.region,
           percentile_disc(0.5) within group (order by p.days) as median,
           percentile_disc(0.8) within group (order by p.days) as latest
      from parcels p
     group by p.carrier, p.region
    having count(p.days) >= 10
  ), predicted as (
    select p.id, p.shipped_on + t.median as day, p.shipped_on + t.latest as latest
      from parcels p
      left join times t on t.carrier = p.carrier and t.region = p.region and p.shows_day
       and coalesce(p.estimated_delivery, p.carrier_estimate, p.expected_delivery) is null
       -- What has passed is no guess any more.
       and p.shipped_on + t.latest >= p.today
     where p.status not in ('delivered', 'returned')
  )
  update portal.shipments s set predicted_delivery = n.day, predicted_latest = n.latest
    from predicted n
   where s.id = n.id and (s.predicted_delivery, s.predicted_latest) is distinct from (n.day, n.latest);
  get diagnostics v_predicted = row_count;
  return v_predicted;
end
$function$;
--> statement-breakpoint
-- Who looks at this moment, for `staff.hint`: a session's beginning, since an index on when it was last seen
-- would be written with each request.
CREATE INDEX "sessions_recent" ON "staff"."sessions" USING btree ("created_at") WHERE ended_at is null;
--> statement-breakpoint
-- As before: the letter's event says which publish and whose part of it, and no other is read.
create or replace function staff.letter_stands(p_letter uuid)
returns boolean
language sql stable security definer
set search_path = pg_catalog, pg_temp
as $function$
  select case
      when o.template = 'documents-ready' then exists (
        select from staff.publishes p
          join staff.publish_items i on i.publish_id = p.id
         where p.id = case when o.event ~ '^publish[.]approved/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/'
                           then substr(o.event, 18, 36)::uuid end
           and p.org_id = o.org_id and p.status = 'approved'
           and i.kind in ('order', 'document') and i.included and not i.withdrawn
           and i.customer_key = substr(o.event, 55))
      when o.template in ('news', 'statement-ready') then exists (select from staff.news_of(o.org_id, o.id))
      else true end
    from staff.outbox o, staff.context() s
   where o.id = p_letter and o.org_id = s.org_id;
$function$;
--> statement-breakpoint
-- As before: a parcel is found by its key.
create or replace function staff.news_of(p_org uuid, p_letter uuid)
returns table (kind text, created_at timestamp with time zone, subject text, params jsonb, order_id uuid, order_number text, carrier text, tracking_number text)
language plpgsql stable security definer
set search_path = pg_catalog, pg_temp
as $function$
begin
  perform set_config('counterfoil.org', p_org::text, true);
  return query
    select n.kind, n.created_at, n.subject, n.params, o.id, o.number, s.carrier, s.tracking_number
      from staff.notice_letters l
      join portal.notifications n on n.id = l.notification_id
      left join portal.orders o on o.id = n.order_id
      left join portal.shipments s on s.id = case n.kind when 'shipment_status' then n.subject::uuid end
     where l.org_id = p_org and l.letter_id = p_letter
       and (n.order_id is null or staff.shows_order(n.order_id))
       and (not n.financial or staff.scope_of(l.contact_id) = 'all')
       and portal.notice_stands(n)
     order by o.number, coalesce((n.params->>'at')::timestamptz, n.created_at), n.id;
end
$function$;
--> statement-breakpoint
-- What somebody did, whom the trail knows by a member's or a link's id, or as a contact.
CREATE INDEX "events_actor_at" ON "audit"."events" USING btree ("org_id","actor_id","at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE actor_id is not null;
--> statement-breakpoint
CREATE INDEX "events_contact_at" ON "audit"."events" USING btree ("org_id","contact_id","at" DESC NULLS FIRST,"id" DESC NULLS FIRST) WHERE contact_id is not null;
--> statement-breakpoint
reset role;
