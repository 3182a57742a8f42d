import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { Field } from '../../../ui/field.tsx';
import { t } from '../../words.ts';
import css from './customer.module.css';

type Made = { url: string; name: string; isRotated: boolean };

/**
 * The new link: the only moment at which it can be read, since only its hash is kept. So nothing
 * closes it by the way, until it is copied or somebody says that it is.
 */
export function LinkOnce({ made, onClose }: { made: Made | null; onClose: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  // A new link has not been copied yet.
  useEffect(() => setCopied('no'), [made]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(made?.url ?? '');
      setCopied('yes');
    } catch {
      input.current?.select();
      setCopied('failed');
    }
  };
  return (
    <Dialog
      open={made !== null}
      title={t('linkOnce.title', { name: made?.name ?? '' })}
      onClose={onClose}
      held={copied !== 'yes'}
      actions={
        <Button kind={copied === 'yes' ? 'primary' : 'quiet'} onClick={onClose}>
          {t('linkOnce.done')}
        </Button>
      }
    >
      <p class={css.warn}>{t('linkOnce.warn')}</p>
      <Field label={t('linkOnce.field')}>
        {(field) => (
          <div class={css.once}>
            <input
              {...field}
              ref={input}
              readOnly
              value={made?.url ?? ''}
              onFocus={(event) => event.currentTarget.select()}
            />
            <Button kind="primary" icon={copied === 'yes' ? 'check' : 'copy'} onClick={copy}>
              {t('linkOnce.copy')}
            </Button>
          </div>
        )}
      </Field>
      <p class={css.note} role="status">
        {copied === 'yes' && t('linkOnce.copied')}
        {copied === 'failed' && t('linkOnce.copyFailed')}
      </p>
      {made?.isRotated && <p>{t('linkOnce.rotated')}</p>}
    </Dialog>
  );
}
