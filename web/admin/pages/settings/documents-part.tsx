import type { ComponentChildren } from 'preact';
import { DOCUMENT_KINDS, type DocumentKind } from '../../../../worker/vocabulary.ts';
import { StampedPage } from '../../components/stamped-page.tsx';
import type { Settings } from '../../types.ts';
import { kindWords, t } from '../../words.ts';
import css from './settings.module.css';

type Drawn = 'drawsConfirmations' | 'drawsInvoiceCopies' | 'sendsStatements';

/** What is done to documents on their way, and which ones are made where there is no PDF. */
export function DocumentsPart({
  draft,
  onChange,
  children,
}: {
  draft: Settings;
  onChange: (changed: Partial<Settings>) => void;
  children: ComponentChildren;
}) {
  const stamp = (kind: DocumentKind, isStamped: boolean) =>
    onChange({
      unstampedKinds: DOCUMENT_KINDS.filter((each) =>
        each === kind ? !isStamped : draft.unstampedKinds.includes(each),
      ),
    });
  const drawn = (name: Drawn) => (
    <label class={css.check}>
      <input
        type="checkbox"
        checked={draft[name]}
        onChange={(event) => onChange({ [name]: event.currentTarget.checked })}
      />
      <span>
        {t(`settings.${name}`)}
        <small>{t(`settings.${name}Hint`)}</small>
      </span>
    </label>
  );
  return (
    <div class={css.documents}>
      <div class={css.stamping}>
        <label class={css.check}>
          <input
            type="checkbox"
            checked={draft.stamping}
            onChange={(event) => onChange({ stamping: event.currentTarget.checked })}
          />
          <span>
            {t('settings.stamping')}
            <small>{t('settings.stampingHint')}</small>
          </span>
        </label>
        <StampedPage />
      </div>
      {draft.stamping && (
        <fieldset>
          <legend class={css.legend}>{t('settings.stampedKinds')}</legend>
          <div class={css.kinds}>
            {DOCUMENT_KINDS.map((kind) => (
              <label key={kind} class={css.check}>
                <input
                  type="checkbox"
                  checked={!draft.unstampedKinds.includes(kind)}
                  onChange={(event) => stamp(kind, event.currentTarget.checked)}
                />
                {kindWords(kind)}
              </label>
            ))}
          </div>
        </fieldset>
      )}
      <p class={css.note}>{t('settings.stampingWhen')}</p>
      {drawn('drawsConfirmations')}
      {drawn('drawsInvoiceCopies')}
      {drawn('sendsStatements')}
      <div class={css.limit}>{children}</div>
    </div>
  );
}
