import type { I18n } from '@lingui/core';
import { REFUSAL_MESSAGES } from './refusal_messages.ts';

/** The program's refusal in the reader's language; a code that this build does not know stands for itself. */
export function refusalSentence(code: number, i18n: I18n): string {
  const message = REFUSAL_MESSAGES[code];
  return message === undefined ? `${code}` : i18n._(message);
}
