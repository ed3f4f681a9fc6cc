import { UNITS_MAX } from "./claims.js";

/** What was consumed; a kind that does not apply is 0. */
export interface Usage {
  /** Tokens read, those from a cache included. */
  readonly input: bigint;
  /** Tokens read from the upstream's cache: priced instead of `input`, and at most as many. */
  readonly cached: bigint;
  /** Tokens written. */
  readonly output: bigint;
  /** Milliseconds of one accelerator. */
  readonly milliseconds: bigint;
}

/** A price, in units for each kind of consumption. */
export interface Tariff {
  /** Units for 1,000 tokens read. */
  readonly inputUnitsPer1000: bigint;
  /** Units for 1,000 tokens read from the upstream's cache. */
  readonly cachedUnitsPer1000: bigint;
  /** Units for 1,000 tokens written. */
  readonly outputUnitsPer1000: bigint;
  /** Units for a second of one accelerator. */
  readonly unitsPerSecond: bigint;
}

/** What some usage costs in units: counts × prices over 1,000, rounded up once. */
export function priceOf(tariff: Tariff, usage: Usage): bigint {
  const cached = usage.cached < usage.input ? usage.cached : usage.input;
  const thousandths =
    (usage.input - cached) * tariff.inputUnitsPer1000 +
    cached * tariff.cachedUnitsPer1000 +
    usage.output * tariff.outputUnitsPer1000 +
    usage.milliseconds * tariff.unitsPerSecond;
  const price = (thousandths + 999n) / 1_000n;
  return price < UNITS_MAX ? price : UNITS_MAX;
}
