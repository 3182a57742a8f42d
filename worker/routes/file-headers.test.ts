import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fileHeaders } from './file-headers.ts';

const dispositionOf = (name: string) =>
  fileHeaders(name, 7, 'attachment').get('Content-Disposition') ?? '';

test('a plain name is served as it is', () => {
  expect(dispositionOf('INV-1001.pdf')).toBe(
    `attachment; filename="INV-1001.pdf"; filename*=UTF-8''INV-1001.pdf`,
  );
});

test('a name in another script is told twice: plainly, and whole', () => {
  expect(dispositionOf('Łódź №7 (é).pdf')).toBe(
    `attachment; filename="_odz No7 (e).pdf"; filename*=UTF-8''%C5%81%C3%B3d%C5%BA%20%E2%84%967%20%28%C3%A9%29.pdf`,
  );
});

test('no name leaves its quotes, adds a header or names a folder', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (name) => {
      const value = dispositionOf(name);
      expect(value).toMatch(
        /^attachment; filename="[^"\\/:*?<>|\r\n]*"; filename\*=UTF-8''[\w.!~%-]*$/,
      );
      const encoded = value.split("UTF-8''")[1] ?? '';
      expect(decodeURIComponent(encoded)).toBe(name.replace(/[\\/]/g, '_'));
    }),
    { numRuns: 500 },
  );
});

test('an attachment does nothing, an inline document is framed by ourselves only', () => {
  const attachment = fileHeaders('a.pdf', 1_234, 'attachment');
  expect(attachment.get('Content-Security-Policy')).toContain('sandbox');
  expect(attachment.get('Content-Length')).toBe('1234');
  expect(attachment.get('Content-Type')).toBe('application/pdf');
  expect(attachment.get('Cache-Control')).toBe('private, no-store');
  expect(attachment.get('X-Content-Type-Options')).toBe('nosniff');
  const inline = fileHeaders('a.pdf', 1_234, 'inline');
  expect(inline.get('Content-Disposition')).toMatch(/^inline; /);
  expect(inline.get('Content-Security-Policy')).toBe("default-src 'none'; frame-ancestors 'self'");
});
