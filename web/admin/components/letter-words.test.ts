import { beforeAll, describe, expect, it } from 'vitest';
import { LETTER_TEMPLATES } from '../../../worker/vocabulary.ts';
import { loadWords } from '../../lib/i18n.ts';
import type { LetterFate } from '../types.ts';
import { letterState, letterTrouble, mayRetry, templateWords } from './letter-words.ts';

beforeAll(loadWords);

const letter = (
  state: LetterFate['state'],
  lastError: string | null,
  fate: LetterFate['fate'] = null,
  fateDetail: string | null = null,
): LetterFate => ({
  id: '0199',
  fate,
  fateDetail,
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

  it('is what the provider says of one that was sent', () => {
    expect(letterTrouble(letter('sent', null, 'bounced', 'No such mailbox.'))).toBe(
      'it came back: No such mailbox.',
    );
    expect(letterTrouble(letter('sent', null, 'complained'))).toBe('it was marked as spam.');
    expect(letterTrouble(letter('sent', null, 'delivered'))).toBeNull();
    expect(letterTrouble(letter('sent', null, 'delayed'))).toBeNull();
  });
});

describe('a letter', () => {
  it('is with us until it is sent, and then where the provider says', () => {
    expect(letterState(letter('queued', null))).toBe('queued');
    expect(letterState(letter('queued', 'The service is busy.'))).toBe('retrying');
    expect(letterState(letter('sent', null))).toBe('sent');
    expect(letterState(letter('sent', null, 'delivered'))).toBe('delivered');
    expect(letterState(letter('dead', 'Refused.'))).toBe('dead');
  });

  it('is sent again when it died, not when it was kept back for good', () => {
    expect(mayRetry(letter('dead', 'The mail provider refused the letter (422).'))).toBe(true);
    expect(mayRetry(letter('dead', 'address_suppressed'))).toBe(true);
    expect(mayRetry(letter('dead', 'mail_muted'))).toBe(false);
    expect(mayRetry(letter('dead', 'withdrawn'))).toBe(false);
  });

  it('is sent again when it came back, not when it arrived or is on its way', () => {
    expect(mayRetry(letter('sent', null, 'bounced'))).toBe(true);
    expect(mayRetry(letter('sent', null, 'failed'))).toBe(true);
    expect(mayRetry(letter('sent', null, 'suppressed'))).toBe(true);
    expect(mayRetry(letter('sent', null, 'complained'))).toBe(false);
    expect(mayRetry(letter('sent', null, 'delivered'))).toBe(false);
    expect(mayRetry(letter('sent', null))).toBe(false);
    expect(mayRetry(letter('queued', 'The service is busy.', 'bounced'))).toBe(false);
  });

  it('has a name, whatever it tells', () => {
    for (const template of LETTER_TEMPLATES) {
      expect(templateWords(template)).not.toBe(template);
    }
  });
});
