import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import { Field } from '../../components/field.tsx';
import { Card } from '../../components/surface.tsx';

/** The least that a passphrase should have: what is short is tried out. */
const LEAST = 10;

/** Explains the session key, and takes the passphrase that protects it; undefined while the two do not agree. */
export function KeyStep({ onChange }: { readonly onChange: (passphrase: string | undefined) => void }) {
  const [first, setFirst] = useState('');
  const [second, setSecond] = useState('');
  const tell = (one: string, two: string): void => onChange(one === '' && two === '' ? '' : one === two && one.length >= LEAST ? one : undefined);
  const isShort = first !== '' && first.length < LEAST;
  const differs = second !== '' && first !== second;
  return (
    <Card>
      <p>
        <Trans>
          Your browser makes a key of its own for this voucher. It signs for what is consumed, so that your wallet need not; it cannot
          touch your wallet. It is kept in this browser, where scripts can use it but not read it out.
        </Trans>
      </p>
      <div className="mt-4 grid gap-4 sm:grid-cols-2">
        <div className="rounded-box bg-rust-wash p-3 text-small">
          <p className="font-bold text-rust">
            <Trans>Who steals it can</Trans>
          </p>
          <p className="mt-1">
            <Trans>consume what this voucher has left, at this one vendor, until it is closed or ends.</Trans>
          </p>
        </div>
        <div className="rounded-box bg-verdigris-wash p-3 text-small">
          <p className="font-bold text-verdigris-strong">
            <Trans>Who steals it cannot</Trans>
          </p>
          <p className="mt-1">
            <Trans>take tokens, money or what you reclaim, use another voucher, or sign for your wallet. Closing the voucher ends it.</Trans>
          </p>
        </div>
      </div>
      <p className="mt-5 mb-3 text-small text-muted">
        <Trans>
          A passphrase protects the copy that can be exported. Without one, whoever uses this browser can export the key; with one, nobody can
          without it, you included.
        </Trans>
      </p>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label={<Trans>Passphrase, if you want one</Trans>}
          type="password"
          autoComplete="new-password"
          value={first}
          onChange={(event) => {
            setFirst(event.target.value);
            tell(event.target.value, second);
          }}
          error={isShort ? <Trans>At least {LEAST} characters.</Trans> : undefined}
        />
        <Field
          label={<Trans>The same again</Trans>}
          type="password"
          autoComplete="new-password"
          value={second}
          onChange={(event) => {
            setSecond(event.target.value);
            tell(first, event.target.value);
          }}
          error={differs ? <Trans>The two differ.</Trans> : undefined}
        />
      </div>
    </Card>
  );
}
