import type { Address } from '@solana/kit';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createStore, entries, get, set, update } from 'idb-keyval';
import { useCallback } from 'react';
import { createDeviceKey, type StoredKey } from './key.ts';

/** A session key, the voucher that it is of, and what it has signed. */
export interface SessionRecord {
  readonly key: StoredKey;
  readonly voucher: Address;
  readonly vault: Address;
  /** Milliseconds. */
  readonly createdAt: number;
  /** Units up to which receipts were signed: kept before a receipt leaves, so that none ever says less. */
  readonly signed: bigint;
}

const SESSIONS = createStore('specie-sessions', 'sessions');
const DEVICE = createStore('specie-device', 'device');
const QUERY = ['sessions'];

/** This browser's own wrapping key, made when it is first needed. */
export async function deviceKey(): Promise<CryptoKey> {
  const known = await get<CryptoKey>('key', DEVICE);
  if (known !== undefined) return known;
  const made = await createDeviceKey();
  // Another tab may have made one meanwhile, and wrapped with it: the first that is kept stays.
  let kept = made;
  await update<CryptoKey>('key', (other) => (kept = other ?? made), DEVICE);
  return kept;
}

/** Keeps a session key by its voucher. Asks the browser not to clear it when space runs short. */
export async function keepSession(record: Omit<SessionRecord, 'createdAt'>): Promise<void> {
  await navigator.storage?.persist?.().catch(() => false);
  await set(record.voucher, { ...record, createdAt: Date.now() }, SESSIONS);
}

export function readSession(voucher: Address): Promise<SessionRecord | undefined> {
  return get<SessionRecord>(voucher, SESSIONS);
}

/** Notes that receipts up to some units are about to be signed; what was noted never falls. */
export async function noteSigned(voucher: Address, units: bigint): Promise<void> {
  await update<SessionRecord>(
    voucher,
    (record) => {
      if (record === undefined) throw new Error(`no session key of the voucher ${voucher} is kept here`);
      return units > record.signed ? { ...record, signed: units } : record;
    },
    SESSIONS,
  );
}

/** The session keys that this browser keeps. */
export function useSessions() {
  return useQuery({
    queryKey: QUERY,
    queryFn: async (): Promise<readonly SessionRecord[]> => {
      const all = await entries<Address, SessionRecord>(SESSIONS);
      return all.map(([, record]) => record);
    },
  });
}

export function useRefreshSessions(): () => Promise<void> {
  const queries = useQueryClient();
  return useCallback(() => queries.invalidateQueries({ queryKey: QUERY }), [queries]);
}
