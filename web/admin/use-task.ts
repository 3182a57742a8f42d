/** A thing being done: under way, or failed. */
import { useRef, useState } from 'preact/hooks';
import type { ApiError } from '../lib/api.ts';
import { asApiError } from './use-resource.ts';

export type Task = {
  isBusy: boolean;
  error: ApiError | null;
  /** Does the work; a second call while it is under way does nothing. */
  run: (work: () => Promise<unknown>) => Promise<void>;
  clear: () => void;
};

export function useTask(): Task {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);
  // State is read a render late: two clicks in one frame would both find it idle.
  const isRunning = useRef(false);
  return {
    isBusy,
    error,
    clear: () => setError(null),
    run: async (work) => {
      if (isRunning.current) return;
      isRunning.current = true;
      setBusy(true);
      setError(null);
      try {
        await work();
      } catch (thrown) {
        setError(asApiError(thrown));
      } finally {
        isRunning.current = false;
        setBusy(false);
      }
    },
  };
}
