import { Button, CopyButton, Group, NativeSelect, Stack, TextInput } from '@mantine/core';
import { refresh, useList } from '../api/queries';
import { api, at } from '../api/request';
import { useMay } from '../api/session';
import type { Schemas } from '#contract/paths.js';
import { ConfirmButton } from '../ui/confirm-button';
import { FormEnd } from '../ui/form-end';
import { List } from '../ui/rows';
import { useApiForm } from '../ui/use-api-form';

type DkimKey = Schemas['DkimKey'];

const EMPTY: Required<Schemas['NewDkimKeys']> = { algorithm: 'rsa', selector: '', domain: '' };
const ALGORITHMS: { value: Schemas['NewDkimKeys']['algorithm']; label: string }[] = [
  { value: 'rsa', label: 'RSA, which every receiver knows' },
  { value: 'ed25519', label: 'Ed25519: short, not known everywhere' },
  { value: 'both', label: 'both, one of each' },
];

/** The keys that sign what goes by a transport, with what belongs into DNS. */
export function DkimKeys({ id }: { id: string }) {
  const keys = useList('/transports/{id}/dkim', {}, { id });
  const isOwner = useMay('transports:write');
  return (
    <>
      <List of={keys} empty="Mail by this transport is not signed by us.">
        {(key) => <Key key={`${key.selector} ${key.domain}`} dkim={key} id={id} mayRemove={isOwner} />}
      </List>
      {isOwner && <KeyForm id={id} />}
    </>
  );
}

function Key({ dkim, id, mayRemove }: { dkim: DkimKey; id: string; mayRemove: boolean }) {
  const { record, selector, algorithm } = dkim;
  const remove = async () => {
    await api.DELETE('/transports/{id}/dkim/{selector}', { params: { path: { id, selector } } });
    await refresh('/transports');
  };
  return (
    <li>
      <div className="row-text">
        <div className="row-title">
          {selector} ({algorithm === 'rsa' ? 'RSA' : 'Ed25519'})
        </div>
        <div className="row-meta">A TXT record in DNS:</div>
        <dl className="facts tight small">
          <dt>Name</dt>
          <dd>{record.name}</dd>
          <dt>Value</dt>
          <dd className="record">{record.value}</dd>
        </dl>
        <Group gap="xs" mt="xs">
          <Copy label="Copy the name" value={record.name} />
          <Copy label="Copy the value" value={record.value} />
          <Copy label="Copy as a zone file line" value={record.zoneFile} />
          {mayRemove && (
            <ConfirmButton
              size="xs"
              isDanger
              label="Remove"
              title="Remove this key?"
              yes="Remove it"
              act={remove}
            >
              Mail is no longer signed with “{selector}”. Leave its record in DNS for a few days, for mail
              that is under way.
            </ConfirmButton>
          )}
        </Group>
      </div>
    </li>
  );
}

function Copy({ label, value }: { label: string; value: string }) {
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <Button size="xs" variant="default" onClick={copy}>
          {copied ? 'Copied' : label}
        </Button>
      )}
    </CopyButton>
  );
}

function KeyForm({ id }: { id: string }) {
  const form = useApiForm({
    initial: EMPTY,
    send: ({ algorithm, selector, domain }) =>
      api.POST('/transports/{id}/dkim', {
        ...at(id),
        body: { algorithm, ...(selector ? { selector } : {}), ...(domain ? { domain } : {}) },
      }),
    done: async () => {
      form.reset();
      await refresh('/transports');
    },
  });
  return (
    <form {...form.formProps} className="narrow" style={{ marginTop: '1.5rem' }}>
      <Stack>
        <NativeSelect label="Kind of key" data={ALGORITHMS} {...form.getInputProps('algorithm')} />
        <TextInput
          label="Selector"
          description="Left empty: made from the date."
          placeholder="news2026"
          {...form.getInputProps('selector')}
        />
        <TextInput
          label="Domain"
          description="Left empty: that of the sender’s address."
          {...form.getInputProps('domain')}
        />
        <FormEnd form={form} label="Make a key" savedText="Made. Put its record into DNS." />
      </Stack>
    </form>
  );
}
