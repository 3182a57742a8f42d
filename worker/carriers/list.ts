/** All carriers, by their codes. */
import type { CarrierCode } from '../vocabulary.ts';
import type { CarrierKind } from './carrier.ts';
import { fedex } from './fedex.ts';
import { ups } from './ups.ts';
import { usps } from './usps.ts';

export const CARRIER_KINDS: Record<CarrierCode, CarrierKind> = { fedex, ups, usps };
