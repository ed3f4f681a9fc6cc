import { describe, expect, it } from 'vitest';
import type { Discovery } from '@specie/sdk/gateway';
import { worthOfCoin } from './worth.ts';

const offer: Discovery = {
  vault: '',
  issuer: '',
  currency: '',
  cluster: '',
  classes: ['inference'],
  terms: '',
  models: [
    {
      id: 'demo',
      tariff: { inputUnitsPer1000: 300n, cachedUnitsPer1000: 0n, outputUnitsPer1000: 900n, unitsPerSecond: 0n },
      class: 'inference',
      contextTokens: 4_096,
      maxOutputTokens: 512,
      templateTokens: 64,
    },
  ],
  pools: [{ id: 'h200', class: 'training', accelerators: 8, unitsPerSecond: 278n }],
};

describe('what a coin is worth', () => {
  it('is what its units buy, rounded down', () => {
    expect(worthOfCoin(offer, { owed: 7n, tokens: 7n })).toEqual([
      { id: 'demo', kind: 'input', amount: 3_333_333n },
      { id: 'demo', kind: 'output', amount: 1_111_111n },
      { id: 'h200', kind: 'seconds', amount: 3_597n },
    ]);
  });

  it('falls with the backing', () => {
    expect(worthOfCoin(offer, { owed: 1n, tokens: 2n })[0]?.amount).toBe(1_666_666n);
  });
});
