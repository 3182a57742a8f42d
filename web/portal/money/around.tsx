/** What stands around each page of money. */
import type { ComponentChildren } from 'preact';
import { formatDate } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { useLocation } from '../../lib/router.tsx';
import { Empty } from '../../ui/empty.tsx';
import { knownVisit } from '../components/shell.tsx';
import css from './around.module.css';
import { moneyWords } from './words.ts';

const PAGES = [
  { page: '/invoices', name: 'invoices' },
  { page: '/payments', name: 'payments' },
  { page: '/statement', name: 'statement' },
  { page: '/insights', name: 'insights' },
  { page: '/exports', name: 'exports' },
] as const;

/** The ways between the pages of money. Through a link without amounts there is only the word that it has none. */
export function AroundMoney({ children }: { children: ComponentChildren }) {
  const { path } = useLocation();
  const visit = knownVisit();
  if (visit?.link.scope === 'no_financials') {
    return (
      <>
        <h1 class="unseen">{t('nav.invoices')}</h1>
        <Empty
          icon="receipt"
          title={moneyWords('hiddenTitle')}
          text={moneyWords('hidden', { org: visit.org.name })}
        />
      </>
    );
  }
  return (
    <>
      <nav class={css.pages} aria-label={moneyWords('sections.label')}>
        {PAGES.map(({ page, name }) => (
          <a key={page} href={page} aria-current={path === page ? 'page' : undefined}>
            {t(`nav.${name}`)}
          </a>
        ))}
      </nav>
      {children}
    </>
  );
}

/** Up to when what is shown is true. */
export function AsOf({ asOf }: { asOf: string | null }) {
  return asOf && <p class={css.asOf}>{moneyWords('asOf', { date: formatDate(asOf) })}</p>;
}

/** What all of a filter come to, a line for each currency. */
export function Sums({ lines }: { lines: { currency: string; words: string }[] }) {
  if (lines.length === 0) return null;
  return (
    <ul class={css.sums} aria-label={moneyWords('list.totals')}>
      {lines.map(({ currency, words }) => (
        <li key={currency}>{words}</li>
      ))}
    </ul>
  );
}
