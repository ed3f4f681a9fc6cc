import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, openBrowser, test } from './fixtures.ts';
import { installWallet, signerFromFile } from './wallet.ts';

/** Redeems, and returns the address of the page that uses the voucher. */
async function redeem(app: Page, amount: string): Promise<string> {
  await app.getByLabel('How much').fill(amount);
  await app.getByRole('radio', { name: /^north/ }).check();
  await app.getByRole('button', { name: 'Redeem', exact: true }).click();
  await expect(app.getByRole('heading', { name: 'Use a voucher' })).toBeVisible();
  return app.url();
}

/** Opens a session once the voucher's account is final, which the gateway waits for. */
async function openSession(app: Page, allowance: string): Promise<void> {
  const open = app.getByRole('button', { name: 'Open a session' });
  await app.getByLabel('Sign for up to').fill(allowance);
  await expect(async () => {
    await open.click();
    await expect(app.getByRole('heading', { name: 'Chat' })).toBeVisible({ timeout: 4_000 });
  }).toPass({ timeout: 60_000 });
}

async function ask(app: Page, question: string): Promise<void> {
  await app.getByLabel('Your message').fill(question);
  await app.getByRole('button', { name: 'Send' }).click();
}

test('a voucher goes on in another browser by its key’s file, and a higher receipt is signed once the reader says so', async ({ app, go, stage, url }) => {
  test.setTimeout(240_000);
  const { wallet, vendors } = stage.described;
  await stage.specie(wallet.keyFile, 'wallet', 'buy', '3', '--vault', vendors[0].vault);
  await go('redeem');
  const place = await redeem(app, '1.5');
  await test.step('the key lies in this browser in no form that a script can read', async () => {
    const stored = await app.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const request = indexedDB.open('specie-sessions');
        request.addEventListener('success', () => resolve(request.result));
        request.addEventListener('error', () => reject(request.error ?? new Error('no database')));
      });
      const records = await new Promise<{ key: { privateKey: CryptoKey; wrapped: { by: string } } }[]>((resolve) => {
        const all = database.transaction('sessions').objectStore('sessions').getAll();
        all.addEventListener('success', () => resolve(all.result));
      });
      return records.map(({ key }) => ({ canBeExported: key.privateKey.extractable, by: key.wrapped.by }));
    });
    expect(stored).toEqual([{ canBeExported: false, by: 'device' }]);
  });
  const [download] = await Promise.all([app.waitForEvent('download'), app.getByRole('button', { name: 'Export the key to a file' }).click()]);
  const file = await download.path();
  expect(JSON.parse(await readFile(file, 'utf8'))).toHaveLength(64);

  const other = await openBrowser();
  await installWallet(other, [await signerFromFile(wallet.keyFile)]);
  const page = await other.newPage();
  await page.goto(place);
  await expect(page.getByText('This browser does not have the voucher’s key')).toBeVisible();
  await page.getByLabel('The key’s file').setInputFiles(wallet.keyFile);
  await expect(page.getByText('That is another key’s file: choose the one of this voucher.')).toBeVisible();
  await page.getByLabel('The key’s file').setInputFiles({ name: 'key.json', mimeType: 'application/json', buffer: Buffer.from('[1, 2]') });
  await expect(page.getByText('That is no key file')).toBeVisible();
  await page.getByLabel('The key’s file').setInputFiles(file);
  // A receipt over next to nothing: the first answer needs a higher one, which is asked about.
  await openSession(page, '0.000001');
  await ask(page, 'What is an SCU?');
  await expect(page.getByText('This answer needs a higher signature')).toBeVisible();
  await expect(page.getByLabel('Your message')).toHaveValue('What is an SCU?');
  await expect(page.getByText('Consumed of the voucher so far').locator('xpath=..')).toContainText(/so far0\.00 ?SCU/);
  await page.getByRole('button', { name: /^Sign for up to .*, and ask$/ }).click();
  await expect(page.getByText('as published, signed by the vendor')).toBeVisible();
  await expect(page.getByText('Consumed of the voucher so far').locator('xpath=..')).not.toContainText(/so far0\.00 ?SCU/);
  await other.close();

  await test.step('what is consumed elsewhere is seen here, live', async () => {
    await app.goto(`${url}#/vouchers`);
    await app.getByRole('button', { name: 'Check what the vendor charged' }).first().click();
    await expect(app.getByText('The one record is signed by the vendor')).toBeVisible();
    await expect(app.getByText('Consumed, as the vendor counts it now')).toBeVisible();
  });
});

test('prices that the vendor changed are shown before a session is opened at them', async ({ app, go, stage }) => {
  test.setTimeout(180_000);
  const { wallet, vendors } = stage.described;
  await stage.specie(wallet.keyFile, 'wallet', 'buy', '3', '--vault', vendors[0].vault);
  await go('redeem');
  await redeem(app, '2.5');
  await openSession(app, '0.1');
  await app.getByRole('button', { name: 'Open another session' }).click();
  const pattern = `${vendors[0].gateway}/.well-known/specie`;
  await app.route(pattern, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), terms: 'other terms' } });
  });
  await app.getByRole('button', { name: 'Open a session' }).click();
  await expect(app.getByText('The vendor changed its prices since you saw them, so no session was opened.')).toBeVisible();
  await app.unroute(pattern);
  // The page has read the prices again, and the next try is at those.
  await expect(async () => {
    await app.getByRole('button', { name: 'Open a session' }).click();
    await expect(app.getByRole('heading', { name: 'Chat' })).toBeVisible({ timeout: 4_000 });
  }).toPass({ timeout: 60_000 });
});

test('a gateway that does not answer is said to be out of reach, and the voucher stands', async ({ app, go, stage }) => {
  test.setTimeout(180_000);
  const { wallet, vendors } = stage.described;
  await stage.specie(wallet.keyFile, 'wallet', 'buy', '3', '--vault', vendors[0].vault);
  await go('redeem');
  await redeem(app, '2.5');
  await openSession(app, '2.5');
  await app.route(`${vendors[0].gateway}/**`, (route) => route.abort());
  await ask(app, 'Hello?');
  await expect(app.getByText('The vendor’s gateway does not answer.')).toBeVisible();
  // What was asked is still there to be sent again.
  await expect(app.getByLabel('Your message')).toHaveValue('Hello?');
  await app.unroute(`${vendors[0].gateway}/**`);
  await app.getByRole('button', { name: 'Send' }).click();
  await expect(app.getByText('as published, signed by the vendor')).toBeVisible();
});
