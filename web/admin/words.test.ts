import { beforeAll, describe, expect, it } from 'vitest';
import {
  ALERT_KINDS,
  AUDIT_ACTIONS,
  OVERRIDABLE_PROBLEMS,
  PROBLEMS,
} from '../../worker/vocabulary.ts';
import { loadWords } from '../lib/i18n.ts';
import en from '../locales/admin.en.json';
import es from '../locales/admin.es.json';
import pl from '../locales/admin.pl.json';
import { actionGroup, problemWords } from './words.ts';

beforeAll(loadWords);

type Branch = { [name: string]: string | Branch };

const isPlural = (branch: Branch) => typeof branch.other === 'string';

/** Every message by its path; a plural is one message with its forms beside each other. */
function messages(branch: Branch, path = ''): Map<string, string | Branch> {
  const found = new Map<string, string | Branch>();
  for (const [name, value] of Object.entries(branch)) {
    const at = path ? `${path}.${name}` : name;
    if (typeof value === 'string' || isPlural(value)) found.set(at, value);
    else for (const [below, message] of messages(value, at)) found.set(below, message);
  }
  return found;
}

const formsOf = (message: string | Branch | undefined): string[] =>
  typeof message === 'object' ? Object.values(message).map(String) : [String(message)];
/** But for the count: "one" may go without saying. */
const placeholders = (form: string) =>
  [...form.matchAll(/\{(\w+)\}/g)].map(([, name]) => `${name}`).filter((name) => name !== 'count');

const english = messages(en);

describe.each([
  ['es', messages(es)],
  ['pl', messages(pl)],
] as const)('the console in %s', (locale, translated) => {
  it('has exactly the messages of English', () => {
    expect([...translated.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('keeps the placeholders of every message, in every plural form', () => {
    for (const [path, message] of english) {
      const wanted = [...new Set(formsOf(message).flatMap(placeholders))].sort();
      for (const form of formsOf(translated.get(path))) {
        expect(placeholders(form).sort(), path).toEqual(wanted);
      }
    }
  });

  it('has every plural form that its language needs for whole numbers', () => {
    const rules = new Intl.PluralRules(locale);
    const needed = new Set(Array.from({ length: 200 }, (_, count) => rules.select(count)));
    for (const [path, message] of english) {
      if (typeof message === 'string') continue;
      expect(Object.keys(translated.get(path) ?? {}), path).toEqual(
        expect.arrayContaining([...needed, 'other']),
      );
    }
  });

  it('leaves no sentence in English', () => {
    const same = [...english].filter(
      ([path, message]) =>
        typeof message === 'string' &&
        / \p{L}{2}/u.test(message.replace(/\{\w+\}/g, '')) &&
        message === translated.get(path),
    );
    // What stands on a copy is the same in every language.
    expect(same.map(([path]) => path)).toEqual(['stampedPage.before']);
  });
});

describe('the console in English', () => {
  it('says of every problem what it is and what to do next', () => {
    const codes = Object.keys(PROBLEMS).sort();
    expect(Object.keys(en.problems).sort()).toEqual(codes);
    expect(Object.keys(en.remedies).sort()).toEqual(codes);
  });

  it('has words for every audit action and alert, each under a heading', () => {
    expect([...english.keys()]).toEqual(
      expect.arrayContaining(AUDIT_ACTIONS.map((action) => `actions.${action}`)),
    );
    expect(AUDIT_ACTIONS.filter((action) => actionGroup(action) === 'rest')).toEqual([]);
    expect(Object.keys(en.alertKinds).sort()).toEqual([...ALERT_KINDS].sort());
  });
});

describe('a problem in words', () => {
  it('names what was found', () => {
    expect(problemWords({ code: 'of_other_customer', value: 'Borealis Tools Ltd.' })).toBe(
      'This looks like another customer’s document: it mentions Borealis Tools Ltd.',
    );
    expect(problemWords({ code: 'pdf_active_content', value: 'JavaScript, Launch' })).toBe(
      'The PDF holds commands that run when it is opened: JavaScript, Launch.',
    );
  });

  it.each(OVERRIDABLE_PROBLEMS)('%s is whole without what was found', (code) => {
    expect(problemWords({ code })).not.toContain('{');
  });

  it('never leaves a place open for what it cannot name', () => {
    expect(problemWords({ code: 'pdf_encrypted', value: 'RC4' })).toBe(
      'The PDF is locked with a password or with permissions.',
    );
  });
});
