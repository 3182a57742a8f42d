/** Statements of account: a customer's movements between two days, and what is owed by then. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { instant } from '../database/text.ts';
import type { DrawnStatement } from '../pdf/drawing/drawn-statement.ts';
import { type Movement, type MovementRow, movementOf } from '../vocabulary.ts';
import { packFits } from './pack.ts';

/** What is open on the last day, by days past the due date; credit that nothing took is below zero. */
type Aging = {
  current: string;
  to30: string;
  to60: string;
  to90: string;
  to120: string;
  over120: string;
  unallocated: string;
};

/** The account in one currency. `closing` is `opening` + `debits` - `credits`, and the sum of its aging. */
export type StatementBlock = {
  currency: string;
  opening: string;
  debits: string;
  credits: string;
  closing: string;
  /** Papers without a day, which the opening balance holds. */
  undated: number;
  aging: Aging;
  movements: Movement[];
};

/** Of two days, both included. */
export type StatementFigures = {
  from: string;
  to: string;
  blocks: StatementBlock[];
  /** Currencies with a paper whose total is not shown: a wrong balance is worse than none. */
  leftOut: string[];
};

/** Figures as they travel: from the database, and on to the page. */
export type StatementRows = Omit<StatementFigures, 'blocks'> & {
  blocks: (Omit<StatementBlock, 'movements'> & { movements: MovementRow[] })[];
};

/** The figures of a statement from their rows, as they are drawn. */
export function figuresOf({ blocks, ...period }: StatementRows): StatementFigures {
  return {
    ...period,
    blocks: blocks.map((block) => ({ ...block, movements: block.movements.map(movementOf) })),
  };
}

/** Whose paper it is and for whom: the head of a statement; `hasLogo` says whether the org has one. */
type Letterhead = Omit<DrawnStatement, 'kind' | 'number' | 'logo' | 'stamp' | 'statement'> & {
  orgCode: string;
  hasLogo: boolean;
};

/** A statement as a page has it: movementOf of the vocabulary reads the rows of its figures. */
export type Statement = {
  figures: StatementRows;
  /** The supplier's day. */
  today: string;
  /**
   * Papers and payments dated behind its last day, where that is today or later: what is owed counts them. None of
   * a currency that is left out.
   */
  later: number;
  /** ISO instant of the last approved publish. */
  asOf: string | null;
};

/** Days are YYYY-MM-DD; without them, the month so far. */
export type Period = { from?: string | undefined; to?: string | undefined };

export type TakenStatement = Statement & {
  drawing: Letterhead;
  /** The stamp of a PDF. */
  reference: string | null;
  stampedAt: string | null;
  linkLast4: string | null;
};

/** Of a statement `s` as portal.take_statement gives it. */
const datedColumns = sql`
  s.today::text as today, ${instant(sql`s.as_of::timestamptz`)} as "asOf", s.later`;
const takenColumns = sql`
  s.statement as figures, ${datedColumns}, s.drawing, s.reference, ${instant(sql`s.stamped_at`)} as "stampedAt",
  s.link_last4 as "linkLast4"`;

/**
 * The statement of a period, with its event written beside it, but for a HEAD; no row for a link without financials,
 * nor for a customer that is shown no statements.
 * SQLSTATE CF070 (`statement_broken`) where it does not tie out.
 */
export function takeStatement(db: Db, { from, to }: Period, as: 'csv' | 'pdf' | 'head') {
  return db.execute<TakenStatement>(sql`
    select ${takenColumns}
      from portal.take_statement(${from ?? null}::date, ${to ?? null}::date, ${as}) s`);
}

/** {@link takeStatement} for a page, its figures as the text of their JSON: thousands of rows are only passed on. */
export function viewStatement(db: Db, { from, to }: Period) {
  return db.execute<Omit<Statement, 'figures'> & { figures: string }>(sql`
    select s.statement::text as figures, ${datedColumns}
      from portal.take_statement(${from ?? null}::date, ${to ?? null}::date, 'view') s`);
}

/**
 * The statement of a pack's days as a PDF's, with its event, but for a HEAD; no row where no days are given, where
 * the customer has no account or may not see it, or where the pack's papers do not fit into one file. Ends as
 * {@link takeStatement} does, but writes of no refusal: nobody asked for the statement itself.
 */
export function takePackStatement(db: Db, { from, to }: Period, isHead: boolean) {
  return db.execute<TakenStatement>(sql`
    select ${takenColumns}
      from (select 1
             where ${from ?? null}::date is not null and ${packFits({ from, to })}
               and 'statement' = any (portal.shown_kinds())
               and (exists (select 1 from portal.invoices) or exists (select 1 from portal.payments))) asked,
           lateral portal.take_statement(${from ?? null}::date, ${to ?? null}::date, ${isHead ? 'head' : 'pdf'}) s`);
}

/** What one step of a job did: where it stopped (for the next as `after`), null when there are no more, and how many it made. */
type JobStep = { last: string | null; made: number };

/** Makes last month's statements of an org, where it is time for them. `now`: ISO instant. */
export function drawStatements(
  db: Db,
  orgId: string,
  { now, after, limit }: { now: string; after: string | null; limit: number },
) {
  return db.execute<JobStep>(sql`
    select last, drawn as made
      from staff.draw_statements(${orgId}::uuid, ${now}::timestamptz, ${after}::uuid, ${limit}::int)`);
}

/** Marks the statements of an org that what is published now makes different, the newest first. */
export function checkStatements(
  db: Db,
  orgId: string,
  { after, limit }: { after: string | null; limit: number },
) {
  return db.execute<JobStep>(sql`
    select last, redrawn as made
      from staff.check_statements(${orgId}::uuid, ${after}::text, ${limit}::int)`);
}

/** Sums what each customer of an org owes today; staff are told of an account that does not tie out, and `made` counts those. */
export function checkAccounts(
  db: Db,
  orgId: string,
  { after, limit }: { after: string | null; limit: number },
) {
  return db.execute<JobStep>(sql`
    select last, broken as made
      from staff.check_accounts(${orgId}::uuid, ${after}::uuid, ${limit}::int)`);
}
