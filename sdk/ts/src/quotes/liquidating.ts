import { ensure } from "../errors/refusal.js";
import type { Currency, Params, Vault } from "../generated/index.js";
import { backingOf, min, mulDiv, raised, since, u64, unitsOf, valueOf, type Holders } from "./math.js";
import { quote, type Quote } from "./quote.js";

const DEFAULTED = 2;

/** What two token accounts can pay: their balances, or 0 while the collateral's issuer has frozen them. */
export interface Funds {
  /** The vault's collateral account, in collateral base units. */
  readonly collateral: bigint;
  /** The currency's insurance account, in collateral base units. */
  readonly insurance: bigint;
}

/** What decides, beside the vault, what a sale to it pays. */
export interface LiquidationTerms extends Holders {
  readonly currency: Currency;
  readonly funds: Funds;
  /** The chain's clock, in Unix seconds. */
  readonly now: bigint;
}

/** What selling tokens to a defaulted vault comes to. */
export interface Buyback {
  /** Units that the tokens stand for. */
  readonly units: bigint;
  /** Paid from the vault's collateral. */
  readonly fromCollateral: bigint;
  /** Paid from the insurance account. */
  readonly fromInsurance: bigint;
}

/** What is paid above the price of a default's assessment now, in basis points: it steps up with time. */
export function liquidationPremium(vault: Vault, params: Params, now: bigint): number {
  const stepTime = BigInt(params.liquidationStepTime);
  const steps = stepTime === 0n ? 0n : since(now, vault.liquidation.startedAt) / stepTime;
  return Number(min(steps * BigInt(params.liquidationPremiumStep), BigInt(params.liquidationPremiumMax)));
}

/** What selling `tokens` base units to a defaulted vault pays now: at most their share of what is left for all. */
export function quoteLiquidation(terms: LiquidationTerms, vault: Vault, tokens: bigint): Quote<Buyback> {
  const { currency, funds, now } = terms;
  return quote(() => {
    ensure(vault.status === DEFAULTED, "VaultNotDefaulted");
    const { balances, liquidation } = vault;
    const units = unitsOf(u64(tokens), backingOf(terms), "down");
    ensure(units !== 0n, "AmountZero");
    ensure(units <= liquidation.shortage, "ShortageExceeded");
    const price = raised(liquidation.price, liquidationPremium(vault, currency.params, now), "down");
    const collateral = min(u64(balances.collateral + balances.withdrawing), funds.collateral);
    const all = u64(collateral + min(liquidation.insurance, funds.insurance));
    const share = mulDiv(all, units, liquidation.shortage, "down");
    const payment = min(valueOf(units, price, "down"), share);
    const fromCollateral = min(payment, collateral);
    u64(balances.outstanding - units);
    u64(terms.book.owed - units);
    return { units, fromCollateral, fromInsurance: payment - fromCollateral };
  });
}
