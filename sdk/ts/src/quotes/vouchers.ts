import { ensure } from "../errors/refusal.js";
import type { Currency, Params, Standard, Vault, Voucher } from "../generated/index.js";
import { BPS_WHOLE, UNITS_PER_SCU, after, backingOf, min, mostTokens, mulDiv, raised, u128, u64, valueOf, workOf, type Holders } from "./math.js";
import { quote, type Quote } from "./quote.js";
import { owedUnits } from "./solvency.js";

const DEFAULTED = 2;

/** Units of a voucher that are neither consumed nor paid out. */
export const remainingUnits = (voucher: Voucher): bigint => u64(u64(voucher.units - voucher.settled) - voucher.compensated);

/** Until when receipts count: the end of the dispute window, which the owner's closing or the expiry starts. */
export const settlesUntil = (voucher: Voucher, params: Params): bigint =>
  after(voucher.closingAt === 0n ? voucher.expiresAt : voucher.closingAt, params.disputeWindow);

function tokensOf(voucher: Voucher, units: bigint): bigint {
  return mulDiv(voucher.tokens, units, voucher.units, "down");
}

/** Until when receipts would count, if the owner closed the voucher now. */
export function quoteClose(voucher: Voucher, params: Params, now: bigint): Quote<bigint> {
  return quote(() => {
    ensure(voucher.closingAt === 0n && now < voucher.expiresAt, "AlreadyClosing");
    return settlesUntil({ ...voucher, closingAt: now }, params);
  });
}

/** Whether a voucher was open when its vault's default was last assessed: its units are outstanding since, and it stands for tokens. */
export const wasAssessedWith = (vault: Vault, voucher: Voucher): boolean => voucher.assessments < vault.assessments;

/** The token base units that so many units of such a voucher stand for. */
function standing(vault: Vault, voucher: Voucher, units: bigint): bigint {
  return voucher.assessments === 0 ? mostTokens(units, vault.liquidation.backing) : tokensOf(voucher, units);
}

/** What returns to a voucher's owner. */
export interface Unconsumed {
  /** Units that were not consumed. */
  readonly units: bigint;
  /** The token base units that return for them: at most those that they were, and at most those that they stand for now. */
  readonly tokens: bigint;
}

/** The accounts that a quote of a voucher is made from, and the chain's time. */
export interface VoucherSnapshot extends Holders {
  readonly currency: Currency;
  readonly vault: Vault;
  readonly voucher: Voucher;
  /** The chain's clock, in Unix seconds. */
  readonly now: bigint;
}

/** What would return to a voucher's owner if nothing more were consumed, whether or not it may be reclaimed yet. */
export function unconsumed(snapshot: Pick<VoucherSnapshot, "book" | "supply" | "vault" | "voucher">): Quote<Unconsumed> {
  return quote(() => restOf(snapshot));
}

function restOf(snapshot: Pick<VoucherSnapshot, "book" | "supply" | "vault" | "voucher">): Unconsumed {
  const units = remainingUnits(snapshot.voucher);
  return { units, tokens: takenBack(snapshot, units, 0n) };
}

/** What reclaiming a voucher now returns to its owner. */
export function quoteReclaim(snapshot: VoucherSnapshot): Quote<Unconsumed> {
  const { currency, voucher, now } = snapshot;
  return quote(() => {
    const ended = remainingUnits(voucher) === 0n && now > voucher.openedAt;
    ensure(ended || now > settlesUntil(voucher, currency.params), "ReclaimTooEarly");
    ensure(voucher.challengedUntil === 0n, "ChallengePending");
    return restOf(snapshot);
  });
}

/** The tokens that return for units that leave a voucher unconsumed, but for those paid in cash. */
function takenBack(snapshot: Pick<VoucherSnapshot, "book" | "supply" | "vault" | "voucher">, units: bigint, paid: bigint): bigint {
  const { book, vault, voucher } = snapshot;
  const before = remainingUnits(voucher);
  const after = remainingUnits({ ...voucher, compensated: u64(voucher.compensated + units) });
  const returned = u64(units - paid);
  const tokens = tokensOf(voucher, returned);
  if (wasAssessedWith(vault, voucher)) {
    const stood = u64(standing(vault, voucher, before) - standing(vault, voucher, after));
    u64(vault.balances.defaulted - stood);
    u64(book.defaulted - stood);
    return min(tokens, stood);
  }
  const work = u64(workOf(before, voucher.workPerScu) - workOf(after, voucher.workPerScu));
  u64(vault.balances.open - units);
  u64(vault.balances.openWork - work);
  u64(vault.balances.outstanding + returned);
  u64(book.owed + returned);
  if (vault.assessments > 0) u64(vault.openTokens - u64(tokensOf(voucher, before) - tokensOf(voucher, after)));
  return min(tokens, mostTokens(returned, backingOf(snapshot)));
}

/** What settling a receipt moves from open to delivered. */
export interface Settlement {
  readonly units: bigint;
  /** Their work, in TFLOP. */
  readonly work: bigint;
}

/** What a receipt over `cumulative` units settles now. */
export function quoteSettle(voucher: Voucher, params: Params, cumulative: bigint, now: bigint): Quote<Settlement> {
  return quote(() => {
    ensure(now <= settlesUntil(voucher, params), "SettlementTooLate");
    ensure(u64(cumulative) <= voucher.units, "ReceiptAboveVoucher");
    const counted = min(cumulative, u64(voucher.units - voucher.compensated));
    ensure(counted > voucher.settled, "ReceiptNotAboveSettled");
    const left = remainingUnits({ ...voucher, settled: counted });
    const work = u64(workOf(remainingUnits(voucher), voucher.workPerScu) - workOf(left, voucher.workPerScu));
    return { units: counted - voucher.settled, work };
  });
}

/** What a vault pays for units that it did not serve. */
export interface Compensation {
  /** Units paid in cash. */
  readonly paid: bigint;
  /** What is paid for them, in collateral base units. */
  readonly cash: bigint;
  /** Units that return as tokens. */
  readonly returned: bigint;
  /** The token base units. */
  readonly tokens: bigint;
  /** The premium on these units, which the vault owes to the insurance account, in collateral base units. */
  readonly penalty: bigint;
}

/** What decides, beside vault and voucher, what a breach pays. */
export interface BreachTerms extends Holders {
  readonly currency: Currency;
  readonly standard: Standard;
  /** Whether the collateral's issuer has frozen the vault's account, or the one that would be paid. */
  readonly cashFrozen: boolean;
  /** Whether the claim comes within `attestation_ttl` of the lapse; later it is paid in tokens alone. */
  readonly inTime: boolean;
}

/** Until when an unanswered challenge is paid in cash. */
export const claimedUntil = (voucher: Voucher, params: Params): bigint => after(voucher.challengedUntil, params.attestationTtl);

/** What `units` of a voucher that were not served pay: in cash as far as the vault can, the rest as tokens. */
export function quoteCompensation(vault: Vault, voucher: Voucher, units: bigint, terms: BreachTerms): Quote<Compensation> {
  return quote(() => {
    const claims = terms.inTime && vault.status !== DEFAULTED;
    const [paid, cash] = claims && !terms.cashFrozen ? orElse([0n, 0n], () => payable(vault, units, terms)) : [0n, 0n];
    const returned = u64(units - paid);
    const penalty = claims ? orElse(0n, () => premiumOn(returned, terms)) : 0n;
    const tokens = takenBack({ ...terms, vault, voucher }, units, paid);
    u64(vault.balances.collateral - (cash - min(cash, vault.balances.withdrawing)));
    return { paid, cash, returned, tokens, penalty };
  });
}

/** At a price beyond what can be computed with, all of it returns as tokens: nothing may block an exit. */
function orElse<T>(nothing: T, computed: () => T): T {
  const answer = quote(computed);
  return answer.ok ? answer.value : nothing;
}

/** What a unit that was not served is paid at. */
const breachPrice = ({ currency, standard }: BreachTerms): bigint => raised(standard.price, currency.params.breachPremium, "down");

const premiumOn = (units: bigint, terms: BreachTerms): bigint =>
  valueOf(units, u64(breachPrice(terms) - terms.standard.price), "up");

/** As many units as leave the vault, without them, its ratio of all that it then owes. */
function payable(vault: Vault, units: bigint, terms: BreachTerms): readonly [bigint, bigint] {
  const price = breachPrice(terms);
  if (price === 0n) return [0n, 0n];
  const held = u64(vault.balances.collateral + vault.balances.withdrawing) * UNITS_PER_SCU * BPS_WHOLE;
  const owed = owedUnits(vault);
  const keeps = terms.standard.cautiousPrice * BigInt(terms.currency.params.collateralRatio);
  const costs = price * BPS_WHOLE;
  if (u128(u128(units * costs) + u128(u64(owed - units) * keeps)) <= held) return [units, valueOf(units, price, "down")];
  const kept = u128(owed * keeps);
  const paid = held > kept && costs > keeps ? min(units, (held - kept) / (costs - keeps)) : 0n;
  return [paid, valueOf(paid, price, "down")];
}
