import { Hono } from 'hono';
import { z } from 'zod';
import { type AppEnv, asMember, asStaff } from '../../access/guards.ts';
import { accepts } from '../../access/origin.ts';
import { writeBrand, writeLogo } from '../../brand.ts';
import type { Member } from '../../database/context.ts';
import {
  CARRIERS_MAX,
  changeSettings,
  followSettings,
  knowsTimeZone,
  noteLogo,
  noteSettings,
  type OrgSettings,
  readSettings,
  setHasLogo,
} from '../../domain/org.ts';
import { paymentLinkFault } from '../../domain/payment-link.ts';
import { trackingLinkFault } from '../../domain/tracking-link.ts';
import { AppError } from '../../errors.ts';
import type { Ports } from '../../ports.ts';
import {
  DOCUMENT_KINDS,
  LOCALES,
  LOGO_MAX_BYTES,
  PAYMENT_LINK_MAX_CHARACTERS,
  PDF_MAX_BYTES,
} from '../../vocabulary.ts';
import { readBytes } from '../bytes.ts';
import { validate } from '../validate.ts';

/** ISO 4217, as the runtime knows it. */
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Where a carrier's own page of a parcel is. */
const carrierPage = z
  .string()
  .trim()
  .max(300)
  .superRefine((link, context) => {
    const message = trackingLinkFault(link);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

const line = (max: number) => z.string().trim().max(max).nullable();
/** What is left out stays as it is: another owner may have changed it since this one's page was loaded. */
const settingsBody = z
  .object({
    name: z.string().trim().min(1).max(120),
    timeZone: z.string().min(1).max(60),
    contactEmail: z.email().max(254).nullable(),
    contactPhone: line(40),
    contactHours: line(120),
    address: line(400),
    colour: z
      .string()
      .toLowerCase()
      .regex(/^#[0-9a-f]{6}$/),
    hourlyRequestLimit: z.number().int().min(20).max(10_000),
    orderWindowMonths: z.number().int().min(1).max(120),
    cancelledWindowDays: z.number().int().min(0).max(3_650),
    draftWindowDays: z.number().int().min(0).max(365),
    requiresTwoPersons: z.boolean(),
    stamping: z.boolean(),
    /** All of them, or by kind what changes. */
    unstampedKinds: z.union([
      z.array(z.enum(DOCUMENT_KINDS)).max(DOCUMENT_KINDS.length),
      z.partialRecord(z.enum(DOCUMENT_KINDS), z.boolean()),
    ]),
    drawsConfirmations: z.boolean(),
    drawsInvoiceCopies: z.boolean(),
    sendsStatements: z.boolean(),
    fileMaxMegabytes: z
      .number()
      .int()
      .min(1)
      .max(PDF_MAX_BYTES / 1_000_000),
    locale: z.enum(LOCALES),
    currency: z
      .string()
      .toUpperCase()
      .refine((code) => CURRENCIES.has(code), 'not a currency of ISO 4217, e.g. EUR')
      .nullable(),
    paymentLink: z
      .string()
      .trim()
      .max(PAYMENT_LINK_MAX_CHARACTERS)
      .superRefine((template, context) => {
        const message = paymentLinkFault(template);
        if (message !== null) context.addIssue({ code: 'custom', message });
      })
      .nullable(),
    /** By the carrier's name as imports have it; null takes one away. */
    trackingLinks: z
      .record(z.string().trim().min(1).max(60), carrierPage.nullable())
      .refine(
        (links) => Object.values(links).filter((link) => link !== null).length <= CARRIERS_MAX,
        `at most ${CARRIERS_MAX} carriers`,
      ),
  })
  .partial();

/** The landing page reads the brand from the bucket, so every change is published there. */
async function publishBrand(ports: Ports, member: Member, settings: OrgSettings) {
  await writeBrand(ports.bucket, member.orgCode, {
    name: settings.name,
    colour: settings.colour,
    contactEmail: settings.contactEmail,
    contactPhone: settings.contactPhone,
    contactHours: settings.contactHours,
    address: settings.address,
    hasLogo: settings.hasLogo,
    locale: settings.locale,
    timeZone: settings.timeZone,
  });
}

const LOGO_TYPES = { 'image/png': [0x89, 0x50, 0x4e, 0x47], 'image/svg+xml': null } as const;

/** The supplier's own settings: any member reads them, an owner changes them. */
export const settings = new Hono<AppEnv>()
  .get('/settings', async (c) => {
    const [[found]] = await asStaff(c, (db) => [readSettings(db)]);
    return c.json(found, 200);
  })
  .put('/settings', accepts('application/json'), validate('json', settingsBody), async (c) => {
    const wanted = c.req.valid('json');
    const { timeZone } = wanted;
    if (timeZone !== undefined) {
      const [{ rows }] = await asStaff(c, (db) => [knowsTimeZone(db, timeZone)]);
      if (rows[0]?.known !== true) {
        throw new AppError('invalid', 'unknown time zone', {
          fields: { timeZone: 'not a time zone, e.g. Europe/Madrid' },
        });
      }
    }
    const { member, results } = await asMember(c, (db) => [
      noteSettings(db, wanted),
      changeSettings(db, wanted),
      followSettings(db),
    ]);
    const [changed] = results[1];
    if (changed === undefined && member.role === 'owner') {
      throw new AppError('invalid', 'too many carriers', {
        fields: { trackingLinks: `at most ${CARRIERS_MAX} carriers` },
      });
    }
    if (changed === undefined) {
      throw new AppError('forbidden', 'only an owner changes settings');
    }
    await publishBrand(c.env.ports, member, changed);
    return c.json(changed, 200);
  })
  .put('/settings/logo', accepts('image/png', 'image/svg+xml'), async (c) => {
    const { member } = await asMember(c, () => []);
    if (member.role !== 'owner') {
      throw new AppError('forbidden', 'only an owner changes settings');
    }
    const bytes = await readBytes(c.req.raw, LOGO_MAX_BYTES);
    const type = c.req.header('Content-Type')?.startsWith('image/png')
      ? 'image/png'
      : 'image/svg+xml';
    const isWhatItSays =
      LOGO_TYPES[type]?.every((byte, at) => bytes[at] === byte) ??
      /^\s*(<\?xml[^>]*>\s*)?<svg[\s>]/.test(new TextDecoder().decode(bytes.slice(0, 1000)));
    if (!isWhatItSays) {
      throw new AppError('unsupported_type', 'not the type of image it says it is');
    }
    await writeLogo(c.env.ports.bucket, member.orgCode, bytes.buffer, type);
    const [[changed]] = await asStaff(c, (db) => [setHasLogo(db), noteLogo(db)]);
    if (changed !== undefined) {
      await publishBrand(c.env.ports, member, changed);
    }
    return c.json({ hasLogo: true as const }, 200);
  });
