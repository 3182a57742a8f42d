/** The rows of a file that have a problem, as a file to be mended and sent again. */

import type { Row } from './csv.ts';
import { FIELDS_OF } from './entities.ts';
import type { StageError } from './items.ts';
import { headerOf, ownRow, PLACE_COLUMN, PROBLEM_COLUMN } from './parse.ts';
import type { Reading } from './reading.ts';
import { openSource, openStaging, type StagedPart } from './stage.ts';

/** What is wrong with a row. */
export type RowTold = {
  /** In words, each problem once. */
  problems: string[];
  /** Whether its place in the file says nothing: it is another line's, or nobody could see whose. */
  isUnplaced: boolean;
};

export type ProblemRows = {
  /** The text that these bytes make whole. */
  push: (bytes: Uint8Array) => { text: string } | StageError;
  end: () => { text: string } | StageError;
};

/**
 * A reader of a file that gives its header and the rows that `told` names by their lines, as they stand but
 * for what is put before them: what is wrong, and, where the file does not number its orders' lines, the
 * number that each was given by its place. By that number, a row that is sent again takes its own place,
 * whatever rows are not sent with it. A file with a column of numbers gets them in the cells that are blank.
 *
 * Ours come first, so that they stand in one place in a row of any length. Being no columns of the file, they
 * leave it a file of the same make: it is read as the first one was.
 */
export function openProblemRows(reading: Reading, told: ReadonlyMap<number, RowTold>): ProblemRows {
  const { delimiter, fields } = reading;
  const source = openSource(reading);
  const hasLines = fields.some((field) => field !== null && FIELDS_OF.order_line.includes(field));
  const numbered = fields.indexOf('line_number');
  // Read a second time, for the numbers: to keep them all until now would take a whole file's memory.
  const staging = hasLines ? openStaging(reading) : undefined;
  let header: ReturnType<typeof headerOf> | undefined;

  const rowText = (row: Row, into: ReturnType<typeof headerOf>, places: StagedPart['places']) => {
    const said = told.get(row.line);
    if (said === undefined) return '';
    // What went through here before has our columns already: they are written anew.
    const { cells, place } = ownRow(row, into);
    const number = place ?? (said.isUnplaced ? '' : String(places.get(row.line)?.number ?? ''));
    const own = cells[numbered] === '' ? cells.with(numbered, number) : cells;
    const ours = said.problems.join('; ');
    const before = hasLines && numbered === -1 ? [number, ours] : [ours];
    return csvLine([...before, ...own], delimiter);
  };
  const shown = (rows: Row[] | StageError, part?: StagedPart | StageError) => {
    if ('error' in rows) return rows;
    if (part !== undefined && 'error' in part) return part;
    const places = part?.places ?? new Map();
    let text = '';
    for (const row of rows) {
      if (header === undefined) {
        header = headerOf(row.cells);
        const before = hasLines && numbered === -1 ? [PLACE_COLUMN] : [];
        text += csvLine([...before, PROBLEM_COLUMN, ...header.names], delimiter);
      } else {
        text += rowText(row, header, places);
      }
    }
    return { text };
  };
  return {
    push: (bytes) => shown(source.push(bytes), staging?.push(bytes)),
    end: () => shown(source.end(), staging?.end()),
  };
}

/** One row, its cells quoted where they must be; nothing disarmed, since it is to be read again. */
function csvLine(cells: readonly string[], delimiter: string): string {
  const quoted = cells.map((cell) =>
    cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell,
  );
  return `${quoted.join(delimiter)}\r\n`;
}
