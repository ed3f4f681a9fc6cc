import { Trans } from '@lingui/react/macro';
import type { Attestation } from '@specie/sdk/generated';
import type { ReadonlyUint8Array } from '@solana/kit';
import { useMutation } from '@tanstack/react-query';
import { useConfig } from '../../chain/context.tsx';
import { Amount } from '../../components/amount.tsx';
import { Address } from '../../components/address.tsx';
import { Button } from '../../components/button.tsx';
import { Notice } from '../../components/notice.tsx';
import { Fact, Facts, Tag } from '../../components/surface.tsx';
import { Time } from '../../components/time.tsx';
import type { Vendor } from '../../gateway/queries.ts';

interface EvidenceProps {
  readonly vendor: Vendor;
  /** Seconds for which an attestation backs new issue. */
  readonly ttl: number;
  readonly now: bigint;
}

/** What was measured of a vendor's hardware, when, and the inventory that the quorum signed the hash of. */
export function Evidence({ vendor, ttl, now }: EvidenceProps) {
  const { attested, pending } = vendor.vault.data;
  return (
    <details className="mt-3 border-t border-line pt-3">
      <summary className="min-h-8 font-medium text-verdigris-strong">
        <Trans>Attestations and their evidence</Trans>
      </summary>
      {attested.attestedAt === 0n && pending.effectiveAt === 0n && (
        <p className="mt-2 text-muted">
          <Trans>The quorum has attested nothing of this vault yet.</Trans>
        </p>
      )}
      {attested.attestedAt !== 0n && (
        <AttestationFacts
          attestation={attested}
          vendor={vendor}
          state={
            now > attested.attestedAt + BigInt(ttl) ? (
              <Tag tone="bad">
                <Trans>too old to count</Trans>
              </Tag>
            ) : (
              <Tag tone="good">
                <Trans>counts</Trans>
              </Tag>
            )
          }
        />
      )}
      {pending.effectiveAt !== 0n && (
        <AttestationFacts
          attestation={pending.attestation}
          vendor={vendor}
          state={
            <Tag long tone="warn">
              <Trans>
                waits, open to a veto; counts <Time at={pending.effectiveAt} />
              </Trans>
            </Tag>
          }
        />
      )}
    </details>
  );
}

function hex(bytes: ReadonlyUint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function AttestationFacts({ attestation, vendor, state }: { readonly attestation: Attestation; readonly vendor: Vendor; readonly state: React.ReactNode }) {
  const { vendors } = useConfig();
  const url = vendors.find(({ vault }) => vault === vendor.vault.address)?.inventory;
  const hash = hex(attestation.inventoryHash);
  return (
    <div className="mt-2">
      {state}
      <Facts>
        <Fact label={<Trans>Measured</Trans>}>
          <Time at={attestation.attestedAt} />
        </Fact>
        <Fact label={<Trans>Sustains</Trans>}>
          <Amount value={attestation.rate} decimals={0} unit="TFLOP/s" />
        </Fact>
        <Fact label={<Trans>The pledge ends</Trans>}>
          <Time at={attestation.endsAt} />
        </Fact>
        <Fact label={<Trans>SHA-256 of the inventory</Trans>}>
          <Address value={hash} />
        </Fact>
      </Facts>
      {url === undefined ? (
        <p className="text-small text-muted">
          <Trans>This page’s host names no place where the inventory is published. Whoever has it can compare its hash with this one.</Trans>
        </p>
      ) : (
        <Inventory url={url} hash={hash} />
      )}
    </div>
  );
}

/** Fetches the inventory and reckons its hash here. */
function Inventory({ url, hash }: { readonly url: string; readonly hash: string }) {
  const check = useMutation({
    mutationFn: async () => {
      const answer = await fetch(url, { credentials: 'omit' });
      if (!answer.ok) throw new Error(`${answer.status}`);
      const bytes = await answer.arrayBuffer();
      return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
    },
  });
  return (
    <div className="space-y-3">
      <Button onClick={() => check.mutate()} disabled={check.isPending}>
        <Trans>Fetch the inventory and compare</Trans>
      </Button>
      {check.data !== undefined &&
        (check.data === hash ? (
          <Notice tone="good" live>
            <Trans>It is the inventory that the quorum signed.</Trans>
          </Notice>
        ) : (
          <Notice tone="bad" live>
            <Trans>What is published there is not what the quorum signed: its hash is {check.data}.</Trans>
          </Notice>
        ))}
      {check.isError && (
        <Notice tone="warn" live>
          <Trans>The inventory could not be fetched. Its place, {url}, may be down, or may not answer browsers.</Trans>
        </Notice>
      )}
    </div>
  );
}
