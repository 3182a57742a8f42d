import type { ComponentChildren } from 'preact';
import { Icon } from '../../ui/icon.tsx';
import css from './back.module.css';

/** The way back from a page, over its heading, and what stands at the line's other end. */
export function Back({
  href,
  words,
  children,
}: {
  href: string;
  words: string;
  children?: ComponentChildren;
}) {
  return (
    <div class={css.back}>
      <a href={href}>
        <Icon name="arrowBack" />
        {words}
      </a>
      {children}
    </div>
  );
}
