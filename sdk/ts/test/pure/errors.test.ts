import { TOKEN_PROGRAM_ADDRESS } from "@solana-program/token";
import {
  SOLANA_ERROR__BLOCK_HEIGHT_EXCEEDED,
  SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE,
  SolanaError,
  getSolanaErrorFromTransactionError,
  address,
} from "@solana/kit";
import { describe, expect, test } from "vitest";
import idl from "../../../../idl/specie.json" with { type: "json" };
import { REFUSALS, Refusal, explain } from "../../src/errors/index.js";
import { BY_FRAMEWORK_CODE, BY_TOKEN_CODE } from "../../src/errors/sentences.js";
import { SPECIE_PROGRAM_ADDRESS } from "../../src/generated/index.js";

const SYSTEM = address("11111111111111111111111111111111");
const custom = (code: number) => ({ InstructionError: [2, { Custom: code }] });
const failing = (...programs: readonly string[]) => (code: number) =>
  [
    ...programs.toReversed().map((program, depth) => `Program ${program} invoke [${depth + 1}]`),
    ...programs.map((program) => `Program ${program} failed: custom program error: 0x${code.toString(16)}`),
  ];

describe("the program's refusals", () => {
  test("are the IDL's, with code, name and sentence", () => {
    for (const { code, name, msg } of idl.errors) {
      const explained = explain({ error: custom(code), logs: failing(SPECIE_PROGRAM_ADDRESS)(code) });
      expect(explained).toMatchObject({ cause: "refused", code, program: SPECIE_PROGRAM_ADDRESS });
      expect(explained.refusal).toMatchObject({ reason: name, sentence: msg });
      expect(explained.sentence, `${name} names no remedy`).toMatch(/^[A-Z][^:]+: [^:]*[^.]$/u);
      expect(explained.sentence.startsWith(msg)).toBe(true);
    }
    expect(Object.keys(REFUSALS).length).toBe(idl.errors.length);
  });

  test("are known without a log, and from a quote", () => {
    expect(explain({ error: custom(6_001) }).refusal?.reason).toBe("AmountZero");
    expect(explain({ error: Refusal.of("Paused") })).toMatchObject({ cause: "refused", code: Refusal.of("Paused").code });
    expect(Refusal.ofCode(5_999)).toBeUndefined();
  });

  test("are not what another program says by the same code", () => {
    const other = address("Sysvar1nstructions1111111111111111111111111");
    const explained = explain({ error: custom(6_001), logs: failing(other)(6_001) });
    expect(explained).toMatchObject({ cause: "program", program: other, refusal: undefined });
    expect(explained.sentence).toContain(other);
  });
});

describe("other programs' refusals", () => {
  test("are told by the innermost program that failed", () => {
    for (const [code, [cause, sentence]] of Object.entries(BY_TOKEN_CODE)) {
      const logs = failing(TOKEN_PROGRAM_ADDRESS, SPECIE_PROGRAM_ADDRESS)(Number(code));
      expect(explain({ error: custom(Number(code)), logs })).toMatchObject({ cause, sentence, program: TOKEN_PROGRAM_ADDRESS });
    }
    expect(explain({ error: custom(1), logs: failing(SYSTEM, SPECIE_PROGRAM_ADDRESS)(1) }).sentence).toContain("too little SOL");
  });

  test("of the framework are told apart, with a log or without", () => {
    for (const [code, [cause, sentence]] of Object.entries(BY_FRAMEWORK_CODE)) {
      const error = custom(Number(code));
      expect(explain({ error, logs: failing(SPECIE_PROGRAM_ADDRESS)(Number(code)) })).toMatchObject({ cause, sentence });
      expect(explain({ error })).toMatchObject({ cause, sentence });
    }
  });
});

describe("failures of a transaction", () => {
  test("say what to do", () => {
    const cases = [
      ["AccountNotFound", "balance", "SOL"],
      ["InsufficientFundsForFee", "balance", "SOL"],
      [{ InsufficientFundsForRent: { account_index: 1 } }, "balance", "SOL"],
      ["BlockhashNotFound", "expired", "nothing happened: try again"],
      ["ProgramAccountNotFound", "network", "which cluster"],
      [{ InstructionError: [0, "ComputationalBudgetExceeded"] }, "budget", "raise the limit"],
      [{ InstructionError: [0, "MissingRequiredSignature"] }, "signature", "sign"],
      [new SolanaError(SOLANA_ERROR__BLOCK_HEIGHT_EXCEEDED, { currentBlockHeight: 2n, lastValidBlockHeight: 1n }), "expired", "try again"],
    ] as const;
    for (const [error, cause, words] of cases) {
      const explained = explain({ error });
      expect(explained.cause).toBe(cause);
      expect(explained.sentence).toContain(words);
    }
  });

  test("are found under what kit wraps them in, with its logs", () => {
    const error = new SolanaError(SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE, {
      accounts: null,
      cause: getSolanaErrorFromTransactionError(custom(1)),
      fee: null,
      loadedAccountsDataSize: null,
      loadedAddresses: null,
      logs: failing(TOKEN_PROGRAM_ADDRESS, SPECIE_PROGRAM_ADDRESS)(1),
      postBalances: null,
      postTokenBalances: null,
      preBalances: null,
      preTokenBalances: null,
      replacementBlockhash: null,
      returnData: null,
      unitsConsumed: null,
    });
    expect(explain({ error })).toMatchObject({ cause: "balance", program: TOKEN_PROGRAM_ADDRESS, code: 1 });
  });

  test("that nobody knows keep their reason", () => {
    expect(explain({ error: new Error("the wallet is locked") }).sentence).toContain("the wallet is locked");
    expect(explain({ error: { InstructionError: [0, "Foo"] } }).sentence).toContain("Foo");
    expect(explain({ error: undefined }).cause).toBe("program");
  });
});

test("every sentence ends without a full stop, and names what to do behind a colon", () => {
  for (const table of [BY_FRAMEWORK_CODE, BY_TOKEN_CODE]) {
    for (const [, sentence] of Object.values(table)) expect(sentence).toMatch(/^[A-Z][^:]+: [a-z].*[^.]$/u);
  }
});
