import { Refusal } from "../errors/refusal.js";
import type { Backing, Book } from "../generated/index.js";

/** Units in one SCU, and base units in one whole token. */
export const UNITS_PER_SCU = 1_000_000n;
/** Basis points in a whole. */
export const BPS_WHOLE = 10_000n;
/** Over how many seconds stakers' revenue is spread. */
export const REWARD_PERIOD = 7n * 86_400n;
/** In how many seconds a price that has fallen is forgotten, for what collateral must answer for. */
export const PRICE_MEMORY = 14n * 86_400n;
/** How many seconds ahead of the chain's clock a signed time may be. */
export const CLOCK_SKEW = 60;
/** How far a signed message's number may leap. */
export const SEQUENCE_LEAP_MAX = 1n << 32n;

export const U64_MAX = (1n << 64n) - 1n;
export const U128_MAX = (1n << 128n) - 1n;
const I64_MAX = (1n << 63n) - 1n;
const I64_MIN = -(1n << 63n);

/** Where a result between two integers goes: always towards whoever is not acting. */
export type Rounding = "down" | "up";

/** The amount, if a u64 holds it; refuses with `Overflow` otherwise. */
export function u64(amount: bigint): bigint {
  if (amount < 0n || amount > U64_MAX) throw Refusal.of("Overflow");
  return amount;
}

/** The amount, if a u128 holds it; refuses with `Overflow` otherwise. */
export function u128(amount: bigint): bigint {
  if (amount > U128_MAX) throw Refusal.of("Overflow");
  return amount;
}

/** The time, if an i64 holds it; refuses with `Overflow` otherwise. */
export function i64(time: bigint): bigint {
  if (time < I64_MIN || time > I64_MAX) throw Refusal.of("Overflow");
  return time;
}

/** `a × b / divisor`; refuses with `Overflow` where a u64 does not hold the result or the divisor is zero. */
export function mulDiv(a: bigint, b: bigint, divisor: bigint, rounding: Rounding): bigint {
  if (divisor === 0n) throw Refusal.of("Overflow");
  const product = a * b;
  return u64(rounding === "up" ? (product + divisor - 1n) / divisor : product / divisor);
}

/** A time, `seconds` later. */
export const after = (time: bigint, seconds: number): bigint => i64(time + BigInt(seconds));

/** Seconds from `earlier` to `time`, 0 if that is later; a length that an i64 does not hold is its largest. */
export function since(time: bigint, earlier: bigint): bigint {
  const seconds = time - earlier;
  if (seconds <= 0n) return 0n;
  return seconds > I64_MAX ? I64_MAX : seconds;
}

export const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** What units cost or are worth at a price, in collateral base units. */
export const valueOf = (units: bigint, price: bigint, rounding: Rounding): bigint => mulDiv(units, price, UNITS_PER_SCU, rounding);

/** The work that units stand for under a Standard in TFLOP, rounded up. */
export const workOf = (units: bigint, workPerScu: bigint): bigint => mulDiv(units, workPerScu, UNITS_PER_SCU, "up");

/** What all vaults of a currency owe, and the supply of its token: what a token is backed by follows from both. */
export interface Holders {
  readonly book: Book;
  /** Tokens that exist, in base units. */
  readonly supply: bigint;
}

/** What a token is backed by: the units owed to holders over the tokens they are owed for, and at most one unit a token. */
export const backingOf = ({ book, supply }: Holders): Backing => ({ owed: book.owed, tokens: min(U64_MAX, supply + book.defaulted) });

/** Whether a token stands for a whole unit. */
export const isFull = ({ owed, tokens }: Backing): boolean => owed >= tokens;

/** The units that tokens stand for. */
export const unitsOf = (tokens: bigint, backing: Backing, rounding: Rounding): bigint =>
  isFull(backing) ? tokens : mulDiv(tokens, backing.owed, backing.tokens, rounding);

/** The most tokens that stand for no more than some units; the largest u64 where that is more, as where nothing is owed. */
export function mostTokens(units: bigint, backing: Backing): bigint {
  if (isFull(backing)) return units;
  return backing.owed === 0n ? U64_MAX : min(U64_MAX, (units * backing.tokens) / backing.owed);
}

/** The fewest tokens that stand for at least some units; undefined where no number of them does. */
export function leastTokens(units: bigint, backing: Backing): bigint | undefined {
  if (isFull(backing)) return units;
  return backing.owed === 0n ? undefined : (units * backing.tokens + backing.owed - 1n) / backing.owed;
}

/** What a token is backed by, in parts per 10^9 of a unit, rounded down. */
export const backingParts = (backing: Backing): bigint => unitsOf(1_000_000_000n, backing, "down");

/** A share of an amount, in basis points. */
export const shareOf = (amount: bigint, bps: number, rounding: Rounding): bigint => mulDiv(amount, BigInt(bps), BPS_WHOLE, rounding);

/** A price with a premium in basis points. */
export const raised = (price: bigint, premium: number, rounding: Rounding): bigint =>
  mulDiv(price, BPS_WHOLE + BigInt(premium), BPS_WHOLE, rounding);
