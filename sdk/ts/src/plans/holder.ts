import type { Account, Address, TransactionSigner } from "@solana/kit";
import {
  findStandardPda,
  findVoucherPda,
  getLiquidateInstruction,
  getPurchaseInstruction,
  getReclaimInstruction,
  getRedeemInstruction,
  getRequestCloseInstruction,
  type Currency,
  type Vault,
  type Voucher,
} from "../generated/index.js";
import { classNumber, type Class } from "../quotes/redeeming.js";
import { bookOf, destination, signedByNamed, tokenAccountOf, type NamedAccount, type Plan } from "./plan.js";

/** A purchase at a vault's offer. */
export interface Buy {
  readonly currency: Account<Currency>;
  readonly vault: Account<Vault>;
  readonly buyer: TransactionSigner;
  /** Token base units to buy. */
  readonly tokens: bigint;
  /** The most to pay for them, in collateral base units. */
  readonly maxPayment: bigint;
  /** The buyer's account of the collateral token; the associated one without it. */
  readonly from?: Address;
  /** Account that the tokens go to; without it the buyer's associated one, which is created where it is missing. */
  readonly to?: Address;
}

/** Buys tokens at a vault's offer. */
export async function buy({ currency, vault, buyer, tokens, maxPayment, ...accounts }: Buy): Promise<Plan> {
  const { mint, collateralMint, revenue } = currency.data;
  const [[standard], from, to] = await Promise.all([
    findStandardPda({ currency: currency.address }),
    accounts.from ?? tokenAccountOf(buyer.address, collateralMint),
    destination(accounts.to, { owner: buyer.address, mint }, buyer),
  ]);
  const purchase = getPurchaseInstruction({
    buyer,
    currency: currency.address,
    book: await bookOf(currency.address),
    standard,
    vault: vault.address,
    collateralAccount: vault.data.collateralAccount,
    mint,
    to: to.account,
    from,
    revenue,
    payout: vault.data.payout,
    tokens,
    maxPayment,
  });
  return { instructions: [...to.create, purchase] };
}

/** A redemption at a vault. */
export interface Redeem {
  readonly currency: Account<Currency>;
  readonly vault: Account<Vault>;
  /** Whose tokens are burned, and who owns the voucher. */
  readonly owner: TransactionSigner;
  /** A fresh key that signs receipts; it signs the transaction, too. */
  readonly session: TransactionSigner;
  /** Pays the voucher's rent, and gets it back; the owner without it. */
  readonly rentPayer?: TransactionSigner;
  /** Token base units to burn. */
  readonly tokens: bigint;
  /** What the compute is for. */
  readonly class: Class;
  /** Token account whose tokens are burned; the owner's associated one without it. */
  readonly from?: Address;
}

/** A plan with the address of the voucher that it opens. */
export interface RedeemPlan extends Plan {
  readonly voucher: Address;
}

/** Burns tokens and opens a voucher. */
export async function redeem({ currency, vault, owner, session, rentPayer, tokens, ...rest }: Redeem): Promise<RedeemPlan> {
  const [[standard], [voucher, bump], from] = await Promise.all([
    findStandardPda({ currency: currency.address }),
    findVoucherPda({ vault: vault.address, session: session.address }),
    rest.from ?? tokenAccountOf(owner.address, currency.data.mint),
  ]);
  const instruction = getRedeemInstruction({
    owner,
    session,
    rentPayer: rentPayer ?? owner,
    currency: currency.address,
    book: await bookOf(currency.address),
    standard,
    vault: vault.address,
    voucher,
    mint: currency.data.mint,
    from,
    tokens,
    class: classNumber(rest.class),
    bump,
  });
  return { instructions: [instruction], voucher };
}

/** A voucher and its owner, who signs. */
export interface OwnVoucher {
  readonly vault: Account<Vault>;
  readonly voucher: Account<Voucher>;
  readonly owner: TransactionSigner;
}

/** Starts a voucher's dispute window: afterwards what was not consumed can be reclaimed. */
export function close({ vault, voucher, owner }: OwnVoucher): Plan {
  const currency = vault.data.currency;
  return { instructions: [getRequestCloseInstruction({ owner, currency, vault: vault.address, voucher: voucher.address })] };
}

/** A voucher whose dispute window is over. */
export interface Reclaim {
  readonly currency: Account<Currency>;
  readonly voucher: Account<Voucher>;
  /** Pays for the owner's token account where it is missing; without a payer that must be there. */
  readonly payer?: TransactionSigner;
  /** Another token account of the owner's than the associated one. */
  readonly to?: NamedAccount;
}

/** Returns what was not consumed of a voucher to its owner. Anybody may. */
export async function reclaim({ currency, voucher, payer, to }: Reclaim): Promise<Plan> {
  const { mint } = currency.data;
  const { owner, rentPayer, vault } = voucher.data;
  const returned = await destination(to?.account, { owner, mint }, payer);
  const instruction = getReclaimInstruction({
    currency: currency.address,
    book: await bookOf(currency.address),
    vault,
    voucher: voucher.address,
    owner,
    rentPayer,
    mint,
    to: returned.account,
  });
  return { instructions: [...returned.create, signedByNamed(instruction, [to])] };
}

/** A sale of tokens to a defaulted vault. */
export interface Liquidate {
  readonly currency: Account<Currency>;
  readonly vault: Account<Vault>;
  readonly seller: TransactionSigner;
  /** Token base units to sell. */
  readonly tokens: bigint;
  /** The least to be paid for them, in collateral base units. */
  readonly minPayment: bigint;
  /** Token account whose tokens are burned; the seller's associated one without it. */
  readonly from?: Address;
  /** Account of the collateral token that is paid; the seller's associated one without it. */
  readonly to?: Address;
}

/** Sells tokens to a defaulted vault. */
export async function liquidate({ currency, vault, seller, tokens, minPayment, ...accounts }: Liquidate): Promise<Plan> {
  const { mint, collateralMint, insurance } = currency.data;
  const [from, to] = await Promise.all([
    accounts.from ?? tokenAccountOf(seller.address, mint),
    destination(accounts.to, { owner: seller.address, mint: collateralMint }, seller),
  ]);
  const instruction = getLiquidateInstruction({
    seller,
    currency: currency.address,
    book: await bookOf(currency.address),
    vault: vault.address,
    collateralAccount: vault.data.collateralAccount,
    insurance,
    mint,
    from,
    to: to.account,
    tokens,
    minPayment,
  });
  return { instructions: [...to.create, instruction] };
}
