import { Trans, useLingui } from '@lingui/react/macro';
import { BeyondLimit, consumeChat, type Charge, type ModelOffer, type OpenedSession } from '@specie/sdk/gateway';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState, type RefObject } from 'react';
import { Amount } from '../../../components/amount.tsx';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice, Notice } from '../../../components/notice.tsx';
import { Card, Tag } from '../../../components/surface.tsx';
import { formatAmount } from '../../../format/amount.ts';
import type { Consumer } from '../../../gateway/consumer.ts';
import { maxTokensOf, nextAllowance } from './answer.ts';
import { conversationOf, updateConversation, useConversation, type Turn } from './conversation.ts';

interface ChatProps {
  readonly consumer: Consumer;
  readonly session: OpenedSession;
  /** What was signed for when the session was opened, in units since the voucher was opened. */
  readonly allowance: bigint;
  readonly models: readonly ModelOffer[];
}

/** A small chat that really consumes the voucher. It signs for no more than the reader has said. */
export function Chat({ consumer, session, allowance, models }: ChatProps) {
  const { voucher, units } = consumer.request.terms;
  const [limit, setLimit] = useState(allowance);
  const { turns, draft } = useConversation(voucher);
  const [streaming, setStreaming] = useState('');
  // The reader stopped before a word had come.
  const [isStoppedEarly, setStoppedEarly] = useState(false);
  const [modelId, setModelId] = useState(models[0]?.id ?? '');
  const input = useRef<HTMLTextAreaElement>(null);
  const stop = useRef<AbortController>(undefined);
  const model = models.find(({ id }) => id === modelId) ?? models[0];
  const spent = turns.reduce((sum, { charge }) => sum + (charge?.record.units ?? 0n), 0n);

  const ask = useMutation({
    mutationFn: async ({ question, upTo }: { readonly question: string; readonly upTo: bigint }) => {
      if (model === undefined) return;
      setLimit(upTo);
      const messages: Turn[] = [...turns, { role: 'user', content: question }];
      updateConversation(voucher, { turns: messages, draft: '' });
      setStoppedEarly(false);
      const asked = {
        model,
        messages: messages.map(({ role, content }) => ({ role, content })),
        maxTokens: maxTokensOf(model),
      };
      const payer = { ...consumer.request, note: consumer.note, apiKey: session.apiKey, id: session.state.id, limit: upTo };
      const stopping = new AbortController();
      stop.current = stopping;
      let answer = '';
      let charge: Charge | undefined;
      try {
        for await (const event of consumeChat(consumer.gateway, asked, payer, stopping.signal)) {
          if (event.kind === 'charge') charge = event.charge;
          else {
            answer += event.text;
            setStreaming(answer);
          }
        }
      } catch (error) {
        if (!stopping.signal.aborted) throw error;
      } finally {
        const isStopped = stopping.signal.aborted && charge === undefined;
        // What was delivered before an answer broke off is charged, too: it stays, with its cost. Of what was refused nothing stays.
        if (answer !== '' || charge !== undefined) updateConversation(voucher, { turns: [...messages, { role: 'assistant', content: answer, charge, isStopped }] });
        else {
          updateConversation(voucher, { turns, draft: conversationOf(voucher).draft || question });
          setStoppedEarly(stopping.signal.aborted);
        }
      }
    },
    onSettled: () => {
      setStreaming('');
      input.current?.focus();
    },
  });
  const submit = (upTo: bigint): void => {
    const question = draft.trim();
    if (question !== '' && !ask.isPending) ask.mutate({ question, upTo });
  };
  return (
    <Card>
      <div aria-live="polite" aria-busy={ask.isPending} className="space-y-4">
        {turns.length === 0 && (
          <p className="py-6 text-center text-muted">
            <Trans>Ask anything. The vendor answers, and its signed record of what that cost appears below the answer.</Trans>
          </p>
        )}
        {turns.map((turn, index) => (
          <Said key={index} turn={turn} />
        ))}
        {streaming !== '' && <Said turn={{ role: 'assistant', content: streaming }} />}
        {ask.isPending && streaming === '' && <Waiting />}
      </div>
      {isStoppedEarly && (
        <p role="status" className="mt-4 text-small text-muted">
          <Trans>You stopped it before a word had come. If the vendor charged anything all the same, its record stands under Vouchers.</Trans>
        </p>
      )}
      {ask.isError && (
        <div className="mt-4">
          {ask.error instanceof BeyondLimit ? (
            <SignMore beyond={ask.error} upTo={nextAllowance(ask.error, units)} isEmpty={draft.trim() === ''} onSign={submit} />
          ) : (
            <ErrorNotice error={ask.error} />
          )}
        </div>
      )}
      <form
        className="mt-5 flex flex-wrap items-end gap-3 border-t border-line pt-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit(limit);
        }}
      >
        <Message input={input} text={draft} onChange={(text) => updateConversation(voucher, { draft: text })} onSubmit={() => submit(limit)} />
        {models.length > 1 && <ModelChoice models={models} chosen={modelId} onChoose={setModelId} />}
        {ask.isPending ? (
          // Another key than the button that sends: a press of that one is none of this one.
          <Button key="stop" type="button" onClick={() => stop.current?.abort()}>
            <Trans>Stop</Trans>
          </Button>
        ) : (
          <Button key="send" type="submit" look="primary" disabled={draft.trim() === ''}>
            <Trans>Send</Trans>
          </Button>
        )}
      </form>
      {turns.length > 0 && (
        <div className="mt-3 flex flex-wrap items-center justify-between gap-x-4 text-small text-muted">
          <span>
            {spent > 0n && (
              <Trans>
                This chat has consumed <Amount value={spent} unit="SCU" />
              </Trans>
            )}
          </span>
          <Button look="quiet" disabled={ask.isPending} onClick={() => updateConversation(voucher, { turns: [] })}>
            <Trans>Begin a new conversation</Trans>
          </Button>
        </div>
      )}
    </Card>
  );
}

interface SignMoreProps {
  readonly beyond: BeyondLimit;
  readonly upTo: bigint;
  /** Whether there is no question to ask. */
  readonly isEmpty: boolean;
  readonly onSign: (upTo: bigint) => void;
}

/** Asks the reader for a higher signature, which an answer needs. */
function SignMore({ beyond: { wanted, limit, consumed }, upTo, isEmpty, onSign }: SignMoreProps) {
  return (
    <Notice
      tone="warn"
      live
      title={<Trans>This answer needs a higher signature</Trans>}
      action={
        <Button look="primary" disabled={isEmpty} onClick={() => onSign(upTo)}>
          {/* One item of the button's row: its words and the comma stand together. */}
          <span>
            <Trans>
              Sign for up to <Amount value={upTo} unit="SCU" />, and ask
            </Trans>
          </span>
        </Button>
      }
    >
      <Trans>
        It can cost up to <Amount value={wanted - consumed} unit="SCU" />. Of the <Amount value={limit} unit="SCU" /> that you have signed for,{' '}
        <Amount value={consumed} unit="SCU" /> is consumed. Nothing was sent to the model. What you do not consume costs nothing.
      </Trans>
    </Notice>
  );
}

interface MessageProps {
  readonly input: RefObject<HTMLTextAreaElement | null>;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly onSubmit: () => void;
}

/** What the reader types; Enter sends it. */
function Message({ input, text, onChange, onSubmit }: MessageProps) {
  const { t } = useLingui();
  return (
    <div className="min-w-0 flex-1 basis-64">
      <textarea
        ref={input}
        dir="auto"
        aria-label={t`Your message`}
        rows={2}
        value={text}
        placeholder={t`Your message`}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
            event.preventDefault();
            onSubmit();
          }
        }}
        className="w-full resize-y rounded-box border border-edge bg-surface px-3 py-2 placeholder:text-muted"
      />
    </div>
  );
}

interface ModelChoiceProps {
  readonly models: readonly ModelOffer[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

function ModelChoice({ models, chosen, onChoose }: ModelChoiceProps) {
  const { t } = useLingui();
  return (
    <select aria-label={t`Model`} value={chosen} onChange={(event) => onChoose(event.target.value)} className="min-h-11 max-w-full min-w-0 rounded-box border border-edge bg-surface px-3">
      {models.map(({ id }) => (
        <option key={id}>{id}</option>
      ))}
    </select>
  );
}

/** An answer that has not begun. */
function Waiting() {
  return (
    <p className="inline-flex items-center gap-2.5 rounded-box bg-sunken px-4 py-2.5 text-muted">
      <span aria-hidden="true" className="size-2.5 rounded-pill bg-verdigris motion-safe:animate-pulse" />
      <Trans>Waiting for the answer…</Trans>
    </p>
  );
}

function Said({ turn }: { readonly turn: Turn }) {
  const mine = turn.role === 'user';
  return (
    <div className={mine ? 'ml-auto max-w-[85%]' : 'max-w-[92%]'}>
      <p dir="auto" className={`rounded-box px-4 py-2.5 wrap-anywhere whitespace-pre-wrap ${mine ? 'bg-verdigris-wash' : 'bg-sunken'}`}>{turn.content}</p>
      {turn.charge !== undefined && <Cost charge={turn.charge} />}
      {turn.isStopped === true && (
        <p className="mt-1.5 px-1 text-small text-muted">
          <Trans>You stopped it. What was written until then is charged: its record stands under Vouchers.</Trans>
        </p>
      )}
    </div>
  );
}

/** What an answer cost, and whether that is what the tariff makes of it. */
function Cost({ charge: { record, price, isAsPublished } }: { readonly charge: Charge }) {
  const { i18n } = useLingui();
  const count = (tokens: bigint): string => formatAmount(tokens, 0, i18n.locale);
  return (
    <p className="mt-1.5 flex flex-wrap items-center gap-x-2 gap-y-1 px-1 text-small text-muted">
      <Amount value={record.units} unit="SCU" />
      <span>
        <Trans>
          {count(record.usage.input)} tokens read, {count(record.usage.output)} written
        </Trans>
      </span>
      {isAsPublished ? (
        <Tag long tone="good">
          <Trans>as published, signed by the vendor</Trans>
        </Tag>
      ) : (
        <Tag long tone="bad">
          <Trans>
            the published tariff makes <Amount value={price} unit="SCU" /> of it
          </Trans>
        </Tag>
      )}
    </p>
  );
}
