import { describe, expect, test } from "vitest";
import { callMargin, defaultVault, issue } from "../../src/plans/index.js";
import { ONE, World } from "./world.js";

const [HOUR, DAY] = [3_600n, 86_400n];

/** A vault that owes, and whose attestation has run out while the quorum is at work. */
async function short(): Promise<World> {
  const world = await World.found();
  const { currency } = await world.state();
  await world.chain.ok(await issue({ currency, vault: await world.vault(), vendor: world.vendor, tokens: 100n * ONE, maxFee: ONE }), world.vendor);
  world.chain.pass(8n * DAY);
  await world.post(2n * ONE);
  return world;
}

async function margin(world: World) {
  return { currency: (await world.state()).currency, vault: await world.vault() };
}

describe("a vault's margin", () => {
  test("is not called while capacity covers what is owed", async () => {
    const world = await World.found();
    const plan = await callMargin(await margin(world));
    expect(await world.chain.refused(plan, world.holder)).toMatchObject({ refusal: { reason: "MarginUnchanged" } });
    expect((await world.vault()).data.marginCalledAt).toBe(0n);
  });

  test("is called by anybody where it falls short, and cleared once it was measured again", async () => {
    const world = await short();
    const plan = await callMargin(await margin(world));
    const { now } = await world.state();
    expect(await world.chain.ok(plan, world.holder)).toMatchObject([{ name: "MarginCalled", data: { calledAt: now } }]);
    await world.attest();
    world.chain.pass(HOUR);
    expect(await world.chain.ok(plan, world.holder)).toMatchObject([{ name: "MarginCalled", data: { calledAt: 0n } }]);
  });

  test("has the vault default after its time to cure, and not before", async () => {
    const world = await short();
    const plan = await defaultVault(await margin(world));
    expect(await world.chain.refused(plan, world.holder)).toMatchObject({ refusal: { reason: "NotMarginCalled" } });
    await world.chain.ok(await callMargin(await margin(world)), world.holder);
    expect(await world.chain.refused(plan, world.holder)).toMatchObject({ refusal: { reason: "CurePeriodRunning" } });
    // The time to cure is counted while the quorum is at work.
    for (let hour = 0n; hour < 6n * 24n; hour += 1n) {
      world.chain.pass(HOUR);
      await world.post(2n * ONE);
    }
    expect(await world.chain.ok(plan, world.holder)).toMatchObject([{ name: "VaultDefaulted" }]);
    expect((await world.vault()).data.status).toBe(2);
  });
});
