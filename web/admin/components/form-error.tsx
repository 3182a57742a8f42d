import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { ApiError } from '../../lib/api.ts';
import { ErrorNote } from '../../ui/error-note.tsx';

/** Why a form was refused, brought into view: a long form ends below what is seen of it. */
export function FormError({ error, words }: { error: ApiError; words?: ComponentChildren }) {
  const element = useRef<HTMLDivElement>(null);
  // A second refusal is another error: it is shown as the first was.
  useEffect(() => element.current?.scrollIntoView({ block: 'nearest' }), [error]);
  return (
    <div ref={element}>{words ? <p role="alert">{words}</p> : <ErrorNote error={error} />}</div>
  );
}
