import type { Tariff } from '@specie/sdk/messages';

/** What a gateway says of one model. */
export interface ModelOffer {
  readonly id: string;
  readonly tariff: Tariff;
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
  readonly templateTokens: number;
}

/** What a gateway says of accelerators that it leases. */
export interface PoolOffer {
  readonly id: string;
  readonly class: string;
  readonly accelerators: number;
  readonly unitsPerSecond: bigint;
}

/** What a gateway publishes at `/.well-known/specie`. */
export interface Discovery {
  readonly vault: string;
  readonly issuer: string;
  readonly currency: string;
  readonly cluster: string;
  readonly classes: readonly string[];
  /** The hash of the terms that a session opened now is held to. */
  readonly terms: string;
  readonly models: readonly ModelOffer[];
  readonly pools: readonly PoolOffer[];
}

/** What a gateway published is not what it must be. */
export class DiscoveryError extends Error {
  override readonly name = 'DiscoveryError';
}

type Json = Record<string, unknown>;

function record(value: unknown, where: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new DiscoveryError(`${where} is no object`);
  return value as Json;
}

function text(from: Json, key: string): string {
  const value = from[key];
  if (typeof value !== 'string') throw new DiscoveryError(`"${key}" is no text`);
  return value;
}

function whole(from: Json, key: string): number {
  const value = from[key];
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw new DiscoveryError(`"${key}" is no count`);
  return value;
}

/** Amounts of units travel as decimal texts. */
function units(from: Json, key: string): bigint {
  const value = text(from, key);
  if (!/^\d{1,20}$/.test(value)) throw new DiscoveryError(`"${key}" is no amount of units`);
  return BigInt(value);
}

function model(id: string, from: Json): ModelOffer {
  return {
    id,
    tariff: {
      inputUnitsPer1000: units(from, 'input_units_per_1000_tokens'),
      cachedUnitsPer1000: units(from, 'cached_units_per_1000_tokens'),
      outputUnitsPer1000: units(from, 'output_units_per_1000_tokens'),
      unitsPerSecond: units(from, 'units_per_second'),
    },
    contextTokens: whole(from, 'context_tokens'),
    maxOutputTokens: whole(from, 'max_output_tokens'),
    templateTokens: whole(from, 'template_tokens'),
  };
}

function pool(id: string, from: Json): PoolOffer {
  return {
    id,
    class: text(from, 'class'),
    accelerators: whole(from, 'accelerators'),
    unitsPerSecond: units(from, 'units_per_second'),
  };
}

export function parseDiscovery(value: unknown): Discovery {
  const from = record(value, 'what it published');
  const classes = from['classes'];
  return {
    vault: text(from, 'vault'),
    issuer: text(from, 'issuer'),
    currency: text(from, 'currency'),
    cluster: text(from, 'cluster'),
    classes: Array.isArray(classes) ? classes.filter((name) => typeof name === 'string') : [],
    terms: text(from, 'terms'),
    models: Object.entries(record(from['tariffs'], '"tariffs"')).map(([id, offer]) => model(id, record(offer, id))),
    pools: Object.entries(record(from['pools'], '"pools"')).map(([id, offer]) => pool(id, record(offer, id))),
  };
}

/** What the chain has of a vault that a gateway must name as it is. */
export interface Expected {
  readonly vault: string;
  readonly issuer: string;
  readonly currency: string;
  readonly cluster: string;
}

/** What a gateway says otherwise than the chain; undefined where it is the vault's own. */
export function mismatchOf(found: Discovery, expected: Expected): keyof Expected | undefined {
  return (['vault', 'issuer', 'currency', 'cluster'] as const).find((key) => found[key] !== expected[key]);
}
