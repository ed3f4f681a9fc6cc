import {
  AccountRole,
  createNoopSigner,
  getAddressDecoder,
  isSignerRole,
  isWritableRole,
  lamports,
  type Account,
  type Address,
  type Instruction,
} from "@solana/kit";
import { describe, expect, test } from "vitest";
import { currencyAddresses } from "../../src/accounts/index.js";
import { SPECIE_PROGRAM_ADDRESS, findCollateralAccountPda, findVaultPda, findVoucherPda } from "../../src/generated/index.js";
import {
  buy,
  challenge,
  claim,
  close,
  closeVault,
  compensate,
  depositCollateral,
  distribute,
  issue,
  liquidate,
  reclaim,
  redeem,
  release,
  requestWithdrawal,
  asInstructionPlan,
  stake,
  tokenAccountOf,
  unstake,
  updateVault,
  withComputeBudget,
  withSlippage,
  withdrawCollateral,
  type Plan,
} from "../../src/plans/index.js";
import { hexOf, instructionVectors, worlds } from "./vectors.js";

const key = (byte: number): Address => getAddressDecoder().decode(new Uint8Array(32).fill(byte));
const accountAt = <T extends object>(address: Address, data: T): Account<T> => ({
  address,
  data,
  executable: false,
  lamports: lamports(1n),
  programAddress: SPECIE_PROGRAM_ADDRESS,
  space: 0n,
});

/** The accounts of the vectors' instructions, on the first world's. */
async function accountsOfVectors() {
  const [world] = worlds;
  if (world === undefined) throw new Error("there is no world");
  const mint = key(1);
  const [owner, session, rentPayer, vendor] = [2, 3, 4, 5].map((byte) => createNoopSigner(key(byte)));
  if (!owner || !session || !rentPayer || !vendor) throw new Error("a signer is missing");
  const addresses = await currencyAddresses(mint);
  const { currency, revenue, insurance } = addresses;
  const [vaultAddress] = await findVaultPda({ currency, vendor: vendor.address });
  const [collateralAccount] = await findCollateralAccountPda({ vault: vaultAddress });
  const [voucherAddress] = await findVoucherPda({ vault: vaultAddress, session: session.address });
  return {
    owner,
    session,
    rentPayer,
    vendor,
    from: await tokenAccountOf(owner.address, mint),
    currency: accountAt(currency, { ...world.currency, mint, collateralMint: key(9), revenue, insurance, treasury: key(6) }),
    vault: accountAt(vaultAddress, { ...world.vault, currency, vendor: vendor.address, payout: key(6), collateralAccount }),
    voucher: accountAt(voucherAddress, {
      ...world.voucher,
      vault: vaultAddress,
      owner: owner.address,
      session: session.address,
      rentPayer: rentPayer.address,
    }),
  };
}

type Accounts = Awaited<ReturnType<typeof accountsOfVectors>>;

const tokens = 1_000_001n;
const other = key(7);

const PLANS: Readonly<Record<string, (accounts: Accounts) => Promise<Plan> | Plan>> = {
  purchase: ({ owner: buyer, from, ...accounts }) => buy({ ...accounts, buyer, from: other, to: from, tokens, maxPayment: 2_000_002n }),
  redeem: (accounts) => redeem({ ...accounts, tokens, class: "fine-tuning" }),
  request_close: close,
  reclaim: ({ from, currency, voucher, owner }) => reclaim({ currency, voucher, to: { account: from, owner } }),
  challenge: (accounts) => challenge({ ...accounts, payer: createNoopSigner(key(6)) }),
  compensate,
  // The operator creates the owner's associated account in front, where it is missing.
  release_voucher: async ({ vendor, ...accounts }) => {
    const plan = await release({ ...accounts, operator: vendor });
    expect(plan.instructions.length).toBe(2);
    return { instructions: plan.instructions.slice(1) };
  },
  stake: ({ from, ...accounts }) => stake({ ...accounts, tokens, account: from }),
  unstake: ({ from, ...accounts }) => unstake({ ...accounts, tokens, account: from }),
  claim: (accounts) => claim({ ...accounts, account: other }),
  distribute,
  deposit_collateral: (accounts) => depositCollateral({ ...accounts, amount: tokens, from: other }),
  request_withdrawal: (accounts) => requestWithdrawal({ ...accounts, amount: tokens }),
  withdraw_collateral: (accounts) => withdrawCollateral({ ...accounts, to: other }),
  issue: ({ from, ...accounts }) => issue({ ...accounts, tokens, maxFee: 7n, from: other, to: from }),
  update_vault: (accounts) => updateVault({ ...accounts, payout: other, issuer: key(6), classes: 3 }),
  close_vault: (accounts) => closeVault({ ...accounts, to: other }),
  liquidate: ({ owner: seller, ...accounts }) => liquidate({ ...accounts, seller, to: other, tokens, minPayment: 2n }),
  // The associated token account is created in front of what needs it.
  create_token_account: async ({ owner: buyer, ...accounts }) => {
    const plan = await buy({ currency: accounts.currency, vault: accounts.vault, buyer, tokens, maxPayment: 1n });
    expect(plan.instructions.length).toBe(2);
    return { instructions: plan.instructions.slice(0, 1) };
  },
};

function written(instruction: Instruction) {
  return {
    program: instruction.programAddress,
    accounts: (instruction.accounts ?? []).map(({ address, role }) => ({
      address,
      signer: isSignerRole(role),
      writable: isWritableRole(role),
    })),
    data: hexOf(instruction.data ?? []),
  };
}

describe("plans are the Rust client's instructions to the byte", () => {
  for (const { name, ...expected } of instructionVectors) {
    test(name, async () => {
      const plan = PLANS[name];
      if (plan === undefined) throw new Error(`no plan makes the vector ${name}`);
      const { instructions } = await plan(await accountsOfVectors());
      const [instruction, ...rest] = instructions;
      if (instruction === undefined) throw new Error("the plan is empty");
      expect(rest).toEqual([]);
      expect(written(instruction)).toEqual(expected);
      const signers = (instruction.accounts ?? []).filter(({ role }) => isSignerRole(role));
      expect(signers.every((meta) => "signer" in meta), "every signature has its signer").toBe(true);
    });
  }

  test("every plan has a vector", () => expect(instructionVectors.map(({ name }) => name).sort()).toEqual(Object.keys(PLANS).sort()));
});

test("a compute budget stands at the beginning, and only what is named", async () => {
  const plan = close(await accountsOfVectors());
  const budgeted = withComputeBudget(plan, { computeUnitLimit: 20_000, computeUnitPrice: 7n });
  expect(budgeted.instructions.map(({ data }) => hexOf(data ?? []))).toEqual(["02204e0000", "030700000000000000", "14"]);
  expect(withComputeBudget(plan, {}).instructions).toEqual(plan.instructions);
  expect(withComputeBudget(plan, { computeUnitPrice: 0n }).instructions.length).toBe(2);
  expect(asInstructionPlan(budgeted)).toMatchObject({ kind: "sequential", divisible: false });
});

test("slippage never allows more than the share that was chosen", () => {
  expect(withSlippage(10_000n, 50)).toBe(10_050n);
  expect(withSlippage(1_000_000n, 50)).toBe(1_005_000n);
  expect(withSlippage(199n, 50)).toBe(199n);
  expect(withSlippage(1n, 50)).toBe(1n);
  expect(withSlippage(0n, 50)).toBe(0n);
  expect(withSlippage(7n, 0)).toBe(7n);
});

test("nothing but what a vendor signs becomes a signer", async () => {
  const plan = await closeVault({ ...(await accountsOfVectors()), to: other });
  const roles = plan.instructions[0]?.accounts?.map(({ role }) => role) ?? [];
  expect(roles.filter((role) => role === AccountRole.WRITABLE_SIGNER).length).toBe(1);
});
