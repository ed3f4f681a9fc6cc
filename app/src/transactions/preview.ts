import { fetchAtSlot } from '@specie/sdk/accounts';
import { getBase64EncodedWireTransaction, parseBase64RpcAccount, type Address, type Blockhash, type MaybeEncodedAccount } from '@solana/kit';
import type { SpecieRpc } from '../chain/client.ts';
import { COMMITMENT } from '../chain/snapshot.ts';
import { Failure, failureOfTransaction, type FailureFacts } from './failure.ts';
import { BUDGET_MAX, buildTransaction, feeOf, priorityOf, type Budget } from './message.ts';
import type { Plan } from './plan.ts';

/** What a transaction would do if it were sent now, by a simulation that needs no signature. */
export interface Preview {
  readonly budget: Budget;
  /** What it costs at most, in lamports. */
  readonly fee: bigint;
  /** Of it, for priority. */
  readonly priority: bigint;
  /** Whether the cap of the settings cut the priority down. */
  readonly capped: boolean;
  /** Each watched account before and after. */
  readonly changes: readonly AccountChange[];
  /** Why it would be refused; undefined where it would not. */
  readonly failure: FailureFacts | undefined;
}

export interface AccountChange {
  readonly address: Address;
  readonly before: MaybeEncodedAccount;
  readonly after: MaybeEncodedAccount;
}

/** A blockhash that the simulation replaces. */
const ANY_BLOCKHASH = '11111111111111111111111111111111' as Blockhash;

/** Room above what the simulation used, for a state that moved meanwhile. */
function withRoom(units: bigint): number {
  return Number((units * 12n) / 10n + 1_000n);
}

/** Accounts are counted by pages of 32 KiB. */
function loadedLimit(bytes: number): number {
  const page = 32_768;
  return (Math.ceil(bytes / page) + 1) * page;
}

/** What others paid of late who wrote the same accounts: the third quartile, in millionths of a lamport. */
export async function estimatePriority(rpc: SpecieRpc, writable: readonly Address[]): Promise<bigint> {
  const recent = await rpc.getRecentPrioritizationFees([...writable].slice(0, 128)).send();
  const paid = recent.map(({ prioritizationFee }) => BigInt(prioritizationFee)).toSorted((left, right) => (left < right ? -1 : 1));
  return paid[Math.floor(paid.length * 0.75)] ?? 0n;
}

/** The price that keeps priority within the cap, and whether that cut it down. */
export function capPriority(computeUnits: number, microLamports: bigint, cap: bigint) {
  const most = (cap * 1_000_000n) / BigInt(computeUnits);
  return microLamports > most ? { microLamports: most, capped: true } : { microLamports, capped: false };
}

export async function preview(rpc: SpecieRpc, feePayer: Address, plan: Plan, priorityCap: bigint): Promise<Preview> {
  const watch = plan.watch ?? [];
  const transaction = buildTransaction(feePayer, plan.instructions, BUDGET_MAX, {
    blockhash: ANY_BLOCKHASH,
    lastValidBlockHeight: 0n,
  });
  const writable = plan.instructions.flatMap(({ accounts = [] }) =>
    accounts.filter(({ role }) => (role & 1) === 1).map(({ address }) => address),
  );
  const [before, simulated, wanted] = await Promise.all([
    fetchAtSlot(rpc, watch, COMMITMENT),
    rpc
      .simulateTransaction(getBase64EncodedWireTransaction(transaction), {
        encoding: 'base64',
        commitment: 'confirmed',
        sigVerify: false,
        replaceRecentBlockhash: true,
        accounts: { addresses: [...watch], encoding: 'base64' },
      })
      .send(),
    // A node that does not tell fees is no reason not to show the rest.
    estimatePriority(rpc, [...new Set(writable)]).catch(() => 0n),
  ]);
  const { err, logs, unitsConsumed, accounts, loadedAccountsDataSize } = simulated.value;
  const computeUnits = withRoom(unitsConsumed ?? 200_000n);
  const { microLamports, capped } = capPriority(computeUnits, wanted, priorityCap);
  const budget: Budget = {
    computeUnits,
    microLamports,
    ...(loadedAccountsDataSize === undefined || loadedAccountsDataSize === 0
      ? {}
      : { loadedBytes: loadedLimit(loadedAccountsDataSize) }),
  };
  return {
    budget,
    fee: feeOf(Object.keys(transaction.signatures).length, budget),
    priority: priorityOf(budget),
    capped,
    changes: watch.map((address, index) => ({
      address,
      before: before.accounts[index] ?? { address, exists: false },
      after: parseBase64RpcAccount(address, accounts?.[index] ?? null),
    })),
    failure: err === null ? undefined : failureOfTransaction(err, logs ?? undefined),
  };
}

/** Throws where the simulation was refused, so that nobody is asked to sign what would fail. */
export function requireAccepted(preview: Preview): void {
  if (preview.failure !== undefined) throw new Failure(preview.failure);
}
