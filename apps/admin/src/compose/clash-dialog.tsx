import { Button, Group, Modal, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { draftOf, FIELD_NAMES, type Draft, type Field } from './draft';
import type { Clash } from './use-composer';

interface ClashDialogProps {
  clash: Clash;
  mine: Draft;
  settle: (mine: Field[]) => void;
}

/** Two have changed the same: both are shown, and one of them is chosen. */
export function ClashDialog({ clash, mine, settle }: ClashDialogProps) {
  const [own, setOwn] = useState<Field[]>(clash.fields);
  const theirs = draftOf(clash.theirs);
  const who = clash.by ?? 'Somebody else';
  const choose = (field: Field, value: string) =>
    setOwn(value === 'mine' ? [...own, field] : own.filter((other) => other !== field));
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      size="lg"
      title={`${who} has changed the same`}
    >
      <Stack>
        <p style={{ margin: 0 }}>
          Nothing is lost: what you both changed stands here. What only one of you changed is kept anyway, and
          the history has both.
        </p>
        {clash.fields.map((field) => (
          <Radio.Group
            key={field}
            label={`Which one is ${FIELD_NAMES[field]}?`}
            value={own.includes(field) ? 'mine' : 'theirs'}
            onChange={(value) => choose(field, value)}
          >
            <div className="clash-sides">
              <Radio value="mine" label={<Side title="Yours" text={textOf(mine, field)} />} />
              <Radio value="theirs" label={<Side title={`By ${who}`} text={textOf(theirs, field)} />} />
            </div>
          </Radio.Group>
        ))}
        <Group justify="flex-end">
          <Button onClick={() => settle(own)}>Go on with these</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Side({ title, text }: { title: string; text: string }) {
  return (
    <span className="clash-side">
      <b>{title}</b>
      <span className="lines">{text}</span>
    </span>
  );
}

function textOf(draft: Draft, field: Field): string {
  if (field !== 'stories') return draft[field] || '(empty)';
  return draft.stories.map(({ title }, index) => `${index + 1}. ${title}`).join('\n') || '(none)';
}
