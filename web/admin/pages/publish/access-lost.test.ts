import { beforeAll, expect, it } from 'vitest';
import { loadWords } from '../../../lib/i18n.ts';
import { namesOf } from './access-lost.ts';

beforeAll(loadWords);

const person = (letter: string) => ({
  contactId: letter,
  name: letter === 'A' ? null : `Person ${letter}`,
  email: `${letter.toLowerCase()}@customer.example`,
  customer: 'Mill',
});

it('names those who lose their access, by their address where they have no name', () => {
  expect(namesOf({ count: 2, people: ['A', 'B'].map(person) })).toBe(
    'a@customer.example (Mill) and Person B, b@customer.example (Mill)',
  );
});

it('names five of many, and counts the others', () => {
  const words = namesOf({ count: 1200, people: [...'ABCDEFGH'].map(person) });
  expect(words).toContain('Person E');
  expect(words).not.toContain('Person F');
  expect(words).toMatch(/and 1,195 more$/);
});
