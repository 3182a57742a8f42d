import { ORDER_FILTERS, type OrderFilter } from '../../../worker/vocabulary.ts';
import { formatDate } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { useLocation } from '../../lib/router.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { Home } from '../types.ts';
import { Documents } from './documents.tsx';
import { FindOrder } from './find-order.tsx';
import css from './home-view.module.css';
import { OrdersSection } from './orders-section.tsx';
import { Figures, News, QuickActions, UnderWay } from './overview.tsx';

/** All that the first page says. Fetched with the page itself: see the links in its head. */
export function HomeView({ home }: { home: Home }) {
  const { query } = useLocation();
  const bare = home.counts.all === 0;
  const hasFigures = !bare || home.balances.length > 0 || home.lastPayment !== null;
  if (!hasFigures && home.documents.length === 0) return <NothingYet home={home} />;
  return (
    <>
      <div class={css.head}>
        <Who home={home} />
        {!bare && <FindOrder />}
      </div>
      <QuickActions home={home} />
      {hasFigures && <Figures home={home} />}
      <News home={home} />
      <UnderWay home={home} />
      <Newest home={home} />
      {!bare && <OrdersSection home={home} status={filterOf(query.status)} />}
    </>
  );
}

function filterOf(word: string | undefined): OrderFilter {
  return ORDER_FILTERS.find((filter) => filter === word) ?? 'all';
}

function Who({ home }: { home: Home }) {
  const { customer, contact, link, org } = home;
  return (
    <div>
      <h1>{customer.name}</h1>
      <p class={css.who}>
        <span>{t('home.code', { code: customer.code })}</span>
        <span>{t('home.openFor', { who: contact.name ?? contact.email })}</span>
        {link.newSince && <span>{t('home.lastHere', { date: formatDate(link.newSince) })}</span>}
      </p>
      {link.newSince === null && !link.isPreview && (
        <p class={css.welcome}>{t('home.welcome', { org: org.name })}</p>
      )}
      {link.scope === 'no_financials' && (
        <p class={css.scope}>
          <Icon name="note" />
          {t('portal.noFinancials')}
        </p>
      )}
    </div>
  );
}

function Newest({ home }: { home: Home }) {
  return (
    <section class={css.section} aria-labelledby="newest">
      <div class={css.sectionHead}>
        <h2 id="newest">{t('home.newest')}</h2>
        {home.documents.length > 0 && <a href="/documents">{t('home.allDocuments')}</a>}
      </div>
      {home.documents.length > 0 ? (
        <Documents documents={home.documents} dense withOrder />
      ) : (
        <p class={css.quiet}>{t('home.noDocuments', { org: home.org.name })}</p>
      )}
    </section>
  );
}

function NothingYet({ home }: { home: Home }) {
  const { org, customer } = home;
  return (
    <>
      <Who home={home} />
      <Empty
        title={t('home.emptyTitle')}
        text={t('home.empty', { org: org.name, customer: customer.name })}
      />
    </>
  );
}
