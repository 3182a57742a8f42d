import { Hono } from 'hono';
import type { AppEnv } from '../../access/guards.ts';
import { readHome } from './resources.ts';

/** `GET …/home`: everything the first screen shows. */
export const home = new Hono<AppEnv>().get('/home', async (c) => c.json(await readHome(c), 200));
