import { Trans, useLingui } from '@lingui/react/macro';
import { useState, type FormEvent } from 'react';
import { useConfig, useNodeStates } from '../../chain/context.tsx';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Tag } from '../../components/surface.tsx';
import { isServiceUrl } from '../../config/config.ts';
import { updateSettings, useSettings } from '../../config/settings.ts';
import type { NodeState } from '../../chain/transport.ts';

/** The RPC nodes in the order that they are asked, the reader's own first. */
export function Nodes() {
  const states = useNodeStates();
  const { rpc } = useSettings();
  const { rpc: given } = useConfig();
  return (
    <>
      <ol className="mb-4 divide-y divide-line rounded-box border border-line bg-surface">
        {states.map((state) => (
          <li key={state.url} className="flex flex-wrap items-center justify-between gap-3 px-4 py-2.5">
            <span className="min-w-0 break-all">{state.url}</span>
            <span className="flex items-center gap-3">
              <State state={state} />
              {rpc.includes(state.url) && !given.includes(state.url) && (
                <Button look="quiet" onClick={() => updateSettings({ rpc: rpc.filter((url) => url !== state.url) })}>
                  <Trans>Remove</Trans>
                </Button>
              )}
            </span>
          </li>
        ))}
      </ol>
      <Add />
    </>
  );
}

function State({ state }: { readonly state: NodeState }) {
  switch (state.fault) {
    case undefined:
      return (
        <Tag tone="good">
          <Trans>in service</Trans>
        </Tag>
      );
    case 'rate-limited':
      return (
        <Tag tone="warn">
          <Trans>asked to wait</Trans>
        </Tag>
      );
    case 'unreachable':
      return (
        <Tag tone="bad">
          <Trans>does not answer</Trans>
        </Tag>
      );
  }
}

/** Why a text is no node that can be added. */
type NodeFault = 'empty' | 'not-an-address' | 'not-safe' | 'first-already';

function faultOfNode(url: string, first: string | undefined): NodeFault | undefined {
  if (url === '') return 'empty';
  if (!/^https?:\/\/./iu.test(url) || !URL.canParse(url)) return 'not-an-address';
  if (!isServiceUrl(url)) return 'not-safe';
  return url === first ? 'first-already' : undefined;
}

function NodeFaultText({ fault }: { readonly fault: NodeFault }) {
  switch (fault) {
    case 'empty':
      return <Trans>The field is empty. Name the node’s address, as your provider gives it.</Trans>;
    case 'not-an-address':
      return <Trans>That is no address of a node. Name it with https:// before it, as your provider gives it.</Trans>;
    case 'not-safe':
      return <Trans>Name it with https:// and without a user’s name: http:// is taken only where it runs on this machine.</Trans>;
    case 'first-already':
      return <Trans>This node is asked first already.</Trans>;
  }
}

function Add() {
  const { t } = useLingui();
  const { rpc } = useSettings();
  const [first] = useNodeStates();
  const [url, setUrl] = useState('');
  const [fault, setFault] = useState<NodeFault | undefined>();
  const add = (event: FormEvent): void => {
    event.preventDefault();
    const named = url.trim().replace(/\/+$/, '');
    const found = faultOfNode(named, first?.url);
    setFault(found);
    if (found !== undefined) return;
    updateSettings({ rpc: [named, ...rpc.filter((other) => other !== named)] });
    setUrl('');
  };
  return (
    // The browser would refuse by itself, in a bubble that screen readers and phones may not show.
    <form noValidate onSubmit={add} className="max-w-prose">
      <Field
        label={<Trans>A node of your own, asked before the others</Trans>}
        type="url"
        inputMode="url"
        autoComplete="off"
        spellCheck={false}
        placeholder={t`https://rpc.example`}
        value={url}
        onChange={(event) => {
          setUrl(event.target.value);
          setFault(undefined);
        }}
        error={fault === undefined ? undefined : <NodeFaultText fault={fault} />}
        after={
          <Button type="submit" look="quiet">
            <Trans>Add</Trans>
          </Button>
        }
      />
    </form>
  );
}
