import { useRef, useState } from 'preact/hooks';
import { ZIP_MAX_SELECTED } from '../../../worker/vocabulary.ts';
import { Button } from '../../ui/button.tsx';
import { nameOf } from '../beside.ts';
import { laterWords } from '../later-words.ts';
import type { DocumentRow } from '../types.ts';
import { useZip, ZipButton, ZipError } from '../zip.tsx';
import css from './chosen.module.css';

/** Documents picked from a list; what is not listed any more is not picked either. */
export function useChosen(rows: readonly DocumentRow[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  /** Where all are picked, or none: it is there however few are. */
  const all = useRef<HTMLInputElement>(null);
  return {
    all,
    shown: rows.length,
    chosen: rows.filter(({ id }) => ids.has(id)),
    has: (id: string) => ids.has(id),
    choose: (id: string, isChosen: boolean) => {
      const next = new Set(ids);
      if (isChosen) next.add(id);
      else next.delete(id);
      setIds(next);
    },
    chooseAll: (isChosen: boolean) => setIds(new Set(isChosen ? rows.map(({ id }) => id) : [])),
  };
}
type Chosen = ReturnType<typeof useChosen>;

/** Picks one document, over the row's own link. */
export function ChooseBox({ document, list }: { document: DocumentRow; list: Chosen }) {
  const words = laterWords('documents.selectNamed', { name: nameOf(document) });
  return (
    <label class={css.box} title={words}>
      <input
        type="checkbox"
        aria-label={words}
        checked={list.has(document.id)}
        onChange={(event) => list.choose(document.id, event.currentTarget.checked)}
      />
    </label>
  );
}

/** Picks all that is shown, or none. */
export function ChooseAll({ list: { all, chosen, shown, chooseAll } }: { list: Chosen }) {
  const count = chosen.length;
  return (
    <div class={css.top}>
      <label class={css.all}>
        <input
          ref={all}
          type="checkbox"
          checked={count === shown}
          onChange={(event) => chooseAll(event.currentTarget.checked)}
        />
        {laterWords('documents.selectAll')}
      </label>
      <p class="unseen" role="status">
        {count > 0 && laterWords('documents.selected', { count })}
      </p>
    </div>
  );
}

/** What was picked, as a ZIP: at hand however long the list is. */
export function ChosenTools({ list: { all, chosen, chooseAll } }: { list: Chosen }) {
  const count = chosen.length;
  const zip = useZip(`documents.zip?ids=${chosen.map(({ id }) => id)}`);
  if (count === 0) return null;
  return (
    <div class={css.tools}>
      <ZipError zip={zip} />
      {count > ZIP_MAX_SELECTED && (
        <p role="alert">{laterWords('documents.tooMany', { limit: ZIP_MAX_SELECTED })}</p>
      )}
      <p class={css.count}>{laterWords('documents.selected', { count })}</p>
      {count <= ZIP_MAX_SELECTED && (
        <ZipButton zip={zip} kind="primary">
          {laterWords('documents.zipSelected')}
        </ZipButton>
      )}
      <Button
        icon="close"
        iconOnly
        title={laterWords('documents.clearSelection')}
        onClick={() => {
          // With nothing picked, these tools are gone.
          all.current?.focus();
          chooseAll(false);
        }}
      >
        {laterWords('documents.clearSelection')}
      </Button>
    </div>
  );
}
