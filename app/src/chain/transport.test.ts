import { SOLANA_ERROR__RPC__TRANSPORT_HTTP_ERROR, SolanaError, type RpcTransport } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import { createFailoverTransport, NoNodeError, retryAfterSeconds } from './transport.ts';

function refuses(statusCode: number, headers: Record<string, string> = {}): RpcTransport {
  return () =>
    Promise.reject(
      new SolanaError(SOLANA_ERROR__RPC__TRANSPORT_HTTP_ERROR, { headers: new Headers(headers), message: 'no', statusCode }),
    );
}

const answers = (answer: unknown): RpcTransport => (() => Promise.resolve(answer)) as RpcTransport;

function clocked(transports: readonly RpcTransport[]) {
  let now = 0;
  const asked: string[] = [];
  const failover = createFailoverTransport(
    transports.map((_, index) => `node-${index}`),
    {
      now: () => now,
      sleep: async (milliseconds) => {
        now += milliseconds;
      },
      transportOf: (url) =>
        ((request: Parameters<RpcTransport>[0]) => {
          asked.push(`${url}@${now}`);
          return (transports[Number(url.slice(5))] as RpcTransport)(request);
        }) as RpcTransport,
    },
  );
  return { failover, asked };
}

describe('the failover transport', () => {
  it('asks the next node where one says 429, and leaves that one alone as long as it asked for', async () => {
    const { failover, asked } = clocked([refuses(429, { 'retry-after': '20' }), answers('second')]);
    expect(await failover.transport({ payload: {} })).toBe('second');
    expect(await failover.transport({ payload: {} })).toBe('second');
    expect(asked).toEqual(['node-0@0', 'node-1@0', 'node-1@0']);
    expect(failover.states()[0]).toEqual({ url: 'node-0', restsUntil: 20_000, fault: 'rate-limited' });
  });

  it('waits for the only node as long as it asked for', async () => {
    let calls = 0;
    const limited = refuses(429, { 'retry-after': '7' });
    const once = ((request: Parameters<RpcTransport>[0]) => {
      calls += 1;
      return calls === 1 ? limited(request) : Promise.resolve('later');
    }) as RpcTransport;
    const { failover, asked } = clocked([once]);
    expect(await failover.transport({ payload: {} })).toBe('later');
    expect(asked).toEqual(['node-0@0', 'node-0@7000']);
    expect(failover.states()[0]?.fault).toBeUndefined();
  });

  it('says that no node answers, when the timeout for all nodes ends', async () => {
    const { failover } = clocked([refuses(502), refuses(502)]);
    await expect(failover.transport({ payload: {} })).rejects.toBeInstanceOf(NoNodeError);
  });

  it('asks one node alone where answers must be of one cluster, whichever took the first request', async () => {
    let isDown = false;
    const second = ((request: Parameters<RpcTransport>[0]) => (isDown ? refuses(502)(request) : Promise.resolve('second'))) as RpcTransport;
    const { failover, asked } = clocked([refuses(429, { 'retry-after': '5' }), second, answers('third')]);
    const node = failover.oneNode();
    expect(await node({ payload: {} })).toBe('second');
    isDown = true;
    await expect(node({ payload: {} })).rejects.toThrow();
    expect(asked).toEqual(['node-0@0', 'node-1@0', 'node-1@0']);
    expect(await failover.transport({ payload: {} })).toBe('third');
  });

  it('asks no other node when the request was given up', async () => {
    const { failover, asked } = clocked([answers(1)]);
    await expect(failover.transport({ payload: {}, signal: AbortSignal.abort() })).rejects.toThrow();
    expect(asked).toEqual([]);
  });
});

describe('Retry-After', () => {
  it('is a number of seconds or a date, and is bounded', () => {
    expect(retryAfterSeconds('12', 0)).toBe(12);
    expect(retryAfterSeconds('Thu, 01 Jan 1970 00:00:30 GMT', 10_000)).toBe(20);
    expect(retryAfterSeconds('86400', 0)).toBe(60);
    expect(retryAfterSeconds(null, 0)).toBe(5);
    expect(retryAfterSeconds('soon', 0)).toBe(5);
  });
});
