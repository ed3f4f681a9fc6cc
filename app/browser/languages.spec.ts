import { expect, test } from './fixtures.ts';

const PLACES = ['buy', 'redeem', 'vouchers', 'reserves', 'earn', 'governance', 'vendor', 'activity', 'settings'];

test.describe('in Chinese as written in Hong Kong', () => {
  test.use({ locale: 'zh-HK' });

  test('every place is translated, accessible, and not cut off on a phone', async ({ app, go, requireAccessible }) => {
    test.setTimeout(240_000);
    for (const place of PLACES) {
      await app.setViewportSize({ width: 360, height: 780 });
      await app.emulateMedia({ colorScheme: place.length % 2 === 0 ? 'dark' : 'light' });
      await go(place);
      await expect(app.locator('html')).toHaveAttribute('lang', 'zh-HK');
      await expect(app.getByRole('heading', { level: 1 })).toHaveText(/[\u4e00-\u9fff]/);
      await expect(app.locator('.skeleton')).toHaveCount(0);
      await requireAccessible();
      const isCut = await app.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
      expect(isCut, `${place} is cut off`).toBe(false);
      // Names, units and commands are Latin; four words in a row are a sentence that nobody translated.
      const english = await app.evaluate(() => {
        const main = document.querySelector('main');
        const texts: string[] = [];
        const walker = document.createTreeWalker(main ?? document.body, NodeFilter.SHOW_TEXT);
        for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
          const text = node.textContent ?? '';
          if (node.parentElement?.closest('pre, code, option') === null && /[A-Za-z’]+(?:[ ,]+[A-Za-z’]+){3}/.test(text)) texts.push(text);
        }
        return texts;
      });
      expect(english, `${place} has sentences in English`).toEqual([]);
    }
  });

  test('a purchase and its refusal are told in Chinese', async ({ app, go, mood }) => {
    await go('buy');
    await app.getByLabel('數量').fill('1');
    await expect(app.getByText('模擬結果')).toBeVisible();
    mood.answer = 'declines';
    await app.getByRole('button', { name: '購買', exact: true }).click();
    await expect(app.getByText('你在錢包拒絕了')).toBeVisible();
    mood.answer = 'signs';
    await app.getByRole('button', { name: '購買', exact: true }).click();
    await expect(app.getByText('鏈上已確認')).toBeVisible();
  });
});

test('on a phone a reader goes everywhere by the bar at its foot, buys, and reads Activity', async ({ app, go, requireAccessible }) => {
  test.setTimeout(180_000);
  await app.setViewportSize({ width: 360, height: 780 });
  await go('settings');
  const bar = app.getByRole('navigation', { name: 'Main places' });
  await bar.getByRole('link', { name: 'Buy' }).click();
  await app.getByLabel('How much').fill('1');
  await expect(app.getByText('Simulated: you then have')).toBeVisible();
  await app.getByRole('button', { name: 'Buy', exact: true }).click();
  await expect(app.getByText('The chain has confirmed it')).toBeVisible();
  await bar.getByRole('button', { name: 'More' }).click();
  await expect(app.getByRole('dialog')).toBeVisible();
  await requireAccessible();
  await app.getByRole('dialog').getByRole('link', { name: 'Activity' }).click();
  await expect(app.getByRole('dialog')).toBeHidden();
  await expect(app.getByText('confirmed', { exact: true })).toBeVisible();
  // Focus goes to what is new, as with a new document.
  await expect(app.locator('main')).toBeFocused();
});

test('every dialog is accessible, is left by Escape, and gives the focus back', async ({ app, go, stage, url, requireAccessible }) => {
  test.setTimeout(180_000);
  const { wallet, vendors } = stage.described;
  await app.goto(`${url}#/settings`);
  const connect = app.locator('header').getByRole('button', { name: 'Connect wallet' });
  for (const colorScheme of ['light', 'dark'] as const) {
    await app.emulateMedia({ colorScheme });
    await connect.focus();
    await app.keyboard.press('Enter');
    await expect(app.getByRole('dialog', { name: 'Connect a wallet' })).toBeVisible();
    await requireAccessible();
    await app.keyboard.press('Escape');
    await expect(app.getByRole('dialog')).toBeHidden();
    await expect(connect).toBeFocused();
  }
  await go('settings');
  await app.locator('header').getByText(/^\w{4}…\w{4}$/).click();
  await expect(app.getByRole('dialog', { name: 'Your wallet' })).toBeVisible();
  await requireAccessible();
  await app.keyboard.press('Escape');
  await app.goto(`${url}#/buy?rpc=${encodeURIComponent('https://rpc.example')}`);
  await expect(app.getByRole('dialog', { name: 'Read the chain through another node?' })).toBeVisible();
  await requireAccessible();
  await app.keyboard.press('Escape');
  await expect(app.getByRole('dialog')).toBeHidden();

  await stage.specie(wallet.keyFile, 'wallet', 'buy', '1', '--vault', vendors[0].vault);
  await stage.specie(wallet.keyFile, 'wallet', 'redeem', '0.5', '--vault', vendors[0].vault, '--class', 'inference', '--session', `${wallet.keyFile}.dialogs`);
  await go('vouchers');
  for (const [button, dialog] of [['Close', 'Close the voucher'], ['Challenge the vendor', 'Challenge the vendor']] as const) {
    await app.getByRole('button', { name: button, exact: true }).first().click();
    await expect(app.getByRole('dialog', { name: dialog })).toBeVisible();
    await requireAccessible();
    await app.keyboard.press('Escape');
    await expect(app.getByRole('dialog')).toBeHidden();
  }
});

test('by keyboard alone the content is one key away, and an offer is chosen by arrows', async ({ app, go }) => {
  await go('buy');
  await expect(app.getByText('You pay north')).toBeVisible();
  await app.reload();
  await expect(app.getByText('You pay north')).toBeVisible();
  await app.keyboard.press('Tab');
  await expect(app.getByText('Skip to the content')).toBeFocused();
  await app.keyboard.press('Enter');
  await expect(app.locator('main')).toBeFocused();
  await app.getByRole('radio', { name: 'Buy from north' }).focus();
  await app.keyboard.press('ArrowDown');
  await expect(app.getByText('You pay south')).toBeVisible();
});
