import {
  CURRENCY_DISCRIMINATOR,
  decodeCurrency,
  decodePool,
  decodeQuorum,
  decodeStandard,
  decodeVault,
  findCurrencyPda,
  findInsurancePda,
  findPoolPda,
  findQuorumPda,
  findRevenuePda,
  findStandardPda,
  SPECIE_PROGRAM_ADDRESS,
  VAULT_DISCRIMINATOR,
  type Currency,
  type Pool,
  type Quorum,
  type Standard,
  type Vault,
} from '@specie/sdk/generated';
import { getMintDecoder, getTokenDecoder } from '@solana-program/token';
import {
  address,
  getBase58Decoder,
  getBase64Encoder,
  lamports,
  type Account,
  type Address,
  type Base58EncodedBytes,
  type Base64EncodedDataResponse,
  type EncodedAccount,
  type ReadonlyUint8Array,
} from '@solana/kit';
import type { SpecieRpc } from './client.ts';

export const CLOCK = address('SysvarC1ock11111111111111111111111111111111');

/** Where the Clock sysvar keeps its Unix time: after slot, epoch start, epoch and leader schedule epoch. */
const CLOCK_UNIX_TIMESTAMP = 32;

/** Where a vault names its currency: after the discriminator, version, bump, status, classes and four unused bytes. */
const VAULT_CURRENCY_OFFSET = 16n;

/** A currency, and all that the page reckons from it, read at one slot; vaults at another slot, close to it. */
export interface Snapshot {
  readonly slot: bigint;
  /** The chain's clock, in Unix seconds. */
  readonly now: bigint;
  readonly currency: Account<Currency>;
  readonly standard: Account<Standard>;
  readonly quorum: Account<Quorum>;
  readonly pool: Account<Pool>;
  /** Tokens that exist, in base units. */
  readonly supply: bigint;
  /** Fees that wait to be distributed, in base units of the collateral token. */
  readonly revenue: bigint;
  /** What insurance holds, in base units of the collateral token. */
  readonly insurance: bigint;
  /** By address, so that their order never jumps. */
  readonly vaults: readonly Account<Vault>[];
}

/** The mint that the page is configured for has no currency on this cluster. */
export class NoCurrencyError extends Error {
  override readonly name = 'NoCurrencyError';
  constructor(readonly mint: Address) {
    super(`no currency of the mint ${mint} is on this cluster`);
  }
}

interface RpcAccount {
  readonly data: Base64EncodedDataResponse;
  readonly executable: boolean;
  readonly lamports: bigint;
  readonly owner: Address;
  readonly space: bigint;
}

export function encodedAccount(at: Address, account: RpcAccount): EncodedAccount {
  return {
    address: at,
    data: new Uint8Array(getBase64Encoder().encode(account.data[0])),
    executable: account.executable,
    lamports: lamports(account.lamports),
    programAddress: account.owner,
    space: account.space,
  };
}

export function unixTimestamp(clock: ReadonlyUint8Array): bigint {
  const view = new DataView(clock.buffer, clock.byteOffset, clock.byteLength);
  return view.getBigInt64(CLOCK_UNIX_TIMESTAMP, true);
}

export function base58(bytes: ReadonlyUint8Array): Base58EncodedBytes {
  return getBase58Decoder().decode(bytes) as Base58EncodedBytes;
}

/** The addresses of a currency's own accounts. */
export async function currencyAddresses(mint: Address) {
  const [currency] = await findCurrencyPda({ mint });
  const [[standard], [quorum], [pool], [revenue], [insurance]] = await Promise.all([
    findStandardPda({ currency }),
    findQuorumPda({ currency }),
    findPoolPda({ currency }),
    findRevenuePda({ currency }),
    findInsurancePda({ currency }),
  ]);
  return { currency, standard, quorum, pool, revenue, insurance };
}

/** Reads several accounts at one slot; those that do not exist are undefined. */
export async function readAccounts(rpc: SpecieRpc, addresses: readonly Address[]) {
  const { context, value } = await rpc
    .getMultipleAccounts([...addresses], { encoding: 'base64', commitment: 'confirmed' })
    .send();
  const accounts = value.map((account, index) => {
    const at = addresses[index];
    return account === null || at === undefined ? undefined : encodedAccount(at, account);
  });
  return { slot: context.slot, accounts };
}

/** All accounts of the program with a discriminator and a key at an offset. */
export async function readProgramAccounts(
  rpc: SpecieRpc,
  discriminator: ReadonlyUint8Array,
  offset: bigint,
  key: Address,
): Promise<EncodedAccount[]> {
  const found = await rpc
    .getProgramAccounts(SPECIE_PROGRAM_ADDRESS, {
      encoding: 'base64',
      commitment: 'confirmed',
      filters: [
        { memcmp: { offset: 0n, bytes: base58(discriminator), encoding: 'base58' } },
        { memcmp: { offset, bytes: key as string as Base58EncodedBytes, encoding: 'base58' } },
      ],
    })
    .send();
  return found
    .map(({ pubkey, account }) => encodedAccount(pubkey, account))
    .toSorted((left, right) => (left.address < right.address ? -1 : 1));
}

export async function readSnapshot(rpc: SpecieRpc, mint: Address): Promise<Snapshot> {
  const at = await currencyAddresses(mint);
  const [{ slot, accounts }, vaults] = await Promise.all([
    readAccounts(rpc, [at.currency, at.standard, at.quorum, at.pool, CLOCK, mint, at.revenue, at.insurance]),
    readProgramAccounts(rpc, VAULT_DISCRIMINATOR, VAULT_CURRENCY_OFFSET, at.currency),
  ]);
  const [currency, standard, quorum, pool, clock, mintAccount, revenue, insurance] = accounts;
  const isCurrency = CURRENCY_DISCRIMINATOR.every((byte, index) => currency?.data[index] === byte);
  if (!currency || !standard || !quorum || !pool || !clock || !mintAccount || !isCurrency) {
    throw new NoCurrencyError(mint);
  }
  const balance = (account: EncodedAccount | undefined): bigint =>
    account === undefined ? 0n : getTokenDecoder().decode(account.data).amount;
  return {
    slot,
    now: unixTimestamp(clock.data),
    currency: decodeCurrency(currency),
    standard: decodeStandard(standard),
    quorum: decodeQuorum(quorum),
    pool: decodePool(pool),
    supply: getMintDecoder().decode(mintAccount.data).supply,
    revenue: balance(revenue),
    insurance: balance(insurance),
    vaults: vaults.map((vault) => decodeVault(vault)),
  };
}
