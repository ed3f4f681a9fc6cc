import type { Change, Vault } from '@specie/sdk/generated';
import { cancelChange, executeChange } from '@specie/sdk/plans';
import { changeKind, executableFrom, executableUntil, quoteCancellation, quoteExecution } from '@specie/sdk/quotes';
import { createNoopSigner, type Account, type Address } from '@solana/kit';
import type { Snapshot } from '../../chain/snapshot.ts';
import type { Plan } from '../../transactions/plan.ts';

export type ChangeState = 'waiting' | 'executable' | 'lapsed';

/** When a change may be executed, and how far that is. */
export interface Schedule {
  readonly state: ChangeState;
  readonly from: bigint;
  readonly until: bigint;
}

function vaultOf(snapshot: Snapshot, change: Change): Vault | undefined {
  return snapshot.vaults.find(({ address }) => address === change.proposal.subject)?.data;
}

export function scheduleOf(snapshot: Snapshot, change: Change, now: bigint): Schedule {
  const terms = { currency: snapshot.currency.data, vault: vaultOf(snapshot, change) };
  const quote = quoteExecution(change, terms, now);
  const state = quote.ok ? 'executable' : quote.refusal.reason === 'ChangeExpired' ? 'lapsed' : 'waiting';
  return { state, from: executableFrom(change, terms), until: executableUntil(change) };
}

const details = (change: Account<Change>): Plan['details'] => [{ label: 'change', value: `#${change.data.index}` }];

/** Whether a wallet may execute a change that is due: anybody, but of a new authority only that one. */
export function mayExecute(change: Change, who: Address): boolean {
  return changeKind(change.proposal) !== 'authority' || change.proposal.subject === who;
}

export async function planExecution(change: Account<Change>, payer: Address): Promise<Plan> {
  const isNewAuthority = changeKind(change.data.proposal) === 'authority' && change.data.proposal.subject === payer;
  const { instructions } = await executeChange({ change, newAuthority: isNewAuthority ? createNoopSigner(payer) : undefined });
  return { kind: 'execute-change', details: details(change), instructions };
}

export async function planCancellation(change: Account<Change>, by: Address): Promise<Plan> {
  const { instructions } = await cancelChange({ change, by: createNoopSigner(by) });
  return { kind: 'cancel-change', details: details(change), instructions };
}

/** Whether somebody may cancel a change. */
export function mayCancel(snapshot: Snapshot, change: Change, who: Address): boolean {
  return quoteCancellation(change, snapshot.currency.data, who).ok;
}
