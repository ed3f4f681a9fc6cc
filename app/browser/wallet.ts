import { readFile } from 'node:fs/promises';
import {
  createKeyPairSignerFromBytes,
  getBase64Encoder,
  getBase64Decoder,
  getTransactionDecoder,
  getTransactionEncoder,
  partiallySignTransaction,
  type KeyPairSigner,
} from '@solana/kit';
import type { BrowserContext } from '@playwright/test';

/** What the wallet does when it is asked to sign. */
export interface WalletMood {
  answer: 'signs' | 'declines';
  /** How often it was asked. */
  asked: number;
}

export async function signerFromFile(file: string): Promise<KeyPairSigner> {
  const bytes = Uint8Array.from(JSON.parse(await readFile(file, 'utf8')) as number[]);
  return createKeyPairSignerFromBytes(bytes);
}

/** Registers a wallet in every page, before its scripts run, as an extension does. Its key never enters the page. */
export async function installWallet(context: BrowserContext, signer: KeyPairSigner): Promise<WalletMood> {
  const mood: WalletMood = { answer: 'signs', asked: 0 };
  await context.exposeFunction('walletSign', async (transaction: string): Promise<string | null> => {
    mood.asked += 1;
    if (mood.answer === 'declines') return null;
    const decoded = getTransactionDecoder().decode(getBase64Encoder().encode(transaction));
    const signed = await partiallySignTransaction([signer.keyPair], decoded);
    return getBase64Decoder().decode(getTransactionEncoder().encode(signed));
  });
  await context.addInitScript(registerWallet, signer.address as string);
  return mood;
}

/** Runs in the page. */
function registerWallet(address: string): void {
  const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
  let number = 0n;
  for (const letter of address) number = number * 58n + BigInt(alphabet.indexOf(letter));
  const publicKey = Uint8Array.from({ length: 32 }, (_, index) => Number((number >> BigInt(8 * (31 - index))) & 0xffn));
  const chains = ['solana:localnet', 'solana:devnet', 'solana:mainnet'];
  const account = { address, publicKey, chains, features: ['solana:signTransaction'] };
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
          wallet.accounts = [account];
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
  const register = (api: { readonly register: (wallet: object) => void }): void => api.register(wallet);
  globalThis.dispatchEvent(new CustomEvent('wallet-standard:register-wallet', { detail: register }));
  globalThis.addEventListener('wallet-standard:app-ready', (event) => register((event as CustomEvent<{ register: (wallet: object) => void }>).detail));
}
