import { useElementSize } from '@mantine/hooks';
import { useState } from 'react';

interface MailFrameProps {
  editionId: string;
  version: number;
  look: 'desktop' | 'phone' | 'dark';
  query: { locale?: string | undefined; subscriberId?: string | undefined };
}

/** As wide as mail programs on a computer show it; on a narrow page it is shown smaller, not in another layout. */
const DESKTOP_WIDTH = 680;

/** The HTML of the mail, alone in its frame. The one before stays until the new one is there, so that nothing flashes. */
export function MailFrame({ editionId, version, look, query }: MailFrameProps) {
  const { ref, width } = useElementSize();
  const params = new URLSearchParams({ format: 'html' });
  if (look === 'dark') params.set('scheme', 'dark');
  for (const [name, value] of Object.entries(query)) if (value) params.set(name, value);
  const wanted = `/api/v1/editions/${editionId}/preview?${params}#${version}`;
  const [shown, setShown] = useState(wanted);
  const sources = shown === wanted ? [wanted] : [shown, wanted];
  const scale = look === 'phone' || width === 0 ? 1 : Math.min(1, width / DESKTOP_WIDTH);
  const size = { width: `${100 / scale}%`, height: `${100 / scale}%`, transform: `scale(${scale})` };
  return (
    <div className="mail-frame" data-look={look} ref={ref}>
      {sources.map((source) => (
        <iframe
          key={source}
          title={source === wanted ? 'The mail as readers get it' : 'The mail as it was'}
          aria-hidden={source !== wanted || undefined}
          data-waits={(source === wanted && shown !== wanted) || undefined}
          sandbox=""
          src={source}
          style={size}
          onLoad={() => source === wanted && setShown(wanted)}
        />
      ))}
    </div>
  );
}
