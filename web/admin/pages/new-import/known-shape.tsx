import { formatSize } from '../../../lib/format.ts';
import { Button } from '../../../ui/button.tsx';
import { Facts } from '../../../ui/facts.tsx';
import { useOrg } from '../../org.ts';
import { joined, t } from '../../words.ts';
import { AlreadyStaged } from './already-staged.tsx';
import { means } from './convention-selects.tsx';
import css from './csv-import.module.css';
import { type CsvState, readingOf } from './csv-state.ts';
import type { CsvTerms } from './csv-terms.ts';
import { amountSample, dateSample } from './samples.ts';
import type { CsvImport } from './use-csv-import.ts';

/** A file of a shape that was confirmed before: what holds, and one press. */
export function KnownShape({
  csv,
  state,
  rows,
  terms: { isOtherStaging, onLeave },
  onOpen,
}: {
  csv: CsvImport;
  state: Extract<CsvState, { step: 'reading' }>;
  rows: number | null;
  terms: CsvTerms;
  onOpen: () => void;
}) {
  const { date } = useOrg();
  const { view, detected } = state;
  const reading = readingOf(state);
  const { profile, columns } = detected;
  const unused = columns.filter((_, at) => reading.fields[at] === null);
  return (
    <>
      {profile && <p>{t('csvKnown.text', { name: profile.by, at: date(profile.usedAt) })}</p>}
      {state.wasInterrupted && <p role="status">{t('csvReading.interrupted')}</p>}
      <AlreadyStaged view={view} />
      <Facts
        facts={[
          { label: t('csvReading.file'), value: formatSize(view.size) },
          { label: t('csvReading.dates'), value: means(dateSample(detected, reading)) ?? null },
          {
            label: t('csvReading.decimals'),
            value: means(amountSample(detected, reading)) ?? null,
          },
          {
            label: t('csvReading.used'),
            value: t('csvReading.usedOf', {
              count: columns.length - unused.length,
              total: columns.length,
            }),
          },
          {
            label: t('csvReading.unused'),
            value: unused.length === 0 ? null : joined(unused.map(({ name }) => name)),
            wide: true,
          },
        ]}
      />
      <div class={css.actions}>
        <Button kind="primary" off={isOtherStaging} onClick={csv.stage}>
          {rows === null ? t('csvKnown.stage') : t('csvKnown.stageRows', { count: rows })}
        </Button>
        <Button onClick={onOpen}>{t('csvKnown.change')}</Button>
        {!state.wasInterrupted && <Button onClick={onLeave}>{t('csvReading.leave')}</Button>}
      </div>
      <p class={css.soft}>{isOtherStaging ? t('csvReading.waits') : t('csvReading.unseen')}</p>
    </>
  );
}
