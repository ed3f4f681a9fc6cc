import { RecordError, emptyStatement, follow, readRecord, type RecordTerms, type UsageRecord } from "../messages/index.js";
import type { Gateway } from "./client.js";
import { pagesOfRecords } from "./session.js";

/** A session whose voucher's records are checked. */
export interface StatementRequest extends RecordTerms {
  readonly apiKey: string;
  /** The session's identity. */
  readonly id: string;
  /** Units of the voucher that the chain says are settled. */
  readonly settled: bigint;
  readonly signal?: AbortSignal;
}

/** A voucher's records as far as they hold. */
export interface VerifiedStatement {
  /** Every record that holds, in order. */
  readonly records: readonly UsageRecord[];
  /** The first record that does not hold: the number that it should have, and what is wrong. */
  readonly fault: { readonly number: number; readonly error: RecordError } | undefined;
  /** Units that the records come to, with what was consumed before the first. */
  readonly cumulative: bigint;
}

/**
 * Fetches every usage record of a voucher and checks each: who signed it, of which voucher, its price, its number and the sum.
 * Ends at the first record that does not hold.
 */
export async function verifyRecords(gateway: Gateway, request: StatementRequest): Promise<VerifiedStatement> {
  const { apiKey, id, settled, signal, ...terms } = request;
  const records: UsageRecord[] = [];
  let statement = emptyStatement(settled);
  for await (const page of pagesOfRecords(gateway, { apiKey, id, ...(signal === undefined ? {} : { signal }) })) {
    for (const token of page) {
      try {
        const record = await readRecord(token, terms);
        statement = follow(statement, record);
        records.push(record);
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        return { records, fault: { number: records.length + 1, error }, cumulative: statement.cumulative ?? settled };
      }
    }
  }
  return { records, fault: undefined, cumulative: statement.cumulative ?? settled };
}
