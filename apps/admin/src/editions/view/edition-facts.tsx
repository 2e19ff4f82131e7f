import { useOne } from '../../api/queries';
import type { Edition } from '../../api/types';
import { Link } from '../../router/router';
import { showNumber, showTime } from '../../ui/format';

/** Where an edition comes from, and when its readers get it. */
export function EditionFacts({ edition }: { edition: Edition }) {
  const { kind, slotId, waves, nextWaveAt, lastWaveAt, note } = edition;
  const isByClock = slotId !== null;
  if (kind === 'regular' && !isByClock && waves < 2) return null;
  return (
    <dl className="facts section-gap">
      <dt>Kind</dt>
      <dd>
        {kind === 'regular' && (isByClock ? 'by the schedule of its digest' : 'by hand')}
        {kind === 'alert' && 'an alert'}
        {kind === 'correction' && 'a correction'}
        {kind !== 'regular' && edition.articleId && <About id={edition.articleId} />}
      </dd>
      {note && (
        <>
          <dt>It says</dt>
          <dd className="lines">{note}</dd>
        </>
      )}
      <dt>Waves</dt>
      <dd>
        {waves === 0 ? 'none has begun' : `${showNumber(waves)}, the last on ${showTime(lastWaveAt)}`}
        {nextWaveAt && `; next on ${showTime(nextWaveAt)}`}
        {!nextWaveAt && waves > 0 && '; none is to come'}
      </dd>
    </dl>
  );
}

function About({ id }: { id: string }) {
  const article = useOne('/articles/{id}', id);
  return (
    <>
      {' '}
      about <Link to={`/articles/${id}`}>{article.data?.title ?? 'an article'}</Link>
    </>
  );
}
