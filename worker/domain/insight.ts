/** What a customer bought, when, and whether it came in time. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';

type Insights = {
  /** Days, YYYY-MM-DD, both included. */
  from: string;
  to: string;
  /** Orders that are shown, without drafts and cancelled ones; `priced`: with line totals that are. */
  orders: number;
  priced: number;
  currencies: {
    currency: string;
    /** Decimal text. */
    spend: string;
    /** Every month of the days, YYYY-MM, also one without an order. */
    months: { month: string; spend: string; orders: number }[];
    /** Twenty at most, the dearest first. */
    products: {
      itemCode: string | null;
      description: string | null;
      spend: string;
      orders: number;
      /** Null where units differ, or one is not told. */
      quantity: string | null;
      unit: string | null;
    }[];
    others: { count: number; spend: string };
  }[];
  /** Orders that came wholly and had an expected day. */
  deliveries: { count: number; onTime: number };
};

/** One row, or none through a link without financials. */
export function readInsights(db: Db, days: { from?: string | undefined; to?: string | undefined }) {
  return db.execute<{ insights: Insights }>(sql`
    select insights from portal.insights(${days.from ?? null}::date, ${days.to ?? null}::date)`);
}

/** The event that they were looked at, or in vain; goes with the query that shows them. */
export function auditInsightsView(db: Db) {
  return db.execute(sql`select portal.view_insights()`);
}
