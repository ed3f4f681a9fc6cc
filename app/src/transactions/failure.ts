import {
  isSolanaError,
  SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM,
  SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE,
  SOLANA_ERROR__TRANSACTION_ERROR__BLOCKHASH_NOT_FOUND,
} from '@solana/kit';
import { NoNodeError } from '../chain/transport.ts';

/** Why nothing happened. `code` decides the sentence and its remedy; see failure_text.ts. */
export interface FailureFacts {
  readonly code:
    | 'program'
    | 'funds'
    | 'fee-funds'
    | 'expired'
    | 'declined'
    | 'wallet'
    | 'altered'
    | 'cluster'
    | 'rpc'
    | 'gateway'
    | 'unknown';
  /** The program's error code, from 6000. */
  readonly program?: number;
  /** The words of whoever refused, where they say more. */
  readonly said?: string;
}

export class Failure extends Error {
  override readonly name = 'Failure';
  constructor(
    readonly facts: FailureFacts,
    cause?: unknown,
  ) {
    super(facts.said ?? facts.code, { cause });
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The first program error codes of Specie; lower ones are the Token or System program's. */
const SPECIE_CODES = 6_000;

function ofCustom(code: number): FailureFacts {
  // Both the Token and the System program say 1 where a balance is too small.
  return code >= SPECIE_CODES ? { code: 'program', program: code } : code === 1 ? { code: 'funds' } : { code: 'unknown', said: `program error ${code}` };
}

/** A transaction error as the RPC words it: `"BlockhashNotFound"`, or `{"InstructionError": [0, {"Custom": 6012}]}`. */
export function failureOfTransaction(error: unknown): FailureFacts {
  if (error === 'BlockhashNotFound') return { code: 'expired' };
  if (error === 'AccountNotFound' || error === 'InsufficientFundsForFee') return { code: 'fee-funds' };
  if (isRecord(error)) {
    if ('InsufficientFundsForRent' in error) return { code: 'fee-funds' };
    const instruction = error['InstructionError'];
    if (Array.isArray(instruction)) {
      const what: unknown = instruction[1];
      if (isRecord(what) && 'Custom' in what) return ofCustom(Number(what['Custom']));
      return { code: 'unknown', said: typeof what === 'string' ? what : JSON.stringify(what) };
    }
  }
  const said = typeof error === 'string' ? error : JSON.stringify(error, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
  return { code: 'unknown', said };
}

/** Whatever was thrown, as facts. */
export function failureOf(error: unknown): FailureFacts {
  if (error instanceof Failure) return error.facts;
  if (error instanceof NoNodeError) return { code: 'rpc' };
  if (isSolanaError(error, SOLANA_ERROR__JSON_RPC__SERVER_ERROR_SEND_TRANSACTION_PREFLIGHT_FAILURE)) {
    return error.cause === undefined ? { code: 'unknown', said: error.message } : failureOf(error.cause);
  }
  if (isSolanaError(error, SOLANA_ERROR__INSTRUCTION_ERROR__CUSTOM)) return ofCustom(Number(error.context.code));
  if (isSolanaError(error, SOLANA_ERROR__TRANSACTION_ERROR__BLOCKHASH_NOT_FOUND)) return { code: 'expired' };
  if (error instanceof Error) {
    if (error.cause !== undefined && error.cause !== error) {
      const deeper = failureOf(error.cause);
      if (deeper.code !== 'unknown') return deeper;
    }
    if (/AccountNotFound|no record of a prior credit|InsufficientFundsForFee/i.test(error.message)) return { code: 'fee-funds' };
    return { code: 'unknown', said: error.message };
  }
  return { code: 'unknown', said: String(error) };
}

/** What a wallet threw when it was asked to sign. */
export function walletFailure(error: unknown): Failure {
  const said = error instanceof Error ? error.message : String(error);
  const code = isRecord(error) ? error['code'] : undefined;
  const declined = code === 4001 || /reject|declin|denied|cancel/i.test(said);
  return new Failure(declined ? { code: 'declined' } : { code: 'wallet', said }, error);
}
