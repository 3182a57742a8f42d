import type { PublishStatus } from '../../../worker/vocabulary.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import type { IconName } from '../../ui/icon.tsx';
import { t } from '../words.ts';

const LOOKS: Record<PublishStatus, { tone: Tone; icon: IconName }> = {
  staged: { tone: 'news', icon: 'clock' },
  approved: { tone: 'good', icon: 'check' },
  rejected: { tone: 'warn', icon: 'returned' },
  withdrawn: { tone: 'plain', icon: 'cross' },
};

export function PublishBadge({ status }: { status: PublishStatus }) {
  return <Badge {...LOOKS[status]}>{t(`publishStatus.${status}`)}</Badge>;
}
