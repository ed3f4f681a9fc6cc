import type { Address } from "@solana/kit";
import type { Tariff } from "../messages/index.js";
import { bodyOf, type Gateway } from "./client.js";
import { GatewayMismatch } from "./error.js";

/** What a gateway asks for a model, and how much the model takes. */
export interface ModelOffer {
  readonly id: string;
  readonly tariff: Tariff;
  /** The class of vouchers that pay for it. */
  readonly class: string;
  /** Tokens that fit its context. */
  readonly contextTokens: number;
  /** The most tokens of one answer; 0 where the gateway does not say. */
  readonly maxOutputTokens: number;
  /** Tokens that the model's chat template may add to what is sent. */
  readonly templateTokens: number;
}

/** What a gateway asks for accelerators that it leases. */
export interface PoolOffer {
  readonly id: string;
  /** The class of vouchers that pay for it. */
  readonly class: string;
  readonly accelerators: number;
  /** Units for a second of one accelerator. */
  readonly unitsPerSecond: bigint;
}

/** What a gateway publishes of itself. All of it is the gateway's word: see {@link mismatchOf}. */
export interface Discovery {
  readonly vault: string;
  readonly issuer: string;
  readonly currency: string;
  /** The genesis hash of the vault's cluster. */
  readonly cluster: string;
  readonly classes: readonly string[];
  /** The hash of the prices and bounds: a session keeps those that it was opened under. */
  readonly terms: string;
  readonly models: readonly ModelOffer[];
  readonly pools: readonly PoolOffer[];
}

type Json = Readonly<Record<string, unknown>>;

function malformed(what: string): GatewayMismatch {
  return new GatewayMismatch("answer", `What the gateway publishes is malformed: ${what}; ask the vendor for the vault's gateway`);
}

function objectOf(value: unknown, where: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw malformed(`${where} is not an object`);
  return Object.fromEntries(Object.entries(value));
}

function text(from: Json, name: string): string {
  const value = from[name];
  if (typeof value !== "string") throw malformed(`"${name}" is not a text`);
  return value;
}

/** A text that gateways may leave out. */
const textOr = (from: Json, name: string, otherwise: string): string => (from[name] === undefined ? otherwise : text(from, name));

function count(from: Json, name: string): number {
  const value = from[name];
  if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw malformed(`"${name}" is not a count`);
  return value;
}

/** A count that gateways may leave out: 0 then. */
const countOrNone = (from: Json, name: string): number => (from[name] === undefined ? 0 : count(from, name));

/** An amount of units, which is written as a decimal text. */
function units(from: Json, name: string): bigint {
  const value = text(from, name);
  if (!/^[0-9]{1,20}$/u.test(value)) throw malformed(`"${name}" is not an amount of units`);
  return BigInt(value);
}

function modelOf(id: string, from: Json): ModelOffer {
  return {
    id,
    tariff: {
      inputUnitsPer1000: units(from, "input_units_per_1000_tokens"),
      cachedUnitsPer1000: units(from, "cached_units_per_1000_tokens"),
      outputUnitsPer1000: units(from, "output_units_per_1000_tokens"),
      unitsPerSecond: from["units_per_second"] === undefined ? 0n : units(from, "units_per_second"),
    },
    class: textOr(from, "class", "inference"),
    contextTokens: count(from, "context_tokens"),
    maxOutputTokens: countOrNone(from, "max_output_tokens"),
    templateTokens: countOrNone(from, "template_tokens"),
  };
}

function poolOf(id: string, from: Json): PoolOffer {
  return {
    id,
    class: text(from, "class"),
    accelerators: count(from, "accelerators"),
    unitsPerSecond: units(from, "units_per_second"),
  };
}

/** Reads what a gateway published; throws a {@link GatewayMismatch} that names what is malformed. */
export function readDiscovery(body: unknown): Discovery {
  const from = objectOf(body, "the answer");
  const { classes } = from;
  if (!Array.isArray(classes)) throw malformed('"classes" is not a list');
  const entries = (name: string): readonly (readonly [string, unknown])[] => Object.entries(from[name] === undefined ? {} : objectOf(from[name], `"${name}"`));
  return {
    vault: text(from, "vault"),
    issuer: text(from, "issuer"),
    currency: text(from, "currency"),
    cluster: text(from, "cluster"),
    classes: classes.filter((name) => typeof name === "string"),
    terms: textOr(from, "terms", ""),
    models: entries("tariffs").map(([id, offer]) => modelOf(id, objectOf(offer, `the offer of ${id}`))),
    pools: entries("pools").map(([id, offer]) => poolOf(id, objectOf(offer, `the offer of ${id}`))),
  };
}

/** Who a gateway serves for, what it offers, and at which prices. */
export async function discover(gateway: Gateway, signal?: AbortSignal): Promise<Discovery> {
  return readDiscovery(await bodyOf(gateway.api.GET("/.well-known/specie", signal === undefined ? {} : { signal })));
}

/** What the chain has of a vault, which its gateway must name as it is. */
export interface VaultFacts {
  readonly vault: Address;
  readonly issuer: Address;
  readonly currency: Address;
  /** The cluster's genesis hash. */
  readonly cluster: Address;
}

/** The first fact that a gateway states otherwise than the chain; undefined where the gateway is the vault's own. */
export function mismatchOf(published: Discovery, facts: Partial<VaultFacts>): keyof VaultFacts | undefined {
  return (["vault", "issuer", "currency", "cluster"] as const).find((name) => facts[name] !== undefined && published[name] !== facts[name]);
}
