import { mulDiv } from '@specie/sdk/quotes';

/** What becomes of the price of an SCU, in base units of the collateral token. */
export interface Shares {
  readonly fee: bigint;
  readonly retained: bigint;
  readonly payout: bigint;
}

/** Shares the price of one SCU out as the program does: fee and retained share rounded up, the rest the vendor's. */
export function shareOut(price: bigint, retainedBps: bigint, feeBps: bigint): Shares {
  const fee = mulDiv(price, feeBps, 10_000n, 'up');
  const rest = price - fee;
  const kept = mulDiv(price, retainedBps, 10_000n, 'up');
  const retained = kept < rest ? kept : rest;
  return { fee, retained, payout: rest - retained };
}

/** How far a price may be from the posted one before a vendor is asked whether it is meant, in basis points. */
const FAR = 2_500n;

/** By how much a price is above the posted one, or below where negative, in basis points; undefined where it is near, or there is nothing to compare. */
export function farFrom(price: bigint, posted: bigint): bigint | undefined {
  if (price === 0n || posted === 0n) return undefined;
  const away = ((price - posted) * 10_000n) / posted;
  return away > FAR || away < -FAR ? away : undefined;
}
