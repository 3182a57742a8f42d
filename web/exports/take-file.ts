import { useState } from 'preact/hooks';
import type { ApiError } from '../lib/api.ts';
import { download, refusalAt } from '../lib/taken-file.ts';

/** A file that is made when it is asked for; a refusal is told on the page. */
export function useTakenFile() {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const take = async (path: string) => {
    setBusy(true);
    setError(undefined);
    const refused = await refusalAt(path);
    setBusy(false);
    if (refused) setError(refused);
    else download(path);
  };
  return { busy, error, take };
}
