import { Trans } from '@lingui/react/macro';
import { useRouter, useRouterState } from '@tanstack/react-router';
import { Button } from '../components/button.tsx';
import { Dialog } from '../components/dialog.tsx';
import { isServiceUrl } from '../config/config.ts';
import { updateSettings, useSettings } from '../config/settings.ts';

/** A link may name an RPC node with `?rpc=`. Whoever chooses the node chooses what the page shows, so it is asked about. */
export function RpcLink() {
  const router = useRouter();
  const { rpc } = useSettings();
  const named = useRouterState({ select: ({ location }) => (location.search as { readonly rpc?: unknown }).rpc });
  const url = typeof named === 'string' && isServiceUrl(named) ? named : undefined;
  const close = (): void => {
    void router.navigate({ to: '.', search: ({ rpc: _, ...rest }: Record<string, unknown>) => rest, replace: true });
  };
  if (url === undefined || rpc.includes(url)) return null;
  return (
    <Dialog open onClose={close} title={<Trans>Read the chain through another node?</Trans>}>
      <p>
        <Trans>
          The link that you followed names the RPC node <strong className="break-all">{url}</strong>. Whoever runs it decides what this
          page shows you: balances, prices and reserves. It cannot spend anything, and your wallet shows what you sign.
        </Trans>
      </p>
      <div className="mt-5 flex flex-wrap gap-3">
        <Button
          onClick={() => {
            updateSettings({ rpc: [url, ...rpc] });
            close();
          }}
        >
          <Trans>Use this node</Trans>
        </Button>
        <Button look="primary" onClick={close}>
          <Trans>Keep the page’s own</Trans>
        </Button>
      </div>
    </Dialog>
  );
}
