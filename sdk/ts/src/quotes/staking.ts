import { Refusal, ensure } from "../errors/refusal.js";
import type { Params, Pool, StakeAccount } from "../generated/index.js";
import { REWARD_PERIOD, U128_MAX, i64, mulDiv, shareOf, since, u64 } from "./math.js";
import { quote, type Quote } from "./quote.js";

const Q64 = 64n;
const U64_MASK = (1n << Q64) - 1n;

/** The pool, with what its stream released until `now` spread over the tokens staked. */
function accrued(pool: Pool, now: bigint): Pool {
  if (now <= pool.accruedAt) return pool;
  if (pool.staked === 0n) {
    return { ...pool, streamsUntil: i64(pool.streamsUntil + i64(now - pool.accruedAt)), accruedAt: now };
  }
  if (pool.streaming === 0n) return { ...pool, accruedAt: now };
  const released =
    now >= pool.streamsUntil
      ? pool.streaming
      : mulDiv(pool.streaming, since(now, pool.accruedAt), since(pool.streamsUntil, pool.accruedAt), "down");
  const perToken = (released << Q64) / pool.staked;
  return {
    ...pool,
    streaming: u64(pool.streaming - released),
    rewardPerToken: (pool.rewardPerToken + perToken) & U128_MAX,
    accruedAt: now,
  };
}

interface Staked {
  readonly pool: Pool;
  readonly stake: StakeAccount;
}

/** Pool and stake, brought up to date; less than one base unit each time is paid to nobody. */
function broughtUpToDate(stake: StakeAccount, before: Pool, now: bigint): Staked {
  const pool = accrued(before, now);
  const perToken = (pool.rewardPerToken - stake.rewardPerToken) & U128_MAX;
  const ofWhole = u64(stake.staked * (perToken >> Q64));
  const ofFraction = (stake.staked * (perToken & U64_MASK)) >> Q64;
  const rewards = u64(u64(stake.rewards + ofWhole) + ofFraction);
  return { pool, stake: { ...stake, rewards, rewardPerToken: pool.rewardPerToken } };
}

/** What a stake has earned by `now` and not claimed, in collateral base units. */
export const rewardsOf = (stake: StakeAccount, pool: Pool, now: bigint): Quote<bigint> =>
  quote(() => broughtUpToDate(stake, pool, now).stake.rewards);

/** What claiming pays now, in collateral base units; 0 for a stake of nothing, which closes. */
export function quoteClaim(stake: StakeAccount, pool: Pool, now: bigint): Quote<bigint> {
  return quote(() => {
    const { rewards } = broughtUpToDate(stake, pool, now).stake;
    ensure(rewards !== 0n || stake.staked === 0n, "NothingToClaim");
    return rewards;
  });
}

/** The stake after `tokens` base units more are staked. */
export function quoteStake(stake: StakeAccount, pool: Pool, tokens: bigint, now: bigint): Quote<StakeAccount> {
  return quote(() => {
    ensure(u64(tokens) !== 0n, "AmountZero");
    const current = broughtUpToDate(stake, pool, now);
    const staked = u64(stake.staked + tokens);
    u64(current.pool.staked + tokens);
    return { ...current.stake, staked };
  });
}

/** The stake after `tokens` base units are taken back. */
export function quoteUnstake(stake: StakeAccount, pool: Pool, tokens: bigint, now: bigint): Quote<StakeAccount> {
  return quote(() => {
    ensure(u64(tokens) !== 0n, "AmountZero");
    ensure(tokens <= stake.staked, "StakeExceeded");
    const current = broughtUpToDate(stake, pool, now);
    u64(current.pool.staked - tokens);
    return { ...current.stake, staked: stake.staked - tokens };
  });
}

/** How revenue is split, and how long the stakers' part is streamed. */
export interface Distribution {
  /** To stakers, in collateral base units. */
  readonly toStakers: bigint;
  readonly toInsurance: bigint;
  readonly toTreasury: bigint;
  /** What is then being streamed to stakers. */
  readonly streaming: bigint;
  /** Until when, in Unix seconds. */
  readonly streamsUntil: bigint;
}

/** What distributing a revenue account's balance now comes to. */
export function quoteDistribution(pool: Pool, params: Params, revenue: bigint, now: bigint): Quote<Distribution> {
  return quote(() => {
    ensure(u64(revenue) !== 0n, "NothingToDistribute");
    const toStakers = shareOf(revenue, params.stakersShare, "down");
    const toInsurance = shareOf(revenue, params.insuranceShare, "down");
    const toTreasury = u64(u64(revenue - toStakers) - toInsurance);
    const { streaming, streamsUntil } = streamed(pool, toStakers, now);
    return { toStakers, toInsurance, toTreasury, streaming, streamsUntil };
  });
}

/** The time that the whole is spread over is the average of the rest's and of seven days for what is added. */
function streamed(before: Pool, revenue: bigint, now: bigint): Pool {
  const pool = accrued(before, now);
  if (revenue === 0n) return pool;
  const streaming = u64(pool.streaming + revenue);
  const left = since(pool.streamsUntil, pool.accruedAt);
  const shorter = left > REWARD_PERIOD ? 0n : REWARD_PERIOD - left;
  const seconds = left + mulDiv(revenue, shorter, streaming, "down");
  if (seconds > 0xffff_ffffn) throw Refusal.of("Overflow");
  return { ...pool, streaming, streamsUntil: i64(pool.accruedAt + seconds) };
}
