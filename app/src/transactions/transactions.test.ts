import {
  AccountRole,
  address,
  generateKeyPairSigner,
  type Address,
  type Blockhash,
  type Instruction,
} from '@solana/kit';
import { beforeEach, describe, expect, it } from 'vitest';
import { GatewayMismatch, GatewayUnreachable } from '@specie/sdk/gateway';
import type { SpecieRpc } from '../chain/client.ts';
import { NoNodeError } from '../chain/transport.ts';
import { Failure, failureOf, failureOfTransaction, walletFailure } from './failure.ts';
import { follow } from './follow.ts';
import { getJournal, parseJournal, record, withEntry, type JournalEntry } from './journal.ts';
import { buildTransaction, feeOf, keepsInstructions, priorityOf } from './message.ts';
import { capPriority } from './preview.ts';

const PROGRAM = address('5NayjWrtiBgyT4GcsKekbvTuA7YeXaEVXq36nm7MvfcD');
const GUARD = address('L2TExMFKdjpN9kozasaurPirfHy9P8sbXoAN1qA3S95');
const LIFETIME = { blockhash: '11111111111111111111111111111111' as Blockhash, lastValidBlockHeight: 100n };

function instruction(programAddress: Address, data: readonly number[], writable: readonly Address[] = []): Instruction {
  return {
    programAddress,
    accounts: writable.map((account) => ({ address: account, role: AccountRole.WRITABLE })),
    data: Uint8Array.from(data),
  };
}

const BUDGET = { computeUnits: 10_000, microLamports: 5n };

describe('what a wallet returns', () => {
  it('may have another budget and guards around, but every instruction of ours as it was', async () => {
    const [{ address: payer }, { address: other }] = [await generateKeyPairSigner(), await generateKeyPairSigner()];
    const ours = instruction(PROGRAM, [1, 2], [other]);
    const build = (instructions: readonly Instruction[], by = payer) => buildTransaction(by, instructions, BUDGET, LIFETIME).messageBytes;
    const asked = build([ours]);
    expect(keepsInstructions(asked, asked)).toBe(true);
    expect(keepsInstructions(asked, buildTransaction(payer, [ours], { computeUnits: 1, microLamports: 9n }, LIFETIME).messageBytes)).toBe(true);
    expect(keepsInstructions(asked, build([instruction(GUARD, [7]), ours]))).toBe(true);
    expect(keepsInstructions(asked, build([]))).toBe(false);
    expect(keepsInstructions(asked, build([instruction(PROGRAM, [1, 3], [other])]))).toBe(false);
    expect(keepsInstructions(asked, build([instruction(PROGRAM, [1, 2], [payer])]))).toBe(false);
    expect(keepsInstructions(asked, build([ours], other))).toBe(false);
  });

  it('must have them in their order', async () => {
    const { address: payer } = await generateKeyPairSigner();
    const [first, second] = [instruction(PROGRAM, [1]), instruction(PROGRAM, [2])];
    const build = (instructions: readonly Instruction[]) => buildTransaction(payer, instructions, BUDGET, LIFETIME).messageBytes;
    expect(keepsInstructions(build([first, second]), build([second, first]))).toBe(false);
  });
});

describe('the fee', () => {
  it('is signatures and priority, rounded up as the runtime does, and priority is cut off at its cap', () => {
    expect(priorityOf({ computeUnits: 10_001, microLamports: 100n })).toBe(2n);
    expect(feeOf(2, { computeUnits: 10_000, microLamports: 0n })).toBe(10_000n);
    expect(capPriority(10_000, 5_000n, 100n)).toEqual({ microLamports: 5_000n, capped: false });
    expect(capPriority(10_000, 50_000n, 100n)).toEqual({ microLamports: 10_000n, capped: true });
  });
});

describe('a failure', () => {
  it('is told by what the RPC says of the transaction', () => {
    expect(failureOfTransaction({ InstructionError: [2, { Custom: 6012n }] })).toEqual({ code: 'program', program: 6012 });
    expect(failureOfTransaction({ InstructionError: [2, { Custom: 1 }] })).toEqual({ code: 'funds' });
    expect(failureOfTransaction('BlockhashNotFound')).toEqual({ code: 'expired' });
    expect(failureOfTransaction('InsufficientFundsForFee')).toEqual({ code: 'fee-funds' });
    expect(failureOfTransaction({ InsufficientFundsForRent: { account_index: 1 } })).toEqual({ code: 'fee-funds' });
  });

  it('is told by the program that refused, where the log names it', () => {
    const failing = (program: string, code: string) => [`Program ${program} invoke [1]`, `Program ${program} failed: custom program error: ${code}`];
    const error = { InstructionError: [0, { Custom: 1n }] };
    expect(failureOfTransaction(error, failing('TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA', '0x1'))).toEqual({ code: 'funds' });
    expect(failureOfTransaction(error, failing('11111111111111111111111111111111', '0x1'))).toEqual({ code: 'fee-funds' });
    expect(failureOfTransaction({ InstructionError: [0, { Custom: 17n }] }, failing('TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA', '0x11'))).toEqual({ code: 'frozen' });
    expect(failureOfTransaction({ InstructionError: [0, 'ComputationalBudgetExceeded'] })).toEqual({ code: 'budget' });
  });

  it('of a gateway is told by what is wrong with it', () => {
    expect(failureOf(new GatewayMismatch('terms', 'other prices'))).toEqual({ code: 'gateway-terms' });
    expect(failureOf(new GatewayMismatch('identity', 'another vault'))).toEqual({ code: 'gateway-wrong', said: 'another vault' });
    expect(failureOf(new GatewayUnreachable('https://gateway.example', new TypeError('Failed to fetch')))).toEqual({ code: 'gateway-silent' });
    expect(failureOf(new Error('outer', { cause: new NoNodeError([], undefined) }))).toEqual({ code: 'rpc' });
  });

  it('of a wallet is a refusal or not', () => {
    expect(walletFailure(Object.assign(new Error('no'), { code: 4001 })).facts).toEqual({ code: 'declined' });
    expect(walletFailure(new Error('User rejected the request.')).facts).toEqual({ code: 'declined' });
    expect(walletFailure(new Error('locked')).facts).toEqual({ code: 'wallet', said: 'locked' });
    expect(failureOf(walletFailure(new Error('locked'))).code).toBe('wallet');
    expect(walletFailure(new Failure({ code: 'wallet-changed' })).facts).toEqual({ code: 'wallet-changed' });
  });
});

function entry(change: Partial<JournalEntry> = {}): JournalEntry {
  return {
    signature: 'sig',
    kind: 'buy',
    details: [],
    feePayer: 'payer',
    genesis: 'genesis',
    wire: 'AA==',
    lastValidBlockHeight: '100',
    sentAt: 1,
    state: 'pending',
    ...change,
  };
}

describe('the journal', () => {
  beforeEach(() => localStorage.clear());

  it('has each transaction once, the last first, and forgets none that is on its way', () => {
    const many = Array.from({ length: 300 }, (_, index) => entry({ signature: `${index}`, state: index === 0 ? 'pending' : 'confirmed' }));
    const all = many.reduce<readonly JournalEntry[]>((entries, next) => withEntry(entries, next), []);
    expect(all).toHaveLength(201);
    expect(all[0]?.signature).toBe('299');
    expect(all.at(-1)?.signature).toBe('0');
    expect(withEntry(all, entry({ signature: '299', state: 'failed' }))[0]?.state).toBe('failed');
  });

  it('survives what else may stand in its place', () => {
    for (const stored of [null, 'x', '{}', '[{"signature":1}]', '[null]']) expect(parseJournal(stored)).toEqual([]);
    record(entry());
    expect(parseJournal(localStorage.getItem('specie.journal.1'))).toEqual(getJournal());
  });
});

interface Status {
  readonly err: unknown;
  readonly slot: bigint;
  readonly confirmationStatus: string;
}

/** An RPC that answers from a script, one line for each poll; the last one stays. */
function scripted(polls: readonly { readonly height: bigint; readonly status: Status | null | Error }[]) {
  let poll = 0;
  const sent: string[] = [];
  const now = () => polls[Math.min(poll, polls.length - 1)];
  const rpc = {
    getBlockHeight: () => ({ send: async () => now()?.height }),
    getSignatureStatuses: () => ({
      send: async () => {
        const status = now()?.status;
        poll += 1;
        if (status instanceof Error) throw status;
        return { value: [status] };
      },
    }),
    sendTransaction: (wire: string) => ({ send: async () => void sent.push(wire) }),
  };
  return { rpc: rpc as unknown as SpecieRpc, sent };
}

const CONFIRMED: Status = { err: null, slot: 7n, confirmationStatus: 'confirmed' };
const options = { sleep: () => Promise.resolve() };

describe('a transaction that was sent', () => {
  it('is sent again until it is seen, also past a node that fails', async () => {
    const unseen = { height: 10n, status: null };
    const { rpc, sent } = scripted([unseen, unseen, unseen, { height: 11n, status: new Error('503') }, { height: 12n, status: CONFIRMED }]);
    expect(await follow(rpc, entry(), options)).toMatchObject({ state: 'confirmed', slot: '7' });
    expect(sent).toEqual(['AA==']);
  });

  it('has expired only once the chain is past its last valid height and has not seen it', async () => {
    const { rpc } = scripted([
      { height: 100n, status: null },
      { height: 101n, status: null },
    ]);
    expect(await follow(rpc, entry(), options)).toMatchObject({ state: 'expired', failure: { code: 'expired' } });
    const late = scripted([{ height: 101n, status: CONFIRMED }]);
    expect(await follow(late.rpc, entry(), options)).toMatchObject({ state: 'confirmed' });
  });

  it('that is merely processed is not done', async () => {
    const { rpc } = scripted([
      { height: 10n, status: { ...CONFIRMED, confirmationStatus: 'processed' } },
      { height: 11n, status: { err: { InstructionError: [0, { Custom: 6_001 }] }, slot: 8n, confirmationStatus: 'confirmed' } },
    ]);
    expect(await follow(rpc, entry(), options)).toMatchObject({ state: 'failed', failure: { code: 'program', program: 6_001 } });
  });
});
