import {
  getBase58Decoder,
  getBase64Encoder,
  type Account,
  type Address,
  type Base58EncodedBytes,
  type FetchAccountsConfig,
  type GetProgramAccountsApi,
  type Rpc,
} from "@solana/kit";
import { SPECIE_PROGRAM_ADDRESS, type Change, type Currency, type StakeAccount, type Vault, type Voucher } from "../generated/index.js";
import { CHANGE, CURRENCY, STAKE, VAULT, VOUCHER, decodeAs, type AccountKind } from "./decode.js";

/** An RPC that searches a program's accounts. */
export type ReadsProgram = Rpc<GetProgramAccountsApi>;

/** A key that an account must hold at a place; undefined matches any. */
interface Filter {
  /** Byte from the account's beginning. */
  readonly at: number;
  readonly key: Address | undefined;
}

/** Where an account's first three keys stand, behind its discriminator and eight bytes of versions and flags. */
const [FIRST_KEY, SECOND_KEY, THIRD_KEY] = [16, 48, 80];

async function find<T extends object>(
  rpc: ReadsProgram,
  kind: AccountKind<T>,
  filters: readonly Filter[],
  config: FetchAccountsConfig = {},
): Promise<Account<T>[]> {
  const { abortSignal, ...rest } = config;
  const memcmp = (at: number, bytes: string) => ({
    memcmp: { offset: BigInt(at), bytes: bytes as Base58EncodedBytes, encoding: "base58" as const },
  });
  const keys = filters.flatMap(({ at, key }) => (key === undefined ? [] : [memcmp(at, key)]));
  const size = { dataSize: BigInt(kind.decoder().fixedSize) };
  const request = rpc.getProgramAccounts(SPECIE_PROGRAM_ADDRESS, {
    ...rest,
    encoding: "base64",
    filters: [memcmp(0, getBase58Decoder().decode(kind.discriminator)), size, ...keys],
  });
  const found = await request.send(abortSignal === undefined ? {} : { abortSignal });
  return found.map(({ pubkey, account }) =>
    decodeAs(kind, {
      address: pubkey,
      data: getBase64Encoder().encode(account.data[0]),
      executable: account.executable,
      lamports: account.lamports,
      programAddress: account.owner,
      space: account.space,
    }),
  );
}

/** All currencies of the cluster. */
export function findCurrencies(rpc: ReadsProgram, config?: FetchAccountsConfig): Promise<Account<Currency>[]> {
  return find(rpc, CURRENCY, [], config);
}

/** All vaults of a currency. */
export function findVaults(rpc: ReadsProgram, currency: Address, config?: FetchAccountsConfig): Promise<Account<Vault>[]> {
  return find(rpc, VAULT, [{ at: FIRST_KEY, key: currency }], config);
}

/** All changes that are scheduled for a currency. */
export function findChanges(rpc: ReadsProgram, currency: Address, config?: FetchAccountsConfig): Promise<Account<Change>[]> {
  return find(rpc, CHANGE, [{ at: FIRST_KEY, key: currency }], config);
}

/** Which vouchers: those of a vault, of a session key, of an owner, or of several of these at once. */
export interface VoucherFilter {
  readonly vault?: Address;
  readonly session?: Address;
  readonly owner?: Address;
}

/** Vouchers, of all currencies unless a vault is named. */
export function findVouchers(rpc: ReadsProgram, filter: VoucherFilter, config?: FetchAccountsConfig): Promise<Account<Voucher>[]> {
  const filters = [
    { at: FIRST_KEY, key: filter.vault },
    { at: SECOND_KEY, key: filter.session },
    { at: THIRD_KEY, key: filter.owner },
  ];
  return find(rpc, VOUCHER, filters, config);
}

/** Which stakes: those in a pool, of an owner, or both. */
export interface StakeFilter {
  readonly pool?: Address;
  readonly owner?: Address;
}

/** Stakes, of all currencies unless a pool is named. */
export function findStakes(rpc: ReadsProgram, filter: StakeFilter, config?: FetchAccountsConfig): Promise<Account<StakeAccount>[]> {
  const filters = [
    { at: FIRST_KEY, key: filter.pool },
    { at: SECOND_KEY, key: filter.owner },
  ];
  return find(rpc, STAKE, filters, config);
}
