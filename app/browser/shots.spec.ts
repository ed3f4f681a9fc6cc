import { mkdirSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { fetchCurrencyState } from '@specie/sdk/accounts';
import { scheduleChange } from '@specie/sdk/plans';
import { address } from '@solana/kit';
import { test } from './fixtures.ts';

const FOLDER = new URL('../../docs/page', import.meta.url).pathname;
const PLACES = ['buy', 'redeem', 'vouchers', 'reserves', 'earn', 'governance', 'activity', 'settings'];

const PARTS = ['selling', 'backing', 'serving', 'keys'];

// `npm run shots --workspace app` writes them; they are looked at, and not compared byte for byte.
test.skip(process.env['SPECIE_SHOTS'] === undefined, 'screenshots are taken on demand');

test('a screenshot of each place, in both themes and three widths', async ({ app, go, stage }) => {
  test.setTimeout(600_000);
  const { wallet, vendors } = stage.described;
  for (const [index, tokens] of ['60', '25.5'].entries()) {
    await stage.specie(wallet.keyFile, 'wallet', 'buy', tokens, '--vault', vendors[index]?.vault ?? '');
  }
  await stage.postPrice('2.20');
  await stage.specie(wallet.keyFile, 'wallet', 'redeem', '4', '--vault', vendors[0].vault, '--class', 'inference', '--session', `${wallet.keyFile}.session`);
  await stage.send(stage.described.authorityKeyFile, async (authority, rpc) => {
    const { currency } = await fetchCurrencyState(rpc, address(stage.described.mint), { commitment: 'confirmed' });
    return scheduleChange({ currency, authority, proposal: { __kind: 'Params', fields: [{ ...currency.data.params, fee: 45, disputeWindow: 3_600 }] } });
  });
  await go('buy');
  await app.getByLabel('How much').fill('2');
  await app.getByRole('button', { name: 'Buy', exact: true }).click();
  await app.getByText('The chain has confirmed it').waitFor();
  mkdirSync(FOLDER, { recursive: true });
  for (const place of PLACES) await shoot(app, go, place);
});

test.describe('with a vendor’s wallet', () => {
  test.use({ walletOf: ['vendor'] });

  test('a screenshot of each part of the vendor’s place', async ({ app, go }) => {
    test.setTimeout(300_000);
    for (const part of PARTS) await shoot(app, go, `vendor?part=${part}`, part === 'selling' ? 'vendor' : `vendor-${part}`);
  });
});

/** Takes a place in both themes and three widths. */
async function shoot(app: Page, go: (place: string) => Promise<void>, place: string, name = place): Promise<void> {
  for (const width of [360, 768, 1440]) {
    await app.setViewportSize({ width, height: width === 360 ? 780 : 900 });
    await go(place);
    await app.locator('.skeleton').first().waitFor({ state: 'detached' });
    await app.waitForTimeout(1_200);
    await app.mouse.move(width - 1, 1);
    // As high as the page: what is fixed to the window's edges is at the page's.
    const height = await app.evaluate(() => document.documentElement.scrollHeight);
    await app.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await app.emulateMedia({ colorScheme });
      await app.screenshot({ path: `${FOLDER}/${name}-${width}-${colorScheme}.png` });
    }
  }
}
