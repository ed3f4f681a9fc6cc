import { Trans, useLingui } from '@lingui/react/macro';
import { depositCollateral, requestWithdrawal, withdrawCollateral } from '@specie/sdk/plans';
import { quoteWithdrawal, quoteWithdrawalRequest } from '@specie/sdk/quotes';
import { useState } from 'react';
import { useConfig } from '../../chain/context.tsx';
import { useBalances } from '../../chain/queries.ts';
import { vaultSnapshot } from '../../chain/views.ts';
import { ActionPanel } from '../../components/action_panel.tsx';
import { Amount } from '../../components/amount.tsx';
import { AmountField } from '../../components/amount_field.tsx';
import { Choice } from '../../components/field.tsx';
import { Notice } from '../../components/notice.tsx';
import { Card, Fact, Facts } from '../../components/surface.tsx';
import { Time } from '../../components/time.tsx';
import { DECIMALS, parseAmount } from '../../format/amount.ts';
import { formatDuration } from '../../format/time.ts';
import type { Plan } from '../../transactions/plan.ts';
import { VaultAfter } from './after.tsx';
import { mostToAskBack } from './needed.ts';
import { VendorRefused } from './numbers.tsx';
import { ownVault, withBalances, type OwnProps } from './own.ts';

type Way = 'deposit' | 'request';

/** Deposits collateral, asks for some back, and takes out what has waited long enough. */
export function CollateralCard(props: OwnProps) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 md:grid-cols-2">
      <Held {...props} />
      <InOrOut {...props} />
    </div>
  );
}

/** What the vault holds, and the payment of what was asked back. */
function Held(props: OwnProps) {
  const { vendor, snapshot, now } = props;
  const { collateralSymbol } = useConfig();
  const { data: vault, address } = vendor.vault;
  const { data: balances } = useBalances(vault.vendor);
  const most = mostToAskBack(vaultSnapshot(snapshot, vendor.vault, now));
  const payable = quoteWithdrawal(vaultSnapshot(snapshot, vendor.vault, now));
  // What is paid out is asked back no more, and its panel leaves.
  const [paid, setPaid] = useState<bigint>();
  const isDue = vault.withdrawalAvailableAt !== 0n && now >= vault.withdrawalAvailableAt;
  return (
    <Card>
      <Facts>
        <Fact label={<Trans>Held, and counted</Trans>}>
          <Amount value={vault.balances.collateral} unit={collateralSymbol} />
        </Fact>
        <Fact label={<Trans>Asked back</Trans>}>
          <Amount value={vault.balances.withdrawing} unit={collateralSymbol} />
        </Fact>
        {vault.withdrawalAvailableAt !== 0n && (
          <Fact label={<Trans>Payable</Trans>}>
            <Time at={vault.withdrawalAvailableAt} />
          </Fact>
        )}
        <Fact label={<Trans>Can be asked back, at most</Trans>}>
          <Amount value={most.ok ? most.value : vault.balances.withdrawing} unit={collateralSymbol} />
        </Fact>
        {balances !== undefined && (
          <Fact label={<Trans>In your wallet</Trans>}>
            <Amount value={balances.collateral} unit={collateralSymbol} />
          </Fact>
        )}
      </Facts>
      {paid !== undefined && !isDue && (
        <div className="mt-4">
          <Notice tone="good" live>
            <Trans>
              The chain has confirmed it: <Amount value={paid} unit={collateralSymbol} /> are in your wallet.
            </Trans>
          </Notice>
        </div>
      )}
      {isDue && (
        <div className="mt-4 space-y-4">
          {!payable.ok && (
            <Notice tone="warn">
              <VendorRefused code={payable.refusal.code} at={vaultSnapshot(snapshot, vendor.vault, now)} />
            </Notice>
          )}
          <ActionPanel
            id={`withdraw ${address} ${vault.balances.withdrawing}`}
            plan={
              payable.ok
                ? async () => {
                    const { instructions } = await withdrawCollateral(ownVault(props));
                    return {
                      kind: 'withdraw',
                      details: [{ label: 'payment', value: vault.balances.withdrawing.toString() }],
                      instructions,
                      watch: [address],
                    };
                  }
                : undefined
            }
            label={<Trans>Take it out</Trans>}
            preview={(preview) => <VaultAfter preview={preview} {...props} />}
            refused={(code) => <VendorRefused code={code} at={vaultSnapshot(snapshot, vendor.vault, now)} />}
            done={null}
            onConfirmed={() => setPaid(vault.balances.withdrawing)}
          />
        </div>
      )}
    </Card>
  );
}

/** Deposits, or asks back. */
function InOrOut(props: OwnProps) {
  const { vendor, snapshot, now } = props;
  const { i18n } = useLingui();
  const { collateralSymbol } = useConfig();
  const { data: vault, address } = vendor.vault;
  const { data: purse } = useBalances(vault.vendor);
  const [way, setWay] = useState<Way>('deposit');
  const [text, setText] = useState('');
  const amount = parseAmount(text, DECIMALS);
  const at = vaultSnapshot(snapshot, vendor.vault, now);
  const { collateral, withdrawing } = vault.balances;
  const refused = way === 'request' && amount !== undefined ? quoteWithdrawalRequest(at, amount) : undefined;
  const isShort = way === 'deposit' && amount !== undefined && purse !== undefined && amount > purse.collateral;
  const most = mostToAskBack(at);
  const all = way === 'deposit' ? (purse?.collateral ?? 0n) : most.ok ? most.value : 0n;
  const asked =
    amount === undefined || way === 'deposit' || amount > collateral + withdrawing
      ? at
      : withBalances(props, { collateral: collateral + withdrawing - amount, withdrawing: amount });
  const plan = async (): Promise<Plan> => {
    const input = { ...ownVault(props), amount: amount ?? 0n };
    const { instructions } = await (way === 'deposit' ? depositCollateral(input) : requestWithdrawal(input));
    return {
      kind: way === 'deposit' ? 'deposit' : 'request-withdrawal',
      details: [{ label: 'payment', value: input.amount.toString() }],
      instructions,
      watch: [address],
    };
  };
  const isReady = amount !== undefined && !isShort && (way === 'deposit' ? amount > 0n : refused?.ok === true);
  return (
    <Card>
      <div className="space-y-4">
        <Choice<Way>
          label={<Trans>What to do</Trans>}
          value={way}
          onChange={setWay}
          options={[
            { value: 'deposit', label: <Trans>Deposit</Trans> },
            { value: 'request', label: <Trans>Ask back</Trans> },
          ]}
        />
        <AmountField
          label={<Trans>How much</Trans>}
          unit={collateralSymbol}
          value={text}
          onChange={setText}
          allowsZero={way === 'request'}
          all={all}
          hint={
            way === 'request' ? (
              <Trans>
                It stops counting at once, stays within reach of claims, and is payable after {formatDuration(snapshot.currency.data.params.withdrawalDelay, i18n.locale)}. It replaces
                what was asked back before; 0 takes that back.
              </Trans>
            ) : (
              <Trans>It counts as soon as the chain has confirmed it.</Trans>
            )
          }
        />
        {isShort && (
          <Notice tone="warn" live>
            <Trans>
              Your wallet has <Amount value={purse.collateral} unit={collateralSymbol} />: top it up, or deposit less.
            </Trans>
          </Notice>
        )}
        {refused?.ok === false && (
          <Notice tone="warn" live>
            <VendorRefused code={refused.refusal.code} at={asked} />
          </Notice>
        )}
        <ActionPanel
          key={way}
          id={`${way} ${address} ${text}`}
          plan={isReady ? plan : undefined}
          label={way === 'deposit' ? <Trans>Deposit</Trans> : <Trans>Ask back</Trans>}
          preview={(preview) => <VaultAfter preview={preview} {...props} />}
          refused={(code) => <VendorRefused code={code} at={asked} />}
          done={way === 'deposit' ? <Trans>The chain has confirmed the deposit.</Trans> : <Trans>The chain has confirmed the request.</Trans>}
          onConfirmed={() => setText('')}
        />
      </div>
    </Card>
  );
}
