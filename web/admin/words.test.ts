import { beforeAll, describe, expect, it } from 'vitest';
import {
  ALERT_KINDS,
  AUDIT_ACTIONS,
  OVERRIDABLE_PROBLEMS,
  PROBLEMS,
} from '../../worker/vocabulary.ts';
import { loadWords } from '../lib/i18n.ts';
import en from '../locales/admin.en.json';
import { actionGroup, problemWords } from './words.ts';

beforeAll(loadWords);

describe('the console in English', () => {
  it('says of every problem what it is and what to do next', () => {
    // A cell, and not its row, may be what says nothing: see problem-list.tsx.
    const codes = [...Object.keys(PROBLEMS), 'no_key_of_cell'].sort();
    expect(Object.keys(en.problems).sort()).toEqual(codes);
    expect(Object.keys(en.remedies).sort()).toEqual(codes);
  });

  it('has words for every audit action and alert, each under a heading', () => {
    for (const action of AUDIT_ACTIONS) {
      expect(en.actions).toHaveProperty(action, expect.any(String));
    }
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
