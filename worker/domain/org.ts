/** The supplier's own settings. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { orgs } from '../database/schema.ts';
import type { DocumentKind } from '../vocabulary.ts';

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
  fileMaxMegabytes: orgs.fileMaxMegabytes,
};

/** The org of whoever asks: for staff their own, by policy. */
export function readSettings(db: Db) {
  return db.select(settingColumns).from(orgs);
}
export type OrgSettings = Awaited<ReturnType<typeof readSettings>>[number];

const byOwner = sql`${orgs.id} = (select s.org_id from staff.context() s where s.role = 'owner')`;

/** Changes the settings; no row unless an owner asks. */
export function changeSettings(db: Db, wanted: Omit<OrgSettings, 'hasLogo'>) {
  return db.update(orgs).set(wanted).where(byOwner).returning(settingColumns);
}

/** What follows from a change: renditions are looked at again, documents are drawn or no longer. */
export function followSettings(db: Db) {
  return db.execute(sql`select staff.settings_changed()::text`);
}

export function setHasLogo(db: Db) {
  return db.update(orgs).set({ hasLogo: true }).where(byOwner).returning(settingColumns);
}

/** The event of a change of settings, with what they are by now; written behind it. */
export function auditSettings(db: Db) {
  return db.execute(sql`
    select staff.audit('settings.changed', 'org', o.id::text, to_jsonb(o) - array['id', 'code', 'slug', 'created_at'])::text
      from portal.orgs o, staff.context() s
     where o.id = s.org_id and s.role = 'owner'`);
}

/** Whether Postgres knows the name of a time zone: a wrong one would fail every window. */
export function knowsTimeZone(db: Db, name: string) {
  return db.execute<{ known: boolean }>(
    sql`select exists (select 1 from pg_timezone_names z where z.name = ${name}) as known`,
  );
}
