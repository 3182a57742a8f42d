// Planted: an arrow upwards, from floor 0 to floor 3. scripts/check/floors.ts must see it.
export { planted } from '../domain/planted.ts';
