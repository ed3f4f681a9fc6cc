import { emptyStatement, follow, readRecord, RecordError, termsOf, type RecordFault, type UsageRecord } from '@specie/sdk/messages';
import type { Consumer } from './session.ts';
import { ask } from './session.ts';

/** A voucher's records as far as they hold, and what is wrong with the first that does not. */
export interface VerifiedStatement {
  readonly records: readonly UsageRecord[];
  readonly fault: { readonly number: number; readonly fault: RecordFault; readonly said: string } | undefined;
  /** What they come to, with what was consumed before the first. */
  readonly cumulative: bigint;
}

interface Page {
  readonly data?: readonly { readonly number?: number; readonly record?: string }[];
  readonly has_more?: boolean;
}

/** More than anybody looks at; the command line's proxy reads them all. */
const PAGES_MAX = 50;

/** Fetches every signed record of a voucher, and checks each: signature, voucher, price, number and sum. */
export async function verifyStatement(consumer: Consumer, session: string, apiKey: string): Promise<VerifiedStatement> {
  const { voucher, vault, gateway } = consumer;
  const terms = termsOf(voucher.address, voucher.data);
  const records: UsageRecord[] = [];
  let statement = emptyStatement(voucher.data.settled);
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await ask(`${gateway}/v1/sessions/${session}/usage?after=${statement.number}`, {
      headers: { authorization: `Bearer ${apiKey}` },
    });
    const { data = [] } = (await answer.json()) as Page;
    for (const { record: token = '' } of data) {
      try {
        const record = await readRecord(token, { terms, issuer: vault.data.issuer });
        statement = follow(statement, record);
        records.push(record);
      } catch (error) {
        if (!(error instanceof RecordError)) throw error;
        const number = records.length + 1;
        return { records, fault: { number, fault: error.fault, said: error.message }, cumulative: statement.cumulative ?? 0n };
      }
    }
    if (data.length < 100) break;
  }
  return { records, fault: undefined, cumulative: statement.cumulative ?? voucher.data.settled };
}
