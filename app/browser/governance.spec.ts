import { currencyAddresses, fetchCurrencyState } from '@specie/sdk/accounts';
import type { ProposalArgs } from '@specie/sdk/generated';
import { scheduleChange } from '@specie/sdk/plans';
import { address } from '@solana/kit';
import { expect, test } from './fixtures.ts';
import type { Stage } from './stage.ts';

// Notices of days and months pass here.
test.use({ network: 'governance' });

/** The authority schedules a change, as its own program does. */
async function schedule(stage: Stage, proposalOf: (params: Extract<ProposalArgs, { __kind: 'Params' }>['fields'][0], workPerScu: bigint) => ProposalArgs): Promise<void> {
  const { authorityKeyFile, mint } = stage.described;
  await stage.send(authorityKeyFile, async (authority, rpc) => {
    const { currency, standard } = await fetchCurrencyState(rpc, address(mint), { commitment: 'confirmed' });
    const proposal = proposalOf(currency.data.params, standard.data.workPerScu);
    return scheduleChange({ currency, authority, proposal });
  });
}

test('new rules stand for their notice, are executed by anybody, and are in force', async ({ app, go, stage, requireAccessible }) => {
  await schedule(stage, (params) => ({ __kind: 'Params', fields: [{ ...params, fee: 45 }] }));
  await go('governance');
  const card = app.locator('main').getByText('New rules').locator('xpath=ancestor::div[contains(@class, "rounded-box")][1]');
  await expect(card.getByText(/takes effect .* at the earliest/)).toBeVisible();
  await expect(card.getByText(/→ 0.45 %/)).toBeVisible();
  await expect(card.getByRole('button')).toHaveCount(await card.getByRole('button', { name: /^Copy/ }).count());
  await requireAccessible();
  await stage.advance('3d');
  await stage.postPrice('2.20');
  await card.getByRole('button', { name: 'Execute' }).click({ timeout: 60_000 });
  const dialog = app.getByRole('dialog');
  await requireAccessible();
  await dialog.getByRole('button', { name: 'Execute the change' }).click();
  // The change is gone from the chain, and what became of it is still said.
  await expect(dialog.getByText('The change is in force.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(app.getByText('New rules')).toHaveCount(0);
  await expect(app.getByText('0.45 %')).toBeVisible();
});

test('a change of a vault’s limit that lowers it can be executed at once', async ({ app, go, stage }) => {
  const [, south] = stage.described.vendors;
  await schedule(stage, () => ({ __kind: 'VaultLimit', vault: address(south.vault), limit: 9_999_000_000n }));
  await go('governance');
  await expect(app.getByText('can be executed', { exact: true })).toBeVisible();
  await app.getByRole('button', { name: 'Execute' }).click();
  await app.getByRole('dialog').getByRole('button', { name: 'Execute the change' }).click();
  await expect(app.getByRole('dialog').getByText('The change is in force.')).toBeVisible();
  await go('reserves');
  await expect(app.getByText('9,999.00')).toBeVisible();
});

test('the history of the Standard has its rise, and says how far back it goes', async ({ app, go, stage }) => {
  let was = 0n;
  await schedule(stage, (_, workPerScu) => {
    was = workPerScu;
    return { __kind: 'Standard', fields: [workPerScu + 1_000n] };
  });
  await go('reserves');
  await expect(app.getByText(/a rise to .* is announced/)).toBeVisible();
  await expect(app.getByText('As the currency was founded: it has not risen since.')).toBeVisible();
  await stage.advance('90d');
  const { currency } = await currencyAddresses(address(stage.described.mint));
  expect(currency).toBe(stage.described.currency);
  await go('governance');
  await app.getByRole('button', { name: 'Execute' }).click({ timeout: 60_000 });
  await app.getByRole('dialog').getByRole('button', { name: 'Execute the change' }).click();
  await expect(app.getByRole('dialog').getByText('The change is in force.')).toBeVisible();
  await go('reserves');
  await expect(app.getByText('these are all rises')).toBeVisible();
  await expect(app.getByRole('img', { name: `What an SCU is, from ${was.toLocaleString('en')} to ${(was + 1_000n).toLocaleString('en')} TFLOP` })).toBeVisible();
  await expect(app.getByText(/prices? posted/)).toBeVisible();
  await expect(app.getByText('Since the currency was founded: these are all.')).toBeVisible();
});

test.describe('with the authority’s wallet', () => {
  test.use({ walletOf: ['authority'] });

  test('a scheduled change is cancelled', async ({ app, go, stage, requireAccessible }) => {
    await schedule(stage, () => ({ __kind: 'Guardian', fields: [address(stage.described.wallet.address)] }));
    await go('governance');
    await app.getByRole('button', { name: 'Cancel the change' }).click();
    const dialog = app.getByRole('dialog');
    await requireAccessible();
    await dialog.getByRole('button', { name: 'Cancel the change' }).click();
    await expect(dialog.getByText('The change is cancelled.')).toBeVisible();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await expect(app.getByText('Nothing is scheduled')).toBeVisible();
  });
});
