import { expect, test } from './fixtures.ts';

test('what a voucher consumed is settled by the gateway when it ends, and Vouchers shows it as the chain has it', async ({ app, go, stage }) => {
  test.setTimeout(180_000);
  const [north] = stage.described.vendors;
  await stage.postPrice('2.20');
  await stage.specie(stage.described.wallet.keyFile, 'wallet', 'buy', '2', '--vault', north.vault);
  await go('redeem');
  await app.getByLabel('How much').fill('2');
  await app.getByRole('radio', { name: /^north/ }).check();
  await app.getByRole('button', { name: 'Redeem', exact: true }).click();
  await expect(app.getByRole('heading', { name: 'Use a voucher' })).toBeVisible();
  await expect(async () => {
    await app.getByRole('button', { name: 'Open a session' }).click();
    await expect(app.getByRole('heading', { name: 'Chat' })).toBeVisible({ timeout: 4_000 });
  }).toPass({ timeout: 60_000 });
  await app.getByLabel('Your message').fill('What is an SCU?');
  await app.getByRole('button', { name: 'Send' }).click();
  await expect(app.getByText('as published, signed by the vendor')).toBeVisible();
  const consumed = await app.getByText('This chat has consumed').locator('xpath=.').innerText();
  const units = /consumed\s+([0-9.]+)/u.exec(consumed)?.[1];
  await go('vouchers');
  const meter = app.getByRole('meter', { name: 'Settled of the voucher' }).first();
  await expect(meter).toHaveAttribute('aria-valuetext', '0 of 2 SCU');
  // The latest voucher is the first; other tests leave vouchers open too.
  await app.getByRole('button', { name: 'Close', exact: true }).first().click();
  const dialog = app.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Close the voucher' }).click();
  await expect(dialog.getByText('The voucher is closing')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close', exact: true }).click();
  // A voucher that ends is settled by the gateway's own transaction, and the page follows the chain without a reload.
  await expect(meter).not.toHaveAttribute('aria-valuetext', /^0(\.0+)? of /, { timeout: 90_000 });
  // What was signed for in advance was more: the answer's exact cost is settled.
  await expect(meter).toHaveAttribute('aria-valuetext', `${units} of 2 SCU`);
  await expect(app.getByText(/settled on chain/).first()).toBeVisible();
});
