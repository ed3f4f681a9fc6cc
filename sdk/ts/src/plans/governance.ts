import { AccountRole, type Account, type Address, type TransactionSigner } from "@solana/kit";
import {
  findChangePda,
  findQuorumPda,
  findStandardPda,
  getCancelChangeInstruction,
  getExecuteChangeInstruction,
  getScheduleChangeInstruction,
  type Change,
  type Currency,
  type ProposalArgs,
} from "../generated/index.js";
import { changeKind } from "../quotes/governing.js";
import { signedBy, type Plan } from "./plan.js";

/** A change that the authority announces. */
export interface ScheduleChange {
  readonly currency: Account<Currency>;
  readonly authority: TransactionSigner;
  /** Pays the rent of the change's account, and gets it back; the authority without it. */
  readonly payer?: TransactionSigner;
  readonly proposal: ProposalArgs;
}

/** A plan with the address of the change that it announces. */
export interface ScheduleChangePlan extends Plan {
  readonly change: Address;
}

/** Announces a change, which anybody may execute when its notice has passed. */
export async function scheduleChange({ currency, authority, payer, proposal }: ScheduleChange): Promise<ScheduleChangePlan> {
  const [[standard], [change]] = await Promise.all([
    findStandardPda({ currency: currency.address }),
    findChangePda({ currency: currency.address, index: currency.data.nextChange }),
  ]);
  const accounts = { payer: payer ?? authority, authority, currency: currency.address, standard, change };
  return { instructions: [getScheduleChangeInstruction({ ...accounts, proposal })], change };
}

/** A change whose notice has passed. */
export interface ExecuteChange {
  readonly change: Account<Change>;
  /** The new authority, which signs; without it for every other kind of change. */
  readonly newAuthority?: TransactionSigner | undefined;
}

async function scheduled({ address, data }: Account<Change>) {
  const [standard] = await findStandardPda({ currency: data.currency });
  return { currency: data.currency, standard, change: address, rentPayer: data.rentPayer };
}

/** Executes a change. Anybody may, but for a new authority, which signs itself. */
export async function executeChange({ change, newAuthority }: ExecuteChange): Promise<Plan> {
  const { proposal, currency } = change.data;
  const [quorum] = await findQuorumPda({ currency });
  const instruction = getExecuteChangeInstruction({
    ...(await scheduled(change)),
    quorum,
    subject: proposal.subject,
    ...(changeKind(proposal) === "vault-limit" ? { vault: proposal.subject } : {}),
  });
  return { instructions: [newAuthority === undefined ? instruction : signedBy(instruction, newAuthority, AccountRole.READONLY_SIGNER)] };
}

/** A change that is taken back. */
export interface CancelChange {
  readonly change: Account<Change>;
  /** The authority, or the guardian. */
  readonly by: TransactionSigner;
}

/** Takes a scheduled change back. */
export async function cancelChange({ change, by }: CancelChange): Promise<Plan> {
  return { instructions: [getCancelChangeInstruction({ ...(await scheduled(change)), by })] };
}
