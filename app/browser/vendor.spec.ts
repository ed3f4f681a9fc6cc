import { fetchCurrencyState, findVaults, findVouchers } from '@specie/sdk/accounts';
import { RECEIPT, signMessage } from '@specie/sdk/messages';
import { clusterOf, redeem, settle, updateVault } from '@specie/sdk/plans';
import { address, createSolanaRpc, generateKeyPairSigner } from '@solana/kit';
import { expect, test } from './fixtures.ts';
import { newKeyFile, type Stage, type StagedVendor } from './stage.ts';
import { signerFromFile } from './wallet.ts';

// The delay of a withdrawal passes, and a vault is closed.
test.use({ network: 'vendor', walletOf: ['vendor'] });

const CONFIRMED = { commitment: 'confirmed' } as const;

/** The voucher's session key signs for all of it, and anybody brings that. */
async function settleAll(stage: Stage, vault: string, sessionFile: string): Promise<void> {
  const rpc = createSolanaRpc(stage.described.rpc);
  const session = await signerFromFile(sessionFile);
  const { currency } = await fetchCurrencyState(rpc, address(stage.described.mint), CONFIRMED);
  const [voucher] = await findVouchers(rpc, { vault: address(vault), session: session.address }, CONFIRMED);
  if (voucher === undefined) throw new Error('the voucher is not open');
  const own = (await findVaults(rpc, currency.address, CONFIRMED)).find((one) => one.address === vault);
  if (own === undefined) throw new Error('the vault is gone');
  const receipt = { voucher: voucher.address, openedAt: voucher.data.openedAt, cumulative: voucher.data.units };
  const signature = await signMessage(RECEIPT, clusterOf(currency.data), receipt, session);
  const receipts = [{ receipt, session: session.address, signature, rentPayer: voucher.data.rentPayer }];
  await stage.send(stage.described.wallet.keyFile, async () => settle({ currency, vault: own, receipts }));
}

/**
 * Opens a voucher and settles it to its end in one transaction, so that its account stays as the program wants it in the second
 * of an opening. The receipt names that second: where the clock went on meanwhile, the transaction fails as a whole.
 */
async function redeemConsumed(stage: Stage, { vault, keyFile }: StagedVendor, tokens: bigint): Promise<void> {
  const session = await generateKeyPairSigner();
  await expect(async () => {
    await stage.send(keyFile, async (owner, rpc) => {
      const { currency, now } = await fetchCurrencyState(rpc, address(stage.described.mint), CONFIRMED);
      const own = (await findVaults(rpc, currency.address, CONFIRMED)).find((one) => one.address === vault);
      if (own === undefined) throw new Error('the vault is gone');
      const opening = await redeem({ currency, vault: own, owner, session, tokens, class: 'inference' });
      // The currency backs a token with one SCU.
      const receipt = { voucher: opening.voucher, openedAt: now, cumulative: tokens };
      const signature = await signMessage(RECEIPT, clusterOf(currency.data), receipt, session);
      const settling = await settle({ currency, vault: own, receipts: [{ receipt, session: session.address, signature, rentPayer: owner.address }] });
      return { instructions: [...opening.instructions, ...settling.instructions] };
    });
  }).toPass({ timeout: 60_000 });
}

test('each part of the vendor’s place is accessible, and nothing is cut off from a phone to a wide screen', async ({ requireFits }) => {
  test.setTimeout(240_000);
  for (const part of ['selling', 'backing', 'serving', 'keys']) await requireFits(`vendor?part=${part}`);
});

test('a vendor offers, issues, sees what was settled, withdraws within its margin, changes classes and keys, and closes', async ({
  app,
  go,
  stage,
  requireAccessible,
}) => {
  test.setTimeout(600_000);
  const [north] = stage.described.vendors;
  const { wallet } = stage.described;
  const session = await newKeyFile();
  const part = (name: string): Promise<void> => app.getByRole('navigation', { name: 'Parts of the vault' }).getByRole('link', { name }).click();

  await test.step('offer', async () => {
    await go('vendor');
    const price = app.getByLabel('Price of an SCU; 0 ends the offer');
    await price.fill('2.50');
    await app.getByLabel('Share of each payment that stays as collateral').fill('99.9');
    await expect(app.getByText('Name a share up to 99.70 %: the rest is the currency’s fee.')).toBeVisible();
    await app.getByLabel('Share of each payment that stays as collateral').fill('20');
    await expect(app.getByText('Of the price of an SCU, to you')).toBeVisible();
    await requireAccessible();
    await app.getByRole('button', { name: 'Make this offer' }).click();
    await expect(app.getByText('the offer stands')).toBeVisible();
  });

  await test.step('issue: more than the limit is refused with the numbers, less is issued to whom was named', async () => {
    const tokens = app.getByLabel('Tokens to issue');
    await tokens.fill('2000000');
    await expect(app.getByText(/It would owe .*, and its limit is|the currency’s window|are left, for all vaults|It would hold .*are missing|its capacity delivers/)).toBeVisible();
    await expect(app.getByRole('button', { name: 'Issue', exact: true })).toBeDisabled();
    await tokens.fill('3');
    await app.getByLabel('To whose wallet').fill('nobody');
    await expect(app.getByText('That is no address: copy it from the receiver’s wallet.')).toBeVisible();
    await app.getByLabel('To whose wallet').fill(wallet.address);
    await expect(app.getByText('Simulated: it then owes')).toBeVisible();
    await app.getByRole('button', { name: 'Issue', exact: true }).click();
    await expect(app.getByText('the tokens are issued')).toBeVisible();
  });

  await test.step('tariffs are as the gateway publishes them', async () => {
    await expect(app.getByRole('cell', { name: 'demo' })).toBeVisible();
    await expect(app.getByText(north.gateway)).toBeVisible();
  });

  await test.step('a voucher that was redeemed is seen, settled to its end, and gone', async () => {
    await stage.specie(wallet.keyFile, 'wallet', 'redeem', '3', '--vault', north.vault, '--class', 'inference', '--session', session);
    await part('Serving');
    await expect(app.getByRole('button', { name: 'Look at it' })).toBeVisible({ timeout: 60_000 });
    await expect(app.getByText('Nothing settled')).toBeVisible();
    await requireAccessible();
    await settleAll(stage, north.vault, session);
    await expect(app.getByText('No voucher stands open')).toBeVisible({ timeout: 60_000 });
    await expect(app.getByText('1 settlement', { exact: true })).toBeVisible({ timeout: 60_000 });
  });

  await test.step('classes: one is added, and none is refused', async () => {
    const [training, inference, tuning] = ['Training', 'Inference', 'Fine-tuning'].map((name) => app.getByRole('checkbox', { name }));
    await training?.uncheck();
    await inference?.uncheck();
    await expect(app.getByText('A vault offers at least one class')).toBeVisible();
    await expect(app.getByRole('button', { name: 'Change the classes' })).toBeDisabled();
    await inference?.check();
    await tuning?.check();
    await expect(app.getByText(/No more vouchers are opened for Training/)).toBeVisible();
    await app.getByRole('button', { name: 'Change the classes' }).click();
    await expect(app.getByText('the vault offers these classes')).toBeVisible();
    await expect(app.getByText('offered, but your gateway has nothing for it')).toBeVisible();
  });

  await test.step('collateral: what is owed keeps its share, the rest is asked back', async () => {
    // Something is owed again.
    await stage.specie(north.keyFile, 'vault', 'issue', north.vault, '2');
    await part('Backing');
    await app.locator('label', { hasText: 'Ask back' }).click();
    await expect(app.getByText('Since the vault was opened: this is all.')).toBeVisible();
    const amount = app.getByLabel('How much');
    await amount.fill('9999999');
    await expect(app.getByText(/It holds .*, what was asked back before included\./)).toBeVisible();
    await requireAccessible();
    await expect(app.getByText('2.00', { exact: false }).first()).toBeVisible({ timeout: 60_000 });
    // All but a cent: less than its share of what is owed.
    const { balances } = await vaultOf(stage, north.vault);
    await amount.fill(String(Number(balances.collateral) / 1e6 - 0.01));
    await expect(app.getByText(/It would hold .*are missing\./)).toBeVisible();
    await expect(app.getByRole('button', { name: 'Ask back', exact: true })).toBeDisabled();
    await app.getByRole('button', { name: 'All' }).click();
    await expect(app.getByText('Simulated: it then owes')).toBeVisible();
    await app.getByRole('button', { name: 'Ask back', exact: true }).click();
    await expect(app.getByText('The chain has confirmed the request.')).toBeVisible();
  });

  await test.step('what is owed is served, and all collateral is taken out', async () => {
    await redeemConsumed(stage, north, 2_000_000n);
    await expect(async () => {
      await app.getByRole('button', { name: 'All' }).click();
      const { balances } = await vaultOf(stage, north.vault);
      await expect(app.getByLabel('How much')).toHaveValue(String(Number(balances.collateral + balances.withdrawing) / 1e6), { timeout: 2_000 });
    }).toPass({ timeout: 60_000 });
    await app.getByRole('button', { name: 'Ask back', exact: true }).click();
    await expect(app.getByText('The chain has confirmed the request.')).toBeVisible();
    await stage.advance('7d');
    await app.getByRole('button', { name: 'Take it out' }).click({ timeout: 60_000 });
    await expect(app.getByText(/The chain has confirmed it: .* are in your wallet\./)).toBeVisible();
    await expect(app.getByText(/of collateral taken out/)).toBeVisible({ timeout: 60_000 });
  });

  await test.step('a voucher that was consumed in the second of its opening is returned, so that it keeps no vault open', async () => {
    await part('Serving');
    await expect(app.getByText('can be reclaimed')).toBeVisible({ timeout: 60_000 });
    await app.getByRole('button', { name: 'Look at it' }).click();
    await expect(app.getByText('It was consumed to its end, so nothing returns but the rent of its account.')).toBeVisible();
    await requireAccessible();
    await app.getByRole('button', { name: 'Return what is left' }).click();
    await expect(app.getByText('The chain has confirmed it: the voucher is closed.')).toBeVisible();
    await app.getByRole('button', { name: 'Close', exact: true }).click();
    await expect(app.getByText('No voucher stands open')).toBeVisible({ timeout: 60_000 });
  });

  await test.step('keys: another issuer is named, with what that means said before', async () => {
    await part('Keys');
    const { address: other } = await signerFromFile(stage.newcomer);
    await app.getByLabel('Issuer', { exact: true }).fill(other);
    await expect(app.getByText(/From then on your gateway serves nothing until it has the new key/)).toBeVisible();
    await requireAccessible();
    await app.getByRole('button', { name: 'Change these' }).click();
    await expect(app.getByText('the vault names these keys')).toBeVisible();
    expect((await vaultOf(stage, north.vault)).issuer).toBe(other);
  });

  await test.step('hand over: named, and taken back', async () => {
    await app.getByLabel('The next vendor’s address').fill(wallet.address);
    await app.getByRole('button', { name: 'Hand the vault over' }).click();
    await expect(app.getByText('Being handed to')).toBeVisible();
    await app.getByRole('button', { name: 'Keep the vault' }).click();
    await expect(app.getByLabel('The next vendor’s address')).toBeVisible();
  });

  await test.step('close', async () => {
    await app.getByRole('button', { name: 'Close the vault' }).click();
    await expect(app.getByText('the vault is closed, and its rent is in your wallet')).toBeVisible();
    await expect(app.getByText('This wallet is no vendor here')).toBeVisible();
    await expect(app.getByText(/specie vault open/)).toBeVisible();
    await requireAccessible();
  });
});

async function vaultOf(stage: Stage, vault: string) {
  const rpc = createSolanaRpc(stage.described.rpc);
  const found = await findVaults(rpc, address(stage.described.currency), CONFIRMED);
  const own = found.find((one) => one.address === vault);
  if (own === undefined) throw new Error('the vault is gone');
  return own.data;
}

test.describe('a vault that is being handed over', () => {
  test.use({ walletOf: ['holder'] });

  test('is taken over by the next vendor’s own signature', async ({ app, go, stage, requireAccessible }) => {
    const [, south] = stage.described.vendors;
    const { wallet, mint } = stage.described;
    await stage.send(south.keyFile, async (vendor, rpc) => {

      const { currency } = await fetchCurrencyState(rpc, address(mint), CONFIRMED);
      const vault = (await findVaults(rpc, currency.address, CONFIRMED)).find((one) => one.address === south.vault);
      if (vault === undefined) throw new Error('the vault is gone');
      return updateVault({ currency, vault, vendor, nextVendor: address(wallet.address) });
    });
    await go('vendor');
    await expect(app.getByText('south is being handed to you')).toBeVisible();
    await requireAccessible();
    await app.getByRole('button', { name: 'Take the vault over' }).click();
    await expect(app.getByText('the vault is yours')).toBeVisible();
    await expect(app.getByRole('navigation', { name: 'Parts of the vault' })).toBeVisible();
    expect((await vaultOf(stage, south.vault)).vendor).toBe(wallet.address);
  });
});
