import type { Address, GetMultipleAccountsApi, GetProgramAccountsApi, Rpc, TransactionSigner } from "@solana/kit";
import type { Plan } from "@specie/sdk/plans";

/** What the examples are run with: an RPC, a currency's mint, a wallet, and what signs and sends a plan. */
export interface Context {
  readonly rpc: Rpc<GetMultipleAccountsApi & GetProgramAccountsApi>;
  readonly mint: Address;
  readonly wallet: TransactionSigner;
  /** Sends a plan in one transaction, and returns its log. */
  send(plan: Plan): Promise<readonly string[]>;
}
