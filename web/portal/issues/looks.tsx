import type { IssueKind, IssueStatus } from '../../../worker/vocabulary.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { issueWords } from './words.ts';

export const KIND_ICONS: Record<IssueKind, IconName> = {
  damaged: 'warning',
  missing: 'search',
  wrong_items: 'returned',
  delayed: 'clock',
  quality: 'eye',
  other: 'note',
};

const STATUS_LOOKS: Record<IssueStatus, { tone: Tone; icon: IconName }> = {
  open: { tone: 'news', icon: 'mail' },
  in_progress: { tone: 'news', icon: 'clock' },
  waiting_for_customer: { tone: 'warn', icon: 'pen' },
  resolved: { tone: 'good', icon: 'check' },
};

/** A report's status. */
export function IssueBadge({ status }: { status: IssueStatus }) {
  return <Badge {...STATUS_LOOKS[status]}>{issueWords(`status.${status}`)}</Badge>;
}
