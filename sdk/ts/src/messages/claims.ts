import { isAddress, type Address } from "@solana/kit";
import { TokenError, type JsonObject } from "./jws.js";

/** Readers of a token's claims, each of one JSON type; a claim of another type is malformed. */
export function text(claims: JsonObject, name: string): string {
  const value = claims[name];
  if (typeof value !== "string") throw new TokenError("malformed");
  return value;
}

/** A claim that may be missing. */
export function optionalText(claims: JsonObject, name: string): string | undefined {
  return (claims[name] ?? undefined) === undefined ? undefined : text(claims, name);
}

/** An address in base58. */
export function addressClaim(claims: JsonObject, name: string): Address {
  const value = text(claims, name);
  if (!isAddress(value)) throw new TokenError("malformed");
  return value;
}

/** A whole number that JSON carries without loss: a time in Unix seconds, a count. */
export function integer(claims: JsonObject, name: string): bigint {
  const value = claims[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value)) throw new TokenError("malformed");
  return BigInt(value);
}

/** A count, which is not negative. */
export function count(claims: JsonObject, name: string): bigint {
  const value = integer(claims, name);
  if (value < 0n) throw new TokenError("malformed");
  return value;
}

/** The most units that the gateway represents. */
export const UNITS_MAX = (1n << 63n) - 1n;

/** An amount: a decimal string, or a number that JSON carries without loss; a whole number below 2⁶³. */
export function units(claims: JsonObject, name: string): bigint {
  const value = claims[name];
  const amount = typeof value === "string" && /^[0-9]+$/u.test(value) ? BigInt(value) : count(claims, name);
  if (amount > UNITS_MAX) throw new TokenError("malformed");
  return amount;
}

/** An object within the claims. */
export function object(claims: JsonObject, name: string): JsonObject {
  const value = claims[name];
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new TokenError("malformed");
  return Object.fromEntries(Object.entries(value));
}
