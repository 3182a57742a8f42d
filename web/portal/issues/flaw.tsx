import { Icon } from '../../ui/icon.tsx';
import css from './flaw.module.css';

/** What is wrong with a group of fields, below it: as a single field says it. */
export function Flaw({ id, children }: { id?: string; children: string | undefined }) {
  if (!children) return null;
  return (
    <p id={id} class={css.flaw}>
      <Icon name="warning" />
      <span>{children}</span>
    </p>
  );
}
