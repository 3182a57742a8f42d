import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { ApiError } from '../lib/api.ts';
import { formatSize, formatTime } from '../lib/format.ts';
import { errorWords, t, type Values } from '../lib/i18n.ts';
import { Button } from './button.tsx';
import css from './error-note.module.css';
import { Icon } from './icon.tsx';

/** What went wrong in words, what to do next, and a way to do it. */
export function ErrorNote({
  error,
  words,
  retry,
  children,
}: {
  error: ApiError;
  /** What it means here, where the code's own words would be too general. */
  words?: string | undefined;
  retry?: () => void;
  /** More help, such as whom to ask. */
  children?: ComponentChildren;
}) {
  const unexpected = error.code === 'internal' || error.code === 'unavailable';
  return (
    <div class={css.note} role="alert" aria-atomic="false">
      <Icon name="warning" />
      <div class={css.words}>
        <p class={css.title}>{t('failed.title')}</p>
        <p>{words ?? errorWords(error.code, valuesOf(error))}</p>
        {error.retryAfter !== undefined && <Until error={error} />}
        {unexpected && error.requestId && (
          <p class={css.reference}>{t('failed.reference', { reference: error.requestId })}</p>
        )}
        {children}
        {retry && (
          <div class={css.retry}>
            <Button onClick={retry}>{t('ui.tryAgain')}</Button>
          </div>
        )}
      </div>
    </div>
  );
}

const MINUTE_MILLISECONDS = 60_000;

/** When to try again, told once a minute. */
function Until({ error }: { error: ApiError }) {
  const at = useMemo(() => Date.now() + (error.retryAfter ?? 0) * 1000, [error]);
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE_MILLISECONDS);
    return () => clearInterval(timer);
  }, []);
  const count = Math.ceil((at - now) / MINUTE_MILLISECONDS);
  return (
    <p aria-live="polite">{count > 0 && t('failed.retryIn', { count, time: formatTime(at) })}</p>
  );
}

/** The numbers that a refusal names, by their names in its words. */
function valuesOf({ code, fields }: ApiError): Values {
  const told = Object.entries(fields)
    .map(([name, value]) => [name, Number(value)] as const)
    .filter(([, value]) => Number.isFinite(value))
    .map(([name, value]) => [name, code === 'zip_too_large' ? formatSize(value) : value]);
  return Object.fromEntries(told);
}
