import { expect, test } from './fixtures.ts';

test('a holder buys, redeems, chats, checks every charge, closes and reclaims', async ({ app, go, stage, requireAccessible }) => {
  test.setTimeout(240_000);
  await test.step('buy', async () => {
    await go('buy');
    await app.getByLabel('How much').fill('2.5');
    await expect(app.getByText('You pay north')).toBeVisible();
    await expect(app.getByText('Simulated: you then have')).toBeVisible();
    await requireAccessible();
    await app.getByRole('button', { name: 'Buy', exact: true }).click();
    await expect(app.getByText('The chain has confirmed it')).toBeVisible();
  });
  await test.step('redeem', async () => {
    await go('redeem');
    await app.getByLabel('How much').fill('2');
    await app.getByRole('radio', { name: /^north/ }).check();
    await app.getByLabel('Passphrase, if you want one').fill('a long enough phrase');
    await app.getByLabel('The same again').fill('a long enough phrase');
    await requireAccessible();
    await app.getByRole('button', { name: 'Redeem', exact: true }).click();
    await expect(app.getByRole('heading', { name: 'Use a voucher' })).toBeVisible();
    await requireAccessible();
  });
  await test.step('open a session and chat', async () => {
    const open = app.getByRole('button', { name: 'Open a session' });
    // The gateway serves once the voucher's account is final.
    await expect(async () => {
      await open.click();
      await expect(app.getByRole('heading', { name: 'Chat' })).toBeVisible({ timeout: 4_000 });
    }).toPass({ timeout: 60_000 });
    await app.getByLabel('Your message').fill('What is an SCU?');
    await app.getByRole('button', { name: 'Send' }).click();
    await expect(app.getByText('as published, signed by the vendor')).toBeVisible();
    await app.getByRole('button', { name: 'Show the key' }).click();
    await expect(app.getByText(/OPENAI_API_KEY=sk-specie-/)).toBeVisible();
    await requireAccessible();
  });
  await test.step('export the key under its passphrase', async () => {
    await app.getByLabel('Its passphrase').fill('wrong');
    await app.getByRole('button', { name: 'Export the key to a file' }).click();
    await expect(app.getByText('That is not its passphrase.')).toBeVisible();
    await app.getByLabel('Its passphrase').fill('a long enough phrase');
    const [download] = await Promise.all([app.waitForEvent('download'), app.getByRole('button', { name: 'Export the key to a file' }).click()]);
    expect(download.suggestedFilename()).toMatch(/^session-.*\.json$/);
  });
  await test.step('check what was charged', async () => {
    await go('vouchers');
    await app.getByRole('button', { name: 'Check what the vendor charged' }).click();
    await expect(app.getByText('The one record is signed by the vendor')).toBeVisible();
    await requireAccessible();
  });
  await test.step('close, wait, reclaim', async () => {
    // The wallet may have vouchers of other tests beside it; the latest stands first.
    const closing = app.getByRole('button', { name: 'Close', exact: true });
    const before = await closing.count();
    await closing.first().click();
    const dialog = app.getByRole('dialog');
    await requireAccessible();
    await dialog.getByRole('button', { name: 'Close the voucher' }).click();
    await expect(dialog.getByText('The voucher is closing')).toBeVisible();
    await dialog.getByRole('button', { name: 'Close', exact: true }).click();
    await stage.advance('601s');
    await app.getByRole('button', { name: 'Reclaim what is left' }).click({ timeout: 60_000 });
    await app.getByRole('dialog').getByRole('button', { name: 'Reclaim what is left' }).click();
    await expect(dialog.getByText('What was left is tokens in your wallet again.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Close', exact: true }).click();
    await expect(app.getByRole('button', { name: 'Reclaim what is left' })).toHaveCount(0);
    await expect(closing).toHaveCount(before - 1);
  });
  await test.step('all of it stands in Activity', async () => {
    await go('activity');
    await expect(app.getByText('confirmed', { exact: true })).toHaveCount(4);
    await requireAccessible();
  });
});
