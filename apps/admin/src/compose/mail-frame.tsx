import { useState } from 'react';

interface MailFrameProps {
  editionId: string;
  version: number;
  look: 'desktop' | 'phone' | 'dark';
  query: { locale?: string | undefined; subscriberId?: string | undefined };
}

/** The HTML of the mail, alone in its frame. The one before stays until the new one is there, so that nothing flashes. */
export function MailFrame({ editionId, version, look, query }: MailFrameProps) {
  const params = new URLSearchParams({ format: 'html', v: '' });
  params.delete('v');
  for (const [name, value] of Object.entries(query)) if (value) params.set(name, value);
  const wanted = `/api/v1/editions/${editionId}/preview?${params}#${version}`;
  const [shown, setShown] = useState(wanted);
  const sources = shown === wanted ? [wanted] : [shown, wanted];
  return (
    <div className="mail-frame" data-look={look}>
      {sources.map((source) => (
        <iframe
          key={`${look === 'dark' ? 'dark' : 'light'} ${source}`}
          title={source === wanted ? 'The mail as readers get it' : 'The mail as it was'}
          aria-hidden={source !== wanted || undefined}
          data-waits={(source === wanted && shown !== wanted) || undefined}
          sandbox=""
          src={source}
          onLoad={() => source === wanted && setShown(wanted)}
        />
      ))}
    </div>
  );
}
