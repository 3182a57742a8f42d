/** The suppliers that there are, and the settings of each. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { orgs } from '../database/schema.ts';
import { DOCUMENT_KINDS, type DocumentKind, type Locale } from '../vocabulary.ts';

/** Every org, in no order: a run that ends early does not always end before the same ones. */
export function listOrgs(db: Db) {
  return db.execute<{ id: string }>(sql`select id from portal.orgs order by random()`);
}

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

/**
 * What {@link changeSettings} may change; what is left out stays as it is. So do links of carriers that are not
 * named (null takes one's away), and kinds that are not, but where they come as a list.
 */
type WantedSettings = {
  [Name in keyof Omit<OrgSettings, 'hasLogo' | 'trackingLinks' | 'unstampedKinds'>]?:
    | OrgSettings[Name]
    | undefined;
} & {
  trackingLinks?: Record<string, string | null> | undefined;
  unstampedKinds?: DocumentKind[] | Partial<Record<DocumentKind, boolean>> | undefined;
};

export const CARRIERS_MAX = 50;

/** The links as they will be. */
const linksOf = (wanted: WantedSettings['trackingLinks']) =>
  sql`jsonb_strip_nulls(${orgs.trackingLinks} || ${JSON.stringify(wanted ?? {})}::jsonb)`;

/** The kinds as they will be, in the vocabulary's order. */
function kindsOf(wanted: Exclude<WantedSettings['unstampedKinds'], undefined>) {
  const chosen = Array.isArray(wanted)
    ? Object.fromEntries(DOCUMENT_KINDS.map((kind) => [kind, wanted.includes(kind)]))
    : wanted;
  return sql`array(
    select k.kind from unnest(${`{${DOCUMENT_KINDS.join(',')}}`}::text[]) with ordinality k(kind, at)
     where coalesce((${JSON.stringify(chosen)}::jsonb->>k.kind)::boolean, k.kind = any (${orgs.unstampedKinds}))
     order by k.at)`;
}

const linksFit = ({ trackingLinks }: WantedSettings) =>
  sql`(select count(*) from jsonb_object_keys(${linksOf(trackingLinks)})) <= ${CARRIERS_MAX}`;

/** What is told by its name alone: the trail keeps no address. */
const UNTOLD = ['contact_email', 'contact_phone', 'contact_hours', 'address'];

/**
 * The event of a change of settings: which there are, and what the harmless of them were and will be.
 * Runs before {@link changeSettings}; none where that changes nothing, or has no row.
 */
export function noteSettings(db: Db, wanted: WantedSettings) {
  const { trackingLinks, unstampedKinds, ...plain } = wanted;
  // sound: the keys are those of the type, which its validator leaves
  const names = Object.keys(plain) as (keyof typeof plain)[];
  const columns = Object.fromEntries(names.map((name) => [orgs[name].name, plain[name]]));
  const links =
    trackingLinks && sql`|| jsonb_build_object('tracking_links', ${linksOf(trackingLinks)})`;
  const kinds =
    unstampedKinds && sql`|| jsonb_build_object('unstamped_kinds', ${kindsOf(unstampedKinds)})`;
  return db.execute(sql`
    with org as materialized (
      select ${orgs.id}, to_jsonb(orgs) as now, ${JSON.stringify(columns)}::jsonb ${links} ${kinds} as wanted
        from ${orgs} join staff.context() s on s.org_id = ${orgs.id}
       where s.role = 'owner' and ${linksFit(wanted)} for no key update of orgs
    ), changed as (
      select o.id, k.key, o.now->k.key as before, k.value as after, k.key <> all (${`{${UNTOLD.join(',')}}`}::text[]) as told
        from org o, jsonb_each(o.wanted) k
       where o.now->k.key is distinct from k.value
    )
    select staff.audit('settings.changed', 'org', c.id::text, jsonb_build_object(
             'fields', jsonb_agg(c.key order by c.key),
             'before', coalesce(jsonb_object_agg(c.key, c.before) filter (where c.told), '{}'),
             'after', coalesce(jsonb_object_agg(c.key, c.after) filter (where c.told), '{}')))::text
      from changed c group by c.id`);
}

const byOwner = sql`${orgs.id} = (select s.org_id from staff.context() s where s.role = 'owner')`;

/** Changes the settings; no row unless an owner asks, or where there would be more than {@link CARRIERS_MAX} links. */
export function changeSettings(db: Db, wanted: WantedSettings) {
  const { trackingLinks, unstampedKinds, ...plain } = wanted;
  // Of nothing there is no update, and the answer is the settings.
  const stays = { hasLogo: sql`${orgs.hasLogo}` };
  return db
    .update(orgs)
    .set({
      ...stays,
      ...plain,
      ...(trackingLinks && { trackingLinks: linksOf(trackingLinks) }),
      ...(unstampedKinds && { unstampedKinds: kindsOf(unstampedKinds) }),
    })
    .where(sql`${byOwner} and ${linksFit(wanted)}`)
    .returning(settingColumns);
}

/** What follows from a change: renditions are looked at again, documents are drawn or no longer. */
export function followSettings(db: Db) {
  return db.execute(sql`select staff.settings_changed()::text`);
}

/** Notes that the bucket has a logo; no row unless an owner asks. */
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
