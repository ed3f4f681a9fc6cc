import {
  fixDecoderSize,
  fixEncoderSize,
  getAddressDecoder,
  getAddressEncoder,
  getBytesDecoder,
  getBytesEncoder,
  getI64Decoder,
  getI64Encoder,
  getStructDecoder,
  getStructEncoder,
  getU32Decoder,
  getU32Encoder,
  getU64Decoder,
  getU64Encoder,
  getU8Decoder,
  getU8Encoder,
  type Address,
  type FixedSizeDecoder,
  type FixedSizeEncoder,
  type ReadonlyUint8Array,
} from "@solana/kit";

/** Length of what every message begins with: its domain of 16 bytes and the cluster's genesis hash of 32. */
export const HEADER_LENGTH = 48;

/** Why some bytes are not the message that was expected. */
export class MessageError extends Error {
  override readonly name = "MessageError";
}

/** A kind of signed message: its domain, its fields in order, and so its length. */
export interface MessageKind<T extends object> {
  readonly name: string;
  /** The 16 ASCII characters that no other message begins with. */
  readonly domain: string;
  /** Length of the whole message in bytes. */
  readonly length: number;
  readonly encoder: FixedSizeEncoder<T>;
  readonly decoder: FixedSizeDecoder<T>;
}

/** How a field stands in a message: an address or hash of 32 bytes, or a little-endian integer. */
export const FIELDS = {
  address: { encoder: getAddressEncoder(), decoder: getAddressDecoder() },
  hash: { encoder: fixEncoderSize(getBytesEncoder(), 32), decoder: fixDecoderSize(getBytesDecoder(), 32) },
  u8: { encoder: getU8Encoder(), decoder: getU8Decoder() },
  u32: { encoder: getU32Encoder(), decoder: getU32Decoder() },
  u64: { encoder: getU64Encoder(), decoder: getU64Decoder() },
  i64: { encoder: getI64Encoder(), decoder: getI64Decoder() },
} as const;

export { getStructDecoder, getStructEncoder };

const isEqual = (a: ReadonlyUint8Array, b: ReadonlyUint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index]);

/** A message's bytes for a cluster, named by its genesis hash. */
export function encodeMessage<T extends object>(kind: MessageKind<T>, cluster: Address, message: T): Uint8Array {
  const bytes = new Uint8Array(kind.length);
  bytes.set(new TextEncoder().encode(kind.domain));
  bytes.set(FIELDS.address.encoder.encode(cluster), 16);
  bytes.set(kind.encoder.encode(message), HEADER_LENGTH);
  return bytes;
}

/** Reads a message that must be of this kind and for this cluster, and nothing else. */
export function decodeMessage<T extends object>(kind: MessageKind<T>, cluster: Address, bytes: ReadonlyUint8Array): T {
  if (bytes.length !== kind.length) {
    throw new MessageError(`A ${kind.name} message has ${kind.length} bytes, and this has ${bytes.length}`);
  }
  if (!isEqual(bytes.slice(0, 16), new TextEncoder().encode(kind.domain))) {
    throw new MessageError(`This is another message than a ${kind.name}`);
  }
  const signedFor = FIELDS.address.decoder.decode(bytes, 16);
  if (signedFor !== cluster) {
    throw new MessageError(`The ${kind.name} was signed for the cluster ${signedFor}, not for ${cluster}`);
  }
  return kind.decoder.decode(bytes, HEADER_LENGTH);
}
