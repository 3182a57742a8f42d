/**
 * Tables, roles and row-level-security policies, by Postgres schema. `migrations/` holds what
 * drizzle-kit generates from here and, by hand, what it cannot: FORCE, grants, functions, triggers.
 */
export * from './schema/audit.ts';
export * from './schema/documents.ts';
export * from './schema/files.ts';
export * from './schema/issues.ts';
export * from './schema/notices.ts';
export * from './schema/orders.ts';
export * from './schema/payments.ts';
export * from './schema/portal.ts';
export * from './schema/publishes.ts';
export * from './schema/roles.ts';
export * from './schema/staff.ts';
export * from './schema/tracking.ts';
