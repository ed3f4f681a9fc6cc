import { Trans } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Address } from '../../../components/address.tsx';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { Card, Fact, Facts } from '../../../components/surface.tsx';
import { exportKey } from '../../../sessions/key.ts';
import { deviceKey, type SessionRecord } from '../../../sessions/store.ts';

/** Exports a session key to a file, for another browser, or for `specie` on the command line. */
export function KeyCopy({ record }: { readonly record: SessionRecord }) {
  const [passphrase, setPassphrase] = useState('');
  const needsPassphrase = record.key.wrapped.by === 'passphrase';
  const save = useMutation({
    mutationFn: async () => {
      const file = await exportKey(record.key, { device: await deviceKey(), passphrase });
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([file], { type: 'application/json' }));
      link.download = `session-${record.key.address}.json`;
      link.click();
      URL.revokeObjectURL(link.href);
      setPassphrase('');
    },
  });
  return (
    <Card>
      <Facts>
        <Fact label={<Trans>Key</Trans>}>
          <Address value={record.key.address} />
        </Fact>
        <Fact label={<Trans>Kept</Trans>}>
          {needsPassphrase ? <Trans>in this browser, its copy under your passphrase</Trans> : <Trans>in this browser, without a passphrase</Trans>}
        </Fact>
      </Facts>
      <p className="mt-3 mb-4 max-w-prose text-small text-muted">
        <Trans>
          The file holds the key as it is: whoever has it can consume this voucher. With it you can go on in another browser, or with the
          command line’s proxy. A browser that clears its data clears the key, too; then the voucher is closed with the wallet, and nothing is
          lost but what was already signed.
        </Trans>
      </p>
      <form
        className="flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {needsPassphrase && (
          <Field
            label={<Trans>Its passphrase</Trans>}
            type="password"
            autoComplete="current-password"
            value={passphrase}
            onChange={(event) => setPassphrase(event.target.value)}
            error={save.isError ? <Trans>That is not its passphrase.</Trans> : undefined}
          />
        )}
        <Button type="submit" disabled={save.isPending || (needsPassphrase && passphrase === '')}>
          <Trans>Export the key to a file</Trans>
        </Button>
      </form>
    </Card>
  );
}
