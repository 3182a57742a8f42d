import type { ComponentChildren } from 'preact';
import { ApiError, send } from '../../lib/api.ts';
import { formatDay } from '../../lib/format.ts';
import { errorWords, t } from '../../lib/i18n.ts';
import { inlinedPage } from '../../lib/page.ts';
import { useLocation, useTitle } from '../../lib/router.tsx';
import { Header, MAIN_ID } from '../../ui/header.tsx';
import { Icon } from '../../ui/icon.tsx';
import { toast } from '../../ui/toast.tsx';
import { forgetDrafts } from '../drafts.ts';
import type { Org, Visit } from '../types.ts';
import { Bell } from './bell.tsx';
import { ContactLines } from './contact-lines.tsx';
import { PreviewBanner } from './preview-banner.tsx';
import css from './shell.module.css';

const SECTIONS = [
  { page: '/', name: 'home', icon: 'house' },
  { page: '/orders', name: 'orders', icon: 'box' },
  { page: '/documents', name: 'documents', icon: 'document' },
  { page: '/invoices', name: 'invoices', icon: 'receipt' },
  { page: '/details', name: 'details', icon: 'person' },
  { page: '/help', name: 'help', icon: 'question' },
] as const;

/** Kept while the next page loads, so that the head of the page stays. */
let known: Visit | undefined;

/** The visit that this page or the one before it told of. */
export function knownVisit(): Visit | undefined {
  // Every page's own resource carries the visit; the Worker inlines no other kind.
  known ??= Object.values(inlinedPage().resources ?? {})[0] as Visit | undefined;
  return known;
}

/** What surrounds each page: the supplier's head, the content, whom to ask. */
export function Shell({
  visit = knownVisit(),
  title,
  children,
}: {
  visit: Visit | undefined;
  title: string | undefined;
  children: ComponentChildren;
}) {
  known = visit;
  const { path } = useLocation();
  useTitle(title, visit?.org.name);
  return (
    <>
      {visit?.link.isPreview && <PreviewBanner visit={visit} />}
      <Header
        name={visit?.org.name ?? ''}
        logo={visit?.org.hasLogo ? `/brand/${visit.org.code}/logo` : undefined}
        home="/"
        homeLabel={visit ? t('portal.home', { org: visit.org.name }) : t('home.title')}
        onSignOut={() => signOut()}
        tools={visit && <Bell visit={visit} />}
      >
        <Sections visit={visit} />
      </Header>
      <main id={MAIN_ID} class={css.main} tabIndex={-1}>
        {children}
      </main>
      {visit && <Foot visit={visit} isHelp={path === '/help'} />}
      <Sections visit={visit} asBar />
    </>
  );
}

/** The sections: in the head of the page, and on a phone, in its place, as a bar at the lower edge. */
function Sections({ visit, asBar = false }: { visit: Visit | undefined; asBar?: boolean }) {
  const { path } = useLocation();
  // A report is of an order, a payment of an invoice.
  const section = path
    .replace(/^\/issues\//, '/orders/')
    .replace(/^\/(payments|insights|statement|exports)$/, '/invoices/');
  const current = (page: string) =>
    path === page ? 'page' : page !== '/' && section.startsWith(`${page}/`) ? 'true' : undefined;
  return (
    <nav class={asBar ? css.bar : css.sections} aria-label={t('nav.label')}>
      {SECTIONS.filter(
        ({ name }) => name !== 'invoices' || visit?.link.scope !== 'no_financials',
      ).map(({ page, name, icon }) => (
        <a key={page} href={page} aria-current={current(page)}>
          {asBar && <Icon name={icon} />}
          {t(`nav.${name}`)}
        </a>
      ))}
    </nav>
  );
}

/** Ends this session, and shows the page that says so. */
export async function signOut(failed = (words: string) => toast(words, 'bad')): Promise<void> {
  try {
    await send('DELETE', '/api/portal/session');
    forgetDrafts();
    location.assign('/');
  } catch (error) {
    failed(errorWords(error instanceof ApiError ? error.code : 'internal'));
  }
}

/** On the page that says whom to ask, it need not be said again. */
function Foot({ visit: { org, link }, isHelp }: { visit: Visit; isHelp: boolean }) {
  return (
    <footer class={css.foot}>
      <div class={css.footRow}>
        {hasContact(org) && !isHelp && (
          <div class={css.help}>
            <p>{t('portal.contact', { org: org.name })}</p>
            <ContactLines org={org} />
          </div>
        )}
        {!link.isPreview && (
          <p class={css.until}>{t('portal.linkUntil', { date: formatDay(link.lastDay) })}</p>
        )}
      </div>
    </footer>
  );
}

/** Whether the supplier says how to be reached. */
function hasContact(org: Org): boolean {
  return org.contactEmail !== null || org.contactPhone !== null;
}
