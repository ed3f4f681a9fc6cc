import { Trans } from '@lingui/react/macro';
import { createNoopSigner, type Address, type KeyPairSigner } from '@solana/kit';
import { redeem } from '@specie/sdk/plans';
import { quoteRedeem, type Class } from '@specie/sdk/quotes';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useConfig } from '../../chain/context.tsx';
import { useBalances } from '../../chain/queries.ts';
import type { Snapshot } from '../../chain/snapshot.ts';
import { vaultSnapshot } from '../../chain/views.ts';
import { ActionPanel } from '../../components/action_panel.tsx';
import { Amount } from '../../components/amount.tsx';
import { AmountField } from '../../components/amount_field.tsx';
import { ClassName } from '../../components/class_name.tsx';
import { Choice } from '../../components/field.tsx';
import { Notice, UnauditedNotice } from '../../components/notice.tsx';
import { Card, Fact, Facts, Section } from '../../components/surface.tsx';
import { Time } from '../../components/time.tsx';
import { VendorName } from '../../components/vendor_name.tsx';
import { DECIMALS, parseAmount } from '../../format/amount.ts';
import type { Vendor } from '../../gateway/queries.ts';
import { createKey, signerOf } from '../../sessions/key.ts';
import { deviceKey, keepSession, useRefreshSessions } from '../../sessions/store.ts';
import type { Plan } from '../../transactions/plan.ts';
import { useWallet } from '../../wallet/context.tsx';
import { chooseVendor, offeredClasses } from './choice.ts';
import { KeyStep } from './key_step.tsx';
import { RedemptionRefused } from './refused.tsx';
import { VendorPicker } from './vendor_picker.tsx';

interface RedeemFormProps {
  readonly snapshot: Snapshot;
  readonly vendors: readonly Vendor[];
  readonly now: bigint;
  readonly startAt: string | undefined;
}

/** A key for previews alone: the real one is made once the reader has decided. */
function useDraftSigner() {
  return useQuery({
    queryKey: ['draft session key'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<KeyPairSigner> => signerOf(await createKey({ device: await deviceKey() })),
  }).data;
}

export function RedeemForm({ snapshot, vendors, now, startAt }: RedeemFormProps) {
  const { symbol } = useConfig();
  const { address } = useWallet();
  const { data: balances } = useBalances(address);
  const navigate = useNavigate();
  const refreshSessions = useRefreshSessions();
  const classes = offeredClasses(vendors);
  const [text, setText] = useState('1');
  const [wanted, setWanted] = useState<Class>(classes.includes('inference') ? 'inference' : (classes[0] ?? 'inference'));
  const [picked, setPicked] = useState(vendors.find(({ vault }) => vault.address === startAt)?.vault.address);
  const [passphrase, setPassphrase] = useState<string | undefined>('');
  const draft = useDraftSigner();
  const tokens = parseAmount(text, DECIMALS);
  const choice = chooseVendor(snapshot, vendors, tokens ?? 0n, wanted, now);
  const vendor = vendors.find(({ vault }) => vault.address === picked) ?? choice?.vendor;
  const quote = vendor === undefined || tokens === undefined ? undefined : quoteRedeem(vaultSnapshot(snapshot, vendor.vault, now), tokens, wanted);
  const short = balances !== undefined && tokens !== undefined && balances.tokens < tokens;

  const planWith = async (owner: Address, session: KeyPairSigner): Promise<Plan & { readonly voucher: Address }> => {
    if (vendor === undefined || tokens === undefined) throw new Error('nothing to redeem');
    const { instructions, voucher } = await redeem({
      currency: snapshot.currency,
      vault: vendor.vault,
      owner: createNoopSigner(owner),
      session,
      tokens,
      class: wanted,
    });
    return {
      kind: 'redeem',
      details: [
        { label: 'tokens', value: tokens.toString() },
        { label: 'vault', value: vendor.vault.address },
        { label: 'voucher', value: voucher },
      ],
      instructions,
      cosigners: [session],
      voucher,
    };
  };

  /** Makes the key, keeps it, and only then has the wallet sign: the key must outlive this page before the tokens are gone. */
  const realPlan = async (owner: Address): Promise<Plan> => {
    if (vendor === undefined) throw new Error('nothing to redeem');
    const key = await createKey({ device: await deviceKey(), passphrase });
    const plan = await planWith(owner, await signerOf(key));
    await keepSession({ key, voucher: plan.voucher, vault: vendor.vault.address, signed: 0n });
    await refreshSessions();
    return plan;
  };

  const isReady = address !== undefined && draft !== undefined && quote?.ok === true && !short && passphrase !== undefined;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 lg:grid-cols-[minmax(0,1fr)_23rem]">
      <div>
        <Section title={<Trans>1. What for</Trans>}>
          <div className="space-y-5">
            <AmountField
              large
              label={<Trans>How much</Trans>}
              unit={symbol}
              value={text}
              onChange={setText}
              all={balances?.tokens}
              hint={
                balances === undefined ? (
                  <Trans>Connect a wallet to see what it has.</Trans>
                ) : (
                  <Trans>
                    Your wallet has <Amount value={balances.tokens} unit={symbol} />
                  </Trans>
                )
              }
            />
            <Choice<Class>
              label={<Trans>The compute is for</Trans>}
              value={wanted}
              onChange={setWanted}
              options={classes.map((name) => ({ value: name, label: <ClassName name={name} /> }))}
            />
          </div>
        </Section>
        <Section title={<Trans>2. At which vendor</Trans>}>
          <VendorPicker snapshot={snapshot} vendors={vendors} now={now} wanted={wanted} choice={choice} picked={picked} onPick={setPicked} />
        </Section>
        <Section title={<Trans>3. The key that consumes it</Trans>}>
          <KeyStep onChange={setPassphrase} />
        </Section>
      </div>
      <Card className="lg:sticky lg:top-24">
        {vendor === undefined || quote === undefined ? (
          <p className="text-muted">
            <Trans>Name an amount, and what it opens stands here before you sign anything.</Trans>
          </p>
        ) : quote.ok ? (
          <>
            <p className="text-small text-muted">
              <Trans>
                You get a voucher of <VendorName vendor={vendor} /> over
              </Trans>
            </p>
            <p className="figures mb-3 text-display">
              <Amount value={quote.value.units} unit="SCU" />
            </p>
            <Facts>
              <Fact label={<Trans>Burned</Trans>}>
                <Amount value={tokens ?? 0n} unit={symbol} />
              </Fact>
              <Fact label={<Trans>It stands for</Trans>}>
                <Amount value={quote.value.work} decimals={0} unit="TFLOP" />
              </Fact>
              <Fact label={<Trans>Ends by itself</Trans>}>
                <Time at={quote.value.expiresAt} />
              </Fact>
            </Facts>
          </>
        ) : (
          <Notice tone="warn" title={<Trans><VendorName vendor={vendor} /> cannot open this voucher</Trans>}>
            <RedemptionRefused code={quote.refusal.code} at={vaultSnapshot(snapshot, vendor.vault, now)} tokens={tokens ?? 0n} wanted={wanted} />
          </Notice>
        )}
        <div className="mt-4 space-y-4">
          {short && (
            <Notice tone="warn">
              <Trans>
                Your wallet has <Amount value={balances.tokens} unit={symbol} />: buy some first, or redeem less.
              </Trans>
            </Notice>
          )}
          <ActionPanel
            id={`redeem ${vendor?.vault.address ?? ''} ${tokens ?? ''} ${wanted}`}
            plan={isReady ? () => planWith(address, draft) : undefined}
            finalPlan={address === undefined ? undefined : () => realPlan(address)}
            label={<Trans>Redeem</Trans>}
            refused={(code) => (vendor === undefined ? null : <RedemptionRefused code={code} at={vaultSnapshot(snapshot, vendor.vault, now)} tokens={tokens ?? 0n} wanted={wanted} />)}
            done={<Trans>The chain has confirmed the voucher.</Trans>}
            onConfirmed={async (entry) => {
              const voucher = entry.details.find(({ label }) => label === 'voucher')?.value;
              await navigate({ to: '/redeem', search: { voucher } });
            }}
          />
          <UnauditedNotice />
        </div>
      </Card>
    </div>
  );
}
