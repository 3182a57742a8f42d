import type { ComponentChildren } from 'preact';
import type { LinkTarget } from './link-target.ts';
import css from './table.module.css';

export type Column<Row> = {
  id: string;
  label: string;
  /** What stands in the cell; null where there is nothing to show. */
  cell: (row: Row) => ComponentChildren;
  /** Aligned to the end, figures under figures. */
  numeric?: boolean;
  /** The cell that names the row: its heading when rows become cards, and the row's link. */
  main?: boolean;
  /** In a card, beside the heading and without its label. */
  aside?: boolean;
  /** In a card, before the heading and without its label. */
  lead?: boolean;
  /** In a card, the whole width instead of a part of it. */
  wide?: boolean;
  /** Left out of cards. */
  minor?: boolean;
  /** Left out on paper. */
  screenOnly?: boolean;
};

/** Written out because browsers drop them when CSS changes `display`. */
const ROLE = {
  table: { role: 'table' },
  rowgroup: { role: 'rowgroup' },
  row: { role: 'row' },
  columnheader: { role: 'columnheader' },
  rowheader: { role: 'rowheader' },
  cell: { role: 'cell' },
} as const;

/** A table; where there is no width for it each row is a card. An empty column is left out. */
export function Table<Row>({
  caption,
  columns,
  rows,
  rowKey,
  href,
  foot,
}: {
  /** Said to screen readers. */
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string | number;
  /** Where a row leads: the whole row is the target. */
  href?: (row: Row) => string | LinkTarget;
  /** Rows of a tfoot. */
  foot?: ComponentChildren;
}) {
  const cells = rows.map((row) => columns.map((column) => column.cell(row)));
  const shown = columns
    .map((column, at) => ({ column, at }))
    .filter(({ column, at }) => column.main || cells.some((row) => !isNothing(row[at])));
  return (
    <div class={css.room}>
      <table class={css.table} {...ROLE.table}>
        <caption class="unseen">{caption}</caption>
        <thead {...ROLE.rowgroup}>
          <tr {...ROLE.row}>
            {shown.map(({ column }) => (
              <th key={column.id} {...ROLE.columnheader} scope="col" class={cellClass(column)}>
                {column.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...ROLE.rowgroup}>
          {rows.map((row, rowAt) => (
            <tr key={rowKey(row)} {...ROLE.row} class={href ? css.linked : undefined}>
              {shown.map(({ column, at }) => (
                <Cell key={column.id} column={column} href={column.main ? href?.(row) : undefined}>
                  {cells[rowAt]?.[at]}
                </Cell>
              ))}
            </tr>
          ))}
        </tbody>
        {foot}
      </table>
    </div>
  );
}

function Cell<Row>({
  column,
  href,
  children,
}: {
  column: Column<Row>;
  href: string | LinkTarget | undefined;
  children: ComponentChildren;
}) {
  const content = href ? (
    <a {...(typeof href === 'string' ? { href } : href)} class={css.link}>
      {children}
    </a>
  ) : (
    children
  );
  if (column.main) {
    return (
      <th {...ROLE.rowheader} scope="row" class={cellClass(column)}>
        {content}
      </th>
    );
  }
  return (
    <td
      {...ROLE.cell}
      class={[cellClass(column), isNothing(children) && css.nothing].filter(Boolean).join(' ')}
      data-label={column.aside || column.lead ? undefined : column.label}
    >
      {content}
    </td>
  );
}

function isNothing(content: ComponentChildren): boolean {
  return content === null || content === undefined || content === '' || content === false;
}

type Look = Pick<
  Column<never>,
  'numeric' | 'main' | 'aside' | 'lead' | 'wide' | 'minor' | 'screenOnly'
>;

function cellClass(look: Look): string | undefined {
  const names = (['numeric', 'main', 'aside', 'lead', 'wide', 'minor', 'screenOnly'] as const)
    .filter((name) => look[name])
    .map((name) => css[name]);
  return names.join(' ') || undefined;
}
