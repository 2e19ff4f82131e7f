import { Alert, Button, CopyButton, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { refresh, useList } from '../api/queries';
import { answer, api, at } from '../api/request';
import type { ApiKey, MadeApiKey, Role } from '../api/types';
import { ConfirmButton } from '../ui/confirm-button';
import { FormEnd } from '../ui/form-end';
import { showTime } from '../ui/format';
import { Section } from '../ui/page-head';
import { List, Row } from '../ui/rows';
import { useApiForm } from '../ui/use-api-form';
import { ROLES } from './roles';

const EMPTY: { name: string; role: Role } = { name: '', role: 'editor' };
/** Keys for programs that use the operator API. */
export function ApiKeys() {
  const keys = useList('/api-keys');
  const [made, setMade] = useState<MadeApiKey>();
  return (
    <>
      {made ? <KeyShown made={made} close={() => setMade(undefined)} /> : <KeyForm show={setMade} />}
      <Section title="Keys">
        <List of={keys} empty="There are no keys.">
          {(key) => (
            <Row
              key={key.id}
              title={key.name}
              meta={`${key.role ?? 'scopes'} · ${key.prefix}… · made ${showTime(key.createdAt)} · last used ${showTime(key.lastUsedAt)}`}
            >
              <RevokeButton apiKey={key} />
            </Row>
          )}
        </List>
      </Section>
    </>
  );
}

function KeyForm({ show }: { show: (made: MadeApiKey) => void }) {
  const form = useApiForm({
    initial: EMPTY,
    send: (values) => answer(api.POST('/api-keys', { body: values })),
    done: async (made) => {
      show(made);
      await refresh('/api-keys');
    },
  });
  return (
    <form {...form.formProps} className="narrow">
      <Stack>
        <TextInput
          label="Name"
          description="What it is for, so that it can be told from others."
          {...form.getInputProps('name')}
        />
        <NativeSelect label="Role" data={ROLES} {...form.getInputProps('role')} />
        <FormEnd form={form} label="Make a key" />
      </Stack>
    </form>
  );
}

/** The text of a new key, which is stored nowhere. */
function KeyShown({ made, close }: { made: MadeApiKey; close: () => void }) {
  return (
    <Alert color="green" variant="light" title={`The key “${made.name}”`} className="narrow">
      <p style={{ marginTop: 0 }}>Copy it now: it is not shown again.</p>
      <TextInput
        aria-label="The key"
        readOnly
        value={made.key}
        ff="monospace"
        onFocus={(event) => event.target.select()}
      />
      <Button.Group mt="sm">
        <CopyButton value={made.key ?? ''}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy}>
              {copied ? 'Copied' : 'Copy'}
            </Button>
          )}
        </CopyButton>
        <Button size="xs" variant="default" onClick={close}>
          I have kept it
        </Button>
      </Button.Group>
    </Alert>
  );
}

function RevokeButton({ apiKey }: { apiKey: ApiKey }) {
  const revoke = async () => {
    await api.DELETE('/api-keys/{id}', at(apiKey.id));
    await refresh('/api-keys');
  };
  return (
    <ConfirmButton
      size="xs"
      isDanger
      about={apiKey.name}
      label="Revoke"
      title="Revoke this key?"
      yes="Revoke it"
      act={revoke}
    >
      Programs that use “{apiKey.name}” are refused from now on, and sessions that signed in with it end.
    </ConfirmButton>
  );
}
