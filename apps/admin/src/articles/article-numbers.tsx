import { useState } from 'react';
import { useOne } from '../api/queries';
import { useMay } from '../api/session';
import { clicksText } from '../numbers/clicks-text';
import { CsvLink, csvHref } from '../numbers/csv-link';
import { MailTotals } from '../numbers/mail-totals';
import { Section } from '../ui/page-head';
import { Empty, Loaded } from '../ui/states';

const YEAR_MS = 365 * 86_400_000;

/** What became of the mails that an article was in, and who followed its links. */
export function ArticleNumbers({ id }: { id: string }) {
  return useMay('numbers:read') ? <Shown id={id} /> : null;
}

function Shown({ id }: { id: string }) {
  const [from] = useState(() => new Date(Date.now() - YEAR_MS).toISOString());
  const query = { by: 'edition' as const, from };
  const stats = useOne('/stats/articles/{id}', id, query);
  return (
    <Section title="In numbers">
      <Loaded of={stats}>
        {({ data, total }) =>
          data.length === 0 ? (
            <Empty>It was in no mail of the last year.</Empty>
          ) : (
            <>
              <MailTotals total={total} />
              <p>
                Clicks on its links: {clicksText(total.clicks)}. In {data.length}{' '}
                {data.length === 1 ? 'edition' : 'editions'} of the last year.{' '}
                <CsvLink of="the article by edition" href={csvHref(`/stats/articles/${id}`, query)} />
              </p>
            </>
          )
        }
      </Loaded>
    </Section>
  );
}
