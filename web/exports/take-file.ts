import { useState } from 'preact/hooks';
import { ApiError, apiUrl, checkFile } from '../lib/api.ts';

/**
 * A file that is made when it is asked for: by a HEAD first, so that a refusal is told on the page and
 * never becomes a file that holds an error.
 */
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

async function refusalAt(path: string): Promise<ApiError | undefined> {
  try {
    await checkFile(path);
    return undefined;
  } catch (thrown) {
    return thrown instanceof ApiError ? thrown : new ApiError('internal');
  }
}

/** Sends the browser for a file without leaving the page. */
function download(path: string): void {
  const link = document.createElement('a');
  link.href = apiUrl(path);
  link.download = '';
  document.body.append(link);
  link.click();
  link.remove();
}
