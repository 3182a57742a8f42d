import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from '../../lib/router.tsx';
import { Button, LinkButton } from '../../ui/button.tsx';
import { laterWords } from '../later-words.ts';
import { DayField } from './day-field.tsx';
import { type Days, entriesOf, isBackwards } from './days.ts';
import css from './filter-form.module.css';

/**
 * Asks for a part of a page's rows: at once for what is chosen from a list, else when told to, and never for
 * days that stand the wrong way round. The address holds what is asked for, so the way back finds it again.
 *
 * @param read what the form's entries, by name, ask for
 * @param write a path with what is asked for as its query
 * @param clear the way to all of the rows; null where it is all
 */
export function FilterForm<W extends Days>(props: {
  page: string;
  wanted: W;
  read: (entries: Record<string, string>) => W;
  write: (path: string, wanted: W) => string;
  clear: { href: string; words: string } | null;
  children: ComponentChildren;
}) {
  /** Which of the form's controls asked; -1 for none. */
  const asker = useRef(-1);
  return (
    <search>
      {/* What was chosen elsewhere, by the back button or a link, is shown here too. */}
      <Form key={props.write('', props.wanted)} {...props} asker={asker} />
    </search>
  );
}

function Form<W extends Days>(
  props: Parameters<typeof FilterForm<W>>[0] & { asker: RefObject<number> },
) {
  const { page, wanted, read, write, clear, children, asker } = props;
  const { route } = useLocation();
  const form = useRef<HTMLFormElement>(null);
  // Who asked stays where they were: the control that they did it with is drawn anew.
  useLayoutEffect(() => {
    const control = form.current?.elements[asker.current ?? -1];
    asker.current = -1;
    if (control instanceof HTMLElement) control.focus({ preventScroll: true });
  }, []);
  const [backwards, setBackwards] = useState(isBackwards(wanted));
  const ask = (from: HTMLFormElement) => {
    const asked = read(entriesOf(from));
    setBackwards(isBackwards(asked));
    const path = write(page, asked);
    if (isBackwards(asked) || path === write(page, wanted)) return;
    asker.current = [...from.elements].findIndex((one) => one.isSameNode(document.activeElement));
    route(path);
  };
  return (
    <form
      ref={form}
      class={css.form}
      action={page}
      onChange={({ target, currentTarget }) => {
        if (target instanceof HTMLSelectElement) ask(currentTarget);
      }}
      onSubmit={(event) => {
        event.preventDefault();
        ask(event.currentTarget);
      }}
    >
      {children}
      {clear && (
        <LinkButton icon="close" href={clear.href}>
          {clear.words}
        </LinkButton>
      )}
      {backwards && (
        <p class={css.error} role="alert">
          {laterWords('documents.swapped')}
        </p>
      )}
    </form>
  );
}

/** Fields of a filter, and the button that asks for what its two days say. */
export function FilterFields({
  days,
  labels = { from: laterWords('documents.from'), to: laterWords('documents.to') },
  children,
}: {
  days: Days;
  labels?: { from: string; to: string };
  children?: ComponentChildren;
}) {
  return (
    <div class={css.fields}>
      {children}
      <DayField name="from" label={labels.from} day={days.from} />
      <DayField name="to" label={labels.to} day={days.to} />
      <Button type="submit">{laterWords('documents.show')}</Button>
    </div>
  );
}
