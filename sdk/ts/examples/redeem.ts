import { generateKeyPairSigner } from "@solana/kit";
import { fetchCurrencyState, findVaults } from "@specie/sdk/accounts";
import { redeem } from "@specie/sdk/plans";
import type { Context } from "./context.js";

/** Redeems one whole token for inference at the first vault, on a fresh session key. */
export async function redeemOne({ rpc, mint, wallet, send }: Context) {
  const { currency } = await fetchCurrencyState(rpc, mint);
  const [vault] = await findVaults(rpc, currency.address);
  if (vault === undefined) throw new Error("no vendor has a vault");
  const session = await generateKeyPairSigner();
  const plan = await redeem({ currency, vault, owner: wallet, session, tokens: 1_000_000n, class: "inference" });
  await send(plan);
  return { session, voucher: plan.voucher };
}
