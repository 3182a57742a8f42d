/** The folder: every paper of the trade, each made the way some office makes it. */
import type { Browser } from 'playwright-core';
import { openBrowser } from '../../browser/browser.ts';
import { qpdf } from '../tools.ts';
import { type Drawing, draw } from './drawn.ts';
import { A4, A4_WIDE, LETTER } from './layout.ts';
import { list } from './listing.ts';
import { type Print, print } from './printed.ts';
import { scan, scanAndRead } from './scanned.ts';
import { type Sheet, sheetOf } from './sheet.ts';
import { MONEY_SPELLINGS, NAME_SPELLINGS, NUMBER_SPELLINGS } from './spelling.ts';
import { type Deal, rowsOf, type Slip, trade } from './trade.ts';

type Make = (sheet: Sheet, browser: Browser) => Promise<Uint8Array>;

const drawn =
  (drawing: Drawing): Make =>
  (sheet) =>
    draw(sheet, drawing);
const printed =
  (how: Print): Make =>
  (sheet, browser) =>
    print(browser, sheet, how);
const reworked =
  (make: Make, ...options: string[]): Make =>
  async (sheet, browser) =>
    qpdf(await make(sheet, browser), ...options);
const plain = { format: A4, face: 'embedded', hand: 'lines' } as const;

/** By name, in the order in which they take turns. */
const MAKES: Record<string, Make> = {
  'a report writer': drawn(plain),
  'a browser, letterhead': printed('letterhead'),
  'Helvetica in words': drawn({ ...plain, face: 'Helvetica', hand: 'words' }),
  'single letters': drawn({ ...plain, hand: 'letters' }),
  'a line printer': list,
  'kerned, without a space': drawn({ ...plain, format: LETTER, face: 'Times', hand: 'kerned' }),
  'a browser, two columns': printed('two columns'),
  'turned a quarter': drawn({ ...plain, format: A4_WIDE, turn: 90 }),
  'objects in streams': reworked(drawn({ ...plain, format: LETTER }), '--object-streams=generate'),
  'a browser, capitals': printed('capitals'),
  'column by column': drawn({ ...plain, hand: 'columns first' }),
  cropped: drawn({ ...plain, face: 'Helvetica', isCropped: true }),
  'a browser, wide': printed('wide'),
  'tracked heads': drawn({ ...plain, hand: 'tracked heads' }),
  'a form, its values last': drawn({ ...plain, hand: 'values last' }),
  'kerned, embedded': drawn({ ...plain, hand: 'kerned' }),
  'read from a scan': async (sheet) => scanAndRead(await draw(sheet, plain), sheet),
  'a browser, web shop': printed('web shop'),
  'turned back, linearised': reworked(
    drawn({ ...plain, face: 'Helvetica', turn: 270, hand: 'words' }),
    '--linearize',
  ),
};
const SCAN: Make = async (sheet) => scan(await draw(sheet, plain));
/** One paper of so many is a scan that nobody read. */
const SCAN_ONE_IN = 23;

export type Paper = {
  name: string;
  make: string;
  deal: Deal;
  slip: Slip;
  sheet: Sheet;
  bytes: Uint8Array<ArrayBuffer>;
  isScan: boolean;
};
export type Corpus = { rows: Record<string, string>[]; papers: Paper[] };

/** Makes them all; the same words every time. */
export async function corpus(): Promise<Corpus> {
  const deals = trade();
  const browser = await openBrowser();
  try {
    const makes = Object.entries(MAKES);
    const wanted = deals.flatMap((deal) => deal.slips.map((slip) => ({ deal, slip })));
    const papers = wanted.map(async ({ deal, slip }, at): Promise<Paper> => {
      const isScan = at % SCAN_ONE_IN === SCAN_ONE_IN - 1;
      const [make, by] = isScan ? (['a scan', SCAN] as const) : one(makes, at);
      const before = deals
        .slice(0, deals.indexOf(deal))
        .filter(({ buyer }) => buyer === deal.buyer);
      const sheet = sheetOf(deal, slip, before, {
        name: one(NAME_SPELLINGS, at),
        number: one(NUMBER_SPELLINGS, at >> 1),
        money: one(MONEY_SPELLINGS, at),
      });
      const bytes = Uint8Array.from(await by(sheet, browser));
      return { name: slip.fileName, make, deal, slip, sheet, bytes, isScan };
    });
    return { rows: rowsOf(deals), papers: await Promise.all(papers) };
  } finally {
    await browser.close();
  }
}

function one<T>(list: readonly T[], at: number): T {
  const found = list[at % list.length];
  if (found === undefined) throw new Error('nothing to take turns');
  return found;
}
