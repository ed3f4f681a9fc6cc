import { Trans, useLingui } from '@lingui/react/macro';
import { heldBy } from '@specie/sdk/accounts';
import { buy, withSlippage } from '@specie/sdk/plans';
import { quotePurchase } from '@specie/sdk/quotes';
import { createNoopSigner } from '@solana/kit';
import { useConfig } from '../../chain/context.tsx';
import { useBalances } from '../../chain/queries.ts';
import type { Snapshot } from '../../chain/snapshot.ts';
import { vaultSnapshot } from '../../chain/views.ts';
import { ActionPanel } from '../../components/action_panel.tsx';
import { Amount } from '../../components/amount.tsx';
import { Notice, UnauditedNotice } from '../../components/notice.tsx';
import { refusalSentence } from '../../components/refusals.ts';
import { Fact, Facts } from '../../components/surface.tsx';
import { vendorLabel } from '../../components/vendor_name.tsx';
import { useSettings } from '../../config/settings.ts';
import { formatBps } from '../../format/amount.ts';
import type { Vendor } from '../../gateway/queries.ts';
import type { Plan } from '../../transactions/plan.ts';
import type { Preview } from '../../transactions/preview.ts';
import { useWallet } from '../../wallet/context.tsx';

interface OrderProps {
  readonly snapshot: Snapshot;
  readonly now: bigint;
  readonly vendor: Vendor | undefined;
  readonly tokens: bigint | undefined;
}

/** What is bought, what it costs at most, and the button. */
export function Order({ snapshot, now, vendor, tokens }: OrderProps) {
  const { i18n } = useLingui();
  const { symbol, collateralSymbol } = useConfig();
  const { slippageBps } = useSettings();
  const { address } = useWallet();
  const { data: balances } = useBalances(address);
  if (vendor === undefined || tokens === undefined || tokens === 0n) {
    return (
      <p className="text-muted">
        <Trans>Name an amount, and what it comes to stands here before you sign anything.</Trans>
      </p>
    );
  }
  const quote = quotePurchase(vaultSnapshot(snapshot, vendor.vault, now), tokens);
  if (!quote.ok) {
    return (
      <Notice tone="warn" title={<Trans>{vendorLabel(vendor)} cannot sell this now</Trans>}>
        {refusalSentence(quote.refusal.code, i18n)}
      </Notice>
    );
  }
  const { payment, fee, retained, payout } = quote.value;
  const most = withSlippage(payment, slippageBps);
  const short = balances !== undefined && balances.collateral < payment;
  const plan =
    address === undefined || balances === undefined || short
      ? undefined
      : async (): Promise<Plan> => {
          const { currency } = snapshot;
          const { instructions } = await buy({ currency, vault: vendor.vault, buyer: createNoopSigner(address), tokens, maxPayment: most });
          return {
            kind: 'buy',
            details: [
              { label: 'tokens', value: tokens.toString() },
              { label: 'vault', value: vendor.vault.address },
            ],
            instructions,
            watch: [balances.tokenAccount, balances.collateralAccount],
          };
        };
  return (
    <>
      <p className="text-small text-muted">
        <Trans>You pay {vendorLabel(vendor)}</Trans>
      </p>
      <p className="figures mb-3 text-display">
        <Amount value={payment} unit={collateralSymbol} />
      </p>
      <Facts>
        <Fact label={<Trans>You get</Trans>}>
          <Amount value={tokens} unit={symbol} />
        </Fact>
        <Fact label={<Trans>To the vendor</Trans>}>
          <Amount value={payout} unit={collateralSymbol} />
        </Fact>
        <Fact label={<Trans>Stays in its vault as collateral</Trans>}>
          <Amount value={retained} unit={collateralSymbol} />
        </Fact>
        <Fact label={<Trans>Fee of the currency ({formatBps(BigInt(snapshot.currency.data.params.fee), i18n.locale)})</Trans>}>
          <Amount value={fee} unit={collateralSymbol} />
        </Fact>
        <Fact label={<Trans>Never more than (+{formatBps(BigInt(slippageBps), i18n.locale)})</Trans>}>
          <Amount value={most} unit={collateralSymbol} />
        </Fact>
      </Facts>
      <div className="mt-4 space-y-4">
        {short && (
          <Notice tone="warn">
            <Trans>
              Your wallet has <Amount value={balances.collateral} unit={collateralSymbol} />: top it up, or buy less.
            </Trans>
          </Notice>
        )}
        <ActionPanel
          id={`buy ${vendor.vault.address} ${tokens} ${most}`}
          plan={plan}
          label={<Trans>Buy</Trans>}
          preview={(preview) => <After preview={preview} />}
          done={
            <Trans>
              The chain has confirmed it: <Amount value={tokens} unit={symbol} /> are in your wallet.
            </Trans>
          }
        />
        <UnauditedNotice />
      </div>
    </>
  );
}

/** The wallet's balances after the simulated purchase. */
function After({ preview }: { readonly preview: Preview }) {
  const { symbol, collateralSymbol } = useConfig();
  const [tokens, collateral] = preview.changes;
  if (tokens === undefined || collateral === undefined) return null;
  return (
    <>
      <Fact label={<Trans>Simulated: you then have</Trans>}>
        <Amount value={heldBy(tokens.after)} unit={symbol} />
      </Fact>
      <Fact label={<Trans>and</Trans>}>
        <Amount value={heldBy(collateral.after)} unit={collateralSymbol} />
      </Fact>
    </>
  );
}
