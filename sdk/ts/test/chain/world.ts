import { getCreateAccountInstruction } from "@solana-program/system";
import {
  TOKEN_PROGRAM_ADDRESS,
  getCreateAssociatedTokenIdempotentInstruction,
  getInitializeMint2Instruction,
  getMintSize,
  getMintToInstruction,
  getTokenDecoder,
} from "@solana-program/token";
import {
  createKeyPairSignerFromPrivateKeyBytes,
  getAddressEncoder,
  type Account,
  type Address,
  type KeyPairSigner,
} from "@solana/kit";
import { currencyAddresses, fetchCurrencyState, findVaults, type CurrencyState } from "../../src/accounts/index.js";
import { getCreateCurrencyInstructionAsync, type ParamsArgs, type Vault } from "../../src/generated/index.js";
import { CAPACITY, PRICE, signMessage, type Capacity, type Price, type SignedBy } from "../../src/messages/index.js";
import { attestCapacity, clusterOf, depositCollateral, openVault, postPrice, tokenAccountOf, updateVault } from "../../src/plans/index.js";
import { Chain, repeated } from "./chain.js";

/** One whole token of either kind, and one SCU. */
export const ONE = 1_000_000n;
const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];

/** The rules that the program takes as its defaults. */
const PARAMS: ParamsArgs = {
  collateralRatio: 3_000,
  maintenanceRatio: 2_000,
  fee: 30,
  stakersShare: 5_000,
  insuranceShare: 3_000,
  treasuryShare: 2_000,
  breachPremium: 1_000,
  liquidationPremiumStep: 50,
  liquidationPremiumMax: 1_000,
  insurancePerDefault: 5_000,
  standardMaxStep: 1_000,
  priceMaxMove: 500,
  issueShare: 2_000,
  liquidationStepTime: 600,
  curePeriod: 6 * DAY,
  attestationDelay: HOUR,
  attestationTtl: 7 * DAY,
  withdrawalDelay: 7 * DAY,
  voucherTtl: 90 * DAY,
  disputeWindow: 2 * DAY,
  answerWindow: 6 * HOUR,
  answerSpacing: 30,
  changeDelay: 3 * DAY,
  standardNotice: 90 * DAY,
  priceMaxAge: 2 * HOUR,
  priceMinInterval: 10 * MINUTE,
  issueWindow: DAY,
  pauseMax: 3 * DAY,
  issueCap: 1_000_000n * ONE,
  minVoucherUnits: 1_000n,
  challengeDeposit: 10_000_000n,
};

const signer = (seed: number) => createKeyPairSignerFromPrivateKeyBytes(new Uint8Array(32).fill(seed));

/** A currency on a chain, a vendor with a vault that sells, and a holder. */
export class World {
  private constructor(
    readonly chain: Chain,
    readonly authority: KeyPairSigner,
    readonly vendor: KeyPairSigner,
    readonly holder: KeyPairSigner,
    readonly mint: KeyPairSigner,
    readonly cash: KeyPairSigner,
    readonly attestor: KeyPairSigner,
    readonly issuer: KeyPairSigner,
  ) {}

  /** Founds everything, with a vault that was attested and whose offer stands. */
  static async found(): Promise<World> {
    const [authority, vendor, holder, mint, cash, attestor, issuer] = await Promise.all([1, 2, 3, 4, 5, 6, 7].map(signer));
    if (!authority || !vendor || !holder || !mint || !cash || !attestor || !issuer) throw new Error("a key is missing");
    const world = new World(new Chain(), authority, vendor, holder, mint, cash, attestor, issuer);
    for (const party of [authority, vendor, holder]) world.chain.fund(party.address);
    await world.#createMint(mint);
    await world.#createMint(cash);
    for (const party of [authority, vendor, holder]) await world.#mintCash(party, 10_000n * ONE);
    await world.#foundCurrency();
    await world.#openVault();
    return world;
  }

  async #createMint(mint: KeyPairSigner): Promise<void> {
    const space = BigInt(getMintSize());
    const create = getCreateAccountInstruction({
      payer: this.authority,
      newAccount: mint,
      lamports: this.chain.rentOf(space),
      space,
      programAddress: TOKEN_PROGRAM_ADDRESS,
    });
    const initialize = getInitializeMint2Instruction({ mint: mint.address, decimals: 6, mintAuthority: this.authority.address });
    await this.chain.ok({ instructions: [create, initialize] }, this.authority);
  }

  async #mintCash(to: KeyPairSigner, amount: bigint): Promise<void> {
    const mint = this.cash.address;
    const token = await tokenAccountOf(to.address, mint);
    const create = getCreateAssociatedTokenIdempotentInstruction({ payer: this.authority, ata: token, owner: to.address, mint });
    const pay = getMintToInstruction({ mint, token, mintAuthority: this.authority, amount });
    await this.chain.ok({ instructions: [create, pay] }, this.authority);
  }

  async #foundCurrency(): Promise<void> {
    const instruction = await getCreateCurrencyInstructionAsync({
      authority: this.authority,
      mint: this.mint.address,
      collateralMint: this.cash.address,
      treasury: await tokenAccountOf(this.authority.address, this.cash.address),
      cluster: new Uint8Array(getAddressEncoder().encode(repeated(9))),
      guardian: this.authority.address,
      workPerScu: 2_844_000n,
      threshold: 1,
      attestors: [new Uint8Array(getAddressEncoder().encode(this.attestor.address))],
      params: PARAMS,
    });
    const [created] = await this.chain.ok({ instructions: [instruction] }, this.authority);
    if (created?.name !== "CurrencyCreated") throw new Error("the currency was not founded");
  }

  async #openVault(): Promise<void> {
    const { currency } = await this.state();
    const payout = await tokenAccountOf(this.vendor.address, this.cash.address);
    const opening = await openVault({
      currency,
      payer: this.vendor,
      vendor: this.vendor,
      authority: this.authority,
      payout,
      issuer: this.issuer.address,
      operator: this.vendor.address,
      limit: 1_000_000n * ONE,
      classes: 0b111,
    });
    await this.chain.ok(opening, this.vendor);
    const own = { currency, vault: await this.vault(), vendor: this.vendor };
    await this.chain.ok(await depositCollateral({ ...own, amount: 5_000n * ONE }), this.vendor);
    await this.chain.ok(updateVault({ ...own, offer: { price: 2n * ONE, units: 1_000n * ONE, retained: 2_000 } }), this.vendor);
    await this.attest();
    this.chain.pass(BigInt(HOUR));
    await this.post(2n * ONE);
  }

  /** The currency and the chain's time, as they are now. */
  state(): Promise<CurrencyState> {
    return fetchCurrencyState(this.chain.rpc, this.mint.address);
  }

  /** The only vault, as it is now. */
  async vault(): Promise<Account<Vault>> {
    const { currency } = await currencyAddresses(this.mint.address);
    const [vault, ...more] = await findVaults(this.chain.rpc, currency);
    if (vault === undefined || more.length > 0) throw new Error("there is not exactly one vault");
    return vault;
  }

  /** Attests eight accelerators for 30 days. */
  async attest(): Promise<void> {
    const { currency, quorum, now } = await this.state();
    const capacity: Capacity = {
      currency: currency.address,
      vault: (await this.vault()).address,
      inventoryHash: new Uint8Array(32).fill(1),
      quorumEpoch: quorum.data.epoch,
      sequence: now,
      rate: 8n * 790n,
      endsAt: now + 30n * BigInt(DAY),
      attestedAt: now,
    };
    const signature = await signMessage(CAPACITY, clusterOf(currency.data), capacity, this.attestor);
    await this.chain.ok(await attestCapacity({ currency, capacity, signed: this.#signed(signature) }), this.authority);
  }

  /** Posts a price. */
  async post(amount: bigint): Promise<void> {
    const { currency, quorum, now } = await this.state();
    const price: Price = { currency: currency.address, quorumEpoch: quorum.data.epoch, sequence: now, price: amount, publishedAt: now };
    const signature = await signMessage(PRICE, clusterOf(currency.data), price, this.attestor);
    await this.chain.ok(await postPrice({ currency, price, signed: this.#signed(signature) }), this.authority);
  }

  #signed(signature: Uint8Array): readonly SignedBy[] {
    return [{ key: this.attestor.address, signature }];
  }

  /** What an owner holds of a mint in the associated token account, in base units. */
  async balance(owner: Address, mint: KeyPairSigner): Promise<bigint> {
    const account = await tokenAccountOf(owner, mint.address);
    return this.chain.exists(account) ? getTokenDecoder().decode(this.chain.dataOf(account)).amount : 0n;
  }
}
