import { Trans, useLingui } from '@lingui/react/macro';
import { heldBy } from '@specie/sdk/accounts';
import { buy, withSlippage } from '@specie/sdk/plans';
import { quotePurchase, type Sale } from '@specie/sdk/quotes';
import { createNoopSigner } from '@solana/kit';
import { useConfig } from '../../chain/context.tsx';
import { useBalances } from '../../chain/queries.ts';
import type { Snapshot } from '../../chain/snapshot.ts';
import { vaultSnapshot } from '../../chain/views.ts';
import { ActionPanel } from '../../components/action_panel.tsx';
import { Amount } from '../../components/amount.tsx';
import { Notice, UnauditedNotice } from '../../components/notice.tsx';
import { Fact, Facts } from '../../components/surface.tsx';
import { VendorName } from '../../components/vendor_name.tsx';
import { useSettings } from '../../config/settings.ts';
import { formatBps } from '../../format/amount.ts';
import type { Vendor } from '../../gateway/queries.ts';
import type { Plan } from '../../transactions/plan.ts';
import type { Preview } from '../../transactions/preview.ts';
import { useWallet } from '../../wallet/context.tsx';
import { PurchaseRefused } from './refused.tsx';

interface OrderProps {
  readonly snapshot: Snapshot;
  readonly now: bigint;
  readonly vendor: Vendor | undefined;
  readonly tokens: bigint | undefined;
  readonly onBought: () => void;
}

/** What is bought, what it costs at most, and the button. */
export function Order({ snapshot, now, vendor, tokens = 0n, onBought }: OrderProps) {
  const { symbol, collateralSymbol } = useConfig();
  const { slippageBps } = useSettings();
  const { address } = useWallet();
  const { data: balances } = useBalances(address);
  const at = vendor === undefined ? undefined : vaultSnapshot(snapshot, vendor.vault, now);
  const quote = at === undefined || tokens === 0n ? undefined : quotePurchase(at, tokens);
  const sale = quote?.ok === true ? quote.value : undefined;
  const most = sale === undefined ? 0n : withSlippage(sale.payment, slippageBps);
  const isShort = sale !== undefined && balances !== undefined && balances.collateral < sale.payment;
  const plan =
    vendor === undefined || sale === undefined || address === undefined || balances === undefined || isShort
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
      {vendor !== undefined && at !== undefined && quote !== undefined ? (
        quote.ok ? (
          <Bill vendor={vendor} sale={quote.value} tokens={tokens} most={most} fee={snapshot.currency.data.params.fee} />
        ) : (
          <Notice
            tone="warn"
            title={
              <Trans>
                <VendorName vendor={vendor} /> cannot sell this now
              </Trans>
            }
          >
            <PurchaseRefused code={quote.refusal.code} at={at} tokens={tokens} />
          </Notice>
        )
      ) : (
        <p className="text-muted">
          <Trans>Name an amount, and what it comes to stands here before you sign anything.</Trans>
        </p>
      )}
      <div className="mt-4 space-y-4">
        {isShort && (
          <Notice tone="warn">
            <Trans>
              Your wallet has <Amount value={balances.collateral} unit={collateralSymbol} />: top it up, or buy less.
            </Trans>
          </Notice>
        )}
        <ActionPanel
          id={`buy ${vendor?.vault.address ?? ''} ${tokens} ${most}`}
          plan={plan}
          label={<Trans>Buy</Trans>}
          preview={(preview) => <After preview={preview} />}
          refused={at === undefined ? undefined : (code) => <PurchaseRefused code={code} at={at} tokens={tokens} />}
          done={
            <Trans>
              The chain has confirmed it: <Amount value={tokens} unit={symbol} /> are in your wallet.
            </Trans>
          }
          onConfirmed={onBought}
        />
        <UnauditedNotice />
      </div>
    </>
  );
}

interface BillProps {
  readonly vendor: Vendor;
  readonly sale: Sale;
  readonly tokens: bigint;
  /** The most that is paid, in base units of the collateral token. */
  readonly most: bigint;
  /** The currency's fee, in basis points. */
  readonly fee: number;
}

/** What a purchase costs, and where it goes. */
function Bill({ vendor, sale, tokens, most, fee }: BillProps) {
  const { i18n } = useLingui();
  const { symbol, collateralSymbol } = useConfig();
  const { slippageBps } = useSettings();
  return (
    <>
      <p className="text-small text-muted">
        <Trans>
          You pay <VendorName vendor={vendor} />
        </Trans>
      </p>
      <p className="figures mb-3 text-display">
        <Amount value={sale.payment} unit={collateralSymbol} />
      </p>
      <Facts>
        <Fact label={<Trans>You get</Trans>}>
          <Amount value={tokens} unit={symbol} />
        </Fact>
        <Fact label={<Trans>To the vendor</Trans>}>
          <Amount value={sale.payout} unit={collateralSymbol} />
        </Fact>
        <Fact label={<Trans>Stays in its vault as collateral</Trans>}>
          <Amount value={sale.retained} unit={collateralSymbol} />
        </Fact>
        <Fact label={<Trans>Fee of the currency ({formatBps(BigInt(fee), i18n.locale)})</Trans>}>
          <Amount value={sale.fee} unit={collateralSymbol} />
        </Fact>
        <Fact label={<Trans>Never more than (+{formatBps(BigInt(slippageBps), i18n.locale)})</Trans>}>
          <Amount value={most} unit={collateralSymbol} />
        </Fact>
      </Facts>
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
