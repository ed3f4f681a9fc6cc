import { describe, expect, it } from 'vitest';
import { faultOf } from './amount_fault.ts';

describe('what is wrong with a typed amount', () => {
  it.each([
    ['', 'empty'],
    ['  ', 'empty'],
    ['ten', 'not-a-number'],
    ['1e3', 'not-a-number'],
    ['.', 'not-a-number'],
    ['1.2.3', 'not-a-number'],
    ['0x10', 'not-a-number'],
    ['1,5', 'comma'],
    ['1,000,00', 'comma'],
    ['-1', 'negative'],
    ['−0.5', 'negative'],
    ['0.0000001', 'too-many-decimals'],
    ['99999999999999', 'too-large'],
    ['0', 'zero'],
    ['0.000', 'zero'],
    ['10.000001', 'too-much'],
  ])('of %j is that it is %s', (text, fault) => {
    expect(faultOf(text, { decimals: 6, most: 10_000_000n })).toBe(fault);
  });

  it('is nothing where it can be taken', () => {
    expect(faultOf('10', { decimals: 6, most: 10_000_000n })).toBeUndefined();
    expect(faultOf('0', { decimals: 6, allowsZero: true })).toBeUndefined();
    expect(faultOf('１２．５', { decimals: 6 })).toBeUndefined();
    expect(faultOf('1,234.5', { decimals: 6 })).toBeUndefined();
  });
});
