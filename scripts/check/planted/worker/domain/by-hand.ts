// Planted: a handle on the database, past whatever opens a context. scripts/check/floors.ts must see it.
export { handleOf } from '../database/connection.ts';
