import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { chooseLocale, LOCALE_NAMES, LOCALES, localeOf, useLocale } from '../../lib/i18n.ts';
import { useLocation } from '../../lib/router.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { OrgContext, pathsOf } from '../org.ts';
import type { Me } from '../types.ts';
import { useResource } from '../use-resource.ts';
import { type Key, t } from '../words.ts';
import css from './shell.module.css';
import { Trouble } from './trouble.tsx';

type Section = 'publishes' | 'customers' | 'exposures' | 'audit' | 'settings';
const SECTIONS: readonly Section[] = ['publishes', 'customers', 'exposures', 'audit', 'settings'];

/** The frame of one supplier's console. Its pages are drawn once it is known who is looking. */
export function Shell({ slug, children }: { slug: string; children: ComponentChildren }) {
  const me = useResource<Me>(`/api/admin/${slug}/me`);
  useSupplierColour(me.value?.org.code);
  return (
    <div class={css.shell}>
      <a class={css.skip} href="#main">
        {t('app.skip')}
      </a>
      <header class={css.header}>
        <Brand me={me.value} slug={slug} />
        <Sections slug={slug} />
        <Person me={me.value} />
      </header>
      <main id="main" class={css.main} tabIndex={-1}>
        {me.value ? (
          <OrgContext.Provider value={me.value}>{children}</OrgContext.Provider>
        ) : me.error ? (
          <Trouble error={me.error} retry={me.reload} />
        ) : (
          <Skeleton lines={8} />
        )}
      </main>
    </div>
  );
}

function Brand({ me, slug }: { me: Me | undefined; slug: string }) {
  return (
    <a class={css.brand} href={pathsOf(slug).publishes}>
      <span class={css.mark} aria-hidden="true" />
      <span class={css.names}>
        <span class={css.org}>{me?.org.name ?? t('app.name')}</span>
        <span class={css.product}>{t('app.console')}</span>
      </span>
    </a>
  );
}

function Sections({ slug }: { slug: string }) {
  const { path } = useLocation();
  const menu = useRef<HTMLDetailsElement>(null);
  const paths = pathsOf(slug);
  const current = SECTIONS.find((section) => path.startsWith(paths[section])) ?? 'publishes';
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of page closes the menu
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
      {t(`nav.${section}` satisfies Key)}
    </a>
  ));
  return (
    <>
      <nav class={css.wide} aria-label={t('app.sections')}>
        {links}
      </nav>
      <details class={css.narrow} ref={menu}>
        <summary class={css.summary}>
          <Icon name="menu" /> {t(`nav.${current}` satisfies Key)}
        </summary>
        <nav class={css.drop} aria-label={t('app.sections')}>
          {links}
        </nav>
      </details>
    </>
  );
}

function Person({ me }: { me: Me | undefined }) {
  const locale = useLocale();
  return (
    <div class={css.person}>
      {me && (
        <a class={css.who} href="/admin?choose" title={t('app.switchOrg')}>
          <span>{me.member.name}</span>
          <span class={css.role}>{t(`roles.${me.member.role}` satisfies Key)}</span>
        </a>
      )}
      <label class={css.language}>
        <span class="unseen">{t('app.language')}</span>
        <select
          value={locale}
          onChange={(event) => {
            const chosen = localeOf(event.currentTarget.value);
            if (chosen) void chooseLocale(chosen);
          }}
        >
          {LOCALES.map((each) => (
            <option key={each} value={each} lang={each}>
              {LOCALE_NAMES[each]}
            </option>
          ))}
        </select>
      </label>
      <a class={css.signOut} href="/cdn-cgi/access/logout">
        {t('app.signOut')}
      </a>
    </div>
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
