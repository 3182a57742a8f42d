import { useEffect, useRef, useState } from 'preact/hooks';
import { type Matching, type Paths, readMatching } from '../../imports.ts';

/** While files arrive, the matching is asked for at most this often. */
const APART_MILLISECONDS = 4_000;

/**
 * Which files have their rows, kept up to date: asked for when something has arrived, one question
 * at a time, and once more when all is at rest.
 *
 * @param arrived grows with every file that is here and every CSV that is staged
 */
export function useMatching(
  paths: Paths,
  publishId: string | null,
  arrived: number,
  isRunning: boolean,
): Matching | undefined {
  const [matching, setMatching] = useState<Matching>();
  const [turn, setTurn] = useState(0);
  const asked = useRef({ what: '', at: 0, isUnderWay: false });
  const what = `${publishId} ${arrived}`;
  useEffect(() => {
    const last = asked.current;
    if (publishId === null || what === last.what || last.isUnderWay) return;
    if (arrived === 0 && isRunning) return;
    // At rest it is asked at once: what is seen then stays.
    const wait = isRunning ? Math.max(0, last.at + APART_MILLISECONDS - Date.now()) : 0;
    const timer = setTimeout(async () => {
      asked.current = { what, at: Date.now(), isUnderWay: true };
      try {
        setMatching(await readMatching(paths, publishId));
      } catch {
        // An extra: the review says the same, and says why it cannot be read.
      } finally {
        asked.current.isUnderWay = false;
        setTurn((count) => count + 1);
      }
    }, wait);
    return () => clearTimeout(timer);
  }, [what, turn, isRunning]);
  return matching;
}
