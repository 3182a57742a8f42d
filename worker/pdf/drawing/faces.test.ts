import { PDFDocument } from '@cantoo/pdf-lib';
import { describe, expect, it } from 'vitest';
import { embedFaces } from './faces.ts';

const faces = async () => embedFaces(await PDFDocument.create(), 'TESTED');

describe('the faces', () => {
  it('have every letter and sign of our languages', async () => {
    const { printable } = await faces();
    const letters =
      'AĄBCĆDEĘFGHIJKLŁMNŃOÓPQRSŚTUVWXYZŹŻaąbcćdeęfghijklłmnńoópqrsśtuvwxyzźż' +
      'ÁÉÍÑÚÜáéíñúü¿¡ºª«»„”“’–—…·×€£$°±²³µ§%&@#\u00a0\u2212';
    expect(printable(letters)).toBe(letters);
  });

  it('have figures of one width, and a minus as wide', async () => {
    const { regular, bold } = await faces();
    for (const { width } of [regular, bold]) {
      expect(new Set(Array.from('0123456789\u2212', width)).size).toBe(1);
    }
  });

  it('are kerned, as measured and as set', async () => {
    const { regular } = await faces();
    expect(regular.width('To')).toBeLessThan(regular.width('T') + regular.width('o'));
    const [first, kern, second, ...more] = regular.set('To');
    expect([typeof first, typeof kern, typeof second, more]).toEqual([
      'string',
      'number',
      'string',
      [],
    ]);
    const tightened = regular.width('T') + regular.width('o') - regular.width('To');
    expect(kern).toBeCloseTo(tightened * 1000);
    expect(regular.set('')).toEqual([]);
  });
});
