import type { ComponentChildren, TargetedEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, apiUrl, checkFile } from '../lib/api.ts';
import { t } from '../lib/i18n.ts';
import { Button, LinkButton } from './button.tsx';
import { ErrorNote } from './error-note.tsx';
import { Skeleton } from './skeleton.tsx';
import css from './viewer.module.css';

/** How the browser's viewer starts: the page as wide as its frame, no pane beside it. */
const START = '#navpanes=0&pagemode=none&view=FitH&zoom=page-width';

export const VIEWER_TITLE = 'viewer';

/** Those that are turned over in it: the place of this one, and the ways to its neighbours. */
type Turning = {
  at: number;
  count: number;
  before: (() => void) | undefined;
  after: (() => void) | undefined;
};

/** A PDF beside the page that lists it, in the browser's own viewer. */
export function Viewer({
  path,
  name,
  note,
  turning,
  place,
  framed = true,
  download,
  takesFocus,
  gone,
  close,
}: {
  /** Where the API gives it. A HEAD asks first, and the frame's GET is then the only one. */
  path: string;
  name: string;
  /** Said below its name. */
  note?: ComponentChildren;
  turning?: Turning | undefined;
  /** The class that says where it stands. */
  place: string;
  /** False: there is no room, only the ways to have it elsewhere. */
  framed?: boolean;
  /** Where it is taken as a file. */
  download?: string;
  /** Whether its title has the focus once it is there, and at another document. */
  takesFocus?: boolean;
  /** What to do where the document is not there any more. */
  gone: string;
  close: () => void;
}) {
  const { check, retry, fail } = useCheck(path, framed);
  const panel = useRef<HTMLElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // Who turns over stays on the button that does it.
    if (takesFocus && !panel.current?.contains(document.activeElement)) title.current?.focus();
  }, [path]);
  useEscape(close);
  return (
    <section ref={panel} class={`${css.panel} ${place}`} aria-labelledby={VIEWER_TITLE}>
      <header class={css.head}>
        <div class={css.what}>
          <h2 id={VIEWER_TITLE} ref={title} tabIndex={-1}>
            {name}
          </h2>
          {note}
        </div>
        <div class={css.tools}>
          {turning && framed && <Turn {...turning} name={name} />}
          {!isGone(check) && (
            <>
              <LinkButton
                icon="newTab"
                iconOnly={framed}
                href={apiUrl(path)}
                target="_blank"
                rel="noopener"
                title={t('viewer.newTab')}
              >
                {t('viewer.newTab')}
              </LinkButton>
              {download && (
                <LinkButton kind="primary" icon="download" href={download} download>
                  {t('document.download')}
                </LinkButton>
              )}
            </>
          )}
          <Button icon="close" iconOnly title={t('ui.close')} onClick={close}>
            {t('ui.close')}
          </Button>
        </div>
      </header>
      <Paper
        key={path}
        path={path}
        name={name}
        gone={gone}
        check={check}
        retry={retry}
        fail={fail}
      />
    </section>
  );
}

function Turn({ at, count, before, after, name }: Turning & { name: string }) {
  return (
    <div class={css.turn}>
      <Button
        icon="chevronBack"
        iconOnly
        title={t('viewer.previous')}
        off={!before}
        onClick={before}
      >
        {t('viewer.previous')}
      </Button>
      <span class={css.position} aria-live="polite">
        <span class="unseen">{name}, </span>
        {t('viewer.position', { at, count })}
      </span>
      <Button icon="chevronNext" iconOnly title={t('viewer.next')} off={!after} onClick={after}>
        {t('viewer.next')}
      </Button>
    </div>
  );
}

/** Escape closes, unless it is meant for what is being typed or chosen. */
function useEscape(close: () => void): void {
  const current = useRef(close);
  current.current = close;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (
        event.target instanceof Element &&
        event.target.matches('input:not([type=checkbox]), select, textarea')
      )
        return;
      current.current();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}

type Check = 'asking' | 'passed' | 'elsewhere' | ApiError;

/**
 * Whether the document can be shown here. A frame cannot tell why it stays empty, and a customer's
 * every GET is an audited view, so a HEAD asks first, which takes nothing.
 */
function useCheck(path: string, framed: boolean) {
  const [tries, setTries] = useState(0);
  const [found, setFound] = useState<{ path: string; check: Check }>();
  useEffect(() => {
    if (!framed) return;
    const abort = new AbortController();
    setFound(undefined);
    checkFile(path, abort.signal).then(
      () => setFound({ path, check: 'passed' }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setFound({ path, check: error instanceof ApiError ? error : new ApiError('internal') });
      },
    );
    return () => abort.abort();
  }, [path, framed, tries]);
  const check: Check = found?.path === path ? found.check : 'asking';
  return {
    check: framed ? check : 'elsewhere',
    retry: () => setTries((count) => count + 1),
    /** The frame's own GET was refused after all. */
    fail: () => setFound({ path, check: new ApiError('unavailable') }),
  };
}

/** Whether there is nothing to take either: it is not this reader's any more, or its bytes are lost. */
function isGone(check: Check): boolean {
  return check instanceof ApiError && (check.status === 404 || check.status === 422);
}

/**
 * The document itself, or what keeps it. A frame belongs to one document: another address in the
 * same frame would be a step in the browser's history.
 */
function Paper(props: {
  path: string;
  name: string;
  gone: string;
  check: Check;
  retry: () => void;
  fail: () => void;
}) {
  const { path, name, gone, check, retry, fail } = props;
  const [arrived, setArrived] = useState(false);
  const inspect = (event: TargetedEvent<HTMLIFrameElement>) => {
    // Withdrawn or signed out between the HEAD and the GET: the frame holds the API's refusal.
    if (event.currentTarget.contentDocument?.contentType === 'application/json') fail();
    else setArrived(true);
  };
  if (check === 'elsewhere') return <p class={css.note}>{t('viewer.elsewhere')}</p>;
  if (check instanceof ApiError) {
    return (
      <div class={css.note}>
        {isGone(check) ? (
          <ErrorNote error={check} words={gone} />
        ) : (
          <ErrorNote error={check} retry={retry} />
        )}
      </div>
    );
  }
  return (
    <div class={css.desk}>
      {!arrived && (
        <div class={css.sheet}>
          <Skeleton lines={12} />
        </div>
      )}
      {check === 'passed' && (
        <iframe class={css.frame} src={apiUrl(path) + START} title={name} onLoad={inspect} />
      )}
    </div>
  );
}
