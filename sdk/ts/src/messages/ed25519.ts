import { address, getAddressEncoder, type Address, type Instruction, type ReadonlyUint8Array } from "@solana/kit";

/** The Ed25519 program, which checks signatures that other instructions of the transaction then rely on. */
export const ED25519_PROGRAM_ADDRESS = address("Ed25519SigVerify111111111111111111111111111");

/** A key, and its signature over a message. */
export interface SignedBy {
  readonly key: Address;
  readonly signature: ReadonlyUint8Array;
}

const HEADER_LENGTH = 2;
const OFFSETS_LENGTH = 14;
const SIGNED_LENGTH = 32 + 64;
/** The Ed25519 program's name for "the instruction that these offsets stand in". */
const THIS_INSTRUCTION = 0xffff;

/**
 * The Ed25519 instruction in the one layout that Specie accepts: offsets, then each key with its signature, then the messages:
 * one that all signed, or one for each signature, in order. All messages are equally long. It stands directly before the
 * instruction that needs it.
 */
export function ed25519Instruction(signed: readonly SignedBy[], messages: readonly ReadonlyUint8Array[]): Instruction {
  const count = signed.length;
  const length = messages[0]?.length;
  if (count < 1 || count > 255) throw new RangeError(`An Ed25519 instruction takes 1 to 255 signatures, not ${count}`);
  if (length === undefined || (messages.length !== 1 && messages.length !== count)) {
    throw new RangeError(`${count} signatures are over one message, or over one each; these are ${messages.length} messages`);
  }
  if (messages.some((message) => message.length !== length)) throw new RangeError("The messages of an Ed25519 instruction are equally long");

  const keysAt = HEADER_LENGTH + count * OFFSETS_LENGTH;
  const messagesAt = keysAt + count * SIGNED_LENGTH;
  const data = new Uint8Array(messagesAt + messages.length * length);
  const view = new DataView(data.buffer);
  data[0] = count;
  signed.forEach(({ key, signature }, index) => {
    const keyAt = keysAt + index * SIGNED_LENGTH;
    const messageAt = messagesAt + (messages.length === 1 ? 0 : index * length);
    const offsets = [keyAt + 32, THIS_INSTRUCTION, keyAt, THIS_INSTRUCTION, messageAt, length, THIS_INSTRUCTION];
    offsets.forEach((offset, place) => view.setUint16(HEADER_LENGTH + index * OFFSETS_LENGTH + place * 2, offset, true));
    data.set(getAddressEncoder().encode(key), keyAt);
    data.set(signature, keyAt + 32);
  });
  messages.forEach((message, index) => data.set(message, messagesAt + index * length));
  return { programAddress: ED25519_PROGRAM_ADDRESS, data };
}

/** Signatures in the ascending order of their keys' bytes, as the program wants a quorum's. */
export function ascending(signed: readonly SignedBy[]): readonly SignedBy[] {
  const bytesOf = (key: Address): string => String.fromCharCode(...getAddressEncoder().encode(key));
  return signed.toSorted((a, b) => (bytesOf(a.key) < bytesOf(b.key) ? -1 : 1));
}
