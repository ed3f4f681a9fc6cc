import { Trans } from '@lingui/react/macro';
import type { Voucher } from '@specie/sdk/generated';
import type { Account } from '@solana/kit';
import { useMutation } from '@tanstack/react-query';
import { useId } from 'react';
import { Address } from '../../../components/address.tsx';
import { Notice } from '../../../components/notice.tsx';
import { Card } from '../../../components/surface.tsx';
import { importKey } from '../../../sessions/key.ts';
import { deviceKey, keepSession, useRefreshSessions } from '../../../sessions/store.ts';

class OtherKeyError extends Error {}

/** Takes a session key back from its file. */
export function Recover({ voucher }: { readonly voucher: Account<Voucher> }) {
  const input = useId();
  const refresh = useRefreshSessions();
  const recover = useMutation({
    mutationFn: async (file: File) => {
      const key = await importKey(await file.text(), { device: await deviceKey() });
      if (key.address !== voucher.data.session) throw new OtherKeyError();
      // What it signed elsewhere is not known here; the chain's figure is the least.
      await keepSession({ key, voucher: voucher.address, vault: voucher.data.vault, signed: voucher.data.settled });
      await refresh();
    },
  });
  return (
    <Card>
      <h2 className="text-title font-bold">
        <Trans>This browser does not have the voucher’s key</Trans>
      </h2>
      <p className="mt-2 max-w-prose text-muted">
        <Trans>
          The voucher is consumed with the key <Address value={voucher.data.session} />. If you exported it, choose its file. If it is lost, close the
          voucher with your wallet under Vouchers: what was not consumed comes back as tokens.
        </Trans>
      </p>
      <label htmlFor={input} className="mt-4 mb-1.5 block text-small font-medium text-muted">
        <Trans>The key’s file</Trans>
      </label>
      <input
        id={input}
        type="file"
        accept="application/json,.json"
        className="block w-full max-w-prose rounded-box border border-edge bg-surface p-2.5 file:mr-3 file:rounded-small file:border-0 file:bg-verdigris-wash file:px-3 file:py-1.5 file:text-verdigris-strong"
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file !== undefined) recover.mutate(file);
        }}
      />
      {recover.isError && (
        <div className="mt-3">
          <Notice tone="bad" live>
            {recover.error instanceof OtherKeyError ? (
              <Trans>That is another key’s file: choose the one of this voucher.</Trans>
            ) : (
              <Trans>That is no key file: it holds 64 numbers, as the page and the command line write it.</Trans>
            )}
          </Notice>
        </div>
      )}
    </Card>
  );
}
