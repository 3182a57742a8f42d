/** What may be shown: the org's default and each customer's own setting. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import type { DocumentKind, ExposableField } from '../vocabulary.ts';

export type Exposure = { kinds: DocumentKind[]; fields: ExposableField[] };
/** `own`: the customer has a setting of its own. `granted*`: what is in force now. */
export type CustomerExposure = Exposure & {
  own: boolean;
  grantedKinds: DocumentKind[];
  grantedFields: ExposableField[];
};

/** The org's default: what a customer without a setting of its own is shown. */
export function readDefaultExposure(db: Db) {
  return db.execute<Exposure>(
    sql`select kinds, fields from staff.exposures where customer_key is null`,
  );
}

/** What staff want shown to a customer, and what is in force. */
export function readCustomerExposure(db: Db, customerId: string) {
  return db.execute<CustomerExposure>(sql`
    select w.kinds, w.fields, e.kinds is not null as own,
           coalesce(e.granted_kinds, '{}') as "grantedKinds", coalesce(e.granted_fields, '{}') as "grantedFields"
      from portal.customers c
      cross join lateral staff.wanted_exposure(c.org_id, array[c.code_key]) w
      left join staff.exposures e on e.org_id = c.org_id and e.customer_key = c.code_key
     where c.id = ${customerId}::uuid`);
}

/** Whether a customer of this key is known to the org, staged or live; null, for all of them, is. */
export function knowsCustomer(db: Db, customerKey: string | null) {
  return db.execute<{ known: boolean }>(sql`
    select ${customerKey}::text is null
        or exists (select 1 from portal.customers where code_key = ${customerKey})
        or exists (select 1 from staff.publish_items where kind = 'customer' and key = ${customerKey}) as known`);
}

/**
 * Holds the org and all that it has staged, as an approval does, until the batch ends: before a review is
 * read that {@link setExposure} changes.
 */
export function holdStaged(db: Db) {
  return db.execute(sql`select staff.hold_staged()::text`);
}

const listOf = (values: readonly string[] | null) =>
  values === null ? sql`null::text[]` : sql`${`{${values.join(',')}}`}::text[]`;

/**
 * Fails the batch (CF007) when what is wanted for a customer is not what {@link setExposure} after it was
 * made from; null expects nothing.
 */
export function expectExposure(db: Db, customerKey: string | null, basedOn: Exposure | null) {
  return db.execute(
    sql`select staff.expect_exposure(${customerKey}, ${listOf(basedOn?.kinds ?? null)}, ${listOf(basedOn?.fields ?? null)})::text`,
  );
}

/**
 * Sets what a customer (null: everyone without a setting of their own) should be shown; nulls follow
 * the default. Less takes effect with the next request, more with the next approval.
 */
export function setExposure(
  db: Db,
  customerKey: string | null,
  wanted: { kinds: readonly DocumentKind[] | null; fields: readonly ExposableField[] | null },
) {
  return db.execute<{ status: 'ok' | 'forbidden' }>(
    sql`select status from staff.set_exposure(${customerKey}, ${listOf(wanted.kinds)}, ${listOf(wanted.fields)})`,
  );
}
