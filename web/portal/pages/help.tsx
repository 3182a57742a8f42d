import { t } from '../../lib/i18n.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { knownVisit, Shell } from '../components/shell.tsx';
import { later } from '../later.tsx';

const Questions = later(
  () => import('../components/questions.tsx').then((module) => module.Questions),
  () => <Skeleton lines={9} />,
);

/** What customers ask most, and whom they can ask. */
export function HelpPage() {
  return (
    <Shell visit={knownVisit()} title={t('nav.help')}>
      <Questions org={knownVisit()?.org} />
    </Shell>
  );
}
