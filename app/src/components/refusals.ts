import type { I18n } from '@lingui/core';
import { msg } from '@lingui/core/macro';
import { REFUSAL_MESSAGES, REMEDY_MESSAGES } from './refusal_messages.ts';

/** The program's refusal in the reader's language, and what would help; a code that this build does not know stands for itself. */
export function refusalSentence(code: number, i18n: I18n): string {
  const message = REFUSAL_MESSAGES[code];
  if (message === undefined) return i18n._(msg`The program refuses with code ${code}, which this page does not know: reload it`);
  const remedy = REMEDY_MESSAGES[code];
  const [sentence, help] = [i18n._(message), remedy === undefined ? undefined : i18n._(remedy)];
  return help === undefined ? sentence : i18n._(msg`${sentence}: ${help}`);
}
