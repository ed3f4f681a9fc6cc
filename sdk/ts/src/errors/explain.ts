import { ASSOCIATED_TOKEN_PROGRAM_ADDRESS, TOKEN_PROGRAM_ADDRESS } from "@solana-program/token";
import {
  SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM,
  address,
  getSolanaErrorFromTransactionError,
  isSolanaError,
  type Address,
  type SolanaError,
} from "@solana/kit";
import { SPECIE_PROGRAM_ADDRESS } from "../generated/programs/specie.js";
import { readFrames } from "../logs/frames.js";
import { Refusal } from "./refusal.js";
import { REMEDIES } from "./remedies.js";
import {
  BY_ASSOCIATED_TOKEN_CODE,
  BY_FRAMEWORK_CODE,
  BY_KIT_CODE,
  BY_SYSTEM_CODE,
  BY_TOKEN_CODE,
  type Cause,
  type Sentence,
} from "./sentences.js";

/** A transaction that failed, in simulation or on chain. */
export interface Failure {
  /** A transaction error as an RPC returns it, or what kit threw. */
  readonly error: unknown;
  /** The transaction's log, which names the program that refused; kit's errors bring their own. */
  readonly logs?: readonly string[];
}

/** Why a transaction failed, for people and for programs. */
export interface Explanation {
  readonly cause: Cause;
  /** What is wrong, and what would help. */
  readonly sentence: string;
  /** The program that refused, where the log names it. */
  readonly program: Address | undefined;
  /** The error's code, which the SDK gives it. */
  readonly code: number | undefined;
  /** The refusal, where it is Specie's. */
  readonly refusal: Refusal | undefined;
}

const SYSTEM_PROGRAM_ADDRESS = address("11111111111111111111111111111111");

const BY_PROGRAM: Readonly<Record<string, Readonly<Record<number, Sentence>>>> = {
  [SPECIE_PROGRAM_ADDRESS]: BY_FRAMEWORK_CODE,
  [TOKEN_PROGRAM_ADDRESS]: BY_TOKEN_CODE,
  [SYSTEM_PROGRAM_ADDRESS]: BY_SYSTEM_CODE,
  [ASSOCIATED_TOKEN_PROGRAM_ADDRESS]: BY_ASSOCIATED_TOKEN_CODE,
};

/** Explains a failure in a sentence that names the remedy. */
export function explain({ error, logs }: Failure): Explanation {
  if (error instanceof Refusal) return ofRefusal(error, SPECIE_PROGRAM_ADDRESS);
  const chain = causesOf(error);
  const refusing = refusingProgram(logs ?? chain.flatMap(logsOf));
  const code = refusing?.code ?? chain.map(customCodeOf).find((custom) => custom !== undefined);
  // Only Specie has codes from 6000 among the programs that it calls and that call for it.
  const refusal = code === undefined || (refusing !== undefined && refusing.program !== SPECIE_PROGRAM_ADDRESS) ? undefined : Refusal.ofCode(code);
  if (refusal !== undefined) return ofRefusal(refusal, refusing?.program ?? SPECIE_PROGRAM_ADDRESS);
  const known = sentenceOf(refusing?.program, code) ?? chain.map(sentenceOfKit).find((sentence) => sentence !== undefined);
  const [cause, sentence] = known ?? unknown(chain, refusing?.program, code);
  return { cause, sentence, program: refusing?.program, code, refusal: undefined };
}

function ofRefusal(refusal: Refusal, program: Address): Explanation {
  const remedy = REMEDIES[refusal.reason];
  const sentence = remedy === undefined ? refusal.sentence : `${refusal.sentence}: ${remedy}`;
  return { cause: "refused", sentence, program, code: refusal.code, refusal };
}

/** The error, what kit makes of an RPC's, and each error's cause. */
function causesOf(error: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  let next: unknown = error;
  while (next !== undefined && next !== null && !chain.includes(next)) {
    chain.push(next);
    if (!(next instanceof Error) && isTransactionError(next)) chain.push(getSolanaErrorFromTransactionError(next));
    next = next instanceof Error ? next.cause : undefined;
  }
  return chain;
}

function isTransactionError(error: unknown): error is string | { [key: string]: unknown } {
  return typeof error === "string" || (typeof error === "object" && error !== null && Object.keys(error).length === 1);
}

/** The innermost program that failed with a code of its own. */
function refusingProgram(logs: readonly string[]): { readonly program: Address; readonly code: number } | undefined {
  for (const line of readFrames(logs).lines) {
    const [, hex] = line.kind === "failed" ? (/^custom program error: 0x([0-9a-f]+)$/u.exec(line.reason) ?? []) : [];
    if (line.kind === "failed" && hex !== undefined) return { program: line.program, code: Number.parseInt(hex, 16) };
  }
  return undefined;
}

function logsOf(error: unknown): readonly string[] {
  if (!isSolanaError(error)) return [];
  const context: object = error.context;
  const logs: unknown = "logs" in context ? context.logs : undefined;
  return Array.isArray(logs) ? logs.filter((line): line is string => typeof line === "string") : [];
}

function customCodeOf(error: unknown): number | undefined {
  return isSolanaError(error, SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM) ? Number(error.context.code) : undefined;
}

function sentenceOf(program: Address | undefined, code: number | undefined): Sentence | undefined {
  if (code === undefined) return undefined;
  // Without a log, a code of the framework's range can only be Specie's.
  return program === undefined ? BY_FRAMEWORK_CODE[code] : BY_PROGRAM[program]?.[code];
}

function sentenceOfKit(error: unknown): Sentence | undefined {
  if (!isSolanaError(error)) return undefined;
  const code: SolanaError["context"]["__code"] = error.context.__code;
  return code === SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM ? undefined : BY_KIT_CODE[code];
}

function unknown(chain: readonly unknown[], program: Address | undefined, code: number | undefined): Sentence {
  if (program !== undefined) return ["program", `The program ${program} refused with its code ${code}: look the code up in that program's documentation`];
  const error = chain.findLast((found) => found instanceof Error);
  const reason = error instanceof Error ? error.message : "the reason was not given";
  return ["program", `The transaction failed (${reason}): nothing was changed; try again, or report this transaction`];
}
