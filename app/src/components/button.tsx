import { Button as BaseButton } from '@base-ui/react/button';
import type { ComponentProps } from 'react';

type Look = 'primary' | 'plain' | 'quiet' | 'danger';

const LOOKS: Readonly<Record<Look, string>> = {
  primary: 'bg-verdigris text-on-verdigris border-verdigris hover:bg-verdigris-strong hover:border-verdigris-strong',
  plain: 'bg-surface text-ink border-edge hover:border-ink',
  quiet: 'bg-transparent text-verdigris border-transparent hover:bg-verdigris-wash',
  danger: 'bg-surface text-rust border-rust hover:bg-rust-wash',
};

interface ButtonProps extends ComponentProps<typeof BaseButton> {
  readonly look?: Look;
  readonly wide?: boolean;
}

export function Button({ look = 'plain', wide = false, className, ...rest }: ButtonProps) {
  return (
    <BaseButton
      {...rest}
      className={`inline-flex min-h-11 items-center justify-center gap-2 rounded-box border px-4 py-2 text-body font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-50 ${LOOKS[look]} ${wide ? 'w-full' : ''} ${String(className ?? '')}`}
    />
  );
}
