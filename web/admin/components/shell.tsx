import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { AlertKind } from '../../../worker/vocabulary.ts';
import { formatNumber } from '../../lib/format.ts';
import { useLocation } from '../../lib/router.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { Header, MAIN_ID } from '../../ui/header.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { AlertsContext, useOpenAlerts } from '../alerts.ts';
import { OrgContext, pathsOf } from '../org.ts';
import type { Alert, Me } from '../types.ts';
import { useResource } from '../use-resource.ts';
import { t } from '../words.ts';
import css from './shell.module.css';

const SECTIONS = [
  'publishes',
  'customers',
  'issues',
  'changes',
  'shipments',
  'outbox',
  'exposures',
  'exports',
  'trace',
  'alerts',
  'feedback',
  'integrations',
  'audit',
  'settings',
] as const;

/** Lists the suppliers also for who works for only one. */
const CHOOSE_ORG = '/admin?choose=1';

/** The frame of one supplier's console. Its pages are drawn once it is known who is looking. */
export function Shell({ slug, children }: { slug: string; children: ComponentChildren }) {
  const paths = pathsOf(slug);
  const me = useResource<Me>(paths.api('me'));
  const alerts = useOpenAlerts(slug);
  useSupplierColour(me.value?.org.code);
  const open = alerts.value?.alerts.length ?? 0;
  const openIssues = alerts.value?.openIssues ?? 0;
  const openChanges = alerts.value?.openChanges ?? 0;
  return (
    <div class={css.shell}>
      <Header
        name={me.value?.org.name ?? t('app.name')}
        home={paths.publishes}
        homeLabel={
          me.value
            ? `${me.value.org.name}, ${t('app.console')}`
            : `${t('app.name')}, ${t('app.console')}`
        }
        onSignOut={signOut}
      >
        {me.value && <Person me={me.value} />}
      </Header>
      <Sections slug={slug} me={me.value} alerts={open} issues={openIssues} changes={openChanges} />
      <AlertBanner slug={slug} alerts={alerts.value?.alerts ?? []} />
      <main id={MAIN_ID} class={css.main} tabIndex={-1}>
        {me.value ? (
          <OrgContext.Provider value={me.value}>
            <AlertsContext.Provider value={alerts}>{children}</AlertsContext.Provider>
          </OrgContext.Provider>
        ) : me.error ? (
          <ErrorNote error={me.error} retry={me.reload} />
        ) : (
          <Skeleton lines={8} />
        )}
      </main>
    </div>
  );
}

/** Cloudflare Access ends its own session at this address of every application behind it. */
export function signOut(): void {
  location.assign('/cdn-cgi/access/logout');
}

function Person({ me }: { me: Me }) {
  return (
    <a class={css.person} href={CHOOSE_ORG} title={t('app.switchOrg')}>
      <span>{me.member.name}</span>
      <span class={css.role}>{t(`roles.${me.member.role}`)}</span>
    </a>
  );
}

/** What nobody may miss, on every page but the one that lists it. */
function AlertBanner({ slug, alerts }: { slug: string; alerts: Alert[] }) {
  const { path } = useLocation();
  const paths = pathsOf(slug);
  if (alerts.length === 0 || path.startsWith(paths.alerts)) return null;
  const of = (...kinds: AlertKind[]) => alerts.filter(({ kind }) => kinds.includes(kind)).length;
  const documents = of('document_missing', 'document_damaged');
  const mail = of('mail_died', 'mail_bounced', 'mail_complained');
  const seals = of('audit_broken');
  const rest = alerts.length - documents - mail - seals;
  return (
    <div class={css.banner} role="alert">
      <p>
        <Icon name="warning" />
        <span>
          {[
            seals > 0 && t('alerts.bannerAudit'),
            documents > 0 && t('alerts.banner', { count: documents }),
            mail > 0 && t('alerts.bannerMail', { count: mail }),
            rest > 0 && t('alerts.bannerOther', { count: rest }),
          ]
            .filter(Boolean)
            .join(' ')}{' '}
          <a href={paths.alerts}>{t('alerts.toAlerts')}</a>
        </span>
      </p>
    </div>
  );
}

function Sections({
  slug,
  me,
  alerts,
  issues,
  changes,
}: {
  slug: string;
  me: Me | undefined;
  alerts: number;
  issues: number;
  changes: number;
}) {
  const { path } = useLocation();
  const menu = useRef<HTMLDetailsElement>(null);
  const paths = pathsOf(slug);
  const current = SECTIONS.find((section) => path.startsWith(paths[section])) ?? 'publishes';
  // A change of page closes the menu.
  useEffect(() => {
    if (menu.current) menu.current.open = false;
  }, [path]);
  const links = SECTIONS.map((section) => (
    <a
      key={section}
      class={css.section}
      href={paths[section]}
      aria-current={section === current ? 'page' : undefined}
    >
      {t(`nav.${section}`)}
      {section === 'alerts' && <AlertCount count={alerts} />}
      {section === 'issues' && <IssueCount count={issues} />}
      {section === 'changes' && <ChangeCount count={changes} />}
    </a>
  ));
  return (
    <div class={css.sections}>
      <nav class={css.wide} aria-label={t('app.sections')}>
        {links}
      </nav>
      <details class={css.narrow} ref={menu}>
        <summary class={css.summary}>
          {t(`nav.${current}`)}
          <span class={css.summaryEnd}>
            <IssueCount count={issues} />
            <ChangeCount count={changes} />
            <AlertCount count={alerts} />
            <Icon name="chevron" />
          </span>
        </summary>
        <nav class={css.drop} aria-label={t('app.sections')}>
          {links}
          {me && (
            <a class={css.section} href={CHOOSE_ORG}>
              {me.member.name}, {t('app.switchOrg')}
            </a>
          )}
        </nav>
      </details>
    </div>
  );
}

function AlertCount({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span class={css.count}>
      <Icon name="warning" />
      <span aria-hidden="true">{formatNumber(count)}</span>
      <span class="unseen"> {t('alerts.open', { count })}</span>
    </span>
  );
}

function IssueCount({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span class={`${css.count} ${css.news}`}>
      <Icon name="note" />
      <span aria-hidden="true">{formatNumber(count)}</span>
      <span class="unseen"> {t('issues.open', { count })}</span>
    </span>
  );
}

function ChangeCount({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span class={`${css.count} ${css.news}`}>
      <Icon name="pen" />
      <span aria-hidden="true">{formatNumber(count)}</span>
      <span class="unseen"> {t('changeDesk.open', { count })}</span>
    </span>
  );
}

/** The supplier's colour, by a stylesheet: the policy for styles allows nothing inline. */
function useSupplierColour(code: string | undefined): void {
  useEffect(() => {
    if (code === undefined) return;
    const link = document.createElement('link');
    link.rel = 'stylesheet';
    link.href = `/brand/${encodeURIComponent(code)}/accent.css`;
    document.head.append(link);
    return () => link.remove();
  }, [code]);
}
