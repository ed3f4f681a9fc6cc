import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { serve } from './serve.ts';

const DIST = new URL('../dist', import.meta.url).pathname;

/** Names as others choose them: long without a space, in wide characters, from right to left, in emoji. */
const NAMES = [
  'accelerators-of-the-northern-hemisphere-limited-liability-company',
  '北方加速器運算服務有限公司香港九龍觀塘分行人工智能推理及訓練中心北方加速器運算服務有限公司',
  'שירותי-מחשוב-מואץ-של-הצפון-בערבון-מוגבל-ירושלים-תל-אביב-חיפה-אילת',
  '🧮🪙⚡️🛰️🧊🔥🌌🧪🧮🪙⚡️🛰️🧊🔥🌌🧪🧮🪙⚡️🛰️🧊🔥🌌🧪🧮🪙⚡️🛰️🧊🔥🌌🧪',
] as const;

/** Whether something stands beyond the window’s edge, or beyond the edge of its card. */
async function cutOff(app: Page): Promise<readonly string[]> {
  return app.evaluate(() => {
    const wide = document.documentElement.scrollWidth > window.innerWidth ? ['the page'] : [];
    const names = [...document.querySelectorAll('bdi')].filter((name) => {
      const card = name.closest('[class*=rounded-box]') ?? document.body;
      return name.getBoundingClientRect().right > card.getBoundingClientRect().right + 1;
    });
    return [...wide, ...names.map(({ textContent }) => textContent ?? '')];
  });
}

test('a name of any length and script stays within its card on a phone', async ({ app, go, stage }) => {
  test.setTimeout(180_000);
  const page = stage.described.page as { readonly vendors: readonly object[] };
  await app.setViewportSize({ width: 360, height: 780 });
  await go('buy');
  for (const name of NAMES) {
    const { url, server } = await serve(DIST, { ...page, vendors: page.vendors.map((vendor) => ({ ...vendor, name })) });
    try {
      for (const place of ['buy', 'redeem', 'reserves']) {
        await app.goto(`${url}#/${place}`);
        await expect(app.locator('bdi', { hasText: name }).first()).toBeVisible();
        await expect(app.locator('.skeleton')).toHaveCount(0);
        expect(await cutOff(app), `${place} with ${name}`).toEqual([]);
      }
    } finally {
      server.close();
    }
  }
});

test('a purchase empties its form and is still told; the next amount takes its place', async ({ app, go }) => {
  await go('buy');
  await app.getByLabel('How much').fill('1');
  await expect(app.getByText('Simulated: you then have')).toBeVisible();
  await app.getByRole('button', { name: 'Buy', exact: true }).click();
  await expect(app.getByText('The chain has confirmed it: 1.00')).toBeVisible();
  await expect(app.getByLabel('How much')).toHaveValue('');
  await expect(app.getByRole('button', { name: 'Buy', exact: true })).toBeDisabled();
  await app.getByLabel('How much').fill('2');
  await expect(app.getByText('The chain has confirmed it')).toHaveCount(0);
  await expect(app.getByRole('button', { name: 'Buy', exact: true })).toBeEnabled();
});

test('a stake empties its form', async ({ app, go, stage }) => {
  const { wallet, vendors } = stage.described;
  await stage.specie(wallet.keyFile, 'wallet', 'buy', '2', '--vault', vendors[0].vault);
  await go('earn');
  await app.getByLabel('How much').fill('1');
  await app.getByRole('button', { name: 'Stake', exact: true }).click();
  await expect(app.getByText('your stake earns from now on')).toBeVisible();
  await expect(app.getByLabel('How much')).toHaveValue('');
});

test('Settings says why a text is no node', async ({ app, go, stage }) => {
  await go('settings');
  const field = app.getByLabel('A node of your own, asked before the others');
  for (const [text, fault] of [
    ['', 'The field is empty.'],
    ['abc', 'That is no address of a node.'],
    ['rpc.example', 'That is no address of a node.'],
    ['http://rpc.example', 'Name it with https://'],
    [stage.described.rpc, 'This node is asked first already.'],
  ] as const) {
    await field.fill(text);
    await app.getByRole('button', { name: 'Add', exact: true }).click();
    await expect(app.getByText(fault), text).toBeVisible();
    await expect(field).toHaveAttribute('aria-invalid', 'true');
  }
});

test('a redemption below the least names both amounts, and above what is owed the most', async ({ app, go, stage }) => {
  const { wallet, vendors } = stage.described;
  await stage.specie(wallet.keyFile, 'wallet', 'buy', '2', '--vault', vendors[0].vault);
  await go('redeem');
  await app.getByRole('radio', { name: /^north/ }).check();
  await app.getByLabel('How much').fill('0.000001');
  await expect(app.getByText(/That comes to 0\.000001 ?SCU, and a voucher is over at least .* ?SCU\. Redeem at least/)).toBeVisible();
  await app.getByLabel('How much').fill('1000000');
  await expect(app.getByText(/This vendor owes .* to holders of tokens\. Redeem at most .* here/)).toBeVisible();
});

test.describe('with a vendor’s wallet', () => {
  test.use({ walletOf: ['vendor'] });

  test('a price with a slipped digit is asked about, with both numbers', async ({ app, go, stage, requireAccessible }) => {
    await stage.postPrice('2.20');
    await go('vendor');
    const price = app.getByLabel('Price of an SCU; 0 ends the offer');
    await price.fill('0.22');
    await expect(app.getByText('That is 90.00 % below the reference price')).toBeVisible();
    await expect(app.getByText(/You ask 0\.22.* for an SCU, and the attestors posted 2\.20/)).toBeVisible();
    await requireAccessible();
    await price.fill('2.30');
    await expect(app.getByText('the reference price', { exact: false }).filter({ hasText: 'That is' })).toHaveCount(0);
  });
});

test.describe('in Chinese, on a phone', () => {
  test.use({ locale: 'zh-HK' });

  test('no button breaks its words, and a gateway’s refusal is told in Chinese', async ({ app, go, stage }) => {
    test.setTimeout(180_000);
    const { wallet, vendors } = stage.described;
    await stage.specie(wallet.keyFile, 'wallet', 'buy', '2', '--vault', vendors[0].vault);
    await app.setViewportSize({ width: 360, height: 780 });
    for (const place of ['redeem', 'earn']) {
      await go(place);
      const all = app.getByRole('button', { name: '全部', exact: true });
      await expect(all).toBeVisible();
      expect((await all.boundingBox())?.height, place).toBeLessThanOrEqual(46);
    }
    await app.goto(app.url().replace(/#.*/u, '#/redeem'));
    await app.getByLabel('數量').fill('1');
    await app.getByRole('radio', { name: /^north/ }).check();
    await app.getByRole('button', { name: '兌換', exact: true }).click();
    await expect(app.getByRole('heading', { name: '使用兌換券' })).toBeVisible();
    // Whatever the gateway says in English, its reason is told.
    const refusal = { error: { message: 'the voucher has 12 units', type: 'x', param: null, code: 'voucher_consumed', specie: { reason: 'voucher_consumed', retryable: false } } };
    await app.route(`${vendors[0].gateway}/v1/vouchers/**`, (route) => route.fulfill({ status: 402, headers: { 'access-control-allow-origin': '*' }, json: refusal }));
    await app.getByRole('button', { name: '開啟會話' }).click();
    await expect(app.getByText('兌換券已用完。請兌換另一張。')).toBeVisible();
  });
});

test('a chat says that it waits, is stopped, and keeps its text over a reload', async ({ app, go, stage, requireAccessible }) => {
  test.setTimeout(240_000);
  const { wallet, vendors } = stage.described;
  await stage.specie(wallet.keyFile, 'wallet', 'buy', '2', '--vault', vendors[0].vault);
  await go('redeem');
  await app.getByLabel('How much').fill('1');
  await app.getByRole('radio', { name: /^north/ }).check();
  await app.getByRole('button', { name: 'Redeem', exact: true }).click();
  const open = app.getByRole('button', { name: 'Open a session' });
  const chat = app.getByRole('heading', { name: 'Chat' });
  const openSession = (): Promise<void> =>
    expect(async () => {
      await open.click();
      await expect(chat).toBeVisible({ timeout: 4_000 });
    }).toPass({ timeout: 60_000 });
  await openSession();
  const message = app.getByLabel('Your message');
  await message.fill('What is an SCU?');
  await app.getByRole('button', { name: 'Send' }).click();
  await expect(app.getByText('as published, signed by the vendor')).toBeVisible();

  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await app.route(`${vendors[0].gateway}/v1/chat/completions`, async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  await message.fill('And an hour?');
  await app.getByRole('button', { name: 'Send' }).click();
  await expect(app.getByText('Waiting for the answer…')).toBeVisible();
  await requireAccessible();
  await app.getByRole('button', { name: 'Stop' }).click();
  await expect(app.getByText('You stopped it before a word had come.')).toBeVisible();
  await expect(message).toHaveValue('And an hour?');
  release();

  await app.reload();
  await expect(app.getByText('Your conversation is kept in this tab')).toBeVisible();
  await openSession();
  await expect(app.getByText('What is an SCU?')).toBeVisible();
  await expect(app.getByText('as published, signed by the vendor')).toBeVisible();
  await expect(message).toHaveValue('And an hour?');
  await app.getByRole('button', { name: 'Begin a new conversation' }).click();
  await expect(app.getByText('What is an SCU?')).toHaveCount(0);
});
