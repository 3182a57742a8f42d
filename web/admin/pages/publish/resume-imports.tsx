import { useEffect, useState } from 'preact/hooks';
import { get } from '../../../lib/api.ts';
import { LinkButton } from '../../../ui/Button.tsx';
import type { ImportView } from '../../imports.ts';
import { useOrg } from '../../org.ts';
import type { Review } from '../../types.ts';
import { t } from '../../words.ts';

const UNFINISHED: string = 'import_unfinished';

/** Whether an import of the publish has not been read to its end, so that nothing can be approved. */
export const isUnfinished = ({ approval }: Review): boolean => approval.reason === UNFINISHED;

/** The way back into the imports that have not ended. */
export function ResumeImports({ review }: { review: Review }) {
  const { paths } = useOrg();
  const { publish, imports } = review;
  const [open, setOpen] = useState<string[]>([]);
  const ids = imports.map(({ id }) => id).join();
  useEffect(() => {
    let isOver = false;
    // The review does not say which of them; one that cannot be read may be it.
    const isOpen = (id: string) =>
      get<{ import: ImportView }>(paths.api(`imports/${encodeURIComponent(id)}`))
        .then((answer) => answer.import.state !== 'staged')
        .catch(() => true);
    const look = async () => {
      const asked = imports.map(({ id }) => id);
      const states = await Promise.all(asked.map(isOpen));
      if (!isOver) setOpen(asked.filter((_, at) => states[at]));
    };
    void look();
    return () => {
      isOver = true;
    };
  }, [ids]);
  return (
    <LinkButton
      icon="upload"
      href={open.length > 0 ? paths.resume(publish.id, open.join(',')) : paths.addTo(publish.id)}
    >
      {t('reviewMay.resume')}
    </LinkButton>
  );
}
