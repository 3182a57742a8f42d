import { sql } from 'drizzle-orm';
import { pgPolicy, pgRole, pgSchema } from 'drizzle-orm/pg-core';

export const portal = pgSchema('portal');
export const staff = pgSchema('staff');
export const audit = pgSchema('audit');

/** Owns every table and definer function. Nobody logs in as it, and row security binds it too. */
export const ownerRole = pgRole('counterfoil_owner').existing();
export const customerRole = pgRole('counterfoil_customer').existing();
export const staffRole = pgRole('counterfoil_staff').existing();
export const systemRole = pgRole('counterfoil_system').existing();

// A sub-select without correlation is evaluated once a statement (an InitPlan), so a policy costs
// one function call, not one a row, and the tuple can still drive the (org_id, customer_id) index.
const staffOrg = sql`(select s.org_id from staff.context() s)`;

/** The org that a definer function opened for itself, after it had proved whose it is. */
export const openOrg = sql`(select nullif(current_setting('counterfoil.org', true), '')::uuid)`;

/** Staff see their own org's rows. */
export const staffPolicy = () =>
  pgPolicy('staff_own_org', {
    to: staffRole,
    using: sql`org_id = ${staffOrg}`,
    withCheck: sql`org_id = ${staffOrg}`,
  });

/** Definer functions see the one org they have opened: a bug in one cannot cross orgs. */
export const ownerPolicy = () =>
  pgPolicy('owner_open_org', {
    to: ownerRole,
    using: sql`org_id = ${openOrg}`,
    withCheck: sql`org_id = ${openOrg}`,
  });

/** What a definer function must find before it knows the org: a credential, a member, a contact. */
export const ownerLookupPolicy = () =>
  pgPolicy('owner_lookup', { to: ownerRole, for: 'select', using: sql`true` });

/** Jobs work for every org; what they may do at all is a matter of grants. */
export const systemPolicy = () =>
  pgPolicy('system_all_orgs', { to: systemRole, using: sql`true`, withCheck: sql`true` });

/** A customer's own rows, and only while the presented credential is live. */
export const ownCustomer = sql`(org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c)`;

/** As {@link ownCustomer}, and never through a link of scope `no_financials`. */
export const ownCustomerMoney = sql`(org_id, customer_id) = (select c.org_id, c.customer_id from portal.context() c where c.financials)`;

/**
 * True while the order of this row is one that the customer may see. `offset 0` keeps the check per
 * row: hashed, it would read all orders of the customer to show a page of them.
 */
export const orderIsVisible = sql`exists (select 1 from portal.orders o where o.id = order_id offset 0)`;
