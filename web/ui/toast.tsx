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
  const [shown, setShown] = useState<Toast[]>([]);
  useEffect(() => {
    // What was done does not push aside what was not, before anybody has read it.
    show = (next) =>
      setShown((old) => [...old.filter(({ tone }) => tone === 'bad' && next.tone !== tone), next]);
    return () => {
      show = undefined;
    };
  }, []);
  const drop = (dropped: Toast) => setShown((old) => old.filter((each) => each !== dropped));
  const passing = shown.find(({ tone }) => tone === 'good');
  useEffect(() => {
    // A failure stays until it is dismissed: it may be missed otherwise.
    if (!passing) return;
    const timer = setTimeout(() => drop(passing), SHOWN_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [passing]);
  return (
    <div class={css.region} role="status" aria-live="polite">
      {shown.map((each) => (
        <div key={each.tone} class={`${css.toast} ${css[each.tone]}`}>
          <Icon name={each.tone === 'good' ? 'check' : 'warning'} />
          <span class={css.text}>{each.text}</span>
          <Button icon="close" iconOnly onClick={() => drop(each)}>
            {t('ui.dismiss')}
          </Button>
        </div>
      ))}
    </div>
  );
}
