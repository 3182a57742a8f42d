import { useState } from 'preact/hooks';
import { BULK_MAX_CUSTOMERS } from '../../../../worker/vocabulary.ts';
import { Button } from '../../../ui/button.tsx';
import type { CustomerRow } from '../../types.ts';
import { t } from '../../words.ts';
import css from './customers.module.css';
import { SendLinks } from './send-links.tsx';

/** Who is picked of the list, all of what is shown in one tick, and what can be done with them. */
export function PickBar({
  shown,
  picked,
  onPick,
  onSent,
}: {
  shown: readonly CustomerRow[];
  picked: ReadonlySet<string>;
  onPick: (picked: ReadonlySet<string>) => void;
  onSent: () => Promise<void>;
}) {
  const [isAsked, setAsked] = useState(false);
  const isAll = shown.every(({ id }) => picked.has(id));
  const tooMany = picked.size > BULK_MAX_CUSTOMERS;
  return (
    <div class={css.bar}>
      <label class={css.all}>
        <input
          type="checkbox"
          checked={isAll}
          onChange={() => onPick(new Set(isAll ? [] : shown.map(({ id }) => id)))}
        />
        {t('customers.pickShown')}
      </label>
      <p role="status" class={css.count}>
        {picked.size > 0 && t('customers.picked', { count: picked.size })}
        {tooMany && <> {t('customers.tooMany', { limit: BULK_MAX_CUSTOMERS })}</>}
      </p>
      {picked.size > 0 && (
        <div class={css.actions}>
          <Button kind="primary" icon="mail" off={tooMany} onClick={() => setAsked(true)}>
            {t('customers.send')}
          </Button>
          <Button onClick={() => onPick(new Set())}>{t('customers.unpick')}</Button>
        </div>
      )}
      <SendLinks
        customerIds={isAsked ? [...picked] : null}
        onClose={() => setAsked(false)}
        onSent={onSent}
      />
    </div>
  );
}
