/**
 * A supplier's public face, kept in the bucket so that the landing page can show it without the
 * database: whoever holds a well-formed token sees the same page, whether the token works or not.
 */
import type { R2Bucket, R2ObjectBody } from '@cloudflare/workers-types';
import { z } from 'zod';
import { LOCALES } from './vocabulary.ts';

export const brandSchema = z.object({
  name: z.string(),
  colour: z.string().regex(/^#[0-9a-f]{6}$/),
  contactEmail: z.string().nullable(),
  contactPhone: z.string().nullable(),
  contactHours: z.string().nullable(),
  address: z.string().nullable(),
  hasLogo: z.boolean(),
  /** What its public pages speak where the browser says nothing. */
  locale: z.enum(LOCALES).default('en'),
  /** In which its pages say days. */
  timeZone: z.string().default('UTC'),
});
export type Brand = z.infer<typeof brandSchema>;

const brandKey = (orgCode: string) => `brands/${orgCode}/brand.json`;
const logoKey = (orgCode: string) => `brands/${orgCode}/logo`;

/** The brand of an org, or null when the org has none yet or does not exist. */
export async function readBrand(bucket: R2Bucket, orgCode: string): Promise<Brand | null> {
  const object = await bucket.get(brandKey(orgCode));
  if (object === null) {
    return null;
  }
  const parsed = brandSchema.safeParse(await object.json());
  return parsed.success ? parsed.data : null;
}

/** Publishes what the landing page shows. Called when an owner changes the settings. */
export async function writeBrand(bucket: R2Bucket, orgCode: string, brand: Brand): Promise<void> {
  await bucket.put(brandKey(orgCode), JSON.stringify(brand), {
    httpMetadata: { contentType: 'application/json' },
  });
}

export async function readLogo(bucket: R2Bucket, orgCode: string): Promise<R2ObjectBody | null> {
  return bucket.get(logoKey(orgCode));
}

export async function writeLogo(
  bucket: R2Bucket,
  orgCode: string,
  bytes: ArrayBuffer,
  contentType: 'image/png' | 'image/svg+xml',
): Promise<void> {
  await bucket.put(logoKey(orgCode), bytes, { httpMetadata: { contentType } });
}

/** Black or white, whichever reads better on the colour (WCAG relative luminance). */
export function inkOn(colour: string): '#000000' | '#ffffff' {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return luminance > 0.179 ? '#000000' : '#ffffff';
}
