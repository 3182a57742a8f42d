import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import {
  exportJWK,
  exportSPKI,
  generateKeyPair,
  importJWK,
  type JWK,
  type JWTPayload,
  SignJWT,
} from 'jose';

/** A signing key as it is kept in the key file. */
type StoredKey = { kid: string; privateJwk: JWK };

export type AccessKeys = {
  /** The answer of `/cdn-cgi/access/certs`: current and previous key. */
  certs(): Promise<Certs>;
  sign(claims: JWTPayload): Promise<string>;
  /** Signed by a key that was never published, under the current key's id. */
  forge(claims: JWTPayload): Promise<string>;
  rotate(options: { dropPrevious?: boolean }): Promise<void>;
};

export type Certs = {
  keys: (JWK & { kid: string })[];
  public_cert: { kid: string; cert: string };
  public_certs: { kid: string; cert: string }[];
};

/** Reads the keys from `keyFile` or makes and keeps them there; without one, for this run only. */
export async function openAccessKeys(keyFile: string | undefined): Promise<AccessKeys> {
  // Newest first; never more than two, as at Cloudflare.
  let keys = (await readKeys(keyFile)) ?? [await makeKey()];
  const keep = async () => {
    if (keyFile !== undefined) await writeFile(keyFile, JSON.stringify(keys), { mode: 0o600 });
  };
  await keep();
  const current = () => {
    const [key] = keys;
    if (key === undefined) throw new Error(`${keyFile} holds no key.`);
    return key;
  };

  return {
    certs: async () => {
      const published = await Promise.all(keys.map(publish));
      const [first] = published;
      if (first === undefined) throw new Error(`${keyFile} holds no key.`);
      return {
        keys: published.map(({ jwk }) => jwk),
        public_cert: first.cert,
        public_certs: published.map(({ cert }) => cert),
      };
    },
    sign: (claims) => signWith(current(), claims),
    forge: async (claims) => signWith({ ...(await makeKey()), kid: current().kid }, claims),
    rotate: async ({ dropPrevious }) => {
      keys = [await makeKey(), ...(dropPrevious ? [] : [current()])];
      await keep();
    },
  };
}

async function readKeys(keyFile: string | undefined): Promise<StoredKey[] | null> {
  if (keyFile === undefined) return null;
  try {
    return JSON.parse(await readFile(keyFile, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function makeKey(): Promise<StoredKey> {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const privateJwk = await exportJWK(privateKey);
  const kid = createHash('sha256').update(String(privateJwk.n)).digest('hex');
  return { kid, privateJwk };
}

async function signWith({ kid, privateJwk }: StoredKey, claims: JWTPayload): Promise<string> {
  const header = { alg: 'RS256', kid, typ: 'JWT' };
  return new SignJWT(claims).setProtectedHeader(header).sign(await importJWK(privateJwk, 'RS256'));
}

async function publish({ kid, privateJwk }: StoredKey) {
  const { kty, n, e } = privateJwk;
  const jwk = { kid, kty, alg: 'RS256', use: 'sig', n, e } as Certs['keys'][number];
  const key = await importJWK(jwk, 'RS256', { extractable: true });
  // Cloudflare puts an X.509 certificate here; verifiers read `keys`, and a bare public key is
  // enough for a person who wants to look.
  const cert = key instanceof Uint8Array ? '' : await exportSPKI(key);
  return { jwk, cert: { kid, cert } };
}
