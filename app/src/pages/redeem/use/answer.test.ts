import { mostFor, type ModelOffer } from '@specie/sdk/gateway';
import { describe, expect, it } from 'vitest';
import { firstAllowance, maxTokensOf, nextAllowance } from './answer.ts';

const model = {
  id: 'demo',
  class: 'inference',
  contextTokens: 4_096,
  maxOutputTokens: 128,
  templateTokens: 64,
  tariff: { inputUnitsPer1000: 1_000n, cachedUnitsPer1000: 0n, outputUnitsPer1000: 5_000n, unitsPerSecond: 0n },
} as unknown as ModelOffer;

describe('what is signed in advance', () => {
  it('is at first what one answer fits in', () => {
    const question = { model, messages: [{ role: 'user' as const, content: 'What is an SCU?' }], maxTokens: maxTokensOf(model) };
    const first = firstAllowance([model], 1_000_000_000n);
    expect(maxTokensOf(model)).toBe(128);
    expect(first).toBeGreaterThanOrEqual(mostFor(question));
    expect(first).toBeLessThan(2n * mostFor(question));
  });

  it('is no more than is left of the voucher', () => {
    expect(firstAllowance([model], 10n)).toBe(10n);
    expect(firstAllowance([], 10n)).toBe(10n);
  });

  it('has room for one more answer when it is raised, and is never beyond the voucher', () => {
    expect(nextAllowance({ wanted: 120n, consumed: 20n }, 1_000n)).toBe(220n);
    expect(nextAllowance({ wanted: 120n, consumed: 20n }, 150n)).toBe(150n);
  });
});
