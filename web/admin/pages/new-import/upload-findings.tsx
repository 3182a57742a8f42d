import type { ProblemCode } from '../../../../worker/vocabulary.ts';
import { Icon, type IconName } from '../../../ui/icon.tsx';
import { useOrg } from '../../org.ts';
import { VERDICTS, type Verdict, verdictOf } from '../../problems.ts';
import type { Finding } from '../../types.ts';
import type { Upload } from '../../uploads.ts';
import { problemWords, t } from '../../words.ts';
import css from './new-import.module.css';

type Found = { file: Upload; finding: Finding };
const ICONS: Record<Verdict, IconName> = { final: 'cross', decide: 'pen', look: 'eye' };

/**
 * What inspection found in the PDFs that are here, by what it means and then by kind: one mistake
 * of an export, such as a password, is told once with all its files.
 */
export function UploadFindings({
  files,
  publishId,
}: {
  files: readonly Upload[];
  publishId: string;
}) {
  const found = files.flatMap((file) =>
    (file.inspected?.findings ?? []).map((finding) => ({ file, finding })),
  );
  return (
    <>
      {VERDICTS.map((verdict) => {
        const those = found.filter(({ finding }) => verdictOf(finding) === verdict);
        return those.length === 0 ? null : (
          <Verdicts key={verdict} verdict={verdict} found={those} publishId={publishId} />
        );
      })}
    </>
  );
}

function Verdicts({
  verdict,
  found,
  publishId,
}: {
  verdict: Verdict;
  found: readonly Found[];
  publishId: string;
}) {
  const byCode = new Map<ProblemCode, Found[]>();
  for (const each of found) {
    const { code } = each.finding;
    byCode.set(code, [...(byCode.get(code) ?? []), each]);
  }
  const count = new Set(found.map(({ file }) => file.id)).size;
  const id = `found-${verdict}`;
  return (
    <section class={verdict === 'final' ? css.failed : css.doubtful} aria-labelledby={id}>
      <div role="status">
        <h2 id={id} class={css.foundTitle}>
          <Icon name={ICONS[verdict]} /> {t(`importFindings.${verdict}`, { count })}
        </h2>
      </div>
      {[...byCode].map(([code, those]) => (
        <div key={code} class={css.found}>
          <p>
            <strong>{problemWords({ code, value: sameValue(those) })}</strong>
          </p>
          <p>{t(`remedies.${code}`)}</p>
          <Files found={those} publishId={publishId} />
        </div>
      ))}
      {verdict !== 'look' && <p class={css.again}>{t('importFindings.again')}</p>}
    </section>
  );
}

/** What was found, if it was the same in every file: then it is said once, in the sentence. */
function sameValue(found: readonly Found[]): string | undefined {
  const values = new Set(found.map(({ finding }) => finding.value));
  return values.size === 1 ? found[0]?.finding.value : undefined;
}

function Files({ found, publishId }: { found: readonly Found[]; publishId: string }) {
  const { paths } = useOrg();
  const isSame = sameValue(found) !== undefined;
  return (
    <ul class={css.foundFiles}>
      {found.map(({ file: { id, name }, finding: { value } }) => (
        <li key={id}>
          <a href={paths.file(publishId, name)} target="_blank" rel="noopener">
            {name}
            <span class="unseen">, {t('review.newTab')}</span>
          </a>
          {value !== undefined && !isSame && <span class={css.note}>{value}</span>}
        </li>
      ))}
    </ul>
  );
}
