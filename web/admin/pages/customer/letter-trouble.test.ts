import { beforeAll, describe, expect, it } from 'vitest';
import { loadWords } from '../../../lib/i18n.ts';
import type { LetterFate } from '../../types.ts';
import { letterTrouble } from './letter-trouble.ts';

beforeAll(loadWords);

const letter = (state: LetterFate['state'], lastError: string | null): LetterFate => ({
  template: 'access-link',
  state,
  lastError,
  createdAt: '2026-11-21T08:00:00.000000Z',
});

describe('the trouble of a letter', () => {
  it('is why it died, or why it is tried again', () => {
    expect(letterTrouble(letter('dead', 'The address bounced.'))).toBe('The address bounced.');
    expect(letterTrouble(letter('queued', 'The service is busy.'))).toBe('The service is busy.');
  });

  it('is in words where the product itself kept it back', () => {
    expect(letterTrouble(letter('dead', 'contact_not_allowed'))).toBe(
      'access was paused or ended.',
    );
    expect(letterTrouble(letter('dead', 'withdrawn'))).toBe(
      'what it told of was withdrawn before it left.',
    );
  });

  it('is none once it was sent, before its first try, or without a letter', () => {
    expect(letterTrouble(letter('sent', 'The service was busy.'))).toBeNull();
    expect(letterTrouble(letter('queued', null))).toBeNull();
    expect(letterTrouble(null)).toBeNull();
  });
});
