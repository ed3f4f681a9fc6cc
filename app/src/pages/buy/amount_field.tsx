import { Trans } from '@lingui/react/macro';
import { useConfig } from '../../chain/context.tsx';
import { useBalances } from '../../chain/queries.ts';
import { Amount } from '../../components/amount.tsx';
import { Field } from '../../components/field.tsx';
import { DECIMALS, parseAmount } from '../../format/amount.ts';
import { useWallet } from '../../wallet/context.tsx';

export function AmountField({ text, onChange }: { readonly text: string; readonly onChange: (text: string) => void }) {
  const { symbol, collateralSymbol } = useConfig();
  const { address } = useWallet();
  const { data: balances } = useBalances(address);
  const isWrong = text !== '' && parseAmount(text, DECIMALS) === undefined;
  return (
    <Field
      large
      label={<Trans>How much</Trans>}
      inputMode="decimal"
      autoComplete="off"
      value={text}
      onChange={(event) => onChange(event.target.value)}
      after={<span className="pr-2 font-medium text-muted">{symbol}</span>}
      error={isWrong ? <Trans>Name an amount with at most 6 digits after the point.</Trans> : undefined}
      hint={
        balances === undefined ? (
          <Trans>Connect a wallet to see what it can spend.</Trans>
        ) : (
          <Trans>
            Your wallet has <Amount value={balances.collateral} unit={collateralSymbol} />
          </Trans>
        )
      }
    />
  );
}
