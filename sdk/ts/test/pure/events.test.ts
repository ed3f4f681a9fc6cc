import { createNoopSigner, getAddressDecoder, getBase58Decoder, getBase64Decoder, isFixedSize, type Address, type Decoder } from "@solana/kit";
import { describe, expect, test } from "vitest";
import {
  EVENTS,
  decodeEvent,
  decodeEvents,
  instructionName,
  publishedVouchers,
  readTransaction,
  type TransactionJson,
} from "../../src/events/index.js";
import {
  SPECIE_PROGRAM_ADDRESS as OURS,
  getAnswerInstruction,
  getRequestCloseInstruction,
  getResumedEventEncoder,
  getSettledEventEncoder,
} from "../../src/generated/index.js";
import { ED25519_PROGRAM_ADDRESS, VOUCHER, ed25519Instruction, encodeMessage } from "../../src/messages/index.js";
import { bytesOf } from "./vectors.js";

const key = (byte: number): Address => getAddressDecoder().decode(new Uint8Array(32).fill(byte));
const OTHER = key(1);

const discriminatorOf = (name: string): Uint8Array => bytesOf(Object.entries(EVENTS).find(([, event]) => event.name === name)?.[0] ?? "");
const dataLine = (...parts: readonly ArrayLike<number>[]): string =>
  `Program data: ${getBase64Decoder().decode(Uint8Array.from(parts.flatMap((part) => Array.from(part))))}`;
const resumed = dataLine(discriminatorOf("Resumed"), getResumedEventEncoder().encode({ currency: key(2) }));
const inFrame = (...lines: readonly string[]): readonly string[] => [`Program ${OURS} invoke [1]`, ...lines, `Program ${OURS} success`];

describe("events in a log", () => {
  test("count only where the program itself was running", () => {
    const logs = [
      `Program ${OTHER} invoke [1]`,
      resumed,
      `Program ${OURS} invoke [2]`,
      `Program ${OTHER} invoke [3]`,
      resumed,
      `Program ${OTHER} success`,
      resumed,
      `Program ${OURS} success`,
      resumed,
      `Program ${OTHER} success`,
      resumed,
    ];
    expect(decodeEvents(logs)).toEqual({ events: [{ name: "Resumed", data: { currency: key(2) } }], isTruncated: false, unknown: 0 });
  });

  test("are not forged by what another program says of itself", () => {
    const forged = [
      `Program ${OTHER} invoke [1]`,
      `Program log: Program ${OURS} invoke [1]`,
      `Program log: ${OURS} invoke [1]`,
      "Program log: invoke [1]",
      "Program log: success",
      "Program return: success",
      resumed,
      `Program ${OURS} invoke [2]`,
      "Program log: success",
      `Program ${OURS} success`,
      resumed,
    ];
    expect(decodeEvents(forged).events).toEqual([]);
    expect(decodeEvents(inFrame("Program log: success", "Program log: invoke [1]", resumed)).events.length).toBe(1);
  });

  test("say that the log was cut off", () => {
    expect(decodeEvents([...inFrame(resumed).slice(0, 2), "Log truncated"])).toMatchObject({ events: [{ name: "Resumed" }], isTruncated: true });
    expect(decodeEvents(inFrame("Program log: Log truncated")).isTruncated).toBe(false);
    // Shorter lines may follow, and which program wrote them is unknown.
    const behind = [`Program ${OURS} invoke [1]`, "Log truncated", resumed];
    expect(decodeEvents(behind)).toMatchObject({ events: [], isTruncated: true });
  });

  test("that this SDK does not know are counted", () => {
    const lines = [dataLine(new Uint8Array(40).fill(9)), "Program data: ===", `${resumed} ${resumed}`, "Program data: "];
    expect(decodeEvents(inFrame(...lines))).toEqual({ events: [], isTruncated: false, unknown: 4 });
  });
});

describe("an event's bytes", () => {
  for (const [discriminator, { name, decoder }] of Object.entries(EVENTS)) {
    const fixed: Decoder<object> = decoder();
    const length = isFixedSize(fixed) ? fixed.fixedSize : 92 + 2 * 40;
    const event = (longer: number): Uint8Array => {
      const bytes = new Uint8Array(8 + length + longer);
      bytes.set(bytesOf(discriminator));
      if (name === "Settled") bytes[8 + 88] = 2;
      return bytes;
    };
    test(`${name} is read at its length and no other`, () => {
      expect(decodeEvent(event(0))?.name).toBe(name);
      expect(decodeEvent(event(1))).toBeUndefined();
      expect(decodeEvent(event(-1))).toBeUndefined();
    });
  }

  test("of a settlement hold one to five receipts", () => {
    const balances = { collateral: 1, withdrawing: 2, outstanding: 3, open: 4, openWork: 5, delivered: 6, defaulted: 7 };
    for (const count of [0, 1, 5, 6]) {
      const receipts = Array.from({ length: count }, (_, index) => ({ voucher: key(index), settled: BigInt(index) }));
      const body = getSettledEventEncoder().encode({ vault: key(3), balances, receipts });
      const event = decodeEvent(Uint8Array.from([...discriminatorOf("Settled"), ...body]));
      if (count < 1 || count > 5) expect(event).toBeUndefined();
      else expect(event).toMatchObject({ name: "Settled", data: { vault: key(3), receipts } });
    }
  });

  test("too short for a discriminator are none", () => expect(decodeEvent(new Uint8Array(7))).toBeUndefined());
});

describe("a transaction", () => {
  const close = getRequestCloseInstruction({ owner: createNoopSigner(key(4)), currency: key(5), vault: key(6), voucher: key(7) });
  const compiled = { programIdIndex: 5, accounts: [0, 1, 2, 3], data: getBase58Decoder().decode(close.data) };
  const accountKeys = [key(4), key(5), key(6), key(7), OTHER, OURS];
  const transaction = { message: { accountKeys, instructions: [{ programIdIndex: 4, accounts: [], data: "" }] } };
  const innerInstructions = [{ index: 0, instructions: [compiled] }];

  const reading = (meta: Partial<NonNullable<TransactionJson["meta"]>>) =>
    readTransaction({ transaction, meta: { err: null, logMessages: inFrame(resumed), innerInstructions, ...meta } });

  test("is read from its instructions, too, those that another program called included", () => {
    const { events, instructions, isTruncated } = reading({ logMessages: ["Log truncated"] });
    expect(events).toEqual([]);
    expect(isTruncated).toBe(true);
    expect(instructions.map(instructionName)).toEqual(["RequestClose"]);
    expect(instructions[0]).toMatchObject({ accounts: { owner: { address: key(4) }, voucher: { address: key(7) } } });
  });

  test("finds accounts that a lookup table loaded", () => {
    const short = { message: { ...transaction.message, accountKeys: accountKeys.slice(0, 3) } };
    const loadedAddresses = { writable: [key(7)], readonly: [OTHER, OURS] };
    const read = readTransaction({ transaction: short, meta: { err: null, logMessages: [], innerInstructions, loadedAddresses } });
    expect(read.instructions[0]).toMatchObject({ accounts: { voucher: { address: key(7) } } });
  });

  test("that failed has no events, whatever its log says", () => {
    expect(reading({ err: { InstructionError: [0, { Custom: 6_000 }] } })).toMatchObject({ events: [], hasFailed: true });
    expect(reading({})).toMatchObject({ events: [{ name: "Resumed" }], hasFailed: false, isTruncated: false });
  });

  test("publishes an answer by its instructions, whatever became of its log", () => {
    const terms = { voucher: key(7), vault: key(6), session: key(8), class: 1, units: 4n, workPerScu: 5n, openedAt: 6n, expiresAt: 7n };
    const [cluster, issuer, signature] = [key(9), key(10), new Uint8Array(64).fill(11)];
    const signed = ed25519Instruction([{ key: issuer, signature }], [encodeMessage(VOUCHER, cluster, terms)]);
    const sent = getAnswerInstruction({ operator: createNoopSigner(key(4)), currency: key(5), vault: key(6), voucher: key(7) });
    const dataOf = (data: ArrayLike<number> | undefined): string => getBase58Decoder().decode(Uint8Array.from(data ?? []));
    const signatures = { programIdIndex: 6, accounts: [], data: dataOf(signed.data) };
    const answered = { programIdIndex: 5, accounts: [], data: dataOf(sent.data) };
    const found = (instructions: readonly (typeof signatures)[], err: unknown = null) =>
      publishedVouchers(
        { transaction: { message: { accountKeys: [...accountKeys, ED25519_PROGRAM_ADDRESS], instructions } }, meta: { err, logMessages: ["Log truncated"] } },
        cluster,
      );
    expect(found([signatures, answered])).toEqual([{ terms, issuer, signature }]);
    expect(found([signatures, answered], { InstructionError: [1, { Custom: 6_000 }] })).toEqual([]);
    expect(found([answered, signatures])).toEqual([]);
    expect(found([signatures, { ...answered, programIdIndex: 4 }])).toEqual([]);
    expect(found([{ ...signatures, programIdIndex: 4 }, answered])).toEqual([]);
  });

  test("without a log says that events may be missing", () => expect(reading({ logMessages: null }).isTruncated).toBe(true));

  test("with an instruction that this SDK does not know is read all the same", () => {
    const unknown = [{ index: 0, instructions: [{ ...compiled, data: getBase58Decoder().decode(new Uint8Array([250])) }, compiled] }];
    expect(reading({ innerInstructions: unknown }).instructions.map(instructionName)).toEqual(["RequestClose"]);
  });
});
