import { readTransaction } from '@specie/sdk/events';
import type { Address, Signature } from '@solana/kit';
import type { SpecieRpc } from './client.ts';

/** The quorum's price from a time on. */
export interface PostedPrice {
  /** Unix seconds. */
  readonly at: bigint;
  /** Base units of the collateral token for an SCU. */
  readonly price: bigint;
}

/** How many transactions back are looked at: each is a request of its own. */
const LOOK_BACK = 40;

/** The prices that were posted, from the Standard's own transactions, oldest first. */
export async function readPriceHistory(rpc: SpecieRpc, standard: Address): Promise<readonly PostedPrice[]> {
  const found = await rpc.getSignaturesForAddress(standard, { limit: LOOK_BACK, commitment: 'confirmed' }).send();
  const read = await Promise.all(
    found.filter(({ err }) => err === null).map(({ signature }) => pricesIn(rpc, signature)),
  );
  return read.flat().toSorted((left, right) => (left.at < right.at ? -1 : 1));
}

async function pricesIn(rpc: SpecieRpc, signature: Signature): Promise<readonly PostedPrice[]> {
  const transaction = await rpc
    .getTransaction(signature, { encoding: 'json', commitment: 'confirmed', maxSupportedTransactionVersion: 0 })
    .send();
  if (transaction === null) return [];
  return readTransaction(transaction).events.flatMap((event) =>
    event.name === 'PricePosted' ? [{ at: event.data.publishedAt, price: event.data.price }] : [],
  );
}
