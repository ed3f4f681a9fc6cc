import { AccountRole, getBase58Encoder, type Address, type Instruction, type InstructionWithData, type ReadonlyUint8Array } from "@solana/kit";
import { SPECIE_PROGRAM_ADDRESS, SpecieInstruction, parseSpecieInstruction, type ParsedSpecieInstruction } from "../generated/index.js";
import { decodeEvents, type LoggedEvents } from "./decode.js";

/** An instruction as an RPC's `getTransaction` returns it with the encoding `json`. */
export interface CompiledInstruction {
  readonly programIdIndex: number;
  readonly accounts: readonly number[];
  /** Base58. */
  readonly data: string;
}

/** A transaction as an RPC's `getTransaction` returns it with the encoding `json`, as far as it is read here. */
export interface TransactionJson {
  readonly transaction: {
    readonly message: { readonly accountKeys: readonly Address[]; readonly instructions: readonly CompiledInstruction[] };
  };
  readonly meta: {
    readonly err: unknown;
    readonly logMessages: readonly string[] | null;
    readonly innerInstructions?: readonly { readonly index: number; readonly instructions: readonly CompiledInstruction[] }[] | null;
    readonly loadedAddresses?: { readonly readonly: readonly Address[]; readonly writable: readonly Address[] };
  } | null;
}

/** What a transaction did: what the program says, and what it was asked for. */
export interface TransactionReading extends LoggedEvents {
  /** The program's instructions, those that other programs called it with included, in order. */
  readonly instructions: readonly ParsedSpecieInstruction[];
  /** Whether the transaction failed: then it changed nothing, and there are no events. */
  readonly hasFailed: boolean;
}

/** Reads a transaction: events from the log, and instructions, which stand in it whether or not the log was cut off. */
export function readTransaction({ transaction, meta }: TransactionJson): TransactionReading {
  const { accountKeys, instructions } = transaction.message;
  const keys = [...accountKeys, ...(meta?.loadedAddresses?.writable ?? []), ...(meta?.loadedAddresses?.readonly ?? [])];
  const inner = new Map(meta?.innerInstructions?.map(({ index, instructions: called }) => [index, called]));
  const inOrder = instructions.flatMap((instruction, index) => [instruction, ...(inner.get(index) ?? [])]);
  const hasFailed = meta === null ? false : (meta.err ?? null) !== null;
  const logged = decodeEvents(meta?.logMessages ?? []);
  return {
    events: hasFailed ? [] : logged.events,
    // Without any log nothing is known either.
    isTruncated: logged.isTruncated || (meta?.logMessages ?? null) === null,
    unknown: logged.unknown,
    instructions: inOrder.flatMap((instruction) => parse(instruction, keys)),
    hasFailed,
  };
}

/** The name of one of the program's instructions, for example `RequestClose`. */
export const instructionName = ({ instructionType }: ParsedSpecieInstruction): string => SpecieInstruction[instructionType];

function parse({ programIdIndex, accounts, data }: CompiledInstruction, keys: readonly Address[]): readonly ParsedSpecieInstruction[] {
  if (keys[programIdIndex] !== SPECIE_PROGRAM_ADDRESS) return [];
  const metas = accounts.map((index) => {
    const address = keys[index];
    if (address === undefined) throw new RangeError(`The transaction names account ${index} and lists ${keys.length}: fetch it with the encoding "json"`);
    return { address, role: AccountRole.READONLY };
  });
  const instruction: Instruction<typeof SPECIE_PROGRAM_ADDRESS> & InstructionWithData<ReadonlyUint8Array> = {
    programAddress: SPECIE_PROGRAM_ADDRESS,
    accounts: metas,
    data: getBase58Encoder().encode(data),
  };
  try {
    return [parseSpecieInstruction(instruction)];
  } catch {
    // An instruction that this SDK does not know: the program refused it, or is newer.
    return [];
  }
}
