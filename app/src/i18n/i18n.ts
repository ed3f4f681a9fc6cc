import { i18n } from '@lingui/core';
import { getSettings, subscribeSettings, type Locale } from '../config/settings.ts';

export const LOCALES: Readonly<Record<Locale, string>> = {
  en: 'English',
  'zh-HK': '繁體中文（香港）',
};

async function messagesOf(locale: Locale) {
  // Named one by one, so that each language is a file of its own that only its readers load.
  const { messages } = locale === 'zh-HK' ? await import('../locales/zh-HK.po') : await import('../locales/en.po');
  return messages;
}

async function activate(locale: Locale): Promise<void> {
  if (i18n.locale === locale) return;
  const messages = await messagesOf(locale);
  i18n.loadAndActivate({ locale, messages });
  document.documentElement.lang = locale;
}

/** Loads the reader's language, and follows the setting from then on. */
export async function startI18n(): Promise<void> {
  await activate(getSettings().locale);
  subscribeSettings(() => void activate(getSettings().locale));
}
