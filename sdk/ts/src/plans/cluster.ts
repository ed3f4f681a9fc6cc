import { getAddressDecoder, type Address } from "@solana/kit";
import type { Currency } from "../generated/index.js";

/** The genesis hash of the cluster that a currency's messages are signed for, in base58. */
export const clusterOf = (currency: Pick<Currency, "cluster">): Address => getAddressDecoder().decode(currency.cluster);
