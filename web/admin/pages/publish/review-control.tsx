import { DOCUMENT_KINDS } from '../../../../worker/vocabulary.ts';
import { formatMoney, formatNumber } from '../../../lib/format.ts';
import { Icon } from '../../../ui/icon.tsx';
import { type Column, Table } from '../../../ui/table.tsx';
import type { Review } from '../../types.ts';
import { joined, kindWords, t } from '../../words.ts';
import { difference, rowAccount } from './accounting.ts';
import css from './review.module.css';

/** What became of the rows, in a sentence whose numbers add up. */
export function RowAccount({ review }: { review: Review }) {
  const { rows, fates, off } = rowAccount(review);
  if (rows === 0) return null;
  const parts = fates.map(({ fate, count }) =>
    t(`reviewRows.${fate}`, { number: formatNumber(count) }),
  );
  return (
    <>
      <p>{t('reviewRows.all', { count: rows, parts: joined(parts) })}</p>
      {off !== 0 && (
        <p class={css.guard} role="alert">
          <Icon name="warning" />
          <span>{t('reviewRows.off', { count: Math.abs(off) })}</span>
        </p>
      )}
    </>
  );
}

type Line = { id: string; label: string; all: string; goes: string; left: string | null };

const MONEY = ['invoices', 'payments'] as const;

/** Documents by kind, invoice totals and payments by currency: all that the files hold against what goes out. */
export function ReviewControl({ control }: { control: Review['control'] }) {
  const lines = [
    ...control.documents.map((line) => lineOf(line, kindName(line.name), formatNumber)),
    ...MONEY.flatMap((sort) =>
      control[sort].map((line) => ({
        ...lineOf(line, t(`reviewControl.${sort}`, { currency: line.name }), (amount) =>
          formatMoney(amount, line.name),
        ),
        id: `${sort} ${line.name}`,
      })),
    ),
  ];
  if (lines.length === 0) return null;
  const columns: Column<Line>[] = [
    { id: 'what', label: t('reviewControl.what'), main: true, cell: ({ label }) => label },
    { id: 'all', label: t('reviewControl.all'), numeric: true, cell: ({ all }) => all },
    { id: 'goes', label: t('reviewControl.goes'), numeric: true, cell: ({ goes }) => goes },
    {
      id: 'left',
      label: t('reviewControl.stays'),
      numeric: true,
      cell: ({ left }) => left !== null && <strong class={css.warn}>{left}</strong>,
    },
  ];
  return (
    <Table
      caption={t('reviewControl.title')}
      columns={columns}
      rows={lines}
      rowKey={({ id }) => id}
    />
  );
}

function lineOf(
  { name, all, goes }: Review['control']['documents'][number],
  label: string,
  format: (value: string) => string,
): Line {
  const left = difference(all, goes);
  return {
    id: name,
    label,
    all: format(all),
    goes: format(goes),
    left: left === null || left === '0' ? null : format(left),
  };
}

function kindName(name: string): string {
  const kind = DOCUMENT_KINDS.find((each) => each === name);
  return kind ? kindWords(kind) : name;
}
