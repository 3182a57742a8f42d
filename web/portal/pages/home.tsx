import { ORDER_FILTERS, type OrderFilter } from '../../../worker/vocabulary.ts';
import { formatDate } from '../../lib/format.ts';
import { t } from '../../lib/i18n.ts';
import { useResource } from '../../lib/resource.ts';
import { useLocation } from '../../lib/router.tsx';
import { Empty } from '../../ui/Empty.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Icon } from '../../ui/Icon.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { Documents } from '../components/documents.tsx';
import { FindOrder } from '../components/find-order.tsx';
import { OrdersSection } from '../components/orders-section.tsx';
import { Figures, News, QuickActions, UnderWay } from '../components/overview.tsx';
import { Shell } from '../components/shell.tsx';
import type { Home } from '../types.ts';
import css from './home.module.css';

/** Who I am here, what is under way, find an order, the newest paper one tap away. */
export function HomePage() {
  const { value: home, error, reload } = useResource<Home>('home');
  return (
    <Shell visit={home} title={home?.customer.name}>
      {!home && <h1 class="unseen">{t('home.title')}</h1>}
      {home ? (
        <Desk home={home} />
      ) : error ? (
        <ErrorNote error={error} retry={reload} />
      ) : (
        <Loading />
      )}
    </Shell>
  );
}

function Loading() {
  return <Skeleton lines={9} />;
}

function Desk({ home }: { home: Home }) {
  const { query } = useLocation();
  const bare = home.counts.all === 0;
  if (bare && home.documents.length === 0) return <NothingYet home={home} />;
  return (
    <>
      <div class={css.head}>
        <Who home={home} />
        {!bare && <FindOrder />}
      </div>
      <QuickActions home={home} />
      {!bare && <Figures home={home} />}
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
