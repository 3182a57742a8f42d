import { describe, expect, test } from 'vitest';
import {
  canRetry,
  createUploads,
  type Failure,
  type Inspected,
  type Sent,
  type Upload,
} from './uploads.ts';

const NETWORK: Failure = { from: 'server', code: 'offline' };
const CLEAN: Inspected = { pages: 1, served: 'stampable', findings: [] };
const LOCKED: Inspected = {
  pages: 0,
  served: 'stampable',
  findings: [{ code: 'pdf_encrypted', severity: 'blocking' }],
};
const chosen = (name: string, path = name, text = 'x') => ({ file: new File([text], name), path });

/** A queue whose sending is finished by hand. */
function byHand(failure: Failure = NETWORK) {
  const open: { upload: Upload; end: (sent: Sent) => void; fail: () => void }[] = [];
  const uploads = createUploads(
    (upload, _onSent, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        open.push({ upload, end: resolve, fail: () => reject() });
      }),
    () => failure,
  );
  const names = () => open.map(({ upload }) => upload.name);
  const states = () => uploads.read().uploads.map(({ name, state }) => `${name} ${state}`);
  return { uploads, open, names, states };
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

describe('the queue of an import', () => {
  test('sends four files at once, the CSV first, and the next when one has arrived', async () => {
    const { uploads, open, names } = byHand();
    uploads.add([...'abcde'].map((name) => chosen(`${name}.pdf`)).concat(chosen('index.csv')));
    expect(names()).toEqual(['index.csv', 'a.pdf', 'b.pdf', 'c.pdf']);
    open[1]?.end({ unchanged: false, inspected: CLEAN });
    await settled();
    expect(names().at(-1)).toBe('d.pdf');
  });

  test('refuses here what needs no request to be known, and says which', () => {
    const { uploads, names } = byHand();
    uploads.add([chosen('notes.docx'), chosen('empty.pdf', 'empty.pdf', '')]);
    const failures = uploads.read().uploads.map(({ failure }) => failure?.code);
    expect(failures).toEqual(['wrongType', 'empty']);
    expect(names()).toEqual([]);
  });

  test('never lets two files of one name overwrite each other within a drop', () => {
    const { uploads, states } = byHand();
    uploads.add([chosen('A.pdf', 'one/A.pdf'), chosen('a.pdf', 'two/a.pdf')]);
    expect(states()).toEqual(['A.pdf sending', 'a.pdf failed']);
  });

  test('a corrected file of the same name, dropped later, takes the place of the first', async () => {
    const { uploads, open, states } = byHand({ from: 'server', code: 'not_a_pdf' });
    uploads.add([chosen('a.pdf')]);
    open[0]?.fail();
    await settled();
    uploads.add([chosen('a.pdf')]);
    expect(states()).toEqual(['a.pdf sending']);
  });

  test('a locked PDF is here with what was found, and a corrected one takes its place', async () => {
    const { uploads, open, states } = byHand();
    uploads.add([chosen('a.pdf'), chosen('b.pdf')]);
    open[0]?.end({ unchanged: false, inspected: LOCKED });
    await settled();
    expect(states()).toEqual(['a.pdf done', 'b.pdf sending']);
    expect(uploads.read().uploads[0]?.inspected).toEqual(LOCKED);
    uploads.add([chosen('A.pdf')]);
    expect(uploads.read().uploads.map(({ name, inspected }) => [name, inspected])).toEqual([
      ['b.pdf', null],
      ['A.pdf', null],
    ]);
  });

  test('refuses a PDF above the supplier’s own limit as soon as it is known', () => {
    let limit = 10;
    const uploads = createUploads(
      () => new Promise(() => {}),
      () => NETWORK,
      () => limit,
    );
    const failures = () => uploads.read().uploads.map(({ failure }) => failure?.code);
    uploads.add([chosen('a.pdf', 'a.pdf', 'x'.repeat(5))]);
    limit = 4;
    uploads.add([chosen('b.pdf', 'b.pdf', 'x'.repeat(5))]);
    expect(failures()).toEqual([undefined, 'tooLargePdf']);
  });

  test('one file that fails does not keep the others back', async () => {
    const { uploads, open, states } = byHand({ from: 'server', code: 'too_large' });
    uploads.add([...'abcdef'].map((name) => chosen(`${name}.pdf`)));
    open[0]?.fail();
    await settled();
    expect(states()).toEqual([
      'a.pdf failed',
      'b.pdf sending',
      'c.pdf sending',
      'd.pdf sending',
      'e.pdf sending',
      'f.pdf waiting',
    ]);
  });

  test('leaves aside what the system put into the folder', () => {
    const { uploads } = byHand();
    uploads.add([chosen('.DS_Store'), chosen('a.pdf', '/in/__MACOSX/a.pdf'), chosen('Thumbs.db')]);
    expect(uploads.read()).toEqual({ uploads: [], ignored: 3 });
  });

  test('tries again what the network lost, not what is wrong in itself', async () => {
    const lost = byHand();
    lost.uploads.add([chosen('a.pdf')]);
    lost.open[0]?.fail();
    await settled();
    const [upload] = lost.uploads.read().uploads;
    expect(upload && canRetry(upload)).toBe(true);
    lost.uploads.retry(upload ? [upload.id] : []);
    expect(lost.states()).toEqual(['a.pdf sending']);

    for (const code of ['not_a_pdf', 'too_many_rows'] as const) {
      const wrong = byHand({ from: 'server', code });
      wrong.uploads.add([chosen('a.pdf')]);
      wrong.open[0]?.fail();
      await settled();
      expect(wrong.uploads.read().uploads.map(canRetry)).toEqual([false]);
    }
  });

  test('what is cancelled is not sent, what has arrived stays, and both can be told', async () => {
    const { uploads, open, states, names } = byHand();
    uploads.add([...'abcdef'].map((name) => chosen(`${name}.pdf`)));
    open[0]?.end({ unchanged: false, inspected: CLEAN });
    await settled();
    uploads.cancel(uploads.read().uploads.map(({ id }) => id));
    await settled();
    expect(states()).toEqual([
      'a.pdf done',
      'b.pdf failed',
      'c.pdf failed',
      'd.pdf failed',
      'e.pdf failed',
      'f.pdf failed',
    ]);
    expect(names()).not.toContain('f.pdf');
    const cancelled = uploads.read().uploads.filter(canRetry);
    expect(cancelled.map(({ failure }) => failure?.code)).toEqual(Array(5).fill('cancelled'));
    uploads.retry(cancelled.map(({ id }) => id));
    expect(states().filter((state) => state.endsWith('sending'))).toHaveLength(4);
  });
});
