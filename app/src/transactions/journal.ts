import { useSyncExternalStore } from 'react';
import type { FailureFacts } from './failure.ts';
import type { ActionKind, Detail } from './plan.ts';

/** A transaction of this browser. Written before it is sent, so that a reload forgets none. */
export interface JournalEntry {
  readonly signature: string;
  readonly kind: ActionKind;
  readonly details: readonly Detail[];
  readonly feePayer: string;
  /** The genesis hash of the cluster that it was sent to. */
  readonly genesis: string;
  /** The signed transaction, base64: sent again until it is confirmed or cannot be any more. */
  readonly wire: string;
  readonly lastValidBlockHeight: string;
  /** Milliseconds. */
  readonly sentAt: number;
  readonly state: 'pending' | 'confirmed' | 'failed' | 'expired';
  readonly failure?: FailureFacts;
  readonly slot?: string;
}

const KEY = 'specie.journal.1';
/** Older ones that have ended are forgotten; the chain has them all. */
const KEPT = 200;

function isEntry(value: unknown): value is JournalEntry {
  const entry = value as Partial<JournalEntry> | null;
  return (
    typeof entry === 'object' &&
    entry !== null &&
    typeof entry.signature === 'string' &&
    typeof entry.wire === 'string' &&
    typeof entry.genesis === 'string' &&
    typeof entry.sentAt === 'number' &&
    Array.isArray(entry.details) &&
    /^\d+$/.test(entry.lastValidBlockHeight ?? '')
  );
}

/** Entries as they were stored, latest first; what does not read as one is left out. */
export function parseJournal(stored: string | null): readonly JournalEntry[] {
  try {
    const value: unknown = JSON.parse(stored ?? '[]');
    return Array.isArray(value) ? value.filter(isEntry) : [];
  } catch {
    return [];
  }
}

/** Puts an entry in its place: over the one with its signature, or before all others. */
export function withEntry(entries: readonly JournalEntry[], entry: JournalEntry): readonly JournalEntry[] {
  const known = entries.some(({ signature }) => signature === entry.signature);
  const all = known
    ? entries.map((other) => (other.signature === entry.signature ? entry : other))
    : [entry, ...entries];
  return all.filter(({ state }, index) => state === 'pending' || index < KEPT);
}

let entries = parseJournal(localStorage.getItem(KEY));
const listeners = new Set<() => void>();

function tell(): void {
  for (const listener of listeners) listener();
}

// Another tab of this browser writes the same journal.
globalThis.addEventListener?.('storage', (event) => {
  if (event.key !== KEY) return;
  entries = parseJournal(event.newValue);
  tell();
});

export function getJournal(): readonly JournalEntry[] {
  return entries;
}

export function record(entry: JournalEntry): void {
  entries = withEntry(parseJournal(localStorage.getItem(KEY)), entry);
  localStorage.setItem(KEY, JSON.stringify(entries));
  tell();
}

export function forgetEnded(): void {
  entries = entries.filter(({ state }) => state === 'pending');
  localStorage.setItem(KEY, JSON.stringify(entries));
  tell();
}

export function useJournal(): readonly JournalEntry[] {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, getJournal);
}
