import { t } from '../../lib/i18n.ts';
import { useResource } from '../../lib/resource.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Shell } from '../components/shell.tsx';
import { later } from '../later.tsx';
import type { IssuePage as Page } from '../types.ts';

const IssueView = later(
  () => import('../issues/issues.tsx').then((module) => module.IssueView),
  () => <Skeleton lines={9} />,
);

/** One report: how it stands, what was reported, what was said since. */
export function IssuePage({ id }: { id: string }) {
  const path = `issues/${encodeURIComponent(id)}`;
  const issue = useResource<Page>(path);
  return (
    <Shell visit={issue.value} title={issue.value?.issue.number ?? t('order.issues')}>
      <IssueView {...issue} path={path} />
    </Shell>
  );
}
