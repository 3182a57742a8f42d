/** An index CSV, from bytes to staged items: decode, parse, map, check. */

import { type StagedItem, type StagedProblem, check } from './check.ts';
import { decode } from './decode.ts';
import { mapColumns } from './map.ts';
import { type ParseError, parse } from './parse.ts';
