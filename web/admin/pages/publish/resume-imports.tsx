import { LinkButton } from '../../../ui/button.tsx';
import { useOrg } from '../../org.ts';
import type { Review } from '../../types.ts';
import { t } from '../../words.ts';

/** Whether an import of the publish has not been read to its end, so that nothing can be approved. */
export const isUnfinished = ({ approval }: Review): boolean =>
  approval.reason === 'import_unfinished';

/** The way back into the imports that have not ended. */
export function ResumeImports({ review }: { review: Review }) {
  const { paths } = useOrg();
  const open = review.imports.filter(({ state }) => state === 'reading').map(({ id }) => id);
  return (
    <LinkButton icon="upload" href={paths.resume(review.publish.id, open.join(','))}>
      {t('reviewMay.resume')}
    </LinkButton>
  );
}
