import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiError } from '../lib/api.ts';
import { t } from '../lib/i18n.ts';
import { download, refusalAt } from '../lib/taken-file.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { toast } from '../ui/toast.tsx';

/**
 * Several documents in one file. It is asked for by a HEAD first: a refusal (too many, too large)
 * is then told on the page, and never becomes a file that holds an error.
 *
 * @param path the ZIP's resource, with the filters that its documents fit
 */
export function useZip(path: string) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState<{ path: string; error: ApiError }>();
  const take = async () => {
    setBusy(true);
    setFailed(undefined);
    const error = await refusalAt(path);
    setBusy(false);
    if (error) setFailed({ path, error });
    else {
      download(path);
      toast(t('zip.started'));
    }
  };
  return { busy, take, error: failed?.path === path ? failed.error : undefined };
}
export type Zip = ReturnType<typeof useZip>;

export function ZipButton({
  zip,
  kind = 'quiet',
  children,
}: {
  zip: Zip;
  kind?: 'primary' | 'quiet';
  children: string;
}) {
  return (
    <Button kind={kind} icon="download" busy={zip.busy} onClick={zip.take}>
      {children}
    </Button>
  );
}

/** Why there is no ZIP, and what to do about it; `narrow` is where fewer can be chosen. */
export function ZipError({
  zip: { error, take },
  narrow,
}: {
  zip: Zip;
  narrow?: ComponentChildren;
}) {
  if (!error) return null;
  const { document } = error.fields;
  const isTooMuch = error.code === 'too_many_documents' || error.code === 'zip_too_large';
  return (
    <ErrorNote
      error={error}
      words={document ? t('zip.unavailable', { number: document }) : undefined}
      {...(!isTooMuch && { retry: take })}
    >
      {isTooMuch && narrow}
    </ErrorNote>
  );
}
