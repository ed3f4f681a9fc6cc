import { Refusal } from "../../src/errors/index.js";
import {
  getBookDecoder,
  getCurrencyDecoder,
  getPoolDecoder,
  getStakeAccountDecoder,
  getStandardDecoder,
  getVaultDecoder,
  getVoucherDecoder,
} from "../../src/generated/index.js";
import type { Quote } from "../../src/quotes/index.js";
import file from "../../../../crates/client/vectors.json" with { type: "json" };

/** Bytes from hexadecimal. */
export function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../gu) ?? [], (byte) => Number.parseInt(byte, 16));
}

/** Hexadecimal of bytes. */
export const hexOf = (bytes: Iterable<number>): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** One quote of a world, as the Rust client answers it. */
export interface QuoteVector {
  readonly quote: string;
  readonly arguments: Readonly<Record<string, string | number | boolean>>;
  readonly answer: Readonly<Record<string, string | number | null>>;
}

type WorldVector = (typeof file.worlds)[number];

/** A world's accounts, decoded from what the chain has. */
export function readWorld(world: WorldVector) {
  return {
    now: BigInt(world.now),
    currency: getCurrencyDecoder().decode(bytesOf(world.currency)),
    standard: getStandardDecoder().decode(bytesOf(world.standard)),
    book: getBookDecoder().decode(bytesOf(world.book)),
    supply: BigInt(world.supply),
    vault: getVaultDecoder().decode(bytesOf(world.vault)),
    voucher: getVoucherDecoder().decode(bytesOf(world.voucher)),
    pool: getPoolDecoder().decode(bytesOf(world.pool)),
    stake: getStakeAccountDecoder().decode(bytesOf(world.stake)),
    quotes: world.quotes as unknown as readonly QuoteVector[],
  };
}

/** A world's accounts and what quotes say of them. */
export type World = ReturnType<typeof readWorld>;

export const worlds: readonly World[] = file.worlds.map(readWorld);
export const instructionVectors = file.instructions;

/** A quote in the vectors' words. */
export function answerOf<T>(quoted: Quote<T>, write: (value: T) => QuoteVector["answer"]): QuoteVector["answer"] {
  return quoted.ok ? write(quoted.value) : { refused: quoted.refusal.reason };
}

export { Refusal };
