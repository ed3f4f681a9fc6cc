import {
  createDefaultRpcTransport,
  isSolanaError,
  SOLANA_ERROR__RPC__TRANSPORT_HTTP_ERROR,
  type RpcTransport,
} from '@solana/kit';

/** How an RPC node fared last. */
export interface NodeState {
  readonly url: string;
  /** When it may be asked again, in milliseconds; 0 where nothing is wrong. */
  readonly restsUntil: number;
  /** Why it rests. */
  readonly fault: 'rate-limited' | 'unreachable' | undefined;
}

export interface FailoverTransport {
  readonly transport: RpcTransport;
  /** A transport that asks one node alone: the first that takes a request takes all of them, or they fail. */
  readonly oneNode: () => RpcTransport;
  readonly states: () => readonly NodeState[];
  readonly subscribe: (listener: () => void) => () => void;
}

interface Options {
  readonly now?: () => number;
  readonly sleep?: (milliseconds: number) => Promise<void>;
  readonly transportOf?: (url: string) => RpcTransport;
}

/** Seconds that a node which says nothing better is left alone for. */
const REST_SECONDS = 5;
/** The longest that a `Retry-After` is heard for: a page that waits longer looks broken. */
const REST_SECONDS_MAX = 60;
/** Milliseconds after which a request that no node has taken fails. */
const TIMEOUT_IN_ALL = 12_000;
/** Milliseconds that one node has to answer. */
const TIMEOUT = 15_000;

/** No node answered. `rests` says when the first may be asked again. */
export class NoNodeError extends Error {
  override readonly name = 'NoNodeError';
  constructor(
    readonly nodes: readonly NodeState[],
    cause: unknown,
  ) {
    super(`none of ${nodes.length} RPC nodes answered`, { cause });
  }
}

/** Seconds of a `Retry-After`, which is a number or a date. */
export function retryAfterSeconds(header: string | null, now: number): number {
  if (header === null) return REST_SECONDS;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - now) / 1_000;
  if (Number.isNaN(seconds)) return REST_SECONDS;
  return Math.min(Math.max(Math.ceil(seconds), 1), REST_SECONDS_MAX);
}

function sleepFor(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Asks the first node that is not resting. A node that says 429 or 503 rests for its `Retry-After`, one that cannot be
 * reached for a moment; a request waits where all rest, and fails when the timeout for all nodes ends.
 *
 * A node's own error to a request that it understood is an answer, which another node is not asked for.
 */
export function createFailoverTransport(urls: readonly string[], options: Options = {}): FailoverTransport {
  const { now = Date.now, sleep = sleepFor, transportOf = (url) => createDefaultRpcTransport({ url }) } = options;
  let states: NodeState[] = urls.map((url) => ({ url, restsUntil: 0, fault: undefined }));
  const transports = urls.map(transportOf);
  const listeners = new Set<() => void>();

  const set = (index: number, change: Partial<NodeState>): void => {
    states = states.map((state, at) => (at === index ? { ...state, ...change } : state));
    for (const listener of listeners) listener();
  };

  const ask = <TResponse>(index: number, request: Parameters<RpcTransport>[0]): Promise<TResponse> => {
    const timeout = AbortSignal.timeout(TIMEOUT);
    const signal = request.signal === undefined ? timeout : AbortSignal.any([request.signal, timeout]);
    return (transports[index] as RpcTransport)<TResponse>({ ...request, signal });
  };

  const answered = async <TResponse>(request: Parameters<RpcTransport>[0]): Promise<{ readonly index: number; readonly answer: TResponse }> => {
    const deadline = now() + TIMEOUT_IN_ALL;
    let last: unknown;
    for (;;) {
      request.signal?.throwIfAborted();
      if (last !== undefined && now() >= deadline) throw new NoNodeError(states, last);
      const index = states.findIndex((state) => state.restsUntil <= now());
      if (index === -1) {
        const first = Math.min(...states.map((state) => state.restsUntil));
        if (first > deadline) throw new NoNodeError(states, last);
        await sleep(Math.max(first - now(), 50));
        continue;
      }
      try {
        const answer = await ask<TResponse>(index, request);
        if (states[index]?.fault !== undefined) set(index, { restsUntil: 0, fault: undefined });
        return { index, answer };
      } catch (error) {
        if (request.signal?.aborted === true) throw error;
        last = error;
        const status = isSolanaError(error, SOLANA_ERROR__RPC__TRANSPORT_HTTP_ERROR) ? error.context : undefined;
        const limited = status?.statusCode === 429 || status?.statusCode === 503;
        const seconds = limited ? retryAfterSeconds(status.headers.get('retry-after'), now()) : REST_SECONDS;
        set(index, {
          restsUntil: now() + seconds * 1_000,
          fault: limited ? 'rate-limited' : 'unreachable',
        });
      }
    }
  };
  const transport: RpcTransport = async <TResponse>(request: Parameters<RpcTransport>[0]): Promise<TResponse> =>
    (await answered<TResponse>(request)).answer;

  const oneNode = (): RpcTransport => {
    let chosen: number | undefined;
    return async <TResponse>(request: Parameters<RpcTransport>[0]): Promise<TResponse> => {
      if (chosen !== undefined) return ask<TResponse>(chosen, request);
      const { index, answer } = await answered<TResponse>(request);
      chosen = index;
      return answer;
    };
  };
  return {
    transport,
    oneNode,
    states: () => states,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
