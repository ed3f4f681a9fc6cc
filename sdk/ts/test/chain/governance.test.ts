import { createKeyPairSignerFromPrivateKeyBytes, type Address } from "@solana/kit";
import { describe, expect, test } from "vitest";
import { CHANGE, fetchAll, findChanges } from "../../src/accounts/index.js";
import type { ProposalArgs } from "../../src/generated/index.js";
import { cancelChange, executeChange, scheduleChange } from "../../src/plans/index.js";
import { CHANGE_GRACE, changeKind, executableFrom, executableUntil, quoteCancellation, quoteExecution } from "../../src/quotes/index.js";
import { ONE, World } from "./world.js";

const DAY = 86_400n;

/** Schedules a change, and returns its account. */
async function scheduled(world: World, proposal: ProposalArgs) {
  const { currency } = await world.state();
  const plan = await scheduleChange({ currency, authority: world.authority, proposal });
  const [event] = await world.chain.ok(plan, world.authority);
  expect(event).toMatchObject({ name: "ChangeScheduled", data: { change: plan.change } });
  return changeAt(world, plan.change);
}

async function changeAt(world: World, address: Address) {
  const [change] = await fetchAll(world.chain.rpc, CHANGE, [address]);
  if (change === undefined) throw new Error(`there is no change ${address}`);
  return change;
}

async function termsOf(world: World) {
  return { currency: (await world.state()).currency.data, vault: (await world.vault()).data };
}

describe("a change", () => {
  test("is executed by anybody, in the very second that the quote names and not before", async () => {
    const world = await World.found();
    const change = await scheduled(world, { __kind: "Standard", fields: [3_000_000n] });
    const due = executableFrom(change.data, await termsOf(world));
    expect([changeKind(change.data.proposal), due - change.data.scheduledAt]).toEqual(["standard", 90n * DAY]);
    world.chain.pass(due - change.data.scheduledAt - 1n);
    expect(quoteExecution(change.data, await termsOf(world), due - 1n)).toMatchObject({ ok: false, refusal: { reason: "ChangeTooEarly" } });
    expect(await world.chain.refused(await executeChange({ change }), world.holder)).toMatchObject({ refusal: { reason: "ChangeTooEarly" } });
    world.chain.pass(1n);
    expect(quoteExecution(change.data, await termsOf(world), due)).toEqual({ ok: true, value: due + BigInt(CHANGE_GRACE) });
    expect(await world.chain.ok(await executeChange({ change }), world.holder)).toMatchObject([{ name: "ChangeExecuted", data: { workPerScu: 3_000_000n } }]);
    expect((await world.state()).standard.data.workPerScu).toBe(3_000_000n);
    expect(await findChanges(world.chain.rpc, (await world.state()).currency.address)).toEqual([]);
  });

  test("that nobody executed in time lapses", async () => {
    const world = await World.found();
    const change = await scheduled(world, { __kind: "Guardian", fields: [world.holder.address] });
    const end = executableUntil(change.data);
    world.chain.pass(end - change.data.scheduledAt + 1n);
    expect(quoteExecution(change.data, await termsOf(world), end + 1n)).toMatchObject({ ok: false, refusal: { reason: "ChangeExpired" } });
    expect(await world.chain.refused(await executeChange({ change }), world.holder)).toMatchObject({ refusal: { reason: "ChangeExpired" } });
  });

  test("that shortens the Standard's notice waits for all of it, and one that was lengthened since counts", async () => {
    const world = await World.found();
    const rules = (await termsOf(world)).currency.params;
    const shorter = await scheduled(world, { __kind: "Params", fields: [{ ...rules, standardNotice: rules.standardNotice - 1 }] });
    expect(executableFrom(shorter.data, await termsOf(world)) - shorter.data.scheduledAt).toBe(90n * DAY);
    const plain = await scheduled(world, { __kind: "Params", fields: [{ ...rules, changeDelay: rules.changeDelay * 2, curePeriod: rules.curePeriod * 2 }] });
    const late = await scheduled(world, { __kind: "Guardian", fields: [world.holder.address] });
    expect(executableFrom(late.data, await termsOf(world)) - late.data.scheduledAt).toBe(3n * DAY);
    world.chain.pass(3n * DAY);
    await world.chain.ok(await executeChange({ change: plain }), world.holder);
    expect(executableFrom(late.data, await termsOf(world)) - late.data.scheduledAt).toBe(6n * DAY);
    expect(await world.chain.refused(await executeChange({ change: late }), world.holder)).toMatchObject({ refusal: { reason: "ChangeTooEarly" } });
  });

  test("that lowers a vault's limit needs no notice", async () => {
    const world = await World.found();
    const vault = await world.vault();
    const change = await scheduled(world, { __kind: "VaultLimit", vault: vault.address, limit: 10n * ONE });
    expect(executableFrom(change.data, await termsOf(world))).toBe(change.data.scheduledAt);
    await world.chain.ok(await executeChange({ change }), world.holder);
    expect((await world.vault()).data.limit).toBe(10n * ONE);
    const rise = await scheduled(world, { __kind: "VaultLimit", vault: vault.address, limit: 20n * ONE });
    expect(executableFrom(rise.data, await termsOf(world)) - rise.data.scheduledAt).toBe(3n * DAY);
    expect(await world.chain.refused(await executeChange({ change: rise }), world.holder)).toMatchObject({ refusal: { reason: "ChangeTooEarly" } });
  });

  test("of the authority is signed by the new one", async () => {
    const world = await World.found();
    const next = await createKeyPairSignerFromPrivateKeyBytes(new Uint8Array(32).fill(77));
    const change = await scheduled(world, { __kind: "Authority", fields: [next.address] });
    world.chain.pass(3n * DAY);
    expect(await world.chain.refused(await executeChange({ change }), world.holder)).toMatchObject({ refusal: { reason: "NewAuthorityMustSign" } });
    await world.chain.ok(await executeChange({ change, newAuthority: next }), world.holder);
    expect((await world.state()).currency.data.authority).toBe(next.address);
  });

  test("is cancelled by the authority or the guardian, and by nobody else", async () => {
    const world = await World.found();
    const change = await scheduled(world, { __kind: "Treasury", fields: [world.cash.address] });
    const { currency } = await termsOf(world);
    expect(quoteCancellation(change.data, currency, world.holder.address)).toMatchObject({ ok: false, refusal: { reason: "NotAuthorityNorGuardian" } });
    expect(await world.chain.refused(await cancelChange({ change, by: world.holder }), world.holder)).toMatchObject({ refusal: { reason: "NotAuthorityNorGuardian" } });
    expect(quoteCancellation(change.data, currency, world.authority.address).ok).toBe(true);
    expect(await world.chain.ok(await cancelChange({ change, by: world.authority }), world.authority)).toMatchObject([{ name: "ChangeCancelled" }]);
    const guardian = { ...currency, guardian: world.holder.address };
    const replacement = await scheduled(world, { __kind: "Guardian", fields: [world.holder.address] });
    expect(quoteCancellation(replacement.data, guardian, world.holder.address)).toMatchObject({ ok: false, refusal: { reason: "GuardianCannotCancelOwnReplacement" } });
  });
});
