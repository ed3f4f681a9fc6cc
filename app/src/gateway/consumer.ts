import { clusterOf } from '@specie/sdk/plans';
import { connectGateway, openSession, type Discovery, type Gateway, type OpenedSession, type SessionRequest } from '@specie/sdk/gateway';
import { termsOf } from '@specie/sdk/messages';
import type { Currency, Vault, Voucher } from '@specie/sdk/generated';
import type { Account } from '@solana/kit';
import { signerOf } from '../sessions/key.ts';
import { noteSigned, readSession, type SessionRecord } from '../sessions/store.ts';

/** A voucher, the gateway that serves it, and the session key that signs for it. */
export interface Consumer {
  readonly gateway: Gateway;
  readonly request: Omit<SessionRequest, 'allowance' | 'published'>;
  /** Notes durably what is about to be signed. */
  readonly note: (units: bigint) => Promise<void>;
}

interface ConsumerFacts {
  readonly url: string;
  readonly voucher: Account<Voucher>;
  readonly vault: Account<Vault>;
  readonly currency: Account<Currency>;
  readonly record: SessionRecord;
}

/** Whoever consumes a voucher with a key of this browser. */
export async function consumerOf({ url, voucher, vault, currency, record }: ConsumerFacts): Promise<Consumer> {
  return {
    gateway: connectGateway(url),
    request: {
      terms: termsOf(voucher.address, voucher.data),
      issuer: vault.data.issuer,
      cluster: clusterOf(currency.data),
      session: await signerOf(record.key),
    },
    note: (units) => noteSigned(voucher.address, units),
  };
}

/** A session, and the units since the voucher was opened that this browser has signed for. */
export interface SignedSession {
  readonly session: OpenedSession;
  readonly allowance: bigint;
}

/**
 * Opens a session, at the prices that the reader has seen. The receipt is over `wanted` units, or over what was signed before
 * if that is more, and never over more than the voucher has.
 */
export async function openAt(consumer: Consumer, wanted: bigint, seen: Discovery): Promise<SignedSession> {
  const { gateway, request, note } = consumer;
  const { voucher, units } = request.terms;
  const signed = (await readSession(voucher))?.signed ?? 0n;
  const most = wanted > signed ? wanted : signed;
  const allowance = most > units ? units : most;
  await note(allowance);
  return { session: await openSession(gateway, { ...request, allowance, published: seen.terms }), allowance };
}
