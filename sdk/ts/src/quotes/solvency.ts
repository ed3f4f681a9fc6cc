import { ensure } from "../errors/refusal.js";
import type { Attestation, Currency, Params, Standard, Vault } from "../generated/index.js";
import { BPS_WHOLE, after, max, since, u64, valueOf, workOf } from "./math.js";
import type { VaultSnapshot } from "./quote.js";

const ACTIVE = 0;
const DEFAULTED = 2;

/** Work that a pledge still delivers in TFLOP; 0 once the attestation is older than `ttl` seconds. */
export function attestedWork(attested: Attestation, ttl: number, now: bigint): bigint {
  return now <= after(attested.attestedAt, ttl) ? attested.rate * since(attested.endsAt, now) : 0n;
}

/** The vault with a pending attestation in force whose wait is over. */
export function withPendingPromoted(vault: Vault, now: bigint): Vault {
  const { pending } = vault;
  if (pending.effectiveAt === 0n || pending.effectiveAt > now) return vault;
  const nothing = { rate: 0n, endsAt: 0n, attestedAt: 0n, inventoryHash: new Uint8Array(32) };
  return { ...vault, attested: pending.attestation, pending: { attestation: nothing, effectiveAt: 0n } };
}

/** All units that the vault owes, to token and voucher holders. */
export const owedUnits = (vault: Vault): bigint => u64(vault.balances.outstanding + vault.balances.open);

/** Work that the vault owes under a Standard in TFLOP: tokens at today's, vouchers at the one they were opened under. */
export const owedWork = (vault: Vault, workPerScu: bigint): bigint =>
  u64(workOf(vault.balances.outstanding, workPerScu) + vault.balances.openWork);

/** The Standard that issuing and withdrawing must be covered under: the announced rise already, as long as it may be executed. */
export const workPerScuToCover = (standard: Standard, now: bigint): bigint =>
  now <= standard.announcedUntil ? max(standard.workPerScu, standard.announced) : standard.workPerScu;

/** Refuses while a pause lasts. */
export function requireNotPaused(currency: Currency, now: bigint): void {
  ensure(currency.pausedUntil <= now, "Paused");
}

function requireFreshPrice(standard: Standard, params: Params, now: bigint): void {
  ensure(standard.price !== 0n && now <= after(standard.publishedAt, params.priceMaxAge), "PriceStale");
}

/** Refuses while the vault owes a penalty. */
function requireNoPenalty(vault: Vault): void {
  ensure(vault.penalty === 0n, "PenaltyOwed");
}

/** Refuses unless the vault is active, not margin-called, and owes no penalty. */
export function requireActive(vault: Vault): void {
  ensure(vault.status === ACTIVE, "VaultNotActive");
  requireNoPenalty(vault);
  ensure(vault.marginCalledAt === 0n, "MarginCalled");
}

/** Refuses unless capacity attested of late delivers all the work owed. */
export function requireCovered({ currency, standard, vault, now }: VaultSnapshot): void {
  const owed = owedWork(vault, workPerScuToCover(standard, now));
  ensure(owed <= attestedWork(vault.attested, currency.params.attestationTtl, now), "CoverageBelowFull");
}

/** Refuses unless collateral is at least `ratio` basis points of what is owed at a price. */
export function requireCollateral(vault: Vault, ratio: number, price: bigint): void {
  const owed = valueOf(owedUnits(vault), price, "up");
  ensure(vault.balances.collateral * BPS_WHOLE >= owed * BigInt(ratio), "CollateralBelowRatio");
}

/** Refuses unless the vault, as it stands, may issue. */
export function requireMayIssue(snapshot: VaultSnapshot): void {
  const { currency, standard, vault, now } = snapshot;
  requireNotPaused(currency, now);
  requireActive(vault);
  requireFreshPrice(standard, currency.params, now);
  ensure(owedUnits(vault) <= vault.limit, "LimitExceeded");
  requireCovered(snapshot);
  requireCollateral(vault, currency.params.collateralRatio, standard.cautiousPrice);
}

/** Refuses unless collateral may leave the vault at all: it is in business, or its default is over, and it owes no penalty. */
export function requireMayWithdraw(vault: Vault): void {
  const settled = vault.status === DEFAULTED && vault.liquidation.writtenOff === 0n && owedUnits(vault) === 0n;
  if (settled) requireNoPenalty(vault);
  else requireActive(vault);
}
