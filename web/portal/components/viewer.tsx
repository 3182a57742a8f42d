import type { TargetedEvent } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, apiUrl, checkFile } from '../../lib/api.ts';
import { t } from '../../lib/i18n.ts';
import { Button, LinkButton } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { documentPath, nameOf, useBeside, useRoom, viewUrl } from '../beside.ts';
import { tl } from '../later-words.ts';
import type { DocumentRow } from '../types.ts';
import { ServedNote } from './documents.tsx';
import css from './viewer.module.css';

/** How the browser's viewer starts: the page as wide as its frame, no pane beside it. */
const START = '#navpanes=0&pagemode=none&view=FitH&zoom=page-width';

/** A document beside the page that lists it, in the browser's own viewer. */
export function Viewer({ id, documents }: { id: string; documents: DocumentRow[] }) {
  const { show, close } = useBeside();
  const { check, retry, fail } = useCheck(id);
  const panel = useRef<HTMLElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const at = documents.findIndex((document) => document.id === id);
  const document = documents[at];
  const before = documents[at - 1];
  const after = at < 0 ? undefined : documents[at + 1];
  const name = document ? nameOf(document) : tl('viewer.document');

  useEffect(() => {
    // Who turns over stays on the button that does it.
    if (!panel.current?.contains(window.document.activeElement)) title.current?.focus();
  }, [id]);
  useEscape(close);

  return (
    <section ref={panel} class={css.panel} aria-labelledby="viewer">
      <header class={css.head}>
        <div class={css.what}>
          <h2 id="viewer" ref={title} tabIndex={-1}>
            {name}
          </h2>
          {document && <ServedNote document={document} />}
        </div>
        <div class={css.tools}>
          {documents.length > 1 && document && check !== 'elsewhere' && (
            <div class={css.turn}>
              <Button
                icon="chevronBack"
                iconOnly
                title={tl('viewer.previous')}
                off={!before}
                onClick={() => before && show(before.id)}
              >
                {tl('viewer.previous')}
              </Button>
              <span class={css.position} aria-live="polite">
                <span class="unseen">{name}, </span>
                {tl('viewer.position', { at: at + 1, count: documents.length })}
              </span>
              <Button
                icon="chevronNext"
                iconOnly
                title={tl('viewer.next')}
                off={!after}
                onClick={() => after && show(after.id)}
              >
                {tl('viewer.next')}
              </Button>
            </div>
          )}
          {!isGone(check) && <Tools id={id} isNeeded={check === 'elsewhere'} />}
          <Button icon="close" iconOnly title={t('ui.close')} onClick={close}>
            {t('ui.close')}
          </Button>
        </div>
      </header>
      <Paper key={id} id={id} name={name} check={check} retry={retry} fail={fail} />
    </section>
  );
}

/** The ways to have it elsewhere; in words where they are the only ones (`isNeeded`). */
function Tools({ id, isNeeded }: { id: string; isNeeded: boolean }) {
  return (
    <>
      <LinkButton
        icon="newTab"
        iconOnly={!isNeeded}
        href={viewUrl(id)}
        target="_blank"
        rel="noopener"
        title={tl('viewer.newTab')}
      >
        {tl('viewer.newTab')}
      </LinkButton>
      <LinkButton kind="primary" icon="download" href={apiUrl(documentPath(id))} download>
        {t('document.download')}
      </LinkButton>
    </>
  );
}

/** Escape closes, unless it is meant for what is being typed or chosen. */
function useEscape(close: () => void): void {
  const current = useRef(close);
  current.current = close;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.matches('input, select, textarea'))
        return;
      current.current();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}

type Check = 'asking' | 'passed' | 'elsewhere' | ApiError;

/**
 * Whether the document can be shown here. A frame cannot tell why it stays empty and every GET is
 * an audited view, so a HEAD asks first, which takes nothing; the frame's GET is then the only one.
 */
function useCheck(id: string) {
  // As it was when opened: a frame that came and went with the window's width would be seen twice.
  const [framed] = useState(useRoom());
  const [tries, setTries] = useState(0);
  const [found, setFound] = useState<{ id: string; check: Check }>();
  useEffect(() => {
    if (!framed) return;
    const abort = new AbortController();
    setFound(undefined);
    checkFile(`${documentPath(id)}?disposition=inline`, abort.signal).then(
      () => setFound({ id, check: 'passed' }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setFound({ id, check: error instanceof ApiError ? error : new ApiError('internal') });
      },
    );
    return () => abort.abort();
  }, [id, framed, tries]);
  const check: Check = found?.id === id ? found.check : 'asking';
  return {
    check: framed ? check : 'elsewhere',
    retry: () => setTries((count) => count + 1),
    /** The frame's own GET was refused after all. */
    fail: () => setFound({ id, check: new ApiError('unavailable') }),
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
  id: string;
  name: string;
  check: Check;
  retry: () => void;
  fail: () => void;
}) {
  const { id, name, check, retry, fail } = props;
  const [arrived, setArrived] = useState(false);
  const inspect = (event: TargetedEvent<HTMLIFrameElement>) => {
    // Withdrawn or signed out between the HEAD and the GET: the frame holds the API's refusal.
    if (event.currentTarget.contentDocument?.contentType === 'application/json') fail();
    else setArrived(true);
  };
  if (check === 'elsewhere') return <p class={css.note}>{tl('viewer.elsewhere')}</p>;
  if (check instanceof ApiError) {
    return (
      <div class={css.note}>
        {isGone(check) ? (
          <ErrorNote error={check} words={tl('viewer.gone')} />
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
        <iframe class={css.frame} src={viewUrl(id) + START} title={name} onLoad={inspect} />
      )}
    </div>
  );
}
