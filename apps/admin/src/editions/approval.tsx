import { Alert, Group } from '@mantine/core';
import type { Digest, Edition } from '../api/types';
import { ConfirmButton } from '../ui/confirm-button';
import { showTime } from '../ui/format';
import { move } from './edition-actions';

interface ApprovalProps {
  edition: Edition;
  digestName: string;
  size?: 'xs';
}

/** Yes and no to a draft of a schedule; an approved one can still be declined until its time. */
export function ApprovalButtons({ edition, digestName, size }: ApprovalProps) {
  const { approval, status, sendAt } = edition;
  if (status !== 'draft' || approval === null || approval === 'declined') return null;
  const isDue = !sendAt || new Date(sendAt) <= new Date();
  const about = { title: `Send this edition of “${digestName}”?`, size };
  return (
    <Group gap="xs">
      <ConfirmButton
        size={size}
        label="Decline"
        title="Decline this edition?"
        yes="Decline it"
        act={() => move(edition, 'decline')}
      >
        It is not sent, and can not be taken up again. Its articles stay new for the next edition.
      </ConfirmButton>
      {approval === 'waiting' && (
        <ConfirmButton
          {...about}
          variant="filled"
          label="Approve"
          yes="Approve it"
          act={() => move(edition, 'approve')}
        >
          {isDue ? 'Its time has passed, so it goes out now.' : `It goes out on ${showTime(sendAt)}.`} Until
          then you can still decline it.
        </ConfirmButton>
      )}
    </Group>
  );
}

/** What a draft of a schedule waits for, and what happens otherwise. */
export function ApprovalNotice({ edition, digest }: { edition: Edition; digest: Digest | undefined }) {
  const { approval, status, sendAt } = edition;
  if (status !== 'draft' || approval === null || approval === 'declined') return null;
  const isWaiting = approval === 'waiting';
  return (
    <Alert
      color={isWaiting ? 'orange' : 'green'}
      variant="light"
      mb="md"
      title={isWaiting ? 'It waits for your yes' : 'It is approved'}
    >
      <p style={{ marginTop: 0 }}>
        {isWaiting
          ? `Its time is ${showTime(sendAt)}. ${withoutAnswer(digest, edition)}`
          : `It goes out on ${showTime(sendAt)}.`}
      </p>
      <ApprovalButtons edition={edition} digestName={digest?.name ?? 'the digest'} />
    </Alert>
  );
}

/** What becomes of it when nobody answers. */
export function withoutAnswer(digest: Digest | undefined, { articleIds }: Edition): string {
  if (!digest?.approval) return '';
  if (articleIds.length === 0 && digest.whenEmpty === 'skip') return 'Without articles it is not sent.';
  return digest.approval.otherwise === 'send'
    ? 'Without an answer it is sent.'
    : 'Without an answer it is not sent.';
}
