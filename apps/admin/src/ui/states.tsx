import { Alert, Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { Problem } from '../api/problem';
import { Waiting } from './waiting';

export { Waiting };

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.';
}

/** Says why something could not be read, and offers to try again. */
export function Failed({ error, again }: { error: unknown; again?: () => unknown }) {
  const isGone = error instanceof Problem && error.status === 404;
  return (
    <Alert color="accent" variant="light" title="This could not be read" role="alert">
      <p style={{ margin: 0 }}>{messageOf(error)}</p>
      {again && !isGone && (
        <Button mt="sm" size="xs" variant="default" onClick={() => void again()}>
          Try again
        </Button>
      )}
    </Alert>
  );
}

/** Stands where a list has nothing to show. */
export function Empty({ children }: { children: ReactNode }) {
  return <p className="empty">{children}</p>;
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** The three states of something that is read: waiting, failed, there. */
export function Loaded<T>({ of, children }: { of: Asked<T>; children: (data: T) => ReactNode }) {
  if (of.data !== undefined) return children(of.data);
  return of.error ? <Failed error={of.error} again={of.refetch} /> : <Waiting />;
}
