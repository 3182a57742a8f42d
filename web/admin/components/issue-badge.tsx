import type { IssueStatus } from '../../../worker/vocabulary.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { t } from '../words.ts';

const LOOKS: Record<IssueStatus, { tone: Tone; icon: IconName }> = {
  open: { tone: 'warn', icon: 'note' },
  in_progress: { tone: 'news', icon: 'pen' },
  waiting_for_customer: { tone: 'plain', icon: 'clock' },
  resolved: { tone: 'good', icon: 'check' },
};

/** How far a report is. */
export function IssueBadge({ status }: { status: IssueStatus }) {
  return <Badge {...LOOKS[status]}>{t(`issueStatus.${status}`)}</Badge>;
}
