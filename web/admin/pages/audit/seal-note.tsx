import { Badge, type Tone } from '../../../ui/badge.tsx';
import type { IconName } from '../../../ui/icon.tsx';
import { useOrg } from '../../org.ts';
import type { LatestSeal } from '../../types.ts';
import { useResource } from '../../use-resource.ts';
import { t } from '../../words.ts';
import css from './audit.module.css';

const LOOKS: Record<LatestSeal['state'], [Tone, IconName]> = {
  kept: ['good', 'lock'],
  not_kept: ['plain', 'lock'],
  none: ['plain', 'clock'],
  overdue: ['warn', 'warning'],
  differs: ['bad', 'warning'],
};

/** Up to when the trail is sealed, and whether anything is wrong with that. */
export function SealNote() {
  const { paths, moment } = useOrg();
  const { value } = useResource<LatestSeal>(paths.api('seals/latest'));
  if (value === undefined) return null;
  const { seal, state } = value;
  const [tone, icon] = LOOKS[state];
  return (
    <p class={css.seal}>
      <Badge tone={tone} icon={icon}>
        {t(`sealStates.${state}`)}
      </Badge>
      <span>
        {seal && t('seal.upTo', { at: moment(seal.upTo), number: seal.number })}{' '}
        {t(`sealNotes.${state}`)}
      </span>
    </p>
  );
}
