import { VIEWER_TITLE, Viewer } from '../../../ui/viewer.tsx';
import { useOrg, withQuery } from '../../org.ts';
import type { ReviewItem } from '../../types.ts';
import { fieldValue, t } from '../../words.ts';
import { titleOf } from './item-title.ts';
import css from './items.module.css';
import { keyOf } from './review-changes.ts';
import type { Beside } from './use-beside.ts';

/** The PDF of an item beside the list, as it was uploaded, with its neighbours to turn over. */
export function ItemBeside({
  publishId,
  beside,
  listed,
}: {
  publishId: string;
  beside: Beside;
  /** The items of the page. */
  listed: readonly ReviewItem[];
}) {
  const { paths } = useOrg();
  const { shown, show, close } = beside;
  if (!shown?.file) return null;
  const withFile = listed.filter(({ file }) => file !== null);
  const at = withFile.findIndex((item) => keyOf(item) === keyOf(shown));
  const to = (item: ReviewItem | undefined) => item && (() => show(item));
  const { name, sha256 } = shown.file;
  return (
    <Viewer
      // The hash is not read by the API: a file that was replaced is another one.
      path={withQuery(paths.file(publishId, name), { sha256 })}
      name={nameOf(shown)}
      note={<p class={css.name}>{name}</p>}
      turning={
        at < 0
          ? undefined
          : {
              at: at + 1,
              count: withFile.length,
              before: to(withFile[at - 1]),
              after: to(withFile[at + 1]),
            }
      }
      place={css.beside ?? ''}
      gone={t('review.fileGone')}
      close={close}
    />
  );
}

/** "Invoice INV-1042": the kind of the document, where its row says it. */
function nameOf(item: ReviewItem): string {
  const { document_kind: kind } = { ...item.before, ...item.fields };
  const what = kind ? fieldValue('document_kind', kind) : t(`items.${item.kind}`);
  return `${what} ${titleOf(item)}`;
}

/** Goes into the pane, where one is open. */
export function focusViewer(): void {
  document.getElementById(VIEWER_TITLE)?.focus();
}
