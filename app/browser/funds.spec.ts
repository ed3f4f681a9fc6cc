import { expect, test } from './fixtures.ts';
import { signerFromFile } from './wallet.ts';

test.use({ walletOf: ['newcomer'] });

test('a wallet without funds is told what is missing, in the order in which it is, and then buys', async ({ app, go, stage, mood, requireAccessible }) => {
  const { address } = await signerFromFile(stage.newcomer);
  await test.step('nothing at all', async () => {
    await go('buy');
    await app.getByLabel('How much').fill('2');
    await expect(app.getByText(/Your wallet has 0\.00.*: top it up, or buy less\./)).toBeVisible();
    await expect(app.getByRole('button', { name: 'Buy', exact: true })).toBeDisabled();
    await requireAccessible();
    for (const [place, words] of [
      ['redeem', 'Your wallet has 0.00'],
      ['vouchers', 'No vouchers'],
      ['activity', 'Nothing sent yet'],
      ['vendor', 'This wallet is no vendor here'],
    ] as const) {
      await go(place);
      await expect(app.locator('main').getByText(words).first(), place).toBeVisible();
    }
  });
  await test.step('stablecoins, and no SOL for the fee', async () => {
    await stage.fund(address, '0', '50');
    await go('buy');
    await app.getByLabel('How much').fill('2');
    await expect(app.getByText('The wallet has too little SOL for the fee and the rent of new accounts. Nothing was sent. Add some SOL.')).toBeVisible({ timeout: 60_000 });
    await expect(app.getByRole('button', { name: 'Buy', exact: true })).toBeDisabled();
    expect(mood.asked).toBe(0);
  });
  await test.step('both', async () => {
    await stage.fund(address, '1', '0');
    await expect(app.getByText('Simulated: you then have')).toBeVisible({ timeout: 60_000 });
    await app.getByLabel('How much').fill('1000');
    await expect(app.getByText(/Your wallet has 50\.00.*: top it up, or buy less\.|cannot sell this now/)).toBeVisible();
    await app.getByLabel('How much').fill('2');
    await expect(app.getByText('Simulated: you then have')).toBeVisible();
    await app.getByRole('button', { name: 'Buy', exact: true }).click();
    await expect(app.getByText('The chain has confirmed it')).toBeVisible();
  });
});
