/** Files that are made when they are asked for: by a HEAD first, so that a refusal never becomes a file. */
import { ApiError, apiUrl, checkFile } from './api.ts';

/** Why a file cannot be had; undefined where it can. */
export async function refusalAt(path: string): Promise<ApiError | undefined> {
  try {
    await checkFile(path);
    return undefined;
  } catch (thrown) {
    return thrown instanceof ApiError ? thrown : new ApiError('internal');
  }
}

/** Sends the browser for a file without leaving the page. */
export function download(path: string): void {
  const link = document.createElement('a');
  link.href = apiUrl(path);
  link.download = '';
  // In the page, so that a click on it is seen as that on any other download.
  document.body.append(link);
  link.click();
  link.remove();
}
