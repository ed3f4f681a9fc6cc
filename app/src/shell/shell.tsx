import { Trans, useLingui } from '@lingui/react/macro';
import { Link, Outlet } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useRouterState } from '@tanstack/react-router';
import { Dialog } from '../components/dialog.tsx';
import { useResumePending } from '../transactions/use_resume.ts';
import { WalletButton } from '../wallet/wallet_button.tsx';
import { Brand } from './brand.tsx';
import { FootBar, Places } from './navigation.tsx';
import { RpcLink } from './rpc_link.tsx';
import { ChainNotices, NodeLine } from './status.tsx';

/** What every page stands in: the places, the wallet, and what is wrong with the chain if anything is. */
export function Shell() {
  const { t } = useLingui();
  const [isMoreOpen, setMoreOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  useResumePending();
  useFocusOnGo(main);
  return (
    <div className="lg:grid lg:grid-cols-[15rem_minmax(0,1fr)]">
      <a href="#main" onClick={(event) => { event.preventDefault(); main.current?.focus(); }} className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-box focus:bg-raised focus:px-4 focus:py-2">
        <Trans>Skip to the content</Trans>
      </a>
      <nav aria-label={t`Places`} className="sticky top-0 hidden h-dvh flex-col border-r border-line px-4 py-5 lg:flex">
        <Link to="/buy" className="mb-7 px-2" aria-label={t`Specie, to the beginning`}>
          <Brand />
        </Link>
        <Places />
        <div className="mt-auto">
          <NodeLine />
        </div>
      </nav>
      <div className="min-w-0 pb-20 lg:pb-0">
        <header className="sticky top-0 z-20 flex items-center justify-between gap-4 border-b border-line bg-ground px-4 py-2.5 sm:px-6 lg:justify-end lg:border-0 lg:px-10 lg:pt-5">
          <Link to="/buy" className="lg:hidden" aria-label={t`Specie, to the beginning`}>
            <Brand />
          </Link>
          <WalletButton />
        </header>
        <main ref={main} id="main" tabIndex={-1} className="mx-auto max-w-page px-4 pt-6 pb-16 outline-none sm:px-6 lg:px-10 lg:pt-4">
          <ChainNotices />
          <Outlet />
        </main>
      </div>
      <nav aria-label={t`Main places`} className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] lg:hidden">
        <FootBar
          more={
            <button
              type="button"
              aria-haspopup="dialog"
              onClick={() => setMoreOpen(true)}
              className="flex min-h-14 w-full flex-col items-center justify-center gap-0.5 text-[0.72rem] text-muted"
            >
              <svg viewBox="0 0 20 20" aria-hidden="true" className="size-5 fill-current">
                <circle cx="4" cy="10" r="1.5" />
                <circle cx="10" cy="10" r="1.5" />
                <circle cx="16" cy="10" r="1.5" />
              </svg>
              <Trans>More</Trans>
            </button>
          }
        />
      </nav>
      <Dialog open={isMoreOpen} onClose={() => setMoreOpen(false)} title={<Trans>More</Trans>}>
        <Places rest onGo={() => setMoreOpen(false)} />
        <div className="mt-4">
          <NodeLine />
        </div>
      </Dialog>
      <RpcLink />
    </div>
  );
}

/** Puts the focus at the content's beginning when somebody goes to another page, as a new document would. */
function useFocusOnGo(main: React.RefObject<HTMLElement | null>): void {
  const pathname = useRouterState({ select: ({ location }) => location.pathname });
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    main.current?.focus({ preventScroll: true });
  }, [pathname, main]);
}
