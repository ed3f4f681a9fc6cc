import type { Charge } from '@specie/sdk/gateway';
import type { Address } from '@solana/kit';
import { useSyncExternalStore } from 'react';

/** What somebody said. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
  readonly charge?: Charge | undefined;
  /** The reader stopped it, so that its record of usage was not heard. */
  readonly isStopped?: boolean;
}

/** What was said with a voucher, and what is being typed. */
export interface Conversation {
  readonly turns: readonly Turn[];
  readonly draft: string;
}

const EMPTY: Conversation = { turns: [], draft: '' };

/** Where a voucher's conversation is kept: in this tab, over reloads, until the tab is closed. */
const keyOf = (voucher: Address): string => `specie-chat-${voucher}`;

const conversations = new Map<Address, Conversation>();
const listeners = new Set<() => void>();

/** Amounts are written as texts with a name, since JSON has no whole numbers of their size. */
export function write(conversation: Conversation): string {
  return JSON.stringify(conversation, (_, value: unknown) => (typeof value === 'bigint' ? { bigint: value.toString() } : value));
}

function revived(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('bigint' in value)) return value;
  return typeof value.bigint === 'string' && /^-?\d+$/u.test(value.bigint) ? BigInt(value.bigint) : value;
}

function isTurn(value: unknown): value is Turn {
  if (typeof value !== 'object' || value === null || !('role' in value) || !('content' in value)) return false;
  return (value.role === 'user' || value.role === 'assistant') && typeof value.content === 'string';
}

/** Reads what was kept; a question that was left without its answer, as by a reload, is a draft again. */
export function read(stored: string | null): Conversation {
  try {
    const value: unknown = JSON.parse(stored ?? 'null', revived);
    if (typeof value !== 'object' || value === null || !('turns' in value) || !Array.isArray(value.turns)) return EMPTY;
    const turns = value.turns.filter(isTurn);
    const draft = 'draft' in value && typeof value.draft === 'string' ? value.draft : '';
    const last = turns.at(-1);
    if (last?.role !== 'user') return { turns, draft };
    return { turns: turns.slice(0, -1), draft: draft === '' ? last.content : draft };
  } catch {
    return EMPTY;
  }
}

export function conversationOf(voucher: Address): Conversation {
  const known = conversations.get(voucher);
  if (known !== undefined) return known;
  const kept = read(sessionStorage.getItem(keyOf(voucher)));
  conversations.set(voucher, kept);
  return kept;
}

/** Changes a conversation, whether or not it is on screen. */
export function updateConversation(voucher: Address, change: Partial<Conversation>): void {
  const next = { ...conversationOf(voucher), ...change };
  conversations.set(voucher, next);
  try {
    sessionStorage.setItem(keyOf(voucher), write(next));
  } catch {
    // The tab's storage is full: the conversation goes on, and is lost by a reload.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useConversation(voucher: Address): Conversation {
  return useSyncExternalStore(subscribe, () => conversationOf(voucher));
}
