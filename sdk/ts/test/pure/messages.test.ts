import { createKeyPairSignerFromPrivateKeyBytes, getAddressDecoder, type Address } from "@solana/kit";
import { describe, expect, test } from "vitest";
import wire from "../../../../crates/wire/vectors.json" with { type: "json" };
import {
  CAPACITY,
  MessageError,
  PRICE,
  RECEIPT,
  RULING,
  VOUCHER,
  ascending,
  decodeMessage,
  ed25519Instruction,
  encodeMessage,
  isMessageSignedBy,
  isOfSmallOrder,
  isSignedBy,
  signMessage,
  type MessageKind,
} from "../../src/messages/index.js";
import { bytesOf, hexOf } from "./vectors.js";

const at = (hex: string): Address => getAddressDecoder().decode(bytesOf(hex));
const cluster = at(wire.cluster);
const signer = (seed: number) => createKeyPairSignerFromPrivateKeyBytes(new Uint8Array(32).fill(seed));

type Fields = Readonly<Record<string, string | number | undefined>>;

const hex = (fields: Fields, name: string): string => String(fields[name]);
const big = (fields: Fields, name: string): bigint => BigInt(fields[name] ?? Number.NaN);

/** One message of the vectors with how it is checked. */
interface Case {
  readonly seed: number;
  check(vector: (typeof wire.messages)[number]): Promise<void>;
}

function caseOf<T extends object>(kind: MessageKind<T>, seed: number, read: (fields: Fields) => T): Case {
  return {
    seed,
    async check(vector) {
      const message = read(vector.fields);
      expect(hexOf(encodeMessage(kind, cluster, message))).toBe(vector.bytes);
      expect(decodeMessage(kind, cluster, bytesOf(vector.bytes))).toEqual(message);
      const key = await signer(seed);
      expect(key.address).toBe(at(vector.public_key));
      expect(hexOf(await signMessage(kind, cluster, message, key))).toBe(vector.signature);
      const signature = bytesOf(vector.signature);
      expect(await isMessageSignedBy(key.address, kind, cluster, message, signature)).toBe(true);
      expect(await isMessageSignedBy(at(wire.cluster), kind, cluster, message, signature)).toBe(false);
      signature[40] = (signature[40] ?? 0) ^ 1;
      expect(await isMessageSignedBy(key.address, kind, cluster, message, signature)).toBe(false);

      const other = getAddressDecoder().decode(new Uint8Array(32).fill(7));
      expect(() => decodeMessage(kind, other, bytesOf(vector.bytes))).toThrow(MessageError);
      expect(() => decodeMessage(kind, cluster, bytesOf(`${vector.bytes}00`))).toThrow(MessageError);
      expect(() => decodeMessage(kind, cluster, bytesOf(vector.bytes.replace(/^7370/u, "7371")))).toThrow(MessageError);
    },
  };
}

const CASES: Readonly<Record<string, Case>> = {
  voucher: caseOf(VOUCHER, 11, (fields) => ({
    voucher: at(hex(fields, "voucher")),
    vault: at(hex(fields, "vault")),
    session: at(hex(fields, "session")),
    class: Number(fields["class"]),
    units: big(fields, "units"),
    workPerScu: big(fields, "work_per_scu"),
    openedAt: big(fields, "opened_at"),
    expiresAt: big(fields, "expires_at"),
  })),
  receipt: caseOf(RECEIPT, 12, (fields) => ({
    voucher: at(hex(fields, "voucher")),
    openedAt: big(fields, "opened_at"),
    cumulative: big(fields, "cumulative"),
  })),
  capacity: caseOf(CAPACITY, 13, (fields) => ({
    currency: at(hex(fields, "currency")),
    vault: at(hex(fields, "vault")),
    inventoryHash: bytesOf(hex(fields, "inventory_hash")),
    quorumEpoch: Number(fields["quorum_epoch"]),
    sequence: big(fields, "sequence"),
    rate: big(fields, "rate"),
    endsAt: big(fields, "ends_at"),
    attestedAt: big(fields, "attested_at"),
  })),
  price: caseOf(PRICE, 13, (fields) => ({
    currency: at(hex(fields, "currency")),
    quorumEpoch: Number(fields["quorum_epoch"]),
    sequence: big(fields, "sequence"),
    price: big(fields, "price"),
    publishedAt: big(fields, "published_at"),
  })),
  ruling: caseOf(RULING, 13, (fields) => ({
    voucher: at(hex(fields, "voucher")),
    evidenceHash: bytesOf(hex(fields, "evidence_hash")),
    quorumEpoch: Number(fields["quorum_epoch"]),
    units: big(fields, "units"),
    ruledAt: big(fields, "ruled_at"),
  })),
};

describe("messages are the Rust client's to the byte", () => {
  for (const vector of wire.messages) {
    test(vector.message, async () => {
      const found = CASES[vector.message];
      if (found === undefined) throw new Error(`no kind of message is called ${vector.message}`);
      await found.check(vector);
    });
  }

  test("all five are there", () => expect(wire.messages.map(({ message }) => message).sort()).toEqual(Object.keys(CASES).sort()));

  test("Ed25519 instructions are laid out canonically", async () => {
    const [receipt, price] = [wire.messages[1], wire.messages[3]].map((vector) => bytesOf(vector?.bytes ?? ""));
    if (receipt === undefined || price === undefined) throw new Error("the vectors are in another order");
    const sign = async (seed: number, bytes: Uint8Array) => {
      const key = await signer(seed);
      const [signatures] = await key.signMessages([{ content: bytes, signatures: {} }]);
      return { key: key.address, signature: signatures?.[key.address] ?? new Uint8Array() };
    };
    const quorum = await Promise.all([13, 14, 15].map((seed) => sign(seed, price)));
    expect(hexOf(ed25519Instruction(quorum, [price]).data ?? [])).toBe(wire.ed25519_instructions.price_signed_by_three);
    const later = receipt.slice();
    new DataView(later.buffer).setBigUint64(88, 260_000n, true);
    const each = await Promise.all([receipt, later].map((bytes) => sign(12, bytes)));
    expect(hexOf(ed25519Instruction(each, [receipt, later]).data ?? [])).toBe(wire.ed25519_instructions.two_receipts);
    expect(ascending(quorum.toReversed()).map(({ key }) => key)).toEqual(ascending(quorum).map(({ key }) => key));
    expect(() => ed25519Instruction([], [price])).toThrow(RangeError);
    expect(() => ed25519Instruction(quorum, [price, price])).toThrow(RangeError);
    expect(() => ed25519Instruction(each, [price, receipt])).toThrow(RangeError);
  });
});

describe("signatures are verified strictly", () => {
  test("a key of small order, for which one signature fits every message, rejects", async () => {
    // With the identity as key and as the signature's point, s = 0 satisfies the plain equation for any message.
    const identity = new Uint8Array(32);
    identity[0] = 1;
    const signature = new Uint8Array(64);
    signature[0] = 1;
    expect(await isSignedBy(getAddressDecoder().decode(identity), new Uint8Array([1, 2, 3]), signature)).toBe(false);
  });

  test("every point whose eighth multiple is the identity is known, in each encoding", () => {
    const prime = (1n << 255n) - 19n;
    const power = (base: bigint, exponent: bigint): bigint =>
      exponent === 0n ? 1n : (power((base * base) % prime, exponent >> 1n) * (exponent & 1n ? base : 1n)) % prime;
    const d = (((-121665n * power(121666n, prime - 2n)) % prime) + prime) % prime;
    const encode = (height: bigint, sign: number): Uint8Array => {
      const bytes = Uint8Array.from({ length: 32 }, (_, index) => Number((height >> BigInt(8 * index)) & 0xffn));
      bytes[31] = (bytes[31] ?? 0) | (sign << 7);
      return bytes;
    };
    // y of the points of order 8: d y⁴ + 2 y² − 1 = 0.
    const heights = [
      0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
      0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
    ];
    for (const y of heights) {
      expect((d * power(y, 4n) + 2n * y * y - 1n) % prime).toBe(0n);
    }
    for (const height of [0n, 1n, prime - 1n, prime, prime + 1n, ...heights]) {
      expect(isOfSmallOrder(encode(height, 0)) && isOfSmallOrder(encode(height, 1))).toBe(true);
    }
    expect(isOfSmallOrder(encode(2n, 0))).toBe(false);
  });

  test("what is no point, or no signature, is no key's", async () => {
    const key = await signer(1);
    expect(await isSignedBy(key.address, new Uint8Array(1), new Uint8Array(63))).toBe(false);
    const noPoint = new Uint8Array(32);
    noPoint[0] = 2;
    expect(await isSignedBy(getAddressDecoder().decode(noPoint), new Uint8Array(1), new Uint8Array(64).fill(9))).toBe(false);
  });
});
