/** One file on its way: a CSV is read as far as its beginning, a PDF is sent only if it is new. */
import { upload as sendFile } from '../../../lib/api.ts';
import { nameKnownFile, type Paths, uploadCsv } from '../../imports.ts';
import type { FileResult } from '../../types.ts';
import type { Sent, Upload } from '../../uploads.ts';

/** @throws {ApiError} */
export async function sendUpload(
  { file, name, kind }: Upload,
  publishId: string,
  paths: Paths,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Sent> {
  const onProgress = (part: number) => onSent(Math.round(part * file.size));
  if (kind === 'csv') {
    return { view: await uploadCsv(paths, publishId, file, onProgress, signal) };
  }
  const path = paths.file(publishId, name);
  const known = await nameKnownFile(path, await sha256(file), signal);
  signal.throwIfAborted();
  const options = { contentType: 'application/pdf', onProgress, signal };
  const {
    file: kept,
    findings,
    unchanged,
  } = known ?? (await sendFile<FileResult>('PUT', path, file, options));
  const { pages, served } = kept;
  return { unchanged: unchanged || known !== null, inspected: { pages, served, findings } };
}

/** In hex. A file has 25 MB at most, and four are on their way at once. */
async function sha256(file: Blob): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer());
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
