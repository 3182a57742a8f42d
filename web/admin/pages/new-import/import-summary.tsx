import { formatNumber } from '../../../lib/format.ts';
import { errorWords } from '../../../lib/i18n.ts';
import { LinkButton } from '../../../ui/Button.tsx';
import { Card } from '../../../ui/Card.tsx';
import { Facts } from '../../../ui/Facts.tsx';
import { Icon, type IconName } from '../../../ui/Icon.tsx';
import { ProblemDigest } from '../../components/problem-list.tsx';
import { useOrg, withQuery } from '../../org.ts';
import type { ImportResult, Review } from '../../types.ts';
import type { Upload } from '../../uploads.ts';
import { t } from '../../words.ts';
import css from './new-import.module.css';

/** What came of the files: the CSV by itself, then all of it together, then the way on. */
export function ImportSummary({
  files,
  review,
  isRunning,
}: {
  files: readonly Upload[];
  review: Review | undefined;
  isRunning: boolean;
}) {
  const { paths } = useOrg();
  const csvs = files.filter((upload) => upload.imported !== null);
  return (
    <>
      {csvs.map(
        ({ id, name, imported }) => imported && <Csv key={id} name={name} csv={imported} />,
      )}
      {review && !isRunning && (
        <Card>
          <div class={css.summary}>
            <h2>{t('import.check')}</h2>
            {review.imports.length === 0 && <p>{t('import.noCsv')}</p>}
            <ul class={css.checks}>
              <Check
                icon="check"
                count={review.totals.passes}
                text="importCheck.passes"
                href={paths.publish(review.publish.id)}
              />
              <Check
                icon="cross"
                count={review.totals.blocked}
                text="importCheck.blocked"
                href={withQuery(paths.publish(review.publish.id), { show: 'problems' })}
              />
              <Check
                icon="clock"
                count={review.totals.awaitingTick}
                text="importCheck.ticks"
                href={withQuery(paths.publish(review.publish.id), { show: 'ticks' })}
              />
              <Check
                icon="warning"
                count={review.unmatchedFiles.length}
                text="importCheck.unmatched"
                href={`${paths.publish(review.publish.id)}#pairs`}
              />
            </ul>
            <div>
              <LinkButton kind="primary" icon="arrowNext" href={paths.publish(review.publish.id)}>
                {t('import.toReview')}
              </LinkButton>
            </div>
          </div>
        </Card>
      )}
    </>
  );
}

function Check({
  icon,
  count,
  text,
  href,
}: {
  icon: IconName;
  count: number;
  text: `importCheck.${'passes' | 'blocked' | 'ticks' | 'unmatched'}`;
  href: string;
}) {
  if (count === 0) return null;
  return (
    <li>
      <a href={href}>
        <Icon name={icon} /> {t(text, { count })}
      </a>
    </li>
  );
}

function Csv({ name, csv }: { name: string; csv: ImportResult['import'] }) {
  return (
    <Card>
      <div class={css.summary}>
        <h2>
          {t('import.summary')} <span class={css.note}>{name}</span>
        </h2>
        <Facts
          facts={[
            { label: t('import.rows'), value: formatNumber(csv.rows) },
            { label: t('import.items'), value: formatNumber(csv.items) },
            { label: t('import.skipped'), value: formatNumber(csv.skipped) },
            { label: t('import.problems'), value: formatNumber(csv.problems.length) },
          ]}
        />
        <Columns text="import.unknown" names={csv.unknownColumns} />
        <Columns text="import.duplicate" names={csv.duplicateColumns} />
        {csv.rows === 0 ? (
          <p class={css.note}>{errorWords('csv_empty')}</p>
        ) : csv.problems.length === 0 ? (
          <p class={css.note}>{t('import.noProblems')}</p>
        ) : (
          <ProblemDigest problems={csv.problems} />
        )}
      </div>
    </Card>
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
      {names.map((name) => (
        <code key={name} class={css.column}>
          {name}
        </code>
      ))}
    </p>
  );
}
