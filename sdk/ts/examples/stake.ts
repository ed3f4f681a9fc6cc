import { fetchCurrencyState } from "@specie/sdk/accounts";
import { stake } from "@specie/sdk/plans";
import type { Context } from "./context.js";

/** Stakes one whole token for a part of the currency's revenue. */
export async function stakeOne({ rpc, mint, wallet, send }: Context) {
  const { currency } = await fetchCurrencyState(rpc, mint);
  return send(await stake({ currency, owner: wallet, tokens: 1_000_000n }));
}
