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
  held = false,
  actions,
  children,
}: {
  open: boolean;
  title: ComponentChildren;
  onClose: () => void;
  /** For a picture: as much of the window as there is. */
  wide?: boolean;
  /** Only what stands in it closes it: neither Escape nor a cross. */
  held?: boolean;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    if (!open) {
      dialog?.close();
      return;
    }
    const opener = document.activeElement;
    dialog?.showModal();
    const item = opener?.closest('[data-item]');
    return () => keepFocus(opener, item);
  }, [open]);
  return (
    <dialog
      ref={element}
      class={wide ? `${css.dialog} ${css.wide}` : css.dialog}
      aria-labelledby={id}
      onCancel={(event) => held && event.preventDefault()}
      // A browser lets a page stop the first Escape, and not the next.
      onClose={() => (open && held ? element.current?.showModal() : onClose())}
    >
      {open && (
        <>
          <header class={css.header}>
            <h2 id={id}>{title}</h2>
            {!held && (
              <Button icon="close" iconOnly onClick={onClose}>
                {t('ui.close')}
              </Button>
            )}
          </header>
          <div class={css.body}>{children}</div>
          {actions && <footer class={css.actions}>{actions}</footer>}
        </>
      )}
    </dialog>
  );
}

/** What a decision changes is read again and drawn within. */
const DRAWN_WITHIN_MILLISECONDS = 5_000;

/**
 * Whatever opened the dialog may leave the page with the answer, at once or when the page is read again.
 * Then the focus goes to the list's item that it stood in, else to the page's heading, unless the person
 * has gone on to something else.
 *
 * @param opener what had the focus when the dialog opened
 * @param item that it stood in then
 */
function keepFocus(opener: Element | null, item: Element | null | undefined): void {
  if (opener === document.body) return;
  const until = performance.now() + DRAWN_WITHIN_MILLISECONDS;
  let bearer = opener;
  const look = () => {
    const { activeElement } = document;
    if (activeElement === document.body) {
      // It is still there: they clicked beside it.
      if (bearer?.isConnected && !bearer.matches(':disabled')) return;
      bearer = item?.isConnected ? item : document.querySelector('h1');
      if (bearer instanceof HTMLElement) {
        bearer.tabIndex = -1;
        bearer.focus({ preventScroll: true });
      }
    } else if (activeElement !== bearer) {
      return;
    }
    if (performance.now() < until) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
