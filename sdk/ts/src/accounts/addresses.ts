import type { Address } from "@solana/kit";
import {
  findBookPda,
  findCurrencyPda,
  findInsurancePda,
  findPoolPda,
  findQuorumPda,
  findRevenuePda,
  findRewardsPda,
  findStakedPda,
  findStandardPda,
} from "../generated/index.js";

/** Where everything of a currency is; all of it follows from the mint. */
export interface CurrencyAddresses {
  readonly mint: Address;
  readonly currency: Address;
  readonly standard: Address;
  readonly quorum: Address;
  /** What all its vaults owe. */
  readonly book: Address;
  readonly pool: Address;
  /** Token account that fees go to. */
  readonly revenue: Address;
  /** Token account of the insurance. */
  readonly insurance: Address;
  /** Token account of what is staked. */
  readonly staked: Address;
  /** Token account of what stakers may claim. */
  readonly rewards: Address;
}

/** Derives where everything of a mint's currency is. */
export async function currencyAddresses(mint: Address): Promise<CurrencyAddresses> {
  const [currency] = await findCurrencyPda({ mint });
  const [pool] = await findPoolPda({ currency });
  const [[standard], [quorum], [book], [revenue], [insurance], [staked], [rewards]] = await Promise.all([
    findStandardPda({ currency }),
    findQuorumPda({ currency }),
    findBookPda({ currency }),
    findRevenuePda({ currency }),
    findInsurancePda({ currency }),
    findStakedPda({ pool }),
    findRewardsPda({ pool }),
  ]);
  return { mint, currency, standard, quorum, book, pool, revenue, insurance, staked, rewards };
}
