import { priceOf, readRecord, type Tariff, type UsageRecord } from "../messages/index.js";
import { streamChat, type ChatMessage, type ChatRequest } from "./chat.js";
import type { Gateway } from "./client.js";
import type { ModelOffer } from "./discovery.js";
import { BeyondLimit, GatewayError, GatewayMismatch, GatewayUnreachable } from "./error.js";
import { raiseAllowance, showSession, type SessionRequest } from "./session.js";

/** Whose voucher pays for an answer, at which session. */
export interface Payer extends Omit<SessionRequest, "allowance" | "published"> {
  readonly apiKey: string;
  /** The session's identity. */
  readonly id: string;
  /**
   * The most units that may be signed for since the voucher was opened; what is beyond is asked about by a `BeyondLimit`.
   * What is signed is what the vendor can bring to the chain, whether or not it served for it.
   */
  readonly limit: bigint;
  /** Notes durably, before a receipt is signed, for how many units. The highest counts: a receipt for exactly the consumption may say less. */
  readonly note?: (cumulative: bigint) => Promise<void>;
}

/** What is asked of which model. */
export interface Question {
  readonly model: ModelOffer;
  readonly messages: readonly ChatMessage[];
  /** The most tokens of the answer. */
  readonly maxTokens: number;
}

/** What an answer cost, by the vendor's own signed record. */
export interface Charge {
  readonly record: UsageRecord;
  /** What the published tariff makes of the counts in the record. */
  readonly price: bigint;
  /** Whether the record's tariff is the published one, and its units are not above the price. */
  readonly isAsPublished: boolean;
}

/** A part of an answer that is paid for. */
export type PaidEvent = { readonly kind: "text"; readonly text: string } | { readonly kind: "charge"; readonly charge: Charge };

/** How often a request is sent in all, with a higher receipt or for a shorter answer. */
const TRIES = 3;
/** The fewest tokens that an answer is worth asking for. */
const FEWEST_TOKENS = 8;
/** The most tokens of a byte of a character that is not ASCII: a tokenizer may make text longer before it reads it. */
const TOKENS_PER_BYTE = 11;
/** The most tokens that a gateway adds to a request's body before it counts them. */
const ADDED_TOKENS = 1_024;
/** The most milliseconds that one answer may take of an accelerator, where time is charged for: an hour. */
const MILLISECONDS_MAX = 3_600_000n;

/**
 * Asks a model, and pays as the answer needs: signs a higher receipt where the session's is too low and what is asked is within
 * the payer's limit and what the published tariff allows, and asks for a shorter answer where the voucher has too little left.
 * After each answer it signs for exactly what the voucher has consumed, so that its end settles that and not what was allowed.
 *
 * Yields text as it is written, then what it cost, verified. Throws a `BeyondLimit` where the answer needs a higher receipt than the
 * payer's limit, and a `GatewayError` where the gateway refuses all the same.
 */
export async function* consumeChat(gateway: Gateway, question: Question, payer: Payer, signal?: AbortSignal): AsyncGenerator<PaidEvent, void, undefined> {
  let { maxTokens } = question;
  for (let tries = 1; ; tries += 1) {
    let isTaken = false;
    try {
      for await (const event of streamOf(gateway, { ...question, maxTokens }, payer, signal)) {
        isTaken = true;
        // Before whoever reads the events may stop: the receipt is the reader's protection.
        if (event.kind === "charge") await signConsumed(gateway, payer, event.charge.record.cumulative);
        yield event;
      }
      return;
    } catch (error) {
      if (isTaken || tries === TRIES || !(error instanceof GatewayError)) throw error;
      maxTokens = await afterRefusal(gateway, { ...question, maxTokens }, payer, error);
    }
  }
}

async function* streamOf(gateway: Gateway, { model, messages, maxTokens }: Question, payer: Payer, signal?: AbortSignal): AsyncGenerator<PaidEvent> {
  const request: ChatRequest = { model: model.id, messages, max_tokens: maxTokens };
  for await (const event of streamChat(gateway, request, { apiKey: payer.apiKey, ...(signal === undefined ? {} : { signal }) })) {
    if (event.kind === "text") yield event;
    if (event.kind === "usage") yield { kind: "charge", charge: chargeOf(await readRecord(event.record, payer), model.tariff) };
  }
}

/**
 * Signs for exactly what a voucher has consumed, by its verified records, if that is within the limit: the gateway keeps the receipt
 * beside the higher one, and settles it when the voucher ends. What was consumed is charged already: that the gateway does not take
 * the receipt, as while another answer is charged, or is out of reach, changes nothing of it.
 */
export async function signConsumed(gateway: Gateway, payer: Omit<Payer, "apiKey">, consumed: bigint): Promise<void> {
  if (consumed > payer.limit) return;
  await payer.note?.(consumed);
  try {
    await raiseAllowance(gateway, payer.id, { ...payer, allowance: consumed });
  } catch (error) {
    if (!(error instanceof GatewayError || error instanceof GatewayUnreachable || error instanceof GatewayMismatch)) throw error;
  }
}

/** Does what a refusal wants, and returns how many tokens to ask for next; throws the refusal where nothing helps. */
async function afterRefusal(gateway: Gateway, question: Question, payer: Payer, refusal: GatewayError): Promise<number> {
  const { receiptWanted, excess } = refusal;
  if (receiptWanted !== undefined) {
    const { consumed, held } = await showSession(gateway, payer.apiKey, payer.id);
    if (receiptWanted > consumed + held + mostFor(question)) throw refusal;
    if (receiptWanted > payer.limit) throw new BeyondLimit({ wanted: receiptWanted, limit: payer.limit, consumed });
    await payer.note?.(receiptWanted);
    await raiseAllowance(gateway, payer.id, { ...payer, allowance: receiptWanted });
    return question.maxTokens;
  }
  const fewer = excess === undefined ? undefined : shorterBy(excess, question);
  if (fewer === undefined) throw refusal;
  return fewer;
}

/** The most units that a question can cost by the published tariff: never less than what a gateway holds for it. */
export function mostFor({ model, messages, maxTokens }: Question): bigint {
  const body = JSON.stringify({ model: model.id, messages, max_tokens: maxTokens });
  return priceOf(model.tariff, {
    input: BigInt(tokensOf(body) + ADDED_TOKENS + model.templateTokens),
    cached: 0n,
    output: BigInt(maxTokens),
    milliseconds: model.tariff.unitsPerSecond === 0n ? 0n : MILLISECONDS_MAX,
  });
}

/** The most tokens that a text can be read as. */
function tokensOf(text: string): number {
  const bytes = new TextEncoder().encode(text);
  return bytes.reduce((tokens, byte) => tokens + (byte < 0x80 ? 1 : TOKENS_PER_BYTE), 0);
}

/** How many tokens an answer may have that costs `excess` units less; undefined where hardly any are left. */
export function shorterBy(excess: bigint, { model, maxTokens }: Pick<Question, "model" | "maxTokens">): number | undefined {
  const price = model.tariff.outputUnitsPer1000;
  if (price === 0n || excess <= 0n) return undefined;
  const fewer = maxTokens - Number((excess * 1_000n + price - 1n) / price) - 1;
  return fewer < FEWEST_TOKENS ? undefined : fewer;
}

/** A record against the tariff that was published. */
export function chargeOf(record: UsageRecord, published: Tariff): Charge {
  const price = priceOf(published, record.usage);
  const hasTariff = (Object.keys(published) as (keyof Tariff)[]).every((name) => record.tariff[name] === published[name]);
  return { record, price, isAsPublished: hasTariff && record.units <= price };
}
