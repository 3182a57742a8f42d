import type { Cents } from './money.ts';

/** Something the supplier sells. `price` is in US cents, `grams` is the weight of one unit. */
export interface Item {
  code: string;
  description: string;
  detail: string;
  unit: string;
  price: Cents;
  grams: number;
}

type Entry = [
  code: string,
  description: string,
  detail: string,
  unit: string,
  price: Cents,
  grams: number,
];

function items(entries: Entry[]): Item[] {
  return entries.map(([code, description, detail, unit, price, grams]) => ({
    code,
    description,
    detail,
    unit,
    price,
    grams,
  }));
}

/** Acme Manufacturing: power transmission, fasteners, seals and shop supplies. */
export const ACME_ITEMS: readonly Item[] = items([
  ['BRG-6204-2RS', 'Deep groove ball bearing 6204-2RS', '20 × 47 × 14 mm, sealed', 'pcs', 685, 106],
  ['BRG-6308-C3', 'Deep groove ball bearing 6308 C3', '40 × 90 × 23 mm, open', 'pcs', 2140, 633],
  ['BRG-22212-E', 'Spherical roller bearing 22212 E', '60 × 110 × 28 mm', 'pcs', 11850, 1150],
  ['BRG-UCP206', 'Pillow block unit UCP 206', 'Cast iron housing, 30 mm shaft', 'pcs', 2475, 1300],
  ['BRG-NA4910', 'Needle roller bearing NA 4910', '50 × 72 × 22 mm', 'pcs', 3160, 270],
  ['CPL-JAW-095', 'Jaw coupling L095', 'Sintered hub, 24 mm bore', 'pcs', 3890, 1050],
  ['CPL-SPI-095', 'Coupling spider L095', 'Polyurethane, 92 Shore A', 'pcs', 1120, 60],
  ['CPL-GRD-1050', 'Grid coupling 1050', 'Vertical cover, 48 mm bore', 'set', 28600, 8900],
  ['GBX-W063-30', 'Worm gear reducer size 63, 30:1', 'IEC B14 flange, filled', 'pcs', 31250, 9800],
  ['GBX-H080-15', 'Helical gear unit size 80, 15:1', 'Foot mounted, 2.2 kW', 'pcs', 84900, 31500],
  ['MTR-IE3-22', 'Three-phase motor IE3 2.2 kW', '4 pole, B3, 400 V 50 Hz', 'pcs', 38700, 24000],
  ['CHN-08B1-5', 'Roller chain 08B-1, 5 m', '1/2" pitch, with link', 'box', 4450, 3500],
  ['CHN-16B1-5', 'Roller chain 16B-1, 5 m', '1" pitch, with link', 'box', 11900, 13600],
  ['SPR-08B-19', 'Sprocket 08B-1, 19 teeth', 'C45, pilot bore', 'pcs', 1365, 480],
  ['SPR-16B-23', 'Sprocket 16B-1, 23 teeth', 'C45, hardened teeth', 'pcs', 4980, 3100],
  ['BLT-SPB-2000', 'V-belt SPB 2000', 'Wedge belt, antistatic', 'pcs', 2290, 410],
  ['BLT-HTD8-1280', 'Timing belt HTD 8M 1280-30', 'Glass cord, 160 teeth', 'pcs', 3745, 230],
  ['PUL-TL2012', 'Taper lock bush 2012', '35 mm bore, keyway', 'pcs', 1180, 620],
  ['SEL-TC-35527', 'Rotary shaft seal TC 35 × 52 × 7', 'NBR, spring loaded', 'pcs', 310, 22],
  ['SEL-ORK-382', 'O-ring kit, 382 pieces', 'NBR 70, 30 sizes', 'box', 2850, 740],
  ['HYD-2SN-12', 'Hydraulic hose 2SN 1/2"', '275 bar, per metre', 'm', 985, 600],
  ['HYD-FIT-BSP', 'Hose fitting 1/2" BSP female', 'Swivel, 60° cone', 'pcs', 465, 120],
  ['HYD-FLT-10', 'Return line filter element', '10 µm glass fibre', 'pcs', 4120, 520],
  ['PNU-CYL-50', 'Pneumatic cylinder 50 × 200', 'ISO 15552, magnetic', 'pcs', 12650, 2900],
  ['PNU-VLV-52', 'Solenoid valve 5/2, G 1/4', '24 V DC, spring return', 'pcs', 6480, 310],
  ['FST-M10X40', 'Hex bolt M10 × 40, 8.8', 'Zinc plated, DIN 933', 'pcs', 28, 35],
  ['FST-M16X80', 'Hex bolt M16 × 80, 10.9', 'Plain, DIN 931', 'pcs', 145, 158],
  ['FST-N10-100', 'Hex nut M10, box of 100', 'Class 8, DIN 934', 'box', 940, 1160],
  ['FST-W16-100', 'Washer M16, box of 100', '200 HV, DIN 125', 'box', 1075, 1130],
  ['FST-ANC-M12', 'Wedge anchor M12 × 110', 'Option 7 concrete', 'pcs', 192, 125],
  ['STL-C45-30', 'Bright round bar C45, Ø 30', 'h9, per metre', 'm', 1860, 5550],
  ['STL-FLT-4010', 'Flat bar S235 40 × 10', 'Hot rolled, per metre', 'm', 720, 3140],
  ['LUB-EP2-400', 'Grease EP2 cartridge 400 g', 'Lithium complex', 'pcs', 845, 460],
  ['LUB-HLP46-20', 'Hydraulic oil HLP 46, 20 L', 'DIN 51524-2', 'drum', 7990, 18200],
  ['LUB-CUT-5', 'Cutting fluid concentrate, 5 L', 'Semi-synthetic', 'drum', 4650, 5300],
  ['ABR-FLP-125', 'Flap disc 125 mm, P60', 'Zirconia, pack of 10', 'box', 2680, 1100],
  ['ABR-CUT-230', 'Cutting disc 230 × 1.9', 'Inox, pack of 25', 'box', 4975, 5200],
  ['PPE-GLV-10', 'Cut-resistant gloves, size 10', 'Level D, nitrile palm', 'pair', 790, 75],
  ['PPE-GLS-CL', 'Safety spectacles, clear', 'EN 166 1F, anti-fog', 'pcs', 415, 38],
  ['TOL-TRQ-200', 'Torque wrench 40–200 Nm', '1/2" drive, certificate', 'pcs', 14800, 1480],
]);

/** Borealis Tools: hand and machine tools. */
export const BOREALIS_ITEMS: readonly Item[] = items([
  ['BT-HSS-25', 'HSS-Co drill set, 25 pieces', '1–13 mm, DIN 338', 'set', 8950, 1900],
  ['BT-EM-12-4', 'Solid carbide end mill Ø 12', '4 flutes, AlCrN', 'pcs', 6240, 95],
  ['BT-TAP-M8', 'Machine tap M8, spiral flute', 'HSS-E, DIN 371', 'pcs', 2185, 40],
  ['BT-VCE-125', 'Precision machine vice 125 mm', 'Hardened, 0.005 mm', 'pcs', 31800, 14500],
  ['BT-CAL-150', 'Digital caliper 150 mm', 'IP67, certificate', 'pcs', 7460, 260],
  ['BT-RTC-72', 'Ratchet 1/2", 72 teeth', 'Chrome vanadium', 'pcs', 3895, 520],
  ['BT-FIL-6', 'Needle file set, 6 pieces', 'Cut 2, with handles', 'set', 1960, 210],
  ['BT-CLP-600', 'All-steel bar clamp 600 mm', '120 mm throat', 'pcs', 2740, 1850],
]);
