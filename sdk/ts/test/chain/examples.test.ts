import { isAddress } from "@solana/kit";
import { expect, test } from "vitest";
import claims from "../../../../crates/specie-claims/vectors.json" with { type: "json" };
import { buyOne } from "../../examples/buy.js";
import { closeVoucher } from "../../examples/close.js";
import type { Context } from "../../examples/context.js";
import { describe as describeLog } from "../../examples/events.js";
import { verifyAll } from "../../examples/records.js";
import { redeemOne } from "../../examples/redeem.js";
import { stakeOne } from "../../examples/stake.js";
import { readVoucher } from "../../src/messages/index.js";
import { ONE, World } from "./world.js";

async function contextOf(world: World): Promise<Context> {
  const { rpc } = world.chain;
  return { rpc, mint: world.mint.address, wallet: world.holder, send: (plan) => world.chain.logs(plan, world.holder) };
}

test("the examples run on the built package", async () => {
  const world = await World.found();
  const context = await contextOf(world);
  expect(describeLog(await buyOne(context))).toBe("Purchased");
  expect(describeLog(await buyOne(context))).toBe("Purchased");
  const { voucher } = await redeemOne(context);
  expect(describeLog(await closeVoucher(context, voucher))).toBe("CloseRequested");
  expect(describeLog(await stakeOne(context))).toBe("Staked");
  expect(await world.balance(world.holder.address, world.mint)).toBe(0n);
  expect((await world.state()).pool.data.staked).toBe(ONE);
});

test("the example of usage records verifies them", async () => {
  const { cluster, issuer, signed_voucher: signed, usage } = claims;
  if (!isAddress(cluster) || !isAddress(issuer)) throw new Error("the vectors name no addresses");
  const { terms } = await readVoucher(signed, issuer, cluster);
  expect(await verifyAll([usage.first, usage.second], { terms, issuer }, 100n)).toBe(2_146n);
  await expect(verifyAll([usage.second], { terms, issuer }, 100n)).rejects.toThrow("has number 2");
});
