import { ensure } from "../errors/refusal.js";
import type { Backing, Currency, Offer, Vault } from "../generated/index.js";
import { U64_MAX, after, backingOf, min, shareOf, u64, unitsOf, valueOf } from "./math.js";
import { quote, valueOrThrow, type Quote, type Snapshot } from "./quote.js";
import { requireMayIssue, withPendingPromoted } from "./solvency.js";

/** What buying some tokens at an offer comes to. */
export interface Sale {
  /** Units that the vault will owe. */
  readonly units: bigint;
  /** What the buyer pays in all, in collateral base units. */
  readonly payment: bigint;
  /** Of it, to the currency's revenue. */
  readonly fee: bigint;
  /** Of it, kept in the vault as collateral. */
  readonly retained: bigint;
  /** Of it, to the vendor. */
  readonly payout: bigint;
}

/** Prices a sale; units, payment, fee and retained share are rounded up. */
function sale(offer: Offer, tokens: bigint, backing: Backing, fee: number): Sale {
  const units = unitsOf(tokens, backing, "up");
  const payment = valueOf(units, offer.price, "up");
  const charged = shareOf(payment, fee, "up");
  const rest = u64(payment - charged);
  const retained = min(rest, shareOf(payment, offer.retained, "up"));
  return { units, payment, fee: charged, retained, payout: rest - retained };
}

function sold(vault: Vault, { units, retained }: Sale): Vault {
  ensure(vault.offer.price !== 0n, "NoOffer");
  ensure(units <= vault.offer.units, "OfferTooSmall");
  const collateral = u64(vault.balances.collateral + retained);
  return {
    ...vault,
    offer: { ...vault.offer, units: vault.offer.units - units },
    balances: { ...vault.balances, collateral },
  };
}

function requireIssueWindow(currency: Currency, units: bigint, now: bigint): void {
  const isOver = now >= after(currency.issueWindowStartedAt, currency.params.issueWindow);
  const used = u64((isOver ? 0n : currency.issueWindowUsed) + units);
  ensure(used <= currency.params.issueCap, "IssueCapReached");
}

function issued(snapshot: Snapshot, tokens: bigint): bigint {
  const { currency, now } = snapshot;
  ensure(tokens !== 0n, "AmountZero");
  const units = unitsOf(tokens, backingOf(snapshot), "up");
  ensure(units !== 0n, "BackingExhausted");
  const vault = withPendingPromoted(snapshot.vault, now);
  const outstanding = u64(vault.balances.outstanding + units);
  requireMayIssue({ ...snapshot, vault: { ...vault, balances: { ...vault.balances, outstanding } } });
  requireIssueWindow(currency, units, now);
  return units;
}

/** What buying `tokens` base units at the vault's offer comes to. */
export function quotePurchase(snapshot: Snapshot, tokens: bigint): Quote<Sale> {
  return quote(() => {
    const { currency, vault } = snapshot;
    const priced = sale(vault.offer, u64(tokens), backingOf(snapshot), currency.params.fee);
    issued({ ...snapshot, vault: sold(vault, priced) }, tokens);
    return priced;
  });
}

/** Units that the vault would owe for issuing `tokens` base units. */
export function quoteIssue(snapshot: Snapshot, tokens: bigint): Quote<bigint> {
  return quote(() => issued(snapshot, u64(tokens)));
}

/** The most token base units that the vault may issue now; the refusal says why it may not issue one. */
export const issueHeadroom = (snapshot: Snapshot): Quote<bigint> => headroom(snapshot, quoteIssue);

/**
 * The most token base units that anybody may buy at the vault's offer now; the refusal says why nobody may buy one.
 *
 * An offer may retain more of each payment than the collateral ratio asks for. Then a large purchase can be possible where
 * a small one is refused, and the refusal is that of the small one only if both are.
 */
export const purchaseHeadroom = (snapshot: Snapshot): Quote<bigint> => headroom(snapshot, quotePurchase);

function headroom(snapshot: Snapshot, quoteOf: (snapshot: Snapshot, tokens: bigint) => Quote<unknown>): Quote<bigint> {
  return quote(() => {
    // Every rule but the collateral's only gets harder to meet with more tokens.
    const { vault } = snapshot;
    const rich = { ...snapshot, vault: { ...vault, balances: { ...vault.balances, collateral: U64_MAX >> 1n } } };
    const upper = most(U64_MAX, (tokens) => quoteOf(rich, tokens).ok);
    if (upper > 0n && quoteOf(snapshot, upper).ok) return upper;
    valueOrThrow(quoteOf(snapshot, 1n));
    return most(upper, (tokens) => quoteOf(snapshot, tokens).ok);
  });
}

/** The largest number up to `end` that is allowed, where all below an allowed one are; 0 if none is. */
function most(end: bigint, isAllowed: (tokens: bigint) => boolean): bigint {
  let [low, high] = [0n, end];
  while (low < high) {
    const middle = high - (high - low) / 2n;
    if (isAllowed(middle)) low = middle;
    else high = middle - 1n;
  }
  return low;
}

/** What can be issued in the current window still, in units. */
export function issueWindowLeft({ currency, now }: Pick<Snapshot, "currency" | "now">): bigint {
  const isOver = now >= after(currency.issueWindowStartedAt, currency.params.issueWindow);
  const used = isOver ? 0n : currency.issueWindowUsed;
  return used > currency.params.issueCap ? 0n : currency.params.issueCap - used;
}
