import { beforeAll, describe, expect, it } from 'vitest';
import { loadWords } from '../../lib/i18n.ts';
import type { AuditEvent } from '../types.ts';
import { eventWords } from './event-words.ts';

beforeAll(loadWords);

const event = (more: Partial<AuditEvent>): AuditEvent => ({
  id: '0198c000-0000-7000-8000-000000000001',
  at: '2026-11-20T09:00:00.000Z',
  action: 'portal.previewed',
  actor: { kind: 'staff', id: 'amir', name: 'Amir Haddad', last4: null, contactId: null },
  customer: null,
  subjectKind: null,
  subjectId: null,
  subjectName: null,
  detail: {},
  requestId: null,
  ...more,
});

describe('an event in words', () => {
  it('says who did what', () => {
    expect(eventWords(event({ action: 'publish.approved' }))).toBe(
      'Amir Haddad approved a publish',
    );
  });

  it('says of a preview what was done in it', () => {
    expect(eventWords(event({ detail: { did: 'home.viewed' } }))).toBe(
      'Amir Haddad looked at the home page (preview)',
    );
  });

  it('says only that it was a preview, where the act has no words', () => {
    expect(eventWords(event({ detail: { did: 'moon.visited' } }))).toBe(
      'Amir Haddad looked as a customer',
    );
  });
});
