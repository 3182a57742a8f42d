import { useEffect, useState } from 'preact/hooks';
import { ApiError, send } from '../../lib/api.ts';
import { formatTime } from '../../lib/format.ts';
import { errorWords } from '../../lib/i18n.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { laterWords } from '../later-words.ts';
import { startClock, type VisitState } from '../visit-clock.ts';
import type { Windows } from '../windows.ts';
import { signOut } from './shell.tsx';

/** Warns before a visit ends, and lets it go on where it may. */
export function VisitDialog({
  windows,
  isOffline,
}: {
  windows: Windows;
  /** Whether the Worker cannot be reached now. */
  isOffline: () => boolean;
}) {
  const [state, setState] = useState<VisitState>({ kind: 'here' });
  const [closedFor, setClosedFor] = useState<number>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  /** How often a dialog was put up again: the browser closes one on Escape, whatever comes of it. */
  const [again, setAgain] = useState(0);
  useEffect(() => {
    const clock = startClock(windows.moments, setState);
    const unfollow = windows.follow(clock.look);
    document.addEventListener('visibilitychange', clock.look);
    return () => {
      clock.stop();
      unfollow();
      document.removeEventListener('visibilitychange', clock.look);
    };
  }, [windows]);
  useEffect(() => {
    setFailure(undefined);
    if (state.kind !== 'over') return;
    // The Worker then says whose link it was and sends a new one. Without a connection it cannot yet.
    if (!isOffline()) location.reload();
    const goOn = () => location.reload();
    addEventListener('online', goOn);
    return () => removeEventListener('online', goOn);
  }, [state.kind, isOffline]);

  const fail = (words: string) => {
    setFailure(words);
    setAgain((count) => count + 1);
  };
  const stay = async () => {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      const { secondsLeft } = await send<{ secondsLeft: number }>(
        'POST',
        '/api/portal/session/renewal',
      );
      windows.renewed(Date.now() + secondsLeft * 1000);
    } catch (error) {
      fail(errorWords(error instanceof ApiError ? error.code : 'internal'));
    } finally {
      setBusy(false);
    }
  };

  if (state.kind === 'over') {
    return (
      <Dialog
        key={`over-${again}`}
        open
        title={laterWords('visit.overTitle')}
        // Loaded without a connection, the page and what was typed in it would be gone.
        onClose={() => (isOffline() ? fail(errorWords('offline')) : location.reload())}
      >
        <p>{laterWords('visit.over')}</p>
        {failure && <p role="alert">{failure}</p>}
      </Dialog>
    );
  }
  if (state.kind === 'ending') {
    const { endsAt, minutes } = state;
    const close = () => setClosedFor(endsAt);
    return (
      <Dialog
        key="ending"
        open={closedFor !== endsAt}
        title={laterWords('visit.endingTitle')}
        onClose={close}
        actions={
          <Button kind="primary" onClick={close} autofocus>
            {laterWords('visit.understood')}
          </Button>
        }
      >
        <p>{laterWords('visit.ending', { count: minutes, time: formatTime(endsAt) })}</p>
      </Dialog>
    );
  }
  return (
    <Dialog
      key={`idle-${again}`}
      open={state.kind === 'idle'}
      title={laterWords('visit.idleTitle')}
      // Closing it, however that is done, is a sign that somebody is there.
      onClose={() => state.kind === 'idle' && void stay()}
      actions={
        <>
          <Button onClick={() => signOut(fail)}>{laterWords('visit.leave')}</Button>
          <Button kind="primary" busy={busy} onClick={stay} autofocus>
            {laterWords('visit.stay')}
          </Button>
        </>
      }
    >
      {state.kind === 'idle' && (
        <p aria-live="polite">{laterWords('visit.idle', { count: state.minutes })}</p>
      )}
      {failure && <p role="alert">{failure}</p>}
    </Dialog>
  );
}
