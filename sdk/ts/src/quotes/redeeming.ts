import { ensure } from "../errors/refusal.js";
import { after, backingOf, u64, unitsOf, workOf } from "./math.js";
import { quote, type Quote, type Snapshot } from "./quote.js";

/** What a voucher is for, by the number that the chain gives it. */
export const CLASSES = ["training", "inference", "fine-tuning"] as const;

/** What a voucher is for. */
export type Class = (typeof CLASSES)[number];

/** A class's number on chain. */
export const classNumber = (name: Class): number => CLASSES.indexOf(name);

/** The classes that a vault offers. */
export const classesOf = (classes: number): readonly Class[] => CLASSES.filter((_, number) => (classes & (1 << number)) !== 0);

/** What redeeming some tokens at a vault opens. */
export interface Claim {
  readonly class: Class;
  /** Units claimed. */
  readonly units: bigint;
  /** The work that they stand for, in TFLOP. */
  readonly work: bigint;
  /** The Standard that they are served under, in TFLOP per SCU. */
  readonly workPerScu: bigint;
  /** When the claim expires, in Unix seconds. */
  readonly expiresAt: bigint;
}

/** What redeeming `tokens` base units for a class of compute, by name or number, opens. */
export function quoteRedeem(snapshot: Snapshot, tokens: bigint, wanted: Class | number): Quote<Claim> {
  const { currency, standard, vault, now } = snapshot;
  return quote(() => {
    const burned = u64(tokens);
    ensure(burned !== 0n, "AmountZero");
    const number = typeof wanted === "number" ? wanted : classNumber(wanted);
    const name = CLASSES[number];
    if (name === undefined || !classesOf(vault.classes).includes(name)) ensure(false, "ClassNotOffered");
    const units = unitsOf(burned, backingOf(snapshot), "down");
    // All that a vault still owes may be less.
    const rest = vault.balances.outstanding - vault.liquidation.shortage;
    ensure(units >= currency.params.minVoucherUnits || (units > 0n && units === rest), "VoucherBelowMinimum");
    const expiresAt = after(now, currency.params.voucherTtl);
    const work = workOf(units, standard.workPerScu);
    const { balances, liquidation } = vault;
    ensure(u64(units + liquidation.shortage) <= balances.outstanding, "OutstandingExceeded");
    u64(balances.open + units);
    u64(balances.openWork + work);
    if (vault.assessments > 0) u64(vault.openTokens + burned);
    u64(vault.vouchers + 1n);
    return { class: name, units, work, workPerScu: standard.workPerScu, expiresAt };
  });
}
