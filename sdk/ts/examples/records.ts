import { emptyStatement, follow, readRecord, type RecordTerms, type UsageRecord } from "@specie/sdk/messages";

/** Verifies every record of a voucher, in order, and returns what the voucher has consumed in units. */
export async function verifyAll(records: readonly string[], terms: RecordTerms, settled: bigint): Promise<bigint> {
  const read: UsageRecord[] = await Promise.all(records.map((record) => readRecord(record, terms)));
  return read.reduce(follow, emptyStatement(settled)).cumulative ?? 0n;
}
