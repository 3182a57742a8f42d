import type { ComponentChildren } from 'preact';
import { useTitle } from '../../lib/router.tsx';
import { Icon } from '../../ui/icon.tsx';
import { useOrg } from '../org.ts';
import { t } from '../words.ts';
import css from './page-head.module.css';

/** A page's heading: the way back, the title, what it is about, and what can be done here. */
export function PageHead({
  title,
  back,
  beside,
  children,
  actions,
}: {
  title: string;
  back?: { href: string; name: string };
  /** Stands beside the title: a badge. */
  beside?: ComponentChildren;
  children?: ComponentChildren;
  actions?: ComponentChildren;
}) {
  const { org } = useOrg();
  useTitle(title, org.name);
  return (
    <header class={css.head}>
      {back && (
        <a class={css.back} href={back.href}>
          <Icon name="arrowBack" /> {t('common.back', { name: back.name })}
        </a>
      )}
      <div class={css.row}>
        <div class={css.words}>
          <div class={css.title}>
            <h1>{title}</h1>
            {beside}
          </div>
          {children}
        </div>
        {actions && <div class={css.actions}>{actions}</div>}
      </div>
    </header>
  );
}

/** A part of a page under its own heading. */
export function Section({
  title,
  note,
  actions,
  children,
  id,
}: {
  title: string;
  note?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
  id: string;
}) {
  return (
    <section class={css.section} aria-labelledby={id}>
      <div class={css.row}>
        <div class={css.words}>
          <h2 id={id}>{title}</h2>
          {note && <p class={css.note}>{note}</p>}
        </div>
        {actions && <div class={css.actions}>{actions}</div>}
      </div>
      {children}
    </section>
  );
}
