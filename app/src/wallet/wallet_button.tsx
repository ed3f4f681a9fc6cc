import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { useBalances } from '../chain/queries.ts';
import { useConfig } from '../chain/context.tsx';
import { Address, shortAddress } from '../components/address.tsx';
import { Amount } from '../components/amount.tsx';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { Foreign } from '../components/foreign.tsx';
import { ErrorNotice } from '../components/notice.tsx';
import { Fact, Facts } from '../components/surface.tsx';
import { SOL_DECIMALS } from '../format/amount.ts';
import { walletFailure } from '../transactions/failure.ts';
import { useConnect, useDisconnect, useWallet } from './context.tsx';
import type { UiWallet } from '@wallet-standard/react';

/** Connects a wallet; connected, shows whose it is and what it holds. */
export function WalletButton() {
  const [isOpen, setOpen] = useState(false);
  const { wallet, address } = useWallet();
  return (
    <>
      <Button look={address === undefined ? 'primary' : 'plain'} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        {address === undefined || wallet === undefined ? (
          <Trans>Connect wallet</Trans>
        ) : (
          <>
            <img src={wallet.icon} alt="" className="size-5 rounded-small" />
            <span className="font-code text-small">{shortAddress(address)}</span>
          </>
        )}
      </Button>
      <Dialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title={address === undefined ? <Trans>Connect a wallet</Trans> : <Trans>Your wallet</Trans>}
      >
        {address === undefined ? <Choices onConnected={() => setOpen(false)} /> : <Connected onGone={() => setOpen(false)} />}
      </Dialog>
    </>
  );
}

function Choices({ onConnected }: { readonly onConnected: () => void }) {
  const { wallets } = useWallet();
  if (wallets.length === 0) {
    return (
      <p>
        <Trans>
          This browser has no wallet that can sign for Solana. Install one that supports Wallet Standard, as most do, and open this
          page again.
        </Trans>
      </p>
    );
  }
  return (
    <div className="space-y-2">
      <p className="mb-4 text-muted">
        <Trans>The page asks a wallet for one signature a transaction, and never for a signed message.</Trans>
      </p>
      {wallets.map((wallet) => (
        <ChoiceOf key={wallet.name} wallet={wallet} onConnected={onConnected} />
      ))}
    </div>
  );
}

function ChoiceOf({ wallet, onConnected }: { readonly wallet: UiWallet; readonly onConnected: () => void }) {
  const { select } = useWallet();
  const [isConnecting, connect] = useConnect(wallet);
  const [error, setError] = useState<unknown>();
  const choose = async (): Promise<void> => {
    setError(undefined);
    try {
      const [account] = await connect();
      if (account === undefined) return;
      select(wallet, account);
      onConnected();
    } catch (error) {
      setError(walletFailure(error));
    }
  };
  return (
    <>
      <Button wide disabled={isConnecting} onClick={() => void choose()} className="!justify-start">
        <img src={wallet.icon} alt="" className="size-6 shrink-0 rounded-small" />
        <Foreign>{wallet.name}</Foreign>
      </Button>
      {error !== undefined && <ErrorNotice error={error} />}
    </>
  );
}

function Connected({ onGone }: { readonly onGone: () => void }) {
  const { wallet, address } = useWallet();
  const { symbol, collateralSymbol } = useConfig();
  const { data } = useBalances(address);
  if (wallet === undefined || address === undefined) return null;
  return (
    <>
      <Facts>
        <Fact label={<Trans>Address</Trans>}>
          <Address value={address} />
        </Fact>
        {data !== undefined && (
          <>
            <Fact label={<Trans>Tokens</Trans>}>
              <Amount value={data.tokens} unit={symbol} />
            </Fact>
            <Fact label={<Trans>Stablecoins</Trans>}>
              <Amount value={data.collateral} unit={collateralSymbol} />
            </Fact>
            <Fact label={<Trans>For fees</Trans>}>
              <Amount value={data.lamports} decimals={SOL_DECIMALS} unit="SOL" />
            </Fact>
          </>
        )}
      </Facts>
      <div className="mt-5">
        <Disconnect wallet={wallet} onGone={onGone} />
      </div>
    </>
  );
}

function Disconnect({ wallet, onGone }: { readonly wallet: UiWallet; readonly onGone: () => void }) {
  const { forget } = useWallet();
  const [, disconnect] = useDisconnect(wallet);
  const leave = async (): Promise<void> => {
    // A wallet that cannot be left is at least not asked again.
    await disconnect().catch(() => undefined);
    forget();
    onGone();
  };
  return (
    <Button wide onClick={() => void leave()}>
      <Trans>Disconnect</Trans>
    </Button>
  );
}
