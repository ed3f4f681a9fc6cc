import type { Base64EncodedWireTransaction, Signature } from '@solana/kit';
import type { SpecieRpc } from '../chain/client.ts';
import { failureOfTransaction } from './failure.ts';
import { record, type JournalEntry } from './journal.ts';

const POLL = 1_000;
/** A transaction that is not seen is sent again after so many polls. */
const RESEND_EVERY = 3;

interface Options {
  readonly signal?: AbortSignal;
  readonly sleep?: (milliseconds: number) => Promise<void>;
}

function sleepFor(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Follows a transaction to its end: confirmed, failed, or expired once the chain is past its last valid height and has not
 * seen it. A node that does not answer decides nothing: it is asked again.
 */
export async function follow(rpc: SpecieRpc, entry: JournalEntry, options: Options = {}): Promise<JournalEntry> {
  const { signal, sleep = sleepFor } = options;
  const lastValid = BigInt(entry.lastValidBlockHeight);
  const end = (change: Partial<JournalEntry>): JournalEntry => {
    const ended = { ...entry, ...change };
    record(ended);
    return ended;
  };
  for (let polls = 0; ; polls += 1) {
    if (signal?.aborted === true) return entry;
    try {
      // The height is asked for first: a transaction that lands in between is seen by what is asked after it.
      const height = await rpc.getBlockHeight({ commitment: 'confirmed' }).send();
      const { value } = await rpc
        .getSignatureStatuses([entry.signature as Signature], { searchTransactionHistory: true })
        .send();
      const status = value[0];
      if (status?.err != null) {
        return end({ state: 'failed', failure: failureOfTransaction(status.err), slot: status.slot.toString() });
      }
      if (status?.confirmationStatus === 'confirmed' || status?.confirmationStatus === 'finalized') {
        return end({ state: 'confirmed', slot: status.slot.toString() });
      }
      if (status === null && height > lastValid) return end({ state: 'expired', failure: { code: 'expired' } });
      if (status === null && polls % RESEND_EVERY === RESEND_EVERY - 1) {
        await rpc
          .sendTransaction(entry.wire as Base64EncodedWireTransaction, { encoding: 'base64', skipPreflight: true })
          .send()
          .catch(() => undefined);
      }
    } catch {
      // The transport has tried every node; what the chain says is still to be learnt.
    }
    await sleep(POLL);
  }
}

const followed = new Map<string, Promise<JournalEntry>>();

/** The same, once for each transaction, however many ask. */
export function followOnce(rpc: SpecieRpc, entry: JournalEntry): Promise<JournalEntry> {
  const known = followed.get(entry.signature);
  if (known !== undefined) return known;
  const running = follow(rpc, entry).finally(() => followed.delete(entry.signature));
  followed.set(entry.signature, running);
  return running;
}
