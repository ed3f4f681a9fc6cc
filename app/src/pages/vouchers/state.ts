import { quoteReclaim, remainingUnits, settlesUntil, type Quote } from '@specie/sdk/quotes';
import type { Params, Voucher } from '@specie/sdk/generated';

/** What a voucher's life has come to. */
export type VoucherState =
  /** It can be consumed, until it expires or is closed. */
  | { readonly is: 'open'; readonly until: bigint }
  /** It was closed, or expired: receipts still count until then. */
  | { readonly is: 'closing'; readonly until: bigint }
  /** It can be closed for good: what is left returns to its owner. */
  | { readonly is: 'reclaimable' };

export function stateOf(voucher: Voucher, params: Params, now: bigint): VoucherState {
  // As the chain's `reclaim` has it: a voucher settled to its end in the second of its opening stays, until somebody reclaims it.
  if (remainingUnits(voucher) === 0n && now > voucher.openedAt) return { is: 'reclaimable' };
  const until = settlesUntil(voucher, params);
  const hasEnded = voucher.closingAt !== 0n || now >= voucher.expiresAt;
  if (!hasEnded) return { is: 'open', until: voucher.expiresAt };
  return now > until ? { is: 'reclaimable' } : { is: 'closing', until };
}

/** How far a challenge is. */
export type ChallengeState =
  | { readonly is: 'none' }
  | { readonly is: 'waiting'; readonly until: bigint }
  /** The vendor did not answer in time: it pays. */
  | { readonly is: 'unanswered' }
  | { readonly is: 'answered'; readonly at: bigint };

export function challengeOf(voucher: Voucher, now: bigint): ChallengeState {
  if (voucher.challengedUntil !== 0n) {
    return now > voucher.challengedUntil ? { is: 'unanswered' } : { is: 'waiting', until: voucher.challengedUntil };
  }
  return voucher.answeredAt === 0n ? { is: 'none' } : { is: 'answered', at: voucher.answeredAt };
}

/** Whether a voucher's return is refused because it has returned already: the vault's books hold nothing of it any more. */
export const hasReturned = (quote: Quote<unknown>): boolean => !quote.ok && !['ReclaimTooEarly', 'ChallengePending'].includes(quote.refusal.reason);

export { quoteReclaim, remainingUnits };
