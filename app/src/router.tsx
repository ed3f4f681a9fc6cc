import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { NoSuchPlace, PlaceFailed } from './shell/failed.tsx';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute({ component: Shell });

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Which vault a page begins with. */
interface VaultSearch {
  readonly vault?: string | undefined;
}

/** Where redeeming begins: at a vault, or with a voucher that is there already. */
interface RedeemSearch extends VaultSearch, VoucherSearch {}

/** Which voucher a page begins with. */
interface VoucherSearch {
  readonly voucher?: string | undefined;
}

/** Which part of a vault the vendor's page begins with. */
interface VendorSearch {
  readonly part?: string | undefined;
}

const vendorSearch = (search: Record<string, unknown>): VendorSearch => ({ part: text(search['part']) });
const vaultSearch = (search: Record<string, unknown>): VaultSearch => ({ vault: text(search['vault']) });
const redeemSearch = (search: Record<string, unknown>): RedeemSearch => ({ ...vaultSearch(search), ...voucherSearch(search) });
const voucherSearch = (search: Record<string, unknown>): VoucherSearch => ({ voucher: text(search['voucher']) });

// Each page is a file of its own in the bundle, loaded when somebody goes there, or is about to.
const routes = [
  createRoute({
    getParentRoute: () => root,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/buy' });
    },
  }),
  createRoute({ getParentRoute: () => root, path: '/buy', validateSearch: vaultSearch, component: lazyRouteComponent(() => import('./pages/buy/page.tsx')) }),
  createRoute({ getParentRoute: () => root, path: '/redeem', validateSearch: redeemSearch, component: lazyRouteComponent(() => import('./pages/redeem/page.tsx')) }),
  createRoute({ getParentRoute: () => root, path: '/vouchers', validateSearch: voucherSearch, component: lazyRouteComponent(() => import('./pages/vouchers/page.tsx')) }),
  createRoute({ getParentRoute: () => root, path: '/reserves', component: lazyRouteComponent(() => import('./pages/reserves/page.tsx')) }),
  createRoute({ getParentRoute: () => root, path: '/earn', component: lazyRouteComponent(() => import('./pages/earn/page.tsx')) }),
  createRoute({ getParentRoute: () => root, path: '/governance', component: lazyRouteComponent(() => import('./pages/governance/page.tsx')) }),
  createRoute({ getParentRoute: () => root, path: '/vendor', validateSearch: vendorSearch, component: lazyRouteComponent(() => import('./pages/vendor/page.tsx')) }),
  createRoute({ getParentRoute: () => root, path: '/activity', component: lazyRouteComponent(() => import('./pages/activity/page.tsx')) }),
  createRoute({ getParentRoute: () => root, path: '/settings', component: lazyRouteComponent(() => import('./pages/settings/page.tsx')) }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren(routes),
  // The part behind # never reaches a host: the page works under any path of any static one.
  history: createHashHistory(),
  defaultPreload: 'intent',
  defaultNotFoundComponent: NoSuchPlace,
  defaultErrorComponent: PlaceFailed,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
