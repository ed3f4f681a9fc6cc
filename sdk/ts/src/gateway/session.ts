import type { Address, MessagePartialSigner } from "@solana/kit";
import { readVoucher, signProof, signReceipt, type SentReceipt, type VoucherTerms } from "../messages/index.js";
import { authorization, bodyOf, type Gateway, type Schemas } from "./client.js";
import { discover, mismatchOf, type Discovery } from "./discovery.js";
import { GatewayError, GatewayMismatch } from "./error.js";

/** How often terms are read anew that changed between reading them and opening a session under them. */
const TRIES = 4;

/** Who opens a session, on which voucher. */
export interface SessionRequest {
  /** The voucher's terms, as the chain has them. */
  readonly terms: VoucherTerms;
  /** The vault's issuer, as the chain has it. */
  readonly issuer: Address;
  /** The cluster's genesis hash. */
  readonly cluster: Address;
  /** The voucher's session key. */
  readonly session: MessagePartialSigner;
  /** Units that the gateway may serve for since the voucher was opened; what is not consumed costs nothing. */
  readonly allowance: bigint;
  /** The hash of the terms that whoever pays has seen; without it, those that the gateway publishes by then are taken. */
  readonly published?: string;
}

/** How a session's voucher stands; amounts are units, times are Unix seconds. */
export interface SessionState {
  readonly id: string;
  readonly createdAt: bigint;
  readonly expiresAt: bigint;
  /** The hash of the terms that it was opened under: its prices, until it ends. */
  readonly terms: string;
  readonly voucher: string;
  readonly voucherExpiresAt: bigint;
  readonly units: bigint;
  /** The highest receipt. */
  readonly allowance: bigint;
  readonly consumed: bigint;
  /** Held for requests that are being served. */
  readonly held: bigint;
  /** What the next request can be held from. */
  readonly available: bigint;
  /** Settled on chain. */
  readonly settled: bigint;
  /** Whether the voucher's owner ended it, or it is gone. */
  readonly isClosing: boolean;
}

/** A session that was opened, with its secret. */
export interface OpenedSession {
  /** What any OpenAI client uses; shown this once. */
  readonly apiKey: string;
  readonly state: SessionState;
  /** What the gateway published: the session's prices. */
  readonly discovery: Discovery;
  /** The voucher as the issuer signed it: evidence of what is owed. */
  readonly signedVoucher: string;
}

/**
 * Opens a session at the gateway of the voucher's vault.
 *
 * Checks first that the gateway serves for that vault, cluster and issuer, and that the voucher it signs is the one on chain.
 */
export async function openSession(gateway: Gateway, request: SessionRequest): Promise<OpenedSession> {
  let signedVoucher: string | undefined;
  for (let tries = 1; ; tries += 1) {
    const discovery = await discover(gateway);
    requireGatewayOf(gateway, discovery, request);
    signedVoucher ??= await fetchVoucher(gateway, request);
    const receipt = await signReceipt(request.terms, request.allowance, request.cluster, request.session);
    try {
      return await openUnder(gateway, request, { discovery, signedVoucher, receipt });
    } catch (error) {
      const haveTermsChanged = error instanceof GatewayError && error.reason === "terms_changed";
      if (!haveTermsChanged || tries === TRIES) throw error;
    }
  }
}

function requireGatewayOf({ url }: Gateway, discovery: Discovery, { terms, issuer, cluster, published }: SessionRequest): void {
  const expected = { vault: terms.vault, issuer, cluster };
  const name = mismatchOf(discovery, expected);
  if (name !== undefined && name !== "currency") {
    const sentence = `The gateway ${url} serves for the ${name} ${discovery[name]}, and the voucher's is ${expected[name]}: ask the vendor for the vault's gateway`;
    throw new GatewayMismatch("identity", sentence);
  }
  if (published !== undefined && discovery.terms !== published) {
    throw new GatewayMismatch("terms", `The gateway ${url} publishes the terms ${discovery.terms}, and ${published} were agreed to: read its prices again`);
  }
}

async function fetchVoucher(gateway: Gateway, { terms, issuer, cluster }: SessionRequest): Promise<string> {
  const { voucher } = await bodyOf(gateway.api.POST("/v1/vouchers/{address}", { params: { path: { address: terms.voucher } } }));
  const read = await readVoucher(voucher, issuer, cluster);
  const differing = (Object.keys(terms) as (keyof VoucherTerms)[]).find((name) => read.terms[name] !== terms[name]);
  if (differing !== undefined) {
    throw new GatewayMismatch("voucher", `The gateway ${gateway.url} signed a voucher whose ${differing} is ${read.terms[differing]}, and the chain's is ${terms[differing]}`);
  }
  return voucher;
}

interface Opening {
  readonly discovery: Discovery;
  readonly signedVoucher: string;
  readonly receipt: SentReceipt;
}

async function openUnder(gateway: Gateway, request: SessionRequest, { discovery, signedVoucher, receipt }: Opening): Promise<OpenedSession> {
  // A proof opens one session at most, so each try makes its own.
  const proof = await signProof(request.terms, request.cluster, request.session);
  const body = { voucher: signedVoucher, proof, receipt, terms: discovery.terms };
  const opened = await bodyOf(gateway.api.POST("/v1/sessions", { body }));
  if (opened.api_key === undefined) throw new GatewayMismatch("answer", `The gateway ${gateway.url} opened a session without saying its key`);
  if (opened.terms !== discovery.terms) throw new GatewayMismatch("answer", `The gateway ${gateway.url} opened a session under other terms than it published`);
  return { apiKey: opened.api_key, state: stateOf(opened), discovery, signedVoucher };
}

/** How a session stands now. */
export async function showSession(gateway: Gateway, apiKey: string, id: string, signal?: AbortSignal): Promise<SessionState> {
  const asked = { params: { path: { id } }, headers: authorization(apiKey), ...(signal === undefined ? {} : { signal }) };
  return stateOf(await bodyOf(gateway.api.GET("/v1/sessions/{id}", asked)));
}

/** Lets the gateway serve for up to `allowance` units since the voucher was opened. */
export async function raiseAllowance(gateway: Gateway, id: string, request: Omit<SessionRequest, "issuer" | "published">): Promise<SessionState> {
  const receipt = await signReceipt(request.terms, request.allowance, request.cluster, request.session);
  return stateOf(await bodyOf(gateway.api.POST("/v1/sessions/{id}/receipts", { params: { path: { id } }, body: receipt })));
}

/** Which session's records, from which on. */
export interface RecordsRequest {
  readonly apiKey: string;
  /** The session's identity. */
  readonly id: string;
  /** The number of the last record that is known already. */
  readonly after?: number;
  readonly signal?: AbortSignal;
}

/** The signed record of every charge of a session's voucher, in order, as the gateway lists them. Nothing of them is verified. */
export async function* pagesOfRecords(gateway: Gateway, { apiKey, id, after = 0, signal }: RecordsRequest): AsyncGenerator<readonly string[], void, undefined> {
  for (let last = after; ; ) {
    const params = { path: { id }, query: { after: last } };
    const asked = { params, headers: authorization(apiKey), ...(signal === undefined ? {} : { signal }) };
    const page = await bodyOf(gateway.api.GET("/v1/sessions/{id}/usage", asked));
    yield page.data.map(({ record }) => record);
    const next = page.data.at(-1)?.number;
    if (!page.has_more) return;
    if (next === undefined || next <= last) {
      throw new GatewayMismatch("answer", `The gateway ${gateway.url} has more usage records than ${last} and does not list them`);
    }
    last = next;
  }
}

/** The signed record of every charge of a session's voucher after a number, in order. Nothing of them is verified yet. */
export async function listRecords(gateway: Gateway, apiKey: string, id: string, after = 0): Promise<readonly string[]> {
  const records: string[] = [];
  for await (const page of pagesOfRecords(gateway, { apiKey, id, after })) records.push(...page);
  return records;
}

function stateOf(session: Schemas["Session"]): SessionState {
  return {
    id: session.id,
    createdAt: BigInt(session.created_at),
    expiresAt: BigInt(session.expires_at),
    terms: session.terms,
    voucher: session.voucher,
    voucherExpiresAt: BigInt(session.voucher_expires_at),
    units: BigInt(session.units),
    allowance: BigInt(session.allowance),
    consumed: BigInt(session.consumed),
    held: BigInt(session.held),
    available: BigInt(session.available),
    settled: BigInt(session.settled),
    isClosing: session.closing,
  };
}
