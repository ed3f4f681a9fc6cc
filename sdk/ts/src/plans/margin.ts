import type { Account, Address } from "@solana/kit";
import {
  findQuorumPda,
  findStandardPda,
  getCallMarginInstruction,
  getDefaultVaultInstruction,
  type Currency,
  type Vault,
} from "../generated/index.js";
import { bookOf, type Plan } from "./plan.js";

/** A vault whose capacity is compared with what it owes. */
export interface Margin {
  readonly currency: Account<Currency>;
  readonly vault: Account<Vault>;
}

async function comparedWith(currency: Address): Promise<{ readonly standard: Address; readonly quorum: Address }> {
  const [[standard], [quorum]] = await Promise.all([findStandardPda({ currency }), findQuorumPda({ currency })]);
  return { standard, quorum };
}

/** Calls the margin of a vault whose capacity falls short of what it owes, or clears the call of one that is covered. Anybody may. */
export async function callMargin({ currency, vault }: Margin): Promise<Plan> {
  const accounts = await comparedWith(currency.address);
  return { instructions: [getCallMarginInstruction({ ...accounts, currency: currency.address, vault: vault.address })] };
}

/** Puts a vault in default that was margin-called and did not cure, or assesses a default anew. Anybody may. */
export async function defaultVault({ currency, vault }: Margin): Promise<Plan> {
  const accounts = await comparedWith(currency.address);
  const { insurance, mint } = currency.data;
  const { collateralAccount } = vault.data;
  const book = await bookOf(currency.address);
  return {
    instructions: [
      getDefaultVaultInstruction({ ...accounts, book, currency: currency.address, vault: vault.address, collateralAccount, insurance, mint }),
    ],
  };
}
