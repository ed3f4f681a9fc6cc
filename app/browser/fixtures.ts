import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import type { Server } from 'node:http';
import { chromium, expect, test as base, type BrowserContext, type Page } from '@playwright/test';
import { AxeBuilder } from '@axe-core/playwright';
import { serve } from './serve.ts';
import { Stage } from './stage.ts';
import { installWallet, signerFromFile, type WalletMood } from './wallet.ts';

/** Where Debian puts its browser. */
const CHROMIUM = process.env['SPECIE_CHROMIUM'] ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const DIST = new URL('../dist', import.meta.url).pathname;

export async function openBrowser(options: { readonly locale?: string } = {}): Promise<BrowserContext> {
  return chromium.launchPersistentContext(mkdtempSync(`${tmpdir()}/specie-page-`), {
    executablePath: CHROMIUM,
    headless: true,
    args: FLAGS,
    viewport: { width: 1440, height: 900 },
    locale: options.locale ?? 'en',
    acceptDownloads: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
}

interface WorkerFixtures {
  /** Tests that leave the network unlike they found it, as by months that pass, name one of their own: `test.use({ network: … })`. */
  readonly network: string;
  readonly stage: Stage;
  readonly url: string;
}

/** Whose keys the wallet has. */
export type WalletOwner = 'holder' | 'authority' | 'vendor' | 'newcomer';

interface TestFixtures {
  /** Whose keys the wallet has, the first connected: `test.use({ walletOf: [...] })`. */
  readonly walletOf: readonly WalletOwner[];
  readonly mood: WalletMood;
  readonly app: Page;
  /** Goes to a page of the app, with the wallet connected. */
  readonly go: (place: string) => Promise<void>;
  readonly requireAccessible: () => Promise<void>;
  /** A place is accessible on a phone, and nothing of it is cut off from there to a wide screen. */
  readonly requireFits: (place: string) => Promise<void>;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  network: ['shared', { option: true, scope: 'worker' }],
  stage: [
    // Another network's name is another worker, which starts a stage of its own.
    async ({ network: _ }, use) => {
      const stage = await Stage.start();
      await use(stage);
      await stage.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  url: [
    async ({ stage }, use) => {
      const { url, server }: { url: string; server: Server } = await serve(DIST, stage.described.page);
      await use(url);
      server.close();
    },
    { scope: 'worker' },
  ],
  app: async ({ mood }, use) => {
    // The wallet was installed into the same context.
    await use(await (mood as WalletMood & { context: BrowserContext }).context.newPage());
  },
  walletOf: [['holder'], { option: true }],
  mood: async ({ stage, walletOf, locale }, use) => {
    const context = await openBrowser(locale === undefined ? {} : { locale });
    const { wallet, authorityKeyFile, vendors } = stage.described;
    const files: Readonly<Record<WalletOwner, string>> = {
      holder: wallet.keyFile,
      authority: authorityKeyFile,
      vendor: vendors[0].keyFile,
      newcomer: stage.newcomer,
    };
    const mood = await installWallet(context, await Promise.all(walletOf.map((owner) => signerFromFile(files[owner]))));
    await use(Object.assign(mood, { context }));
    await context.close();
  },
  go: async ({ app, url }, use) => {
    await use(async (place) => {
      await app.goto(`${url}#/${place}`);
      const connect = app.getByRole('button', { name: /^(Connect wallet|連接錢包)$/ }).first();
      const connected = app.locator('header').getByText(/^\w{4}…\w{4}$/);
      await connect.or(connected).first().waitFor();
      if (await connect.isVisible()) {
        await connect.click();
        await app.getByRole('button', { name: 'Test wallet' }).click();
      }
      await connected.waitFor();
    });
  },
  requireFits: async ({ app, go, requireAccessible }, use) => {
    await use(async (place) => {
      await app.setViewportSize({ width: 360, height: 780 });
      await app.emulateMedia({ colorScheme: place.length % 2 === 0 ? 'light' : 'dark' });
      await go(place);
      await expect(app.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(app.locator('.skeleton')).toHaveCount(0);
      await requireAccessible();
      for (const width of [360, 768, 1_120, 1_440]) {
        await app.setViewportSize({ width, height: 900 });
        // Beyond the window's edge, or cut off by the edge of a table.
        const isCut = await app.evaluate(
          () =>
            document.documentElement.scrollWidth > window.innerWidth ||
            [...document.querySelectorAll('[role=table]')].some(({ parentElement }) => (parentElement?.scrollWidth ?? 0) > (parentElement?.clientWidth ?? 0)),
        );
        expect(isCut, `${place} is cut off at ${width} px`).toBe(false);
      }
    });
  },
  requireAccessible: async ({ app }, use) => {
    await use(async () => {
      const { violations } = await new AxeBuilder({ page: app }).analyze();
      if (violations.length > 0) {
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join('\n   ')}`);
        throw new Error(`axe found on ${app.url()}:\n${found.join('\n')}`);
      }
    });
  },
});

export { expect };
