import {
  priceOf,
  readVoucher,
  signProof,
  signReceipt,
  termsOf,
  type Tariff,
  type UsageRecord,
  type VoucherTerms,
} from '@specie/sdk/messages';
import type { Vault, Voucher } from '@specie/sdk/generated';
import type { Account, Address, KeyPairSigner } from '@solana/kit';
import { Failure } from '../transactions/failure.ts';

/** Whose voucher is consumed where, and who signs for it. */
export interface Consumer {
  readonly gateway: string;
  readonly voucher: Account<Voucher>;
  readonly vault: Account<Vault>;
  readonly cluster: Address;
  readonly signer: KeyPairSigner;
  /** Notes what is about to be signed, durably, before it is. */
  readonly note: (units: bigint) => Promise<void>;
}

/** A session as the gateway describes it. */
export interface SessionState {
  readonly id: string;
  readonly expiresAt: number;
  readonly allowance: bigint;
  readonly consumed: bigint;
  readonly settled: bigint;
}

export interface OpenSession extends SessionState {
  readonly apiKey: string;
  readonly signedVoucher: string;
}

interface GatewayRefusal {
  readonly message: string;
  readonly reason: string | undefined;
  /** The receipt that would allow what was refused. */
  readonly cumulative: bigint | undefined;
  /** By how many units the request could cost more than the voucher has left. */
  readonly excess: bigint | undefined;
}

/** A gateway refused. */
export class GatewayError extends Failure {
  constructor(
    readonly status: number,
    readonly refusal: GatewayRefusal,
  ) {
    super({ code: 'gateway', said: refusal.message });
  }
}

type Json = Record<string, unknown>;

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

function unitsOf(value: unknown): bigint | undefined {
  return typeof value === 'string' && /^\d+$/.test(value) ? BigInt(value) : undefined;
}

function refusalOf(status: number, body: unknown): GatewayRefusal {
  const error = isRecord(body) && isRecord(body['error']) ? body['error'] : {};
  const specie = isRecord(error['specie']) ? error['specie'] : {};
  const accepts: unknown = Array.isArray(specie['accepts']) ? specie['accepts'][0] : undefined;
  const cumulative = isRecord(accepts) ? accepts['cumulative'] : undefined;
  const [needed, consumed, held, claimable] = ['needed', 'consumed', 'held', 'claimable'].map((key) => unitsOf(specie[key]));
  return {
    message: typeof error['message'] === 'string' ? error['message'] : `it answered ${status}`,
    reason: typeof specie['reason'] === 'string' ? specie['reason'] : undefined,
    cumulative: unitsOf(cumulative),
    excess:
      needed === undefined || consumed === undefined || held === undefined || claimable === undefined
        ? undefined
        : consumed + held + needed - claimable,
  };
}

/** Asks a gateway; its refusal is thrown in its own words. */
export async function ask(url: string, init: RequestInit): Promise<Response> {
  const answer = await fetch(url, { ...init, credentials: 'omit' }).catch((error: unknown) => {
    throw new Failure({ code: 'gateway', said: 'it does not answer' }, error);
  });
  if (answer.ok) return answer;
  throw new GatewayError(answer.status, refusalOf(answer.status, await answer.json().catch(() => undefined)));
}

async function post(url: string, body: unknown): Promise<Json> {
  const answer = await ask(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const json: unknown = await answer.json();
  if (!isRecord(json)) throw new Failure({ code: 'gateway', said: 'its answer is no object' });
  return json;
}

function amount(json: Json, key: string): bigint {
  const value = json[key];
  if (typeof value !== 'string' || !/^\d+$/.test(value)) throw new Failure({ code: 'gateway', said: `its answer has no amount "${key}"` });
  return BigInt(value);
}

function text(json: Json, key: string): string {
  const value = json[key];
  if (typeof value !== 'string') throw new Failure({ code: 'gateway', said: `its answer has no "${key}"` });
  return value;
}

function sessionOf(json: Json): SessionState {
  return {
    id: text(json, 'id'),
    expiresAt: Number(json['expires_at']),
    allowance: amount(json, 'allowance'),
    consumed: amount(json, 'consumed'),
    settled: amount(json, 'settled'),
  };
}

/** The signed voucher, which must say what its account on chain says, by the issuer that the vault names. */
export async function fetchSignedVoucher({ gateway, voucher, vault, cluster }: Consumer): Promise<string> {
  const token = text(await post(`${gateway}/v1/vouchers/${voucher.address}`, {}), 'voucher');
  const { terms } = await readVoucher(token, vault.data.issuer, cluster).catch((error: unknown) => {
    throw new Failure({ code: 'gateway', said: 'its voucher is not signed by the vault’s issuer' }, error);
  });
  const expected = termsOf(voucher.address, voucher.data);
  const differs = (Object.keys(expected) as (keyof VoucherTerms)[]).some((key) => expected[key] !== terms[key]);
  if (differs) throw new Failure({ code: 'gateway', said: 'its voucher says something else than the chain' });
  return token;
}

async function signedReceipt({ voucher, cluster, signer, note }: Consumer, cumulative: bigint) {
  if (cumulative > voucher.data.units) throw new Failure({ code: 'gateway', said: 'it asks for more than the voucher has' });
  await note(cumulative);
  return signReceipt(termsOf(voucher.address, voucher.data), cumulative, cluster, signer);
}

/** Opens a session, whose key any OpenAI client uses, at the terms that were published. */
export async function openSession(consumer: Consumer, allowance: bigint, terms: string): Promise<OpenSession> {
  const { gateway, voucher, cluster, signer } = consumer;
  const signedVoucher = await fetchSignedVoucher(consumer);
  const json = await post(`${gateway}/v1/sessions`, {
    voucher: signedVoucher,
    proof: await signProof(termsOf(voucher.address, voucher.data), cluster, signer),
    receipt: await signedReceipt(consumer, allowance),
    terms,
  });
  return { ...sessionOf(json), apiKey: text(json, 'api_key'), signedVoucher };
}

/** Signs that more may be consumed. */
export async function raiseAllowance(consumer: Consumer, session: string, cumulative: bigint): Promise<SessionState> {
  const receipt = await signedReceipt(consumer, cumulative);
  return sessionOf(await post(`${consumer.gateway}/v1/sessions/${session}/receipts`, receipt));
}

/** How a session's voucher stands. */
export async function readSessionState(gateway: string, session: string, apiKey: string): Promise<SessionState> {
  const answer = await ask(`${gateway}/v1/sessions/${session}`, { headers: { authorization: `Bearer ${apiKey}` } });
  return sessionOf((await answer.json()) as Json);
}

/** Whether a charge is what the tariff that was published makes of what it says was consumed. */
export function isAsPublished(record: UsageRecord, published: Tariff): boolean {
  const { tariff } = record;
  const same =
    tariff.inputUnitsPer1000 === published.inputUnitsPer1000 &&
    tariff.cachedUnitsPer1000 === published.cachedUnitsPer1000 &&
    tariff.outputUnitsPer1000 === published.outputUnitsPer1000 &&
    tariff.unitsPerSecond === published.unitsPerSecond;
  return same && record.units <= priceOf(published, record.usage);
}
