import { getSettings, subscribeSettings } from './settings.ts';

function apply(): void {
  const { theme } = getSettings();
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

/** Shows the reader's theme, and follows the setting from then on. */
export function startTheme(): void {
  apply();
  subscribeSettings(apply);
}
