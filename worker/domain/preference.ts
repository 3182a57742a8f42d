/** What a person chose: the language of their letters, and the topics of which they want no mail. */
import { sql } from 'drizzle-orm';
import type { Db } from '../database/context.ts';
import { contacts } from '../database/schema.ts';
import type { Locale, MailTopic } from '../vocabulary.ts';

const columns = {
  // The checks on these columns are the vocabulary's lists.
  /** As they chose it, else as the supplier imported it. */
  language: sql<Locale>`coalesce(${contacts.chosenLanguage}, ${contacts.language})`,
  mutedMail: sql<MailTopic[]>`${contacts.mutedMail}`,
};

/** The preferences of whoever asks: the policy leaves their own row. */
export function readPreferences(db: Db) {
  return db.select(columns).from(contacts);
}

/** Changes what is given, with its event; no row while a member looks as them. */
export function setPreferences(
  db: Db,
  { language, mutedMail }: { language?: Locale | undefined; mutedMail?: MailTopic[] | undefined },
) {
  const muted =
    mutedMail === undefined
      ? sql`null::text[]`
      : sql`array(select v from jsonb_array_elements_text(${JSON.stringify(mutedMail)}::jsonb) v)`;
  return db.execute<{ language: Locale; mutedMail: MailTopic[] }>(sql`
    select language, muted_mail as "mutedMail" from portal.set_preferences(${language ?? null}, ${muted})`);
}
