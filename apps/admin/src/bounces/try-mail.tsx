import { Alert, Button, FileInput, Group, Stack, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { refresh } from '../api/queries';
import { answer, api } from '../api/request';
import type { ReturnedMessage } from '../api/types';
import { messageOf } from '../ui/states';
import { IngestedView } from './ingested-view';

/** Sends a mail as it is. */
function ingest(mail: string | File, dryRun: boolean): Promise<ReturnedMessage> {
  const call = api.POST('/feedback/messages', {
    params: { query: { dryRun: String(dryRun) } },
    body: mail,
    bodySerializer: (body) => body as string | File,
    headers: { 'Content-Type': 'message/rfc822' },
  });
  return answer(call);
}

/** A mail that came back, pasted or from a file: what it would do, and then doing it. */
export function TryMail() {
  const [text, setText] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const ask = useMutation({ mutationFn: (mail: string | File) => ingest(mail, true) });
  const take = useMutation({
    mutationFn: (mail: string | File) => ingest(mail, false),
    onSuccess: () => refresh('/feedback', '/subscribers', '/suppressions', '/stats'),
  });
  const mail = file ?? (text.trim() === '' ? null : text);
  const begin = () => {
    ask.reset();
    take.reset();
  };
  const error = ask.error ?? take.error;
  const found = take.data ?? ask.data;
  return (
    <Stack className="narrow">
      <FileInput
        label="A mail in a file"
        placeholder="Choose a file (.eml)"
        description="As it came, with all its headers; at most 20 MB."
        accept=".eml,message/rfc822,text/plain"
        clearable
        clearButtonProps={{ 'aria-label': 'Take the file away' }}
        value={file}
        onChange={(chosen) => {
          setFile(chosen);
          begin();
        }}
      />
      <Textarea
        label="Or its text"
        name="mail"
        autosize
        minRows={4}
        maxRows={14}
        disabled={file !== null}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          begin();
        }}
      />
      {error && (
        <Alert color="accent" variant="light" role="alert">
          {messageOf(error)}
        </Alert>
      )}
      <div role="status">{found && <IngestedView found={found} isDone={take.isSuccess} />}</div>
      <Group>
        <Button
          variant="default"
          disabled={!mail}
          loading={ask.isPending}
          onClick={() => mail && ask.mutate(mail)}
        >
          See what it would do
        </Button>
        {ask.isSuccess && !take.isSuccess && (
          <Button loading={take.isPending} onClick={() => mail && take.mutate(mail)}>
            Take it
          </Button>
        )}
      </Group>
    </Stack>
  );
}
