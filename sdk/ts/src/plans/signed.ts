import { AccountRole, type Account, type Address, type ReadonlyUint8Array } from "@solana/kit";
import {
  findQuorumPda,
  findStandardPda,
  getAttestCapacityInstruction,
  getPostPriceInstruction,
  getSettleInstruction,
  type Currency,
  type Vault,
} from "../generated/index.js";
import {
  CAPACITY,
  PRICE,
  RECEIPT,
  ascending,
  ed25519Instruction,
  encodeMessage,
  type Capacity,
  type Price,
  type Receipt,
  type SignedBy,
} from "../messages/index.js";
import { clusterOf } from "./cluster.js";
import { bookOf, type Plan } from "./plan.js";

/** A receipt with what settling it needs. */
export interface ReceiptToSettle {
  readonly receipt: Receipt;
  /** The voucher's session key. */
  readonly session: Address;
  /** The transaction's signature. */
  readonly signature: ReadonlyUint8Array;
  /** Who paid the voucher's rent. */
  readonly rentPayer: Address;
}

/** Receipts of a vault's vouchers: one to five, of which a transaction holds three, or four with a lookup table. */
export interface Settle {
  readonly currency: Account<Currency>;
  readonly vault: Account<Vault>;
  readonly receipts: readonly ReceiptToSettle[];
}

/** Settles receipts. Anybody may. */
export async function settle({ currency, vault, receipts }: Settle): Promise<Plan> {
  const signatures = ed25519Instruction(
    receipts.map(({ session, signature }) => ({ key: session, signature })),
    receipts.map(({ receipt }) => encodeMessage(RECEIPT, clusterOf(currency.data), receipt)),
  );
  const instruction = getSettleInstruction({ currency: currency.address, vault: vault.address });
  const vouchers = receipts.flatMap(({ receipt, rentPayer }) => [receipt.voucher, rentPayer]);
  const holders = vault.data.assessments > 0 ? await holdersOf(currency) : [];
  const accounts = [...instruction.accounts, ...holders, ...vouchers.map((address) => ({ address, role: AccountRole.WRITABLE }))];
  return { instructions: [signatures, { ...instruction, accounts }] };
}

/** What a defaulted vault's settlement names beside: what is served there leaves what all tokens share. */
async function holdersOf({ address: currency, data }: Account<Currency>) {
  return [
    { address: await bookOf(currency), role: AccountRole.WRITABLE },
    { address: data.mint, role: AccountRole.READONLY },
  ];
}

/** A price and the quorum's signatures over it. */
export interface PostPrice {
  readonly currency: Account<Currency>;
  readonly price: Price;
  readonly signed: readonly SignedBy[];
}

/** Brings a price that the quorum signed. Anybody may. */
export async function postPrice({ currency, price, signed }: PostPrice): Promise<Plan> {
  const [[standard], [quorum]] = await Promise.all([
    findStandardPda({ currency: currency.address }),
    findQuorumPda({ currency: currency.address }),
  ]);
  const signatures = ed25519Instruction(ascending(signed), [encodeMessage(PRICE, clusterOf(currency.data), price)]);
  return { instructions: [signatures, getPostPriceInstruction({ currency: currency.address, standard, quorum })] };
}

/** A capacity and the quorum's signatures over it. */
export interface AttestCapacity {
  readonly currency: Account<Currency>;
  readonly capacity: Capacity;
  readonly signed: readonly SignedBy[];
}

/** Brings a capacity that the quorum signed. Anybody may. */
export async function attestCapacity({ currency, capacity, signed }: AttestCapacity): Promise<Plan> {
  const [quorum] = await findQuorumPda({ currency: currency.address });
  const signatures = ed25519Instruction(ascending(signed), [encodeMessage(CAPACITY, clusterOf(currency.data), capacity)]);
  return { instructions: [signatures, getAttestCapacityInstruction({ currency: currency.address, quorum, vault: capacity.vault })] };
}
