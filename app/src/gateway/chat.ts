import { priceOf, readRecord, termsOf, type UsageRecord } from '@specie/sdk/messages';
import type { ModelOffer } from './discovery.ts';
import { ask, GatewayError, isAsPublished, raiseAllowance, readSessionState, type Consumer } from './session.ts';

export interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** What an answer cost, by the vendor's own signed record. */
export interface Charge {
  readonly record: UsageRecord;
  /** What the published tariff makes of the counts in the record. */
  readonly price: bigint;
  /** Whether the record is by the issuer, of this voucher, at the published tariff, and not above it. */
  readonly isRight: boolean;
}

export interface Asked {
  readonly consumer: Consumer;
  readonly session: string;
  readonly apiKey: string;
  readonly model: ModelOffer;
  readonly messages: readonly Message[];
  readonly maxTokens: number;
  readonly onText: (text: string) => void;
  readonly signal?: AbortSignal;
}

/** A line of a stream: a piece of text, the vendor's signed record, or neither. */
export type StreamLine = { readonly text: string } | { readonly record: string } | undefined;

/** Reads one line of server-sent events as the gateway writes them. */
export function parseStreamLine(line: string): StreamLine {
  const record = /^: specie-usage (\S+)$/.exec(line)?.[1];
  if (record !== undefined) return { record };
  if (!line.startsWith('data: ') || line === 'data: [DONE]') return undefined;
  const event: unknown = JSON.parse(line.slice(6));
  const choices = (event as { readonly choices?: readonly { readonly delta?: { readonly content?: unknown } }[] }).choices;
  const content = choices?.[0]?.delta?.content;
  return typeof content === 'string' && content !== '' ? { text: content } : undefined;
}

/** Lines of a body as they arrive. */
async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    const lines = (rest + value).split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function request({ consumer, apiKey, model, messages, maxTokens, signal }: Asked): Promise<Response> {
  return ask(`${consumer.gateway}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
    body: JSON.stringify({ model: model.id, messages, max_tokens: maxTokens, stream: true }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Bytes of UTF-8, of which a token stands for at least one. */
function bytesOf(messages: readonly Message[]): bigint {
  return BigInt(messages.reduce((sum, { content }) => sum + new TextEncoder().encode(content).length, 0));
}

/** The most that a request can come to by the published tariff, with room for a tokenizer that makes text longer. */
export function mostFor(model: ModelOffer, messages: readonly Message[], maxTokens: number): bigint {
  return priceOf(model.tariff, {
    input: bytesOf(messages) * 11n + BigInt(model.templateTokens) * BigInt(messages.length + 1),
    cached: 0n,
    output: BigInt(maxTokens),
    milliseconds: model.tariff.unitsPerSecond === 0n ? 0n : 3_600_000n,
  });
}

/** The fewest tokens that an answer is worth asking for. */
const FEWEST = 8;

/** What to ask instead of what a voucher has too little left for: a shorter answer; undefined where that is none. */
export function shorter(asked: Asked, excess: bigint): Asked | undefined {
  const price = asked.model.tariff.outputUnitsPer1000;
  if (price === 0n || excess <= 0n) return undefined;
  const maxTokens = asked.maxTokens - Number((excess * 1_000n + price - 1n) / price) - 1;
  return maxTokens < FEWEST ? undefined : { ...asked, maxTokens };
}

/**
 * Has the gateway take a request. Where it needs a higher receipt first, one is signed for what it asks, if that is within
 * what the request can come to by the published tariff. Where the voucher has too little left, a shorter answer is asked for.
 */
async function taken(asked: Asked, attempts = 3): Promise<Response> {
  try {
    return await request(asked);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.status !== 402 || attempts === 1) throw error;
    const { cumulative, excess } = error.refusal;
    if (cumulative !== undefined) {
      const { consumed } = await readSessionState(asked.consumer.gateway, asked.session, asked.apiKey);
      if (cumulative > consumed + mostFor(asked.model, asked.messages, asked.maxTokens)) throw error;
      await raiseAllowance(asked.consumer, asked.session, cumulative);
      return taken(asked, attempts - 1);
    }
    const less = excess === undefined ? undefined : shorter(asked, excess);
    if (less === undefined) throw error;
    return taken(less, attempts - 1);
  }
}

/** Asks a model, streams its answer, and returns what it cost, checked. */
export async function chat(asked: Asked): Promise<Charge | undefined> {
  const answer = await taken(asked);
  if (answer.body === null) return undefined;
  let token: string | undefined;
  for await (const line of linesOf(answer.body)) {
    const read = parseStreamLine(line);
    if (read === undefined) continue;
    if ('record' in read) token = read.record;
    else asked.onText(read.text);
  }
  return token === undefined ? undefined : chargeOf(token, asked);
}

async function chargeOf(token: string, { consumer, model }: Asked): Promise<Charge> {
  const terms = termsOf(consumer.voucher.address, consumer.voucher.data);
  const record = await readRecord(token, { terms, issuer: consumer.vault.data.issuer });
  return { record, price: priceOf(model.tariff, record.usage), isRight: isAsPublished(record, model.tariff) };
}
