import type { Staged } from '../../imports.ts';
import type { CsvState } from './csv-state.ts';

/** What the page of an import gives each CSV on it. */
export type CsvTerms = {
  /** Another CSV is being staged: one at a time, so that the later one has the last word. */
  isOtherStaging: boolean;
  /** Null when it is no longer on the page: another took its place. */
  onStep: (id: string, step: CsvState['step'] | null) => void;
  onStaged: (staged: Staged) => void;
  /** Takes the file off the page, before anything of it is staged. */
  onLeave: () => void;
  /** Opens the choice of files, for the corrected one. */
  choose: () => void;
};
