/**
 * Where a request may come from. Two attacks: a page of another site that makes the browser send
 * our cookie along (CSRF), and a request for a hostname that Access does not protect.
 */
import type { Context, MiddlewareHandler } from 'hono';
import { AppError } from '../errors.ts';
import type { AppEnv } from './guards.ts';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses an unsafe request that a browser sent from another origin. Browsers always send
 * Sec-Fetch-Site or Origin with one; a request with neither and without a cookie comes from a
 * machine that was given a token, and needs no such proof.
 *
 * @throws AppError `origin_refused`
 */
export function sameOrigin(ownOrigin: (c: Context<AppEnv>) => string): MiddlewareHandler<AppEnv> {
  return async function sameOriginOnly(c, next) {
    if (!SAFE_METHODS.has(c.req.method)) {
      const site = c.req.header('Sec-Fetch-Site');
      const origin = c.req.header('Origin');
      const proven = origin === ownOrigin(c) || (origin === undefined && site === 'same-origin');
      const claimed =
        site !== undefined || origin !== undefined || c.req.header('Cookie') !== undefined;
      if (claimed && !proven) {
        throw new AppError('origin_refused', 'an unsafe request from another origin');
      }
    }
    await next();
  };
}

/**
 * Refuses what does not prove that a page of ours sent it. A WebSocket is asked for with a GET that any
 * page may send, with our cookie, and whose answer that page may then read: only its Origin tells.
 *
 * @throws AppError `origin_refused`
 */
export function fromOwnPage(ownOrigin: (c: Context<AppEnv>) => string): MiddlewareHandler<AppEnv> {
  return async function fromOwnPageOnly(c, next) {
    if (c.req.header('Origin') !== ownOrigin(c)) {
      throw new AppError('origin_refused', 'a connection from another origin');
    }
    await next();
  };
}

/** Answers 404 on a host that this part of the product does not live on. */
export function onHost(...origins: ((c: Context<AppEnv>) => string)[]): MiddlewareHandler<AppEnv> {
  return async function onHostOnly(c, next) {
    const { host } = new URL(c.req.url);
    if (!origins.some((originOf) => new URL(originOf(c)).host === host)) {
      throw new AppError('not_found', 'not on this host');
    }
    await next();
  };
}

/**
 * Requires the media type that a route declares: a form of another site can only send three, and
 * a body of the wrong type is never parsed.
 *
 * @throws AppError `unsupported_type`
 */
export function accepts(...mediaTypes: string[]): MiddlewareHandler<AppEnv> {
  return async function acceptsOnly(c, next) {
    const type = (c.req.header('Content-Type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    if (!mediaTypes.includes(type)) {
      throw new AppError('unsupported_type', `expected ${mediaTypes.join(' or ')}`);
    }
    await next();
  };
}
