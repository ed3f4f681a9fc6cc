import { i18n } from '@lingui/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { messages as english } from '../locales/en.po';
import { messages as chinese } from '../locales/zh-HK.po';
import { formatDuration, formatRelative } from './time.ts';

describe('times', () => {
  beforeAll(() => {
    i18n.load({ en: english, 'zh-HK': chinese });
    i18n.activate('en');
  });

  it('are cut off behind their second unit, and no longer than they are', () => {
    expect(formatRelative(29 * 86_400 + 86_399, i18n)).toBe('in 29 days 23 hours');
    expect(formatRelative(30 * 86_400, i18n)).toBe('in 30 days');
    expect(formatRelative(-7_199, i18n)).toBe('1 hour 59 minutes ago');
    expect(formatRelative(119, i18n)).toBe('in 1 minute 59 seconds');
    expect(formatRelative(-3_599, i18n)).toBe('59 minutes ago');
    expect(formatRelative(-59, i18n)).toBe('59 seconds ago');
    expect(formatRelative(400 * 86_400 + 5, i18n)).toBe('in 400 days');
    expect(formatRelative(0, i18n)).toBe('now');
  });

  it('are said in Chinese as they are in English', () => {
    i18n.activate('zh-HK');
    expect(formatRelative(29 * 86_400 + 86_399, i18n)).toMatch(/^29 ?[日天] 23 ?小時後$/u);
    expect(formatRelative(-59, i18n)).toMatch(/^59 ?秒前$/u);
    i18n.activate('en');
  });

  it('of rules are exact', () => {
    expect(formatDuration(90 * 86_400, 'en')).toBe('90 days');
    expect(formatDuration(5_400, 'en')).toBe('1 hour 30 minutes');
    expect(formatDuration(86_401, 'en')).toBe('1 day 1 second');
    expect(formatDuration(0, 'en')).toBe('0 seconds');
  });
});
