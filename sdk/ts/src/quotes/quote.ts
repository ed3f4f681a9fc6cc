import { Refusal } from "../errors/refusal.js";
import type { Currency, Standard, Vault } from "../generated/index.js";
import type { Holders } from "./math.js";

/** A vault with what decides about it, as fetched, and the chain's time. */
export interface VaultSnapshot {
  readonly currency: Currency;
  readonly standard: Standard;
  readonly vault: Vault;
  /** The chain's clock, in Unix seconds. */
  readonly now: bigint;
}

/** The same with what all vaults owe, which says what a token is backed by. */
export interface Snapshot extends VaultSnapshot, Holders {}

/**
 * What something comes to, or why the program would refuse it.
 *
 * A quote cannot disagree with the program about arithmetic or the order of checks; it can only be overtaken by other
 * transactions.
 */
export type Quote<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

/** Runs the program's steps, and returns the refusal that one of them throws. */
export function quote<T>(steps: () => T): Quote<T> {
  try {
    return { ok: true, value: steps() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, refusal: error };
    throw error;
  }
}

/** The value of a quote; throws its refusal. */
export function valueOrThrow<T>(quoted: Quote<T>): T {
  if (!quoted.ok) throw quoted.refusal;
  return quoted.value;
}
