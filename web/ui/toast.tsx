import { useEffect, useState } from 'preact/hooks';
import { t } from '../lib/i18n.ts';
import { Button } from './button.tsx';
import { Icon } from './icon.tsx';
import css from './toast.module.css';

type Toast = { text: string; tone: 'good' | 'bad' };

const SHOWN_MILLISECONDS = 6_000;
let show: ((toast: Toast) => void) | undefined;

/** Says in passing that something was done, or was not. What must be acted on is an ErrorNote. */
export function toast(text: string, tone: Toast['tone'] = 'good'): void {
  show?.({ text, tone });
}

/** The one live region of the page: put it once, at the end of the app. */
export function Toasts() {
  const [current, setCurrent] = useState<Toast>();
  useEffect(() => {
    show = setCurrent;
    return () => {
      show = undefined;
    };
  }, []);
  useEffect(() => {
    // A failure stays until it is dismissed: it may be missed otherwise.
    if (current?.tone !== 'good') return;
    const timer = setTimeout(() => setCurrent(undefined), SHOWN_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [current]);
  return (
    <div class={css.region} role="status" aria-live="polite">
      {current && (
        <div class={`${css.toast} ${css[current.tone]}`}>
          <Icon name={current.tone === 'good' ? 'check' : 'warning'} />
          <span class={css.text}>{current.text}</span>
          <Button icon="close" iconOnly onClick={() => setCurrent(undefined)}>
            {t('ui.dismiss')}
          </Button>
        </div>
      )}
    </div>
  );
}
