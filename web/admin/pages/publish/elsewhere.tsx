import { useOrg } from '../../org.ts';
import type { Elsewhere, NamedPublishes } from '../../types.ts';
import { joined, t } from '../../words.ts';
import css from './outcome.module.css';
import { NAMED_MAX, someNames } from './some-names.ts';

/** What other publishes have to do with a withdrawal, before it is done: each named, with its page. */
export function ElsewhereNotes({ repeats, sources }: Elsewhere) {
  return (
    <>
      {repeats.count > 0 && (
        <Named words={t('decidedWithdraw.repeats', { count: repeats.count })} of={repeats} />
      )}
      {sources.count > 0 && (
        <Named words={t('decidedWithdraw.sources', { count: sources.count })} of={sources} />
      )}
    </>
  );
}

function Named({ words, of: { count, publishes } }: { words: string; of: NamedPublishes }) {
  const { paths } = useOrg();
  const more = count - Math.min(publishes.length, NAMED_MAX);
  return (
    <div>
      <p>{words}</p>
      <ul class={css.named}>
        {publishes.slice(0, NAMED_MAX).map(({ id, name }) => (
          <li key={id}>
            <a href={paths.publish(id)}>{name}</a>
          </li>
        ))}
        {more > 0 && <li>{t('decidedWithdraw.morePublishes', { count: more })}</li>}
      </ul>
    </div>
  );
}

/** The same in a sentence or two, once it is done; none where nothing else is concerned. */
export function elsewhereWords({ repeats, sources }: Elsewhere): string[] {
  const words: string[] = [];
  if (repeats.count > 0) {
    words.push(
      t('decided.withdrawnRepeats', { count: repeats.count, names: publishNames(repeats) }),
    );
  }
  if (sources.count > 0) {
    words.push(
      t('decided.withdrawnSources', { count: sources.count, names: publishNames(sources) }),
    );
  }
  return words;
}

function publishNames({ count, publishes }: NamedPublishes): string {
  const names = publishes.map(({ name }) => name);
  return joined(
    someNames(names, count, (more) => t('decidedWithdraw.morePublishes', { count: more })),
  );
}
