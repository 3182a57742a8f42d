import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { chooseLocale, LOCALE_NAMES, LOCALES, type Locale, t, useLocale } from '../lib/i18n.ts';
import { Button } from './button.tsx';
import css from './header.module.css';
import { Icon } from './icon.tsx';

/** The id that a page's `<main>` carries, for the skip link. */
export const MAIN_ID = 'main';

/** Whose page this is, the language, the way out; `children` is the navigation, if any. */
export function Header({
  name,
  logo,
  home,
  homeLabel,
  onSignOut,
  tools,
  children,
}: {
  name: string;
  /** Address of the logo; the name is shown in its place when there is none. */
  logo?: string | undefined;
  home: string;
  /** Says where the brand leads. */
  homeLabel: string;
  onSignOut?: (() => Promise<void> | void) | undefined;
  /** What stands before the choice of language. */
  tools?: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <header class={css.header}>
      <a class={css.skip} href={`#${MAIN_ID}`}>
        {t('ui.skip')}
      </a>
      <div class={css.row}>
        <a class={css.brand} href={home} aria-label={homeLabel}>
          {logo ? <img src={logo} alt="" /> : <span class={css.name}>{name}</span>}
        </a>
        {children}
        <div class={css.tools}>
          {tools}
          <LanguageSwitch />
          {onSignOut && <SignOut onSignOut={onSignOut} />}
        </div>
      </div>
    </header>
  );
}

function SignOut({ onSignOut }: { onSignOut: () => Promise<void> | void }) {
  const [busy, setBusy] = useState(false);
  const leave = async () => {
    setBusy(true);
    try {
      await onSignOut();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button icon="signOut" busy={busy} onClick={leave}>
      {t('ui.signOut')}
    </Button>
  );
}

/** The person's own choice of language. */
function LanguageSwitch() {
  const locale = useLocale();
  return (
    <label class={css.language}>
      <Icon name="globe" />
      <span class="unseen">{t('ui.language')}</span>
      <select
        value={locale}
        onChange={(event) => chooseLocale(event.currentTarget.value as Locale)} // its options are the locales
      >
        {LOCALES.map((code) => (
          <option key={code} value={code} lang={code}>
            {LOCALE_NAMES[code]}
          </option>
        ))}
      </select>
    </label>
  );
}
