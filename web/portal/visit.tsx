/**
 * What goes on beside the pages while a person is here: how long the visit has yet, whether there is a
 * connection, what changes meanwhile, and how it was. Fetched after the first view; drawn beside the pages,
 * so that none of them is drawn again for it.
 */
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { apiUrl, configureApi } from '../lib/api.ts';
import { loadWords, useLocale } from '../lib/i18n.ts';
import { drawBeside } from './beside-app.tsx';
import { keepChosenLocale } from './chosen-locale.ts';
import { FeedbackCard } from './components/feedback-card.tsx';
import { OfflineBanner } from './components/offline-banner.tsx';
import { knownVisit } from './components/shell.tsx';
import { VisitDialog } from './components/visit-dialog.tsx';
import { watchConnection } from './connection.ts';
import { askForFeedback, watchForFeedback } from './feedback.ts';
import { followUpdates } from './live.ts';
import './later-words.ts';
import { stateOf } from './visit-clock.ts';
import { hearWindows } from './windows.ts';

/** Begins it, once for a page. Without a visit (a page that is none of ours) there is nothing to attend. */
export async function attendVisit(): Promise<void> {
  const visit = knownVisit();
  if (visit === undefined) return;
  await loadWords();
  keepChosenLocale();
  const { secondsLeft, asksFeedback } = visit.session;
  const windows = hearWindows({
    // The page itself was a request.
    seenAt: performance.timeOrigin,
    endsAt: performance.timeOrigin + (secondsLeft ?? Number.POSITIVE_INFINITY) * 1000,
  });
  const connection = watchConnection();
  configureApi({
    onAnswer: (method, path) => {
      connection.reached();
      if (method === 'DELETE' && path === '/api/portal/session') windows.left();
      else windows.seen();
      if (method === 'POST' && path.endsWith('/report-issue')) askForFeedback('issue');
    },
    onLost: connection.lost,
  });
  // What the browser fetches for a link is a request too.
  addEventListener('click', ({ target }) => {
    const link = target instanceof Element ? target.closest('a') : null;
    if (link?.getAttribute('href')?.startsWith(apiUrl(''))) windows.seen();
  });
  followUpdates(() => stateOf(windows.moments(), Date.now()).kind === 'over');
  if (asksFeedback) watchForFeedback();
  // What is above the page is no part of the app; it has no ids.
  const above = document.createElement('div');
  above.className = 'beside-app';
  document.body.prepend(above);
  render(<Above connection={connection} />, above);
  drawBeside(
    <Below
      isOffline={connection.isLost}
      // A preview is over in ten minutes, which its own banner tells.
      windows={visit.link.isPreview ? undefined : windows}
    />,
  );
}

function Above({ connection }: { connection: ReturnType<typeof watchConnection> }) {
  useLocale();
  const [isOffline, setOffline] = useState(connection.isLost());
  useEffect(() => connection.follow(setOffline), [connection]);
  return <OfflineBanner isOffline={isOffline} />;
}

function Below({
  isOffline,
  windows,
}: {
  isOffline: () => boolean;
  windows: ReturnType<typeof hearWindows> | undefined;
}) {
  useLocale();
  return (
    <>
      {windows && <VisitDialog windows={windows} isOffline={isOffline} />}
      <FeedbackCard />
    </>
  );
}
