import {
  appendTransactionMessageInstructions,
  blockhash,
  createSolanaRpcFromTransport,
  createTransactionMessage,
  getAddressDecoder,
  getBase58Decoder,
  getBase64Decoder,
  getBase64EncodedWireTransaction,
  lamports,
  pipe,
  setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash,
  signTransactionMessageWithSigners,
  address,
  type Address,
  type RpcTransport,
  type TransactionSigner,
} from "@solana/kit";
import { FailedTransactionMetadata, LiteSVM } from "litesvm";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { explain, type Explanation } from "../../src/errors/index.js";
import { decodeEvents, type SpecieEvent } from "../../src/events/index.js";
import { SPECIE_PROGRAM_ADDRESS } from "../../src/generated/index.js";
import type { Plan } from "../../src/plans/index.js";

const PROGRAM = process.env["SPECIE_PROGRAM"] ?? fileURLToPath(new URL("../../../../target/deploy/specie.so", import.meta.url));

/** The time at which the chain begins, in Unix seconds. */
export const BEGINNING = 1_767_225_600n;

/** The instruction errors of litesvm that have a code, as far as they are read. */
interface InstructionFailure {
  readonly index: number;
  err(): unknown;
}

/** The built program on a chain of its own. */
export class Chain {
  readonly #svm = new LiteSVM();
  readonly rpc = createSolanaRpcFromTransport(this.#transport());

  constructor() {
    if (!existsSync(PROGRAM)) throw new Error(`${PROGRAM} is missing: run \`cargo xtask build\`, or name the program by SPECIE_PROGRAM`);
    this.#svm.addProgramFromFile(SPECIE_PROGRAM_ADDRESS, PROGRAM);
    this.#setTime(BEGINNING);
  }

  get now(): bigint {
    return this.#svm.getClock().unixTimestamp;
  }

  /** Lets seconds pass. */
  pass(seconds: bigint): void {
    this.#setTime(this.now + seconds);
  }

  #setTime(time: bigint): void {
    const clock = this.#svm.getClock();
    clock.unixTimestamp = time;
    this.#svm.setClock(clock);
  }

  fund(to: Address): void {
    this.#svm.airdrop(to, lamports(1_000_000_000_000n));
  }

  rentOf(bytes: bigint): bigint {
    return this.#svm.minimumBalanceForRentExemption(bytes);
  }

  lamportsOf(account: Address): bigint {
    return this.#svm.getBalance(account) ?? 0n;
  }

  exists(account: Address): boolean {
    return this.#svm.getAccount(account).exists;
  }

  dataOf(account: Address): Uint8Array {
    const found = this.#svm.getAccount(account);
    if (!found.exists) throw new Error(`there is no account ${account}`);
    return Uint8Array.from(found.data);
  }

  async #send(plan: Plan, payer: TransactionSigner) {
    // Two equal transactions are one to the chain, unless their blockhashes differ.
    this.#svm.expireBlockhash();
    const message = pipe(
      createTransactionMessage({ version: 0 }),
      (empty) => setTransactionMessageFeePayerSigner(payer, empty),
      (paid) => setTransactionMessageLifetimeUsingBlockhash({ blockhash: blockhash(this.#svm.latestBlockhash()), lastValidBlockHeight: 0n }, paid),
      (alive) => appendTransactionMessageInstructions(plan.instructions, alive),
    );
    const transaction = await signTransactionMessageWithSigners(message);
    expectToFit(getBase64EncodedWireTransaction(transaction));
    return this.#svm.sendTransaction(transaction);
  }

  /** Sends a plan that must succeed; returns its log. */
  async logs(plan: Plan, payer: TransactionSigner): Promise<readonly string[]> {
    const outcome = await this.#send(plan, payer);
    if (outcome instanceof FailedTransactionMetadata) throw new Error(`${outcome.toString()}\n${outcome.meta().prettyLogs()}`);
    return outcome.logs();
  }

  /** Sends a plan that must succeed; returns its events. */
  async ok(plan: Plan, payer: TransactionSigner): Promise<readonly SpecieEvent[]> {
    const logs = await this.logs(plan, payer);
    const { events, isTruncated, unknown } = decodeEvents(logs);
    if (isTruncated || unknown > 0) throw new Error(`the log was not understood: ${logs.join("\n")}`);
    return events;
  }

  /** Sends a plan that must fail; returns why. */
  async refused(plan: Plan, payer: TransactionSigner): Promise<Explanation> {
    const outcome = await this.#send(plan, payer);
    if (!(outcome instanceof FailedTransactionMetadata)) throw new Error("the transaction succeeded");
    const failure = outcome.err();
    const code = typeof failure === "object" && "err" in failure ? customCode(failure) : undefined;
    const error = code === undefined ? String(failure) : { InstructionError: [0, { Custom: code }] };
    return explain({ error, logs: outcome.meta().logs() });
  }

  /** An RPC's answers, from this chain. */
  #transport(): RpcTransport {
    const encode = (account: Address) => {
      const found = this.#svm.getAccount(account);
      if (!found.exists) return null;
      const { data, executable, programAddress } = found;
      return {
        data: [getBase64Decoder().decode(data), "base64"],
        executable,
        lamports: Number(found.lamports),
        owner: programAddress,
        rentEpoch: 0,
        space: data.length,
      };
    };
    const answers: Readonly<Record<string, (params: readonly unknown[]) => unknown>> = {
      getMultipleAccounts: ([addresses]) => ({
        context: { slot: 1 },
        value: strings(addresses).map((one) => encode(address(one))),
      }),
      getProgramAccounts: ([program, config]) =>
        this.#svm
          .getProgramAccounts(address(String(program)))
          .filter(({ data }) => filtersOf(config).every((filter) => matches(filter, Uint8Array.from(data))))
          .map((account) => ({ pubkey: account.address, account: encode(address(account.address)) })),
    };
    return async <T>({ payload }: { payload: unknown }): Promise<T> => {
      const { id, method, params } = payload as { id: string; method: string; params: readonly unknown[] };
      const answer = answers[method];
      if (answer === undefined) throw new Error(`the chain of the tests does not answer ${method}`);
      return { jsonrpc: "2.0", id, result: answer(params) } as T;
    };
  }
}

function expectToFit(wire: string): void {
  const bytes = (wire.length / 4) * 3;
  if (bytes > 1_232 + 2) throw new Error(`the transaction has ${bytes} bytes, and 1,232 fit`);
}

function customCode(failure: object): number | undefined {
  const inner = (failure as InstructionFailure).err();
  return typeof inner === "object" && inner !== null && "code" in inner ? Number(inner.code) : undefined;
}

const strings = (values: unknown): readonly string[] => (Array.isArray(values) ? values.map(String) : []);

interface Filter {
  readonly dataSize?: number | bigint;
  readonly memcmp?: { readonly offset: number | bigint; readonly bytes: string };
}

function filtersOf(config: unknown): readonly Filter[] {
  return (config as { filters?: readonly Filter[] }).filters ?? [];
}

function matches({ dataSize, memcmp }: Filter, data: Uint8Array): boolean {
  if (dataSize !== undefined && BigInt(data.length) !== BigInt(dataSize)) return false;
  if (memcmp === undefined) return true;
  const at = Number(memcmp.offset);
  // Base58 of the same number of bytes is equal where the bytes are.
  for (let length = 1; length <= 32; length += 1) {
    if (getBase58Decoder().decode(data.slice(at, at + length)) === memcmp.bytes) return true;
  }
  return false;
}

/** The address of 32 equal bytes. */
export const repeated = (byte: number): Address => getAddressDecoder().decode(new Uint8Array(32).fill(byte));
