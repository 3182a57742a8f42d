import { useRef, useState } from 'preact/hooks';
import { LOGO_MAX_BYTES } from '../../../../worker/vocabulary.ts';
import { upload } from '../../../lib/api.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { toast } from '../../../ui/toast.tsx';
import { Section } from '../../components/page-head.tsx';
import { useOrg } from '../../org.ts';
import { useTask } from '../../use-task.ts';
import { t } from '../../words.ts';
import css from './settings.module.css';

const TYPES = ['image/png', 'image/svg+xml'];

export function LogoField({
  hasLogo,
  onChanged,
}: {
  hasLogo: boolean;
  onChanged: () => Promise<unknown>;
}) {
  const { paths, org, isOwner } = useOrg();
  const { isBusy, error, run } = useTask();
  const input = useRef<HTMLInputElement>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [version, setVersion] = useState(0);
  const take = (file: File | undefined) => {
    if (file === undefined) return;
    if (!TYPES.includes(file.type) || file.size > LOGO_MAX_BYTES) {
      setRefusal(t(TYPES.includes(file.type) ? 'settings.logoTooLarge' : 'settings.logoHint'));
      return;
    }
    setRefusal(null);
    void run(async () => {
      await upload('PUT', paths.api('settings/logo'), file, { contentType: file.type });
      await onChanged();
      // The address stays the same: without this the old picture would be shown from the cache.
      setVersion((count) => count + 1);
      toast(t('settings.logoSaved'));
    });
  };
  return (
    <Section id="logo" title={t('settings.logo')} note={t('settings.logoHint')}>
      <Card>
        <div class={css.logo}>
          {hasLogo ? (
            <img
              class={css.picture}
              src={`/brand/${encodeURIComponent(org.code)}/logo?v=${version}`}
              alt={org.name}
            />
          ) : (
            <p class={css.soft}>{t('settings.logoNone')}</p>
          )}
          {isOwner && (
            <>
              <Button icon="upload" busy={isBusy} onClick={() => input.current?.click()}>
                {t('settings.logoChoose')}
              </Button>
              <input
                ref={input}
                type="file"
                hidden
                accept={TYPES.join(',')}
                onChange={(event) => {
                  take(event.currentTarget.files?.[0]);
                  event.currentTarget.value = '';
                }}
              />
            </>
          )}
        </div>
        {refusal && (
          <p class={css.refusal} role="alert">
            {refusal}
          </p>
        )}
        {error && <ErrorNote error={error} />}
      </Card>
    </Section>
  );
}
