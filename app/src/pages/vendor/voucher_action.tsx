import { Trans } from '@lingui/react/macro';
import { createNoopSigner, type Account, type Address as Key } from '@solana/kit';
import { connectGateway } from '@specie/sdk/gateway';
import type { Voucher } from '@specie/sdk/generated';
import { readVoucher, TokenError } from '@specie/sdk/messages';
import { answer, clusterOf, compensate, reclaim, release } from '@specie/sdk/plans';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useConfig } from '../../chain/context.tsx';
import { ActionPanel } from '../../components/action_panel.tsx';
import { Address } from '../../components/address.tsx';
import { Amount } from '../../components/amount.tsx';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Choice, Field } from '../../components/field.tsx';
import { ErrorNotice, Notice } from '../../components/notice.tsx';
import { Fact, Facts } from '../../components/surface.tsx';
import { Time } from '../../components/time.tsx';
import { SOL_DECIMALS } from '../../format/amount.ts';
import type { Plan } from '../../transactions/plan.ts';
import { useWallet } from '../../wallet/context.tsx';
import { vaultSnapshot } from '../../chain/views.ts';
import { challengeOf, hasReturned, quoteReclaim, remainingUnits } from '../vouchers/state.ts';
import type { OwnProps } from './own.ts';

interface VoucherActionProps extends OwnProps {
  readonly voucher: Account<Voucher>;
}

type What = 'answer' | 'decline' | 'return' | 'compensate';

/** What the voucher's state allows, whoever may do it. */
function choicesOf({ voucher, vendor, snapshot, now }: VoucherActionProps): readonly What[] {
  const challenge = challengeOf(voucher.data, now);
  if (challenge.is === 'unanswered') return ['compensate'];
  // One that was consumed to its end can be returned before it expires.
  const isOver = quoteReclaim({ ...vaultSnapshot(snapshot, vendor.vault, now), voucher: voucher.data }).ok;
  return [...(challenge.is === 'waiting' ? (['answer'] as const) : []), ...(isOver && challenge.is !== 'waiting' ? (['return'] as const) : []), 'decline'];
}

/** A voucher of the vault, and what can be done about it. */
export function VoucherActionDialog({ onClose, ...props }: VoucherActionProps & { readonly onClose: () => void }) {
  const { voucher } = props;
  // What stood to choose from first stays on screen while its outcome is told.
  const [choices] = useState(() => choicesOf(props));
  const [what, setWhat] = useState<What>(choices[0] ?? 'decline');
  return (
    <Dialog open onClose={onClose} title={<Trans>A voucher of yours to serve</Trans>}>
      <Facts>
        <Fact label={<Trans>Voucher</Trans>}>
          <Address value={voucher.address} />
        </Fact>
        <Fact label={<Trans>Owner</Trans>}>
          <Address value={voucher.data.owner} />
        </Fact>
        <Fact label={<Trans>Left to serve</Trans>}>
          <Amount value={remainingUnits(voucher.data)} unit="SCU" />
        </Fact>
        <Fact label={<Trans>Opened</Trans>}>
          <Time at={voucher.data.openedAt} />
        </Fact>
      </Facts>
      <div className="mt-4 space-y-4">
        {choices.length > 1 && (
          <Choice<What> label={<Trans>What to do</Trans>} value={what} onChange={setWhat} options={choices.map((value) => ({ value, label: <Name what={value} /> }))} />
        )}
        {what === 'answer' ? <Answer {...props} /> : <OneStep key={what} what={what} {...props} />}
      </div>
    </Dialog>
  );
}

function Name({ what }: { readonly what: What }): ReactNode {
  switch (what) {
    case 'answer':
      return <Trans>Answer the challenge</Trans>;
    case 'decline':
      return <Trans>Decline the voucher</Trans>;
    case 'return':
      return <Trans>Return what is left</Trans>;
    case 'compensate':
      return <Trans>Pay the compensation</Trans>;
  }
}

function detailsOf({ voucher, vendor }: VoucherActionProps): Plan['details'] {
  return [
    { label: 'units', value: remainingUnits(voucher.data).toString() },
    { label: 'voucher', value: voucher.address },
    { label: 'vault', value: vendor.vault.address },
  ];
}

/** Said where the wallet is not the vault's operator, whose signature alone counts. */
function OperatorOnly({ operator }: { readonly operator: Key }) {
  return (
    <Notice tone="warn">
      <Trans>
        Only the vault’s operator, <Address value={operator} />, may do this: connect its wallet, or name your own as the operator under Keys.
      </Trans>
    </Notice>
  );
}

/** What takes no more than a signature. */
function OneStep({ what, ...props }: VoucherActionProps & { readonly what: Exclude<What, 'answer'> }) {
  const { voucher, vendor, snapshot, now } = props;
  const { symbol } = useConfig();
  const { address } = useWallet();
  const { vault } = vendor;
  const { currency } = snapshot;
  const left = quoteReclaim({ ...vaultSnapshot(snapshot, vault, now), voucher: voucher.data });
  const isOperator = address === vault.data.operator;
  const may = address !== undefined && (what !== 'decline' || isOperator);
  const plan = async (): Promise<Plan> => {
    if (address === undefined) throw new Error('no wallet is connected');
    const payer = createNoopSigner(address);
    const details = detailsOf(props);
    switch (what) {
      case 'decline':
        return { kind: 'release-voucher', details, instructions: (await release({ currency, voucher, operator: payer })).instructions };
      case 'return':
        return { kind: 'reclaim-voucher', details, instructions: (await reclaim({ currency, voucher, payer })).instructions };
      case 'compensate':
        return { kind: 'compensate', details, instructions: (await compensate({ currency, vault, voucher, payer })).instructions };
    }
  };
  return (
    <>
      <p className="text-muted">
        {what === 'decline' && (
          <Trans>
            What is left returns to its owner as tokens at once, which you owe as before. Receipts that you hold and have not settled are lost: settle them first. If it is
            challenged, the deposit goes back to its owner.
          </Trans>
        )}
        {what === 'return' &&
          (hasReturned(left) ? null : !left.ok ? (
            <Trans>The chain does not allow it yet.</Trans>
          ) : left.value.units === 0n ? (
            <Trans>It was consumed to its end, so nothing returns but the rent of its account. Anybody may do this; it frees the vault of the voucher.</Trans>
          ) : (
            <Trans>
              The dispute window is over: <Amount value={left.value.tokens} unit={symbol} /> return to the owner. Anybody may do this; it frees the vault of the voucher.
            </Trans>
          ))}
        {what === 'compensate' && (
          <Trans>
            The challenge was not answered in time, so the vault pays: in cash as far as its collateral goes, the rest in tokens. Anybody may bring this, its owner above all.
          </Trans>
        )}
      </p>
      {what === 'decline' && !isOperator && <OperatorOnly operator={vault.data.operator} />}
      <ActionPanel
        id={`${what} ${voucher.address}`}
        plan={may ? plan : undefined}
        label={<Name what={what} />}
        danger={what !== 'return'}
        done={
          what === 'decline' ? (
            <Trans>The chain has confirmed it: the voucher is declined, and its owner has the tokens.</Trans>
          ) : what === 'return' && remainingUnits(voucher.data) === 0n ? (
            <Trans>The chain has confirmed it: the voucher is closed.</Trans>
          ) : what === 'return' ? (
            <Trans>The chain has confirmed it: what was left is the owner’s again.</Trans>
          ) : (
            <Trans>The chain has confirmed it: the owner is compensated.</Trans>
          )
        }
      />
    </>
  );
}

/** Publishes the signed voucher on chain: from the gateway, or pasted. */
function Answer(props: VoucherActionProps) {
  const { voucher, vendor, snapshot } = props;
  const { address } = useWallet();
  const { vault, gateway } = vendor;
  const { currency } = snapshot;
  const [text, setText] = useState('');
  const token = text.trim();
  const ask = useMutation({
    mutationFn: async (url: string) => {
      const { data, error } = await connectGateway(url).api.POST('/v1/vouchers/{address}', { params: { path: { address: voucher.address } } });
      if (data === undefined) throw new Error(JSON.stringify(error));
      return data.voucher;
    },
    onSuccess: setText,
  });
  const isOperator = address === vault.data.operator;
  const plan = async (): Promise<Plan> => {
    if (address === undefined) throw new Error('no wallet is connected');
    const { signature } = await readVoucher(token, vault.data.issuer, clusterOf(currency.data));
    return {
      kind: 'answer',
      details: detailsOf(props),
      instructions: answer({ currency, vault, voucher, operator: createNoopSigner(address), signature }).instructions,
    };
  };
  return (
    <>
      <p className="text-muted">
        <Trans>
          Your gateway answers by itself while it runs with the operator’s key. Where it does not: the voucher as your issuer signed it is published on chain, and you earn the
          deposit of <Amount value={voucher.data.challengeDeposit} decimals={SOL_DECIMALS} unit="SOL" />.
        </Trans>
      </p>
      {!isOperator && <OperatorOnly operator={vault.data.operator} />}
      <Field
        label={<Trans>The signed voucher</Trans>}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        hint={<Trans>A text in three parts that begins with “eyJ”: from your gateway, or signed with the issuer’s key.</Trans>}
        after={
          gateway.state === 'own' ? (
            <Button look="quiet" disabled={ask.isPending} onClick={() => ask.mutate(gateway.url)}>
              <Trans>Ask</Trans>
            </Button>
          ) : undefined
        }
      />
      {ask.isError && <ErrorNotice error={ask.error} />}
      <Verified token={token} {...props}>
        {(holds) => (
          <ActionPanel
            id={`answer ${voucher.address} ${token}`}
            plan={isOperator && holds ? plan : undefined}
            label={<Name what="answer" />}
            done={<Trans>The chain has confirmed it: the challenge is answered.</Trans>}
          />
        )}
      </Verified>
    </>
  );
}

interface VerifiedProps extends VoucherActionProps {
  readonly token: string;
  readonly children: (holds: boolean) => ReactNode;
}

/** Checks a signed voucher against the chain before anybody signs for it. */
function Verified({ token, voucher, vendor, snapshot, children }: VerifiedProps) {
  const { issuer } = vendor.vault.data;
  const verdict = useVerdict(token, voucher, issuer, clusterOf(snapshot.currency.data));
  return (
    <>
      {verdict === 'forged' && (
        <Notice tone="bad" live>
          <Trans>
            That is no voucher signed by the vault’s issuer, <Address value={issuer} />, for this cluster. Take it from your gateway.
          </Trans>
        </Notice>
      )}
      {verdict === 'other' && (
        <Notice tone="bad" live>
          <Trans>
            That is another voucher than the one that is challenged, <Address value={voucher.address} />.
          </Trans>
        </Notice>
      )}
      {children(verdict === 'holds')}
    </>
  );
}

/** What a text is: nothing yet, no voucher of this issuer's, one of another account, or the one. */
function useVerdict(token: string, voucher: Account<Voucher>, issuer: Key, cluster: Key): 'none' | 'forged' | 'other' | 'holds' {
  const { data } = useQuery({
    queryKey: ['signed voucher', token, voucher.address, voucher.data.openedAt.toString(), issuer],
    enabled: token !== '',
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: async () => {
      try {
        const { terms } = await readVoucher(token, issuer, cluster);
        return terms.voucher === voucher.address && terms.openedAt === voucher.data.openedAt ? 'holds' : 'other';
      } catch (error) {
        if (error instanceof TokenError) return 'forged';
        throw error;
      }
    },
  });
  return token === '' ? 'none' : (data ?? 'none');
}
