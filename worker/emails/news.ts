/** The letters about what happened since the last one: parcels on their way, and a month's statement. */
import type { Locale, ToldStatus } from '../vocabulary.ts';
import { type Forms, NEWS_WORDS } from './news-words.ts';

/** What happened to a parcel of an order, and when (RFC 3339). */
export type ParcelNews = {
  order: string;
  number: string | null;
  carrier: string | null;
  status: ToldStatus;
  at: string;
};

type About = { org: string; customer: string; day: string };

/** The digest: a group for each order, a line for each thing that happened. Text comes in as single lines. */
export function newsParts(
  language: Locale,
  { org, customer, day, timeZone }: About & { timeZone: string },
  news: readonly ParcelNews[],
) {
  const words = NEWS_WORDS[language];
  const moment = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone,
  });
  const orders = [...new Set(news.map(({ order }) => order))];
  const [first] = news;
  const subject =
    first !== undefined && news.length === 1
      ? words.subjectOfOne[first.status](org, first.order)
      : words.subject(
          org,
          counted(language, news.length, words.news),
          orders.length === 1 ? null : counted(language, orders.length, words.orders),
        );
  return {
    subject,
    heading: words.heading,
    body: words.body(org, customer),
    groups: orders.map((order) => ({
      title: words.order(order),
      lines: news
        .filter((line) => line.order === order)
        .map(({ status, number, carrier, at }) => {
          const happened = words.happened[status](words.parcel(number, carrier));
          return `${moment.format(new Date(at))} · ${happened}`;
        }),
    })),
    button: orders.length === 1 ? words.button.order : words.button.home,
    until: words.until(day),
  };
}

/** A statement's letter. Days come in ready to print. */
export function statementParts(
  language: Locale,
  { org, customer, day, from, to }: About & { from: string; to: string },
) {
  const { statement, until } = NEWS_WORDS[language];
  return {
    subject: statement.subject(org),
    heading: statement.heading,
    body: statement.body(org, customer, from, to),
    button: statement.button,
    until: until(day),
  };
}

/** Plural forms by CLDR, as the other letters have them. */
function counted(locale: Locale, count: number, forms: Forms): string {
  const form = forms[new Intl.PluralRules(locale).select(count)] ?? forms.other;
  return `${new Intl.NumberFormat(locale).format(count)} ${form}`;
}
