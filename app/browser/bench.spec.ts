import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from './fixtures.ts';

// `npm run bench --workspace app` writes bench/page.md; times are this machine's, so no other check compares them.
test.skip(process.env['SPECIE_BENCH'] === undefined, 'measured on demand');

const ROUNDS = 5;
/** A laptop of some years' age on a slow line: a quarter of this machine's speed, 10 Mbit/s, 40 ms there and back. */
const CPU_RATE = 4;
const NETWORK = { offline: false, latency: 40, downloadThroughput: (10 * 1_000_000) / 8, uploadThroughput: (5 * 1_000_000) / 8 };

interface Measured {
  readonly paint: number;
  readonly shift: number;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

/** Bytes of the page's script, compressed, without mobile wallets, which Android alone loads. */
function scriptBytes(): number {
  const folder = new URL('../dist/assets/', import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.js') && !name.startsWith('mobile-'))
    .reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length, 0);
}

test('the first contentful paint and layout shifts, throttled', async ({ mood, url }) => {
  const { context } = mood as typeof mood & { readonly context: import('@playwright/test').BrowserContext };
  const lines: string[] = [];
  for (const place of ['buy', 'reserves']) {
    const measured: Measured[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const page = await context.newPage();
      const devtools = await context.newCDPSession(page);
      await devtools.send('Network.enable');
      await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
      await devtools.send('Network.emulateNetworkConditions', NETWORK);
      await devtools.send('Emulation.setCPUThrottlingRate', { rate: CPU_RATE });
      await page.addInitScript(() => {
        const seen = globalThis as unknown as { shift: number };
        seen.shift = 0;
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries()) {
            const shift = entry as PerformanceEntry & { readonly value: number; readonly hadRecentInput: boolean };
            if (!shift.hadRecentInput) seen.shift += shift.value;
          }
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await page.goto(`${url}#/${place}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await page.locator('.skeleton').first().waitFor({ state: 'detached' });
      await page.waitForTimeout(1_500);
      measured.push(
        await page.evaluate(() => ({
          paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
          shift: (globalThis as unknown as { shift: number }).shift,
        })),
      );
      await page.close();
    }
    const paint = median(measured.map((one) => one.paint));
    const shift = median(measured.map((one) => one.shift));
    lines.push(`| ${place} | ${Math.round(paint)} ms | ${shift.toFixed(3)} |`);
    expect(paint).toBeGreaterThan(0);
  }
  const report = `# The page, measured

\`npm run bench --workspace app\` writes this. Chromium, no cache, CPU slowed ${CPU_RATE}-fold, 10 Mbit/s, 40 ms; the median of ${ROUNDS} loads, with data from
an embedded network.

| place | first contentful paint | layout shift |
|---|---|---|
${lines.join('\n')}

All script together, compressed: ${(scriptBytes() / 1024).toFixed(1)} KB, of which a place loads what it needs; 350 KB are allowed, and checked with each build.
`;
  writeFileSync(new URL('../../bench/page.md', import.meta.url), report);
});
