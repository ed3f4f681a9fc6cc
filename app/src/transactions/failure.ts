import { TOKEN_PROGRAM_ADDRESS } from '@solana-program/token';
import { explain, type Cause } from '@specie/sdk/errors';
import { GatewayError, GatewayMismatch, GatewayUnreachable } from '@specie/sdk/gateway';
import { NoNodeError } from '../chain/transport.ts';

/** A gateway's refusal, as plain data. */
export interface GatewayRefusal {
  /** The reason's code: see `REASONS` of the SDK. */
  readonly reason: string;
  /** The reason's figures by their names, as decimal texts. */
  readonly figures: Readonly<Record<string, string>>;
  /** After how many seconds to ask again, where the gateway says so. */
  readonly retryAfter?: number | undefined;
  /** The gateway's own words. */
  readonly said: string;
}

/** Why nothing happened. `code` decides the sentence and its remedy; see failure_text.tsx. */
export interface FailureFacts {
  readonly code:
    | 'program'
    | 'funds'
    | 'fee-funds'
    | 'frozen'
    | 'account'
    | 'signature'
    | 'budget'
    | 'busy'
    | 'network'
    | 'expired'
    | 'declined'
    | 'wallet'
    | 'wallet-changed'
    | 'altered'
    | 'cluster'
    | 'rpc'
    | 'gateway'
    | 'gateway-silent'
    | 'gateway-wrong'
    | 'gateway-terms'
    | 'unknown';
  /** The program's error code, from 6000. */
  readonly program?: number;
  /** The words of whoever refused, where they say more. */
  readonly said?: string;
  /** What the gateway refused for. */
  readonly gateway?: GatewayRefusal;
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

/** What both the Token and the System program say where a balance is too small. */
const TOO_LITTLE = 1;

const BY_CAUSE: Readonly<Record<Exclude<Cause, 'balance' | 'refused' | 'program'>, FailureFacts['code']>> = {
  frozen: 'frozen',
  account: 'account',
  expired: 'expired',
  busy: 'busy',
  signature: 'signature',
  budget: 'budget',
  network: 'network',
};

function wordsOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (typeof error === 'string') return error;
  return JSON.stringify(error, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

/** A transaction's failure as the RPC words it, or as kit throws it; its log tells programs apart. */
export function failureOfTransaction(error: unknown, logs?: readonly string[]): FailureFacts {
  const { cause, refusal, program, code } = explain(logs === undefined ? { error } : { error, logs });
  if (refusal !== undefined) return { code: 'program', program: refusal.code };
  if (cause === 'balance') return { code: program === TOKEN_PROGRAM_ADDRESS ? 'funds' : 'fee-funds' };
  if (cause !== 'program' && cause !== 'refused') return { code: BY_CAUSE[cause] };
  if (program === undefined && code === TOO_LITTLE) return { code: 'funds' };
  return { code: 'unknown', said: wordsOf(error) };
}

function gatewayRefusal({ reason, figures, retryAfter, message }: GatewayError): GatewayRefusal {
  return { reason, figures: Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, figure.toString()])), retryAfter, said: message };
}

/** Whatever was thrown, as facts. */
export function failureOf(error: unknown): FailureFacts {
  for (let next = error; next instanceof Error; next = next.cause) {
    if (next instanceof Failure) return next.facts;
    if (next instanceof NoNodeError) return { code: 'rpc' };
    if (next instanceof GatewayError) return { code: 'gateway', gateway: gatewayRefusal(next) };
    if (next instanceof GatewayUnreachable) return { code: 'gateway-silent' };
    if (next instanceof GatewayMismatch) return next.fault === 'terms' ? { code: 'gateway-terms' } : { code: 'gateway-wrong', said: next.message };
    if (next.cause === next) break;
  }
  return failureOfTransaction(error);
}

/** What a wallet threw when it was asked to sign. */
export function walletFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const said = error instanceof Error ? error.message : String(error);
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  const declined = code === 4001 || /reject|declin|denied|cancel/i.test(said);
  return new Failure(declined ? { code: 'declined' } : { code: 'wallet', said }, error);
}
