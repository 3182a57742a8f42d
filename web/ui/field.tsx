import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../lib/i18n.ts';
import css from './field.module.css';
import { Icon } from './icon.tsx';

/** What the input must carry so that its label, hint and error belong to it: spread it. */
type FieldInput = {
  id: string;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
};

/** A label, a hint, an error, and the slot for the native input between them. */
export function Field({
  label,
  hint,
  error,
  optional = false,
  hideLabel = false,
  children,
}: {
  label: ComponentChildren;
  hint?: ComponentChildren;
  error?: ComponentChildren;
  optional?: boolean;
  hideLabel?: boolean;
  children: (input: FieldInput) => ComponentChildren;
}) {
  const id = useId();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class={css.field}>
      <label for={id} class={hideLabel ? 'unseen' : css.label}>
        {label}
        {optional && <span class={css.optional}> ({t('ui.optional')})</span>}
      </label>
      {hint && (
        <p id={`${id}-hint`} class={css.hint}>
          {hint}
        </p>
      )}
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {error && (
        <p id={`${id}-error`} class={css.error}>
          <Icon name="warning" />
          <span>{error}</span>
        </p>
      )}
    </div>
  );
}
