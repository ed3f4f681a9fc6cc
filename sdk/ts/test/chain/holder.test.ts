import { createKeyPairSignerFromPrivateKeyBytes } from "@solana/kit";
import { describe, expect, test } from "vitest";
import { AccountError, VOUCHER, fetchAll, fetchCurrencyState, findCurrencies, findStakes, findVouchers } from "../../src/accounts/index.js";
import { RECEIPT, VOUCHER as VOUCHER_MESSAGE, encodeMessage, isSignedBy, signMessage, termsOf } from "../../src/messages/index.js";
import {
  buy,
  challenge,
  claim,
  close,
  clusterOf,
  compensate,
  distribute,
  reclaim,
  redeem,
  release,
  requestWithdrawal,
  settle,
  stake,
  unstake,
  withComputeBudget,
  withdrawCollateral,
  issue,
  answer,
} from "../../src/plans/index.js";
import {
  purchaseHeadroom,
  quoteClaim,
  quoteClose,
  quoteDistribution,
  quotePurchase,
  quoteReclaim,
  quoteRedeem,
  quoteWithdrawalRequest,
  valueOrThrow,
  vaultHealth,
} from "../../src/quotes/index.js";
import { repeated } from "./chain.js";
import { ONE, World } from "./world.js";

/** What a quote is made from, as it is now. */
async function snapshotOf(world: World) {
  const { currency, standard, book, supply, now } = await world.state();
  const vault = await world.vault();
  return { accounts: { currency, vault }, snapshot: { currency: currency.data, standard: standard.data, book: book.data, supply, vault: vault.data, now } };
}

async function bought(world: World, tokens: bigint): Promise<void> {
  const { accounts, snapshot } = await snapshotOf(world);
  const { payment } = valueOrThrow(quotePurchase(snapshot, tokens));
  await world.chain.ok(await buy({ ...accounts, buyer: world.holder, tokens, maxPayment: payment }), world.holder);
}

async function redeemed(world: World, tokens: bigint) {
  const { accounts } = await snapshotOf(world);
  const session = await createKeyPairSignerFromPrivateKeyBytes(new Uint8Array(32).fill(42));
  const plan = await redeem({ ...accounts, owner: world.holder, session, tokens, class: "inference" });
  await world.chain.ok(plan, world.holder);
  const [voucher] = await fetchAll(world.chain.rpc, VOUCHER, [plan.voucher]);
  if (voucher === undefined) throw new Error("the voucher was not opened");
  return { voucher, session };
}

describe("a purchase", () => {
  test("costs what the quote says, to the unit", async () => {
    const world = await World.found();
    const { accounts, snapshot } = await snapshotOf(world);
    const tokens = 12_345_677n;
    const sale = valueOrThrow(quotePurchase(snapshot, tokens));
    const before = await world.balance(world.holder.address, world.cash);
    const plan = withComputeBudget(await buy({ ...accounts, buyer: world.holder, tokens, maxPayment: sale.payment }), {
      computeUnitLimit: 60_000,
      computeUnitPrice: 5n,
    });
    const events = await world.chain.ok(plan, world.holder);
    const { units, payment, fee, retained } = sale;
    expect(events).toMatchObject([{ name: "Purchased", data: { vault: accounts.vault.address, tokens, units, payment, fee, retained } }]);
    expect(await world.balance(world.holder.address, world.cash)).toBe(before - payment);
    expect(await world.balance(world.holder.address, world.mint)).toBe(tokens);
    const { snapshot: after } = await snapshotOf(world);
    expect(after.vault.balances.collateral).toBe(snapshot.vault.balances.collateral + retained);
    expect(valueOrThrow(vaultHealth(after))).toMatchObject({ owedUnits: units, refusal: undefined });
  });

  test("beyond what the payer allows, or the offer has, is refused as the quote says", async () => {
    const world = await World.found();
    const { accounts, snapshot } = await snapshotOf(world);
    const { payment } = valueOrThrow(quotePurchase(snapshot, ONE));
    const dear = await buy({ ...accounts, buyer: world.holder, tokens: ONE, maxPayment: payment - 1n });
    expect((await world.chain.refused(dear, world.holder)).refusal?.reason).toBe("PaymentAboveMaximum");
    const most = valueOrThrow(purchaseHeadroom(snapshot));
    const beyond = quotePurchase(snapshot, most + 1n);
    const plan = (tokens: bigint) => buy({ ...accounts, buyer: world.holder, tokens, maxPayment: 10_000n * ONE });
    expect((await world.chain.refused(await plan(most + 1n), world.holder)).refusal?.reason).toBe(beyond.ok ? "" : beyond.refusal.reason);
    await world.chain.ok(await plan(most), world.holder);
  });

  test("by who holds too little is explained", async () => {
    const world = await World.found();
    const { accounts } = await snapshotOf(world);
    const poor = await createKeyPairSignerFromPrivateKeyBytes(new Uint8Array(32).fill(77));
    world.chain.fund(poor.address);
    const from = await buy({ ...accounts, buyer: poor, tokens: ONE, maxPayment: 10n * ONE });
    // The account that pays does not exist.
    expect((await world.chain.refused(from, poor)).cause).not.toBe("refused");
  });
});

describe("a voucher", () => {
  test("is opened, closed and reclaimed, as the quotes say", async () => {
    const world = await World.found();
    const { chain, holder } = world;
    await bought(world, 100n * ONE);
    const { snapshot } = await snapshotOf(world);
    const claimed = valueOrThrow(quoteRedeem(snapshot, 60n * ONE, "inference"));
    const { voucher } = await redeemed(world, 60n * ONE);
    expect(voucher.data).toMatchObject({ units: claimed.units, workPerScu: claimed.workPerScu, expiresAt: claimed.expiresAt, class: 1 });
    const opened = await snapshotOf(world);
    const rest = { ...opened.snapshot, voucher: voucher.data, now: chain.now };
    expect(quoteReclaim(rest)).toMatchObject({ ok: false, refusal: { reason: "ReclaimTooEarly" } });
    const early = await reclaim({ currency: opened.accounts.currency, voucher });
    expect((await chain.refused(early, holder)).refusal?.reason).toBe("ReclaimTooEarly");

    const until = valueOrThrow(quoteClose(voucher.data, opened.snapshot.currency.params, chain.now));
    const events = await chain.ok(close({ ...opened.accounts, voucher, owner: holder }), holder);
    expect(events).toMatchObject([{ name: "CloseRequested", data: { settlesUntil: until } }]);
    chain.pass(until - chain.now + 1n);
    const [closing] = await findVouchers(chain.rpc, { owner: holder.address });
    if (closing === undefined) throw new Error("the voucher is gone");
    const { units, tokens } = valueOrThrow(quoteReclaim({ ...rest, voucher: closing.data, now: chain.now }));
    const rent = chain.lamportsOf(voucher.address);
    const before = chain.lamportsOf(holder.address);
    const plan = await reclaim({ currency: opened.accounts.currency, voucher: closing, payer: holder });
    expect(await chain.ok(plan, world.authority)).toMatchObject([{ name: "Reclaimed", data: { units, tokens } }]);
    expect(await world.balance(holder.address, world.mint)).toBe(100n * ONE);
    expect(chain.exists(voucher.address)).toBe(false);
    expect(chain.lamportsOf(holder.address)).toBe(before + rent);
  });

  test("is settled by its session key's receipt, once", async () => {
    const world = await World.found();
    await bought(world, 100n * ONE);
    const { voucher, session } = await redeemed(world, 60n * ONE);
    const { accounts } = await snapshotOf(world);
    const cluster = clusterOf(accounts.currency.data);
    const receipt = { voucher: voucher.address, openedAt: voucher.data.openedAt, cumulative: 7n * ONE };
    const signature = await signMessage(RECEIPT, cluster, receipt, session);
    expect(await isSignedBy(session.address, encodeMessage(RECEIPT, cluster, receipt), signature)).toBe(true);
    const receipts = [{ receipt, session: session.address, signature, rentPayer: voucher.data.rentPayer }];
    const plan = await settle({ currency: accounts.currency, vault: accounts.vault, receipts });
    const events = await world.chain.ok(plan, world.vendor);
    expect(events).toMatchObject([{ name: "Settled", data: { receipts: [{ voucher: voucher.address, settled: 7n * ONE }] } }]);
    world.chain.pass(1n);
    expect((await world.chain.refused(plan, world.vendor)).refusal?.reason).toBe("ReceiptNotAboveSettled");
    const forged = await settle({ ...plan, currency: accounts.currency, vault: accounts.vault, receipts: [{ ...receipts[0]!, receipt: { ...receipt, cumulative: 8n * ONE } }] });
    expect((await world.chain.refused(forged, world.vendor)).cause).not.toBe("refused");
  });

  test("is challenged, answered by its issuer's signature, and released", async () => {
    const world = await World.found();
    await bought(world, 100n * ONE);
    const { voucher } = await redeemed(world, 60n * ONE);
    const { accounts } = await snapshotOf(world);
    expect(await world.chain.ok(challenge({ ...accounts, voucher, owner: world.holder }), world.holder)).toMatchObject([{ name: "Challenged" }]);
    const signature = await signMessage(VOUCHER_MESSAGE, clusterOf(accounts.currency.data), termsOf(voucher.address, voucher.data), world.issuer);
    const answered = await world.chain.ok(answer({ ...accounts, voucher, operator: world.vendor, signature }), world.vendor);
    expect(answered).toMatchObject([{ name: "Answered" }]);
    world.chain.pass(1n);
    const released = await release({ currency: accounts.currency, voucher, operator: world.vendor });
    expect(await world.chain.ok(released, world.vendor)).toMatchObject([{ name: "VoucherReleased" }]);
    expect(await world.balance(world.holder.address, world.mint)).toBe(100n * ONE);
  });

  test("whose challenge goes unanswered is paid out", async () => {
    const world = await World.found();
    await bought(world, 100n * ONE);
    const { voucher } = await redeemed(world, 60n * ONE);
    const { accounts } = await snapshotOf(world);
    await world.chain.ok(challenge({ ...accounts, voucher, owner: world.holder }), world.holder);
    const plan = await compensate({ ...accounts, voucher, payer: world.holder });
    expect((await world.chain.refused(plan, world.holder)).refusal?.reason).toBe("AnswerWindowOpen");
    world.chain.pass(6n * 3_600n + 1n);
    const before = await world.balance(world.holder.address, world.cash);
    const [paid] = await world.chain.ok(plan, world.holder);
    if (paid?.name !== "Compensated") throw new Error("nothing was paid");
    // 60 SCU at 2.0 with a premium of a tenth, which the vault can pay.
    expect(await world.balance(world.holder.address, world.cash)).toBe(before + 132n * ONE);
  });
});

test("a stake earns what the quote says, and comes back", async () => {
  const world = await World.found();
  const { chain, holder } = world;
  await bought(world, 100n * ONE);
  const { currency } = await world.state();
  const staking = { currency, owner: holder };
  expect(await chain.ok(await stake({ ...staking, tokens: 40n * ONE }), holder)).toMatchObject([{ name: "Staked" }]);
  const { pool } = await world.state();
  const fee = 600_000n;
  const split = valueOrThrow(quoteDistribution(pool.data, currency.data.params, fee, chain.now));
  const events = await chain.ok(await distribute({ currency }), holder);
  expect(events).toMatchObject([{ name: "Distributed", data: { toStakers: split.toStakers, streaming: split.streaming, streamsUntil: split.streamsUntil } }]);
  chain.pass(3n * 86_400n);
  const [account, ...others] = await findStakes(chain.rpc, { pool: pool.address, owner: holder.address });
  if (account === undefined || others.length > 0) throw new Error("there is not exactly one stake");
  const earned = valueOrThrow(quoteClaim(account.data, (await world.state()).pool.data, chain.now));
  expect(earned).toBeGreaterThan(0n);
  const before = await world.balance(holder.address, world.cash);
  await chain.ok(await claim(staking), holder);
  expect(await world.balance(holder.address, world.cash)).toBe(before + earned);
  expect((await chain.refused(await unstake({ ...staking, tokens: 40n * ONE + 1n }), holder)).refusal?.reason).toBe("StakeExceeded");
  await chain.ok(await unstake({ ...staking, tokens: 40n * ONE }), holder);
  expect(await world.balance(holder.address, world.mint)).toBe(100n * ONE);
});

test("a vendor issues, and withdraws what it does not need", async () => {
  const world = await World.found();
  const { chain, vendor } = world;
  const own = { ...(await snapshotOf(world)).accounts, vendor };
  expect(await chain.ok(await issue({ ...own, tokens: 10n * ONE, maxFee: ONE }), vendor)).toMatchObject([{ name: "Issued" }]);
  const { snapshot } = await snapshotOf(world);
  const at = valueOrThrow(quoteWithdrawalRequest(snapshot, 1_000n * ONE));
  expect(await chain.ok(await requestWithdrawal({ ...own, amount: 1_000n * ONE }), vendor)).toMatchObject([{ name: "WithdrawalRequested", data: { availableAt: at } }]);
  expect((await chain.refused(await withdrawCollateral(own), vendor)).refusal?.reason).toBe("WithdrawalTooEarly");
  chain.pass(at - chain.now - 3_600n);
  await world.attest();
  chain.pass(3_600n);
  expect(await chain.ok(await withdrawCollateral(own), vendor)).toMatchObject([{ name: "CollateralWithdrawn", data: { amount: 1_000n * ONE } }]);
});

describe("accounts", () => {
  test("are found by what they hold, and only of their kind", async () => {
    const world = await World.found();
    await bought(world, 100n * ONE);
    const { voucher, session } = await redeemed(world, 60n * ONE);
    const { rpc } = world.chain;
    const { addresses } = await world.state();
    expect((await findCurrencies(rpc)).map(({ address }) => address)).toEqual([addresses.currency]);
    const vault = await world.vault();
    for (const filter of [{ vault: vault.address }, { session: session.address }, { owner: world.holder.address }, {}]) {
      expect((await findVouchers(rpc, filter)).map(({ address }) => address)).toEqual([voucher.address]);
    }
    expect(await findVouchers(rpc, { vault: vault.address, owner: world.vendor.address })).toEqual([]);
    const many = Array.from({ length: 250 }, (_, index) => (index === 249 ? voucher.address : repeated(1)));
    expect((await fetchAll(rpc, VOUCHER, many)).map((found) => found?.address).filter(Boolean)).toEqual([voucher.address]);
    await expect(fetchAll(rpc, VOUCHER, [vault.address])).rejects.toThrow(`The account ${vault.address} is not a voucher of Specie`);
    await expect(fetchAll(rpc, VOUCHER, [world.mint.address])).rejects.toThrow("belongs to the program");
    await expect(fetchCurrencyState(rpc, repeated(3))).rejects.toThrow(AccountError);
  });
});
