import { Trans, useLingui } from '@lingui/react/macro';
import type { Voucher } from '@specie/sdk/generated';
import { CLASSES } from '@specie/sdk/quotes';
import type { Account } from '@solana/kit';
import { Link } from '@tanstack/react-router';
import type { Snapshot } from '../../chain/snapshot.ts';
import { Address } from '../../components/address.tsx';
import { Amount } from '../../components/amount.tsx';
import { Bar } from '../../components/bar.tsx';
import { Button } from '../../components/button.tsx';
import { ClassName } from '../../components/class_name.tsx';
import { Card, Fact, Facts, Tag } from '../../components/surface.tsx';
import { Time } from '../../components/time.tsx';
import { VendorName } from '../../components/vendor_name.tsx';
import { formatAmount, DECIMALS } from '../../format/amount.ts';
import type { Vendor } from '../../gateway/queries.ts';
import type { SessionRecord } from '../../sessions/store.ts';
import type { VoucherAction } from './actions.tsx';
import { Records } from './records.tsx';
import { challengeOf, remainingUnits, stateOf } from './state.ts';

export interface VoucherCardProps extends VoucherProps {
  readonly onAct: (action: VoucherAction) => void;
}

export interface VoucherProps {
  readonly voucher: Account<Voucher>;
  readonly vendor: Vendor | undefined;
  readonly record: SessionRecord | undefined;
  readonly snapshot: Snapshot;
  readonly now: bigint;
}

/** A voucher: what is consumed of it, and what its owner can do. */
export function VoucherCard({ voucher, vendor, record, snapshot, now, onAct }: VoucherCardProps) {
  const { t, i18n } = useLingui();
  const { data } = voucher;
  const state = stateOf(data, snapshot.currency.data.params, now);
  const challenge = challengeOf(data, now);
  const left = remainingUnits(data);
  const name = CLASSES[data.class];
  const settled = formatAmount(data.settled, DECIMALS, i18n.locale);
  const units = formatAmount(data.units, DECIMALS, i18n.locale);
  return (
    <Card>
      <div className="mb-4 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-2">
        <h2 className="min-w-0 text-title font-bold">
          {vendor === undefined ? <Trans>Vendor</Trans> : <VendorName vendor={vendor} />}
          {name !== undefined && (
            <span className="ml-2 text-body font-normal text-muted">
              <ClassName name={name} />
            </span>
          )}
        </h2>
        <span className="flex flex-wrap gap-2">
          <StateTag state={state} />
          <ChallengeTag challenge={challenge} />
        </span>
      </div>
      <Bar
        label={t`Settled of the voucher`}
        tone="coin"
        bps={data.units === 0n ? 0n : (data.settled * 10_000n) / data.units}
        text={t`${settled} of ${units} SCU`}
        note={
          <>
            <Trans>
              <Amount value={data.settled} unit="SCU" /> of <Amount value={data.units} unit="SCU" /> settled on chain
            </Trans>
            {record !== undefined && record.signed > data.settled && (
              <>
                {' · '}
                <Trans>
                  <Amount value={record.signed} unit="SCU" /> signed by this browser
                </Trans>
              </>
            )}
          </>
        }
      />
      <div className="mt-3 grid gap-x-10 md:grid-cols-2 [&>dl+dl]:border-t [&>dl+dl]:border-line md:[&>dl+dl]:border-t-0">
        <Facts>
          <Fact label={<Trans>Left</Trans>}>
            <Amount value={left} unit="SCU" />
          </Fact>
          <Fact label={<Trans>Opened</Trans>}>
            <Time at={data.openedAt} />
          </Fact>
        </Facts>
        <Facts>
          <Fact label={<Trans>Voucher</Trans>}>
            <Address value={voucher.address} />
          </Fact>
          <Fact label={<Trans>Session key</Trans>}>
            {record === undefined ? (
              <Link to="/redeem" search={{ voucher: voucher.address }} className="underline">
                <Trans>not in this browser</Trans>
              </Link>
            ) : (
              <Address value={data.session} />
            )}
          </Fact>
        </Facts>
      </div>
      <div className="mt-4 flex flex-wrap gap-3">
        {state.is === 'open' && (
          <Link
            to="/redeem"
            search={{ voucher: voucher.address }}
            className="inline-flex min-h-11 items-center rounded-box bg-verdigris px-4 font-medium text-on-verdigris hover:bg-verdigris-strong"
          >
            <Trans>Use it</Trans>
          </Link>
        )}
        {state.is === 'open' && (
          <Button onClick={() => onAct('close')}>
            <Trans>Close</Trans>
          </Button>
        )}
        {state.is === 'reclaimable' && challenge.is !== 'waiting' && challenge.is !== 'unanswered' && (
          <Button look="primary" onClick={() => onAct('reclaim')}>
            <Trans>Reclaim what is left</Trans>
          </Button>
        )}
        {challenge.is === 'none' && state.is === 'open' && (
          <Button look="quiet" onClick={() => onAct('challenge')}>
            <Trans>Challenge the vendor</Trans>
          </Button>
        )}
        {challenge.is === 'unanswered' && (
          <Button look="primary" onClick={() => onAct('compensate')}>
            <Trans>Claim compensation</Trans>
          </Button>
        )}
      </div>
      {record !== undefined && vendor?.gateway.state === 'own' && (
        <Records voucher={voucher} vendor={vendor} gateway={vendor.gateway} record={record} snapshot={snapshot} />
      )}
    </Card>
  );
}

function StateTag({ state }: { readonly state: ReturnType<typeof stateOf> }) {
  switch (state.is) {
    case 'open':
      return (
        <Tag long tone="good">
          <Trans>
            open, ends <Time at={state.until} />
          </Trans>
        </Tag>
      );
    case 'closing':
      return (
        <Tag long tone="warn">
          <Trans>
            closing, can be reclaimed <Time at={state.until} />
          </Trans>
        </Tag>
      );
    case 'reclaimable':
      return (
        <Tag tone="coin">
          <Trans>can be reclaimed</Trans>
        </Tag>
      );
  }
}

function ChallengeTag({ challenge }: { readonly challenge: ReturnType<typeof challengeOf> }) {
  switch (challenge.is) {
    case 'none':
      return null;
    case 'waiting':
      return (
        <Tag long tone="warn">
          <Trans>
            challenged, answer due <Time at={challenge.until} />
          </Trans>
        </Tag>
      );
    case 'unanswered':
      return (
        <Tag tone="bad">
          <Trans>the vendor did not answer</Trans>
        </Tag>
      );
    case 'answered':
      return (
        <Tag long>
          <Trans>
            the vendor answered <Time at={challenge.at} />
          </Trans>
        </Tag>
      );
  }
}
