import type { I18n } from '@lingui/core';
import { Refusal } from '@specie/sdk/errors';

/** The program's refusal in the reader's language; in English, the program's own words. */
export function refusalSentence(code: number, i18n: I18n): string {
  const refusal = Refusal.ofCode(code);
  return refusal === undefined ? `${code}` : i18n._(refusal.sentence);
}
