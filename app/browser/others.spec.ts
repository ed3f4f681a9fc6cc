import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from './fixtures.ts';

test('a staker stakes, fees are distributed, and rewards are claimed', async ({ app, go, stage, requireAccessible }) => {
  const { wallet, vendors } = stage.described;
  await stage.specie(wallet.keyFile, 'wallet', 'buy', '20', '--vault', vendors[0].vault);
  await go('earn');
  await app.getByLabel('How much').fill('5');
  await requireAccessible();
  await app.getByRole('button', { name: 'Stake', exact: true }).click();
  await expect(app.getByText('your stake earns from now on')).toBeVisible();
  await app.getByRole('button', { name: 'Distribute' }).click();
  await expect(app.getByText('the fees are distributed')).toBeVisible();
  await stage.advance('120s');
  await app.getByRole('button', { name: 'Claim' }).click();
  await expect(app.getByText('the rewards are in your wallet')).toBeVisible();
});

test('every place is accessible in both themes, and nothing is cut off from a phone to a wide screen', async ({ requireFits }) => {
  test.setTimeout(240_000);
  for (const place of ['buy', 'redeem', 'vouchers', 'reserves', 'earn', 'governance', 'vendor', 'activity', 'settings']) {
    await requireFits(place);
  }
});

test('the page speaks Chinese as written in Hong Kong', async ({ app, go }) => {
  await go('settings');
  await app.getByText('繁體中文（香港）').click();
  await expect(app.getByRole('heading', { level: 1, name: '設定' })).toBeVisible();
  await expect(app.locator('html')).toHaveAttribute('lang', 'zh-HK');
});

test('who declines in the wallet sends nothing', async ({ app, go, mood }) => {
  mood.answer = 'declines';
  await go('buy');
  await app.getByLabel('How much').fill('1');
  await app.getByRole('button', { name: 'Buy', exact: true }).click();
  await expect(app.getByText('You declined in the wallet. Nothing was sent.')).toBeVisible();
  await go('activity');
  await expect(app.getByText('Nothing sent yet')).toBeVisible();
});

test('while issuing is paused, buying is refused with the reason, and redeeming is not', async ({ app, go, stage }) => {
  const { authorityKeyFile, mint } = stage.described;
  await stage.specie(authorityKeyFile, 'currency', 'pause', mint, '--for', '1h');
  await go('buy');
  await expect(app.getByText('Buying is paused')).toBeVisible();
  await expect(app.getByText('cannot sell this now')).toBeVisible();
  await stage.specie(authorityKeyFile, 'currency', 'resume', mint);
});

test('a node that says 429 is left alone for as long as it asks, and the next one is read', async ({ app, go, stage }) => {
  let asked = 0;
  const limited = createServer((request, response) => {
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', '*');
    response.setHeader('access-control-expose-headers', 'retry-after');
    if (request.method !== 'OPTIONS') asked += 1;
    response.writeHead(request.method === 'OPTIONS' ? 204 : 429, { 'retry-after': '60' }).end();
  });
  await new Promise<void>((resolve) => limited.listen(0, '127.0.0.1', resolve));
  const { port } = limited.address() as AddressInfo;
  await go('settings');
  await app.getByLabel('A node of your own').fill(`http://127.0.0.1:${port}`);
  await app.getByRole('button', { name: 'Add' }).click();
  await expect(app.getByText('asked to wait')).toBeVisible();
  await go('reserves');
  await expect(app.getByText('Tokens that exist')).toBeVisible();
  await expect(app.getByText(new URL(stage.described.rpc).host)).toBeVisible();
  expect(asked).toBeLessThan(12);
  limited.close();
});

test('an RPC node that a link names is asked about first', async ({ app, url, go }) => {
  await go('buy');
  await app.goto(`${url}#/buy?rpc=${encodeURIComponent('https://rpc.example')}`);
  const dialog = app.getByRole('dialog');
  await expect(dialog.getByText('https://rpc.example')).toBeVisible();
  await dialog.getByRole('button', { name: 'Keep the page’s own' }).click();
  await expect(dialog).toBeHidden();
  await go('settings');
  await expect(app.getByText('https://rpc.example')).toBeHidden();
});
