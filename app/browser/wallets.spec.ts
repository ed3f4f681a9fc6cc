import { expect, test } from './fixtures.ts';
import { signerFromFile, switchAccount } from './wallet.ts';

/** Something that a test decides when to end. */
function gate(): { readonly wait: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const wait = new Promise<void>((resolve) => (open = resolve));
  return { wait, open };
}

test('a double click asks the wallet once', async ({ app, go, mood }) => {
  await go('buy');
  await app.getByLabel('How much').fill('1');
  await expect(app.getByText('Simulated: you then have')).toBeVisible();
  await app.getByRole('button', { name: 'Buy', exact: true }).dblclick();
  await expect(app.getByText('The chain has confirmed it')).toBeVisible();
  expect(mood.asked).toBe(1);
  await go('activity');
  await expect(app.getByText('Buy tokens')).toHaveCount(1);
});

test('what a wallet signs instead of what it was asked for is not sent', async ({ app, go, mood }) => {
  mood.answer = 'signs something else';
  await go('buy');
  await app.getByLabel('How much').fill('1');
  await expect(app.getByText('Simulated: you then have')).toBeVisible();
  await app.getByRole('button', { name: 'Buy', exact: true }).click();
  await expect(app.getByText('The wallet returned another transaction than it was asked to sign.')).toBeVisible();
  await go('activity');
  await expect(app.getByText('Nothing sent yet')).toBeVisible();
});

test('two tabs of a browser have one Activity, and both follow what is on its way', async ({ app, go, url, mood }) => {
  await go('buy');
  await app.getByLabel('How much').fill('1');
  await expect(app.getByText('Simulated: you then have')).toBeVisible();
  const other = await app.context().newPage();
  await other.goto(`${url}#/activity`);
  await expect(other.getByText('Nothing sent yet')).toBeVisible();
  await app.getByRole('button', { name: 'Buy', exact: true }).click();
  await expect(other.getByText('confirmed', { exact: true })).toBeVisible();
  await expect(app.getByText('The chain has confirmed it')).toBeVisible();
  expect(mood.asked).toBe(1);
  // A setting of one tab is the other's.
  await other.goto(`${url}#/settings`);
  await other.getByText('繁體中文（香港）').click();
  await expect(app.getByRole('heading', { level: 1, name: '購買算力' })).toBeVisible();
});

test('a reload while the wallet asks sends nothing', async ({ app, go, mood }) => {
  const { wait, open } = gate();
  mood.until = wait;
  await go('buy');
  await app.getByLabel('How much').fill('1');
  await expect(app.getByText('Simulated: you then have')).toBeVisible();
  await app.getByRole('button', { name: 'Buy', exact: true }).click();
  await expect(app.getByRole('button', { name: 'Confirm in the wallet…' })).toBeVisible();
  await app.reload();
  open();
  await go('activity');
  await expect(app.getByText('Nothing sent yet')).toBeVisible();
});

test.describe('a wallet with two accounts', () => {
  test.use({ walletOf: ['holder', 'authority'] });

  test('that turns to the other one between preview and signature signs nothing for the first', async ({ app, go, stage, mood }) => {
    await go('buy');
    await app.getByLabel('How much').fill('1');
    await expect(app.getByText('Simulated: you then have')).toBeVisible();
    const { wait, open } = gate();
    // The page asks the node for a blockhash just before it asks the wallet.
    await app.route(`${stage.described.rpc}/**`, async (route) => {
      if (route.request().postData()?.includes('getLatestBlockhash') === true) await wait;
      await route.continue();
    });
    await app.getByRole('button', { name: 'Buy', exact: true }).click();
    await expect(app.getByRole('button', { name: 'Checking…' })).toBeVisible();
    const header = app.locator('header').getByText(/^\w{4}…\w{4}$/);
    const before = await header.textContent();
    const { address } = await signerFromFile(stage.described.authorityKeyFile);
    await switchAccount(app, address);
    await expect(header).not.toHaveText(before ?? '');
    open();
    await expect(app.getByText('The wallet changed its account while this was prepared.')).toBeVisible();
    expect(mood.asked).toBe(0);
  });
});

test('mobile wallets are loaded on Android, and nowhere else', async ({ app, url }) => {
  const loaded: string[] = [];
  app.on('request', (request) => loaded.push(request.url()));
  await app.goto(`${url}#/settings`);
  await expect(app.getByRole('heading', { level: 1 })).toBeVisible();
  expect(loaded.some((one) => one.includes('/mobile-'))).toBe(false);
  await app.addInitScript(() => Object.defineProperty(navigator, 'userAgent', { value: 'Mozilla/5.0 (Linux; Android 15; Pixel 9) Chrome/140' }));
  await app.reload();
  await expect(app.getByRole('heading', { level: 1 })).toBeVisible();
  expect(loaded.some((one) => one.includes('/mobile-'))).toBe(true);
});
