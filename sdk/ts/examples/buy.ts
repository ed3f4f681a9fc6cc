import { fetchCurrencyState, findVaults } from "@specie/sdk/accounts";
import { buy, withSlippage } from "@specie/sdk/plans";
import { quotePurchase, valueOrThrow } from "@specie/sdk/quotes";
import type { Context } from "./context.js";

/** Buys one whole token at the first vault's offer, at most half a per cent above its quote. */
export async function buyOne({ rpc, mint, wallet, send }: Context) {
  const { currency, standard, book, supply, now } = await fetchCurrencyState(rpc, mint);
  const [vault] = await findVaults(rpc, currency.address);
  if (vault === undefined) throw new Error("no vendor has a vault");
  const { payment } = valueOrThrow(quotePurchase({ currency: currency.data, standard: standard.data, book: book.data, supply, vault: vault.data, now }, 1_000_000n));
  return send(await buy({ currency, vault, buyer: wallet, tokens: 1_000_000n, maxPayment: withSlippage(payment, 50) }));
}
