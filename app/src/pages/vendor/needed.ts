import { mulDiv, owedUnits, quoteWithdrawalRequest, valueOf, type Quote, type VaultSnapshot } from '@specie/sdk/quotes';

const BPS_WHOLE = 10_000n;

/** The least collateral that what the vault owes asks for before it may issue, in base units, rounded up. */
export function collateralNeeded({ currency, standard, vault }: VaultSnapshot): bigint {
  const owed = valueOf(owedUnits(vault), standard.cautiousPrice, 'up');
  return mulDiv(owed, BigInt(currency.params.collateralRatio), BPS_WHOLE, 'up');
}

/**
 * The most collateral that may be asked back now, in base units, a former request replaced; the refusal says why nothing may.
 * Whoever owes nothing may ask for all.
 */
export function mostToAskBack(at: VaultSnapshot): Quote<bigint> {
  const { collateral, withdrawing } = at.vault.balances;
  const held = collateral + withdrawing;
  const all = quoteWithdrawalRequest(at, held);
  if (all.ok) return { ok: true, value: held };
  const needed = collateralNeeded(at);
  // What is asked back already is not asked for again.
  const free = held > needed ? held - needed : 0n;
  const most = quoteWithdrawalRequest(at, free);
  return most.ok ? { ok: true, value: free } : most;
}
