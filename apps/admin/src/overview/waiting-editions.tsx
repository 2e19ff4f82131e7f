import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { one, useDigests, useWaitingSlots } from '../api/queries';
import { useMay } from '../api/session';
import type { Digest, Edition } from '../api/types';
import { ApprovalButtons, withoutAnswer } from '../editions/approval';
import { Preview } from '../editions/preview';
import { counted, showTime } from '../ui/format';
import { Section } from '../ui/page-head';
import { Row } from '../ui/rows';

/** Drafts of schedules that nobody has said yes or no to; nothing when there is none. */
export function WaitingEditions() {
  const slots = useWaitingSlots('open');
  const ids = (slots.data ?? []).flatMap(({ editionId }) => editionId ?? []);
  const editions = useQueries({
    queries: ids.map((id) => one('/editions/{id}', id)),
  });
  const waiting = editions
    .flatMap(({ data }) => (data?.approval === 'waiting' && data.status === 'draft' ? [data] : []))
    .sort((a, b) => String(a.sendAt).localeCompare(String(b.sendAt)));
  if (waiting.length === 0) return null;
  return (
    <Section title="Waiting for your yes">
      <ul className="rows">
        {waiting.map((edition) => (
          <WaitingRow key={edition.id} edition={edition} />
        ))}
      </ul>
    </Section>
  );
}

function WaitingRow({ edition }: { edition: Edition }) {
  const { data: digests } = useDigests();
  const mayWrite = useMay('editions:send');
  const digest: Digest | undefined = digests?.find(({ id }) => id === edition.digestId);
  return (
    <Row
      title={`${digest?.name ?? 'An edition'}, ${showTime(edition.sendAt)}`}
      to={`/editions/${edition.id}`}
      meta={
        <>
          {counted(edition.articleIds.length, 'article')}. {withoutAnswer(digest, edition)}
          <Look edition={edition} />
        </>
      }
    >
      {mayWrite && <ApprovalButtons size="xs" edition={edition} digestName={digest?.name ?? 'the digest'} />}
    </Row>
  );
}

/** The mail, once somebody wants to see it. */
function Look({ edition }: { edition: Edition }) {
  const [open, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Look at it</summary>
      {open && <Preview edition={edition} format="html" />}
    </details>
  );
}
