import type { ComponentChildren } from 'preact';
import css from './empty.module.css';
import { Icon, type IconName } from './icon.tsx';

/** Nothing to list: says why, and what to do about it. */
export function Empty({
  title,
  text,
  action,
  icon = 'document',
}: {
  title: ComponentChildren;
  text?: ComponentChildren;
  action?: ComponentChildren;
  icon?: IconName;
}) {
  return (
    <div class={css.empty}>
      <span class={css.picture}>
        <Icon name={icon} />
      </span>
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {action && <div class={css.action}>{action}</div>}
    </div>
  );
}
