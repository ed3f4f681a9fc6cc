import { VAULT, VOUCHER, fetchAll } from "@specie/sdk/accounts";
import { close } from "@specie/sdk/plans";
import type { Address } from "@solana/kit";
import type { Context } from "./context.js";

/** Closes a voucher: once its dispute window is over, what was not consumed can be reclaimed. */
export async function closeVoucher({ rpc, wallet, send }: Context, address: Address) {
  const [voucher] = await fetchAll(rpc, VOUCHER, [address]);
  const [vault] = voucher === undefined ? [] : await fetchAll(rpc, VAULT, [voucher.data.vault]);
  if (voucher === undefined || vault === undefined) throw new Error("the voucher is gone");
  return send(close({ vault, voucher, owner: wallet }));
}
