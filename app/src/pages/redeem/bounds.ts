import { backingOf, leastTokens, mostTokens, quoteRedeem, type Class, type Snapshot } from '@specie/sdk/quotes';

/** The fewest tokens that open the smallest voucher. */
export function leastToRedeem(at: Pick<Snapshot, 'currency' | 'book' | 'supply'>): bigint {
  return leastTokens(at.currency.params.minVoucherUnits, backingOf(at)) ?? 0n;
}

/** The most base units of the token that can be redeemed at a vault now. */
export function redeemable(at: Snapshot, wanted: Class): bigint {
  const { balances, liquidation } = at.vault;
  const free = balances.outstanding > liquidation.shortage ? balances.outstanding - liquidation.shortage : 0n;
  const most = at.book.owed === 0n ? 0n : mostTokens(free, backingOf(at));
  return quoteRedeem(at, most, wanted).ok ? most : 0n;
}
