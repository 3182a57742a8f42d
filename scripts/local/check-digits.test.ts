import { expect, test } from 'vitest';
import { checked } from './check-digits.ts';

test('check digits hold for published sample numbers', () => {
  expect(checked('ups', '1Z999AA1012345678')).toBe('1Z999AA10123456784');
  expect(checked('fedex', '98657878885')).toBe('986578788855');
  expect(checked('usps', '940551189922319742849')).toBe('9405511899223197428490');
});
