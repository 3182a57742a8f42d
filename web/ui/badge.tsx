import type { ComponentChildren } from 'preact';
import css from './badge.module.css';
import { Icon, type IconName } from './icon.tsx';

export type Tone = 'plain' | 'news' | 'good' | 'warn' | 'bad';

/** A state in a word, with a picture so that colour never says it alone. */
export function Badge({
  tone = 'plain',
  icon,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  children: ComponentChildren;
}) {
  return (
    <span class={`${css.badge} ${css[tone]}`}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}
