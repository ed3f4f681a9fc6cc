import {
  createSignableMessage,
  getBase58Encoder,
  getPublicKeyFromAddress,
  signatureBytes,
  verifySignature,
  type Address,
  type MessagePartialSigner,
  type ReadonlyUint8Array,
} from "@solana/kit";
import { encodeMessage, type MessageKind } from "./layout.js";

/** A signature was not the key's over these bytes, or the signer made none. */
export class SignatureError extends Error {
  override readonly name = "SignatureError";
}

/** Signs bytes, as a session key, an issuer or an attestor does. Wallets are never asked for this. */
export async function signBytesBy(signer: MessagePartialSigner, bytes: Uint8Array): Promise<Uint8Array> {
  const [signatures] = await signer.signMessages([createSignableMessage(bytes)]);
  const signature = signatures?.[signer.address];
  if (signature === undefined) throw new SignatureError(`The signer of ${signer.address} returned no signature by that key`);
  return Uint8Array.from(signature);
}

/** Signs a message for a cluster. The same message and key give the same signature. */
export const signMessage = <T extends object>(
  kind: MessageKind<T>,
  cluster: Address,
  message: T,
  signer: MessagePartialSigner,
): Promise<Uint8Array> => signBytesBy(signer, encodeMessage(kind, cluster, message));

/**
 * Whether `key` signed the bytes, by the rules of Solana's Ed25519 program: canonical encodings, and neither the key nor the
 * signature's point of small order, for which one signature fits many messages.
 */
export async function isSignedBy(key: Address, bytes: ReadonlyUint8Array, signature: ReadonlyUint8Array): Promise<boolean> {
  if (signature.length !== 64) return false;
  if (isOfSmallOrder(getBase58Encoder().encode(key)) || isOfSmallOrder(signature.slice(0, 32))) return false;
  try {
    return await verifySignature(await getPublicKeyFromAddress(key), signatureBytes(Uint8Array.from(signature)), bytes);
  } catch (error) {
    // WebCrypto refuses to import what is no point of the curve.
    if (error instanceof DOMException) return false;
    throw error;
  }
}

/** Whether `key` signed the message for the cluster. */
export const isMessageSignedBy = <T extends object>(
  key: Address,
  kind: MessageKind<T>,
  cluster: Address,
  message: T,
  signature: ReadonlyUint8Array,
): Promise<boolean> => isSignedBy(key, encodeMessage(kind, cluster, message), signature);

const PRIME = (1n << 255n) - 19n;

/** The heights y of the points of order 1, 2, 4 and 8. */
const SMALL_ORDER_HEIGHTS: readonly bigint[] = [
  0n,
  1n,
  PRIME - 1n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
];

/** Whether an encoded point is of small order, whichever of its encodings this is. */
export function isOfSmallOrder(point: ReadonlyUint8Array): boolean {
  const height = point.reduceRight((number, byte, index) => (number << 8n) | BigInt(index === 31 ? byte & 0x7f : byte), 0n);
  return SMALL_ORDER_HEIGHTS.includes(height % PRIME);
}
