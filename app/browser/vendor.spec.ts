import { fetchCurrencyState, findVaults } from '@specie/sdk/accounts';
import { updateVault } from '@specie/sdk/plans';
import { address, createSolanaRpc } from '@solana/kit';
import { expect, test } from './fixtures.ts';
import type { Stage } from './stage.ts';

// The delay of a withdrawal passes, and a vault is closed.
test.use({ network: 'vendor', walletOf: ['vendor'] });

const CONFIRMED = { commitment: 'confirmed' } as const;

test('each part of the vendor’s place is accessible, and nothing is cut off from a phone to a wide screen', async ({ requireFits }) => {
  test.setTimeout(240_000);
  for (const part of ['selling', 'backing', 'serving', 'keys']) await requireFits(`vendor?part=${part}`);
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
