import { useEffect, useState } from 'preact/hooks';
import { ApiError, send } from '../../lib/api.ts';
import { formatTime } from '../../lib/format.ts';
import { errorWords } from '../../lib/i18n.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { toast } from '../../ui/Toast.tsx';
import { tl } from '../later-words.ts';
import { startClock, type VisitState } from '../visit-clock.ts';
import type { Windows } from '../windows.ts';
import { signOut } from './shell.tsx';

/** Warns before a visit ends, and lets it go on where it may. */
export function VisitDialog({ windows }: { windows: Windows }) {
  const [state, setState] = useState<VisitState>({ kind: 'here' });
  const [closedFor, setClosedFor] = useState<number>();
  const [busy, setBusy] = useState(false);
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
    if (state.kind !== 'over') return;
    // The Worker then says whose link it was and sends a new one. Without a connection it cannot yet.
    if (navigator.onLine) location.reload();
    const goOn = () => location.reload();
    addEventListener('online', goOn);
    return () => removeEventListener('online', goOn);
  }, [state.kind]);

  const stay = async () => {
    setBusy(true);
    try {
      const { secondsLeft } = await send<{ secondsLeft: number }>(
        'POST',
        '/api/portal/session/renewal',
      );
      windows.renewed(Date.now() + secondsLeft * 1000);
    } catch (error) {
      toast(errorWords(error instanceof ApiError ? error.code : 'internal'), 'bad');
    } finally {
      setBusy(false);
    }
  };

  if (state.kind === 'over') {
    return (
      <Dialog open title={tl('visit.overTitle')} onClose={() => location.reload()}>
        <p>{tl('visit.over')}</p>
      </Dialog>
    );
  }
  if (state.kind === 'ending') {
    const { endsAt, minutes } = state;
    const close = () => setClosedFor(endsAt);
    return (
      <Dialog
        open={closedFor !== endsAt}
        title={tl('visit.endingTitle')}
        onClose={close}
        actions={
          <Button kind="primary" onClick={close} autofocus>
            {tl('visit.understood')}
          </Button>
        }
      >
        <p>{tl('visit.ending', { count: minutes, time: formatTime(endsAt) })}</p>
      </Dialog>
    );
  }
  return (
    <Dialog
      open={state.kind === 'idle'}
      title={tl('visit.idleTitle')}
      // Closing it, however that is done, is a sign that somebody is there.
      onClose={() => state.kind === 'idle' && void stay()}
      actions={
        <>
          <Button onClick={signOut}>{tl('visit.leave')}</Button>
          <Button kind="primary" busy={busy} onClick={stay} autofocus>
            {tl('visit.stay')}
          </Button>
        </>
      }
    >
      {state.kind === 'idle' && (
        <p aria-live="polite">{tl('visit.idle', { count: state.minutes })}</p>
      )}
    </Dialog>
  );
}
