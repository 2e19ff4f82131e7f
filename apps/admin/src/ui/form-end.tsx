import { Alert, Button, Group } from '@mantine/core';
import type { ReactNode } from 'react';

interface FormEndProps {
  form: { submitting: boolean; saved: boolean; error: string | undefined };
  label: string;
  /** What is said once it is done; nothing when the page changes anyway. */
  savedText?: string;
  children?: ReactNode;
}

/** The end of a form: what went wrong, the button, and that it is done. */
export function FormEnd({ form, label, savedText, children }: FormEndProps) {
  return (
    <>
      {form.error && (
        <Alert color="accent" variant="light" role="alert">
          {form.error}
        </Alert>
      )}
      <Group>
        <Button type="submit" loading={form.submitting}>
          {label}
        </Button>
        {children}
        <span role="status" className="quiet">
          {form.saved && savedText}
        </span>
      </Group>
    </>
  );
}
