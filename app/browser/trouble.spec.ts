import { expect, test } from './fixtures.ts';

test('an RPC node that is down is said to be, and the page goes on once it is back', async ({ app, go, stage }) => {
  await go('buy');
  await expect(app.getByText('You pay north')).toBeVisible();
  await app.route(`${stage.described.rpc}/**`, (route) => route.abort());
  await expect(app.getByText('No RPC node answers.')).toBeVisible({ timeout: 60_000 });
  // What was read before is still there.
  await expect(app.getByText('You pay north')).toBeVisible();
  await app.unroute(`${stage.described.rpc}/**`);
  await expect(app.getByText('No RPC node answers.')).toBeHidden({ timeout: 60_000 });
});

test('a transaction that was on its way when the page was left is sent on and confirmed when it comes back', async ({ app, go, stage }) => {
  await go('buy');
  await app.getByLabel('How much').fill('1.25');
  await expect(app.getByText('Simulated: you then have')).toBeVisible();
  await app.route(`${stage.described.rpc}/**`, async (route) => {
    const isSending = route.request().postData()?.includes('"sendTransaction"') === true;
    await (isSending ? route.abort() : route.continue());
  });
  await app.getByRole('button', { name: 'Buy', exact: true }).click();
  await expect(app.getByRole('button', { name: 'Waiting for the chain…' })).toBeVisible({ timeout: 60_000 });
  await go('activity');
  await expect(app.getByText('on its way', { exact: true })).toBeVisible();
  await app.unroute(`${stage.described.rpc}/**`);
  await app.reload();
  await expect(app.getByText('confirmed', { exact: true })).toBeVisible({ timeout: 60_000 });
});

test('a transaction whose blockhash ran out while the wallet was open has expired, and nothing happened', async ({ app, go, stage, mood }) => {
  await go('buy');
  await app.getByLabel('How much').fill('1');
  await expect(app.getByText('Simulated: you then have')).toBeVisible();
  mood.meanwhile = () => stage.advance('3m');
  await app.getByRole('button', { name: 'Buy', exact: true }).click();
  await expect(app.getByText('The transaction expired before the network took it. Nothing happened: try again.')).toBeVisible({ timeout: 90_000 });
  delete mood.meanwhile;
  await app.getByRole('button', { name: 'Buy', exact: true }).click();
  await expect(app.getByText('The chain has confirmed it')).toBeVisible();
});

test('at a stale price nobody can buy, until the quorum posts another', async ({ app, go, stage }) => {
  await stage.advance('3h');
  await go('buy');
  await expect(app.getByText(/reference price is older than price_max_age/).first()).toBeVisible();
  await stage.postPrice('2.20');
  await expect(app.getByText('You pay north')).toBeVisible({ timeout: 60_000 });
});
