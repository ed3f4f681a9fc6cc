import { AccountRole, type Account, type ReadonlyUint8Array, type TransactionSigner } from "@solana/kit";
import {
  findQuorumPda,
  findStandardPda,
  getAnswerInstruction,
  getChallengeInstruction,
  getCompensateInstruction,
  getReleaseVoucherInstruction,
  getRuleBreachInstruction,
  type Currency,
  type Vault,
  type Voucher,
} from "../generated/index.js";
import { RULING, VOUCHER, ascending, ed25519Instruction, encodeMessage, termsOf, type Ruling, type SignedBy } from "../messages/index.js";
import { clusterOf } from "./cluster.js";
import type { OwnVoucher } from "./holder.js";
import { bookOf, destination, signedBy, signedByNamed, type NamedAccount, type Plan } from "./plan.js";

/** A challenge by a voucher's owner. */
export interface Challenge extends OwnVoucher {
  /** Stakes the deposit, which returns to the owner unless the vendor earns it; the owner without it. An owner whose account holds data needs one. */
  readonly payer?: TransactionSigner;
}

/** Calls on a vendor to publish a signed voucher, with a deposit, which a vendor that answers earns. */
export function challenge({ vault, voucher, owner, payer }: Challenge): Plan {
  const currency = vault.data.currency;
  const accounts = { owner, payer: payer ?? owner, currency, vault: vault.address, voucher: voucher.address };
  return { instructions: [getChallengeInstruction(accounts)] };
}

/** A vendor's answer to a challenge. */
export interface Answer {
  readonly currency: Account<Currency>;
  readonly vault: Account<Vault>;
  readonly voucher: Account<Voucher>;
  readonly operator: TransactionSigner;
  /** The signature by the vault's issuer over the voucher's message. */
  readonly signature: ReadonlyUint8Array;
}

/** Publishes a challenged voucher, signed. */
export function answer({ currency, vault, voucher, operator, signature }: Answer): Plan {
  const message = encodeMessage(VOUCHER, clusterOf(currency.data), termsOf(voucher.address, voucher.data));
  const signatures = ed25519Instruction([{ key: vault.data.issuer, signature }], [message]);
  const accounts = { operator, currency: currency.address, vault: vault.address, voucher: voucher.address };
  return { instructions: [signatures, getAnswerInstruction(accounts)] };
}

/** What pays for a voucher that was not served. */
export interface Compensate {
  readonly currency: Account<Currency>;
  readonly vault: Account<Vault>;
  readonly voucher: Account<Voucher>;
  /** Pays for the owner's token accounts where they are missing; without a payer they must be there. */
  readonly payer?: TransactionSigner;
  /** Another account of the owner's for the collateral token than the associated one. */
  readonly cashTo?: NamedAccount;
  /** Another account of the owner's for the currency's token than the associated one. */
  readonly tokensTo?: NamedAccount;
}

async function compensating({ currency, vault, voucher, payer, cashTo, tokensTo }: Compensate) {
  const { mint, collateralMint } = currency.data;
  const { owner, rentPayer } = voucher.data;
  const [[standard], cash, tokens] = await Promise.all([
    findStandardPda({ currency: currency.address }),
    destination(cashTo?.account, { owner, mint: collateralMint }, payer),
    destination(tokensTo?.account, { owner, mint }, payer),
  ]);
  const accounts = {
    currency: currency.address,
    book: await bookOf(currency.address),
    standard,
    vault: vault.address,
    voucher: voucher.address,
    owner,
    rentPayer,
    collateralAccount: vault.data.collateralAccount,
    cashTo: cash.account,
    mint,
    tokensTo: tokens.account,
  };
  return { accounts, create: [...cash.create, ...tokens.create] };
}

/** Pays a voucher out whose challenge went unanswered. Anybody may. */
export async function compensate(input: Compensate): Promise<Plan> {
  const { accounts, create } = await compensating(input);
  return { instructions: [...create, signedByNamed(getCompensateInstruction(accounts), [input.cashTo, input.tokensTo])] };
}

/** What pays for a voucher, and the quorum's ruling that it was not served. */
export interface RuleBreach extends Compensate {
  /** The voucher's owner: units end at a price only where the owner agrees. */
  readonly owner: TransactionSigner;
  readonly ruling: Ruling;
  /** A transaction holds three attestors' signatures beside the owner's and a payer's, or more with a lookup table for the accounts. */
  readonly signed: readonly SignedBy[];
}

/** Brings a ruling that the quorum signed, which the voucher's owner signs for. */
export async function ruleBreach({ owner, ruling, signed, ...input }: RuleBreach): Promise<Plan> {
  const { accounts, create } = await compensating(input);
  const [quorum] = await findQuorumPda({ currency: input.currency.address });
  const message = encodeMessage(RULING, clusterOf(input.currency.data), ruling);
  const signatures = ed25519Instruction(ascending(signed), [message]);
  const rule = signedBy(getRuleBreachInstruction({ ...accounts, quorum }), owner, AccountRole.WRITABLE_SIGNER);
  return { instructions: [...create, signatures, rule] };
}

/** A voucher that its vault's operator declines. */
export interface Release {
  readonly currency: Account<Currency>;
  readonly voucher: Account<Voucher>;
  readonly operator: TransactionSigner;
  /** Another token account of the owner's than the associated one, which the operator creates where it is missing. */
  readonly to?: NamedAccount;
}

/** Declines a voucher: what was not consumed returns to its owner at once. */
export async function release({ currency, voucher, operator, ...accounts }: Release): Promise<Plan> {
  const { mint } = currency.data;
  const { owner, rentPayer, vault } = voucher.data;
  const to = await destination(accounts.to?.account, { owner, mint }, operator);
  const instruction = getReleaseVoucherInstruction({
    operator,
    currency: currency.address,
    book: await bookOf(currency.address),
    vault,
    voucher: voucher.address,
    owner,
    rentPayer,
    mint,
    to: to.account,
  });
  return { instructions: [...to.create, signedByNamed(instruction, [accounts.to])] };
}
