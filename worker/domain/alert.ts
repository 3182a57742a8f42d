/** What staff must not miss, until somebody says it is settled. */
import { desc, isNull, sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { alerts } from '../database/schema.ts';
import { instant } from '../database/text.ts';
import type { AlertKind } from '../vocabulary.ts';

const SHOWN_MAX = 200;

/** Alerts that nobody has settled, newest first; `params` say which document it is about. */
export function listAlerts(db: Db) {
  return db
    .select({
      id: alerts.id,
      // The check on the column is the vocabulary's list.
      kind: sql<AlertKind>`${alerts.kind}`,
      subject: alerts.subject,
      params: alerts.params,
      createdAt: instant(alerts.createdAt),
    })
    .from(alerts)
    .where(isNull(alerts.resolvedAt))
    .orderBy(desc(alerts.createdAt), desc(alerts.id))
    .limit(SHOWN_MAX);
}

/** Settles an alert, with its event; no row when it is not open or not of this org. */
export function resolveAlert(db: Db, id: string) {
  return db.execute<{ id: string }>(sql`select id from staff.resolve_alert(${id}::uuid)`);
}
