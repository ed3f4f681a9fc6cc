/** Wallets name a cluster by one of these. */
export type ChainId = 'solana:mainnet' | 'solana:devnet' | 'solana:testnet' | 'solana:localnet';

const BY_GENESIS: Readonly<Record<string, ChainId>> = {
  '5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d': 'solana:mainnet',
  EtWTRABZaYq6iMfeYKouRu166VU2xqa1wcaWoxPkrZBG: 'solana:devnet',
  '4uhcVJyU9pJkvQyS88uRDiswHXSCkY3zQawwpjk2NsNY': 'solana:testnet',
};

/** What wallets call the cluster of this genesis hash; any other is a local network. */
export function chainOf(genesisHash: string): ChainId {
  return BY_GENESIS[genesisHash] ?? 'solana:localnet';
}
