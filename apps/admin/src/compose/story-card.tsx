import { ActionIcon, NativeSelect, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from '../router/router';
import { StatusBadge } from '../ui/status-badge';
import type { Section, Story } from './draft';

interface StoryCardProps {
  story: Story;
  /** What is wrong with it. */
  problems: string[];
  grip: ReactNode;
  onStep: (step: -1 | 1) => void;
  onSection: (section: Section) => void;
  onRemove: () => void;
}

const SECTION_CHOICES = [
  { value: 'lead', label: 'Lead' },
  { value: 'main', label: 'Main' },
  { value: 'brief', label: 'In brief' },
];

/** A story of the edition, with all that can be done to its place. */
export function StoryCard({ story, problems, grip, onStep, onSection, onRemove }: StoryCardProps) {
  const { title, state, articleId, section } = story;
  return (
    <div className="story-card">
      {grip}
      <div className="story-text">
        <Link to={`/articles/${articleId}`} className="story-title">
          {title}
        </Link>
        {state !== 'published' && (
          <span className="story-state">
            <StatusBadge status={state} />
          </span>
        )}
        {problems.map((problem) => (
          <p key={problem} className="story-problem">
            {problem}
          </p>
        ))}
      </div>
      <div className="story-tools">
        <NativeSelect
          size="xs"
          aria-label={`Section of ${title}`}
          data={SECTION_CHOICES}
          value={section}
          onChange={(event) => onSection(event.currentTarget.value as Section)}
        />
        <Tool label={`Move ${title} up`} sign="↑" act={() => onStep(-1)} />
        <Tool label={`Move ${title} down`} sign="↓" act={() => onStep(1)} />
        <Tool label={`Take ${title} out`} sign="×" act={onRemove} />
      </div>
    </div>
  );
}

function Tool({ label, sign, act }: { label: string; sign: string; act: () => void }) {
  return (
    <Tooltip label={label} openDelay={500}>
      <ActionIcon variant="subtle" color="gray" aria-label={label} onClick={act}>
        <span aria-hidden>{sign}</span>
      </ActionIcon>
    </Tooltip>
  );
}
