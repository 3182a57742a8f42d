import { useState } from 'preact/hooks';
import { Button, LinkButton } from '../../../ui/button.tsx';
import { ErrorNote } from '../../../ui/error-note.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Listing } from '../../components/listing.tsx';
import { Section } from '../../components/page-head.tsx';
import { documentName, seenWords } from '../../components/taking-words.ts';
import { useOrg, withQuery } from '../../org.ts';
import type { Outcome as OutcomeBody, PartList, PublishedPart, PublishRow } from '../../types.ts';
import { useList, useResource } from '../../use-resource.ts';
import { t } from '../../words.ts';
import css from './outcome.module.css';
import { Part } from './part.tsx';
import { WithdrawDialog, type Withdrawn } from './withdraw-dialog.tsx';

/** What came of an approval: who looked, what was taken back and why, and each customer's part. */
export function Outcome({
  publish,
  onChanged,
}: {
  publish: PublishRow;
  onChanged: () => Promise<unknown>;
}) {
  const { paths, moment, isApprover } = useOrg();
  const base = `publishes/${encodeURIComponent(publish.id)}`;
  const outcome = useResource<OutcomeBody>(paths.api(`${base}/outcome`));
  const parts = useList<PublishedPart, PartList>(
    (cursor) => withQuery(paths.api(`${base}/parts`), { cursor }),
    (answer) => answer.parts,
  );
  const [asked, setAsked] = useState<Withdrawn | null>(null);
  const mayWithdraw = isApprover && publish.status === 'approved';
  const { value, error, reload } = outcome;
  return (
    <>
      {error && <ErrorNote error={error} retry={reload} />}
      {!value && !error && <Skeleton lines={6} />}
      {value && (
        <>
          {value.withdrawals.length > 0 && (
            <Section id="withdrawals" title={t('outcome.withdrawals')}>
              <ul class={css.withdrawals}>
                {value.withdrawals.map((withdrawal) => (
                  <li key={withdrawal.at}>
                    <p>
                      <strong>{withdrawnName(withdrawal)}</strong>{' '}
                      {withdrawal.with && (
                        <>
                          {t('outcome.withOther')}{' '}
                          <a href={paths.publish(withdrawal.with.id)}>
                            {withdrawal.with.name}
                          </a>{' '}
                        </>
                      )}
                      <span class={css.soft}>
                        {t('outcome.by', {
                          name: withdrawal.by ?? t('common.nobody'),
                          at: moment(withdrawal.at),
                        })}
                      </span>
                    </p>
                    <blockquote>{withdrawal.reason ?? t('outcome.noReason')}</blockquote>
                  </li>
                ))}
              </ul>
            </Section>
          )}
          <Section
            id="seen"
            title={t('outcome.seen')}
            actions={
              <>
                <LinkButton icon="eye" href={paths.exposureReport(publish.id)}>
                  {t('outcome.report')}
                </LinkButton>
                {mayWithdraw && (
                  <Button kind="danger" onClick={() => setAsked({ what: 'publish' })}>
                    {t('decided.withdraw')}
                  </Button>
                )}
              </>
            }
          >
            <p>{seenWords(value.seen, moment)}</p>
            {value.ownImportConfirmed && <p class={css.soft}>{t('outcome.ownImport')}</p>}
          </Section>
        </>
      )}
      <Section id="parts" title={t('outcome.parts')} note={t('outcome.partsNote')}>
        <Listing list={parts} empty={null}>
          {(rows) => (
            <ul class={css.parts}>
              {rows.map((part) => (
                <li key={part.key}>
                  <Part publish={publish} part={part} onAsk={mayWithdraw ? setAsked : null} />
                </li>
              ))}
            </ul>
          )}
        </Listing>
      </Section>
      <WithdrawDialog
        asked={asked}
        publish={publish}
        onClose={() => setAsked(null)}
        onDone={async () => {
          parts.reload();
          await Promise.all([reload(), onChanged()]);
        }}
      />
    </>
  );
}

function withdrawnName(withdrawal: OutcomeBody['withdrawals'][number]): string {
  const { customer, document } = withdrawal;
  if (document !== null) return documentName(document);
  if (withdrawal.with !== null) return t('outcome.withdrewRepeats', { count: withdrawal.items });
  return customer === null
    ? t('outcome.withdrewAll')
    : t('outcome.withdrewPart', { name: customer.name });
}
