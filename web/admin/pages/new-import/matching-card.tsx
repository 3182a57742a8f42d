import { Card } from '../../../ui/card.tsx';
import { Icon, type IconName } from '../../../ui/icon.tsx';
import type { Matching } from '../../imports.ts';
import { t } from '../../words.ts';
import css from './csv-import.module.css';

/** Which PDFs have their row, which have none, and which rows wait for a PDF. */
export function MatchingCard({ matching }: { matching: Matching }) {
  const { counts, unmatched, missing } = matching;
  return (
    <Card>
      <section class={css.csv} aria-labelledby="matching">
        <h2 id="matching">{t('matching.title')}</h2>
        <ul class={css.matching}>
          {counts.matched > 0 && (
            <li>
              <p class={css.matched}>
                <Icon name="check" /> {t('matching.matched', { count: counts.matched })}
              </p>
            </li>
          )}
          <Missing
            icon="document"
            words={t('matching.unmatched', { count: counts.unmatched })}
            remedy={t('review.filesWithoutRowDo')}
            count={counts.unmatched}
            names={unmatched}
          />
          <Missing
            icon="warning"
            words={t('matching.missing', { count: counts.missing })}
            remedy={t('review.rowsWithoutFileDo')}
            count={counts.missing}
            names={missing.map(({ key, fileName }) => fileName ?? key)}
          />
        </ul>
      </section>
    </Card>
  );
}

function Missing({
  icon,
  words,
  remedy,
  count,
  names,
}: {
  icon: IconName;
  words: string;
  remedy: string;
  count: number;
  names: readonly string[];
}) {
  if (count === 0) return null;
  return (
    <li>
      <details class={css.fold}>
        <summary>
          <Icon name={icon} /> {words}
        </summary>
        <p class={css.soft}>{remedy}</p>
        {/* Focusable: a long list scrolls by keyboard too. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable */}
        <ul class={css.names} tabIndex={0} aria-label={words}>
          {names.map((name) => (
            <li key={name}>{name}</li>
          ))}
          {count > names.length && (
            <li class={css.soft}>{t('matching.more', { count: count - names.length })}</li>
          )}
        </ul>
      </details>
    </li>
  );
}
