import { ensure } from "../errors/refusal.js";
import type { Params, Standard } from "../generated/index.js";
import { BPS_WHOLE, CLOCK_SKEW, PRICE_MEMORY, SEQUENCE_LEAP_MAX, U64_MAX, after, max, min, mulDiv, since } from "./math.js";
import { quote, type Quote } from "./quote.js";

/** A price that the quorum would post. */
export interface PostedPrice {
  /** Collateral base units per SCU. */
  readonly price: bigint;
  readonly sequence: bigint;
  /** When it was observed, in Unix seconds. */
  readonly publishedAt: bigint;
}

/** What an earlier, higher price has come down to by `at`: what collateral answers for, without a newer price. */
export function decayedPrice(standard: Standard, at: bigint): bigint {
  const passed = min(since(at, standard.publishedAt), PRICE_MEMORY);
  return standard.cautiousPrice - mulDiv(standard.cautiousPrice, passed, PRICE_MEMORY, "down");
}

/** What collateral must answer for after a price is posted now, in collateral base units per SCU. */
export function quotePostPrice(standard: Standard, params: Params, posted: PostedPrice, now: bigint): Quote<bigint> {
  return quote(() => {
    const { price, sequence, publishedAt } = posted;
    ensure(price !== 0n, "PriceZero");
    ensure(sequence > standard.priceSequence, "PriceNotNewer");
    ensure(sequence - standard.priceSequence <= SEQUENCE_LEAP_MAX, "SequenceTooFarAhead");
    ensure(publishedAt > standard.publishedAt, "PriceNotNewer");
    ensure(publishedAt <= after(now, CLOCK_SKEW), "SignedInFuture");
    ensure(now <= after(publishedAt, params.priceMaxAge), "SignedTooOld");
    if (standard.price !== 0n) requireMoveAllowed(standard, params, posted);
    return max(price, decayedPrice(standard, publishedAt));
  });
}

function requireMoveAllowed(standard: Standard, params: Params, { price, publishedAt }: PostedPrice): void {
  const interval = BigInt(params.priceMinInterval);
  const elapsed = since(publishedAt, standard.publishedAt);
  ensure(elapsed >= interval, "PriceTooSoon");
  const intervals = interval === 0n ? 0n : min(elapsed / interval, BPS_WHOLE);
  const most = quote(() => mulDiv(standard.price, BigInt(params.priceMaxMove) * intervals, BPS_WHOLE, "down"));
  const moved = price > standard.price ? price - standard.price : standard.price - price;
  ensure(moved <= (most.ok ? most.value : U64_MAX), "PriceMoveTooLarge");
}
