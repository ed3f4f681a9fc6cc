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
