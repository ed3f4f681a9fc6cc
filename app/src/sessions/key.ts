import { createSignerFromKeyPair, getAddressFromPublicKey, type Address, type KeyPairSigner } from '@solana/kit';

/** How a key's seed is kept, so that it can be exported again. */
export type Wrapping =
  /** Under a passphrase: whoever has this browser's storage has nothing without it. */
  | { readonly by: 'passphrase'; readonly salt: Uint8Array<ArrayBuffer>; readonly iterations: number; readonly iv: Uint8Array<ArrayBuffer>; readonly data: ArrayBuffer }
  /** Under a key that WebCrypto does not let out of this browser. */
  | { readonly by: 'device'; readonly iv: Uint8Array<ArrayBuffer>; readonly data: ArrayBuffer };

/** A session key as this browser keeps it. Neither field lets the seed out without the wrapping's key. */
export interface StoredKey {
  readonly address: Address;
  /** Signs; WebCrypto does not export it. */
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly wrapped: Wrapping;
}

/** The wrapping's key does not open it. */
export class WrongPassphraseError extends Error {
  override readonly name = 'WrongPassphraseError';
}

/** A file is not a key as `specie` writes it. */
export class KeyFileError extends Error {
  override readonly name = 'KeyFileError';
}

/** OWASP's figure for PBKDF2 with SHA-256. */
const ITERATIONS = 600_000;

/** What stands before the 32 bytes of the seed in PKCS #8. */
const PKCS8_HEAD = Uint8Array.from([0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20]);
const SEED_LENGTH = 32;

function pkcs8(seed: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(PKCS8_HEAD.length + SEED_LENGTH);
  bytes.set(PKCS8_HEAD);
  bytes.set(seed, PKCS8_HEAD.length);
  return bytes;
}

async function passphraseKey(passphrase: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<CryptoKey> {
  const material = await crypto.subtle.importKey('raw', new TextEncoder().encode(passphrase), 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

/** What opens a wrapping: what the reader types, or the browser's own key. */
export interface Opener {
  readonly passphrase?: string | undefined;
  readonly device: CryptoKey;
}

async function wrap(seed: Uint8Array<ArrayBuffer>, { passphrase, device }: Opener): Promise<Wrapping> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  if (passphrase === undefined || passphrase === '') {
    return { by: 'device', iv, data: await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, device, seed) };
  }
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const key = await passphraseKey(passphrase, salt, ITERATIONS);
  const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, seed);
  return { by: 'passphrase', salt, iterations: ITERATIONS, iv, data };
}

async function unwrap(wrapped: Wrapping, { passphrase = '', device }: Opener): Promise<Uint8Array<ArrayBuffer>> {
  const key = wrapped.by === 'device' ? device : await passphraseKey(passphrase, wrapped.salt, wrapped.iterations);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: wrapped.iv }, key, wrapped.data));
  } catch {
    throw new WrongPassphraseError();
  }
}

/** The key that wraps what no passphrase does; WebCrypto keeps it in. */
export function createDeviceKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

async function fromSeed(seed: Uint8Array<ArrayBuffer>, opener: Opener): Promise<StoredKey> {
  // Extractable for a moment alone: the public half is read off it.
  const open = await crypto.subtle.importKey('pkcs8', pkcs8(seed), 'Ed25519', true, ['sign']);
  const { x } = await crypto.subtle.exportKey('jwk', open);
  if (x === undefined) throw new KeyFileError('the key has no public half');
  const publicKey = await crypto.subtle.importKey('jwk', { kty: 'OKP', crv: 'Ed25519', x }, 'Ed25519', true, ['verify']);
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8(seed), 'Ed25519', false, ['sign']);
  return { address: await getAddressFromPublicKey(publicKey), privateKey, publicKey, wrapped: await wrap(seed, opener) };
}

/** Makes a key. */
export async function createKey(opener: Opener): Promise<StoredKey> {
  const seed = crypto.getRandomValues(new Uint8Array(SEED_LENGTH));
  try {
    return await fromSeed(seed, opener);
  } finally {
    seed.fill(0);
  }
}

/** The key's file, as `specie` and every Solana tool reads it: 64 numbers. */
export async function exportKey(key: StoredKey, opener: Opener): Promise<string> {
  const seed = await unwrap(key.wrapped, opener);
  const open = new Uint8Array(await crypto.subtle.exportKey('raw', key.publicKey));
  return JSON.stringify([...seed, ...open]);
}

/** Reads such a file; its two halves must belong to one another. */
export async function importKey(file: string, opener: Opener): Promise<StoredKey> {
  let numbers: unknown;
  try {
    numbers = JSON.parse(file);
  } catch {
    throw new KeyFileError('it is no JSON');
  }
  const isByte = (value: unknown): value is number => Number.isInteger(value) && Number(value) >= 0 && Number(value) < 256;
  if (!Array.isArray(numbers) || numbers.length !== 64 || !numbers.every(isByte)) {
    throw new KeyFileError('it is no list of 64 bytes');
  }
  const key = await fromSeed(Uint8Array.from(numbers.slice(0, SEED_LENGTH)), opener);
  const open = new Uint8Array(await crypto.subtle.exportKey('raw', key.publicKey));
  if (!open.every((byte, index) => byte === numbers[SEED_LENGTH + index])) {
    throw new KeyFileError('its halves do not belong to one another');
  }
  return key;
}

export function signerOf(key: Pick<StoredKey, 'privateKey' | 'publicKey'>): Promise<KeyPairSigner> {
  return createSignerFromKeyPair({ privateKey: key.privateKey, publicKey: key.publicKey });
}
