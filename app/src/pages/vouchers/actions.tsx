import { Trans, useLingui } from '@lingui/react/macro';
import { createNoopSigner, type Address } from '@solana/kit';
import { challenge, close, compensate, reclaim } from '@specie/sdk/plans';
import { quoteReclaim, remainingUnits, unconsumed } from '@specie/sdk/quotes';
import type { ReactNode } from 'react';
import { useConfig } from '../../chain/context.tsx';
import { vaultSnapshot } from '../../chain/views.ts';
import { ActionPanel } from '../../components/action_panel.tsx';
import { Amount } from '../../components/amount.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { formatDuration } from '../../format/time.ts';
import { SOL_DECIMALS } from '../../format/amount.ts';
import type { ActionKind, Plan } from '../../transactions/plan.ts';
import { useWallet } from '../../wallet/context.tsx';
import { hasReturned } from './state.ts';
import type { VoucherProps } from './voucher_card.tsx';

export type VoucherAction = 'close' | 'reclaim' | 'challenge' | 'compensate';

interface VoucherDialogProps extends VoucherProps {
  readonly action: VoucherAction;
  readonly onClose: () => void;
}

const KINDS: Readonly<Record<VoucherAction, ActionKind>> = {
  close: 'close-voucher',
  reclaim: 'reclaim-voucher',
  challenge: 'challenge',
  compensate: 'compensate',
};

async function planOf(action: VoucherAction, owner: Address, { voucher, vendor, snapshot }: VoucherProps): Promise<Plan> {
  if (vendor === undefined) throw new Error('the voucher’s vault is not one of this currency');
  const { vault } = vendor;
  const signer = createNoopSigner(owner);
  const { currency } = snapshot;
  const plans = {
    close: () => close({ vault, voucher, owner: signer }),
    reclaim: () => reclaim({ currency, voucher, payer: signer }),
    challenge: () => challenge({ vault, voucher, owner: signer }),
    compensate: () => compensate({ currency, vault, voucher, payer: signer }),
  };
  const { instructions } = await plans[action]();
  return {
    kind: KINDS[action],
    details: [
      { label: 'units', value: remainingUnits(voucher.data).toString() },
      { label: 'voucher', value: voucher.address },
      { label: 'vault', value: vault.address },
    ],
    instructions,
  };
}

/** What an action on a voucher does, said before it is signed. */
export function VoucherDialog({ action, onClose, ...props }: VoucherDialogProps) {
  const { address } = useWallet();
  const owner = address === props.voucher.data.owner ? address : undefined;
  return (
    <Dialog open onClose={onClose} title={<Title action={action} />}>
      <div className="mb-5 space-y-3">
        <What action={action} {...props} />
      </div>
      <ActionPanel
        id={`${action} ${props.voucher.address}`}
        plan={owner === undefined ? undefined : () => planOf(action, owner, props)}
        label={<Title action={action} />}
        danger={action === 'challenge'}
        done={<Done action={action} />}
      />
    </Dialog>
  );
}

function Title({ action }: { readonly action: VoucherAction }): ReactNode {
  switch (action) {
    case 'close':
      return <Trans>Close the voucher</Trans>;
    case 'reclaim':
      return <Trans>Reclaim what is left</Trans>;
    case 'challenge':
      return <Trans>Challenge the vendor</Trans>;
    case 'compensate':
      return <Trans>Claim compensation</Trans>;
  }
}

function What({ action, voucher, vendor, snapshot, now }: VoucherProps & { readonly action: VoucherAction }) {
  const { i18n } = useLingui();
  const { symbol } = useConfig();
  const { params } = snapshot.currency.data;
  const at = vendor === undefined ? undefined : { ...vaultSnapshot(snapshot, vendor.vault, now), voucher: voucher.data };
  const left = at === undefined ? undefined : unconsumed(at);
  switch (action) {
    case 'close':
      return (
        <>
          <p>
            <Trans>
              The voucher ends now. For {formatDuration(params.disputeWindow, i18n.locale)} the vendor can still bring receipts that your browser has signed;
              then what is left comes back as tokens.
            </Trans>
          </p>
          {left?.ok === true && (
            <p>
              <Trans>
                As things are settled now, that is <Amount value={left.value.tokens} unit={symbol} />.
              </Trans>
            </p>
          )}
        </>
      );
    case 'reclaim': {
      const quote = at === undefined ? undefined : quoteReclaim(at);
      // The vault does not hold it any more: it was reclaimed since the account was read.
      if (quote !== undefined && hasReturned(quote)) return null;
      return (
        <p>
          {quote?.ok === true ? (
            <Trans>
              You get <Amount value={quote.value.tokens} unit={symbol} /> back, and the rent of the voucher’s account goes back to whoever paid it.
            </Trans>
          ) : (
            <Trans>The chain does not allow it yet.</Trans>
          )}
        </p>
      );
    }
    case 'challenge':
      return (
        <>
          <p>
            <Trans>
              You stake <Amount value={params.challengeDeposit} decimals={SOL_DECIMALS} unit="SOL" />. The vendor must publish your signed voucher on chain
              within about {formatDuration(params.answerWindow, i18n.locale)}, and earns your deposit if it does; or it settles a receipt.
            </Trans>
          </p>
          <p>
            <Trans>If it does neither, it pays: in cash from its collateral as far as that goes, the rest in tokens, and your deposit comes back.</Trans>
          </p>
          <p className="text-muted">
            <Trans>Challenge only a vendor that refuses to serve. A gateway that is down for an hour will answer, and you lose the deposit.</Trans>
          </p>
        </>
      );
    case 'compensate':
      return (
        <p>
          <Trans>
            The vendor did not answer in time. What is left of the voucher is paid at the last price and a premium, in cash as far as the vendor’s
            collateral goes, the rest in tokens.
          </Trans>
        </p>
      );
  }
}

function Done({ action }: { readonly action: VoucherAction }) {
  switch (action) {
    case 'close':
      return <Trans>The voucher is closing. Come back after the dispute window to reclaim what is left.</Trans>;
    case 'reclaim':
      return <Trans>What was left is tokens in your wallet again.</Trans>;
    case 'challenge':
      return <Trans>The vendor is challenged. If it does not answer in time, claim compensation here.</Trans>;
    case 'compensate':
      return <Trans>The vendor has paid.</Trans>;
  }
}
