import { useState } from 'preact/hooks';
import { formatSize } from '../../../lib/format.ts';
import { LinkButton } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { useOrg } from '../../org.ts';
import type { IssuePhoto } from '../../types.ts';
import { t } from '../../words.ts';
import css from './issue.module.css';

/** What every browser draws. An iPhone's HEIC is for saving. */
const DRAWN = new Set(['image/jpeg', 'image/png', 'image/webp']);

/** A report's photos, small; each opens large. */
export function Photos({ issueId, photos }: { issueId: string; photos: IssuePhoto[] }) {
  const { paths } = useOrg();
  const [open, setOpen] = useState<IssuePhoto | null>(null);
  const urlOf = ({ id }: IssuePhoto) =>
    paths.api(`issues/${encodeURIComponent(issueId)}/photos/${encodeURIComponent(id)}`);
  return (
    <>
      <ul class={css.photos}>
        {photos.map((photo, at) => (
          <li key={photo.id}>
            {DRAWN.has(photo.mediaType) ? (
              <button type="button" class={css.thumbnail} onClick={() => setOpen(photo)}>
                <img
                  src={urlOf(photo)}
                  alt={t('issue.openPhoto', { number: at + 1, name: photo.fileName })}
                  loading="lazy"
                />
              </button>
            ) : (
              <LinkButton icon="download" href={urlOf(photo)} download>
                {t('issue.savePhoto', { name: photo.fileName })} ({formatSize(photo.size)})
              </LinkButton>
            )}
          </li>
        ))}
      </ul>
      <Dialog
        open={open !== null}
        title={open?.fileName ?? ''}
        wide
        onClose={() => setOpen(null)}
        actions={
          open && (
            <LinkButton icon="newTab" href={urlOf(open)} target="_blank" rel="noreferrer">
              {t('issue.photoNewTab')}
            </LinkButton>
          )
        }
      >
        {open && <img class={css.large} src={urlOf(open)} alt={open.fileName} />}
      </Dialog>
    </>
  );
}
