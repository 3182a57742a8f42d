// Planted: a look behind database/context. scripts/check/floors.ts must see it.
export { handleOf } from '../database/context/connection.ts';
