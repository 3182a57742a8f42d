import { type Movement, movementOf } from '../../../worker/vocabulary.ts';
import { apiUrl } from '../../lib/api.ts';
import { formatDay, formatMoney } from '../../lib/format.ts';
import { type Column, Table } from '../../ui/table.tsx';
import { inlinePath } from '../beside.ts';
import type { Statement } from '../types.ts';
import css from './statement.module.css';
import { statementWords } from './words.ts';

type StatementBlock = Statement['figures']['blocks'][number];
/** A movement, or a balance that stands before or behind them. */
type Row = Omit<Movement, 'kind'> & { kind: Movement['kind'] | 'opening' | 'closing' };

const AGES = ['current', 'to30', 'to60', 'to90', 'to120', 'over120', 'unallocated'] as const;

/** The account in one currency: its movements between two balances, and how old what is open is. */
export function Block({ block, from, to }: { block: StatementBlock; from: string; to: string }) {
  const { currency, opening, closing, movements, undated } = block;
  const id = `account-${currency}`;
  return (
    <section class={css.block} aria-labelledby={id}>
      <div class={css.owed}>
        <h2 id={id}>{currency}</h2>
        <p>
          {statementWords('closing')}{' '}
          <strong class={css.amount}>{formatMoney(closing, currency)}</strong>
        </p>
      </div>
      <Table
        caption={statementWords('movementsIn', { currency })}
        columns={columns(currency)}
        rows={[
          bound('opening', from, opening),
          ...movements.map(movementOf),
          bound('closing', to, closing),
        ]}
        rowKey={({ kind, number }) => `${kind} ${number}`}
      />
      {undated > 0 && <p class={css.note}>{statementWords('undated', { count: undated })}</p>}
      <Aging block={block} to={to} />
    </section>
  );
}

const bound = (kind: 'opening' | 'closing', date: string, balance: string): Row => ({
  kind,
  date,
  balance,
  number: '',
  reference: null,
  dueOn: null,
  debit: null,
  credit: null,
  isUnder: false,
  documentId: null,
});

function columns(currency: string): Column<Row>[] {
  const money = (amount: string | null) => amount && formatMoney(amount, currency);
  return [
    {
      id: 'date',
      label: statementWords('date'),
      aside: true,
      cell: ({ date }) => <span class={css.day}>{formatDay(date)}</span>,
    },
    {
      id: 'document',
      label: statementWords('document'),
      main: true,
      cell: (row) => <Name row={row} />,
    },
    {
      id: 'reference',
      label: statementWords('reference'),
      cell: ({ reference }) => reference && <span class={nameClass(reference)}>{reference}</span>,
    },
    {
      id: 'due',
      label: statementWords('due'),
      cell: ({ dueOn }) => dueOn && <span class={css.day}>{formatDay(dueOn)}</span>,
    },
    {
      id: 'debit',
      label: statementWords('debit'),
      numeric: true,
      cell: ({ debit }) => money(debit),
    },
    {
      id: 'credit',
      label: statementWords('credit'),
      numeric: true,
      cell: ({ credit }) => money(credit),
    },
    {
      id: 'balance',
      label: statementWords('balance'),
      numeric: true,
      cell: ({ balance }) => money(balance),
    },
  ];
}

/** Longer than this, a number is broken on paper too. */
const SHORT_MAX = 24;
const nameClass = (text: string) =>
  text.length > SHORT_MAX ? css.name : `${css.name} ${css.short}`;

/** What the row is; its paper, where there is one, in a new tab. */
function Name({ row: { kind, number, isUnder, documentId } }: { row: Row }) {
  if (kind === 'opening' || kind === 'closing') return <strong>{statementWords(kind)}</strong>;
  const words = statementWords(`kinds.${kind}`, { number });
  return (
    <span class={isUnder ? `${nameClass(words)} ${css.under}` : nameClass(words)}>
      {documentId ? (
        <a
          class={css.paper}
          href={apiUrl(inlinePath(documentId))}
          target="_blank"
          rel="noopener"
          aria-label={statementWords('opensPaper', { name: words })}
        >
          {words}
        </a>
      ) : (
        words
      )}
    </span>
  );
}

function Aging({ block: { aging, currency }, to }: { block: StatementBlock; to: string }) {
  const id = `aging-${currency}`;
  return (
    <section class={css.aging} aria-labelledby={id}>
      <h3 id={id}>{statementWords('aging', { date: formatDay(to) })}</h3>
      <dl class={css.ages}>
        {AGES.filter((age) => age !== 'unallocated' || aging[age].startsWith('-')).map((age) => (
          <div key={age}>
            <dt>{statementWords(`ages.${age}`)}</dt>
            <dd>{formatMoney(aging[age], currency)}</dd>
          </div>
        ))}
      </dl>
      <p class={css.note}>
        {statementWords('basis')}
        {aging.unallocated.startsWith('-') && ` ${statementWords('unallocated')}`}
      </p>
    </section>
  );
}
