import { useRef } from 'preact/hooks';
import { STATEMENT_MAX_YEARS } from '../../../worker/vocabulary.ts';
import { apiUrl } from '../../lib/api.ts';
import { formatDay, formatMoment } from '../../lib/format.ts';
import { useResource } from '../../lib/resource.ts';
import { useLocation } from '../../lib/router.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { knownVisit } from '../components/shell.tsx';
import { dayHere } from '../day-here.ts';
import { isBackwards } from '../filters/days.ts';
import { AroundMoney } from '../money/around.tsx';
import type { Statement, StatementPage } from '../types.ts';
import { Block } from './block.tsx';
import { PeriodForm } from './period-form.tsx';
import { daysIn, withDays } from './periods.ts';
import css from './statement.module.css';
import { statementWords } from './words.ts';

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
  const wanted = daysIn(query);
  // There is no statement of days that stand the wrong way round: only the form shows them.
  const swapped = isBackwards(wanted);
  const { value, error, reload } = useResource<StatementPage>(
    swapped ? null : withDays('statement', wanted),
  );
  // The choice of days stays while another statement is read.
  const last = useRef<Statement | undefined>(undefined);
  const statement = value?.statement;
  last.current = statement === null ? undefined : (statement ?? last.current);
  const known = last.current;
  const read = (statement ?? known)?.figures;
  // What was refused stands in the form, to be corrected there; what is wanted, as soon as it is pressed.
  const shown =
    error || swapped
      ? { from: '', to: '', ...wanted }
      : read && (statement ? read : { from: read.from, to: read.to, ...wanted });
  const isPeriod = error?.code === 'invalid' && ('from' in error.fields || 'to' in error.fields);
  return (
    <div class={css.page}>
      <div class={css.head}>
        <h1>{statementWords('title')}</h1>
        {shown && <Take figures={statement?.figures} />}
      </div>
      {shown && (
        <PeriodForm
          key={swapped ? 'swapped' : 'shown'}
          shown={shown}
          today={known?.today ?? dayHere()}
        />
      )}
      {swapped ? null : isPeriod ? (
        <ErrorNote error={error} words={statementWords('period', { years: STATEMENT_MAX_YEARS })} />
      ) : error ? (
        <ErrorNote error={error} retry={reload} />
      ) : statement ? (
        <Account statement={statement} />
      ) : statement === null ? (
        <Empty
          title={statementWords('withheldTitle')}
          text={statementWords('withheld', { org: knownVisit()?.org.name ?? '' })}
        />
      ) : (
        <Skeleton lines={9} />
      )}
    </div>
  );
}

/** The same as a file, or on paper; while there is no statement the buttons keep their place. */
function Take({ figures }: { figures: Statement['figures'] | undefined }) {
  const files = [
    { extension: 'pdf', kind: 'primary' },
    { extension: 'csv', kind: 'quiet' },
  ] as const;
  return (
    <div class={css.take}>
      {files.map(({ extension, kind }) =>
        figures ? (
          <LinkButton
            key={extension}
            icon="download"
            kind={kind}
            href={apiUrl(withDays(`statement.${extension}`, figures))}
            download
          >
            {statementWords(extension)}
          </LinkButton>
        ) : (
          <Button key={extension} icon="download" kind={kind} off>
            {statementWords(extension)}
          </Button>
        ),
      )}
      <Button off={!figures} onClick={() => print()}>
        {statementWords('print')}
      </Button>
    </div>
  );
}

function Account({ statement }: { statement: Statement }) {
  const { figures, asOf, later } = statement;
  const { from, to, blocks, leftOut } = figures;
  const { customer } = knownVisit() ?? {};
  return (
    <>
      {/* On paper nothing else says whose account it is. */}
      {customer && (
        <p class={css.whose}>
          {customer.name}, {customer.code}
        </p>
      )}
      <p class={css.about} role="status">
        {statementWords('of', { from: formatDay(from), to: formatDay(to) })}
        {asOf && (
          <span class={css.asOf}> {statementWords('asOf', { date: formatMoment(asOf) })}</span>
        )}
      </p>
      {/* What is left out or dated later may well be owed: nothing is said of what is not known. */}
      {leftOut.length > 0 ? (
        <p class={css.note}>{statementWords('leftOut', { currencies: leftOut.join(', ') })}</p>
      ) : (
        blocks.length === 0 &&
        later === 0 && (
          <Empty title={statementWords('emptyTitle')} text={statementWords('emptyText')} />
        )
      )}
      {later > 0 && <p class={css.note}>{statementWords('later', { count: later })}</p>}
      {blocks.map((block) => (
        <Block key={block.currency} block={block} from={from} to={to} />
      ))}
    </>
  );
}
