import type { Params, Voucher } from '@specie/sdk/generated';
import { describe, expect, it } from 'vitest';
import { Refusal } from '@specie/sdk/errors';
import { challengeOf, hasReturned, stateOf } from './state.ts';

const params = { disputeWindow: 600 } as Params;
const voucher = { units: 50n, settled: 20n, compensated: 10n, openedAt: 1n, closingAt: 0n, expiresAt: 10_000n, challengedUntil: 0n, answeredAt: 0n } as Voucher;

describe('a voucher', () => {
  it('is open until it expires, and then can be disputed before it is reclaimed', () => {
    expect(stateOf(voucher, params, 9_999n)).toEqual({ is: 'open', until: 10_000n });
    expect(stateOf(voucher, params, 10_000n)).toEqual({ is: 'closing', until: 10_600n });
    expect(stateOf(voucher, params, 10_600n)).toEqual({ is: 'closing', until: 10_600n });
    expect(stateOf(voucher, params, 10_601n)).toEqual({ is: 'reclaimable' });
  });

  it('that was closed counts its window from then', () => {
    const closed = { ...voucher, closingAt: 1_000n };
    expect(stateOf(closed, params, 1_600n)).toEqual({ is: 'closing', until: 1_600n });
    expect(stateOf(closed, params, 1_601n)).toEqual({ is: 'reclaimable' });
  });

  it('that was consumed to its end is reclaimable, but not in the second of its opening', () => {
    const consumed = { ...voucher, settled: 40n };
    expect(stateOf(consumed, params, 1n)).toEqual({ is: 'open', until: 10_000n });
    expect(stateOf(consumed, params, 2n)).toEqual({ is: 'reclaimable' });
    expect(stateOf({ ...consumed, settled: 39n }, params, 2n)).toEqual({ is: 'open', until: 10_000n });
  });
});

describe('a challenge', () => {
  it('is answered in time, or not', () => {
    expect(challengeOf(voucher, 1n)).toEqual({ is: 'none' });
    expect(challengeOf({ ...voucher, challengedUntil: 50n }, 50n)).toEqual({ is: 'waiting', until: 50n });
    expect(challengeOf({ ...voucher, challengedUntil: 50n }, 51n)).toEqual({ is: 'unanswered' });
    expect(challengeOf({ ...voucher, answeredAt: 40n }, 51n)).toEqual({ is: 'answered', at: 40n });
  });
});

describe('a voucher that has returned', () => {
  it('is told apart from one that may not yet', () => {
    const refused = (reason: 'ReclaimTooEarly' | 'ChallengePending' | 'Overflow') => hasReturned({ ok: false, refusal: Refusal.of(reason) });
    expect([refused('ReclaimTooEarly'), refused('ChallengePending'), refused('Overflow')]).toEqual([false, false, true]);
    expect(hasReturned({ ok: true, value: 1n })).toBe(false);
  });
});
