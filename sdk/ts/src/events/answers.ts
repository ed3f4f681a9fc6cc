import { getAddressDecoder, getBase58Encoder, type Address, type ReadonlyUint8Array } from "@solana/kit";
import { ANSWER_DISCRIMINATOR, SPECIE_PROGRAM_ADDRESS } from "../generated/index.js";
import { ED25519_PROGRAM_ADDRESS, VOUCHER, decodeMessage, ed25519Instruction, type VoucherTerms } from "../messages/index.js";
import type { TransactionJson } from "./transaction.js";

/** A voucher that a vendor published with its issuer's signature. */
export interface PublishedVoucher {
  readonly terms: VoucherTerms;
  readonly issuer: Address;
  readonly signature: ReadonlyUint8Array;
}

/** Where the one key of an Ed25519 instruction stands in Specie's layout, behind a header and one signature's offsets. */
const KEY_AT = 16;
const SIGNATURE_AT = KEY_AT + 32;
const MESSAGE_AT = SIGNATURE_AT + 64;

/**
 * The answers to challenges in a transaction, from its instructions: the event that states the same is lost where a log was cut
 * off. The program takes an answer only at top level, directly behind the Ed25519 instruction that it belongs to. A
 * transaction that failed, or of which nothing but its instructions is known, publishes nothing.
 */
export function publishedVouchers({ transaction, meta }: TransactionJson, cluster: Address): readonly PublishedVoucher[] {
  if (meta === null || (meta.err ?? null) !== null) return [];
  const { accountKeys, instructions } = transaction.message;
  const keys = [...accountKeys, ...(meta.loadedAddresses?.writable ?? []), ...(meta.loadedAddresses?.readonly ?? [])];
  const read = instructions.map(({ programIdIndex, data }) => ({ program: keys[programIdIndex], data: getBase58Encoder().encode(data) }));
  return read.flatMap(({ program, data }, index) => {
    const before = read[index - 1];
    const isAnswer = program === SPECIE_PROGRAM_ADDRESS && isEqual(data, ANSWER_DISCRIMINATOR);
    return isAnswer && before?.program === ED25519_PROGRAM_ADDRESS ? published(before.data, cluster) : [];
  });
}

function published(data: ReadonlyUint8Array, cluster: Address): readonly PublishedVoucher[] {
  if (data.length !== MESSAGE_AT + VOUCHER.length) return [];
  const issuer = getAddressDecoder().decode(data, KEY_AT);
  const signature = data.slice(SIGNATURE_AT, MESSAGE_AT);
  const message = data.slice(MESSAGE_AT);
  const canonical = ed25519Instruction([{ key: issuer, signature }], [message]).data;
  if (canonical === undefined || !isEqual(data, canonical)) return [];
  return [{ terms: decodeMessage(VOUCHER, cluster, message), issuer, signature }];
}

const isEqual = (a: ReadonlyUint8Array, b: ReadonlyUint8Array): boolean => a.length === b.length && a.every((byte, index) => byte === b[index]);
