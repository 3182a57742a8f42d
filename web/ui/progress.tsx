import { useId } from 'preact/hooks';
import css from './progress.module.css';

/** How far something is, from 0 to 1; without a value it is under way for an unknown time. */
export function Progress({ label, value }: { label: string; value?: number }) {
  const id = useId();
  return (
    <div class={css.progress}>
      <label for={id}>{label}</label>
      <progress id={id} max={1} {...(value !== undefined && { value })} />
    </div>
  );
}
