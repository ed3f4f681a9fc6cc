import { describe, expect, it } from 'vitest';
import { formatDuration, formatRelative } from './time.ts';

describe('times', () => {
  it('are cut off to their largest unit, and no longer than they are', () => {
    expect(formatRelative(29 * 86_400 + 86_399, 'en')).toBe('in 29 days');
    expect(formatRelative(-59, 'en')).toBe('59 seconds ago');
    expect(formatRelative(0, 'en')).toBe('now');
  });

  it('of rules are exact', () => {
    expect(formatDuration(90 * 86_400, 'en')).toBe('90 days');
    expect(formatDuration(5_400, 'en')).toBe('1 hour 30 minutes');
    expect(formatDuration(86_401, 'en')).toBe('1 day 1 second');
    expect(formatDuration(0, 'en')).toBe('0 seconds');
  });
});
