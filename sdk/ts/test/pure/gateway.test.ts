import { createKeyPairSignerFromPrivateKeyBytes, getAddressDecoder, isAddress, type Address } from "@solana/kit";
import { describe, expect, test } from "vitest";
import vectors from "../../../../crates/claims/vectors.json" with { type: "json" };
import {
  GatewayError,
  GatewayMismatch,
  GatewayUnreachable,
  REASONS,
  chat,
  connectGateway,
  discover,
  listRecords,
  mismatchOf,
  openSession,
  raiseAllowance,
  readDiscovery,
  streamChat,
  type ChatEvent,
  type ChatRequest,
  type Gateway,
} from "../../src/gateway/index.js";
import { readVoucher } from "../../src/messages/index.js";
import { bytesOf } from "./vectors.js";

const URL_OF_GATEWAY = "https://gateway.example";
const key = (text: string): Address => {
  if (!isAddress(text)) throw new Error(`${text} is no address`);
  return text;
};
const cluster = key(vectors.cluster);
const issuer = key(vectors.issuer);
const stranger = getAddressDecoder().decode(new Uint8Array(32).fill(5));

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly authorization: string | null;
}

/** A gateway that answers what a test says, and what it was asked. */
function answering(answer: (asked: Asked) => Response): { readonly gateway: Gateway; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const { pathname, search } = new URL(request.url);
    const text = await request.text();
    const one = {
      method: request.method,
      path: pathname + search,
      body: text === "" ? undefined : (JSON.parse(text) as unknown),
      authorization: request.headers.get("authorization"),
    };
    asked.push(one);
    return answer(one);
  };
  return { gateway: connectGateway(URL_OF_GATEWAY, { fetch }), asked };
}

const json = (body: object, status = 200, headers: Record<string, string> = {}) => Response.json(body, { status, headers });
const refusal = (reason: string, status: number, more: object = {}) =>
  json({ error: { message: `because of ${reason}`, type: "t", param: null, code: reason, specie: { reason, retryable: status >= 500, ...more } } }, status);

describe("a gateway's address", () => {
  test("is HTTPS, or this machine's", () => {
    expect(connectGateway("https://a.example/x/").url).toBe("https://a.example/x");
    expect(connectGateway("http://127.0.0.1:8402").url).toBe("http://127.0.0.1:8402");
    for (const url of ["http://a.example", "ftp://a.example", "https://user@a.example", "https://a.example/?a", "https://a.example/#a"]) {
      expect(() => connectGateway(url), url).toThrow(TypeError);
    }
  });
});

describe("a session", () => {
  const discovery = { specie: 1, vault: vectors.vault, issuer: vectors.issuer, currency: vectors.vault, cluster: vectors.cluster, classes: ["inference"], terms: "t1", tariffs: {}, limits: {} };
  const session = {
    id: "sess_1", object: "specie.session", api_key: "sk-specie-1", created_at: 1, expires_at: 2, terms: "t1", voucher: vectors.voucher, opened_at: 1_767_225_600,
    voucher_expires_at: 3, units: "1500000", allowance: "250000", consumed: "9007199254740993", held: "0", available: "1", settled: "0", closing: false,
  };
  const voucher = { voucher: vectors.signed_voucher, address: vectors.voucher, vault: vectors.vault, class: 1, units: "1500000", settled: "0", opened_at: 1, expires_at: 2 };
  const request = async () => ({
    terms: (await readVoucher(vectors.signed_voucher, issuer, cluster)).terms,
    issuer,
    cluster,
    session: await createKeyPairSignerFromPrivateKeyBytes(bytesOf(vectors.session_seed)),
    allowance: 250_000n,
  });
  const serving = (answers: Readonly<Record<string, () => Response>>) =>
    answering(({ path }) => answers[path]?.() ?? refusal("not_found", 404));

  test("opens with voucher, proof and receipt, under the terms that were published", async () => {
    const { gateway, asked } = serving({
      "/.well-known/specie": () => json(discovery),
      [`/v1/vouchers/${vectors.voucher}`]: () => json(voucher),
      "/v1/sessions": () => json(session, 201),
    });
    const opened = await openSession(gateway, await request());
    expect(opened.apiKey).toBe("sk-specie-1");
    expect(opened.state).toMatchObject({ units: 1_500_000n, consumed: 9_007_199_254_740_993n, isClosing: false });
    expect(asked.at(-1)?.body).toMatchObject({ voucher: vectors.signed_voucher, receipt: vectors.receipt.sent, terms: "t1" });
  });

  test("is tried again under terms that changed meanwhile, with another proof", async () => {
    let tries = 0;
    const { gateway, asked } = serving({
      "/.well-known/specie": () => json({ ...discovery, terms: `t${tries}` }),
      [`/v1/vouchers/${vectors.voucher}`]: () => json(voucher),
      "/v1/sessions": () => {
        tries += 1;
        return tries < 3 ? refusal("terms_changed", 409) : json({ ...session, terms: "t2" }, 201);
      },
    });
    expect((await openSession(gateway, await request())).discovery.terms).toBe("t2");
    const proofs = asked.flatMap(({ body }) => (typeof body === "object" && body !== null && "proof" in body ? [body.proof] : []));
    expect(new Set(proofs).size).toBe(3);
  });

  test("is not opened at another vault's gateway, cluster or issuer, nor on another voucher", async () => {
    for (const name of ["vault", "cluster", "issuer"]) {
      const { gateway, asked } = serving({ "/.well-known/specie": () => json({ ...discovery, [name]: stranger }) });
      await expect(openSession(gateway, await request())).rejects.toThrow(GatewayMismatch);
      expect(asked.length).toBe(1);
    }
    const { gateway } = serving({
      "/.well-known/specie": () => json(discovery),
      [`/v1/vouchers/${vectors.voucher}`]: () => json(voucher),
    });
    const { terms, ...rest } = await request();
    await expect(openSession(gateway, { ...rest, terms: { ...terms, units: 1n } })).rejects.toThrow("whose units is 1500000, and the chain's is 1");
  });

  test("is not opened under other terms than were agreed to, and nothing is signed", async () => {
    const agreed = { ...(await request()), published: "t1" };
    const { gateway, asked } = serving({ "/.well-known/specie": () => json({ ...discovery, terms: "t2" }) });
    await expect(openSession(gateway, agreed)).rejects.toMatchObject({ fault: "terms" });
    expect(asked.map(({ path }) => path)).toEqual(["/.well-known/specie"]);
  });

  test("is not opened under terms that change while it is opened, where others were agreed to", async () => {
    let tries = 0;
    const { gateway } = serving({
      "/.well-known/specie": () => json({ ...discovery, terms: `t${tries}` }),
      [`/v1/vouchers/${vectors.voucher}`]: () => json(voucher),
      "/v1/sessions": () => {
        tries += 1;
        return refusal("terms_changed", 409);
      },
    });
    await expect(openSession(gateway, { ...(await request()), published: "t0" })).rejects.toThrow("publishes the terms t1, and t0 were agreed to");
    expect(tries).toBe(1);
  });

  test("has its refusals told with reason, retry, what is needed and which receipt would do", async () => {
    const amounts = { needed: "286", consumed: "7", held: "10", claimable: "300" };
    const accepts = [{ scheme: "specie-receipt", cumulative: "303" }];
    const { gateway } = answering(() => refusal("insufficient_allowance", 402, { ...amounts, accepts }));
    const raising = raiseAllowance(gateway, "sess_1", await request());
    await expect(raising).rejects.toMatchObject({ status: 402, reason: "insufficient_allowance", needed: 286n, receiptWanted: 303n, excess: undefined, isRetryable: false });
    const exhausted = answering(() => refusal("voucher_exhausted", 402, { ...amounts, accepts }));
    await expect(raiseAllowance(exhausted.gateway, "sess_1", await request())).rejects.toMatchObject({ receiptWanted: undefined, excess: 3n });
    for (const odd of [[], [{ scheme: "exact", cumulative: "5" }], [{ scheme: "specie-receipt", cumulative: "-1" }], "5"]) {
      const strange = answering(() => refusal("insufficient_allowance", 402, { accepts: odd }));
      await expect(raiseAllowance(strange.gateway, "sess_1", await request())).rejects.toMatchObject({ receiptWanted: undefined });
    }
    const busy = answering(() => new Response("<html>", { status: 503, headers: { "retry-after": "7" } }));
    await expect(raiseAllowance(busy.gateway, "sess_1", await request())).rejects.toMatchObject({ reason: "unknown", isRetryable: true, retryAfter: 7 });
  });

  test("has every whole number of a refusal told by its name, and nothing that is none", async () => {
    const details = { needed: "286", limit: 20, terms: "abc", most: -1, ratio: 1.5, none: null };
    const { gateway } = answering(() => refusal("too_many_receipts", 429, details));
    await expect(raiseAllowance(gateway, "sess_1", await request())).rejects.toMatchObject({ figures: { needed: 286n, limit: 20n } });
  });

  test("gives reasons that its table knows", async () => {
    expect(REASONS.insufficient_allowance).toContain("A higher receipt pays for this request");
    expect(Object.keys(REASONS).length).toBeGreaterThan(90);
  });

  test("lists every record, page by page", async () => {
    const page = (from: number, count: number, more: boolean) =>
      json({ object: "list", has_more: more, data: Array.from({ length: count }, (_, at) => ({ number: from + at, units: "1", record: `r${from + at}` })) });
    const { gateway, asked } = answering(({ path }) => (path.endsWith("after=0") ? page(1, 2, true) : page(3, 1, false)));
    expect(await listRecords(gateway, "sk-specie-1", "sess_1")).toEqual(["r1", "r2", "r3"]);
    expect(asked.map(({ path, authorization }) => [path, authorization])).toEqual([
      ["/v1/sessions/sess_1/usage?after=0", "Bearer sk-specie-1"],
      ["/v1/sessions/sess_1/usage?after=2", "Bearer sk-specie-1"],
    ]);
    const endless = answering(() => page(1, 0, true));
    await expect(listRecords(endless.gateway, "sk-specie-1", "sess_1")).rejects.toThrow(GatewayMismatch);
  });
});

describe("what a gateway publishes", () => {
  const tariff = { input_units_per_1000_tokens: "300", cached_units_per_1000_tokens: "30", output_units_per_1000_tokens: "900", context_tokens: 4_096 };
  const published = { vault: "v", issuer: "i", currency: "c", cluster: "g", classes: ["inference", 7], tariffs: { demo: tariff }, limits: {} };

  test("is read with what earlier gateways leave out", () => {
    const pools = { h200: { class: "training", accelerators: 8, units_per_second: "278" } };
    expect(readDiscovery({ ...published, terms: "t", pools })).toEqual({
      vault: "v", issuer: "i", currency: "c", cluster: "g", classes: ["inference"], terms: "t",
      models: [{
        id: "demo",
        tariff: { inputUnitsPer1000: 300n, cachedUnitsPer1000: 30n, outputUnitsPer1000: 900n, unitsPerSecond: 0n },
        class: "inference", contextTokens: 4_096, maxOutputTokens: 0, templateTokens: 0,
      }],
      pools: [{ id: "h200", class: "training", accelerators: 8, unitsPerSecond: 278n }],
    });
    expect(readDiscovery(published)).toMatchObject({ terms: "", pools: [] });
  });

  test("is refused by the name of what is malformed", async () => {
    const odd: readonly (readonly [object, string])[] = [
      [{ ...published, vault: 7 }, '"vault" is not a text'],
      [{ ...published, classes: undefined }, '"classes" is not a list'],
      [{ ...published, tariffs: [] }, '"tariffs" is not an object'],
      [{ ...published, tariffs: { demo: { ...tariff, output_units_per_1000_tokens: 900 } } }, '"output_units_per_1000_tokens" is not a text'],
      [{ ...published, tariffs: { demo: { ...tariff, output_units_per_1000_tokens: "-1" } } }, '"output_units_per_1000_tokens" is not an amount of units'],
      [{ ...published, tariffs: { demo: { ...tariff, context_tokens: 1.5 } } }, '"context_tokens" is not a count'],
    ];
    for (const [body, what] of odd) {
      const { gateway } = answering(() => json(body));
      await expect(discover(gateway)).rejects.toThrow(what);
    }
  });

  test("is compared with the chain", () => {
    const facts = { vault: issuer, issuer, currency: issuer, cluster };
    expect(mismatchOf({ ...readDiscovery(published), ...facts }, facts)).toBeUndefined();
    for (const name of ["vault", "issuer", "currency", "cluster"] as const) {
      expect(mismatchOf({ ...readDiscovery(published), ...facts, [name]: stranger }, facts)).toBe(name);
    }
  });
});

test("a gateway that does not answer is said to be out of reach, and a request that was given up is not", async () => {
  const failing = (error: Error) => connectGateway(URL_OF_GATEWAY, { fetch: () => Promise.reject(error) });
  await expect(discover(failing(new TypeError("Failed to fetch")))).rejects.toThrow(GatewayUnreachable);
  await expect(discover(failing(new DOMException("given up", "AbortError")))).rejects.toThrow("given up");
});

describe("a streamed answer", () => {
  const stream = (...parts: readonly string[]) =>
    new Response(
      new ReadableStream<Uint8Array>({
        start(controller) {
          for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
          controller.close();
        },
      }),
      { headers: { "content-type": "text/event-stream" } },
    );
  const delta = (content: string) => `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;
  const request: ChatRequest = { model: "demo", messages: [{ role: "user", content: "Hi" }] };
  const collect = async (response: Response) => {
    const { gateway, asked } = answering(() => response);
    const events: ChatEvent[] = [];
    let error: unknown;
    try {
      for await (const event of streamChat(gateway, request, { apiKey: "k", idempotencyKey: "once" })) events.push(event);
    } catch (thrown) {
      error = thrown;
    }
    return { kinds: events.map(({ kind }) => kind), texts: events.flatMap((event) => (event.kind === "text" ? [event.text] : [])), records: events.flatMap((event) => (event.kind === "usage" ? [event.record] : [])), error, asked };
  };

  test("comes with the record of what it cost, however the bytes are cut", async () => {
    const whole = `${delta("Grüß ")}${delta("dich")}: specie-usage a.b.c\n\ndata: [DONE]\n\n`;
    for (const size of [1, 2, 3, 7, 1_000]) {
      const bytes = new TextEncoder().encode(whole);
      const response = new Response(
        new ReadableStream<Uint8Array>({
          start(controller) {
            for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
            controller.close();
          },
        }),
      );
      const { texts, records, kinds, error, asked } = await collect(response);
      expect([texts.join(""), records, error]).toEqual(["Grüß dich", ["a.b.c"], undefined]);
      expect(kinds.at(-1), "the record comes after the text, also where all comes in one piece").toBe("usage");
      expect(asked[0]).toMatchObject({ path: "/v1/chat/completions", authorization: "Bearer k", body: { ...request, stream: true } });
    }
  });

  test("that breaks off has the record of what was delivered before its error", async () => {
    const broken = `data: ${JSON.stringify({ error: { message: "the upstream failed", type: "t", param: null, code: "c", specie: { reason: "upstream_failed", retryable: true } } })}\n\n`;
    const { texts, records, error } = await collect(stream(delta("Hal"), ": specie-usage a.b.c\n\n", broken));
    expect([texts, records]).toEqual([["Hal"], ["a.b.c"]]);
    expect(error).toBeInstanceOf(GatewayError);
    expect(error).toMatchObject({ reason: "upstream_failed", isRetryable: true });
  });

  test("that ends without its end mark still gives its record", async () => {
    const { records, error } = await collect(stream(delta("Hal"), ": specie-usage a.b.c\n\n"));
    expect([records, error]).toEqual([["a.b.c"], undefined]);
  });

  test("ignores other comments, and data that only looks like one", async () => {
    const { texts, records } = await collect(stream(": keep-alive\n\n", delta(": specie-usage x"), "data: [DONE]\n\n"));
    expect([texts, records]).toEqual([[": specie-usage x"], []]);
  });

  test("that is refused says why", async () => {
    expect((await collect(refusal("unauthorized", 401))).error).toMatchObject({ status: 401, reason: "unauthorized" });
  });

  test("in one piece has its cost in headers", async () => {
    const { gateway } = answering(() => json({ id: "x" }, 200, { "specie-units": "12", "specie-usage": "a.b.c" }));
    expect(await chat(gateway, request, { apiKey: "k" })).toEqual({ answer: { id: "x" }, units: 12n, record: "a.b.c" });
    const dropped = answering(() => json({ id: "x" }));
    await expect(chat(dropped.gateway, request, { apiKey: "k" })).rejects.toThrow(GatewayMismatch);
  });
});
