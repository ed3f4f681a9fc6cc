import type { Account, Address, EncodedAccount, FixedSizeDecoder, MaybeEncodedAccount, ReadonlyUint8Array } from "@solana/kit";
import {
  BOOK_DISCRIMINATOR,
  CHANGE_DISCRIMINATOR,
  CURRENCY_DISCRIMINATOR,
  POOL_DISCRIMINATOR,
  QUORUM_DISCRIMINATOR,
  SPECIE_PROGRAM_ADDRESS,
  STAKE_ACCOUNT_DISCRIMINATOR,
  STANDARD_DISCRIMINATOR,
  VAULT_DISCRIMINATOR,
  VOUCHER_DISCRIMINATOR,
  getBookDecoder,
  getChangeDecoder,
  getCurrencyDecoder,
  getPoolDecoder,
  getQuorumDecoder,
  getStakeAccountDecoder,
  getStandardDecoder,
  getVaultDecoder,
  getVoucherDecoder,
  type Book,
  type Change,
  type Currency,
  type Pool,
  type Quorum,
  type StakeAccount,
  type Standard,
  type Vault,
  type Voucher,
} from "../generated/index.js";

/** A kind of the program's accounts. */
export interface AccountKind<T extends object> {
  readonly name: string;
  readonly discriminator: ReadonlyUint8Array;
  readonly decoder: () => FixedSizeDecoder<T>;
}

export const CURRENCY: AccountKind<Currency> = { name: "currency", discriminator: CURRENCY_DISCRIMINATOR, decoder: getCurrencyDecoder };
export const STANDARD: AccountKind<Standard> = { name: "Standard", discriminator: STANDARD_DISCRIMINATOR, decoder: getStandardDecoder };
export const QUORUM: AccountKind<Quorum> = { name: "quorum", discriminator: QUORUM_DISCRIMINATOR, decoder: getQuorumDecoder };
export const BOOK: AccountKind<Book> = { name: "book", discriminator: BOOK_DISCRIMINATOR, decoder: getBookDecoder };
export const POOL: AccountKind<Pool> = { name: "staking pool", discriminator: POOL_DISCRIMINATOR, decoder: getPoolDecoder };
export const STAKE: AccountKind<StakeAccount> = { name: "stake", discriminator: STAKE_ACCOUNT_DISCRIMINATOR, decoder: getStakeAccountDecoder };
export const CHANGE: AccountKind<Change> = { name: "scheduled change", discriminator: CHANGE_DISCRIMINATOR, decoder: getChangeDecoder };
export const VAULT: AccountKind<Vault> = { name: "vault", discriminator: VAULT_DISCRIMINATOR, decoder: getVaultDecoder };
export const VOUCHER: AccountKind<Voucher> = { name: "voucher", discriminator: VOUCHER_DISCRIMINATOR, decoder: getVoucherDecoder };

/** An account is missing, or of another type or owner than expected. */
export class AccountError extends Error {
  override readonly name = "AccountError";

  constructor(
    readonly address: Address,
    sentence: string,
  ) {
    super(sentence);
  }
}

/** Decodes an account, which must be the program's and of this kind. */
export function decodeAs<T extends object>(kind: AccountKind<T>, account: EncodedAccount): Account<T> {
  const { address, programAddress, data } = account;
  if (programAddress !== SPECIE_PROGRAM_ADDRESS) {
    throw new AccountError(address, `The account ${address} belongs to the program ${programAddress}, not to Specie`);
  }
  const decoder = kind.decoder();
  const isOfKind = data.length >= decoder.fixedSize && kind.discriminator.every((byte, at) => data[at] === byte);
  if (!isOfKind) throw new AccountError(address, `The account ${address} is not a ${kind.name} of Specie`);
  return { ...account, data: decoder.decode(data) };
}

/** The same for an account that may be missing, which is undefined then. */
export function decodeIfAny<T extends object>(kind: AccountKind<T>, account: MaybeEncodedAccount): Account<T> | undefined {
  return account.exists ? decodeAs(kind, account) : undefined;
}

/** The same for an account that must be there. */
export function decodeExisting<T extends object>(kind: AccountKind<T>, account: MaybeEncodedAccount): Account<T> {
  if (account.exists) return decodeAs(kind, account);
  throw new AccountError(account.address, `There is no ${kind.name} at ${account.address}: check the address and the cluster`);
}
