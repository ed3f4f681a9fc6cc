import { Trans } from '@lingui/react/macro';
import type { Vendor } from '../gateway/queries.ts';
import { shortAddress } from './address.tsx';
import { Foreign } from './foreign.tsx';
import { Tag } from './surface.tsx';

/** The host's name of a vendor, or its vault's ends. */
export function vendorLabel({ name, vault }: Pick<Vendor, 'name' | 'vault'>): string {
  return name ?? shortAddress(vault.address);
}

/** The same, on screen. */
export function VendorName({ vendor }: { readonly vendor: Pick<Vendor, 'name' | 'vault'> }) {
  return <Foreign>{vendorLabel(vendor)}</Foreign>;
}

/** Whether a gateway is known, answers, and is the vault's own. */
export function GatewayTag({ gateway }: Pick<Vendor, 'gateway'>) {
  switch (gateway.state) {
    case 'unlisted':
      return (
        <Tag>
          <Trans>gateway not listed</Trans>
        </Tag>
      );
    case 'asking':
      return (
        <Tag>
          <Trans>asking its gateway…</Trans>
        </Tag>
      );
    case 'silent':
      return (
        <Tag tone="warn">
          <Trans>gateway does not answer</Trans>
        </Tag>
      );
    case 'wrong':
      return (
        <Tag tone="bad">
          <Trans>gateway is not this vault’s</Trans>
        </Tag>
      );
    case 'own':
      return (
        <Tag tone="good">
          <Trans>gateway in service</Trans>
        </Tag>
      );
  }
}
