import { fetchCurrencyState, findVaults, findVouchers } from '@specie/sdk/accounts';
import { encodeBase64Url, encodeMessage, signMessage, signToken, termsOf, VOUCHER, VOUCHER_TYP } from '@specie/sdk/messages';
import { challenge, clusterOf } from '@specie/sdk/plans';
import { address, createSolanaRpc } from '@solana/kit';
import { expect, test } from './fixtures.ts';
import { newKeyFile, type Stage } from './stage.ts';
import { signerFromFile } from './wallet.ts';

// A vendor without a gateway is admitted, and its time to answer passes.
test.use({ network: 'disputes' });

let vault: string;

test.beforeEach(async ({ stage }) => {
  vault ??= await stage.admitNewcomer();
  await stage.postPrice('2.20');
});

/** The holder buys of the newcomer and redeems there, as its own program does. */
async function redeem(stage: Stage): Promise<void> {
  const { wallet } = stage.described;
  await stage.specie(wallet.keyFile, 'wallet', 'buy', '3', '--vault', vault);
  await stage.specie(wallet.keyFile, 'wallet', 'redeem', '3', '--vault', vault, '--class', 'inference', '--session', await newKeyFile());
}

/** The voucher that is open on the newcomer's vault, as its issuer signs it, who is the newcomer. */
async function signedVoucher(stage: Stage): Promise<string> {
  const rpc = createSolanaRpc(stage.described.rpc);
  const issuer = await signerFromFile(stage.newcomer);
  const { currency } = await fetchCurrencyState(rpc, address(stage.described.mint), { commitment: 'confirmed' });
  const [voucher] = await findVouchers(rpc, { vault: address(vault) }, { commitment: 'confirmed' });
  if (voucher === undefined) throw new Error('no voucher is open on the vault');
  const terms = termsOf(voucher.address, voucher.data);
  const cluster = clusterOf(currency.data);
  const message = encodeMessage(VOUCHER, cluster, terms);
  const signature = await signMessage(VOUCHER, cluster, terms, issuer);
  return signToken(VOUCHER_TYP, { specie: { message: encodeBase64Url(message), signature: encodeBase64Url(signature) } }, issuer);
}

test.describe('the holder', () => {
  test('challenges a vendor that does not serve, waits for the answer in vain, and is compensated', async ({ app, go, stage, requireAccessible }) => {
    await redeem(stage);
    await go('vouchers');
    await app.getByRole('button', { name: 'Challenge the vendor' }).click();
    const dialog = app.getByRole('dialog');
    await expect(dialog.getByText(/You stake 0\.01/)).toBeVisible();
    await requireAccessible();
    await dialog.getByRole('button', { name: 'Challenge the vendor' }).click();
    await expect(dialog.getByText('The vendor is challenged.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Close', exact: true }).click();
    await expect(app.getByText(/challenged, answer due/)).toBeVisible();
    await expect(app.getByRole('button', { name: 'Claim compensation' })).toHaveCount(0);
    await stage.advance('6h1m');
    await stage.postPrice('2.20');
    await expect(app.getByText('the vendor did not answer')).toBeVisible({ timeout: 60_000 });
    await app.getByRole('button', { name: 'Claim compensation' }).click();
    await dialog.getByRole('button', { name: 'Claim compensation' }).click();
    await expect(dialog.getByText('The vendor has paid.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Close', exact: true }).click();
    await expect(app.getByText('No vouchers').first()).toBeVisible();
    await go('activity');
    await expect(app.getByText('Challenge a vendor')).toBeVisible();
    await expect(app.getByText('confirmed', { exact: true })).toHaveCount(2);
  });
});

test.describe('the vendor', () => {
  test.use({ walletOf: ['newcomer'] });

  test('answers a challenge with the signed voucher, and with no other text', async ({ app, go, stage, requireAccessible }) => {
    await redeem(stage);
    const rpc = createSolanaRpc(stage.described.rpc);
    const [voucher] = await findVouchers(rpc, { vault: address(vault) }, { commitment: 'confirmed' });
    await stage.send(stage.described.wallet.keyFile, async (owner) => {
      const { currency } = await fetchCurrencyState(rpc, address(stage.described.mint), { commitment: 'confirmed' });
      const own = (await findVaults(rpc, currency.address, { commitment: 'confirmed' })).find((one) => one.address === vault);
      if (own === undefined || voucher === undefined) throw new Error('no voucher is open on the vault');
      return challenge({ vault: own, voucher, owner });
    });
    await go('vendor?part=serving');
    await expect(app.getByText('A holder says that you do not serve')).toBeVisible();
    await app.getByRole('button', { name: 'Look at it' }).click();
    const dialog = app.getByRole('dialog');
    const field = dialog.getByLabel('The signed voucher');
    await field.fill('eyJhbGciOiJFZERTQSJ9.e30.AAAA');
    await expect(dialog.getByText(/That is no voucher signed by the vault’s issuer/)).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Answer the challenge' })).toBeDisabled();
    await requireAccessible();
    await field.fill(await signedVoucher(stage));
    await expect(dialog.getByText('Network fee, at most')).toBeVisible();
    await dialog.getByRole('button', { name: 'Answer the challenge' }).click();
    await expect(dialog.getByText('the challenge is answered')).toBeVisible();
    await dialog.getByRole('button', { name: 'Close', exact: true }).click();
    await expect(app.getByText(/^answered/)).toBeVisible();
    await expect(app.getByText('A holder says that you do not serve')).toHaveCount(0);
  });

  test('declines a voucher, which returns to its owner as tokens', async ({ app, go }) => {
    await go('vendor?part=serving');
    await app.getByRole('button', { name: 'Look at it' }).click();
    const dialog = app.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Decline the voucher' }).click();
    await expect(dialog.getByText('the voucher is declined')).toBeVisible();
    await dialog.getByRole('button', { name: 'Close', exact: true }).click();
    await expect(app.getByText('No voucher stands open')).toBeVisible();
  });
});
