/** Words in the reader's language, of which only those are fetched. en.json says which there are; es.json and pl.json follow it. */
import { useEffect, useState } from 'preact/hooks';
import { LOCALES, type Locale } from '../../worker/vocabulary.ts';
import type en from '../locales/en.json';
import { inlinedPage } from './page.ts';

export type { Locale };
export { LOCALES };

/** Names of the languages, each in itself: a person looks for their own. */
export const LOCALE_NAMES: Record<Locale, string> = {
  en: 'English',
  es: 'Español',
  pl: 'Polski',
};

/** A number of things: the form for it is chosen by the language's plural rules. */
type Plural = { other: string; one?: string; few?: string; many?: string };
type Messages = { [name: string]: string | Messages };

type Below<Name extends string, Value> = Value extends string | { other: string }
  ? Name
  : `${Name}.${PathOf<Value>}`;
/** Every message of a catalogue, as its path with dots. */
export type PathOf<Catalogue> = {
  [Name in keyof Catalogue & string]: Below<Name, Catalogue[Name]>;
}[keyof Catalogue & string];

/** What `{name}` in a message is replaced by; `count` also chooses the plural form. */
export type Values = Record<string, string | number>;
export type Translate<Catalogue> = (path: PathOf<Catalogue>, values?: Values) => string;

type Loader = () => Promise<{ default: object }>;
type Registered = {
  messages: Messages;
  /** The language that `messages` are in; null before they are there. */
  locale: Locale | null;
  load: Record<Locale, Loader>;
};
const catalogues: Registered[] = [];
let current: Locale = 'en';
const listeners = new Set<() => void>();

/**
 * Adds a catalogue of messages and gives the function that reads it. Call it while modules load:
 * `startLocale` fetches the words, or `loadWords` for a module that came later.
 */
export function addMessages<Catalogue extends object>(
  load: Record<Locale, Loader> & { en: () => Promise<{ default: Catalogue }> },
): Translate<Catalogue> {
  const catalogue: Registered = { messages: {}, locale: null, load };
  catalogues.push(catalogue);
  return (path, values) => translate(catalogue.messages, current, path, values) ?? path;
}

export type Key = PathOf<typeof en>;

/** A message of the shared catalogue in the current language. */
export const t: Translate<typeof en> = addMessages({
  en: () => import('../locales/en.json'),
  es: () => import('../locales/es.json'),
  pl: () => import('../locales/pl.json'),
});

/** Where else an app has words for error codes: the console's own are no weight of the portal's. */
let moreErrorWords: ((path: string, values?: Values) => string) | undefined;

/** Gives error codes words beside the shared ones, in a catalogue of the same shape. */
export function addErrorWords<Path extends string>(words: (path: Path, values?: Values) => string) {
  moreErrorWords = words as (path: string, values?: Values) => string; // what it lacks is its own name
}

/** The message of an error code; what we have no words for is an internal error. */
export function errorWords(code: string, values?: Values): string {
  const path = `errors.${code}`;
  const found = [t(path as Key, values), moreErrorWords?.(path, values)]; // or the path itself: no words
  return (
    found.find((words) => words !== undefined && words !== path) ?? t('errors.internal', values)
  );
}

/** A message filled in, or undefined when the catalogue has none at that path. Pure. */
export function translate(
  messages: object,
  locale: Locale,
  path: string,
  values: Values = {},
): string | undefined {
  // A catalogue may be nested, or flat with dots in its names.
  let found: unknown = (messages as Messages)[path];
  if (found === undefined) {
    found = messages;
    for (const name of path.split('.')) found = (found as Messages | undefined)?.[name];
  }
  const pattern =
    typeof found === 'object' && found !== null
      ? pluralForm(found as Plural, locale, Number(values.count))
      : found;
  if (typeof pattern !== 'string') return undefined;
  return pattern.replace(/\{(\w+)\}(\.?)/g, (all, name: string, stop: string) => {
    const value = values[name];
    if (typeof value === 'number') return new Intl.NumberFormat(locale).format(value) + stop;
    // A name that ends with "Inc." or "o.o." ends the sentence too.
    return value === undefined ? all : value.endsWith('.') ? value : value + stop;
  });
}

function pluralForm(forms: Plural, locale: Locale, count: number): string {
  const rule = new Intl.PluralRules(locale).select(count);
  return forms[rule as keyof Plural] ?? forms.other;
}

export function currentLocale(): Locale {
  return current;
}

/** The current language; the component is drawn again when it changes. */
export function useLocale(): Locale {
  const [locale, setLocale] = useState(current);
  useEffect(() => {
    const follow = () => setLocale(current);
    listeners.add(follow);
    follow();
    return () => {
      listeners.delete(follow);
    };
  }, []);
  return locale;
}

const STORED_AS = 'locale';
const ONE_YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Takes up the language: the person's choice, else the Worker's, else the browser's. */
export async function startLocale(): Promise<void> {
  const wanted = [stored(), inlinedPage().locale, ...navigator.languages];
  await use(wanted.map(localeOf).find((locale) => locale !== undefined) ?? 'en');
}

let tell: (locale: Locale) => void = () => {};

/** Says once who else is to know of a language that the person chooses. */
export function onLocaleChosen(listener: (locale: Locale) => void): void {
  tell = listener;
}

/** The person chooses a language: kept here, and as a cookie for the pages the Worker draws. */
export async function chooseLocale(locale: Locale): Promise<void> {
  tell(locale);
  try {
    localStorage.setItem(STORED_AS, locale);
  } catch {
    // private windows may refuse; the cookie still says it
  }
  const secure = location.protocol === 'https:' ? '; secure' : '';
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
  document.cookie = `${STORED_AS}=${locale}; path=/; max-age=${ONE_YEAR_SECONDS}; samesite=lax${secure}`;
  await use(locale);
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}

/** The language we have that a tag such as `es-MX` asks for. */
export function localeOf(tag: string | null | undefined): Locale | undefined {
  const language = tag?.toLowerCase().split('-')[0];
  return LOCALES.find((locale) => locale === language);
}

/** Fetches what the current language still lacks: the words of modules that came after the first ones. */
export function loadWords(): Promise<void> {
  return fetchWords(current);
}

async function fetchWords(locale: Locale): Promise<void> {
  await Promise.all(
    catalogues.map(async (catalogue) => {
      if (catalogue.locale === locale) return;
      const { default: words } = await catalogue.load[locale]();
      catalogue.messages = words as Messages; // JSON of strings and objects, nothing else
      catalogue.locale = locale;
    }),
  );
}

async function use(locale: Locale): Promise<void> {
  await fetchWords(locale);
  current = locale;
  document.documentElement.lang = locale;
  for (const follow of listeners) follow();
}
