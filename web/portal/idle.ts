import { SESSION_IDLE_SECONDS } from '../../worker/vocabulary.ts';

/**
 * A page that is looked at again after a session's idle time is loaded anew: the Worker then says
 * in its own words that the visit is over, before a download fails for it.
 */
export function leaveWhenIdle(): void {
  let hiddenAt: number | undefined;
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      hiddenAt = Date.now();
    } else if (hiddenAt !== undefined && Date.now() - hiddenAt > SESSION_IDLE_SECONDS * 1000) {
      location.reload();
    }
  });
}
