import {
  getCancelChangeInstruction,
  getExecuteChangeInstruction,
  type Change,
} from '@specie/sdk/generated';
import { address, AccountRole, createNoopSigner, type Account, type Address, type Instruction } from '@solana/kit';
import type { Snapshot } from '../../chain/snapshot.ts';
import type { Plan } from '../../transactions/plan.ts';

/** What a change is of, by the program's numbers. */
export const KINDS = ['params', 'standard', 'quorum', 'authority', 'guardian', 'treasury', 'vault-limit'] as const;
export type ChangeKind = (typeof KINDS)[number];

/** For how long a change can be executed once its notice has passed, in seconds. */
export const EXECUTABLE_FOR = 14n * 86_400n;

const SYSTEM_PROGRAM = address('11111111111111111111111111111111');

export function kindOf(change: Change): ChangeKind | undefined {
  return KINDS[change.proposal.kind];
}

export type ChangeState = 'waiting' | 'executable' | 'lapsed';

export function stateOf(change: Change, now: bigint): ChangeState {
  if (now < change.eta) return 'waiting';
  return now > change.eta + EXECUTABLE_FOR ? 'lapsed' : 'executable';
}

const details = (change: Account<Change>): Plan['details'] => [{ label: 'change', value: `#${change.data.index}` }];

/** Executes a change whose notice has passed. Anybody may, but for a new authority, which signs itself. */
export function planExecution(snapshot: Snapshot, change: Account<Change>, payer: Address): Plan {
  const kind = kindOf(change.data);
  const named = kind === 'authority' || kind === 'guardian' || kind === 'treasury' || kind === 'vault-limit';
  const { subject } = change.data.proposal;
  const instruction = getExecuteChangeInstruction({
    currency: snapshot.currency.address,
    standard: snapshot.standard.address,
    change: change.address,
    rentPayer: change.data.rentPayer,
    quorum: snapshot.quorum.address,
    subject: named ? subject : SYSTEM_PROGRAM,
    ...(kind === 'vault-limit' ? { vault: subject } : {}),
  });
  return {
    kind: 'execute-change',
    details: details(change),
    instructions: [kind === 'authority' && subject === payer ? signedBy(instruction, payer) : instruction],
  };
}

/** The instruction with an account of it as a signer. */
function signedBy(instruction: Instruction, signer: Address): Instruction {
  return {
    ...instruction,
    accounts: (instruction.accounts ?? []).map((account) =>
      account.address === signer && account.role === AccountRole.READONLY ? { ...account, role: AccountRole.READONLY_SIGNER } : account,
    ),
  };
}

/** Takes a scheduled change back: the authority any, the guardian all but its own replacement. */
export function planCancellation(snapshot: Snapshot, change: Account<Change>, by: Address): Plan {
  return {
    kind: 'cancel-change',
    details: details(change),
    instructions: [
      getCancelChangeInstruction({
        by: createNoopSigner(by),
        currency: snapshot.currency.address,
        standard: snapshot.standard.address,
        change: change.address,
        rentPayer: change.data.rentPayer,
      }),
    ],
  };
}

/** Whether somebody may cancel a change. */
export function mayCancel(snapshot: Snapshot, change: Change, who: Address): boolean {
  const { authority, guardian } = snapshot.currency.data;
  return who === authority || (who === guardian && kindOf(change) !== 'guardian');
}
