import { Alert, Button, Tabs } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { one, useDigests, useEdition } from '../api/queries';
import { noticeEndOfSession } from '../api/query-client';
import { useMay } from '../api/session';
import type { Digest, Edition, EditionChecks } from '../api/types';
import { TestForm } from '../editions/test-form';
import { EditionBadges } from '../editions/view/edition-badges';
import { titleOf } from '../editions/view/edition-title';
import { Link } from '../router/router';
import { PageHead } from '../ui/page-head';
import { Loaded } from '../ui/states';
import { ClashDialog } from './clash-dialog';
import './compose.css';
import { History } from './history';
import { LinesFields } from './lines-fields';
import { LiveMail } from './live-mail';
import { SendDialog } from './send-dialog';
import { StoryBoard } from './story-board';
import { useComposer, type Keeping } from './use-composer';
import { Warnings } from './warnings';

const WIDE = '(min-width: 64em)';
const LINKS_MS = 2_000;

/** A draft on one screen: what is in it, what readers see before they open it, and the mail itself beside it. */
export function ComposePage({ id }: { id: string }) {
  const edition = useEdition(id);
  const digests = useDigests();
  return (
    <Loaded of={edition}>
      {(known) => {
        const digest = digests.data?.find((one) => one.id === known.digestId);
        return known.status === 'draft' || known.status === 'scheduled' ? (
          <Composing key={known.id} edition={known} digest={digest} />
        ) : (
          <>
            <PageHead title={titleOf(known, digest)} back={{ to: `/editions/${id}`, label: 'The edition' }} />
            <p>
              It is {known.status}, so it can no longer be changed.{' '}
              <Link to={`/editions/${id}`}>See how far it is</Link>.
            </p>
          </>
        );
      }}
    </Loaded>
  );
}

function Composing({ edition, digest }: { edition: Edition; digest: Digest | undefined }) {
  const composer = useComposer(edition);
  const { draft, version, keeping, error, field, clash, news, change } = composer;
  const isWide = useMediaQuery(WIDE, true, { getInitialValueInEffect: false });
  const maySend = useMay('editions:send');
  const [open, setOpen] = useState<'history' | 'send' | null>(null);
  const checks = useChecks(edition.id, version);
  const errorAt = (name: string) => (error && field?.split('.')[0] === name ? error : undefined);
  const isElsewhere = error && !['subject', 'preheader', 'intro'].includes(field?.split('.')[0] ?? '');
  const close = () => setOpen(null);
  const flush = () => composer.flush().catch(noticeEndOfSession);
  const send = async () => {
    if (await flush()) setOpen('send');
  };

  const writing = (
    <div className="compose-writing">
      <LinesFields
        draft={draft}
        digest={digest}
        lines={checks?.lines}
        change={change}
        errorAt={errorAt}
        warnings={messagesOf(checks, ['subject', 'intro'])}
      />
      <section className="compose-stories">
        <h2>Stories</h2>
        <StoryBoard
          stories={draft.stories}
          problems={problemsByStory(checks)}
          onChange={(stories) => change({ stories })}
        />
      </section>
      <Warnings checks={checks} />
      {maySend && (
        <section className="compose-test">
          <h2>Send a test</h2>
          <TestForm editionId={edition.id} />
        </section>
      )}
    </div>
  );
  const mail = (
    <LiveMail
      editionId={edition.id}
      version={version}
      kilobytes={checks?.bytes == null ? null : Math.ceil(checks.bytes / 1024)}
    />
  );
  return (
    <div className="compose">
      <PageHead
        title={titleOf(edition, digest)}
        back={{ to: '/editions', label: 'Editions' }}
        badge={<EditionBadges edition={edition} />}
      >
        <div className="compose-tools">
          <KeepingState keeping={keeping} again={flush} />
          <Button variant="subtle" color="gray" onClick={() => setOpen('history')}>
            History
          </Button>
          <Link to={`/editions/${edition.id}`}>Schedule …</Link>
          {maySend && (
            <Button
              onClick={() => {
                send().catch(noticeEndOfSession);
              }}
            >
              Send …
            </Button>
          )}
        </div>
      </PageHead>
      {news && (
        <Alert
          color="blue"
          variant="light"
          mb="md"
          role="status"
          withCloseButton
          closeButtonLabel="Close"
          onClose={composer.dismissNews}
        >
          {news}
        </Alert>
      )}
      {isElsewhere && (
        <Alert color="accent" variant="light" mb="md" role="alert" title="It was not kept">
          {error}
        </Alert>
      )}
      {isWide ? (
        <div className="compose-columns">
          {writing}
          <aside className="compose-mail" aria-label="The mail">
            {mail}
          </aside>
        </div>
      ) : (
        <Tabs defaultValue="write" keepMounted={false}>
          <Tabs.List mb="md">
            <Tabs.Tab value="write">Write</Tabs.Tab>
            <Tabs.Tab value="mail">Mail</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="write">{writing}</Tabs.Panel>
          <Tabs.Panel value="mail">{mail}</Tabs.Panel>
        </Tabs>
      )}
      {clash && <ClashDialog clash={clash} mine={draft} settle={composer.settle} />}
      {open === 'history' && (
        <History edition={edition} version={version} close={close} onRestored={composer.replace} />
      )}
      {open === 'send' && (
        <SendDialog edition={edition} digest={digest} version={version} checks={checks} close={close} />
      )}
    </div>
  );
}

/** The checks of a version; asked again while links are being tried. */
function useChecks(id: string, version: number): EditionChecks | undefined {
  const { queryKey, queryFn } = one('/editions/{id}/checks', id);
  const { data } = useQuery({
    queryKey: [...queryKey, version],
    queryFn,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data && state.data.pendingLinks > 0 ? LINKS_MS : false),
  });
  return data;
}

function messagesOf(checks: EditionChecks | undefined, parts: string[]): string[] {
  return (checks?.data ?? []).filter(({ where }) => parts.includes(where.part)).map(({ message }) => message);
}

function problemsByStory(checks: EditionChecks | undefined): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { where, message, todo } of checks?.data ?? []) {
    if (where.articleId)
      found.set(where.articleId, [...(found.get(where.articleId) ?? []), `${message} ${todo}`]);
  }
  return found;
}

const KEEPING: Readonly<Record<Keeping, string>> = {
  kept: 'Saved',
  changed: 'Not saved yet',
  keeping: 'Saving …',
  refused: 'Not saved',
};

function KeepingState({ keeping, again }: { keeping: Keeping; again: () => unknown }) {
  return (
    <span className="keeping" role="status" data-keeping={keeping}>
      {KEEPING[keeping]}
      {keeping === 'refused' && (
        <>
          {' · '}
          <button type="button" className="linklike" onClick={again}>
            Try again
          </button>
        </>
      )}
    </span>
  );
}
