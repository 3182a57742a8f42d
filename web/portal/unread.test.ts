import { expect, it } from 'vitest';
import type { Visit } from './types.ts';
import { setUnread, unreadOf } from './unread.ts';

const visit = (unread: number): Visit => ({
  org: {
    code: 'ACME',
    name: 'Acme',
    colour: '#1d65b5',
    hasLogo: false,
    contactEmail: null,
    contactPhone: null,
    contactHours: null,
    locale: 'en',
  },
  customer: { code: 'A', name: 'Customer A' },
  contact: { name: null, email: 'a@customer.example', language: 'en', chosenLanguage: null },
  link: {
    scope: 'all',
    expiresAt: '2027-01-01',
    lastDay: '2027-01-01',
    isPreview: false,
    newSince: null,
  },
  session: { secondsLeft: null, asksFeedback: false },
  unread,
});

it('is what the newest visit tells, and stays read on pages that were there before', () => {
  const [home, order] = [visit(3), visit(4)];
  expect(unreadOf(home)).toBe(3);
  expect(unreadOf(order)).toBe(4);
  setUnread(0);
  expect([unreadOf(home), unreadOf(order)]).toEqual([0, 0]);
  expect(unreadOf(visit(1))).toBe(1);
});
