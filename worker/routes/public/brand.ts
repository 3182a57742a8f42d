import { Hono } from 'hono';
import { z } from 'zod';
import type { AppEnv } from '../../access/guards.ts';
import { readBrand, readLogo } from '../../brand.ts';
import { AppError } from '../../errors.ts';
import { bodyOf } from '../bytes.ts';
import { validate } from '../validate.ts';

const byCode = z.object({ code: z.string().regex(/^[0-9A-Za-z]{6}$/) });
const BRAND_CACHE = 'public, max-age=300';

/** A supplier's public face: its colour and its logo, from the bucket. */
export const brand = new Hono<AppEnv>()
  .get('/:code/accent.css', validate('param', byCode), async (c) => {
    const found = await readBrand(c.env.ports.bucket, c.req.valid('param').code);
    if (found === null) {
      throw new AppError('not_found', 'no such brand');
    }
    const { colour } = found;
    c.header('Content-Type', 'text/css; charset=utf-8');
    c.header('Cache-Control', BRAND_CACHE);
    return c.body(`:root{--accent:${colour}}`, 200);
  })
  .get('/:code/logo', validate('param', byCode), async (c) => {
    const logo = await readLogo(c.env.ports.bucket, c.req.valid('param').code);
    if (logo === null) {
      throw new AppError('not_found', 'no logo');
    }
    const headers = {
      'Content-Type': logo.httpMetadata?.contentType ?? 'image/png',
      'Cache-Control': BRAND_CACHE,
      // An SVG is a document: opened on its own it may neither run nor fetch anything.
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    };
    return new Response(bodyOf(logo), { status: 200, headers });
  });
