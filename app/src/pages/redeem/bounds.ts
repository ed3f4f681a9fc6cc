import { BACKING_FULL, mulDiv, quoteRedeem, type Class, type Snapshot } from '@specie/sdk/quotes';

/** The fewest tokens that open the smallest voucher. */
export function leastToRedeem({ currency }: Pick<Snapshot, 'currency'>): bigint {
  const { backing, params } = currency;
  return backing === 0n ? 0n : mulDiv(params.minVoucherUnits, BACKING_FULL, backing, 'up');
}

/** The most base units of the token that can be redeemed at a vault now. */
export function redeemable(at: Snapshot, wanted: Class): bigint {
  const { currency, vault } = at;
  if (currency.backing === 0n) return 0n;
  const free = vault.balances.outstanding > vault.liquidation.shortage ? vault.balances.outstanding - vault.liquidation.shortage : 0n;
  const most = mulDiv(free, BACKING_FULL, currency.backing, 'down');
  return quoteRedeem(at, most, wanted).ok ? most : 0n;
}
