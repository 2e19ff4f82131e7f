import { Alert, Button, Modal, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { refresh } from '../api/queries';
import { answer, api, at } from '../api/request';
import type { ArticleItem, Correction } from '../api/types';
import { Link } from '../router/router';
import { FormEnd } from '../ui/form-end';
import { counted } from '../ui/format';
import { useApiForm } from '../ui/use-api-form';

/** Notes a correction, mails it to those who had the article, and says how many they are. */
export function CorrectButton({ article }: { article: ArticleItem }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Correct…
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title="Correct this article">
        <CorrectForm article={article} close={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function CorrectForm({ article, close }: { article: ArticleItem; close: () => void }) {
  const [made, setMade] = useState<Correction>();
  const form = useApiForm({
    initial: { note: '' },
    send: (values) => answer(api.POST('/articles/{id}/correct', { ...at(article.id), body: values })),
    done: async (correction) => {
      setMade(correction);
      await refresh('/articles', '/editions');
    },
  });
  if (made) return <Made correction={made} close={close} />;
  return (
    <form {...form.formProps}>
      <Stack>
        <p className="no-margin">
          The note is shown with “{article.title}” and mailed at once to every reader who has it, and to
          nobody else. The article itself stays as it is: mend it in its fields.
        </p>
        <Textarea
          label="What was wrong, and what is right"
          description="Plain text."
          autosize
          minRows={4}
          data-autofocus
          {...form.getInputProps('note')}
        />
        <FormEnd form={form} label="Correct it and mail the note">
          <Button variant="default" onClick={close}>
            Go back
          </Button>
        </FormEnd>
      </Stack>
    </form>
  );
}

function Made({ correction, close }: { correction: Correction; close: () => void }) {
  const { editions, recipients } = correction;
  return (
    <Stack>
      <Alert color="green" variant="light" role="status" title="It is corrected">
        {editions.length === 0
          ? 'No reader has the article, so nothing is mailed.'
          : `The note goes to about ${counted(recipients, 'reader')}.`}
        {editions.map(({ id }, index) => (
          <div key={id}>
            <Link to={`/editions/${id}`}>
              {editions.length > 1 ? `Its mail, part ${index + 1}` : 'How far its mail is'}
            </Link>
          </div>
        ))}
      </Alert>
      <Button variant="default" onClick={close}>
        Close
      </Button>
    </Stack>
  );
}
