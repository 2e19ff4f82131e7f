import { Alert, Button, Loader } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useId, useRef, useState, type DragEvent } from 'react';
import { refresh } from '../api/queries';
import { answer, api } from '../api/request';
import { navigate } from '../router/router';
import { messageOf } from '../ui/states';
import { Problem } from '../api/problem';

/** Where a file is dropped, or chosen. It is uploaded at once and goes on at its own page: nothing of it is taken in yet. */
export function DropFile() {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const { mutate, isPending, error } = useMutation({
    mutationFn: (file: File) =>
      answer(
        api.POST('/imports', {
          params: { query: { name: file.name } },
          body: file,
          bodySerializer: (body) => body as Blob,
          headers: { 'Content-Type': 'text/csv' },
        }),
      ),
    onSuccess: async (made) => {
      navigate(`/transfer/${made.id}`);
      await refresh('/imports');
    },
  });
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file && !isPending) mutate(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setIsOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <div
      className={isOver ? 'drop-file over' : 'drop-file'}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={drop}
    >
      <label htmlFor={id}>Drop a CSV file here, or choose one</label>
      <p className="row-meta">
        Exports of listmonk, Mailchimp, Ghost, Substack, Beehiiv, Buttondown and Kit are recognised. You see
        what it is before anybody is taken in.
      </p>
      <input
        ref={input}
        id={id}
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        className="unseen"
        tabIndex={-1}
        onChange={(event) => take(event.currentTarget.files)}
      />
      <Button variant="default" disabled={isPending} onClick={() => input.current?.click()}>
        Choose a file
      </Button>
      <div role="status">{isPending && <Loader size="sm" aria-label="Uploading" />}</div>
      {error && (
        <Alert mt="sm" color="accent" variant="light" role="alert">
          {wordsOf(error)}
        </Alert>
      )}
    </div>
  );
}

function wordsOf(error: unknown): string {
  const errors = error instanceof Problem ? error.errors : [];
  return errors.length > 0 ? errors.map(({ message }) => message).join(' ') : messageOf(error);
}
