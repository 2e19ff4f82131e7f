import type { Digest, Edition } from '../../api/types';
import { counted, showNumber, showTime } from '../../ui/format';
import { Row } from '../../ui/rows';
import { EditionBadges } from './edition-badges';
import { titleOf } from './edition-title';

/** An edition in a list: what it is, how far it is, and when. */
export function EditionRow({ edition, digests }: { edition: Edition; digests: Digest[] | undefined }) {
  const digest = digests?.find(({ id }) => id === edition.digestId);
  const meta = [edition.subject ? digest?.name : undefined, progressOf(edition), timeOf(edition)].filter(
    Boolean,
  );
  return (
    <Row title={titleOf(edition, digest)} to={`/editions/${edition.id}`} meta={meta.join(' · ')}>
      <EditionBadges edition={edition} />
    </Row>
  );
}

function progressOf({ counts, articleIds, selection, status, statusReason }: Edition): string {
  if (counts.recipients === 0 && status === 'cancelled' && statusReason) return statusReason;
  if (counts.recipients === 0 && selection === 'auto') return 'articles by reader';
  if (counts.recipients === 0) return counted(articleIds.length, 'article');
  const failed = counts.failed > 0 ? `, ${showNumber(counts.failed)} failed` : '';
  return `${showNumber(counts.accepted)} of ${showNumber(counts.recipients)} accepted${failed}`;
}

function timeOf(edition: Edition): string {
  if (edition.status === 'scheduled') return `goes out ${showTime(edition.sendAt)}`;
  if (edition.status === 'draft' && edition.approval) return `due ${showTime(edition.sendAt)}`;
  if (edition.finishedAt) return `ended ${showTime(edition.finishedAt)}`;
  return edition.startedAt
    ? `started ${showTime(edition.startedAt)}`
    : `drafted ${showTime(edition.createdAt)}`;
}
