import { createKeyPairSignerFromPrivateKeyBytes, getAddressDecoder, isAddress, type Address } from "@solana/kit";
import { describe, expect, test } from "vitest";
import vectors from "../../../../crates/claims/vectors.json" with { type: "json" };
import {
  RecordError,
  TokenError,
  emptyStatement,
  follow,
  priceOf,
  readRecord,
  readVoucher,
  signProof,
  signReceipt,
  verifyToken,
  PROOF_TYP,
  USAGE_TYP,
  VOUCHER_TYP,
} from "../../src/messages/index.js";
import { bytesOf } from "./vectors.js";

const key = (text: string): Address => {
  if (!isAddress(text)) throw new Error(`${text} is no address`);
  return text;
};
const cluster = key(vectors.cluster);
const issuer = key(vectors.issuer);
const stranger = getAddressDecoder().decode(new Uint8Array(32).fill(5));
const session = () => createKeyPairSignerFromPrivateKeyBytes(bytesOf(vectors.session_seed));
const readTerms = async () => (await readVoucher(vectors.signed_voucher, issuer, cluster)).terms;
const fault = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => "none",
    (error: unknown) => (error instanceof TokenError || error instanceof RecordError ? error.fault : error),
  );

describe("a signed voucher", () => {
  test("is read as its issuer signed it", async () => {
    expect(await readTerms()).toEqual({
      voucher: vectors.voucher,
      vault: vectors.vault,
      session: vectors.session,
      class: 1,
      units: 1_500_000n,
      workPerScu: 2_844_000n,
      openedAt: 1_767_225_600n,
      expiresAt: 1_775_001_600n,
    });
  });

  test("of another issuer, cluster or kind rejects", async () => {
    expect(await fault(readVoucher(vectors.voucher_by_another_key, issuer, cluster))).toBe("signature");
    expect(await fault(readVoucher(vectors.signed_voucher, stranger, cluster))).toBe("signature");
    expect(await fault(readVoucher(vectors.signed_voucher, issuer, stranger))).toBe("malformed");
    expect(await fault(readVoucher(vectors.usage.first, issuer, cluster))).toBe("header");
    expect(await fault(verifyToken(vectors.signed_voucher, PROOF_TYP, issuer))).toBe("header");
    expect(await fault(verifyToken("a.b", VOUCHER_TYP, issuer))).toBe("malformed");
    expect(await fault(verifyToken(`${"A".repeat(4_096)}.a.b`, VOUCHER_TYP, issuer))).toBe("malformed");
  });

  test("with any byte changed rejects", async () => {
    const token = vectors.signed_voucher;
    for (let at = 0; at < token.length; at += 7) {
      const changed = token.slice(0, at) + (token[at] === "A" ? "B" : "A") + token.slice(at + 1);
      expect(await fault(readVoucher(changed, issuer, cluster)), `byte ${at}`).not.toBe("none");
    }
  });
});

test("proofs and receipts are the Rust client's to the byte", async () => {
  const terms = await readTerms();
  const proof = await signProof(terms, cluster, await session(), { now: BigInt(vectors.proof.now), identity: vectors.proof.jti });
  expect(proof).toBe(vectors.proof.token);
  expect(await signReceipt(terms, BigInt(vectors.receipt.cumulative), cluster, await session())).toEqual(vectors.receipt.sent);
  const [one, two] = [await signProof(terms, cluster, await session()), await signProof(terms, cluster, await session())];
  expect(one).not.toBe(two);
  const { jti } = await verifyToken(one, PROOF_TYP, key(vectors.session));
  expect(String(jti).length).toBeGreaterThanOrEqual(16);
});

test("prices are the tariff times the counts, rounded up once", () => {
  for (const { tariff, usage, units } of vectors.tariffs) {
    const [input, cached, output, second] = tariff.map(BigInt);
    const [read, fromCache, written, milliseconds] = usage.map(BigInt);
    if (input === undefined || cached === undefined || output === undefined || second === undefined) throw new Error("a tariff has four prices");
    if (read === undefined || fromCache === undefined || written === undefined || milliseconds === undefined) throw new Error("usage has four counts");
    const prices = { inputUnitsPer1000: input, cachedUnitsPer1000: cached, outputUnitsPer1000: output, unitsPerSecond: second };
    expect(priceOf(prices, { input: read, cached: fromCache, output: written, milliseconds })).toBe(BigInt(units));
  }
});

describe("a usage record", () => {
  const read = async (token: string) => readRecord(token, { terms: await readTerms(), issuer });

  test("is read with its counts and its tariff, and followed by the next one", async () => {
    const first = await read(vectors.usage.first);
    expect(first).toMatchObject({ number: 1n, units: 1_023n, cumulative: 1_123n, model: "demo", key: undefined });
    expect(first.usage).toEqual({ input: 1_001n, cached: 1n, output: 10n, milliseconds: 7n });
    const second = await read(vectors.usage.by_delegation);
    expect(second).toEqual(await read(vectors.usage.second));
    const statement = follow(follow(emptyStatement(100n), first), second);
    expect(statement).toEqual({ settled: 100n, number: 2n, cumulative: 2_146n });
  });

  test("above its own tariff rejects", async () => {
    await expect(read(vectors.usage.too_dear)).rejects.toThrow("1024 units were charged for what costs 1023 by the record's own tariff");
  });

  test("by another key rejects, and by a delegation only until it ends", async () => {
    expect(await fault(read(vectors.usage.without_delegation))).toBe("not-signed");
    expect(await fault(read(vectors.usage.after_delegation))).toBe("not-delegated");
    const terms = { ...(await readTerms()), vault: stranger };
    expect(await fault(readRecord(vectors.usage.by_delegation, { terms, issuer }))).toBe("not-delegated");
    expect(await fault(readRecord(vectors.usage.by_delegation, { terms: await readTerms(), issuer: stranger }))).toBe("not-delegated");
    expect(await fault(verifyToken(vectors.signed_voucher, USAGE_TYP, issuer))).toBe("header");
  });

  test("of another voucher or opening rejects", async () => {
    const terms = await readTerms();
    for (const other of [{ ...terms, voucher: stranger }, { ...terms, vault: stranger }, { ...terms, openedAt: 1n }]) {
      expect(await fault(readRecord(vectors.usage.first, { terms: other, issuer }))).toBe("of-another-voucher");
    }
  });

  test("out of order, with a wrong sum, or carrying more than was settled rejects", async () => {
    const first = await read(vectors.usage.first);
    const statement = follow(emptyStatement(100n), first);
    const following = async (token: string) => follow(statement, await read(token));
    expect(await fault(following(vectors.usage.gap))).toBe("gap");
    expect(await fault(following(vectors.usage.first))).toBe("gap");
    expect(await fault(following(vectors.usage.wrong_sum))).toBe("sum");
    expect(await fault((async () => follow(emptyStatement(99n), first))())).toBe("carried-too-much");
    expect(await fault((async () => follow(emptyStatement(0n), { ...first, cumulative: 1_022n }))())).toBe("sum");
  });
});
