import { Textarea, TextInput } from '@mantine/core';
import type { Digest, EditionChecks } from '../api/types';
import type { Draft } from './draft';
import { Inboxes } from './inboxes';

interface LinesFieldsProps {
  draft: Draft;
  digest: Digest | undefined;
  lines: EditionChecks['lines'] | undefined;
  change: (changes: Partial<Draft>) => void;
  /** The field that was refused, and why. */
  errorAt: (field: string) => string | undefined;
  warnings: string[];
}

/** Most inboxes show so much of it. */
const SUBJECT_LENGTH = 70;
const PREHEADER_LENGTH = 140;

/** What readers see before they open it, and what the editor says first. */
export function LinesFields({ draft, digest, lines, change, errorAt, warnings }: LinesFieldsProps) {
  return (
    <div className="lines-fields">
      <TextInput
        label="Subject"
        name="subject"
        placeholder={digest?.subject ?? 'The headline of the first story'}
        value={draft.subject}
        error={errorAt('subject')}
        onChange={(event) => change({ subject: event.currentTarget.value })}
        description={<Length text={lines?.subject ?? draft.subject} most={SUBJECT_LENGTH} />}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      />
      <TextInput
        label="Preheader"
        name="preheader"
        placeholder="Made from the stories"
        value={draft.preheader}
        error={errorAt('preheader')}
        onChange={(event) => change({ preheader: event.currentTarget.value })}
        description={<Length text={lines?.preheader ?? draft.preheader} most={PREHEADER_LENGTH} />}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      />
      {warnings.map((warning) => (
        <p key={warning} className="story-problem">
          {warning}
        </p>
      ))}
      {lines && <Inboxes lines={lines} />}
      <Textarea
        label="Introduction"
        name="intro"
        description="In Markdown: what you say before the stories. Left empty there is none."
        autosize
        minRows={3}
        maxRows={12}
        value={draft.intro}
        error={errorAt('intro')}
        onChange={(event) => change({ intro: event.currentTarget.value })}
      />
    </div>
  );
}

function Length({ text, most }: { text: string; most: number }) {
  const length = Array.from(text).length;
  return (
    <span className={length > most ? 'is-long' : undefined}>
      {length} of {most} characters{length > most && ': the end is cut off in most inboxes'}
    </span>
  );
}
