import { useEffect, useReducer, useRef } from 'preact/hooks';
import {
  type Cut,
  type ImportView,
  type Paths,
  readImport,
  type Staged,
  stageImport,
} from '../../imports.ts';
import { asApiError } from '../../use-resource.ts';
import { type CsvAction, type CsvState, csvReducer, csvStateOf, readingOf } from './csv-state.ts';

export type CsvImport = {
  state: CsvState;
  dispatch: (action: CsvAction) => void;
  /** Reads the file anew, cut differently. The last of several wins. */
  cut: (change: Partial<Cut>) => void;
  /** Stages as it is read now; also once more, after the connection broke. */
  stage: () => void;
};

/** One CSV and what is done with it, until it is staged. */
export function useCsvImport(
  view: ImportView,
  paths: Paths,
  onStaged: (staged: Staged) => void,
): CsvImport {
  const [state, dispatch] = useReducer(csvReducer, view, csvStateOf);
  const underWay = useRef<AbortController | null>(null);
  useEffect(() => () => underWay.current?.abort(), []);
  useEffect(() => {
    const { detected } = view;
    if (view.state !== 'staged' || !detected) return;
    // What is staged already is told at once, and stays as it is.
    const reading = readingOf({ detected, said: { lettersRight: true, fields: {} } });
    stageImport(paths, view.id, reading, () => {}, begin()).then(
      (staged) => dispatch({ type: 'staged', staged }),
      () => {}, // its numbers are shown all the same, and the review has its problems
    );
  }, []);

  const begin = (): AbortSignal => {
    underWay.current?.abort();
    underWay.current = new AbortController();
    return underWay.current.signal;
  };
  const cut = async (change: Partial<Cut>) => {
    if (state.step !== 'reading') return;
    const { encoding, delimiter, headerLine } = state.detected;
    const signal = begin();
    dispatch({ type: 'detecting' });
    try {
      const whole = { encoding, delimiter, headerLine, ...change };
      const found = await readImport(paths, view.id, whole, signal);
      if (!signal.aborted) dispatch({ type: 'detected', view: found });
    } catch (thrown) {
      if (!signal.aborted) dispatch({ type: 'notDetected', error: asApiError(thrown) });
    }
  };
  const stage = async () => {
    if (state.step !== 'reading' && state.step !== 'broken') return;
    const signal = begin();
    const reading = readingOf(state);
    dispatch({ type: 'staging' });
    try {
      const onProgress = (progress: CsvProgress) => dispatch({ type: 'progress', progress });
      const staged = await stageImport(paths, view.id, reading, onProgress, signal);
      dispatch({ type: 'staged', staged });
      onStaged(staged);
    } catch (thrown) {
      if (!signal.aborted) dispatch({ type: 'notStaged', error: asApiError(thrown) });
    }
  };
  return { state, dispatch, cut: (change) => void cut(change), stage: () => void stage() };
}

type CsvProgress = Extract<CsvAction, { type: 'progress' }>['progress'];
