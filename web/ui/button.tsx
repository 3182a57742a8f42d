import type { ComponentChildren, ComponentProps } from 'preact';
import { t } from '../lib/i18n.ts';
import css from './button.module.css';
import { Icon, type IconName } from './icon.tsx';
import type { LinkTarget } from './link-target.ts';

type ButtonKind = 'primary' | 'quiet' | 'danger';

type Looks = {
  kind?: ButtonKind;
  icon?: IconName;
  /** Only the icon is seen; the children are its name for those who hear it. */
  iconOnly?: boolean;
  children: ComponentChildren;
};

type ButtonProps = Looks & {
  /** Work is under way: stays focusable, takes no second press. */
  busy?: boolean;
  /** Leads nowhere at the moment, but keeps the focus that it has. */
  off?: boolean;
} & Omit<ComponentProps<'button'>, 'icon' | 'kind' | 'class' | 'style'>;

/** A button; `type` is button unless it says submit. */
export function Button({
  kind = 'quiet',
  icon,
  iconOnly,
  busy = false,
  off = false,
  children,
  onClick,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      {...rest}
      type={type}
      class={classes(kind, iconOnly)}
      aria-disabled={busy || off || undefined}
      aria-busy={busy || undefined}
      onClick={(event) => {
        if (busy || off) event.preventDefault();
        else onClick?.(event);
      }}
    >
      {busy ? <span class={css.spinner} aria-hidden="true" /> : icon && <Icon name={icon} />}
      <span class={iconOnly ? 'unseen' : css.words}>{children}</span>
      {busy && <span class="unseen">{t('ui.working')}</span>}
    </button>
  );
}

type LinkButtonProps = Looks & {
  title?: string;
  /** Kept as a file instead of shown. */
  download?: boolean;
} & LinkTarget;

/** A link that looks like a button: it leads somewhere, it does nothing. */
export function LinkButton({ kind = 'quiet', icon, iconOnly, children, ...rest }: LinkButtonProps) {
  return (
    <a {...rest} class={classes(kind, iconOnly)}>
      {icon && <Icon name={icon} />}
      <span class={iconOnly ? 'unseen' : css.words}>{children}</span>
    </a>
  );
}

function classes(kind: ButtonKind, iconOnly = false): string {
  return [css.button, css[kind], iconOnly && css.square].filter(Boolean).join(' ');
}
