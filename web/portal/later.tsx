import { type ComponentType, h, type VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../lib/api.ts';
import { loadWords } from '../lib/i18n.ts';
import { ErrorNote } from '../ui/ErrorNote.tsx';

/**
 * A component whose code, and words, are fetched when it is first drawn, so that the first view of the
 * app does without them.
 *
 * @param meanwhile what stands in its place until the code is there
 */
export function later<Props extends object>(
  load: () => Promise<ComponentType<Props>>,
  meanwhile: () => VNode | null,
): ComponentType<Props> {
  let loaded: ComponentType<Props> | undefined;
  return function Later(props: Props) {
    const [, render] = useState(0);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded) return;
      let isHere = true;
      load()
        .then(async (component) => {
          await loadWords();
          loaded = component;
          if (isHere) render((count) => count + 1);
        })
        .catch(() => isHere && setFailed(true));
      return () => {
        isHere = false;
      };
    }, []);
    if (loaded) return h(loaded, props);
    // A newer release may have taken the place of the code that this page knows of.
    if (failed) return <ErrorNote error={new ApiError('unavailable')} retry={reloadPage} />;
    return meanwhile();
  };
}

function reloadPage(): void {
  location.reload();
}
