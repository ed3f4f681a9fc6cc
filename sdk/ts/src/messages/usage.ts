import type { Address } from "@solana/kit";
import { addressClaim, count, integer, optionalText, text, units } from "./claims.js";
import { TokenError, delegationOf, verifyToken, type JsonObject } from "./jws.js";
import type { VoucherTerms } from "./kinds.js";
import { priceOf, type Tariff, type Usage } from "./tariff.js";

/** The `typ` of a usage record. */
export const USAGE_TYP = "specie-usage+jwt";
/** The `typ` of an issuer's leave for another key to sign usage records. */
export const DELEGATION_TYP = "specie-delegation+jwt";

/** What a vendor says that one request cost. */
export interface UsageRecord {
  readonly vault: string;
  readonly voucher: string;
  readonly openedAt: bigint;
  /** 1, 2, 3 and so on within the voucher. */
  readonly number: bigint;
  readonly request: string;
  readonly session: string;
  /** The key below the session's that asked; undefined if it was the session's own. */
  readonly key: string | undefined;
  readonly model: string;
  readonly usage: Usage;
  readonly tariff: Tariff;
  /** Units that it cost. */
  readonly units: bigint;
  /** Units that the voucher has consumed with it. */
  readonly cumulative: bigint;
  /** When it was charged, in Unix seconds. */
  readonly chargedAt: bigint;
}

/** What is wrong with a usage record. */
export type RecordFault = "not-signed" | "not-delegated" | "of-another-voucher" | "above-price" | "gap" | "sum" | "carried-too-much";

/** A usage record that breaks a rule: evidence against whoever signed it, except for the first two faults. */
export class RecordError extends Error {
  override readonly name = "RecordError";

  constructor(
    readonly fault: RecordFault,
    sentence: string,
    options?: ErrorOptions,
  ) {
    super(sentence, options);
  }
}

function readClaims(claims: JsonObject): UsageRecord {
  return {
    vault: text(claims, "iss"),
    voucher: text(claims, "sub"),
    openedAt: integer(claims, "opened_at"),
    number: count(claims, "number"),
    request: text(claims, "jti"),
    session: text(claims, "session"),
    key: optionalText(claims, "key"),
    model: text(claims, "model"),
    usage: {
      input: count(claims, "input_tokens"),
      cached: count(claims, "cached_tokens"),
      output: count(claims, "output_tokens"),
      milliseconds: count(claims, "milliseconds"),
    },
    tariff: {
      inputUnitsPer1000: units(claims, "input_units_per_1000"),
      cachedUnitsPer1000: units(claims, "cached_units_per_1000"),
      outputUnitsPer1000: units(claims, "output_units_per_1000"),
      unitsPerSecond: units(claims, "units_per_second"),
    },
    units: units(claims, "units"),
    cumulative: units(claims, "cumulative"),
    chargedAt: integer(claims, "iat"),
  };
}

async function verified(token: string, key: Address): Promise<UsageRecord> {
  return readClaims(await verifyToken(token, USAGE_TYP, key));
}

/** Whose key the issuer delegated records to, and until when. */
interface Delegation {
  readonly key: Address;
  /** In Unix seconds. */
  readonly until: bigint;
}

async function readDelegation(token: string, vault: Address, issuer: Address): Promise<Delegation> {
  try {
    const claims = await verifyToken(token, DELEGATION_TYP, issuer);
    if (text(claims, "iss") !== vault) throw notDelegated("it is of another vault");
    return { key: addressClaim(claims, "sub"), until: integer(claims, "exp") };
  } catch (error) {
    if (error instanceof TokenError) throw notDelegated(error.message, error);
    throw error;
  }
}

const notDelegated = (reason: string, cause?: Error): RecordError =>
  new RecordError("not-delegated", `The usage record's key had no delegation of the vault's issuer: ${reason}`, { cause });

async function verifiedByDelegation(token: string, delegation: string, vault: Address, issuer: Address): Promise<UsageRecord> {
  const { key, until } = await readDelegation(delegation, vault, issuer);
  const record = await verified(token, key);
  if (record.chargedAt > until) throw notDelegated("it was charged after its key's delegation ended");
  return record;
}

/** What a voucher's records are checked by. */
export interface RecordTerms {
  readonly terms: Pick<VoucherTerms, "voucher" | "vault" | "openedAt">;
  /** The vault's issuer, as its account says. */
  readonly issuer: Address;
}

/**
 * Reads a usage record and checks what can be checked by itself: who signed it, of which voucher, and that its units are not
 * above its tariff times its counts. Throws a {@link RecordError}.
 */
export async function readRecord(token: string, { terms, issuer }: RecordTerms): Promise<UsageRecord> {
  const record = await readSigned(token, terms.vault, issuer);
  if (record.vault !== terms.vault || record.voucher !== terms.voucher || record.openedAt !== terms.openedAt) {
    throw new RecordError("of-another-voucher", "The usage record is of another voucher");
  }
  const price = priceOf(record.tariff, record.usage);
  if (record.units > price) {
    throw new RecordError("above-price", `${record.units} units were charged for what costs ${price} by the record's own tariff`);
  }
  return record;
}

async function readSigned(token: string, vault: Address, issuer: Address): Promise<UsageRecord> {
  try {
    const delegation = delegationOf(token);
    return delegation === undefined ? await verified(token, issuer) : await verifiedByDelegation(token, delegation, vault, issuer);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    throw new RecordError("not-signed", `The usage record is not signed by the vault's issuer: ${error.message}`, { cause: error });
  }
}

/** A voucher's records so far, to check the next one by. */
export interface Statement {
  /** What the chain says was settled of the voucher: as much may have been consumed before the first record. */
  readonly settled: bigint;
  /** The number of the last record; 0 before the first. */
  readonly number: bigint;
  /** What the records come to, with what the first one found consumed; undefined before the first. */
  readonly cumulative: bigint | undefined;
}

/** Before the first record. */
export const emptyStatement = (settled: bigint): Statement => ({ settled, number: 0n, cumulative: undefined });

/** The statement with a record that was read, which must be the next one. Throws a {@link RecordError}. */
export function follow(statement: Statement, record: UsageRecord): Statement {
  const expected = statement.number + 1n;
  if (record.number !== expected) {
    throw new RecordError("gap", `The usage record has number ${record.number} and the one after the last has ${expected}`);
  }
  if (statement.cumulative === undefined) requireCarried(statement.settled, record);
  else requireSum(statement.cumulative + record.units, record.cumulative);
  return { ...statement, number: record.number, cumulative: record.cumulative };
}

function requireSum(expected: bigint, found: bigint): void {
  if (found === expected) return;
  throw new RecordError("sum", `The voucher's charges come to ${expected} units and the usage record says ${found}`);
}

function requireCarried(settled: bigint, record: UsageRecord): void {
  const carried = record.cumulative - record.units;
  if (carried < 0n) requireSum(record.units, record.cumulative);
  if (carried > settled) {
    throw new RecordError(
      "carried-too-much",
      `${carried} units are said to have been consumed before the first charge, and ${settled} are settled on chain`,
    );
  }
}
