import {
  getBase64EncodedWireTransaction,
  getSignatureFromTransaction,
  getTransactionDecoder,
  getTransactionEncoder,
  partiallySignTransaction,
  type Address,
  type ReadonlyUint8Array,
  type Signature,
} from '@solana/kit';
import type { SpecieRpc } from '../chain/client.ts';
import { Failure, failureOf, walletFailure } from './failure.ts';
import { followOnce } from './follow.ts';
import { record, type JournalEntry } from './journal.ts';
import { buildTransaction, keepsInstructions } from './message.ts';
import { preview, requireAccepted } from './preview.ts';
import type { Plan } from './plan.ts';

/** Where a transaction is between the reader's click and the chain's word. */
export type Step = 'checking' | 'signing' | 'sending' | 'confirming';

export interface Sender {
  readonly rpc: SpecieRpc;
  /** An RPC of one node alone: the blockhash is of the cluster whose genesis hash was checked. */
  readonly oneNode: () => SpecieRpc;
  /** The genesis hash that the currency names: anything else is refused before the wallet is asked. */
  readonly cluster: string;
  readonly feePayer: Address;
  readonly priorityCap: bigint;
  /** Has the wallet sign one transaction with the account that pays for it. */
  readonly sign: (transaction: ReadonlyUint8Array, by: Address) => Promise<ReadonlyUint8Array>;
  readonly onStep?: (step: Step) => void;
}

async function isKnown(rpc: SpecieRpc, signature: string): Promise<boolean> {
  const { value } = await rpc.getSignatureStatuses([signature as Signature]).send();
  return value[0] !== null;
}

/**
 * Sends one transaction and follows it to its end.
 *
 * The blockhash is fetched last before the wallet is asked, the wallet signs first, keys of this browser after it, and the
 * journal has the transaction before the network does.
 */
export async function send(sender: Sender, plan: Plan): Promise<JournalEntry> {
  const { rpc, feePayer, onStep } = sender;
  onStep?.('checking');
  const node = sender.oneNode();
  const genesis = await node.getGenesisHash().send();
  if (genesis !== sender.cluster) throw new Failure({ code: 'cluster' });
  const shown = await preview(rpc, feePayer, plan, sender.priorityCap);
  requireAccepted(shown);
  const { value: lifetime } = await node.getLatestBlockhash({ commitment: 'confirmed' }).send();
  const asked = buildTransaction(feePayer, plan.instructions, shown.budget, lifetime);

  onStep?.('signing');
  const bytes = await sender.sign(getTransactionEncoder().encode(asked), feePayer).catch((error: unknown) => {
    throw walletFailure(error);
  });
  let signed = getTransactionDecoder().decode(bytes);
  if (!keepsInstructions(asked.messageBytes, signed.messageBytes)) throw new Failure({ code: 'altered' });
  if (signed.signatures[feePayer] == null) throw new Failure({ code: 'wallet-changed' });
  if (plan.cosigners !== undefined && plan.cosigners.length > 0) {
    signed = await partiallySignTransaction(
      plan.cosigners.map(({ keyPair }) => keyPair),
      signed,
    );
  }

  onStep?.('sending');
  const wire = getBase64EncodedWireTransaction(signed);
  const entry: JournalEntry = {
    signature: getSignatureFromTransaction(signed),
    kind: plan.kind,
    details: plan.details,
    feePayer,
    genesis,
    wire,
    lastValidBlockHeight: lifetime.lastValidBlockHeight.toString(),
    sentAt: Date.now(),
    state: 'pending',
  };
  record(entry);
  try {
    await rpc.sendTransaction(wire, { encoding: 'base64', preflightCommitment: 'confirmed' }).send();
  } catch (error) {
    // Lost on the way, it may still land: the chain and its last valid height decide. Refused for what it would do, it was
    // not passed on, unless an earlier node took it, which its status tells.
    const failure = failureOf(error);
    const refused = failure.code === 'program' || failure.code === 'funds' || failure.code === 'fee-funds';
    if (refused && !(await isKnown(rpc, entry.signature))) {
      record({ ...entry, state: 'failed', failure });
      throw new Failure(failure, error);
    }
  }
  onStep?.('confirming');
  const ended = await followOnce(rpc, entry);
  if (ended.state !== 'confirmed') throw new Failure(ended.failure ?? { code: 'unknown' });
  return ended;
}
