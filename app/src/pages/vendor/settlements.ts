import type { SettledReceipt } from '@specie/sdk/generated';
import type { VaultEvent } from '../../chain/vault_history.ts';
import { balancesAfter } from './margin_history.ts';

/** Receipts that were settled together. */
export interface Settlement {
  readonly id: string;
  readonly at: bigint;
  readonly signature: string;
  readonly receipts: readonly SettledReceipt[];
  /** Units served since the event before; undefined where that is out of sight. */
  readonly added: bigint | undefined;
  /** Units served since the vault's opening. */
  readonly delivered: bigint;
}

/** The settlements among a vault's events, both latest first. */
export function settlementsOf(events: readonly VaultEvent[]): readonly Settlement[] {
  return events.flatMap(({ at, signature, event }, index) => {
    if (event.name !== 'Settled') return [];
    const { receipts, balances } = event.data;
    const before = events.slice(index + 1).map(balancesAfter).find((found) => found !== undefined);
    const isFirst = events.slice(index + 1).some((earlier) => earlier.event.name === 'VaultOpened');
    const since = before?.delivered ?? (isFirst ? 0n : undefined);
    return [{ id: `${signature} ${index}`, at, signature, receipts, delivered: balances.delivered, added: since === undefined ? undefined : balances.delivered - since }];
  });
}
