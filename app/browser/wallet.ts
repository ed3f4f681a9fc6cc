import { readFile } from 'node:fs/promises';
import {
  createKeyPairSignerFromBytes,
  getBase64Encoder,
  getBase64Decoder,
  getTransactionDecoder,
  getTransactionEncoder,
  partiallySignTransaction,
  type KeyPairSigner,
  type Transaction,
} from '@solana/kit';
import type { BrowserContext, Page } from '@playwright/test';

/** What the wallet does when it is asked to sign. */
export interface WalletMood {
  answer: 'signs' | 'declines' | 'signs something else';
  /** How often it was asked. */
  asked: number;
  /** What it waits for before it answers, as a reader does who looks at what is asked. */
  until: Promise<void>;
}

export async function signerFromFile(file: string): Promise<KeyPairSigner> {
  const bytes = Uint8Array.from(JSON.parse(await readFile(file, 'utf8')) as number[]);
  return createKeyPairSignerFromBytes(bytes);
}

/**
 * Registers a wallet in every page, before its scripts run, as an extension does. Its keys never enter the page. It is at its
 * first account until `switchAccount` names another.
 */
export async function installWallet(context: BrowserContext, signers: readonly KeyPairSigner[]): Promise<WalletMood> {
  const mood: WalletMood = { answer: 'signs', asked: 0, until: Promise.resolve() };
  await context.exposeFunction('walletSign', async (transaction: string): Promise<string | null> => {
    mood.asked += 1;
    await mood.until;
    if (mood.answer === 'declines') return null;
    const decoded = getTransactionDecoder().decode(getBase64Encoder().encode(transaction));
    const asked = mood.answer === 'signs' ? decoded : altered(decoded);
    const keys = signers.filter(({ address }) => address in asked.signatures).map(({ keyPair }) => keyPair);
    const signed = await partiallySignTransaction(keys, asked);
    return getBase64Decoder().decode(getTransactionEncoder().encode(signed));
  });
  await context.addInitScript(
    registerWallet,
    signers.map(({ address }) => address as string),
  );
  return mood;
}

/** The transaction with the last byte of its last instruction's data changed, as a wallet that was taken over may do. */
function altered(transaction: Transaction): Transaction {
  const bytes = Uint8Array.from(transaction.messageBytes);
  // The last byte of a message without lookup tables is their number, 0; before it the last instruction's data ends.
  const at = bytes.length - 2;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return { ...transaction, messageBytes: bytes as unknown as Transaction['messageBytes'] };
}

/** Has the wallet of a page turn to another of its accounts, and tell the page of it, as an extension does. */
export async function switchAccount(page: Page, address: string): Promise<void> {
  await page.evaluate((to) => (globalThis as unknown as { testWallet: { turnTo: (address: string) => void } }).testWallet.turnTo(to), address);
}

/** Runs in the page. */
function registerWallet(addresses: readonly string[]): void {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  const chains = ['solana:localnet', 'solana:devnet', 'solana:mainnet'];
  const accounts = addresses.map((address) => {
    let number = 0n;
    for (const letter of address) number = number * 58n + BigInt(alphabet.indexOf(letter));
    const publicKey = Uint8Array.from({ length: 32 }, (_, index) => Number((number >> BigInt(8 * (31 - index))) & 0xffn));
    return { address, publicKey, chains, features: ['solana:signTransaction'] };
  });
  let [account] = accounts;
  const sign = (globalThis as unknown as { walletSign: (transaction: string) => Promise<string | null> }).walletSign;
  const listeners = new Set<(change: object) => void>();
  const wallet = {
    version: '1.0.0',
    name: 'Test wallet',
    icon: 'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAzMiAzMiI+PGNpcmNsZSBjeD0iMTYiIGN5PSIxNiIgcj0iMTQiIGZpbGw9IiM1NTUiLz48L3N2Zz4=',
    chains,
    accounts: [] as object[],
    features: {
      'standard:connect': {
        version: '1.0.0',
        connect: async (input?: { readonly silent?: boolean }) => {
          const known = localStorage.getItem('test-wallet.known') !== null;
          if (input?.silent === true && !known) return { accounts: [] };
          localStorage.setItem('test-wallet.known', 'yes');
          if (account !== undefined) wallet.accounts = [account];
          for (const listener of listeners) listener({ accounts: wallet.accounts });
          return { accounts: wallet.accounts };
        },
      },
      'standard:disconnect': {
        version: '1.0.0',
        disconnect: async () => {
          localStorage.removeItem('test-wallet.known');
          wallet.accounts = [];
          for (const listener of listeners) listener({ accounts: [] });
        },
      },
      'standard:events': {
        version: '1.0.0',
        on: (_event: string, listener: (change: object) => void) => {
          listeners.add(listener);
          return () => listeners.delete(listener);
        },
      },
      'solana:signTransaction': {
        version: '1.0.0',
        supportedTransactionVersions: ['legacy', 0],
        signTransaction: async (...inputs: readonly { readonly transaction: Uint8Array }[]) =>
          Promise.all(
            inputs.map(async ({ transaction }) => {
              const signed = await sign(btoa(String.fromCharCode(...transaction)));
              if (signed === null) throw Object.assign(new Error('User rejected the request.'), { code: 4001 });
              return { signedTransaction: Uint8Array.from(atob(signed), (letter) => letter.charCodeAt(0)) };
            }),
          ),
      },
    },
  };
  const turnTo = (address: string): void => {
    account = accounts.find((other) => other.address === address);
    wallet.accounts = account === undefined ? [] : [account];
    for (const listener of listeners) listener({ accounts: wallet.accounts });
  };
  Object.assign(globalThis, { testWallet: { turnTo } });
  const register = (api: { readonly register: (wallet: object) => void }): void => api.register(wallet);
  globalThis.dispatchEvent(new CustomEvent('wallet-standard:register-wallet', { detail: register }));
  globalThis.addEventListener('wallet-standard:app-ready', (event) => register((event as CustomEvent<{ register: (wallet: object) => void }>).detail));
}
