import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { Trans } from '@lingui/react/macro';
import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ChainProvider } from './chain/context.tsx';
import { NoCurrencyError } from './chain/snapshot.ts';
import { Notice } from './components/notice.tsx';
import { loadConfig } from './config/config.ts';
import { router } from './router.tsx';
import { WalletProvider } from './wallet/context.tsx';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // The transport has asked every node already; once more is for a moment that all of them had.
      retry: (count, error) => count < 1 && !(error instanceof NoCurrencyError),
      staleTime: 2_000,
      refetchOnWindowFocus: true,
    },
  },
});

export function App() {
  return (
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queries}>
        <Configured />
      </QueryClientProvider>
    </I18nProvider>
  );
}

function Configured() {
  const { data: config, error } = useQuery({ queryKey: ['config'], queryFn: loadConfig, staleTime: Number.POSITIVE_INFINITY });
  if (error !== null) {
    return (
      <main className="mx-auto max-w-prose p-6">
        <Notice tone="bad" live title={<Trans>This page is not set up</Trans>}>
          <Trans>{error.message}. Whoever hosts the page can mend it.</Trans>
        </Notice>
      </main>
    );
  }
  if (config === undefined) return null;
  return (
    <ChainProvider config={config}>
      <WalletProvider>
        <RouterProvider router={router} />
      </WalletProvider>
    </ChainProvider>
  );
}
