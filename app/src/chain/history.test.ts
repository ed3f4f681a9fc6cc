// @vitest-environment node
import { EVENTS, type SpecieEventName } from '@specie/sdk/events';
import { findChangePda, getChangeExecutedEventEncoder, getCurrencyCreatedEventEncoder, getPricePostedEventEncoder, SPECIE_PROGRAM_ADDRESS } from '@specie/sdk/generated';
import { address, getAddressDecoder, getBase64Decoder, type Address, type ReadonlyUint8Array } from '@solana/kit';
import { describe, expect, it } from 'vitest';
import type { SpecieRpc } from './client.ts';
import { LOOK_BACK, readHistory } from './history.ts';

const key = (byte: number): Address => getAddressDecoder().decode(new Uint8Array(32).fill(byte));
const [currency, quorum] = [key(1), key(2)];

function logOf(name: SpecieEventName, body: ReadonlyUint8Array): readonly string[] {
  const [discriminator = ''] = Object.entries(EVENTS).find(([, event]) => event.name === name) ?? [];
  const head = discriminator.match(/../g)?.map((byte) => Number.parseInt(byte, 16)) ?? [];
  const data = getBase64Decoder().decode(Uint8Array.from([...head, ...body]));
  return [`Program ${SPECIE_PROGRAM_ADDRESS} invoke [1]`, `Program data: ${data}`, `Program ${SPECIE_PROGRAM_ADDRESS} success`];
}

const price = (at: bigint, amount: bigint): readonly string[] =>
  logOf('PricePosted', getPricePostedEventEncoder().encode({ currency, priceSequence: at, price: amount, publishedAt: at, cautiousPrice: amount, seenAt: at, silent: 0 }));

async function executed(index: bigint, kind: number, workPerScu: bigint): Promise<readonly string[]> {
  const [change] = await findChangePda({ currency, index });
  return logOf('ChangeExecuted', getChangeExecutedEventEncoder().encode({ change, currency, index, workPerScu, quorumEpoch: 0, kind }));
}

const PARAMS = new Proxy({}, { get: (_, name) => (typeof name === 'string' && /^(issueCap|minVoucherUnits|challengeDeposit)$/.test(name) ? 0n : 0) }) as never;
const founded = (workPerScu: bigint): readonly string[] =>
  logOf('CurrencyCreated', getCurrencyCreatedEventEncoder().encode({
    currency, mint: key(3), collateralMint: key(4), authority: key(5), guardian: key(6), cluster: new Uint8Array(32), workPerScu, quorumEpoch: 0, params: PARAMS,
  }));

interface Sent {
  readonly at: bigint;
  readonly logs: readonly string[];
  readonly err?: unknown;
}

/** A node with some transactions of some addresses, latest first; and how often it was asked. */
function node(all: Readonly<Record<string, readonly Sent[]>>) {
  const asked = { signatures: 0, transactions: 0 };
  const byName = new Map<string, Sent>(Object.entries(all).flatMap(([at, sent]) => sent.map((one, index) => [`${at} ${index}`, one] as const)));
  const rpc = {
    getSignaturesForAddress: (at: string, { limit }: { readonly limit: number }) => ({
      send: async () => {
        asked.signatures += 1;
        return (all[at] ?? []).slice(0, limit).map(({ at: blockTime, err = null }, index) => ({ signature: `${at} ${index}`, blockTime, err }));
      },
    }),
    getTransaction: (name: string) => ({
      send: async () => {
        asked.transactions += 1;
        const logMessages = byName.get(name)?.logs ?? [];
        return { transaction: { message: { accountKeys: [address(SPECIE_PROGRAM_ADDRESS)], instructions: [] } }, meta: { err: null, logMessages } };
      },
    }),
  };
  return { rpc: rpc as unknown as SpecieRpc, asked };
}

describe('the history of price and Standard', () => {
  it('goes back to the founding where the node tells it, and has only rises that took effect', async () => {
    const changes = await Promise.all([0n, 1n, 2n].map(async (index) => (await findChangePda({ currency, index }))[0]));
    const { rpc } = node({
      [quorum]: [{ at: 30n, logs: price(30n, 220n) }, { at: 20n, logs: price(20n, 200n) }, { at: 15n, logs: [], err: {} }, { at: 10n, logs: founded(1_000n) }],
      // A rise, other rules, and a rise that was cancelled.
      [changes[0] ?? '']: [{ at: 25n, logs: await executed(0n, 1, 1_100n) }, { at: 12n, logs: [] }],
      [changes[1] ?? '']: [{ at: 26n, logs: await executed(1n, 0, 1_100n) }],
      [changes[2] ?? '']: [{ at: 27n, logs: [] }],
    });
    expect(await readHistory(rpc, { currency, quorum, nextChange: 3n })).toEqual({
      prices: [{ at: 20n, price: 200n }, { at: 30n, price: 220n }],
      pricesFrom: 'founding',
      standards: [{ at: 10n, workPerScu: 1_000n }, { at: 25n, workPerScu: 1_100n }],
      standardsFrom: 'founding',
    });
  });

  it('is bounded, and says so', async () => {
    const many = Array.from({ length: 200 }, (_, index) => ({ at: BigInt(1_000 - index), logs: price(BigInt(1_000 - index), 5n) }));
    const { rpc, asked } = node({ [quorum]: many });
    const history = await readHistory(rpc, { currency, quorum, nextChange: 1_000n });
    expect([history.prices.length, history.pricesFrom, history.standardsFrom]).toEqual([LOOK_BACK.transactions, 'bound', 'bound']);
    expect(asked).toEqual({ signatures: 1 + LOOK_BACK.changes, transactions: LOOK_BACK.transactions });
  });

  it('is as short as the node’s memory, and says so', async () => {
    const { rpc } = node({ [quorum]: [{ at: 30n, logs: price(30n, 220n) }] });
    expect(await readHistory(rpc, { currency, quorum, nextChange: 1n })).toEqual({
      prices: [{ at: 30n, price: 220n }],
      pricesFrom: 'node',
      standards: [],
      standardsFrom: 'node',
    });
  });
});
