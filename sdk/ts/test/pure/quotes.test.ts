import { describe, expect, test } from "vitest";
import {
  decayedPrice,
  issueHeadroom,
  purchaseHeadroom,
  quoteClaim,
  quoteClose,
  quoteCompensation,
  quoteDistribution,
  issueShare,
  quoteIssue,
  quoteLiquidation,
  quotePostPrice,
  quotePurchase,
  quoteReclaim,
  quoteRedeem,
  quoteSettle,
  quoteStake,
  quoteUnstake,
  quoteWithdrawal,
  quoteWithdrawalRequest,
  vaultHealth,
  classNumber,
} from "../../src/quotes/index.js";
import { answerOf, worlds, type QuoteVector, type World } from "./vectors.js";

type Answer = (world: World, argument: (name: string) => bigint, vector: QuoteVector) => QuoteVector["answer"];

const text = (amount: bigint): string => amount.toString();

const ANSWERS: Readonly<Record<string, Answer>> = {
  issue_room: (world) => ({ units: text(issueShare(world).room) }),
  issue_headroom: (world) => answerOf(issueHeadroom(world), (tokens) => ({ tokens: text(tokens) })),
  purchase_headroom: (world) => answerOf(purchaseHeadroom(world), (tokens) => ({ tokens: text(tokens) })),
  issue: (world, argument) => answerOf(quoteIssue(world, argument("tokens")), ({ units, fee }) => ({ units: text(units), fee: text(fee) })),
  purchase: (world, argument) =>
    answerOf(quotePurchase(world, argument("tokens")), (sale) => ({
      units: text(sale.units),
      payment: text(sale.payment),
      fee: text(sale.fee),
      retained: text(sale.retained),
      payout: text(sale.payout),
    })),
  health: (world) =>
    answerOf(vaultHealth(world), (health) => ({
      capacity_work: text(health.capacityWork),
      owed_work: text(health.owedWork),
      owed_value: text(health.owedValue),
      coverage_bps: health.coverageBps === undefined ? null : text(health.coverageBps),
      may_issue: health.refusal === undefined ? null : health.refusal.reason,
    })),
  redeem: (world, argument) =>
    answerOf(quoteRedeem(world, argument("tokens"), Number(argument("class"))), (claim) => ({
      class: classNumber(claim.class),
      units: text(claim.units),
      work: text(claim.work),
      work_per_scu: text(claim.workPerScu),
      expires_at: text(claim.expiresAt),
    })),
  request_withdrawal: (world, argument) =>
    answerOf(quoteWithdrawalRequest(world, argument("amount")), (at) => ({ available_at: text(at) })),
  withdraw: (world) => answerOf(quoteWithdrawal(world), (amount) => ({ amount: text(amount) })),
  close: ({ voucher, currency, now }) => answerOf(quoteClose(voucher, currency.params, now), (until) => ({ settles_until: text(until) })),
  reclaim: (world) =>
    answerOf(quoteReclaim(world), (rest) => ({ units: text(rest.units), tokens: text(rest.tokens) })),
  settle: ({ voucher, currency, now }, argument) =>
    answerOf(quoteSettle(voucher, currency.params, argument("cumulative"), now), ({ units, work }) => ({
      units: text(units),
      work: text(work),
    })),
  compensate: ({ vault, voucher, ...terms }, argument, vector) => {
    const cashFrozen = vector.arguments["cash_frozen"] === true;
    const inTime = vector.arguments["in_time"] === true;
    return answerOf(quoteCompensation(vault, voucher, argument("units"), { ...terms, cashFrozen, inTime }), (paid) => ({
      paid: text(paid.paid),
      cash: text(paid.cash),
      returned: text(paid.returned),
      tokens: text(paid.tokens),
      penalty: text(paid.penalty),
    }));
  },
  claim: ({ stake, pool }, argument) => answerOf(quoteClaim(stake, pool, argument("now")), (rewards) => ({ rewards: text(rewards) })),
  stake: ({ stake, pool, now }, argument) =>
    answerOf(quoteStake(stake, pool, argument("tokens"), now), ({ staked, rewards }) => ({ staked: text(staked), rewards: text(rewards) })),
  unstake: ({ stake, pool, now }, argument) =>
    answerOf(quoteUnstake(stake, pool, argument("tokens"), now), ({ staked, rewards }) => ({ staked: text(staked), rewards: text(rewards) })),
  distribute: ({ pool, currency, now }, argument) =>
    answerOf(quoteDistribution(pool, currency.params, argument("revenue"), now), (split) => ({
      to_stakers: text(split.toStakers),
      to_insurance: text(split.toInsurance),
      to_treasury: text(split.toTreasury),
      streaming: text(split.streaming),
      streams_until: text(split.streamsUntil),
    })),
  liquidate: ({ vault, ...terms }, argument) => {
    const funds = { collateral: argument("collateral"), insurance: argument("insurance") };
    return answerOf(quoteLiquidation({ ...terms, funds }, vault, argument("tokens")), (sold) => ({
      units: text(sold.units),
      from_collateral: text(sold.fromCollateral),
      from_insurance: text(sold.fromInsurance),
    }));
  },
  post_price: ({ standard, currency, now }, argument) => {
    const posted = { price: argument("price"), sequence: argument("sequence"), publishedAt: argument("published_at") };
    return answerOf(quotePostPrice(standard, currency.params, posted, now), (cautious) => ({ cautious_price: text(cautious) }));
  },
};

function answer(world: World, vector: QuoteVector): QuoteVector["answer"] {
  const ask = ANSWERS[vector.quote];
  if (ask === undefined) throw new Error(`no quote answers the vector ${vector.quote}`);
  const argument = (name: string): bigint => {
    const value = vector.arguments[name];
    if (typeof value !== "string" && typeof value !== "number") throw new Error(`${vector.quote} has no argument ${name}`);
    return BigInt(value);
  };
  return ask(world, argument, vector);
}

describe("quotes answer as the Rust client does, to the unit and the name of the refusal", () => {
  for (const name of Object.keys(ANSWERS)) {
    test(name, () => {
      const vectors = worlds.flatMap((world, index) => world.quotes.map((vector) => ({ world, index, vector })));
      const asked = vectors.filter(({ vector }) => vector.quote === name);
      expect(asked.length).toBeGreaterThan(0);
      for (const { world, index, vector } of asked) {
        expect(answer(world, vector), `world ${index}: ${name} ${JSON.stringify(vector.arguments)}`).toEqual(vector.answer);
      }
    });
  }

  test("no vector is left out", () => {
    const names = new Set(worlds.flatMap((world) => world.quotes.map((vector) => vector.quote)));
    expect([...names].sort()).toEqual(Object.keys(ANSWERS).sort());
  });
});

test("a price that has fallen is forgotten in two weeks", () => {
  for (const { standard } of worlds) {
    const at = (seconds: bigint) => decayedPrice(standard, standard.publishedAt + seconds);
    expect(at(-1n)).toBe(standard.cautiousPrice);
    expect(at(0n)).toBe(standard.cautiousPrice);
    expect(at(7n * 86_400n)).toBe(standard.cautiousPrice - standard.cautiousPrice / 2n);
    expect(at(14n * 86_400n)).toBe(0n);
    expect(at(15n * 86_400n)).toBe(0n);
  }
});
