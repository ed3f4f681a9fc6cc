import { Trans } from '@lingui/react/macro';
import { useConfig } from '../../chain/context.tsx';
import { useBalances } from '../../chain/queries.ts';
import { Amount } from '../../components/amount.tsx';
import { AmountField } from '../../components/amount_field.tsx';
import { useWallet } from '../../wallet/context.tsx';

/** How many tokens are bought, and what the wallet has to pay with. */
export function TokensField({ text, onChange }: { readonly text: string; readonly onChange: (text: string) => void }) {
  const { symbol, collateralSymbol } = useConfig();
  const { address } = useWallet();
  const { data: balances } = useBalances(address);
  return (
    <AmountField
      large
      label={<Trans>How much</Trans>}
      unit={symbol}
      value={text}
      onChange={onChange}
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
