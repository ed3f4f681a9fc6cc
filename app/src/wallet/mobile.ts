import {
  createDefaultAuthorizationCache,
  createDefaultChainSelector,
  createDefaultWalletNotFoundHandler,
  registerMwa,
} from '@solana-mobile/wallet-standard-mobile';

/** Lets wallets that are apps on this phone connect. Loaded on Android alone. */
export function registerMobileWallets(): void {
  registerMwa({
    appIdentity: { name: 'Specie', uri: location.origin, icon: 'mark.svg' },
    authorizationCache: createDefaultAuthorizationCache(),
    chains: ['solana:mainnet', 'solana:devnet'],
    chainSelector: createDefaultChainSelector(),
    onWalletNotFound: createDefaultWalletNotFoundHandler(),
  });
}
