import { Refusal } from "../errors/refusal.js";
import { BPS_WHOLE, valueOf } from "./math.js";
import { quote, type Quote, type VaultSnapshot } from "./quote.js";
import { attestedWork, owedUnits, owedWork, requireMayIssue, withPendingPromoted } from "./solvency.js";

/** What a vault can deliver beside what it owes, and what stands for it. */
export interface Health {
  /** Work that its attested capacity still delivers, in TFLOP. */
  readonly capacityWork: bigint;
  /** Work that it owes under today's Standard, in TFLOP. */
  readonly owedWork: bigint;
  /** Units that it owes. */
  readonly owedUnits: bigint;
  /** Value of all that it owes at the last price, in collateral base units, rounded up. */
  readonly owedValue: bigint;
  /** Capacity for what is owed in basis points, rounded down; undefined where nothing is owed. */
  readonly coverageBps: bigint | undefined;
  /** Collateral for the value of what is owed in basis points, rounded down; undefined where that is nothing. */
  readonly collateralBps: bigint | undefined;
  /** Why it may not issue now; undefined if it may. */
  readonly refusal: Refusal | undefined;
}

const bps = (part: bigint, whole: bigint): bigint | undefined => (whole === 0n ? undefined : (part * BPS_WHOLE) / whole);

/** The vault's health at the snapshot's time. */
export function vaultHealth(snapshot: VaultSnapshot): Quote<Health> {
  return quote(() => {
    const { currency, standard, now } = snapshot;
    const vault = withPendingPromoted(snapshot.vault, now);
    const capacityWork = attestedWork(vault.attested, currency.params.attestationTtl, now);
    const owed = owedWork(vault, standard.workPerScu);
    const units = owedUnits(vault);
    const owedValue = valueOf(units, standard.price, "up");
    const mayIssue = quote(() => requireMayIssue({ ...snapshot, vault }));
    return {
      capacityWork,
      owedWork: owed,
      owedUnits: units,
      owedValue,
      coverageBps: bps(capacityWork, owed),
      collateralBps: bps(vault.balances.collateral, owedValue),
      refusal: mayIssue.ok ? undefined : mayIssue.refusal,
    };
  });
}

/** A vault's capacity at some times, in TFLOP: what a curve of its decay is drawn from. */
export function capacityCurve({ currency, vault }: Pick<VaultSnapshot, "currency" | "vault">, times: readonly bigint[]): readonly bigint[] {
  const ttl = currency.params.attestationTtl;
  return times.map((time) => attestedWork(withPendingPromoted(vault, time).attested, ttl, time));
}
