import { t } from '../../lib/i18n.ts';
import { Card } from '../../ui/card.tsx';
import { Icon } from '../../ui/icon.tsx';
import { laterWords } from '../later-words.ts';
import type { Org } from '../types.ts';
import { ContactLines } from './contact-lines.tsx';
import css from './questions.module.css';

const QUESTIONS = [
  'where',
  'missing',
  'damage',
  'broken',
  'colleague',
  'safe',
  'amounts',
  'mails',
  'address',
  'old',
] as const;

/** The help: each question opens by itself, also when the browser's own search finds it. */
export function Questions({ org }: { org: Org | undefined }) {
  const values = { org: org?.name ?? '' };
  return (
    <>
      <div class={css.head}>
        <h1>{t('nav.help')}</h1>
        <p>{laterWords('help.intro', values)}</p>
      </div>
      <section aria-labelledby="questions">
        <h2 id="questions" class="unseen">
          {laterWords('help.questions')}
        </h2>
        {QUESTIONS.map((question) => (
          <details key={question} id={question} class={css.question}>
            <summary>
              <h3>{laterWords(`help.${question}.q`)}</h3>
              <Icon name="chevron" />
            </summary>
            <p>{laterWords(`help.${question}.a`, values)}</p>
          </details>
        ))}
      </section>
      {org && <Whom org={org} />}
    </>
  );
}

function Whom({ org }: { org: Org }) {
  const isReached = org.contactEmail !== null || org.contactPhone !== null;
  return (
    <section aria-labelledby="ask">
      <Card>
        <h2 id="ask" class={css.ask}>
          {laterWords('help.contact', { org: org.name })}
        </h2>
        {isReached ? (
          <ContactLines org={org} />
        ) : (
          <p>{laterWords('help.noContact', { org: org.name })}</p>
        )}
      </Card>
    </section>
  );
}
