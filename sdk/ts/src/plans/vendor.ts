import { AccountRole, type Account, type Address, type TransactionSigner } from "@solana/kit";
import {
  findStandardPda,
  findVaultPda,
  getCloseVaultInstruction,
  getDepositCollateralInstruction,
  getIssueInstruction,
  getOpenVaultInstructionAsync,
  getRequestWithdrawalInstruction,
  getUpdateVaultInstruction,
  getWithdrawCollateralInstruction,
  type Currency,
  type Offer,
  type Vault,
} from "../generated/index.js";
import { bookOf, destination, signedBy, tokenAccountOf, type Plan } from "./plan.js";

/** A vault that a vendor opens. */
export interface OpenVault {
  readonly currency: Account<Currency>;
  /** Pays the rent. */
  readonly payer: TransactionSigner;
  readonly vendor: TransactionSigner;
  /** The currency's authority, which admits the vendor. */
  readonly authority: TransactionSigner;
  /** Token account that sales pay to. */
  readonly payout: Address;
  /** Signs vouchers off chain. */
  readonly issuer: Address;
  /** Settles and answers challenges. */
  readonly operator: Address;
  /** The most units it may owe. */
  readonly limit: bigint;
  /** A set of classes: 1 training, 2 inference, 4 fine-tuning. */
  readonly classes: number;
}

/** A plan with the address of the vault that it opens. */
export interface OpenVaultPlan extends Plan {
  readonly vault: Address;
}

/** Opens a vendor's vault. */
export async function openVault({ currency, ...open }: OpenVault): Promise<OpenVaultPlan> {
  const [vault] = await findVaultPda({ currency: currency.address, vendor: open.vendor.address });
  const { collateralMint } = currency.data;
  const instruction = await getOpenVaultInstructionAsync({ ...open, currency: currency.address, vault, collateralMint });
  return { instructions: [instruction], vault };
}

/** A vault and its vendor, who signs. */
export interface OwnVault {
  readonly currency: Account<Currency>;
  readonly vault: Account<Vault>;
  readonly vendor: TransactionSigner;
}

/** What to change of a vault; what is not named stays. */
export interface UpdateVault extends OwnVault {
  readonly issuer?: Address;
  readonly operator?: Address;
  readonly classes?: number;
  /** A price of 0 takes the offer back. */
  readonly offer?: Offer;
  /** Who the vault is handed to, once they take it over. */
  readonly nextVendor?: Address;
  /** Token account that sales pay to. */
  readonly payout?: Address;
}

/** Changes a vault. */
export function updateVault({ currency, vault, vendor, ...update }: UpdateVault): Plan {
  const instruction = getUpdateVaultInstruction({
    vendor,
    currency: currency.address,
    vault: vault.address,
    payout: update.payout ?? vault.data.payout,
    issuer: update.issuer ?? null,
    operator: update.operator ?? null,
    classes: update.classes ?? null,
    offer: update.offer ?? null,
    nextVendor: update.nextVendor ?? null,
  });
  return { instructions: [instruction] };
}

/** Collateral that goes into a vault. */
export interface DepositCollateral extends OwnVault {
  /** Collateral base units. */
  readonly amount: bigint;
  /** The vendor's account of the collateral token; the associated one without it. */
  readonly from?: Address;
}

/** Deposits collateral. */
export async function depositCollateral({ currency, vault, vendor, amount, ...accounts }: DepositCollateral): Promise<Plan> {
  const from = accounts.from ?? (await tokenAccountOf(vendor.address, currency.data.collateralMint));
  const { collateralAccount } = vault.data;
  const { insurance } = currency.data;
  const instruction = getDepositCollateralInstruction({
    vendor,
    currency: currency.address,
    vault: vault.address,
    from,
    collateralAccount,
    insurance,
    amount,
  });
  return { instructions: [instruction] };
}

/** Collateral base units that are requested back, instead of what was requested before; 0 takes a request back. */
export interface RequestWithdrawal extends OwnVault {
  readonly amount: bigint;
}

/** Requests collateral back. */
export async function requestWithdrawal({ currency, vault, vendor, amount }: RequestWithdrawal): Promise<Plan> {
  const [standard] = await findStandardPda({ currency: currency.address });
  const accounts = { vendor, currency: currency.address, standard, vault: vault.address };
  return { instructions: [getRequestWithdrawalInstruction({ ...accounts, amount })] };
}

/** A vault, and the account of the collateral token that it pays to; the vendor's associated one without it. */
export interface PaidTo extends OwnVault {
  readonly to?: Address;
}

/** Pays requested collateral out. */
export async function withdrawCollateral({ currency, vault, vendor, ...accounts }: PaidTo): Promise<Plan> {
  const { collateralMint } = currency.data;
  const [[standard], to] = await Promise.all([
    findStandardPda({ currency: currency.address }),
    destination(accounts.to, { owner: vendor.address, mint: collateralMint }, vendor),
  ]);
  const instruction = getWithdrawCollateralInstruction({
    vendor,
    currency: currency.address,
    standard,
    vault: vault.address,
    collateralAccount: vault.data.collateralAccount,
    to: to.account,
  });
  return { instructions: [...to.create, instruction] };
}

/** Tokens that a vendor issues against its vault. */
export interface Issue extends OwnVault {
  /** Token base units. */
  readonly tokens: bigint;
  /** The most to pay as a fee, in collateral base units. */
  readonly maxFee: bigint;
  /** The vendor's account that pays the fee; the vendor's associated one without it. */
  readonly from?: Address;
  /** Account that the tokens go to; the vendor's associated one without it. */
  readonly to?: Address;
}

/** Issues tokens. */
export async function issue({ currency, vault, vendor, tokens, maxFee, ...accounts }: Issue): Promise<Plan> {
  const { mint, collateralMint, revenue } = currency.data;
  const [[standard], from, to] = await Promise.all([
    findStandardPda({ currency: currency.address }),
    accounts.from ?? tokenAccountOf(vendor.address, collateralMint),
    destination(accounts.to, { owner: vendor.address, mint }, vendor),
  ]);
  const instruction = getIssueInstruction({
    vendor,
    currency: currency.address,
    book: await bookOf(currency.address),
    standard,
    vault: vault.address,
    collateralAccount: vault.data.collateralAccount,
    mint,
    to: to.account,
    from,
    revenue,
    tokens,
    maxFee,
  });
  return { instructions: [...to.create, instruction] };
}

/** Closes a vault that owes and holds nothing; what was donated to it goes to the account. */
export async function closeVault({ currency, vault, vendor, ...accounts }: PaidTo): Promise<Plan> {
  const { collateralMint } = currency.data;
  const to = await destination(accounts.to, { owner: vendor.address, mint: collateralMint }, vendor);
  const instruction = getCloseVaultInstruction({
    vendor: vendor.address,
    currency: currency.address,
    book: await bookOf(currency.address),
    vault: vault.address,
    collateralAccount: vault.data.collateralAccount,
    to: to.account,
  });
  return { instructions: [...to.create, signedBy(instruction, vendor, AccountRole.WRITABLE_SIGNER)] };
}
