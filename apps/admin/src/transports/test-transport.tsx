import { Alert, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { answer, api, at } from '../api/request';
import type { TransportTest } from '../api/types';
import { FormEnd } from '../ui/form-end';
import { showNumber } from '../ui/format';
import { useApiForm } from '../ui/use-api-form';

/** Connects and signs in with the settings that are saved, and sends a mail if there is an address. */
export function TestTransport({ id }: { id: string }) {
  const [found, setFound] = useState<TransportTest>();
  const form = useApiForm({
    initial: { to: '' },
    send: ({ to }) => {
      setFound(undefined);
      return answer(api.POST('/transports/{id}/test', { ...at(id), body: to ? { to } : {} }));
    },
    done: setFound,
  });
  return (
    <form {...form.formProps} className="narrow">
      <Stack>
        <TextInput
          label="Address for a test mail"
          type="email"
          description="Left empty: only the connection, the encryption and the sign-in are tried. Takes up to 20 seconds."
          {...form.getInputProps('to')}
        />
        <FormEnd form={form} label="Test" />
        <div role="status">{found && <Found found={found} />}</div>
      </Stack>
    </form>
  );
}

function Found({ found }: { found: TransportTest }) {
  const title = found.ok ? (found.sent ? 'It works: the mail was accepted' : 'It works') : 'It does not work';
  return (
    <Alert color={found.ok ? 'green' : 'accent'} variant="light" title={title}>
      {found.error && <p className="anywhere no-margin">{found.error}</p>}
      {found.reply && <p className="anywhere no-margin">{found.reply}</p>}
      <p className="small no-margin">{factsOf(found).join(' · ')}</p>
    </Alert>
  );
}

function factsOf({ tls, authenticated, capabilities, milliseconds }: TransportTest): string[] {
  const time = `${showNumber(milliseconds)} ms`;
  if (!capabilities) return [time];
  const { maxSize, pipelining, smtpUtf8, eightBitMime } = capabilities;
  const offers = [pipelining && 'PIPELINING', smtpUtf8 && 'SMTPUTF8', eightBitMime && '8BITMIME'];
  return [
    tls ? `${tls.protocol}, certificate ${tls.verified ? 'valid' : 'not valid'}` : 'not encrypted',
    authenticated ? 'signed in' : 'not signed in',
    offers.filter(Boolean).join(', '),
    maxSize === null ? '' : `up to ${showNumber(Math.round(maxSize / 1_000_000))} MB`,
    time,
  ].filter((fact) => fact !== '');
}
