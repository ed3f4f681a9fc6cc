import { ensure } from "../errors/refusal.js";
import type { Backing, Currency, Offer, Vault } from "../generated/index.js";
import { BPS_WHOLE, U64_MAX, backingOf, min, shareOf, u64, unitsOf, valueOf } from "./math.js";
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

/** The most units that a vault may issue at once: half of its share of the currency's issue cap. */
function issueBurst({ params }: Currency): bigint {
  return (params.issueCap * BigInt(params.issueShare)) / BPS_WHOLE / 2n;
}

/** Units of a vault's share that are used up: issued, and not given back by the time that has passed since. */
function issueShareUsed({ currency, vault, now }: Pick<Snapshot, "currency" | "vault" | "now">): bigint {
  const passed = now > vault.issuedAt ? now - vault.issuedAt : 0n;
  const leaked = (issueBurst(currency) * passed) / BigInt(currency.params.issueWindow);
  return leaked >= vault.issued ? 0n : vault.issued - leaked;
}

function requireIssueShare(snapshot: Snapshot, units: bigint): void {
  const used = u64(issueShareUsed(snapshot) + units);
  ensure(used <= issueBurst(snapshot.currency), "IssueCapReached");
}

function issued(snapshot: Snapshot, tokens: bigint): bigint {
  ensure(tokens !== 0n, "AmountZero");
  const units = unitsOf(tokens, backingOf(snapshot), "up");
  ensure(units !== 0n, "BackingExhausted");
  const vault = withPendingPromoted(snapshot.vault, snapshot.now);
  const outstanding = u64(vault.balances.outstanding + units);
  requireMayIssue({ ...snapshot, vault: { ...vault, balances: { ...vault.balances, outstanding } } });
  requireIssueShare(snapshot, units);
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

/** What issuing without a sale comes to. */
export interface IssueQuote {
  /** Units that the vault will owe. */
  readonly units: bigint;
  /** What the vendor pays into revenue, in collateral base units: the fee of a purchase at the reference price. */
  readonly fee: bigint;
}

/** What issuing `tokens` base units without a sale comes to. */
export function quoteIssue(snapshot: Snapshot, tokens: bigint): Quote<IssueQuote> {
  return quote(() => {
    const units = issued(snapshot, u64(tokens));
    const { currency, standard } = snapshot;
    return { units, fee: shareOf(valueOf(units, standard.price, "up"), currency.params.fee, "up") };
  });
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

/** A vault's own share of the issue cap, in units. */
export interface IssueShare {
  /** What it may issue now, whatever else stands against issuing. */
  readonly room: bigint;
  /** The most that it may issue at once. */
  readonly burst: bigint;
  /** What its room grows by in an hour. */
  readonly perHour: bigint;
}

/** How much of its share of the issue cap a vault has left. */
export function issueShare(snapshot: Pick<Snapshot, "currency" | "vault" | "now">): IssueShare {
  const burst = issueBurst(snapshot.currency);
  const used = min(burst, issueShareUsed(snapshot));
  return { room: burst - used, burst, perHour: (burst * 3_600n) / BigInt(snapshot.currency.params.issueWindow) };
}
