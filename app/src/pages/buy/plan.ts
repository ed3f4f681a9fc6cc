import { getPurchaseInstruction } from '@specie/sdk/generated';
import {
  getCreateAssociatedTokenIdempotentInstruction,
  TOKEN_PROGRAM_ADDRESS,
} from '@solana-program/token';
import { createNoopSigner, type Address } from '@solana/kit';
import type { Vault } from '@specie/sdk/generated';
import type { Account } from '@solana/kit';
import type { Balances } from '../../chain/queries.ts';
import type { Snapshot } from '../../chain/snapshot.ts';
import type { Plan } from '../../transactions/plan.ts';

export interface Purchase {
  readonly snapshot: Snapshot;
  readonly vault: Account<Vault>;
  readonly buyer: Address;
  readonly balances: Balances;
  readonly tokens: bigint;
  readonly maxPayment: bigint;
}

/** Buys at a vault's offer; creates the buyer's token account where it is missing. */
export function planPurchase({ snapshot, vault, buyer, balances, tokens, maxPayment }: Purchase): Plan {
  const owner = createNoopSigner(buyer);
  const { currency, standard } = snapshot;
  const { mint } = currency.data;
  const create = getCreateAssociatedTokenIdempotentInstruction({
    payer: owner,
    owner: buyer,
    mint,
    ata: balances.tokenAccount,
    tokenProgram: TOKEN_PROGRAM_ADDRESS,
  });
  const purchase = getPurchaseInstruction({
    buyer: owner,
    currency: currency.address,
    standard: standard.address,
    vault: vault.address,
    collateralAccount: vault.data.collateralAccount,
    mint,
    to: balances.tokenAccount,
    from: balances.collateralAccount,
    revenue: currency.data.revenue,
    payout: vault.data.payout,
    tokens,
    maxPayment,
  });
  return {
    kind: 'buy',
    details: [
      { label: 'tokens', value: tokens.toString() },
      { label: 'vault', value: vault.address },
    ],
    instructions: balances.hasTokenAccount ? [purchase] : [create, purchase],
    watch: [balances.tokenAccount, balances.collateralAccount],
  };
}
