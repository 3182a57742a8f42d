import { useEffect, useRef, useState } from 'preact/hooks';
import { MAIL_TOPICS, type MailTopic } from '../../../worker/vocabulary.ts';
import { send } from '../../lib/api.ts';
import { chooseLocale, LOCALE_NAMES, LOCALES, type Locale, useLocale } from '../../lib/i18n.ts';
import { expire } from '../../lib/resource.ts';
import { Card } from '../../ui/card.tsx';
import { Field } from '../../ui/field.tsx';
import { toast } from '../../ui/toast.tsx';
import { laterWords } from '../later-words.ts';
import type { Details } from '../types.ts';
import css from './details.module.css';

/** The language of letters, and with it of the portal, and which letters come: each kept as soon as it is chosen. */
export function Preferences({
  preferences,
  isPreview,
}: {
  preferences: Details['preferences'];
  isPreview: boolean;
}) {
  const locale = useLocale();
  const [language, setLanguage] = useState<Locale>(preferences.language);
  const [muted, setMuted] = useState<readonly MailTopic[]>(preferences.mutedMail);
  // The head of the page has a choice of language, too.
  const shown = useRef(locale);
  useEffect(() => {
    if (shown.current !== locale) setLanguage(locale);
    shown.current = locale;
  }, [locale]);

  const choose = async (wanted: Locale) => {
    setLanguage(wanted);
    // This also tells the supplier's letters.
    await chooseLocale(wanted);
    toast(laterWords('details.saved'));
  };
  // Two ticks in a row: the second is sent once the first is kept, or it could arrive before it.
  const saving = useRef(Promise.resolve());
  const tick = (topic: MailTopic, isWanted: boolean) => {
    const before = muted;
    const next = isWanted ? muted.filter((each) => each !== topic) : [...muted, topic];
    setMuted(next);
    saving.current = saving.current.then(async () => {
      try {
        await send('PUT', 'preferences', { mutedMail: next });
        expire('details');
        toast(laterWords('details.saved'));
      } catch {
        setMuted(before);
        toast(laterWords('details.notSaved'), 'bad');
      }
    });
  };
  return (
    <section class={css.section} aria-labelledby="details-choices">
      <h2 id="details-choices">{laterWords('details.choices')}</h2>
      <Card>
        <fieldset class={css.choices} disabled={isPreview}>
          <legend class="unseen">{laterWords('details.choices')}</legend>
          <Field label={laterWords('details.language')} hint={laterWords('details.languageHint')}>
            {(input) => (
              <select
                {...input}
                value={language}
                onChange={({ currentTarget: { value } }) => {
                  const wanted = LOCALES.find((code) => code === value);
                  if (wanted) void choose(wanted);
                }}
              >
                {LOCALES.map((code) => (
                  <option key={code} value={code} lang={code}>
                    {LOCALE_NAMES[code]}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <fieldset class={css.topics} aria-describedby="details-mail-hint">
            <legend>{laterWords('details.mail')}</legend>
            <p id="details-mail-hint" class={css.quiet}>
              {laterWords('details.mailHint')}
            </p>
            {MAIL_TOPICS.map((topic) => (
              <label key={topic} class={css.topic}>
                <input
                  type="checkbox"
                  checked={!muted.includes(topic)}
                  onChange={(event) => tick(topic, event.currentTarget.checked)}
                />
                <span>{laterWords(`details.topics.${topic}`)}</span>
              </label>
            ))}
          </fieldset>
        </fieldset>
      </Card>
    </section>
  );
}
