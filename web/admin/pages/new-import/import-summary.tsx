import { LinkButton } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Icon, type IconName } from '../../../ui/icon.tsx';
import { useOrg, withQuery } from '../../org.ts';
import type { Review } from '../../types.ts';
import { t } from '../../words.ts';
import css from './new-import.module.css';

/** What the review will say of all of it together, and the way there. */
export function ImportSummary({ review }: { review: Review }) {
  const { paths } = useOrg();
  const to = paths.publish(review.publish.id);
  const { passes, blocked, awaitingTick } = review.totals;
  return (
    <Card>
      <section class={css.summary} aria-labelledby="check">
        <h2 id="check">{t('import.check')}</h2>
        {review.imports.length === 0 && <p>{t('import.noCsv')}</p>}
        <ul class={css.checks}>
          <Check icon="check" count={passes} text="importCheck.passes" href={to} />
          <Check
            icon="cross"
            count={blocked}
            text="importCheck.blocked"
            href={withQuery(to, { show: 'problems' })}
          />
          <Check
            icon="clock"
            count={awaitingTick}
            text="importCheck.ticks"
            href={withQuery(to, { show: 'ticks' })}
          />
        </ul>
        <div>
          <LinkButton kind="primary" icon="arrowNext" href={to}>
            {t('import.toReview')}
          </LinkButton>
        </div>
      </section>
    </Card>
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
  text: `importCheck.${'passes' | 'blocked' | 'ticks'}`;
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
