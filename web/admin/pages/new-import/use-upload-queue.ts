import { useEffect, useMemo, useReducer, useRef } from 'preact/hooks';
import { send } from '../../../lib/api.ts';
import type { Paths } from '../../imports.ts';
import { createUploads, type Uploads } from '../../uploads.ts';
import { asApiError } from '../../use-resource.ts';
import { sendUpload } from './send-upload.ts';

/**
 * The queue of this page, drawn as it goes on. The publish is made with the first file.
 *
 * @param onMade told the id of a publish that was made
 */
export function useUploadQueue({
  paths,
  publishId,
  name,
  pdfMaxBytes,
  onMade,
}: {
  paths: Paths;
  publishId: string | null;
  name: string;
  pdfMaxBytes: number;
  onMade: (publishId: string) => void;
}): { uploads: Uploads; isStarted: boolean } {
  const making = useRef<Promise<string> | null>(null);
  const publish = (): Promise<string> => {
    if (publishId !== null) return Promise.resolve(publishId);
    // The first files leave together: all of them wait for the one publish.
    making.current ??= send<{ id: string }>('POST', paths.api('publishes'), { name }).then(
      ({ id }) => {
        onMade(id);
        return id;
      },
      (reason) => {
        making.current = null;
        throw reason;
      },
    );
    return making.current;
  };
  // The queue belongs to the page, whatever is drawn again: it asks for these as they are then.
  const latest = useRef({ publish, pdfMaxBytes });
  latest.current = { publish, pdfMaxBytes };
  const uploads = useMemo(
    () =>
      createUploads(
        async (upload, onSent, signal) => {
          const id = await latest.current.publish();
          signal.throwIfAborted();
          return sendUpload(upload, id, paths, onSent, signal);
        },
        (thrown) => {
          const { code, fields, requestId } = asApiError(thrown);
          return {
            from: 'server',
            code,
            ...(fields.line && { line: fields.line }),
            ...(requestId && { requestId }),
          };
        },
        () => latest.current.pdfMaxBytes,
      ),
    [paths.newImport],
  );
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    // Progress is told for every packet; a frame is as often as anyone can see it.
    let frame = 0;
    const unsubscribe = uploads.subscribe(() => {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        draw(undefined);
      });
    });
    return () => {
      cancelAnimationFrame(frame);
      unsubscribe();
    };
  }, [uploads]);
  return { uploads, isStarted: publishId !== null || making.current !== null };
}
