import { type ComponentType, h, type VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../lib/api.ts';
import { loadWords, t } from '../lib/i18n.ts';
import { ErrorNote } from '../ui/error-note.tsx';

/**
 * A component whose code, and words, are fetched when it is first drawn, so that the first view of the
 * app does without them.
 *
 * @param meanwhile what stands in its place until the code is there; nothing, once `load` has come to its end
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  meanwhile: () => VNode | null,
): ComponentType<Props> & { load: () => Promise<void> } {
  let loaded: ComponentType<Props> | undefined;
  const ready = async () => {
    const component = await load();
    await loadWords();
    loaded = component;
  };
  function Later(props: Props) {
    const [, render] = useState(0);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded) return;
      let isHere = true;
      ready().then(
        () => isHere && render((count) => count + 1),
        () => isHere && setFailed(true),
      );
      return () => {
        isHere = false;
      };
    }, []);
    if (loaded) return h(loaded, props);
    return failed ? <NotFetched /> : meanwhile();
  }
  Later.load = ready;
  return Later;
}

/**
 * The code did not come: there is no connection, or a newer release has taken the place of the one that
 * this page knows of. A browser asks only once for what a page imports, so the page is loaded again.
 */
function NotFetched() {
  const isOffline = !navigator.onLine;
  useEffect(() => {
    if (!isOffline) return;
    addEventListener('online', reloadPage);
    return () => removeEventListener('online', reloadPage);
  }, [isOffline]);
  return isOffline ? (
    <ErrorNote error={new ApiError('offline')} retry={reloadPage} />
  ) : (
    <ErrorNote error={new ApiError('unavailable')} words={t('failed.newer')} retry={reloadPage} />
  );
}

function reloadPage(): void {
  location.reload();
}
