import type { Address, Instruction, KeyPairSigner } from '@solana/kit';

/** What a transaction is for. Activity and the wallet's dialog name it by this. */
export type ActionKind =
  | 'buy'
  | 'redeem'
  | 'close-voucher'
  | 'reclaim-voucher'
  | 'challenge'
  | 'compensate'
  | 'stake'
  | 'unstake'
  | 'claim'
  | 'distribute'
  | 'execute-change'
  | 'cancel-change'
  | 'offer'
  | 'deposit'
  | 'request-withdrawal'
  | 'withdraw'
  | 'update-vault'
  | 'issue'
  | 'hand-over'
  | 'take-over'
  | 'close-vault'
  | 'release-voucher'
  | 'answer'
  | 'call-margin'
  | 'default-vault';

/** A fact about an action: an amount in base units, an address or a text, by a name that Activity knows. */
export interface Detail {
  readonly label: 'tokens' | 'payment' | 'units' | 'vendor' | 'vault' | 'voucher' | 'lamports' | 'price' | 'change';
  readonly value: string;
}

/** One transaction that the wallet is asked for. */
export interface Plan {
  readonly kind: ActionKind;
  readonly details: readonly Detail[];
  readonly instructions: readonly Instruction[];
  /** Keys of this browser that must sign beside the wallet; they sign after it. */
  readonly cosigners?: readonly KeyPairSigner[];
  /** Accounts that the preview shows before and after. */
  readonly watch?: readonly Address[];
}
