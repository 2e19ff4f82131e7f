import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { pathOf, refresh } from '../../api/queries';
import { noticeEndOfSession, queryClient } from '../../api/query-client';
import { answer, api, at } from '../../api/request';
import { useMay } from '../../api/session';
import type { Edition } from '../../api/types';
import { navigate } from '../../router/router';
import { messageOf } from '../../ui/states';

/** Counts down while a sending can be taken back. */
export function UndoToast({ edition }: { edition: Edition }) {
  const maySend = useMay('editions:send');
  const left = useSecondsTo(edition.heldUntil);
  const undo = useMutation({
    mutationFn: () => answer(api.POST('/editions/{id}/undo', at(edition.id))),
    onSuccess: async (draft) => {
      queryClient.setQueryData([pathOf('/editions/{id}', edition.id)], draft);
      if (draft.status === 'draft') navigate(`/editions/${edition.id}/compose`);
      await refresh('/editions', '/slots', '/calendar');
    },
    onError: () => refresh('/editions'),
  });
  useEffect(() => {
    if (left === 0) refresh('/editions').catch(noticeEndOfSession);
  }, [left]);
  if (edition.heldUntil === null) return null;
  return (
    <div className="undo-toast" role="status">
      <span>
        {undo.error
          ? messageOf(undo.error)
          : left > 0
            ? 'It is about to be sent.'
            : 'The time to take it back is over. It begins now.'}
        {left > 0 && (
          <span className="undo-count" aria-hidden>
            {left}
          </span>
        )}
      </span>
      {left > 0 && maySend && (
        <Button size="compact-md" loading={undo.isPending} onClick={() => undo.mutate()}>
          Undo
        </Button>
      )}
    </div>
  );
}

/** Whole seconds until an instant, counted down; 0: it is past, or there is none. */
function useSecondsTo(instant: string | null): number {
  const secondsLeft = () => (instant ? Math.max(0, Math.ceil((Date.parse(instant) - Date.now()) / 1000)) : 0);
  const [left, setLeft] = useState(secondsLeft);
  useEffect(() => {
    setLeft(secondsLeft());
    if (!instant) return undefined;
    const timer = setInterval(() => setLeft(secondsLeft()), 250);
    return () => clearInterval(timer);
  }, [instant]);
  return left;
}
