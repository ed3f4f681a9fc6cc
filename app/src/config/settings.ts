import { useSyncExternalStore } from 'react';
import { isServiceUrl } from './config.ts';

export type Theme = 'system' | 'light' | 'dark';
export type Locale = 'en' | 'zh-HK';

/** What the reader chose, kept in this browser alone. */
export interface Settings {
  readonly theme: Theme;
  readonly locale: Locale;
  /** RPC nodes of the reader's own, asked before those of `config.json`; usually empty. */
  readonly rpc: readonly string[];
  /** The most lamports that one transaction may pay for priority. */
  readonly priorityFeeCap: bigint;
  /** By how many basis points a price may move between the preview and the purchase. */
  readonly slippageBps: number;
}

const KEY = 'specie.settings.1';

export const DEFAULTS: Settings = {
  theme: 'system',
  locale: 'en',
  rpc: [],
  priorityFeeCap: 100_000n,
  slippageBps: 50,
};

/** Reads stored settings; whatever does not read as a setting is the default instead. */
export function parseSettings(stored: string | null, preferred: Locale): Settings {
  const defaults = { ...DEFAULTS, locale: preferred };
  if (stored === null) return defaults;
  try {
    const value = JSON.parse(stored) as Partial<Record<keyof Settings, unknown>>;
    const { theme, locale, rpc, priorityFeeCap, slippageBps } = value;
    return {
      theme: theme === 'light' || theme === 'dark' ? theme : 'system',
      locale: locale === 'zh-HK' || locale === 'en' ? locale : preferred,
      rpc: Array.isArray(rpc) ? rpc.filter((url) => typeof url === 'string' && isServiceUrl(url)) : [],
      priorityFeeCap:
        typeof priorityFeeCap === 'string' && /^\d{1,12}$/.test(priorityFeeCap)
          ? BigInt(priorityFeeCap)
          : DEFAULTS.priorityFeeCap,
      slippageBps:
        typeof slippageBps === 'number' && Number.isInteger(slippageBps) && slippageBps >= 0 && slippageBps <= 1_000
          ? slippageBps
          : DEFAULTS.slippageBps,
    };
  } catch {
    return defaults;
  }
}

function preferredLocale(): Locale {
  return navigator.languages.some((language) => language.toLowerCase().startsWith('zh')) ? 'zh-HK' : 'en';
}

let current = parseSettings(localStorage.getItem(KEY), preferredLocale());
const listeners = new Set<() => void>();

// Another tab of this browser has the same settings.
globalThis.addEventListener?.('storage', ({ key, newValue }) => {
  if (key !== KEY) return;
  current = parseSettings(newValue, preferredLocale());
  for (const listener of listeners) listener();
});

export function getSettings(): Settings {
  return current;
}

export function updateSettings(change: Partial<Settings>): void {
  current = { ...current, ...change };
  localStorage.setItem(KEY, JSON.stringify({ ...current, priorityFeeCap: current.priorityFeeCap.toString() }));
  for (const listener of listeners) listener();
}

export function subscribeSettings(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useSettings(): Settings {
  return useSyncExternalStore(subscribeSettings, getSettings);
}
