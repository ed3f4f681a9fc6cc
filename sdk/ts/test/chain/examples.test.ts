import { createKeyPairSignerFromPrivateKeyBytes, isAddress } from "@solana/kit";
import { expect, test } from "vitest";
import claims from "../../../../crates/claims/vectors.json" with { type: "json" };
import { buyOne } from "../../examples/buy.js";
import { ask } from "../../examples/chat.js";
import { closeVoucher } from "../../examples/close.js";
import type { Context } from "../../examples/context.js";
import { describe as describeLog } from "../../examples/events.js";
import { verifyAll } from "../../examples/records.js";
import { redeemOne } from "../../examples/redeem.js";
import { stakeOne } from "../../examples/stake.js";
import { readVoucher } from "../../src/messages/index.js";
import { bytesOf } from "../pure/vectors.js";
import { serveVectors } from "./gateway.js";
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

/** The vectors' voucher, and who is told of it. */
async function voucherOfVectors() {
  const { cluster, issuer } = claims;
  if (!isAddress(cluster) || !isAddress(issuer)) throw new Error("the vectors name no addresses");
  const { terms } = await readVoucher(claims.signed_voucher, issuer, cluster);
  return { terms, issuer, cluster };
}

test("the example of a chat asks over HTTP, and verifies what it cost", async () => {
  const server = await serveVectors();
  try {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    const session = await createKeyPairSignerFromPrivateKeyBytes(bytesOf(claims.session_seed));
    const request = { ...(await voucherOfVectors()), session, allowance: 250_000n };
    expect(await ask(`http://127.0.0.1:${address.port}`, request, "demo", "Hi")).toEqual({ text: "Hello, world", units: 1_023n });
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test("the example of usage records verifies them", async () => {
  const { usage } = claims;
  const { terms, issuer } = await voucherOfVectors();
  expect(await verifyAll([usage.first, usage.second], { terms, issuer }, 100n)).toBe(2_146n);
  await expect(verifyAll([usage.second], { terms, issuer }, 100n)).rejects.toThrow("has number 2");
});
