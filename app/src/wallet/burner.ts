import { createSignerFromKeyPair, getAddressDecoder, getTransactionDecoder, getTransactionEncoder, partiallySignTransaction } from '@solana/kit';
import type { SolanaSignTransactionFeature } from '@solana/wallet-standard-features';
import { registerWallet } from '@wallet-standard/wallet';
import type { Wallet, WalletAccount } from '@wallet-standard/base';

const KEY = 'specie.burner.1';

async function keyPair(): Promise<CryptoKeyPair> {
  const stored = localStorage.getItem(KEY);
  if (stored !== null) {
    const jwk = JSON.parse(stored) as JsonWebKey;
    const { d: _, ...open } = jwk;
    return {
      privateKey: await crypto.subtle.importKey('jwk', { ...jwk, key_ops: ['sign'] }, 'Ed25519', true, ['sign']),
      publicKey: await crypto.subtle.importKey('jwk', { ...open, key_ops: ['verify'] }, 'Ed25519', true, ['verify']),
    };
  }
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  localStorage.setItem(KEY, JSON.stringify(await crypto.subtle.exportKey('jwk', pair.privateKey)));
  return pair;
}

const ICON =
  'data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHZpZXdCb3g9IjAgMCAzMiAzMiI+PGNpcmNsZSBjeD0iMTYiIGN5PSIxNiIgcj0iMTQiIGZpbGw9IiNiOThmMzciLz48L3N2Zz4=';

/**
 * Registers a wallet whose key lies in this browser's storage, unprotected. It is for development and tests: production
 * builds have none of this.
 */
export async function registerBurner(): Promise<void> {
  const pair = await keyPair();
  const { address } = await createSignerFromKeyPair(pair);
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const account: WalletAccount = {
    address: getAddressDecoder().decode(publicKey),
    publicKey,
    chains: ['solana:localnet', 'solana:devnet'],
    features: ['solana:signTransaction'],
  };
  const signing: SolanaSignTransactionFeature = {
    'solana:signTransaction': {
      version: '1.0.0',
      supportedTransactionVersions: ['legacy', 0],
      signTransaction: (...inputs) =>
        Promise.all(
          inputs.map(async ({ transaction }) => {
            const signed = await partiallySignTransaction([pair], getTransactionDecoder().decode(transaction));
            return { signedTransaction: new Uint8Array(getTransactionEncoder().encode(signed)) };
          }),
        ),
    },
  };
  const wallet: Wallet = {
    version: '1.0.0',
    name: `Burner ${address.slice(0, 4)}`,
    icon: ICON,
    chains: account.chains,
    accounts: [account],
    features: {
      'standard:connect': { version: '1.0.0', connect: () => Promise.resolve({ accounts: [account] }) },
      'standard:disconnect': { version: '1.0.0', disconnect: () => Promise.resolve() },
      'standard:events': { version: '1.0.0', on: () => () => undefined },
      ...signing,
    },
  };
  registerWallet(wallet);
}
