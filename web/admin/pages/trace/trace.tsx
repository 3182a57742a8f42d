import { useEffect, useState } from 'preact/hooks';
import { useLocation } from '../../../lib/router.tsx';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Field } from '../../../ui/field.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { HistoryList } from '../../components/history-list.tsx';
import { PageHead, Section } from '../../components/page-head.tsx';
import { StampedPage } from '../../components/stamped-page.tsx';
import { useOrg } from '../../org.ts';
import type { Trace as Found } from '../../types.ts';
import { useResource } from '../../use-resource.ts';
import { t } from '../../words.ts';
import { type Read, readReference } from './reference.ts';
import css from './trace.module.css';
import { TraceResult } from './trace-result.tsx';

/** From the code on a copy to who took it, when and through which link. */
export function Trace({ reference }: { reference: string | null }) {
  const { paths } = useOrg();
  const { query, route } = useLocation();
  const asked = reference ?? query.reference ?? '';
  const read = readReference(asked);
  const wanted = 'reference' in read ? read.reference : null;
  // Each question is an event of the audit: nothing is asked while a person types.
  const found = useResource<{ stamp: Found }>(wanted && paths.api(`stamps/${wanted}`));
  const [typed, setTyped] = useState(wanted ?? asked);
  const [refused, setRefused] = useState<string | null>(wordsOf(read));
  // The address may change by the back button.
  useEffect(() => {
    setTyped(wanted ?? asked);
    setRefused(wordsOf(read));
  }, [asked]);

  const trace = () => {
    const next = readReference(typed);
    setRefused(wordsOf(next));
    if ('reference' in next) route(paths.traceOf(next.reference));
  };
  const isUnknown = found.error?.code === 'not_found';
  return (
    <>
      <PageHead title={t('trace.title')}>
        <p>{t('trace.intro')}</p>
      </PageHead>
      <form
        class={css.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          trace();
        }}
      >
        <Field label={t('trace.label')} hint={t('trace.hint')} error={refused}>
          {(input) => (
            <div class={css.ask}>
              <input
                {...input}
                class={css.code}
                autocomplete="off"
                autocapitalize="characters"
                spellcheck={false}
                required
                maxLength={200}
                value={typed}
                onInput={(event) => setTyped(event.currentTarget.value)}
              />
              <Button
                type="submit"
                kind="primary"
                icon="search"
                busy={wanted !== null && found.isLoading}
              >
                {t('trace.find')}
              </Button>
            </div>
          )}
        </Field>
      </form>
      <div role="status">
        {found.value && <TraceResult trace={found.value.stamp} />}
        {wanted !== null && isUnknown && (
          <Empty
            title={t('trace.none.title', { reference: wanted })}
            text={t('trace.none.text')}
            icon="search"
          />
        )}
      </div>
      {found.value && (
        <HistoryList
          of={{ subject: `document:${found.value.stamp.document.id}` }}
          title={t('history.document')}
        />
      )}
      {found.error && !isUnknown && <ErrorNote error={found.error} retry={found.reload} />}
      {wanted !== null && !found.value && !found.error && <Skeleton lines={6} />}
      {!found.value && <Where />}
    </>
  );
}

function Where() {
  return (
    <Section id="where" title={t('trace.where')}>
      <Card>
        <div class={css.where}>
          <StampedPage />
          <div class={css.words}>
            <p>{t('trace.whereText')}</p>
            <p class={css.soft}>{t('trace.unstamped')}</p>
          </div>
        </div>
      </Card>
    </Section>
  );
}

/** Why what was typed is no code; null where it is one, or nothing yet. */
function wordsOf(read: Read): string | null {
  if ('reference' in read || read.problem === 'empty') return null;
  return read.problem === 'length'
    ? t('trace.length', { count: read.count })
    : t('trace.letters', { found: read.found });
}
