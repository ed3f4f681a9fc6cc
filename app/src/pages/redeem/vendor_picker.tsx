import { Trans } from '@lingui/react/macro';
import type { Address } from '@solana/kit';
import { classesOf, type Class } from '@specie/sdk/quotes';
import type { Snapshot } from '../../chain/snapshot.ts';
import { healthOf, vaultSnapshot } from '../../chain/views.ts';
import { Amount } from '../../components/amount.tsx';
import { ClassName } from '../../components/class_name.tsx';
import { Coverage } from '../../components/health.tsx';
import { Tag } from '../../components/surface.tsx';
import { GatewayTag, VendorName } from '../../components/vendor_name.tsx';
import type { Vendor } from '../../gateway/queries.ts';
import type { Choice, Reason } from './choice.ts';

interface VendorPickerProps {
  readonly snapshot: Snapshot;
  readonly vendors: readonly Vendor[];
  readonly now: bigint;
  readonly wanted: Class;
  readonly choice: Choice | undefined;
  /** The reader's own; undefined while the page chooses. */
  readonly picked: Address | undefined;
  readonly onPick: (vault: Address | undefined) => void;
}

const ROW =
  'flex cursor-pointer flex-wrap items-center gap-x-5 gap-y-2 px-4 py-3 has-checked:bg-verdigris-wash has-disabled:cursor-not-allowed has-disabled:opacity-60 has-focus-visible:outline-2 has-focus-visible:-outline-offset-2 has-focus-visible:outline-verdigris';

/** One vendor of the reader's choice, or the page's with its reason. */
export function VendorPicker({ snapshot, vendors, now, wanted, choice, picked, onPick }: VendorPickerProps) {
  return (
    <fieldset className="divide-y divide-line overflow-hidden rounded-box border border-line bg-surface">
      <legend className="sr-only">
        <Trans>Vendor</Trans>
      </legend>
      <label className={ROW}>
        <input type="radio" name="vendor" checked={picked === undefined} onChange={() => onPick(undefined)} className="size-4 accent-(--color-verdigris)" />
        <span className="min-w-0 flex-1">
          <span className="font-medium">
            <Trans>Choose for me</Trans>
          </span>
          {choice !== undefined && (
            <span className="block text-small text-muted">
              <VendorName vendor={choice.vendor} />: <Why reason={choice.reason} />
            </span>
          )}
        </span>
      </label>
      {vendors.map((vendor) => (
        <label key={vendor.vault.address} className={ROW}>
          <input
            type="radio"
            name="vendor"
            checked={picked === vendor.vault.address}
            disabled={!classesOf(vendor.vault.data.classes).includes(wanted)}
            onChange={() => onPick(vendor.vault.address)}
            className="size-4 accent-(--color-verdigris)"
          />
          <span className="min-w-36 flex-1">
            <span className="block font-medium">
              <VendorName vendor={vendor} />
            </span>
            <span className="text-small text-muted">
              {classesOf(vendor.vault.data.classes).map((name, index) => (
                <span key={name}>
                  {index > 0 && ' · '}
                  <ClassName name={name} />
                </span>
              ))}
            </span>
          </span>
          <GatewayTag gateway={vendor.gateway} />
          <span className="text-small text-muted">
            <Trans>
              can redeem <Amount value={vendor.vault.data.balances.outstanding} unit="SCU" />
            </Trans>
          </span>
          <Coverage bps={healthOf(vaultSnapshot(snapshot, vendor.vault, now))?.coverageBps} />
          {!classesOf(vendor.vault.data.classes).includes(wanted) && (
            <Tag tone="warn">
              <Trans>not for this</Trans>
            </Tag>
          )}
        </label>
      ))}
    </fieldset>
  );
}

function Why({ reason }: { readonly reason: Reason }) {
  switch (reason) {
    case 'cheapest':
      return <Trans>asks least for it, by the tariffs that the gateways publish</Trans>;
    case 'in-service':
      return <Trans>the only one whose gateway is in service</Trans>;
    case 'best-covered':
      return <Trans>asks no more than the others, and has the most capacity for what it owes</Trans>;
    case 'only-one':
      return <Trans>the only one that can open such a voucher now</Trans>;
    case 'none':
      return <Trans>nobody can open such a voucher now</Trans>;
  }
}
