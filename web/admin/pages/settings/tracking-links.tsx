import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { t } from '../../words.ts';
import css from './settings.module.css';

type Row = readonly [carrier: string, link: string];
const CARRIERS_MAX = 50;
/** Stands where the number goes: it is written as it is. */
const PLACE = { tracking_number: '{tracking_number}' };

const linksOf = (rows: readonly Row[]): Record<string, string> =>
  Object.fromEntries(
    rows.map(([carrier, link]) => [carrier.trim(), link.trim()]).filter(([carrier]) => carrier),
  );

/** Pages of carriers, by the name that imports give them: a row each, and one more to write in. */
export function TrackingLinks({
  links,
  onChange,
  isWrong,
}: {
  links: Record<string, string>;
  onChange: (links: Record<string, string>) => void;
  isWrong: (carrier: string) => boolean;
}) {
  // Two rows may have one name while somebody types: they are kept apart here.
  const [rows, setRows] = useState<Row[]>(() => Object.entries(links));
  useEffect(() => {
    setRows((old) =>
      JSON.stringify(linksOf(old)) === JSON.stringify(links) ? old : Object.entries(links),
    );
  }, [links]);
  const change = (changed: Row[]) => {
    setRows(changed);
    onChange(linksOf(changed));
  };
  const put = (at: number, row: Row) => change(rows.map((old, each) => (each === at ? row : old)));
  return (
    <div class={css.links}>
      <p>{t('settings.trackingLinksHint', PLACE)}</p>
      {rows.map(([carrier, link], at) => (
        // A row is its place: its name is being typed.
        <div key={at} class={css.link}>
          <Field label={t('settings.trackingCarrier')}>
            {(input) => (
              <input
                {...input}
                required
                maxLength={60}
                autocomplete="off"
                value={carrier}
                onInput={(event) => put(at, [event.currentTarget.value, link])}
              />
            )}
          </Field>
          <Field
            label={t('settings.trackingLink')}
            hint={t('settings.trackingExample', PLACE)}
            error={isWrong(carrier.trim()) && t('form.invalid')}
          >
            {(input) => (
              <input
                {...input}
                type="url"
                required
                pattern="https://.*\{tracking_number\}.*"
                maxLength={300}
                autocomplete="off"
                value={link}
                onInput={(event) => put(at, [carrier, event.currentTarget.value])}
              />
            )}
          </Field>
          <Button
            icon="close"
            iconOnly
            onClick={() => change(rows.filter((_, each) => each !== at))}
          >
            {t('settings.trackingRemove', { carrier: carrier || t('settings.trackingCarrier') })}
          </Button>
        </div>
      ))}
      {rows.length < CARRIERS_MAX && (
        <div>
          <Button icon="truck" onClick={() => setRows([...rows, ['', '']])}>
            {t('settings.trackingAdd')}
          </Button>
        </div>
      )}
    </div>
  );
}
