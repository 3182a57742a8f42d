/**
 * Verifies the JWT that Cloudflare Access puts on every request behind it. The attack this stops:
 * reaching the Worker by another hostname, or with a token of another application of the team, with
 * headers that merely claim to be Access.
 * https://developers.cloudflare.com/cloudflare-one/identity/authorization-cookie/validating-json/
 */
import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose';
import { AppError } from '../errors.ts';
import { readCookie } from './cookies.ts';

export type AccessConfig = {
  /** The team's URL, `https://team.cloudflareaccess.com`. */
  issuer: string;
  /** The application's audience tag. */
  audience: string;
  /** Where the keys are, when not under the issuer. */
  keysUrl?: string;
};

/** Exactly one of the two is set. */
export type StaffIdentity = { email: string | null; serviceName: string | null };

const KEYS_MAX_AGE_MS = 10 * 60 * 1000;
const keySets = new Map<string, ReturnType<typeof createRemoteJWKSet>>();

function keySetOf(config: AccessConfig) {
  const url = config.keysUrl ?? `${config.issuer}/cdn-cgi/access/certs`;
  let keySet = keySets.get(url);
  if (keySet === undefined) {
    keySet = createRemoteJWKSet(new URL(url), {
      cacheMaxAge: KEYS_MAX_AGE_MS,
      timeoutDuration: 3_000,
    });
    keySets.set(url, keySet);
  }
  return keySet;
}

/** The token of a request: the header that Access sets is preferred to the cookie. */
export function readAccessToken(headers: Headers): string | null {
  const header = headers.get('Cf-Access-Jwt-Assertion');
  if (header) {
    return header;
  }
  return readCookie(headers, 'CF_Authorization');
}

function identityOf(payload: JWTPayload): StaffIdentity | null {
  const { type, email, common_name: commonName, sub } = payload;
  if (type !== 'app') {
    return null;
  }
  if (typeof email === 'string' && email !== '' && commonName === undefined) {
    return { email: email.toLowerCase(), serviceName: null };
  }
  // A service token has a common name and an empty subject.
  if (typeof commonName === 'string' && commonName !== '' && email === undefined && !sub) {
    return { email: null, serviceName: commonName };
  }
  return null;
}

/**
 * Who a token names.
 *
 * @throws AppError `access_required` without a token, `access_denied` for one that does not hold,
 *   `access_unavailable` when the keys cannot be had: never open.
 */
export async function verifyAccess(
  config: AccessConfig,
  token: string | null,
): Promise<StaffIdentity> {
  if (token === null) {
    throw new AppError('access_required', 'no Access token');
  }
  let payload: JWTPayload;
  try {
    const verified = await jwtVerify(token, keySetOf(config), {
      issuer: config.issuer,
      audience: config.audience,
      algorithms: ['RS256'],
      requiredClaims: ['exp', 'iat'],
      clockTolerance: 30,
    });
    payload = verified.payload;
  } catch (error) {
    // jose's own errors speak of the token; a fetch that failed, timed out or gave no keys does not.
    const ofToken =
      error instanceof errors.JOSEError &&
      !(error instanceof errors.JWKSTimeout) &&
      !(error instanceof errors.JWKSInvalid) &&
      error.code !== 'ERR_JOSE_GENERIC';
    if (!ofToken) {
      throw new AppError('access_unavailable', 'the keys of Access cannot be had', {
        retryAfterSeconds: 30,
      });
    }
    throw new AppError('access_denied', `the Access token does not hold: ${error.code}`);
  }
  const identity = identityOf(payload);
  if (identity === null) {
    throw new AppError('access_denied', 'the Access token names nobody');
  }
  return identity;
}
