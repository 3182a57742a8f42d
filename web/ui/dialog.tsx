import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../lib/i18n.ts';
import { Button } from './button.tsx';
import css from './dialog.module.css';

/**
 * A modal question or form in a native dialog: Escape closes it and the focus goes back. The parent
 * owns `open`; `onClose` is called however it is closed.
 */
export function Dialog({
  open,
  title,
  onClose,
  wide = false,
  actions,
  children,
}: {
  open: boolean;
  title: ComponentChildren;
  onClose: () => void;
  /** For a picture: as much of the window as there is. */
  wide?: boolean;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    if (open && !dialog?.open) dialog?.showModal();
    if (!open && dialog?.open) dialog.close();
  }, [open]);
  return (
    <dialog
      ref={element}
      class={wide ? `${css.dialog} ${css.wide}` : css.dialog}
      aria-labelledby={id}
      onClose={onClose}
    >
      {open && (
        <>
          <header class={css.header}>
            <h2 id={id}>{title}</h2>
            <Button icon="close" iconOnly onClick={onClose}>
              {t('ui.close')}
            </Button>
          </header>
          <div class={css.body}>{children}</div>
          {actions && <footer class={css.actions}>{actions}</footer>}
        </>
      )}
    </dialog>
  );
}
