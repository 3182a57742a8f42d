import type { ComponentChildren } from 'preact';
import { Card } from '../../../ui/card.tsx';
import { Section } from '../../components/page-head.tsx';
import css from './settings.module.css';

/** Some settings under a heading. */
export function Part({
  id,
  title,
  children,
}: {
  id: string;
  title: string;
  children: ComponentChildren;
}) {
  return (
    <Section id={id} title={title}>
      <Card>
        <div class={css.fields}>{children}</div>
      </Card>
    </Section>
  );
}
