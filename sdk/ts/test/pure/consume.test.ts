import { createKeyPairSignerFromPrivateKeyBytes, isAddress, type Address } from "@solana/kit";
import { describe, expect, test } from "vitest";
import vectors from "../../../../crates/claims/vectors.json" with { type: "json" };
import { connectGateway, consumeChat, mostFor, shorterBy, verifyRecords, type ModelOffer, type PaidEvent, type Payer } from "../../src/gateway/index.js";
import { readRecord, readVoucher, signReceipt, type Tariff } from "../../src/messages/index.js";
import { bytesOf } from "./vectors.js";

const key = (text: string): Address => {
  if (!isAddress(text)) throw new Error(`${text} is no address`);
  return text;
};
const [cluster, issuer] = [key(vectors.cluster), key(vectors.issuer)];
const { usage } = vectors;

type Answer = (body: { readonly max_tokens?: number } | undefined) => Response;

/** A gateway that gives each path its answers in turn, the last one for good, and what it was asked. */
function answering(answers: Readonly<Record<string, readonly Answer[]>>) {
  const asked: { readonly path: string; readonly body: unknown }[] = [];
  const gateway = connectGateway("https://gateway.example", {
    fetch: async (input, init) => {
      const request = new Request(input, init);
      const { pathname, search } = new URL(request.url);
      const path = pathname + search;
      const text = await request.text();
      const body = text === "" ? undefined : (JSON.parse(text) as { readonly max_tokens?: number });
      const all = answers[path] ?? [];
      const answer = all[Math.min(asked.filter((one) => one.path === path).length, all.length - 1)];
      asked.push({ path, body });
      return answer?.(body) ?? Response.json({}, { status: 404 });
    },
  });
  return { gateway, asked };
}

const refusal = (reason: string, details: object) => () =>
  Response.json({ error: { message: reason, type: "t", param: null, code: reason, specie: { reason, retryable: false, ...details } } }, { status: 402 });
const streaming = () => new Response(`data: {"choices":[{"delta":{"content":"Hi"}}]}\n\n: specie-usage ${usage.first}\n\ndata: [DONE]\n\n`);
const session = {
  id: "sess_1", object: "specie.session", created_at: 1, expires_at: 2, terms: "t1", voucher: vectors.voucher, opened_at: 1,
  voucher_expires_at: 3, units: "1500000", allowance: "10", consumed: "100", held: "20", available: "0", settled: "0", closing: false,
};

/** The receipts that a gateway was sent. */
const receiptsOf = (asked: readonly { readonly path: string; readonly body: unknown }[]): readonly unknown[] =>
  asked.filter(({ path }) => path === RECEIPTS).map(({ body }) => body);

/** The receipt of the vectors' voucher for some units. */
async function receiptFor(cumulative: bigint) {
  const { terms, session } = await payer();
  return signReceipt(terms, cumulative, cluster, session);
}

async function payer(noted: bigint[] = [], limit = 1_500_000n): Promise<Payer> {
  const { terms } = await readVoucher(vectors.signed_voucher, issuer, cluster);
  return {
    terms,
    issuer,
    cluster,
    session: await createKeyPairSignerFromPrivateKeyBytes(bytesOf(vectors.session_seed)),
    apiKey: "sk-specie-1",
    id: "sess_1",
    limit,
    note: async (cumulative) => void noted.push(cumulative),
  };
}

/** A model at the tariff of the vectors' record. */
async function modelOf(change: Partial<Tariff> = {}): Promise<ModelOffer> {
  const { terms } = await payer();
  const { tariff } = await readRecord(usage.first, { terms, issuer });
  return { id: "demo", tariff: { ...tariff, ...change }, class: "inference", contextTokens: 4_096, maxOutputTokens: 512, templateTokens: 64 };
}

async function collect(events: AsyncIterable<PaidEvent>): Promise<readonly PaidEvent[]> {
  const all: PaidEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

const CHAT = "/v1/chat/completions";
const RECEIPTS = "/v1/sessions/sess_1/receipts";
const messages = [{ role: "user" as const, content: "Hello" }];

describe("an answer that is paid for", () => {
  test("comes with its charge, checked against the tariff that was published", async () => {
    const model = await modelOf();
    const { gateway } = answering({ [CHAT]: [streaming] });
    const [text, charge] = await collect(consumeChat(gateway, { model, messages, maxTokens: 64 }, await payer()));
    expect(text).toEqual({ kind: "text", text: "Hi" });
    expect(charge).toMatchObject({ kind: "charge", charge: { isAsPublished: true, record: { units: 1_023n } } });
    const cheaper = await modelOf({ outputUnitsPer1000: 1n });
    const [, dear] = await collect(consumeChat(gateway, { model: cheaper, messages, maxTokens: 64 }, await payer()));
    expect(dear).toMatchObject({ charge: { isAsPublished: false } });
  });

  test("has a higher receipt signed, noted first, where one is wanted within the tariff", async () => {
    const noted: bigint[] = [];
    const question = { model: await modelOf(), messages, maxTokens: 64 };
    const wanted = 120n + mostFor(question);
    const { gateway, asked } = answering({
      [CHAT]: [refusal("insufficient_allowance", { accepts: [{ scheme: "specie-receipt", cumulative: `${wanted}` }] }), streaming],
      "/v1/sessions/sess_1": [() => Response.json(session)],
      [RECEIPTS]: [() => Response.json(session)],
    });
    expect((await collect(consumeChat(gateway, question, await payer(noted)))).length).toBe(2);
    expect(noted).toEqual([wanted, 1_123n]);
    expect(asked.map(({ path }) => path)).toEqual([CHAT, "/v1/sessions/sess_1", RECEIPTS, CHAT, RECEIPTS]);
  });

  test("is signed for at exactly what the voucher has consumed, once it is charged", async () => {
    const { gateway, asked } = answering({ [CHAT]: [streaming], [RECEIPTS]: [() => Response.json(session)] });
    await collect(consumeChat(gateway, { model: await modelOf(), messages, maxTokens: 64 }, await payer()));
    expect(receiptsOf(asked)).toEqual([await receiptFor(1_123n)]);
  });

  test("stands, whether or not the gateway takes the receipt for exactly that", async () => {
    const lower = refusal("receipt_not_higher", { allowance: "10", consumed: "11" });
    const { gateway, asked } = answering({ [CHAT]: [streaming], [RECEIPTS]: [lower] });
    const question = { model: await modelOf(), messages, maxTokens: 64 };
    expect((await collect(consumeChat(gateway, question, await payer()))).map(({ kind }) => kind)).toEqual(["text", "charge"]);
    expect(receiptsOf(asked)).toEqual([await receiptFor(1_123n)]);
  });

  test("is signed for at no more than the payer's limit, whatever the record says", async () => {
    const noted: bigint[] = [];
    const { gateway, asked } = answering({ [CHAT]: [streaming], [RECEIPTS]: [() => Response.json(session)] });
    await collect(consumeChat(gateway, { model: await modelOf(), messages, maxTokens: 64 }, await payer(noted, 1_122n)));
    expect([noted, receiptsOf(asked)]).toEqual([[], []]);
  });

  test("has nothing signed for it beyond the payer's limit: that is asked about, with the receipt that is wanted", async () => {
    const noted: bigint[] = [];
    const question = { model: await modelOf(), messages, maxTokens: 64 };
    const wanted = 120n + mostFor(question);
    const { gateway, asked } = answering({
      [CHAT]: [refusal("insufficient_allowance", { accepts: [{ scheme: "specie-receipt", cumulative: `${wanted}` }] })],
      "/v1/sessions/sess_1": [() => Response.json(session)],
    });
    const asking = collect(consumeChat(gateway, question, await payer(noted, wanted - 1n)));
    await expect(asking).rejects.toMatchObject({ name: "BeyondLimit", wanted, limit: wanted - 1n, consumed: 100n });
    expect([noted, asked.map(({ path }) => path)]).toEqual([[], [CHAT, "/v1/sessions/sess_1"]]);
  });

  test("has nothing signed for a receipt beyond what the tariff allows", async () => {
    const noted: bigint[] = [];
    const question = { model: await modelOf(), messages, maxTokens: 64 };
    const { gateway, asked } = answering({
      [CHAT]: [refusal("insufficient_allowance", { accepts: [{ scheme: "specie-receipt", cumulative: `${121n + mostFor(question)}` }] })],
      "/v1/sessions/sess_1": [() => Response.json(session)],
    });
    await expect(collect(consumeChat(gateway, question, await payer(noted)))).rejects.toMatchObject({ reason: "insufficient_allowance" });
    expect([noted, asked.length]).toEqual([[], 2]);
  });

  test("is bounded by no less than what a gateway holds for it", async () => {
    const model = { ...(await modelOf({ inputUnitsPer1000: 1_000n, outputUnitsPer1000: 1_000_000n })), id: "demo", templateTokens: 10 };
    let compared = 0;
    for (const vector of vectors.bounds) {
      if (vector.endpoint !== "chat" || vector.most === undefined) continue;
      const body = JSON.parse(vector.body) as { readonly messages: typeof messages; readonly max_tokens?: number; readonly n?: number };
      if (body.max_tokens === undefined || body.n !== undefined) continue;
      const held = BigInt(vector.most.input) + BigInt(vector.most.output) * 1_000n;
      const maxTokens = Number(vector.most.output);
      expect(mostFor({ model, messages: body.messages, maxTokens }), vector.body).toBeGreaterThanOrEqual(held);
      compared += 1;
    }
    expect(compared).toBeGreaterThanOrEqual(4);
  });

  test("is asked for shorter where the voucher has too little left, and not where hardly any would be left", async () => {
    const model = await modelOf({ outputUnitsPer1000: 6_000_000n });
    const exhausted = refusal("voucher_exhausted", { needed: "336000", consumed: "0", held: "0", claimable: "0" });
    const { gateway, asked } = answering({ [CHAT]: [exhausted, streaming] });
    await collect(consumeChat(gateway, { model, messages, maxTokens: 256 }, await payer()));
    const chats = asked.filter(({ path }) => path === CHAT);
    expect(chats.map(({ body }) => (body as { max_tokens: number }).max_tokens)).toEqual([256, 199]);
    const still = answering({ [CHAT]: [exhausted] });
    await expect(collect(consumeChat(still.gateway, { model, messages, maxTokens: 60 }, await payer()))).rejects.toMatchObject({ reason: "voucher_exhausted" });
    expect(shorterBy(1n, { model, maxTokens: 256 })).toBe(254);
    expect(shorterBy(0n, { model, maxTokens: 256 })).toBeUndefined();
    expect(shorterBy(1n, { model: await modelOf({ outputUnitsPer1000: 0n }), maxTokens: 256 })).toBeUndefined();
  });

  test("is not asked for again once some of it was delivered", async () => {
    const broken = () =>
      new Response(`data: {"choices":[{"delta":{"content":"Hi"}}]}\n\ndata: ${JSON.stringify({ error: { message: "m", specie: { reason: "insufficient_allowance", retryable: false, accepts: [{ scheme: "specie-receipt", cumulative: "1" }] } } })}\n\n`);
    const { gateway, asked } = answering({ [CHAT]: [broken] });
    await expect(collect(consumeChat(gateway, { model: await modelOf(), messages, maxTokens: 64 }, await payer()))).rejects.toThrow("m");
    expect(asked.length).toBe(1);
  });
});

describe("a voucher's records", () => {
  const list = (records: readonly string[], more: boolean, from = 1) => () =>
    Response.json({ object: "list", has_more: more, data: records.map((record, at) => ({ number: from + at, units: "1", record })) });
  const request = async () => {
    const { terms, apiKey, id } = await payer();
    return { terms, issuer, apiKey, id, settled: 100n };
  };

  test("are verified page by page, and come to a sum", async () => {
    const { gateway } = answering({
      "/v1/sessions/sess_1/usage?after=0": [list([usage.first], true)],
      "/v1/sessions/sess_1/usage?after=1": [list([usage.second], false, 2)],
    });
    const statement = await verifyRecords(gateway, await request());
    expect(statement).toMatchObject({ fault: undefined, cumulative: 2_146n });
    expect(statement.records.map(({ number }) => number)).toEqual([1n, 2n]);
  });

  test("are verified up to the first that does not hold", async () => {
    const { gateway } = answering({ "/v1/sessions/sess_1/usage?after=0": [list([usage.first, usage.first], false)] });
    const { records, fault } = await verifyRecords(gateway, await request());
    expect([records.length, fault?.number, fault?.error.fault]).toEqual([1, 2, "gap"]);
  });
});
