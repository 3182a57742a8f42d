/** What staff must not miss: read once for the whole console, so that its count and its list agree. */
import { createContext } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';
import { useLocation } from '../lib/router.tsx';
import { pathsOf } from './org.ts';
import type { AlertList } from './types.ts';
import { type Resource, useResource } from './use-resource.ts';

export const AlertsContext = createContext<Resource<AlertList> | null>(null);

/** The open alerts, as the shell read them. */
export function useAlerts(): Resource<AlertList> {
  const alerts = useContext(AlertsContext);
  if (alerts === null) throw new Error('useAlerts outside of a supplier');
  return alerts;
}

const FRESH_MILLISECONDS = 60_000;

/** Reads the open alerts, and again when a person goes on or comes back and a minute has passed. */
export function useOpenAlerts(slug: string): Resource<AlertList> {
  const { path } = useLocation();
  const alerts = useResource<AlertList>(pathsOf(slug).api('alerts'));
  const latest = useRef(alerts);
  latest.current = alerts;
  const readAt = useRef(Date.now());
  useEffect(() => {
    const refresh = () => {
      const isFresh = Date.now() - readAt.current < FRESH_MILLISECONDS;
      if (isFresh || document.visibilityState !== 'visible') return;
      readAt.current = Date.now();
      void latest.current.reload();
    };
    refresh();
    document.addEventListener('visibilitychange', refresh);
    return () => document.removeEventListener('visibilitychange', refresh);
  }, [path]);
  return alerts;
}
