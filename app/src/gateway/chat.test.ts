import { describe, expect, it } from 'vitest';
import { parseStreamLine, shorter, type Asked } from './chat.ts';

const asked = {
  model: { tariff: { inputUnitsPer1000: 2_000_000n, cachedUnitsPer1000: 0n, outputUnitsPer1000: 6_000_000n, unitsPerSecond: 0n } },
  maxTokens: 256,
} as Asked;

describe('an answer that the voucher has too little for', () => {
  it('is asked for shorter, by what it could cost too much', () => {
    expect(shorter(asked, 336_000n)?.maxTokens).toBe(199);
    expect(shorter(asked, 1n)?.maxTokens).toBe(254);
  });

  it('is not asked for where hardly any would be left', () => {
    expect(shorter(asked, 1_500_000n)).toBeUndefined();
    expect(shorter(asked, 0n)).toBeUndefined();
  });
});

describe('a stream', () => {
  it('has text, the signed record in a comment, and lines that say nothing', () => {
    expect(parseStreamLine('data: {"choices":[{"delta":{"content":"Hi"}}]}')).toEqual({ text: 'Hi' });
    expect(parseStreamLine(': specie-usage a.b.c')).toEqual({ record: 'a.b.c' });
    for (const line of ['', 'data: [DONE]', ': keep-alive', 'data: {"choices":[{"delta":{}}]}', 'data: {"choices":[]}']) {
      expect(parseStreamLine(line)).toBeUndefined();
    }
  });
});
