import { describe, expect, it } from 'vitest';
import { formatAmount, formatBps, parseAmount } from './amount.ts';

describe('amounts', () => {
  it('are shown to the last digit and never rounded', () => {
    expect(formatAmount(1_999_999n, 6, 'en')).toBe('1.999999');
    expect(formatAmount(1_500_000n, 6, 'en')).toBe('1.5');
    expect(formatAmount(2_000_000n, 6, 'en', 2)).toBe('2.00');
    expect(formatAmount(18_446_744_073_709_551_615n, 6, 'en')).toBe('18,446,744,073,709.551615');
    expect(formatAmount(-1n, 6, 'en')).toBe('−0.000001');
    expect(formatAmount(7n, 0, 'en')).toBe('7');
  });

  it('are read as they are shown', () => {
    for (const value of [0n, 1n, 999_999n, 1_000_000n, 123_456_789_012n]) {
      expect(parseAmount(formatAmount(value, 6, 'en'), 6)).toBe(value);
    }
  });

  it('are refused with more digits than there are, or with anything else', () => {
    for (const text of ['0.0000001', '1,5', '12,34', '1,2345', ',5', '1,000,00', '0x10', '99999999999999', '', '.', '1.2.3', '-1', '1e3', 'ten', ' ']) {
      expect(parseAmount(text, 6)).toBeUndefined();
    }
  });

  it('have commas between groups of three digits alone, and may be typed at full width', () => {
    expect(parseAmount('1,234,567.5', 6)).toBe(1_234_567_500_000n);
    expect(parseAmount('１２．５', 6)).toBe(12_500_000n);
    expect(parseAmount(' 7. ', 6)).toBe(7_000_000n);
    expect(parseAmount('.5', 6)).toBe(500_000n);
  });

  it('of basis points are percentages with both decimals', () => {
    expect(formatBps(30n, 'en')).toBe('0.30 %');
    expect(formatBps(15_000n, 'en')).toBe('150.00 %');
    expect(formatBps(12_345n, 'en')).toBe('123.45 %');
  });
});
