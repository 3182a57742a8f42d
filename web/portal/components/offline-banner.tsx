import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../../ui/icon.tsx';
import { laterWords } from '../later-words.ts';
import css from './offline-banner.module.css';

const BACK_SHOWN_MILLISECONDS = 4_000;

/** Says at once that there is no connection, and for a moment that it is back. */
export function OfflineBanner({ isOffline }: { isOffline: boolean }) {
  const [was, setWas] = useState(isOffline);
  useEffect(() => {
    if (isOffline) {
      setWas(true);
      return;
    }
    const timer = setTimeout(() => setWas(false), BACK_SHOWN_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [isOffline]);
  const isBack = was && !isOffline;
  return (
    <div class={css.region} role="status">
      {(isOffline || isBack) && (
        <p class={isBack ? `${css.banner} ${css.back}` : css.banner}>
          <Icon name={isBack ? 'check' : 'warning'} />
          {isBack ? laterWords('visit.back') : laterWords('visit.offline')}
        </p>
      )}
    </div>
  );
}
