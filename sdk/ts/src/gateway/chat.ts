import { createParser } from "eventsource-parser";
import { authorization, type Gateway, type Schemas } from "./client.js";
import { GatewayMismatch, GatewayUnreachable, isErrorBody, refusalOf } from "./error.js";

/** A message of a conversation; the gateway passes on what else it holds. */
export interface ChatMessage {
  readonly role: "system" | "developer" | "user" | "assistant" | "tool";
  readonly content: string | null | readonly { readonly type: "text" | "refusal"; readonly text?: string }[];
}

/** What a model is asked, with the fields that the gateway's document names. */
export type ChatRequest = Omit<Schemas["ChatRequest"], "messages" | "stream"> & { readonly messages: readonly ChatMessage[] };

/** What a request is asked with. */
export interface ChatOptions {
  /** A session's key, or one below it. */
  readonly apiKey: string;
  readonly signal?: AbortSignal;
  /** Serves and charges a repeated request once: 1 to 255 printable characters. */
  readonly idempotencyKey?: string;
}

/** A part of an answer. */
export type ChatEvent =
  /** Text that was written. */
  | { readonly kind: "text"; readonly text: string }
  /** A chunk as the model's server sent it. */
  | { readonly kind: "chunk"; readonly chunk: unknown }
  /** The signed usage record of what the answer cost. Nothing of it is verified yet: see `readRecord`. */
  | { readonly kind: "usage"; readonly record: string };

const USAGE_COMMENT = /^\s*specie-usage (\S+)$/u;

/**
 * Asks a model and yields its answer as it is written, then the signed record of what it cost.
 *
 * Throws a `GatewayError` where the gateway refuses, or where the answer breaks off; what was delivered until then is charged,
 * and its record comes before the error.
 */
export async function* streamChat(gateway: Gateway, request: ChatRequest, options: ChatOptions): AsyncGenerator<ChatEvent, void, undefined> {
  const response = await post(gateway, { ...request, stream: true }, options);
  const { body } = response;
  if (body === null) throw new GatewayMismatch("answer", `${response.url} answers without a body`);
  try {
    for await (const line of linesOf(body)) {
      if (line.kind === "comment") {
        yield* usageOf(line.text);
        continue;
      }
      if (line.text === "[DONE]") return;
      const chunk: unknown = JSON.parse(line.text);
      if (isErrorBody(chunk)) throw refusalOf(response, chunk);
      yield { kind: "chunk", chunk };
      const text = textOf(chunk);
      if (text !== "") yield { kind: "text", text };
    }
  } catch (error) {
    throw error instanceof TypeError ? new GatewayUnreachable(gateway.url, error) : error;
  }
}

/** What a stream of server-sent events says, in order. A usage record is a comment, which OpenAI clients skip. */
type StreamLine = { readonly kind: "data" | "comment"; readonly text: string };

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<StreamLine, void, undefined> {
  const lines: StreamLine[] = [];
  const parser = createParser({
    onEvent: ({ data }) => void lines.push({ kind: "data", text: data }),
    onComment: (comment) => void lines.push({ kind: "comment", text: comment }),
  });
  const decoder = new TextDecoder();
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      yield* lines.splice(0);
    }
  } finally {
    await reader.cancel();
  }
}

/** A whole answer and what it cost. */
export interface ChatAnswer {
  /** The answer as the model's server gave it. */
  readonly answer: unknown;
  /** Units that it cost. */
  readonly units: bigint;
  /** The signed usage record. Nothing of it is verified yet: see `readRecord`. */
  readonly record: string;
}

/** Asks a model and returns its whole answer. */
export async function chat(gateway: Gateway, request: ChatRequest, options: ChatOptions): Promise<ChatAnswer> {
  const response = await post(gateway, { ...request, stream: false }, options);
  const [units, record] = [response.headers.get("specie-units"), response.headers.get("specie-usage")];
  if (units === null || !/^[0-9]+$/u.test(units) || record === null) {
    throw new GatewayMismatch("answer", `${response.url} answers without saying what it cost: a proxy in between may drop the headers specie-units and specie-usage`);
  }
  return { answer: await response.json(), units: BigInt(units), record };
}

async function post(gateway: Gateway, body: ChatRequest & { readonly stream: boolean }, { apiKey, signal, idempotencyKey }: ChatOptions): Promise<Response> {
  const response = await gateway.fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    redirect: "error",
    credentials: "omit",
    headers: {
      ...authorization(apiKey),
      "content-type": "application/json",
      ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.ok) return response;
  const refused: unknown = await response.json().catch(() => undefined);
  throw refusalOf(response, refused);
}

function* usageOf(comment: string): Generator<ChatEvent> {
  const record = USAGE_COMMENT.exec(comment)?.[1];
  if (record !== undefined) yield { kind: "usage", record };
}

/** The text that a chunk adds to the first choice. */
function textOf(chunk: unknown): string {
  const choices = property(chunk, "choices");
  const content = property(property(Array.isArray(choices) ? choices[0] : undefined, "delta"), "content");
  return typeof content === "string" ? content : "";
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
