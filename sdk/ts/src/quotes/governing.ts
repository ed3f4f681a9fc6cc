import type { Address } from "@solana/kit";
import { ensure } from "../errors/refusal.js";
import type { Change, Currency, Params, ScheduledProposal, Vault } from "../generated/index.js";
import { after, max } from "./math.js";
import { quote, type Quote } from "./quote.js";

/** What a change is of, by the program's numbers. */
export const CHANGE_KINDS = ["params", "standard", "quorum", "authority", "guardian", "treasury", "vault-limit"] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** For how many seconds from its eta a change may be executed: the program's `CHANGE_GRACE`. */
export const CHANGE_GRACE = 14 * 86_400;

/** What a change is of; undefined for a kind that this SDK does not know. */
export const changeKind = ({ kind }: Pick<ScheduledProposal, "kind">): ChangeKind | undefined => CHANGE_KINDS[kind];

/** The notice that a change needs under some rules, in seconds. */
export function noticeOf(proposal: ScheduledProposal, rules: Params): number {
  const kind = changeKind(proposal);
  const shortensNotice = kind === "params" && proposal.params.standardNotice < rules.standardNotice;
  return kind === "standard" || shortensNotice ? rules.standardNotice : rules.changeDelay;
}

/** What decides when a change may be executed. */
export interface ChangeTerms {
  readonly currency: Currency;
  /** The vault that the change names, for a change of its limit. */
  readonly vault?: Vault | undefined;
}

/** From when a change may be executed, in Unix seconds: its eta, or later where notices were lengthened; at once for a fall of a vault's limit. */
export function executableFrom(change: Change, { currency, vault }: ChangeTerms): bigint {
  const isFall = changeKind(change.proposal) === "vault-limit" && vault !== undefined && change.proposal.limit < vault.limit;
  if (isFall) return change.scheduledAt;
  return max(change.eta, after(change.scheduledAt, noticeOf(change.proposal, currency.params)));
}

/** Until when a change may be executed, in Unix seconds. */
export const executableUntil = (change: Change): bigint => after(change.eta, CHANGE_GRACE);

/** Until when a change may be executed, if it may be executed now. What it changes is checked only then. */
export function quoteExecution(change: Change, terms: ChangeTerms, now: bigint): Quote<bigint> {
  return quote(() => {
    ensure(now >= executableFrom(change, terms), "ChangeTooEarly");
    ensure(now <= executableUntil(change), "ChangeExpired");
    return executableUntil(change);
  });
}

/** Whether somebody may cancel a change: the authority any, the guardian all but the guardian's own replacement. */
export function quoteCancellation(change: Change, { authority, guardian }: Pick<Currency, "authority" | "guardian">, by: Address): Quote<true> {
  return quote(() => {
    ensure(by === authority || by === guardian, "NotAuthorityNorGuardian");
    ensure(by === authority || changeKind(change.proposal) !== "guardian", "GuardianCannotCancelOwnReplacement");
    return true as const;
  });
}
