import { getSetComputeUnitLimitInstruction, getSetComputeUnitPriceInstruction } from "@solana-program/compute-budget";
import { TOKEN_PROGRAM_ADDRESS, findAssociatedTokenPda, getCreateAssociatedTokenIdempotentInstruction } from "@solana-program/token";
import {
  nonDivisibleSequentialInstructionPlan,
  upgradeRoleToSigner,
  type AccountRole,
  type Address,
  type Instruction,
  type InstructionPlan,
  type TransactionSigner,
} from "@solana/kit";
import { findBookPda } from "../generated/index.js";

/** Where the book of a currency is: what all its vaults owe. */
export const bookOf = async (currency: Address): Promise<Address> => (await findBookPda({ currency }))[0];

/** Instructions for one transaction, in order. */
export interface Plan {
  readonly instructions: readonly Instruction[];
}

/** What a transaction may use of computation, and pays for it. */
export interface ComputeBudget {
  /** Compute units at most; without it the network's default for each instruction counts. */
  readonly computeUnitLimit?: number;
  /** Priority fee for a compute unit, in millionths of a lamport. */
  readonly computeUnitPrice?: bigint;
}

/** The plan with instructions for its compute budget at its beginning. */
export function withComputeBudget<T extends Plan>(plan: T, { computeUnitLimit, computeUnitPrice }: ComputeBudget): T {
  const budget: Instruction[] = [];
  if (computeUnitLimit !== undefined) budget.push(getSetComputeUnitLimitInstruction({ units: computeUnitLimit }));
  if (computeUnitPrice !== undefined) budget.push(getSetComputeUnitPriceInstruction({ microLamports: computeUnitPrice }));
  return { ...plan, instructions: [...budget, ...plan.instructions] };
}

/** The plan as kit's transaction planners take it: one transaction, which is not divided. */
export const asInstructionPlan = (plan: Plan): InstructionPlan => nonDivisibleSequentialInstructionPlan([...plan.instructions]);

/** The associated token account of an owner. */
export async function tokenAccountOf(owner: Address, mint: Address): Promise<Address> {
  const [account] = await findAssociatedTokenPda({ owner, mint, tokenProgram: TOKEN_PROGRAM_ADDRESS });
  return account;
}

/** A token account that something goes to. */
export interface Destination {
  readonly account: Address;
  /** Creates the account where it is missing. */
  readonly create: readonly Instruction[];
}

/** Whose account, of which mint. */
export interface Holder {
  readonly owner: Address;
  readonly mint: Address;
}

/** The account that is named, or the holder's associated one, which the payer, if there is one, creates where it is missing. */
export async function destination(named: Address | undefined, { owner, mint }: Holder, payer?: TransactionSigner): Promise<Destination> {
  if (named !== undefined) return { account: named, create: [] };
  const account = await tokenAccountOf(owner, mint);
  if (payer === undefined) return { account, create: [] };
  return { account, create: [getCreateAssociatedTokenIdempotentInstruction({ payer, ata: account, owner, mint })] };
}

/** The instruction, signed by an account whose signature the IDL leaves open. */
export function signedBy(instruction: Instruction, signer: TransactionSigner, role: AccountRole.READONLY_SIGNER | AccountRole.WRITABLE_SIGNER): Instruction {
  const accounts = (instruction.accounts ?? []).map((meta) => (meta.address === signer.address ? { address: meta.address, role, signer } : meta));
  return { ...instruction, accounts };
}

/** Another token account of an owner's than the associated one. Whoever acts for an owner pays the associated one; for any other the owner signs. */
export interface NamedAccount {
  readonly account: Address;
  readonly owner: TransactionSigner;
}

/** The instruction with a signature of whoever named an account in it. */
export function signedByNamed(instruction: Instruction, named: readonly (NamedAccount | undefined)[]): Instruction {
  const signers = new Map(named.flatMap((one) => (one === undefined ? [] : [[one.owner.address, one.owner] as const])));
  const accounts = instruction.accounts?.map((meta) => {
    const signer = signers.get(meta.address);
    return signer === undefined ? meta : { ...meta, role: upgradeRoleToSigner(meta.role), signer };
  });
  return accounts === undefined ? instruction : { ...instruction, accounts };
}

/**
 * The most to pay if a price may rise by so many basis points until the transaction lands, rounded down: a limit that somebody
 * sets is never exceeded, not by one base unit.
 */
export const withSlippage = (payment: bigint, bps: number): bigint => payment + (payment * BigInt(bps)) / 10_000n;
