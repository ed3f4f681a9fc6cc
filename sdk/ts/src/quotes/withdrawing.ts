import { ensure } from "../errors/refusal.js";
import type { Vault } from "../generated/index.js";
import { after, u64 } from "./math.js";
import { quote, type Quote, type VaultSnapshot } from "./quote.js";
import {
  owedUnits,
  requireCollateral,
  requireCovered,
  requireMayIssue,
  requireMayWithdraw,
  requireNotPaused,
  withPendingPromoted,
} from "./solvency.js";

/** When `amount` collateral base units could be withdrawn, if they are requested now; 0 takes a request back. */
export function quoteWithdrawalRequest(snapshot: VaultSnapshot, amount: bigint): Quote<bigint> {
  return quote(() => {
    const { currency, now } = snapshot;
    const vault = withPendingPromoted(snapshot.vault, now);
    const { balances } = vault;
    const held = u64(balances.collateral + balances.withdrawing);
    ensure(u64(amount) <= held, "CollateralInsufficient");
    const requested: Vault = { ...vault, balances: { ...balances, collateral: held - amount, withdrawing: amount } };
    const availableAt = amount === 0n ? 0n : after(now, currency.params.withdrawalDelay);
    if (requested.balances.collateral < balances.collateral) {
      requireNotPaused(currency, now);
      if (owedUnits(requested) === 0n) requireMayWithdraw(requested);
      else requireMayIssue({ ...snapshot, vault: requested });
    }
    return availableAt;
  });
}

/** How many collateral base units a requested withdrawal pays now. */
export function quoteWithdrawal(snapshot: VaultSnapshot): Quote<bigint> {
  return quote(() => {
    const { currency, standard, now } = snapshot;
    const vault = withPendingPromoted(snapshot.vault, now);
    ensure(vault.balances.withdrawing !== 0n, "NoWithdrawalRequested");
    ensure(now >= vault.withdrawalAvailableAt, "WithdrawalTooEarly");
    requireNotPaused(currency, now);
    requireMayWithdraw(vault);
    if (owedUnits(vault) !== 0n) {
      requireCovered({ ...snapshot, vault });
      requireCollateral(vault, currency.params.maintenanceRatio, standard.cautiousPrice);
    }
    return vault.balances.withdrawing;
  });
}
