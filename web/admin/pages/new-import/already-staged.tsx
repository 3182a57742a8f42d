import { Icon } from '../../../ui/icon.tsx';
import type { ImportView } from '../../imports.ts';
import { useOrg } from '../../org.ts';
import { t } from '../../words.ts';
import css from './csv-import.module.css';

/** Said when the same bytes were staged before: a mistake more often than not, and a harmless one. */
export function AlreadyStaged({ view: { alreadyStaged } }: { view: ImportView }) {
  const { moment } = useOrg();
  if (!alreadyStaged) return null;
  return (
    <p class={css.notice}>
      <Icon name="note" />
      <span>{t('csvReading.already', { at: moment(alreadyStaged.at) })}</span>
    </p>
  );
}
