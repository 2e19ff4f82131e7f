import { Alert, Button, Group } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { LinkButton } from '../ui/link-button';
import { PageHead } from '../ui/page-head';
import { messageOf } from '../ui/states';

/** Stands where a page could not be drawn. The frame around it still works. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  return (
    <>
      <PageHead title="This page broke" />
      <Alert color="accent" variant="light" role="alert" title="It could not be drawn">
        <p className="no-margin">{messageOf(error)}</p>
        <p className="no-margin">Nothing that was saved is lost. If it breaks again, this text tells why.</p>
        <Group mt="sm" gap="xs">
          <Button size="xs" onClick={reset}>
            Try again
          </Button>
          <LinkButton size="xs" variant="default" to="/">
            Today
          </LinkButton>
        </Group>
      </Alert>
    </>
  );
}
