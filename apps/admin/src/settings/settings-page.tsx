import type { ComponentType } from 'react';
import { usePublication } from '../api/queries';
import { useSession } from '../api/session';
import type { Permission, Publication } from '../api/types';
import { PageHead } from '../ui/page-head';
import { Empty, Loaded } from '../ui/states';
import { AccountPanel } from './account-panel';
import { ApiKeys } from './api-keys';
import { MeasuringForm } from './measuring-form';
import { PublicationForm } from './publication-form';
import { TeamPanel } from './team-panel';
import { TermsPanel } from './terms-panel';
import { WordingForm } from './wording-form';

/** A form over the publication. */
type PublicationPanel = ComponentType<{ publication: Publication }>;

function ofPublication(Panel: PublicationPanel): ComponentType {
  return function OfPublication() {
    const publication = usePublication();
    return <Loaded of={publication}>{(known) => <Panel publication={known} />}</Loaded>;
  };
}

interface Panel {
  title: string;
  /** None: an account. */
  needs?: Permission;
  panel: ComponentType;
}

/** By the last part of the path. */
const PANELS: Record<string, Panel> = {
  publication: { title: 'Publication', needs: 'content:read', panel: ofPublication(PublicationForm) },
  wording: { title: 'Sign-up form', needs: 'content:read', panel: ofPublication(WordingForm) },
  measuring: { title: 'Measuring', needs: 'content:read', panel: ofPublication(MeasuringForm) },
  terms: { title: 'Terms', needs: 'content:read', panel: TermsPanel },
  keys: { title: 'API keys', needs: 'keys:manage', panel: ApiKeys },
  team: { title: 'Team', needs: 'operators:manage', panel: TeamPanel },
  account: { title: 'My account', panel: AccountPanel },
};

/** One page of the settings. @param tab none: the publication */
export function SettingsPage({ tab = 'publication' }: { tab?: string | undefined }) {
  const { data: session } = useSession();
  const known = Object.hasOwn(PANELS, tab) ? PANELS[tab] : undefined;
  const isOpen = known?.needs ? session?.permissions.includes(known.needs) : session?.isOperator;
  if (!known || !isOpen) {
    return (
      <>
        <PageHead title="Settings" />
        <Empty>There is nothing here for you to set.</Empty>
      </>
    );
  }
  const { title, panel: Shown } = known;
  return (
    <>
      <PageHead title={title} />
      <Shown key={tab} />
    </>
  );
}
