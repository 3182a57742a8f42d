import type { ComponentChildren } from 'preact';
import css from './card.module.css';

/** A piece of paper on the desk. */
export function Card({ children }: { children: ComponentChildren }) {
  return <div class={css.card}>{children}</div>;
}
