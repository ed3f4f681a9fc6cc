import { address, type Address, type ReadonlyUint8Array } from '@solana/kit';
import { useSignTransaction } from '@solana/react';
import { useConnect, useDisconnect, useWallets, type UiWallet, type UiWalletAccount } from '@wallet-standard/react';
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  type ReactNode,
} from 'react';
import type { ChainId } from '../chain/cluster.ts';
import { useCluster } from '../chain/queries.ts';
import { Failure } from '../transactions/failure.ts';

/** Has one account sign a transaction. */
type Sign = (transaction: ReadonlyUint8Array, by: Address) => Promise<ReadonlyUint8Array>;

/** The connected account, and what has it sign. */
interface AccountSigner {
  readonly address: string;
  readonly sign: (transaction: ReadonlyUint8Array) => Promise<ReadonlyUint8Array>;
}

export interface WalletContextValue {
  /** Wallets of this browser that can sign for Solana. */
  readonly wallets: readonly UiWallet[];
  readonly wallet: UiWallet | undefined;
  readonly account: UiWalletAccount | undefined;
  readonly address: Address | undefined;
  readonly select: (wallet: UiWallet, account: UiWalletAccount) => void;
  readonly forget: () => void;
  /** Has the connected wallet sign one transaction; refuses where another account is connected by now. */
  readonly sign: Sign;
}

const KEY = 'specie.wallet.1';

const WalletContext = createContext<WalletContextValue | undefined>(undefined);

/** Whether a wallet can do what the page asks of one: sign a transaction, and nothing else. */
export function isUsable(wallet: Pick<UiWallet, 'chains' | 'features'>): boolean {
  return (
    wallet.chains.some((chain) => chain.startsWith('solana:')) &&
    wallet.features.includes('standard:connect') &&
    wallet.features.includes('solana:signTransaction')
  );
}

interface Chosen {
  readonly wallet: string;
  readonly address: string;
}

function stored(): Chosen | undefined {
  const text = localStorage.getItem(KEY);
  const [wallet, chosen] = text?.split('\n') ?? [];
  return wallet === undefined || chosen === undefined ? undefined : { wallet, address: chosen };
}

export function WalletProvider({ children }: { readonly children: ReactNode }) {
  const all = useWallets();
  const wallets = useMemo(() => all.filter(isUsable), [all]);
  const [chosen, setChosen] = useState(stored);
  const [connected, setConnected] = useState<{ readonly wallet: UiWallet; readonly account: UiWalletAccount } | undefined>();
  const { chain } = useCluster();
  const signer = useRef<AccountSigner | undefined>(undefined);

  const wallet = wallets.find(({ name }) => name === chosen?.wallet);
  const told = wallet?.accounts.find((account) => account.address === chosen?.address) ?? wallet?.accounts[0];
  // A wallet that answers at once told of its account before anybody listened. With its next change it is another object.
  const account = told ?? (connected?.wallet === wallet ? connected?.account : undefined);

  const select = useCallback((wallet: UiWallet, account: UiWalletAccount) => {
    localStorage.setItem(KEY, `${wallet.name}\n${account.address}`);
    setChosen({ wallet: wallet.name, address: account.address });
    setConnected({ wallet, account });
  }, []);
  const forget = useCallback(() => {
    localStorage.removeItem(KEY);
    setChosen(undefined);
    setConnected(undefined);
  }, []);
  const setSigner = useCallback((next: AccountSigner | undefined) => {
    signer.current = next;
  }, []);
  const sign = useCallback<Sign>((transaction, by) => {
    if (signer.current === undefined) return Promise.reject(new Error('no wallet is connected'));
    if (signer.current.address !== by) return Promise.reject(new Failure({ code: 'wallet-changed' }));
    return signer.current.sign(transaction);
  }, []);

  const value = useMemo(
    () => ({
      wallets,
      wallet,
      account,
      address: account === undefined ? undefined : address(account.address),
      select,
      forget,
      sign,
    }),
    [wallets, wallet, account, select, forget, sign],
  );
  return (
    <WalletContext.Provider value={value}>
      {wallet !== undefined && account === undefined && <Reconnect wallet={wallet} address={chosen?.address} onConnected={select} />}
      {account !== undefined && <Signer key={account.address} account={account} chain={chain} onSign={setSigner} />}
      {children}
    </WalletContext.Provider>
  );
}

interface ReconnectProps {
  readonly wallet: UiWallet;
  /** The account of last time. */
  readonly address: string | undefined;
  readonly onConnected: (wallet: UiWallet, account: UiWalletAccount) => void;
}

/** Asks the wallet of last time, without a dialog, for the account that it gave then. */
function Reconnect({ wallet, address, onConnected }: ReconnectProps) {
  const [, connect] = useConnect(wallet);
  useEffect(() => {
    const again = async (): Promise<void> => {
      const accounts = await connect({ silent: true });
      const account = accounts.find((account) => account.address === address) ?? accounts[0];
      if (account !== undefined) onConnected(wallet, account);
    };
    again().catch(() => undefined);
    // Once for each wallet: `connect` is another function with each change of the wallet.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wallet.name]);
  return null;
}

interface SignerProps {
  readonly account: UiWalletAccount;
  readonly chain: ChainId | undefined;
  readonly onSign: (signer: AccountSigner | undefined) => void;
}

/** Holds the hook of the connected account, which needs one; gives what it returns to whoever signs. */
function Signer({ account, chain, onSign }: SignerProps) {
  const signTransaction = useSignTransaction(account, chain ?? 'solana:mainnet');
  useEffect(() => {
    const sign: AccountSigner['sign'] = async (transaction) => {
      const { signedTransaction } = await signTransaction({ transaction: new Uint8Array(transaction) });
      return signedTransaction;
    };
    onSign({ address: account.address, sign });
    return () => onSign(undefined);
  }, [account.address, signTransaction, onSign]);
  return null;
}

export function useWallet(): WalletContextValue {
  const value = useContext(WalletContext);
  if (value === undefined) throw new Error('useWallet needs a WalletProvider above it');
  return value;
}

export { useConnect, useDisconnect };
