import {
  getSetComputeUnitLimitInstruction,
  getSetComputeUnitPriceInstruction,
  getSetLoadedAccountsDataSizeLimitInstruction,
} from '@solana-program/compute-budget';
import {
  appendTransactionMessageInstructions,
  compileTransaction,
  createTransactionMessage,
  getCompiledTransactionMessageDecoder,
  pipe,
  setTransactionMessageFeePayer,
  setTransactionMessageLifetimeUsingBlockhash,
  type Address,
  type Blockhash,
  type Instruction,
  type ReadonlyUint8Array,
} from '@solana/kit';

export interface Lifetime {
  readonly blockhash: Blockhash;
  readonly lastValidBlockHeight: bigint;
}

/** What a transaction may use, and what it pays to be taken sooner. */
export interface Budget {
  readonly computeUnits: number;
  /** Millionths of a lamport for each compute unit. */
  readonly microLamports: bigint;
  /** Bytes of accounts that it may load; undefined where the RPC does not say what it loads. */
  readonly loadedBytes?: number | undefined;
}

/** The most that any transaction may use: what a simulation is given. */
export const BUDGET_MAX: Budget = { computeUnits: 1_400_000, microLamports: 0n };

/** Lamports of a signature. */
const LAMPORTS_PER_SIGNATURE = 5_000n;

/** What it costs at most, in lamports: signatures, and priority rounded up. */
export function feeOf(signatures: number, budget: Budget): bigint {
  return LAMPORTS_PER_SIGNATURE * BigInt(signatures) + priorityOf(budget);
}

/** What it pays for priority, in lamports, rounded up as the runtime does. */
export function priorityOf({ computeUnits, microLamports }: Budget): bigint {
  return (BigInt(computeUnits) * microLamports + 999_999n) / 1_000_000n;
}

export function buildTransaction(
  feePayer: Address,
  instructions: readonly Instruction[],
  budget: Budget,
  lifetime: Lifetime,
) {
  const limits: Instruction[] = [
    getSetComputeUnitLimitInstruction({ units: budget.computeUnits }),
    getSetComputeUnitPriceInstruction({ microLamports: budget.microLamports }),
  ];
  if (budget.loadedBytes !== undefined) {
    limits.push(getSetLoadedAccountsDataSizeLimitInstruction({ accountDataSizeLimit: budget.loadedBytes }));
  }
  const message = pipe(
    createTransactionMessage({ version: 0 }),
    (message) => setTransactionMessageFeePayer(feePayer, message),
    (message) => setTransactionMessageLifetimeUsingBlockhash(lifetime, message),
    (message) => appendTransactionMessageInstructions([...limits, ...instructions], message),
  );
  return compileTransaction(message);
}

/** Instructions of a message, each as text that is equal where program, accounts, rights and data are. */
function spelled(messageBytes: ReadonlyUint8Array): string[] {
  const message = getCompiledTransactionMessageDecoder().decode(messageBytes);
  if (message.version !== 0 && message.version !== 'legacy') throw new Error('the wallet returned an unknown version');
  const { staticAccounts, header } = message;
  const writable = (index: number): boolean =>
    index < header.numSignerAccounts
      ? index < header.numSignerAccounts - header.numReadonlySignerAccounts
      : index < staticAccounts.length - header.numReadonlyNonSignerAccounts;
  return message.instructions.map((instruction) => {
    const accounts = (instruction.accountIndices ?? []).map(
      (index) => `${staticAccounts[index] ?? `lookup ${index}`}${index < header.numSignerAccounts ? '!' : ''}${writable(index) ? '*' : ''}`,
    );
    const data = Array.from(instruction.data ?? [], (byte) => byte.toString(16).padStart(2, '0')).join('');
    return `${staticAccounts[instruction.programAddressIndex] ?? ''}(${accounts.join(' ')})${data}`;
  });
}

const COMPUTE_BUDGET = 'ComputeBudget111111111111111111111111111111';

/**
 * Whether a wallet left what was asked for as it was. Wallets may change limits and priority, and may add guards; but who
 * pays, and every instruction of ours, in its order, must still be there.
 */
export function keepsInstructions(asked: ReadonlyUint8Array, signed: ReadonlyUint8Array): boolean {
  const payer = (bytes: ReadonlyUint8Array) => getCompiledTransactionMessageDecoder().decode(bytes).staticAccounts[0];
  if (payer(asked) !== payer(signed)) return false;
  const left = spelled(signed);
  let at = 0;
  for (const instruction of spelled(asked).filter((text) => !text.startsWith(COMPUTE_BUDGET))) {
    at = left.indexOf(instruction, at) + 1;
    if (at === 0) return false;
  }
  return true;
}
