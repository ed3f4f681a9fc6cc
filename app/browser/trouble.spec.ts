import type { Page } from '@playwright/test';
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

/** A node that says it took a transaction, and passes it on to nobody. */
async function swallow(app: Page, rpc: string): Promise<() => Promise<void>> {
  const pattern = `${rpc}/**`;
  await app.route(pattern, async (route) => {
    const body = route.request().postDataJSON() as { readonly id: unknown; readonly method: string } | null;
    if (body?.method !== 'sendTransaction') return route.continue();
    const headers = { 'access-control-allow-origin': '*' };
    return route.fulfill({ headers, json: { jsonrpc: '2.0', id: body.id, result: '1'.repeat(64) } });
  });
  return () => app.unroute(pattern);
}

test('a transaction that was on its way when the page was left is sent on when it comes back, with the wallet', async ({ app, go, stage }) => {
  await go('buy');
  await app.getByLabel('How much').fill('1.25');
  await expect(app.getByText('Simulated: you then have')).toBeVisible();
  const release = await swallow(app, stage.described.rpc);
  await app.getByRole('button', { name: 'Buy', exact: true }).click();
  await expect(app.getByRole('button', { name: 'Waiting for the chain…' })).toBeVisible();
  await release();
  await app.reload();
  await expect(app.locator('header').getByText(/^\w{4}…\w{4}$/)).toBeVisible();
  await go('activity');
  await expect(app.getByText('confirmed', { exact: true })).toBeVisible();
});

test('a transaction that the network never took has expired, and nothing happened', async ({ app, go, stage }) => {
  await go('buy');
  await app.getByLabel('How much').fill('1');
  await expect(app.getByText('Simulated: you then have')).toBeVisible();
  const release = await swallow(app, stage.described.rpc);
  await app.getByRole('button', { name: 'Buy', exact: true }).click();
  await expect(app.getByText('The transaction expired before the network took it. Nothing happened: try again.')).toBeVisible({ timeout: 90_000 });
  await release();
  await app.getByRole('button', { name: 'Buy', exact: true }).click();
  await expect(app.getByText('The chain has confirmed it')).toBeVisible();
});

test('at a stale price nobody can buy, until the quorum posts another', async ({ app, go, stage }) => {
  await stage.advance('3h');
  await go('buy');
  await expect(app.getByText(/^The reference price is from .* Nothing is sold until the attestors post another/).first()).toBeVisible();
  await stage.postPrice('2.20');
  await expect(app.getByText('You pay north')).toBeVisible({ timeout: 60_000 });
});
