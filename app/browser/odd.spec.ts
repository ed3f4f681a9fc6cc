import { expect, test } from './fixtures.ts';

test('amounts that are none are refused by name, and none is taken for another', async ({ app, go }) => {
  await go('buy');
  const field = app.getByLabel('How much');
  const buy = app.getByRole('button', { name: 'Buy', exact: true });
  for (const [odd, fault] of [
    ['', 'The field is empty.'],
    ['-1', 'That is below zero.'],
    ['1e9', 'That is no number.'],
    ['1,5', 'A comma groups three digits'],
    ['0x10', 'That is no number.'],
    ['1.0000001', 'At most 6 digits may stand after the point.'],
    ['١', 'That is no number.'],
    ['ten', 'That is no number.'],
    ['99999999999999', 'That is more than there can be.'],
    ['0', 'That is zero.'],
    ['0.000000', 'That is zero.'],
  ] as const) {
    await field.fill(odd);
    await expect(app.getByText(fault), odd).toBeVisible();
    await expect(app.getByText('Name an amount, and what it comes to stands here')).toBeVisible();
    await expect(buy).toBeDisabled();
  }
  await field.fill('9,999,999,999,999.999999');
  await expect(app.getByText('cannot sell this now')).toBeVisible();
  await field.fill('１．５');
  await expect(app.getByText('Simulated: you then have')).toBeVisible();
  await field.fill('0.000001');
  await expect(app.getByText('You pay north')).toBeVisible();
});

test('more than the wallet has is not signed for, and more than u64 is no crash', async ({ app, go }) => {
  await go('redeem');
  await app.getByLabel('How much').fill('9999999999999.999999');
  await expect(app.getByText(/: buy some first, or redeem less/)).toBeVisible();
  await expect(app.getByRole('button', { name: 'Redeem', exact: true })).toBeDisabled();
  await go('earn');
  await app.getByLabel('How much').fill('9999999999999.999999');
  await expect(app.getByText(/That is too much: at most/)).toBeVisible();
  await expect(app.getByRole('button', { name: 'Stake', exact: true })).toBeDisabled();
});

test('a node of another cluster is told apart, and nothing is signed', async ({ app, go, stage, mood }) => {
  await go('buy');
  await expect(app.getByText('Simulated: you then have')).toBeVisible();
  await app.route(`${stage.described.rpc}/**`, async (route) => {
    const body = route.request().postDataJSON() as { readonly id: unknown; readonly method: string } | null;
    if (body?.method !== 'getGenesisHash') return route.continue();
    return route.fulfill({ headers: { 'access-control-allow-origin': '*' }, json: { jsonrpc: '2.0', id: body.id, result: '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d' } });
  });
  // The cluster was right when the page came: it is asked again before anything is signed.
  await app.getByRole('button', { name: 'Buy', exact: true }).click();
  await expect(app.getByText('The RPC node is of another cluster than this currency. Nothing was signed.')).toBeVisible();
  expect(mood.asked).toBe(0);
  await app.reload();
  await expect(app.getByText('This RPC node is of another cluster', { exact: true })).toBeVisible();
  await expect(app.getByRole('button', { name: 'Buy', exact: true })).toBeDisabled();
});

test('links that name nothing are answered by a page', async ({ app, go, stage, url, requireAccessible }) => {
  await go('nowhere');
  await expect(app.getByText('There is no such place here')).toBeVisible();
  await requireAccessible();
  // No account, and one that is no voucher.
  for (const none of ['C3gv3oLhqNK36iwhWxuG92Rm3jNpFReSRKjZyNYLup2S', stage.described.mint]) {
    await app.goto(`${url}#/redeem?voucher=${none}`);
    await expect(app.getByText('This voucher has ended')).toBeVisible();
    await app.goto(`${url}#/buy`);
    await expect(app.getByText('This voucher has ended')).toBeHidden();
  }
  for (const odd of ['redeem?voucher=not-an-address', 'redeem?vault=nothing', 'buy?vault=nothing', 'buy?rpc=javascript:alert(1)', 'buy?rpc=http://evil.example']) {
    await app.goto(`${url}#/${odd}`);
    await expect(app.getByLabel('How much')).toBeVisible();
    await expect(app.getByRole('dialog')).toHaveCount(0);
  }
  await app.goto(`${url}#/buy`);
  await app.getByRole('link', { name: 'Reserves' }).first().click();
  await expect(app.getByRole('heading', { level: 1, name: 'Reserves' })).toBeVisible();
});

test('nothing of the page is asked for at any other host than its own, its nodes and its vendors', async ({ app, go, stage, url }) => {
  const hosts = new Set<string>();
  const blocked: string[] = [];
  app.on('request', (request) => hosts.add(new URL(request.url()).host));
  app.on('console', (message) => message.text().includes('Content Security Policy') && blocked.push(message.text()));
  for (const place of ['buy', 'redeem', 'reserves', 'settings']) {
    await go(place);
    await expect(app.locator('.skeleton')).toHaveCount(0);
  }
  const own = new Set([url, stage.described.rpc, ...stage.described.vendors.map(({ gateway }) => gateway)].map((one) => new URL(one).host));
  expect([...hosts].filter((host) => host !== '' && !own.has(host))).toEqual([]);
  expect(blocked).toEqual([]);
  // A script of anybody else's does not run, nor one that stands in the page.
  const ran = await app.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.wasRun = true';
    document.body.append(script);
    return (globalThis as unknown as { wasRun?: boolean }).wasRun ?? false;
  });
  expect(ran).toBe(false);
});
