import { Loader, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, api } from '../api/request';
import { useMay } from '../api/session';
import { useList } from '../api/queries';
import { Failed } from '../ui/states';
import { MailFrame } from './mail-frame';

type Look = 'desktop' | 'phone' | 'dark' | 'text';
const LOOKS: { value: Look; label: string }[] = [
  { value: 'desktop', label: 'Desktop' },
  { value: 'phone', label: 'Phone' },
  { value: 'dark', label: 'Dark' },
  { value: 'text', label: 'Text' },
];
const LOCALES = [
  { value: '', label: 'Everybody’s language' },
  { value: 'en', label: 'English' },
  { value: 'de', label: 'Deutsch' },
  { value: 'fr', label: 'Français' },
  { value: 'es', label: 'Español' },
  { value: 'ar', label: 'العربية' },
];

interface LiveMailProps {
  editionId: string;
  /** Shown anew when this changes. */
  version: number;
  kilobytes: number | null;
}

/** The mail beside the page on which it is written: the very bytes that readers would get, in a frame in which nothing runs. */
export function LiveMail({ editionId, version, kilobytes }: LiveMailProps) {
  const [look, setLook] = useState<Look>('desktop');
  const [locale, setLocale] = useState('');
  const [reader, setReader] = useState<{ id: string; name: string } | null>(null);
  const query = { locale: locale || undefined, subscriberId: reader?.id };
  const text = useQuery({
    queryKey: [`/editions/${editionId}/preview`, version, query],
    queryFn: ({ signal }) => {
      const params = { path: { id: editionId }, query: { ...query, format: 'text' as const } };
      return answer(api.GET('/editions/{id}/preview', { params, parseAs: 'text', signal }));
    },
    placeholderData: keepPreviousData,
    retry: false,
  });
  return (
    <div className="live-mail">
      <div className="live-tools">
        <SegmentedControl
          size="xs"
          aria-label="Show the mail as"
          data={LOOKS}
          value={look}
          onChange={(value) => setLook(value)}
        />
        {text.isFetching && <Loader size="xs" aria-label="Rendering" />}
        {kilobytes !== null && <span className="quiet small">{kilobytes} KB</span>}
      </div>
      <div className="live-tools">
        <ReaderChoice chosen={reader} onChoose={setReader} />
        {!reader && (
          <NativeSelect
            size="xs"
            aria-label="Language of the mail"
            data={LOCALES}
            value={locale}
            onChange={(event) => setLocale(event.currentTarget.value)}
          />
        )}
      </div>
      {text.error && <Failed error={text.error} />}
      {!text.error && look === 'text' && (
        <pre className="plain live-text" tabIndex={0} aria-label="The mail as plain text">
          {text.data}
        </pre>
      )}
      {!text.error && look !== 'text' && text.data !== undefined && (
        <MailFrame editionId={editionId} version={version} look={look} query={query} />
      )}
    </div>
  );
}

function ReaderChoice({
  chosen,
  onChoose,
}: {
  chosen: { id: string; name: string } | null;
  onChoose: (reader: { id: string; name: string } | null) => void;
}) {
  const mayRead = useMay('readers:read');
  return mayRead ? <ReaderSearch chosen={chosen} onChoose={onChoose} /> : null;
}

const LISTED = 6;

function ReaderSearch({ chosen, onChoose }: Parameters<typeof ReaderChoice>[0]) {
  const [text, setText] = useState('');
  const readers = useList('/subscribers', { q: text.trim(), status: 'active' }, { limit: LISTED });
  const rows = text.trim().length > 1 ? (readers.rows ?? []) : [];
  if (chosen) {
    return (
      <span className="chosen-reader">
        As <b>{chosen.name}</b>{' '}
        <button type="button" className="linklike" onClick={() => onChoose(null)}>
          as anybody
        </button>
      </span>
    );
  }
  return (
    <div className="reader-search">
      <TextInput
        size="xs"
        type="search"
        aria-label="Show it as a reader"
        placeholder="As a reader: name or address"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      {rows.length > 0 && (
        <ul aria-label="Readers found">
          {rows.map(({ id, email, name }) => (
            <li key={id}>
              <button type="button" onClick={() => onChoose({ id, name: name ?? email })}>
                {name ? `${name} · ` : ''}
                {email}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
