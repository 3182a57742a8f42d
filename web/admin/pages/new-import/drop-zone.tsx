import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { CSV_MAX_BYTES } from '../../../../worker/vocabulary.ts';
import { formatSize } from '../../../lib/format.ts';
import { Button } from '../../../ui/button.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { toast } from '../../../ui/toast.tsx';
import { type Chosen, filesOfDrop, wholeMegabytes } from '../../uploads.ts';
import { t } from '../../words.ts';
import css from './new-import.module.css';

/** Where files are dropped, or chosen: a CSV, PDFs, whole folders, together and in any order. */
export function DropZone({
  onFiles,
  isSmall,
  pdfMaxBytes,
  chooseRef,
}: {
  onFiles: (chosen: Chosen[]) => void;
  isSmall: boolean;
  pdfMaxBytes: number;
  /** The button that opens the choice of files, for those who ask for a file elsewhere. */
  chooseRef: RefObject<() => void>;
}) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  // Entering a child fires before leaving its parent: counted, or the zone would flicker.
  const depth = useRef(0);
  const [isOver, setOver] = useState(false);
  const enter = (by: 1 | -1) => {
    depth.current += by;
    setOver(depth.current > 0);
  };
  useDropAnywhere(onFiles);
  chooseRef.current = () => files.current?.click();
  const take = (input: HTMLInputElement) => {
    const chosen = [...(input.files ?? [])].map((file) => ({
      file,
      path: file.webkitRelativePath || file.name,
    }));
    // The same file may be chosen again, corrected.
    input.value = '';
    onFiles(chosen);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the buttons do the same
    <div
      class={[css.zone, isOver && css.over, isSmall && css.small].filter(Boolean).join(' ')}
      onDragEnter={(event) => {
        event.preventDefault();
        enter(1);
      }}
      onDragLeave={() => enter(-1)}
      onDrop={() => {
        depth.current = 0;
        setOver(false);
      }}
    >
      <span class={css.picture}>
        <Icon name="upload" />
      </span>
      <p class={css.call}>{t(isOver ? 'import.dropOver' : 'import.drop')}</p>
      <p class={css.note}>
        {t('import.dropHint', {
          csv: formatSize(wholeMegabytes(CSV_MAX_BYTES)),
          pdf: formatSize(wholeMegabytes(pdfMaxBytes)),
        })}
      </p>
      <div class={css.choose}>
        <Button kind={isSmall ? 'quiet' : 'primary'} onClick={() => files.current?.click()}>
          {t('import.choose')}
        </Button>
        <Button onClick={() => folder.current?.click()}>{t('import.chooseFolder')}</Button>
      </div>
      <input
        ref={files}
        type="file"
        hidden
        multiple
        accept=".csv,.tsv,.txt,.pdf,text/csv,application/pdf"
        data-choose="files"
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={(input) => {
          folder.current = input;
          if (input) input.webkitdirectory = true;
        }}
        type="file"
        hidden
        multiple
        data-choose="folder"
        onChange={(event) => take(event.currentTarget)}
      />
    </div>
  );
}

/** Files let go beside the zone are meant all the same; the browser would leave the page for them. */
function useDropAnywhere(onFiles: (chosen: Chosen[]) => void): void {
  const take = useRef(onFiles);
  take.current = onFiles;
  useEffect(() => {
    // A word that is dragged into a field is none of ours.
    const filesOf = ({ dataTransfer }: DragEvent) =>
      dataTransfer?.types.includes('Files') ? dataTransfer : null;
    const hold = (event: DragEvent) => filesOf(event) && event.preventDefault();
    const drop = (event: DragEvent) => {
      const dropped = filesOf(event);
      if (!dropped) return;
      event.preventDefault();
      filesOfDrop(dropped).then(
        (all) => take.current(all),
        () => toast(t('import.dropUnread'), 'bad'),
      );
    };
    addEventListener('dragover', hold);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', hold);
      removeEventListener('drop', drop);
    };
  }, []);
}
