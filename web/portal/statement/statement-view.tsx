import { useRef } from 'preact/hooks';
import { apiUrl } from '../../lib/api.ts';
import { formatDay, formatMoment } from '../../lib/format.ts';
import { useResource } from '../../lib/resource.ts';
import { useLocation } from '../../lib/router.tsx';
import { Button, LinkButton } from '../../ui/Button.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { AroundMoney } from '../money/around.tsx';
import type { Statement, StatementPage } from '../types.ts';
import { Block } from './block.tsx';
import { PeriodForm } from './period-form.tsx';
import { daysIn, withDays } from './periods.ts';
import css from './statement.module.css';
import { ts } from './words.ts';

/** What was owed, what moved, what is owed and how old that is; between two days of one's choice. */
export function StatementView() {
  return (
    <AroundMoney>
      <Chosen />
    </AroundMoney>
  );
}

function Chosen() {
  const { query } = useLocation();
  const { from, to } = daysIn(query);
  // There is no statement of days that stand the wrong way round: only the form shows them.
  const swapped = from && to && from > to ? { from, to } : undefined;
  const path = swapped ? null : withDays('statement', daysIn(query));
  const { value, error, reload } = useResource<StatementPage>(path);
  // The choice of days stays while another statement is read.
  const last = useRef<Statement | undefined>(undefined);
  last.current = value?.statement ?? last.current;
  const known = last.current;
  return (
    <div class={css.page}>
      <div class={css.head}>
        <h1>{ts('title')}</h1>
        {value && <Take statement={value.statement} />}
      </div>
      {swapped ? (
        <PeriodForm key="swapped" shown={swapped} today={known?.today ?? localDay()} />
      ) : (
        known && <PeriodForm shown={value?.statement ?? known} today={known.today} />
      )}
      {swapped ? null : error ? (
        <ErrorNote error={error} retry={reload} />
      ) : value ? (
        <Account statement={value.statement} />
      ) : (
        <Skeleton lines={9} />
      )}
    </div>
  );
}

/** The reader's own day, where no statement has told the supplier's. */
function localDay(): string {
  const now = new Date();
  const two = (number: number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** The same as a file, or on paper. */
function Take({ statement: { from, to } }: { statement: Statement }) {
  const file = (extension: string) => apiUrl(withDays(`statement.${extension}`, { from, to }));
  return (
    <div class={`${css.take} screen-only`}>
      <LinkButton icon="download" kind="primary" href={file('pdf')} download>
        {ts('pdf')}
      </LinkButton>
      <LinkButton icon="download" href={file('csv')} download>
        {ts('csv')}
      </LinkButton>
      <Button onClick={() => print()}>{ts('print')}</Button>
    </div>
  );
}

function Account({ statement }: { statement: Statement }) {
  const { from, to, asOf, blocks, leftOut } = statement;
  return (
    <>
      <p class={css.about} role="status">
        {ts('of', { from: formatDay(from), to: formatDay(to) })}
        {asOf && <span class={css.asOf}> {ts('asOf', { date: formatMoment(asOf) })}</span>}
      </p>
      {leftOut.length > 0 && (
        <p class={css.note}>{ts('leftOut', { currencies: leftOut.join(', ') })}</p>
      )}
      {blocks.length === 0 && <Empty title={ts('emptyTitle')} text={ts('emptyText')} />}
      {blocks.map((block) => (
        <Block key={block.currency} block={block} from={from} to={to} />
      ))}
    </>
  );
}
