/** The supplier's own settings. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { orgs } from '../database/schema.ts';
import type { DocumentKind, Locale } from '../vocabulary.ts';

const settingColumns = {
  name: orgs.name,
  timeZone: orgs.timeZone,
  contactEmail: orgs.contactEmail,
  contactPhone: orgs.contactPhone,
  contactHours: orgs.contactHours,
  address: orgs.address,
  colour: orgs.colour,
  hasLogo: orgs.hasLogo,
  hourlyRequestLimit: orgs.hourlyRequestLimit,
  orderWindowMonths: orgs.orderWindowMonths,
  cancelledWindowDays: orgs.cancelledWindowDays,
  draftWindowDays: orgs.draftWindowDays,
  requiresTwoPersons: orgs.requiresTwoPersons,
  stamping: orgs.stamping,
  // The check on the column is the vocabulary's list.
  unstampedKinds: sql<DocumentKind[]>`${orgs.unstampedKinds}`,
  drawsConfirmations: orgs.drawsConfirmations,
  drawsInvoiceCopies: orgs.drawsInvoiceCopies,
  sendsStatements: orgs.sendsStatements,
  fileMaxMegabytes: orgs.fileMaxMegabytes,
  // The check on the column is the vocabulary's list.
  locale: sql<Locale>`${orgs.locale}`,
  currency: orgs.currency,
  paymentLink: orgs.paymentLink,
  trackingLinks: orgs.trackingLinks,
};

/** The org of whoever asks: for staff their own, by policy. */
export function readSettings(db: Db) {
  return db.select(settingColumns).from(orgs);
}
export type OrgSettings = Awaited<ReturnType<typeof readSettings>>[number];

/** What {@link changeSettings} may change; what is left out stays as it is. */
type WantedSettings = {
  [Name in keyof Omit<OrgSettings, 'hasLogo'>]?: OrgSettings[Name] | undefined;
};

/** What is told by its name alone: the trail keeps no address. */
const UNTOLD = ['contact_email', 'contact_phone', 'contact_hours', 'address'];

/**
 * The event of a change of settings: which there are, and what the harmless of them were and will be.
 * Runs before {@link changeSettings}; none where nothing changes, or where no owner asks.
 */
export function noteSettings(db: Db, wanted: WantedSettings) {
  // sound: the keys are those of the type, which its validator leaves
  const names = Object.keys(wanted) as (keyof WantedSettings)[];
  const columns = Object.fromEntries(names.map((name) => [orgs[name].name, wanted[name]]));
  return db.execute(sql`
    with org as materialized (
      select o.id, to_jsonb(o) as now from portal.orgs o join staff.context() s on s.org_id = o.id
       where s.role = 'owner' for no key update of o
    ), changed as (
      select o.id, k.key, o.now->k.key as before, k.value as after, k.key <> all (${`{${UNTOLD.join(',')}}`}::text[]) as told
        from org o, jsonb_each(${JSON.stringify(columns)}::jsonb) k
       where o.now->k.key is distinct from k.value
    )
    select staff.audit('settings.changed', 'org', c.id::text, jsonb_build_object(
             'fields', jsonb_agg(c.key order by c.key),
             'before', coalesce(jsonb_object_agg(c.key, c.before) filter (where c.told), '{}'),
             'after', coalesce(jsonb_object_agg(c.key, c.after) filter (where c.told), '{}')))::text
      from changed c group by c.id`);
}

const byOwner = sql`${orgs.id} = (select s.org_id from staff.context() s where s.role = 'owner')`;

/** Changes the settings; no row unless an owner asks. */
export function changeSettings(db: Db, wanted: WantedSettings) {
  // Of nothing there is no update, and the answer is the settings.
  const stays = { hasLogo: sql`${orgs.hasLogo}` };
  return db
    .update(orgs)
    .set({ ...stays, ...wanted })
    .where(byOwner)
    .returning(settingColumns);
}

/** What follows from a change: renditions are looked at again, documents are drawn or no longer. */
export function followSettings(db: Db) {
  return db.execute(sql`select staff.settings_changed()::text`);
}

export function setHasLogo(db: Db) {
  return db.update(orgs).set({ hasLogo: true }).where(byOwner).returning(settingColumns);
}

/** The event of a new logo; written behind it. */
export function noteLogo(db: Db) {
  return db.execute(sql`
    select staff.audit('settings.changed', 'org', s.org_id::text, '{"fields": ["logo"], "before": {}, "after": {}}')::text
      from staff.context() s where s.role = 'owner'`);
}

/** Whether Postgres knows the name of a time zone: a wrong one would fail every window. */
export function knowsTimeZone(db: Db, name: string) {
  return db.execute<{ known: boolean }>(
    sql`select exists (select 1 from pg_timezone_names z where z.name = ${name}) as known`,
  );
}
