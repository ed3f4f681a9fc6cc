import { i18n } from '@lingui/core';
import { REASONS, type Reason } from '@specie/sdk/gateway';
import { beforeAll, describe, expect, it } from 'vitest';
import { messages as english } from '../locales/en.po';
import { messages as chinese } from '../locales/zh-HK.po';
import { gatewaySentence } from './gateway_sentences.ts';
import { REFUSAL_MESSAGES } from './refusal_messages.ts';
import { refusalSentence } from './refusals.ts';

/** A parameter’s or field’s name, or a word of those who write programs. */
const PROGRAM_WORDS = /[a-z0-9]+_[a-z0-9_]+|\beta\b|documentation|client library/u;

beforeAll(() => {
  i18n.load({ en: english, 'zh-HK': chinese });
});

describe('a refusal of the program', () => {
  it.each(['en', 'zh-HK'])('is told without the program’s names for things (%s)', (locale) => {
    i18n.activate(locale);
    const told = Object.keys(REFUSAL_MESSAGES).map((code) => refusalSentence(Number(code), i18n));
    // What only those meet who build signed messages themselves keeps the program's words.
    expect(told.filter((sentence) => PROGRAM_WORDS.test(sentence) && !sentence.includes('Ed25519'))).toEqual([]);
  });
});

describe('a refusal of a gateway', () => {
  const said = 'this request can cost 152000 units';
  const figures = { needed: '152000', available: '7000', claimable: '500000', consumed: '400000', held: '1', allowance: '300000', left: '5', limit: '65536' };

  it('is told with its amounts in SCU', () => {
    i18n.activate('en');
    expect(gatewaySentence({ reason: 'voucher_exhausted', figures, said }, i18n)).toBe(
      'This can cost 0.152 SCU, and the voucher has 0.099999 SCU left. Ask for less, or redeem another.',
    );
    expect(gatewaySentence({ reason: 'rate_limited', figures: {}, retryAfter: 90, said }, i18n)).toContain('Try again in 1 minute 30 seconds.');
  });

  it.each(Object.keys(REASONS))('for %s is told in the reader’s language alone, with and without figures', (reason) => {
    i18n.activate('zh-HK');
    for (const known of [figures, {}]) {
      const told = gatewaySentence({ reason: reason as Reason, figures: known, said: '' }, i18n);
      expect(told).toMatch(/[\u4e00-\u9fff]/u);
      expect(told).not.toMatch(/[A-Za-z’]+(?:[ ,]+[A-Za-z’]+){2}|\bunits\b|undefined|NaN/u);
    }
  });

  it('for a reason that only a newer gateway has is told by its code, and not in its own words', () => {
    i18n.activate('zh-HK');
    const told = gatewaySentence({ reason: 'from_the_future', figures: {}, said }, i18n);
    expect(told).toContain('from_the_future');
    expect(told).not.toContain(said);
  });
});
