import type { Account, Address, TransactionSigner } from "@solana/kit";
import {
  findPoolPda,
  findRewardsPda,
  findStakePda,
  findStakedPda,
  getClaimInstruction,
  getDistributeInstruction,
  getStakeInstruction,
  getUnstakeInstruction,
  type Currency,
} from "../generated/index.js";
import { destination, tokenAccountOf, type Plan } from "./plan.js";

/** Who stakes in which currency. */
export interface Staking {
  readonly currency: Account<Currency>;
  readonly owner: TransactionSigner;
  /** Token account to use; the owner's associated one without it. */
  readonly account?: Address;
}

/** A stake's owner, and how many token base units are moved. */
export interface StakedTokens extends Staking {
  readonly tokens: bigint;
}

async function addressesOf({ currency, owner }: Staking) {
  const [pool] = await findPoolPda({ currency: currency.address });
  const [[stakeAccount, bump], [stakedAccount], [rewardsAccount]] = await Promise.all([
    findStakePda({ pool, owner: owner.address }),
    findStakedPda({ pool }),
    findRewardsPda({ pool }),
  ]);
  return { pool, stake: stakeAccount, bump, stakedAccount, rewardsAccount };
}

/** Stakes tokens, which earn from then on. The first stake creates its account, at the owner's cost. */
export async function stake(staking: StakedTokens): Promise<Plan> {
  const { owner, currency, tokens } = staking;
  const { pool, stake: stakeAccount, bump, stakedAccount } = await addressesOf(staking);
  const from = staking.account ?? (await tokenAccountOf(owner.address, currency.data.mint));
  return { instructions: [getStakeInstruction({ owner, pool, stake: stakeAccount, from, stakedAccount, tokens, bump })] };
}

/** Takes staked tokens back; what they earned stays to be claimed. */
export async function unstake(staking: StakedTokens): Promise<Plan> {
  const { owner, currency, tokens } = staking;
  const { pool, stake: stakeAccount, stakedAccount } = await addressesOf(staking);
  const to = await destination(staking.account, { owner: owner.address, mint: currency.data.mint }, owner);
  const instruction = getUnstakeInstruction({ owner, pool, stake: stakeAccount, stakedAccount, to: to.account, tokens });
  return { instructions: [...to.create, instruction] };
}

/** Pays a stake's rewards out in the collateral token; a stake of nothing closes. */
export async function claim(staking: Staking): Promise<Plan> {
  const { owner, currency } = staking;
  const { pool, stake: stakeAccount, rewardsAccount } = await addressesOf(staking);
  const to = await destination(staking.account, { owner: owner.address, mint: currency.data.collateralMint }, owner);
  const instruction = getClaimInstruction({ owner, pool, stake: stakeAccount, rewardsAccount, to: to.account });
  return { instructions: [...to.create, instruction] };
}

/** Splits a currency's revenue between stakers, insurance and treasury. Anybody may. */
export async function distribute({ currency }: { readonly currency: Account<Currency> }): Promise<Plan> {
  const { revenue, insurance, treasury } = currency.data;
  const [pool] = await findPoolPda({ currency: currency.address });
  const [rewards] = await findRewardsPda({ pool });
  return { instructions: [getDistributeInstruction({ currency: currency.address, pool, revenue, rewards, insurance, treasury })] };
}
