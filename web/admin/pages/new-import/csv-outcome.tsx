import { formatNumber } from '../../../lib/format.ts';
import { errorWords } from '../../../lib/i18n.ts';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { ProblemDigest } from '../../components/problem-list.tsx';
import { type ImportView, LISTED_PROBLEMS_MAX, type Outcome, problemsPath } from '../../imports.ts';
import { useOrg } from '../../org.ts';
import { distinctProblems } from '../../problems.ts';
import type { Problem } from '../../types.ts';
import { joined, t } from '../../words.ts';
import css from './csv-import.module.css';

/** What became of the rows: all of them accounted for, and every problem with what to do. */
export function CsvOutcome({
  view,
  outcome,
  choose,
}: {
  view: ImportView;
  /** Not known at once where the file was staged before this page was opened. */
  outcome: Outcome | undefined;
  choose: () => void;
}) {
  const { rows, skipped, blank, items } = outcome ?? view;
  const found = distinctProblems(outcome?.problems ?? []);
  // Nobody has to put a total right.
  const totals = found.filter(({ code }) => code === 'totals_row');
  const problems = found.filter(({ code }) => code !== 'totals_row');
  return (
    <>
      <p role="status">
        {t('csvOutcome.account', { count: rows, skipped: formatNumber(skipped) })}
      </p>
      <Facts
        facts={[
          { label: t('import.rows'), value: formatNumber(rows) },
          { label: t('csvOutcome.used'), value: formatNumber(rows - skipped) },
          { label: t('import.skipped'), value: formatNumber(skipped) },
          { label: t('csvOutcome.blank'), value: blank === 0 ? null : formatNumber(blank) },
          { label: t('import.items'), value: formatNumber(items) },
        ]}
      />
      {rows === 0 && <p>{errorWords('csv_empty')}</p>}
      {outcome && <Unused outcome={outcome} />}
      {outcome ? (
        <>
          {totals.length > 0 && (
            <p class={css.soft}>
              {t('csvOutcome.totals', {
                count: totals.length,
                lines: joined(totals.map(({ line }) => String(line))),
              })}
            </p>
          )}
          {problems.length > 0 ? (
            <Problems outcome={outcome} problems={problems} choose={choose} />
          ) : (
            rows > 0 && <p class={css.soft}>{t('import.noProblems')}</p>
          )}
        </>
      ) : (
        <p class={css.soft}>{t('csvOutcome.before')}</p>
      )}
    </>
  );
}

function Problems({
  outcome,
  problems,
  choose,
}: {
  outcome: Outcome;
  problems: readonly Problem[];
  choose: () => void;
}) {
  const { paths } = useOrg();
  return (
    <div class={css.problems}>
      <h3>{t('csvOutcome.problems', { count: problems.length })}</h3>
      {outcome.problems.length >= LISTED_PROBLEMS_MAX && (
        <p class={css.soft}>{t('csvOutcome.more', { count: LISTED_PROBLEMS_MAX })}</p>
      )}
      <ProblemDigest problems={problems} />
      <p>{t('csvOutcome.fix')}</p>
      <div class={css.actions}>
        <LinkButton icon="download" href={problemsPath(paths, outcome.id)} download>
          {t('csvOutcome.download')}
        </LinkButton>
        <Button icon="upload" onClick={choose}>
          {t('csvOutcome.choose')}
        </Button>
      </div>
    </div>
  );
}

function Unused({ outcome: { unknownColumns, duplicateColumns } }: { outcome: Outcome }) {
  return (
    <>
      <Columns text="import.unknown" names={unknownColumns} />
      <Columns text="import.duplicate" names={duplicateColumns} />
    </>
  );
}

function Columns({
  text,
  names,
}: {
  text: 'import.unknown' | 'import.duplicate';
  names: readonly string[];
}) {
  if (names.length === 0) return null;
  return (
    <p>
      {t(text, { count: names.length })}{' '}
      {names.map((name, at) => (
        // Headers may repeat: their place is their key.
        <code key={at} class={css.column}>
          {name}
        </code>
      ))}
    </p>
  );
}
