import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { refresh } from '../api/queries';
import { api, at } from '../api/request';
import type { Edition } from '../api/types';
import { sayFailed, sayWithUndo, unlessUndone } from '../ui/toast/toast';

/** A skipped slot can not be had back, so it is skipped only after a while. */
export function SkipButton({ slotId, name, when }: { slotId: string; name: string; when: string }) {
  const [isGoing, setGoing] = useState(false);
  const skip = () => {
    setGoing(true);
    unlessUndone(
      `“${name}” of ${when} will be skipped.`,
      async () => {
        await api.POST('/slots/{id}/skip', at(slotId));
        await refresh('/slots', '/calendar', '/editions', '/digests');
      },
      () => setGoing(false),
    );
  };
  return (
    <Button
      size="xs"
      variant="default"
      disabled={isGoing}
      aria-label={`Skip: ${name} of ${when}`}
      onClick={skip}
    >
      {isGoing ? 'Skipping …' : 'Skip'}
    </Button>
  );
}

/** Makes a draft again of what was scheduled by hand. */
export function TakeBackButton({ edition, name }: { edition: Edition; name: string }) {
  const { id, sendAt, deadline } = edition;
  const set = async (time: string | null) => {
    if (time === null) await api.PATCH('/editions/{id}', { ...at(id), body: { sendAt: null } });
    else await api.POST('/editions/{id}/schedule', { ...at(id), body: { sendAt: time, deadline } });
    await refresh('/editions', '/calendar');
  };
  const takeBack = useMutation({
    mutationFn: () => set(null),
    onSuccess: () => sayWithUndo(`The edition of “${name}” is a draft again.`, () => set(sendAt)),
    onError: sayFailed,
  });
  return (
    <Button
      size="xs"
      variant="default"
      loading={takeBack.isPending}
      aria-label={`Take back: ${name}`}
      onClick={() => takeBack.mutate()}
    >
      Take back
    </Button>
  );
}
