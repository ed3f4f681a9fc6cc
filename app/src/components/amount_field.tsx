import { Plural, Trans } from '@lingui/react/macro';
import { useState, type ReactNode } from 'react';
import { DECIMALS, plainAmount } from '../format/amount.ts';
import { faultOf, type AmountFault } from '../format/amount_fault.ts';
import { Amount } from './amount.tsx';
import { Button } from './button.tsx';
import { Field } from './field.tsx';

interface AmountFieldProps {
  readonly label: ReactNode;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly unit: string;
  readonly decimals?: number;
  readonly hint?: ReactNode;
  /** What is wrong beyond the amount itself. */
  readonly error?: ReactNode | undefined;
  readonly large?: boolean;
  readonly allowsZero?: boolean;
  /** The most that can be named here, in base units; undefined while it is not known, or where nothing bounds it here. */
  readonly most?: bigint | undefined;
  /** What “All” stands for, in base units; undefined where there is no such button. */
  readonly all?: bigint | undefined;
}

/** An input for an amount with its unit: says which of the things that can be wrong is. */
export function AmountField({ label, value, onChange, unit, decimals = DECIMALS, hint, error, large = false, allowsZero = false, most, all }: AmountFieldProps) {
  // A field that nobody has touched asks by its label; one that somebody emptied is said to be empty.
  const [isEmptied, setEmptied] = useState(false);
  const fault = faultOf(value, { decimals, allowsZero, most });
  const isShown = fault !== undefined && (fault !== 'empty' || isEmptied);
  return (
    <Field
      large={large}
      label={label}
      inputMode="decimal"
      autoComplete="off"
      value={value}
      onChange={(event) => {
        setEmptied(event.target.value.trim() === '');
        onChange(event.target.value);
      }}
      error={isShown ? <FaultText fault={fault} decimals={decimals} unit={unit} most={most} /> : error}
      hint={hint}
      after={
        <>
          <span className={large ? 'font-medium text-muted' : 'text-muted'}>{unit}</span>
          {all === undefined ? (
            <span className="w-0.5" />
          ) : (
            <Button look="quiet" onClick={() => onChange(plainAmount(all, decimals))}>
              <Trans>All</Trans>
            </Button>
          )}
        </>
      }
    />
  );
}

interface FaultTextProps {
  readonly fault: AmountFault;
  readonly decimals: number;
  readonly unit: string;
  readonly most: bigint | undefined;
}

function FaultText({ fault, decimals, unit, most }: FaultTextProps): ReactNode {
  switch (fault) {
    case 'empty':
      return <Trans>The field is empty. Name an amount.</Trans>;
    case 'not-a-number':
      return <Trans>That is no number. Write digits, with a point before the decimals.</Trans>;
    case 'comma':
      return <Trans>A comma groups three digits, as in 1,000. Write decimals behind a point.</Trans>;
    case 'negative':
      return <Trans>That is below zero. Leave the sign away.</Trans>;
    case 'too-many-decimals':
      return <Plural value={decimals} one="At most # digit may stand after the point. Leave the others away." other="At most # digits may stand after the point. Leave the others away." />;
    case 'too-large':
      return <Trans>That is more than there can be. Name a smaller amount.</Trans>;
    case 'zero':
      return <Trans>That is zero. Name more.</Trans>;
    case 'too-much':
      return (
        <Trans>
          That is too much: at most <Amount value={most ?? 0n} decimals={decimals} unit={unit} />.
        </Trans>
      );
  }
}
