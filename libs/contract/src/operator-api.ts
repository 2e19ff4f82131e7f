/* Made by npm run api:types from the schemas in apps/web/src/api and libs: change those, not this. */
export interface paths {
  '/api/v1/account': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Your account */
    get: operations['account_get'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /** Change your name */
    patch: operations['account_patch'];
    trace?: never;
  };
  '/api/v1/account/passkeys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Add the passkey that the browser made */
    post: operations['account_addPasskey'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/account/passkeys/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Remove a passkey */
    delete: operations['account_removePasskey'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/account/passkeys/options': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** What the browser needs to make a passkey (WebAuthn) */
    post: operations['account_passkeyOptions'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/account/password': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Change your password; all your other sessions end */
    post: operations['account_password'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/account/recovery-codes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Make new recovery codes; those before work no more */
    post: operations['account_renewCodes'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/account/totp': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Begin with an authenticator app; it counts once its first code is given */
    post: operations['account_beginTotp'];
    /** Remove the authenticator app */
    delete: operations['account_removeTotp'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/account/totp/confirm': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Turn the authenticator app on with its first code; answers with recovery codes */
    post: operations['account_confirmTotp'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/alarms': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What operators are to look at, newest first */
    get: operations['alarms_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/alarms/{id}/seen': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Note that somebody has seen it; once is enough */
    post: operations['alarms_seen'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/api-keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** API keys */
    get: operations['api-keys_list'];
    put?: never;
    /** Make an API key; its text is shown this once */
    post: operations['api-keys_create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/api-keys/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Revoke an API key */
    delete: operations['api-keys_revoke'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/articles': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Articles, newest first */
    get: operations['articles_list'];
    put?: never;
    /** Add an article */
    post: operations['articles_create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/articles/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** An article */
    get: operations['articles_get'];
    put?: never;
    post?: never;
    /** Delete an article that no reader has had */
    delete: operations['articles_remove'];
    options?: never;
    head?: never;
    /** Change an article */
    patch: operations['articles_patch'];
    trace?: never;
  };
  '/api/v1/articles/{id}/correct': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Correct an article: shown on its page, and mailed to those who had it */
    post: operations['articles_correct'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/articles/{id}/retract': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Take an article back: it is no longer shown or sent */
    post: operations['articles_retract'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/articles/import': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Make a draft of a page on the web, or give the article there is of it; takes at most 30 s */
    post: operations['articles_import'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Who did what, the newest first */
    get: operations['audit_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/audit/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The same as CSV, all of it */
    get: operations['audit_export'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/calendar': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** When digests went out and will */
    get: operations['calendar_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/consents/verify': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Check every row and seal of the consent ledger */
    get: operations['consents_verify'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/deliverability': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What receivers judge our mail by; asks DNS, at most once a minute, which takes at most 20 s */
    get: operations['deliverability_check'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/deliverability/sources': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** From which addresses mail came in our name, by the DMARC reports of the last days */
    get: operations['deliverability_reported'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/digests': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Digests that are not archived */
    get: operations['digests_list'];
    put?: never;
    /** Make a digest */
    post: operations['digests_create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/digests/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A digest */
    get: operations['digests_get'];
    put?: never;
    post?: never;
    /** End a digest and every subscription to it */
    delete: operations['digests_remove'];
    options?: never;
    head?: never;
    /** Change a digest */
    patch: operations['digests_patch'];
    trace?: never;
  };
  '/api/v1/digests/{id}/editions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Draft an edition */
    post: operations['digests_draft'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/digests/{id}/plan': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** What the next edition would be; nothing is written */
    post: operations['digests_plan'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/editions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Editions, newest first */
    get: operations['editions_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/editions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** An edition and how far it is */
    get: operations['editions_get'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /** Change a draft or scheduled edition */
    patch: operations['editions_patch'];
    trace?: never;
  };
  '/api/v1/editions/{id}/approve': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Say yes to a draft of a schedule: it goes out at its time, or now if that has passed */
    post: operations['editions_approve'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/editions/{id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** End it; who has not got it will not */
    post: operations['editions_cancel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/editions/{id}/decline': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Say no to a draft of a schedule */
    post: operations['editions_decline'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/editions/{id}/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The ledger: one row per reader; addresses masked for who may not read them */
    get: operations['editions_ledger'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/editions/{id}/explain': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Why a reader got each article, or not */
    get: operations['editions_explain'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/editions/{id}/links': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The links of its mails, where they lead, and how many people followed them */
    get: operations['editions_links'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/editions/{id}/outcomes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What became of its messages, by reply and provider, most first */
    get: operations['editions_outcomes'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/editions/{id}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Stop it where it is */
    post: operations['editions_pause'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/editions/{id}/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The mail as readers will get it; its links do nothing */
    get: operations['editions_preview'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/editions/{id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Go on with a paused edition */
    post: operations['editions_resume'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/editions/{id}/schedule': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Send it at a time */
    post: operations['editions_schedule'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/editions/{id}/send': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Send it now */
    post: operations['editions_send'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/editions/{id}/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Send it to a few addresses for a look; at most 60 mails an hour */
    post: operations['editions_test'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/editions/{id}/waves': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Its waves: readers with the same send time */
    get: operations['editions_waves'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What happens, as it happens: server-sent events, each with the id of what it is about */
    get: operations['events_listen'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/feedback/classify': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** What a reply of a mail server means */
    post: operations['feedback_classify'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/feedback/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What came back, newest first */
    get: operations['feedback_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/feedback/messages': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Take a mail that came back: a bounce, a complaint, an auto-reply, a report */
    post: operations['feedback_ingest'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/feedback/ways': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How it stands with the receiver and the mailbox that is read */
    get: operations['feedback_listWays'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/feeds': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Feeds, newest first */
    get: operations['feeds_list'];
    put?: never;
    /** Add a feed; it is fetched at once, which takes at most 30 s, and what is in it now is history */
    post: operations['feeds_create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/feeds/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A feed, and what is wrong with it */
    get: operations['feeds_get'];
    put?: never;
    post?: never;
    /** Remove a feed; its articles stay */
    delete: operations['feeds_remove'];
    options?: never;
    head?: never;
    /** Change a feed; a new URL is fetched at once */
    patch: operations['feeds_patch'];
    trace?: never;
  };
  '/api/v1/feeds/{id}/poll': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Poll a feed now; takes at most a minute or so */
    post: operations['feeds_poll'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/invitations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Invite somebody by mail, or once more who has not accepted; the link works for seven days */
    post: operations['invitations_invite'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/operators': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Operators, the oldest first */
    get: operations['operators_list'];
    put?: never;
    /** Make an operator with a first password; an invitation needs none */
    post: operations['operators_create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/operators/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** An operator */
    get: operations['operators_get'];
    put?: never;
    post?: never;
    /** Remove an operator; the last owner stays */
    delete: operations['operators_remove'];
    options?: never;
    head?: never;
    /** Change an operator; another role or status ends their sessions */
    patch: operations['operators_patch'];
    trace?: never;
  };
  '/api/v1/operators/{id}/reset-link': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Make a link for a new password, to be handed over; it works for an hour */
    post: operations['operators_resetLink'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/operators/{id}/second-factors': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Remove the authenticator app and the passkeys of who has lost them */
    delete: operations['operators_removeSecondFactors'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/publication': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The publication */
    get: operations['publication_get'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    /** Change the publication; baseUrl only by an owner, and not when BASE_URL is set */
    patch: operations['publication_update'];
    trace?: never;
  };
  '/api/v1/sessions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Sessions that are open, the newest first: one's own; an owner sees everybody's */
    get: operations['sessions_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/sessions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** End a session */
    delete: operations['sessions_end'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/slots': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Times at which digests were due, newest first */
    get: operations['slots_list'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/slots/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A slot */
    get: operations['slots_get'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/slots/{id}/send': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Fire a slot that is held: its readers get it now, those whose hour is to come then */
    post: operations['slots_send'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/slots/{id}/skip': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Drop a slot that is held or open */
    post: operations['slots_skip'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/stats/articles': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Articles beside each other */
    get: operations['stats_articles'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/stats/articles/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** An article in numbers: the mails that it was in */
    get: operations['stats_article'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/stats/audience': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Who came and who went */
    get: operations['stats_audience'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/stats/digests/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The editions of a digest in numbers */
    get: operations['stats_digest'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/stats/editions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Editions beside each other */
    get: operations['stats_editions'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/stats/editions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** An edition in numbers */
    get: operations['stats_edition'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/stats/providers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All editions by mailbox provider */
    get: operations['stats_providers'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/stats/topics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Topics beside each other */
    get: operations['stats_topics'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/stats/topics/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The articles on a topic in numbers: a mail counts for each that was in it */
    get: operations['stats_topic'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/subscribers': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Subscribers, newest first; found by what they are */
    get: operations['subscribers_list'];
    put?: never;
    /** Add a subscriber; `active` needs `consent`, `pending` gets the confirmation mail */
    post: operations['subscribers_create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/subscribers/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A subscriber */
    get: operations['subscribers_get'];
    put?: never;
    post?: never;
    /** Erase a subscriber; the proof of consent stays, without the address */
    delete: operations['subscribers_erase'];
    options?: never;
    head?: never;
    /** Change a subscriber */
    patch: operations['subscribers_patch'];
    trace?: never;
  };
  '/api/v1/subscribers/{id}/clicks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What a subscriber who agreed to be measured clicked and opened, latest edition first */
    get: operations['subscribers_clicks'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/subscribers/{id}/consents': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What the subscriber consented to, when, where and how */
    get: operations['subscribers_consents'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/subscribers/{id}/data': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All that is held about a subscriber */
    get: operations['subscribers_data'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/subscribers/bulk': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** What was done to many subscribers at once, newest first */
    get: operations['subscribers_bulkList'];
    put?: never;
    /** Do something to many subscribers at once; `dryRun` counts them */
    post: operations['subscribers_startBulk'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/subscribers/bulk/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** One of it, and how far it is */
    get: operations['subscribers_bulk'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/subscribers/bulk/{id}/undo': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Call it off while it waits, or take back what was done; to unsubscribe can only be stopped */
    post: operations['subscribers_undoBulk'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/subscribers/counts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** How many subscribers there are, by status and what they share */
    get: operations['subscribers_counts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/subscribers/export': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** All subscribers as CSV */
    get: operations['subscribers_export'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/subscribers/import': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Import a CSV file with the columns email, name, locale, time_zone, topics, digests, status, attributes, cadence, weekday, hour, alerts, paused_until, subscriptions; only email must be there */
    post: operations['subscribers_import'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/suppressions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Addresses never to be mailed (held as hashes) */
    get: operations['suppressions_list'];
    put?: never;
    /** Suppress an address */
    post: operations['suppressions_create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/suppressions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Let an address be mailed again; after a complaint only once it has consented anew */
    delete: operations['suppressions_remove'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/templates/check': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Whether a digest could be given a template, and if not, why; nothing is written */
    post: operations['templates_check'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/terms': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Versions of the terms, newest first */
    get: operations['terms_list'];
    put?: never;
    /** Publish a new version of the terms */
    post: operations['terms_publish'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/topics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Topics */
    get: operations['topics_list'];
    put?: never;
    /** Make a topic */
    post: operations['topics_create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/topics/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A topic */
    get: operations['topics_get'];
    put?: never;
    post?: never;
    /** Remove a topic from articles and from readers’ choices */
    delete: operations['topics_remove'];
    options?: never;
    head?: never;
    /** Change a topic */
    patch: operations['topics_update'];
    trace?: never;
  };
  '/api/v1/transports': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Transports: SMTP accounts */
    get: operations['transports_list'];
    put?: never;
    /** Make a transport */
    post: operations['transports_create'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/transports/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** A transport, what it has sent and what is wrong with it */
    get: operations['transports_get'];
    put?: never;
    post?: never;
    /** Remove a transport */
    delete: operations['transports_remove'];
    options?: never;
    head?: never;
    /** Change a transport */
    patch: operations['transports_patch'];
    trace?: never;
  };
  '/api/v1/transports/{id}/dkim': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** DKIM keys and their DNS records */
    get: operations['transports_keys'];
    put?: never;
    /** Make a DKIM key, or one of each kind; answers with what belongs into DNS */
    post: operations['transports_addKeys'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/transports/{id}/dkim/{selector}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Remove a DKIM key */
    delete: operations['transports_removeKey'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/transports/{id}/hook': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** The webhook of a transport's provider */
    get: operations['transports_hook'];
    /** Set the webhook of a transport's provider; it holds at once */
    put: operations['transports_setHook'];
    post?: never;
    /** Take no more events of this transport */
    delete: operations['transports_removeHook'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/transports/{id}/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Connect, sign in and, with `to`, send one small mail; takes at most 20 s */
    post: operations['transports_test'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Account: {
      /** @description Opaque. */
      id: string;
      email: string;
      name: string;
      /** @enum {string} */
      role: 'owner' | 'editor' | 'author' | 'analyst';
      permissions: (
        | 'content:read'
        | 'drafts:write'
        | 'articles:publish'
        | 'editions:send'
        | 'digests:write'
        | 'settings:write'
        | 'numbers:read'
        | 'alarms:write'
        | 'readers:read'
        | 'readers:write'
        | 'readers:export'
        | 'readers:data'
        | 'feedback:write'
        | 'transports:read'
        | 'transports:write'
        | 'keys:manage'
        | 'operators:manage'
        | 'audit:read'
        | 'account:own'
        | 'machinery:read'
      )[];
      hasPassword: boolean;
      hasTotp: boolean;
      recoveryCodesLeft: number;
      passkeys: components['schemas']['Passkey'][];
    };
    AccountPatch: {
      name: string;
    };
    Alarm: {
      /** @description Opaque. */
      id: string;
      /** @enum {string} */
      cause:
        | 'edition_paused'
        | 'edition_late'
        | 'edition_failed'
        | 'provider_blocking'
        | 'complaint_rate'
        | 'bounce_rate'
        | 'feed_broken'
        | 'transport_resting'
        | 'mailbox_unreachable'
        | 'returned_mail_unread'
        | 'records_changed';
      /** @description What it is about: the id of an edition, feed, transport or publication; a domain; a way in. */
      subject: string;
      /**
       * @description `open` until somebody has `seen` it; `gone` when its cause is.
       * @enum {string}
       */
      state: 'open' | 'seen' | 'gone';
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      since: string;
      /** @description When it was gone. */
      until: string | null;
      seenAt: string | null;
      /** @description The name of the operator or of the key. */
      seenBy: string | null;
      /** @description By cause. `name` of the subject; `reason`, in somebody’s words; `level` (`warning`, `severe`), `count`, `of` and `rate` of rates. */
      detail: {
        [key: string]: unknown;
      };
    };
    AlarmPage: {
      data: components['schemas']['Alarm'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    ApiKey: {
      /** @description Opaque. */
      id: string;
      name: string;
      prefix: string;
      /** @description Null: it may what its scopes say. */
      role: ('owner' | 'editor' | 'author' | 'analyst') | null;
      scopes:
        | (
            | 'content:read'
            | 'drafts:write'
            | 'articles:publish'
            | 'editions:send'
            | 'digests:write'
            | 'settings:write'
            | 'numbers:read'
            | 'alarms:write'
            | 'readers:read'
            | 'readers:write'
            | 'readers:export'
            | 'readers:data'
            | 'feedback:write'
            | 'transports:read'
            | 'transports:write'
            | 'keys:manage'
            | 'operators:manage'
            | 'audit:read'
            | 'account:own'
            | 'machinery:read'
          )[]
        | null;
      /** @description Where it may be used; null: anywhere. */
      networks: string[] | null;
      /** @description Requests a minute; null: no limit. */
      perMinute: number | null;
      expiresAt: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
      lastUsedAt: string | null;
    };
    ApiKeyPage: {
      data: components['schemas']['ApiKey'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    Article: {
      /** @description Opaque. */
      id: string;
      slug: string;
      url: string | null;
      /** @description Its page on this site. */
      pageUrl: string;
      title: string;
      summary: string;
      author: string | null;
      imageUrl: string | null;
      topics: {
        /** @description Opaque. */
        id: string;
        slug: string;
        name: string;
      }[];
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      publishedAt: string;
      embargoUntil: string | null;
      retractedAt: string | null;
      /** @description Neither shown nor sent until it is set to false. */
      draft: boolean;
      /**
       * @description Only a published one is shown and sent.
       * @enum {string}
       */
      state: 'draft' | 'scheduled' | 'embargoed' | 'published' | 'retracted';
      /** @description The higher comes first where the digest is ordered by priority. */
      priority: number;
      /** @description Goes at once to those who asked for alerts. */
      breaking: boolean;
      /**
       * Format: date-time
       * @description When it was put out: made, released from being a draft, or let go early.
       */
      releasedAt: string;
      /**
       * Format: date-time
       * @description Since when it is news: the latest of `releasedAt`, `publishedAt` and `embargoUntil`.
       */
      newsAt: string;
      /** @description The words of the last correction. */
      correction: string | null;
      correctedAt: string | null;
      /** @description The feed it came with. */
      feedId: string | null;
      /** @description Its feed changed the story after readers had it, or after an operator did; the change was not taken over. */
      sourceChangedAt: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      updatedAt: string;
      /** @enum {string} */
      format: 'markdown' | 'html' | 'text';
      /** @description As it was given. */
      body: string;
      /** @description Sanitised. */
      html: string;
      text: string;
    };
    /** @description A page on the web. */
    ArticleImport: {
      /** @description Of a page with an article. It is fetched at once. */
      url: string;
    };
    ArticleItem: {
      /** @description Opaque. */
      id: string;
      slug: string;
      url: string | null;
      /** @description Its page on this site. */
      pageUrl: string;
      title: string;
      summary: string;
      author: string | null;
      imageUrl: string | null;
      topics: {
        /** @description Opaque. */
        id: string;
        slug: string;
        name: string;
      }[];
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      publishedAt: string;
      embargoUntil: string | null;
      retractedAt: string | null;
      /** @description Neither shown nor sent until it is set to false. */
      draft: boolean;
      /**
       * @description Only a published one is shown and sent.
       * @enum {string}
       */
      state: 'draft' | 'scheduled' | 'embargoed' | 'published' | 'retracted';
      /** @description The higher comes first where the digest is ordered by priority. */
      priority: number;
      /** @description Goes at once to those who asked for alerts. */
      breaking: boolean;
      /**
       * Format: date-time
       * @description When it was put out: made, released from being a draft, or let go early.
       */
      releasedAt: string;
      /**
       * Format: date-time
       * @description Since when it is news: the latest of `releasedAt`, `publishedAt` and `embargoUntil`.
       */
      newsAt: string;
      /** @description The words of the last correction. */
      correction: string | null;
      correctedAt: string | null;
      /** @description The feed it came with. */
      feedId: string | null;
      /** @description Its feed changed the story after readers had it, or after an operator did; the change was not taken over. */
      sourceChangedAt: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      updatedAt: string;
    };
    ArticleItemPage: {
      data: components['schemas']['ArticleItem'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    /** @description Changes to an article. */
    ArticlePatch: {
      /** @description Headline, one line of at most 300 characters. */
      title?: string;
      /** @description The story in the given format, at most 1 MB. What a mail can not show is left out. */
      body?: string;
      /**
       * @description How the body is written. In `text` a blank line parts paragraphs and no character is changed.
       * @enum {string}
       */
      format?: 'markdown' | 'html' | 'text';
      /** @description Where the story lives. One article per URL. Without it the story lives here, at `/a/{slug}`. */
      url?: string | null;
      /** @description Shown under the headline; without it the first sentences of the body. */
      summary?: string | null;
      /** @description Byline, without "By". */
      author?: string | null;
      /** @description The picture shown with the story. */
      imageUrl?: string | null;
      /** @description Ids or slugs of topics. */
      topics?: string[];
      /**
       * Format: date-time
       * @description RFC 3339. Default: now. In the future: not shown or sent before.
       */
      publishedAt?: string;
      /** @description RFC 3339. Not shown or sent before, whatever `publishedAt` says. */
      embargoUntil?: string | null;
      /** @description Neither shown nor sent until false. Imported articles are drafts. Default: false. */
      draft?: boolean;
      /** @description -100 to 100, default 0. The higher comes first where the digest is ordered by priority. */
      priority?: number;
      /** @description Goes at once to those who asked for alerts, while it is news. Default: false. */
      breaking?: boolean;
    };
    ArticleStats: {
      data: components['schemas']['ArticleStatsRow'][];
      total: {
        /** @description Readers it was to go to. */
        frozen: number;
        accepted: number;
        /** @description Tries that were put off, broken off or in doubt: of one message perhaps several. */
        deferred: number;
        /** @description Messages given up: refused, or expired. */
        failed: number;
        /** @description Accepted, and came back. */
        bounced: number;
        complained: number;
        /** @description Left by a link in it. */
        unsubscribed: number;
        clicks: components['schemas']['Clicks'];
      };
    };
    ArticleStatsRow: {
      /**
       * Format: date-time
       * @description By `hour` or `day`: when it begins. Hours are full ones, UTC; days are the publication’s.
       */
      at?: string;
      /** @description The id of an edition or article. */
      key?: string | null;
      /** @description Readers it was to go to. */
      frozen: number;
      accepted: number;
      /** @description Tries that were put off, broken off or in doubt: of one message perhaps several. */
      deferred: number;
      /** @description Messages given up: refused, or expired. */
      failed: number;
      /** @description Accepted, and came back. */
      bounced: number;
      complained: number;
      /** @description Left by a link in it. */
      unsubscribed: number;
      clicks: components['schemas']['Clicks'];
    };
    AudienceStats: {
      data: components['schemas']['AudienceStatsRow'][];
      total: {
        /** @description Came new, or came back after they had left. */
        signUps: number;
        /** @description Became active. */
        confirmed: number;
        /** @description By themselves, by an operator, or erased. */
        left: number;
        bounced: number;
        complained: number;
      };
    };
    AudienceStatsRow: {
      /**
       * Format: date-time
       * @description By `hour` or `day`: when it begins. Hours are full ones, UTC; days are the publication’s.
       */
      at?: string;
      /** @description The form of the first sign-up: `article`, `subscribe`, `embed`, `json`, `api`, `import`; `operator`: added without a statement of consent. */
      key?: string | null;
      /** @description Came new, or came back after they had left. */
      signUps: number;
      /** @description Became active. */
      confirmed: number;
      /** @description By themselves, by an operator, or erased. */
      left: number;
      bounced: number;
      complained: number;
    };
    AuditEntry: {
      /** @description Opaque. */
      id: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      at: string;
      /** @description Operator or API key; null: the system, or a link of a mail. */
      actorId: string | null;
      /** @description What they were called then. */
      actorName: string | null;
      /** @description Method and route, or a word: `sign-in`. */
      action: string;
      subjectType: string;
      subjectId: string | null;
      /** @description What was changed, `{field: {from, to}}`; of personal data only which `fields`. */
      detail: {
        [key: string]: unknown;
      } | null;
      /** @description From which address; null: not kept, or not any more. */
      client: string | null;
    };
    AuditEntryPage: {
      data: components['schemas']['AuditEntry'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    BrevoHook: {
      /** @constant */
      provider: 'brevo';
      settings: {
        /**
         * Format: password
         * @description A long random word that the provider sends with each request: as the password of HTTP basic authentication (any user), as a bearer token, as the header X-Webhook-Token, or, where nothing else can be set, as ?token= of the URL.
         */
        secret: string;
      };
    };
    BulkAction: {
      /** @description Null: a dry run. */
      id: string | null;
      /** @enum {string} */
      action: 'unsubscribe' | 'suppress' | 'add_digest' | 'remove_digest';
      digestId: string | null;
      /**
       * @description `waiting` for `beginsAt`; `cancelled`: what was done until then stays.
       * @enum {string}
       */
      state: 'waiting' | 'running' | 'done' | 'cancelled' | 'undoing' | 'undone' | 'dry_run';
      /** @description Subscribers who were meant when it was asked for. */
      matched: number;
      /** @description Those of them who would have been changed then. */
      expected: number;
      /** @description So far. */
      changed: number;
      /** @description Left as they are, by the reason: `already`, `suppressed`, `pending`, `unsubscribed` … */
      skipped: {
        [key: string]: number;
      };
      undone: number;
      canUndo: boolean;
      /** @description Name of the operator or the key. */
      madeBy: string;
      beginsAt: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
      finishedAt: string | null;
    };
    BulkActionPage: {
      data: components['schemas']['BulkAction'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    Calendar: {
      /** @description Ascending. */
      data: components['schemas']['CalendarEntry'][];
      /** @description There are more; ask again from the last one's time. */
      truncated: boolean;
    };
    CalendarEntry: {
      /** @description Opaque. */
      digestId: string;
      /** @description RFC 3339, UTC; if `local`, what readers' clocks show: `2026-11-23T07:00:00`, without a zone. */
      at: string;
      local: boolean;
      /**
       * Format: date-time
       * @description When its first readers are due.
       */
      opensAt: string;
      /**
       * Format: date-time
       * @description After this nobody is due any more.
       */
      closesAt: string;
      /**
       * @description `scheduled`: an edition waits for the time somebody gave it; `fired` once it has begun.
       * @enum {string}
       */
      status: 'planned' | 'scheduled' | 'open' | 'fired' | 'held' | 'skipped';
      /** @description Null: not made yet, or an edition scheduled by hand. */
      slotId: string | null;
      editionId: string | null;
    };
    Clicks: {
      /** @description Each once, as far as they can be told apart and from scanners. */
      people: number;
      /** @description Gateways and other programs, each once for each time they came. */
      scanners: number;
      /** @description By how much `people` may be off, in either direction. Of a sum it is not the sum of margins. */
      margin: number;
      /** @description People and scanners together. */
      withScanners: number;
    };
    ComparedStats: {
      data: components['schemas']['ComparedStatsRow'][];
      /** @description Of these rows. */
      total: {
        /** @description Readers it was to go to. */
        frozen: number;
        accepted: number;
        /** @description Tries that were put off, broken off or in doubt: of one message perhaps several. */
        deferred: number;
        /** @description Messages given up: refused, or expired. */
        failed: number;
        /** @description Accepted, and came back. */
        bounced: number;
        complained: number;
        /** @description Left by a link in it. */
        unsubscribed: number;
        clicks: components['schemas']['Clicks'];
      };
    };
    ComparedStatsRow: {
      /** @description The id of an article, a topic or an edition. */
      key: string;
      /** @description The title of the article, the name of the topic, the slug of the edition. */
      name: string;
      /** @description Readers it was to go to. */
      frozen: number;
      accepted: number;
      /** @description Tries that were put off, broken off or in doubt: of one message perhaps several. */
      deferred: number;
      /** @description Messages given up: refused, or expired. */
      failed: number;
      /** @description Accepted, and came back. */
      bounced: number;
      complained: number;
      /** @description Left by a link in it. */
      unsubscribed: number;
      clicks: components['schemas']['Clicks'];
    };
    Consent: {
      /** @description Opaque. */
      id: string;
      /** @enum {string} */
      kind: 'given' | 'confirmed' | 'withdrawn';
      method: string;
      form: string | null;
      /** @description The exact sentence shown. */
      sentence: string | null;
      termsSha256: string | null;
      purposes: string[];
      locale: string;
      pageUrl: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      submittedAt: string;
      confirmedAt: string | null;
    } & {
      [key: string]: unknown;
    };
    ConsentPage: {
      data: components['schemas']['Consent'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    ConsentStatement: {
      source: string;
      /** @constant */
      terms: 'accepted';
      /** Format: date-time */
      at?: string;
    };
    ConsentVerification: {
      ok: boolean;
      rows: number;
      seals: number;
      /** @description Rows that no seal holds yet: the next tick seals them. */
      unsealed: number;
      erasedEvidence: number;
      /** @description The last seal; noted elsewhere, it finds a tail that was cut off. */
      head: {
        number: number;
        sha256: string;
      } | null;
      problems: {
        kind: string;
        id: string;
        message: string;
      }[];
    };
    Correction: {
      /** @description Opaque. */
      id: string;
      correction: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      correctedAt: string;
      /** @description Those that mail it: one for each digest that the article was sent with. None: no reader has it. */
      editions: {
        /** @description Opaque. */
        id: string;
        /** @description Opaque. */
        digestId: string;
      }[];
      /** @description How many readers have the article, or are getting it; an estimate. */
      recipients: number;
    };
    Deliverability: {
      data: components['schemas']['DeliverabilityLine'][];
    };
    DeliverabilityLine: {
      /** @enum {string} */
      check:
        | 'spf'
        | 'spf_lookups'
        | 'spf_transport'
        | 'dkim'
        | 'dmarc'
        | 'dmarc_policy'
        | 'dmarc_tags'
        | 'dmarc_reports'
        | 'alignment_dkim'
        | 'alignment_spf'
        | 'return_path'
        | 'mx'
        | 'tls_transport'
        | 'mta_sts'
        | 'tls_rpt'
        | 'ptr'
        | 'list_unsubscribe'
        | 'block_list';
      /** @description The name, address or transport that it is about. */
      about: string;
      /**
       * @description `unknown`: it cannot be found out from here, or not now.
       * @enum {string}
       */
      state: 'ok' | 'warn' | 'fail' | 'unknown';
      found: string;
      /** @description The record as a zone file has it, or the setting. */
      publish: string;
      why: string;
    };
    Delivery: {
      /** @description Opaque. */
      subscriberId: string;
      /** @description Null: the reader was erased. `j•••@example.org` without the right `readers:read`. */
      email: string | null;
      /** @description Null without the right `readers:read`. */
      name: string | null;
      /** @enum {string} */
      status:
        'queued' | 'claimed' | 'accepted' | 'deferred' | 'failed' | 'suppressed' | 'expired' | 'uncertain';
      attempts: number;
      /** @description A process died while it was on the wire; a resend may have doubled it. */
      inDoubt: boolean;
      smtpCode: number | null;
      smtpReply: string | null;
      messageId: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      dueAt: string;
      acceptedAt: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      updatedAt: string;
    };
    DeliveryPage: {
      data: components['schemas']['Delivery'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    Digest: {
      /** @description Opaque. */
      id: string;
      slug: string;
      name: string;
      template: string;
      subject: string | null;
      topics: string[] | null;
      isDefault: boolean;
      minArticles: number;
      maxArticles: number;
      /** @description Null: it goes out only when an operator says so. */
      schedule: {
        cron: string;
        /** @description Null: the publication's. */
        timeZone: string | null;
        readerLocal: boolean;
      } | null;
      /** @description When the next mail of it is due; null: none is. */
      nextAt: string | null;
      lateLimitMinutes: number;
      approval: {
        minutes: number;
        /** @enum {string} */
        otherwise: 'skip' | 'send';
      } | null;
      /** @enum {string} */
      whenEmpty: 'skip' | 'send';
      emptyText: string | null;
      orderBy: ('pin' | 'priority' | 'recency')[];
      pinned: string[];
      excluded: string[];
      lookbackDays: number;
      repeatAfterDays: number | null;
      templates: {
        [key: string]: string;
      };
      alertTemplate: string;
      archivedAt: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      updatedAt: string;
    };
    DigestPage: {
      data: components['schemas']['Digest'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    /** @description Changes to a digest. */
    DigestPatch: {
      /** @description What readers see: `The Morning Brief`. */
      name?: string;
      /** @description Ids or slugs of topics whose articles it takes. None or null: every article. */
      topics?: string[] | null;
      /** @description Name of a template in `templates/emails`, or MJML of your own. Default: `digest`. */
      template?: string;
      /** @description Liquid over `articles`, `digest`, `publication` and `date`: `{{ articles[0].title }} and more`. Default: the title of the first article. */
      subject?: string | null;
      /** @description With fewer articles an edition is not sent. Default 1. */
      minArticles?: number;
      /** @description How many articles an edition takes by itself. Default 20. */
      maxArticles?: number;
      /** @description Given to readers who sign up without naming a digest. The first digest made is a default. */
      isDefault?: boolean;
      /** @description When it goes out by itself. Null: only when an operator says so. */
      schedule?: {
        /** @description Five fields: minute, hour, day of the month, month, day of the week: `0 7 * * MON-FRI`. */
        cron: string;
        /** @description IANA name, `Europe/Lisbon`. Default: the publication's. */
        timeZone?: string | null;
        /** @description The cron is on the clock of each reader: seven in the morning wherever they are. Default: false. */
        readerLocal?: boolean;
      } | null;
      /** @description What was missed while nothing ran is sent late by at most so much; older ones are held for an operator. Default 360. */
      lateLimitMinutes?: number;
      /** @description Each edition needs an operator's yes before it goes out. Null: none does. */
      approval?: {
        /** @description How long before its time it is drafted, and owners and editors are asked by mail. */
        minutes: number;
        /**
         * @description What becomes of it when nobody said yes or no. Default: `skip`.
         * @enum {string}
         */
        otherwise?: 'skip' | 'send';
      } | null;
      /**
       * @description What a reader gets for whom nothing is new: no mail, or `emptyText`. Default: `skip`.
       * @enum {string}
       */
      whenEmpty?: 'skip' | 'send';
      /** @description Plain text. Needed when `whenEmpty` is `send`. */
      emptyText?: string | null;
      /** @description What decides which story comes first; the earlier rule outweighs the later. */
      orderBy?: ('pin' | 'priority' | 'recency')[];
      /** @description Ids of articles that come first, in this order. */
      pinned?: string[];
      /** @description Ids of articles that it never takes by itself. */
      excluded?: string[];
      /** @description Older stories are not taken, not even for a reader who is new. Default 14. */
      lookbackDays?: number;
      /** @description After so many days a reader may get a story again; 0: at once. Null, the default: never. */
      repeatAfterDays?: number | null;
      /** @description By locale, where it is another one than `template`. */
      templates?: {
        [key: string]: string;
      };
      /** @description For alerts. Default: `alert`. */
      alertTemplate?: string;
    };
    DkimKey: {
      domain: string;
      selector: string;
      /** @enum {string} */
      algorithm: 'rsa' | 'ed25519';
      /** @description What belongs into DNS. */
      record: {
        name: string;
        /** @constant */
        type: 'TXT';
        value: string;
        zoneFile: string;
      };
    };
    DkimKeyPage: {
      data: components['schemas']['DkimKey'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    Edition: {
      /** @description Opaque. */
      id: string;
      /** @description Opaque. */
      digestId: string;
      slug: string;
      /** @enum {string} */
      status: 'draft' | 'scheduled' | 'preparing' | 'sending' | 'paused' | 'sent' | 'cancelled' | 'failed';
      /** @description Why it is paused, failed or cancelled. */
      statusReason: string | null;
      /** @description Who paused it: a person, or the service by itself. Null: it is not paused. */
      pausedBy: {
        /** @enum {string} */
        kind: 'operator' | 'service';
        /** @description Of the operator or the API key. */
        name: string | null;
      } | null;
      /** @enum {string} */
      kind: 'regular' | 'alert' | 'correction';
      /**
       * @description `list`: of the articles named; `auto`: they are chosen anew for each wave.
       * @enum {string}
       */
      selection: 'list' | 'auto';
      /** @description The slot it was made for; null: by hand. */
      slotId: string | null;
      /** @description Null: it needs none. */
      approval: ('waiting' | 'approved' | 'declined') | null;
      approvedAt: string | null;
      /** @description Frozen so far. */
      waves: number;
      lastWaveAt: string | null;
      /** @description When its next readers are due; null: none are to come. */
      nextWaveAt: string | null;
      /** @description What an alert or a correction is about. */
      articleId: string | null;
      /** @description The words of a correction. */
      note: string | null;
      subject: string | null;
      articleIds: string[];
      sendAt: string | null;
      /** @description By when the last message should be accepted. */
      deadline: string | null;
      /** @description When the last message will be accepted, as far as one can tell. */
      predictedFinishAt: string | null;
      /** @description The deadline was missed, or will be by the prediction. */
      late: boolean;
      warnings: string[];
      /** @description Every frozen recipient is in exactly one of the states. */
      counts: {
        recipients: number;
        queued: number;
        claimed: number;
        accepted: number;
        deferred: number;
        failed: number;
        suppressed: number;
        expired: number;
        uncertain: number;
      };
      startedAt: string | null;
      finishedAt: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      updatedAt: string;
    };
    EditionLink: {
      number: number;
      /** @description Where it leads. */
      url: string;
      /** @description The article whose link it is; null: it stands around the articles. */
      articleId: string | null;
      clicks: components['schemas']['LinkClicks'];
    };
    EditionLinks: {
      data: components['schemas']['EditionLink'][];
      /** @description Null: the publication does not measure by reader. */
      measured: components['schemas']['MeasuredReaders'] | null;
    };
    EditionOutcome: {
      /**
       * @description Of `deferred` each try counts that was put off; of the others each message.
       * @enum {string}
       */
      status: 'accepted' | 'deferred' | 'failed' | 'expired' | 'uncertain';
      /**
       * @description What the reply means.
       * @enum {string}
       */
      class: 'hard' | 'soft' | 'blocked' | 'none';
      /** @description The SMTP code; null: none was said. */
      code: number | null;
      /** @description The server's words, without addresses, hosts and numbers of its own. */
      words: string;
      provider: string;
      count: number;
    };
    EditionOutcomePage: {
      data: components['schemas']['EditionOutcome'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    EditionPage: {
      data: components['schemas']['Edition'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    /** @description Changes to a draft or scheduled edition. */
    EditionPatch: {
      /** @description The articles in their order; the first leads. Default: what this digest has not sent, news first. */
      articleIds?: string[];
      /** @description Liquid or plain; default: the digest's. */
      subject?: string | null;
      /** @description RFC 3339. When it is meant to go out; nothing is sent before it is scheduled. */
      sendAt?: string | null;
      /** @description RFC 3339. By when the last message should be accepted: the prediction is held against it, and a late one warned of. */
      deadline?: string | null;
    };
    EditionPause: {
      /** @description Why, for other operators. */
      reason?: string;
    };
    /** @description When to send. */
    EditionSchedule: {
      /**
       * Format: date-time
       * @description RFC 3339, in the future. Default: the time the draft remembers.
       */
      sendAt?: string;
      /** @description RFC 3339. By when the last message should be accepted: the prediction is held against it, and a late one warned of. */
      deadline?: string | null;
    };
    EditionStats: {
      data: components['schemas']['EditionStatsRow'][];
      total: {
        /** @description Readers it was to go to. */
        frozen: number;
        accepted: number;
        /** @description Tries that were put off, broken off or in doubt: of one message perhaps several. */
        deferred: number;
        /** @description Messages given up: refused, or expired. */
        failed: number;
        /** @description Accepted, and came back. */
        bounced: number;
        complained: number;
        /** @description Left by a link in it. */
        unsubscribed: number;
        clicks: components['schemas']['Clicks'];
      };
    };
    EditionStatsRow: {
      /**
       * Format: date-time
       * @description By `hour` or `day`: when it begins. Hours are full ones, UTC; days are the publication’s.
       */
      at?: string;
      /** @description The id of an edition, or the mailbox provider; null: of no known provider, as clicks are. */
      key?: string | null;
      /** @description Readers it was to go to. */
      frozen: number;
      accepted: number;
      /** @description Tries that were put off, broken off or in doubt: of one message perhaps several. */
      deferred: number;
      /** @description Messages given up: refused, or expired. */
      failed: number;
      /** @description Accepted, and came back. */
      bounced: number;
      complained: number;
      /** @description Left by a link in it. */
      unsubscribed: number;
      clicks: components['schemas']['Clicks'];
    };
    Explanation: {
      subscriberId: string;
      /** @description Null in a plan. */
      editionId: string | null;
      /** @description Null: none is frozen for this reader. */
      wave: number | null;
      /**
       * Format: date-time
       * @description When the reader was or is to get it.
       */
      at: string;
      /** @description What happened is told; else what would. */
      frozen: boolean;
      /** @description A mail was accepted, or may have been. */
      sent: boolean;
      /** @description Null: there is no mail to the reader. */
      delivery: {
        /** @enum {string} */
        status: 'queued' | 'claimed' | 'accepted' | 'failed' | 'suppressed' | 'expired' | 'uncertain';
        acceptedAt: string | null;
      } | null;
      reader: {
        status: string;
        subscribed: boolean;
        suppressed: boolean;
        /** @description Ids; null: all. */
        topics: string[] | null;
        cadence: string | null;
        weekday: number | null;
        hour: number | null;
        alerts: boolean;
        pausedUntil: string | null;
        timeZone: string;
        /** @description There is or will be a mail to them. */
        due: boolean;
        /** @enum {string} */
        code:
          | 'due'
          | 'not_active'
          | 'suppressed'
          | 'not_subscribed'
          | 'signed_up_later'
          | 'paused'
          | 'daily'
          | 'weekly'
          | 'breaking_only'
          | 'no_alerts'
          | 'hour'
          | 'missed'
          | 'did_not_receive'
          | 'nothing_new'
          | 'too_few'
          | 'stopped'
          | 'changed_since';
        reason: string;
        /** @description The first day on which it may be otherwise. */
        next: string | null;
      };
      /** @description The candidates in the order of the mail, then the newest that were none. */
      articles: {
        id: string;
        title: string;
        /** @enum {string} */
        verdict:
          | 'sent'
          | 'would_send'
          | 'not_delivered'
          | 'no_mail'
          | 'not_on_chosen_topics'
          | 'had_before'
          | 'not_new'
          | 'over_maximum'
          | 'embargoed'
          | 'not_published'
          | 'retracted'
          | 'draft'
          | 'excluded'
          | 'not_on_digest_topics'
          | 'too_old'
          | 'arrived_later'
          | 'changed_since';
        reason: string;
        /** @description The earlier one that the reason is about. */
        edition: {
          id: string;
          slug: string;
          /** @enum {string} */
          kind: 'regular' | 'alert' | 'correction';
          /**
           * Format: date-time
           * @description RFC 3339, UTC.
           */
          at: string;
        } | null;
        /** @description How long an embargo holds. */
        until: string | null;
      }[];
    };
    Feed: {
      /** @description Opaque. */
      id: string;
      /** @description Follows permanent redirects. */
      url: string;
      name: string;
      enabled: boolean;
      topics: string[];
      /** @description By category, in lower case. */
      categoryTopics: {
        [key: string]: string | null;
      };
      everyMinutes: number;
      /**
       * Format: date-time
       * @description When it is polled next, while it is enabled.
       */
      dueAt: string;
      polledAt: string | null;
      succeededAt: string | null;
      /** @description In a row. */
      failures: number;
      /** @description Null: the last poll went well. */
      lastError: string | null;
      /** @description What of the feed could not be used. */
      warning: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      updatedAt: string;
    };
    FeedbackEvent: {
      /** @description Opaque. */
      id: string;
      kind: string;
      class: string | null;
      status: string | null;
      reason: string | null;
      subscriberId: string | null;
      editionId: string | null;
      /** @description `dialogue`, `page`, or how it came back: `smtp`, `imap`, `api`, `hook`. */
      way: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      at: string;
    };
    FeedbackEventPage: {
      data: components['schemas']['FeedbackEvent'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    FeedPage: {
      data: components['schemas']['Feed'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    /** @description Changes to a feed. */
    FeedPatch: {
      /** @description Of the feed itself: RSS, Atom, RDF or JSON Feed. It is fetched at once. */
      url?: string;
      /** @description Default: what the feed calls itself. */
      name?: string;
      /** @description Ids or slugs of topics that each of its articles gets. */
      topics?: string[];
      /** @description Category of the feed → id or slug of a topic; null: that category gives no topic. A category with a topic's name or slug needs no rule. */
      categoryTopics?: {
        [key: string]: string | null;
      };
      /** @description How often it is polled. Default: 30. */
      everyMinutes?: number;
      /** @description Whether it is polled. Default: true. */
      enabled?: boolean;
    };
    FeedPoll: {
      /** @description Opaque. */
      id: string;
      /** @description Follows permanent redirects. */
      url: string;
      name: string;
      enabled: boolean;
      topics: string[];
      /** @description By category, in lower case. */
      categoryTopics: {
        [key: string]: string | null;
      };
      everyMinutes: number;
      /**
       * Format: date-time
       * @description When it is polled next, while it is enabled.
       */
      dueAt: string;
      polledAt: string | null;
      succeededAt: string | null;
      /** @description In a row. */
      failures: number;
      /** @description Null: the last poll went well. */
      lastError: string | null;
      /** @description What of the feed could not be used. */
      warning: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      updatedAt: string;
      outcome: {
        /**
         * @description `unchanged`: the server said so. `failed`: see `lastError`.
         * @enum {string}
         */
        status: 'ok' | 'unchanged' | 'failed';
        counts: {
          added: number;
          updated: number;
          /** @description Changed after readers or operators had done something with the article. */
          noted: number;
          /** @description From before the feed was added. */
          history: number;
          unchanged: number;
          unusable: number;
        };
      };
    };
    FieldError: {
      /** @description Its path: `schedule.cron`, `topics.0`. */
      field: string;
      code: string;
      message: string;
    };
    ImportReport: {
      imported: number;
      updated: number;
      skipped: number;
      errors: {
        line: number;
        field: string;
        code: string;
        message: string;
      }[];
    } & {
      [key: string]: unknown;
    };
    LinkClicks: {
      /** @description Each once, as far as they can be told apart and from scanners. */
      people: number;
      /** @description Gateways and other programs, each once for each time they came. */
      scanners: number;
      /** @description By how much `people` may be off, in either direction. Of a sum it is not the sum of margins. */
      margin: number;
      /** @description People and scanners together. */
      withScanners: number;
    };
    MadeApiKey: {
      /** @description Opaque. */
      id: string;
      name: string;
      prefix: string;
      /** @description Null: it may what its scopes say. */
      role: ('owner' | 'editor' | 'author' | 'analyst') | null;
      scopes:
        | (
            | 'content:read'
            | 'drafts:write'
            | 'articles:publish'
            | 'editions:send'
            | 'digests:write'
            | 'settings:write'
            | 'numbers:read'
            | 'alarms:write'
            | 'readers:read'
            | 'readers:write'
            | 'readers:export'
            | 'readers:data'
            | 'feedback:write'
            | 'transports:read'
            | 'transports:write'
            | 'keys:manage'
            | 'operators:manage'
            | 'audit:read'
            | 'account:own'
            | 'machinery:read'
          )[]
        | null;
      /** @description Where it may be used; null: anywhere. */
      networks: string[] | null;
      /** @description Requests a minute; null: no limit. */
      perMinute: number | null;
      expiresAt: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
      lastUsedAt: string | null;
      /** @description Its text, shown this once: a repeat of the request does not tell it. */
      key?: string;
    };
    MadeDkimKeys: {
      data: components['schemas']['DkimKey'][];
    };
    MailgunHook: {
      /** @constant */
      provider: 'mailgun';
      settings: {
        /**
         * Format: password
         * @description The HTTP webhook signing key of the account (no API key).
         */
        signingKey: string;
      };
    };
    MailjetHook: {
      /** @constant */
      provider: 'mailjet';
      settings: {
        /**
         * Format: password
         * @description A long random word that the provider sends with each request: as the password of HTTP basic authentication (any user), as a bearer token, as the header X-Webhook-Token, or, where nothing else can be set, as ?token= of the URL.
         */
        secret: string;
      };
    };
    MeasuredReaders: {
      /** @description To whom it went, and who agree: all that follows is of so many. */
      readers: number;
      /** @description Readers who opened it or followed a link. */
      openedBy: number;
      /** @description Readers who followed a link. */
      clickedBy: number;
      /** @description Readers whose mail program fetched the picture ahead of them, and of whom nothing else is known. */
      prefetched: number;
    };
    NewApiKey: {
      name: string;
      /**
       * @description owner: everything; editor (the default): all editorial work and readers; author: drafts; analyst: numbers, no addresses. `viewer` is an older word for analyst.
       * @enum {string}
       */
      role?: 'owner' | 'editor' | 'author' | 'analyst' | 'viewer';
      /** @description What it may do, instead of a role. */
      scopes?: (
        | 'content:read'
        | 'drafts:write'
        | 'articles:publish'
        | 'editions:send'
        | 'digests:write'
        | 'settings:write'
        | 'numbers:read'
        | 'alarms:write'
        | 'readers:read'
        | 'readers:write'
        | 'readers:export'
        | 'readers:data'
        | 'feedback:write'
        | 'transports:read'
        | 'transports:write'
        | 'keys:manage'
        | 'operators:manage'
        | 'audit:read'
        | 'account:own'
        | 'machinery:read'
      )[];
      /**
       * Format: date-time
       * @description RFC 3339. After that it is refused. Default: never.
       */
      expiresAt?: string;
      /** @description Addresses and networks (CIDR) it may be used from. Default: any. */
      networks?: string[];
      /** @description How many requests it may make in a minute. Default: no limit. */
      perMinute?: number;
    };
    /** @description A new article. */
    NewArticle: {
      /** @description Headline, one line of at most 300 characters. */
      title: string;
      /** @description The story in the given format, at most 1 MB. What a mail can not show is left out. */
      body: string;
      /**
       * @description How the body is written. In `text` a blank line parts paragraphs and no character is changed.
       * @enum {string}
       */
      format: 'markdown' | 'html' | 'text';
      /** @description Where the story lives. One article per URL. Without it the story lives here, at `/a/{slug}`. */
      url?: string | null;
      /** @description Shown under the headline; without it the first sentences of the body. */
      summary?: string | null;
      /** @description Byline, without "By". */
      author?: string | null;
      /** @description The picture shown with the story. */
      imageUrl?: string | null;
      /** @description Ids or slugs of topics. */
      topics?: string[];
      /**
       * Format: date-time
       * @description RFC 3339. Default: now. In the future: not shown or sent before.
       */
      publishedAt?: string;
      /** @description RFC 3339. Not shown or sent before, whatever `publishedAt` says. */
      embargoUntil?: string | null;
      /** @description Neither shown nor sent until false. Imported articles are drafts. Default: false. */
      draft?: boolean;
      /** @description -100 to 100, default 0. The higher comes first where the digest is ordered by priority. */
      priority?: number;
      /** @description Goes at once to those who asked for alerts, while it is news. Default: false. */
      breaking?: boolean;
    };
    NewBulkAction: {
      /** @enum {string} */
      action: 'unsubscribe' | 'suppress' | 'add_digest' | 'remove_digest';
      /** @description With `add_digest` and `remove_digest`: its id or slug. */
      digest?: string;
      /** @description `add_digest` needs it: how these readers agreed to get the digest. */
      consent?: components['schemas']['ConsentStatement'];
      /** @description Just these readers. */
      ids?: string[];
      /** @description All whom the list shows by this filter. */
      filter?: {
        /** @description Part of the address or the name; of several words each. Case and accents do not matter. Words of one or two letters are looked for everywhere among the newest ten thousand, and at the beginnings of addresses and names among the others. */
        q?: string;
        /** @enum {string} */
        status?: 'pending' | 'active' | 'unsubscribed' | 'bounced' | 'complained';
        /** @description Who has subscribed to it: its id or slug. */
        digest?: string;
        /** @description Who chose it by name (who takes all topics did not): its id or slug; with `digest`, in it. */
        topic?: string;
        /** @description Which form they came by first: `article`, `embed`, `import`, `api`, `operator` … */
        source?: string;
        /** @description As it is stored: `de`, `pt-BR`. */
        locale?: string;
        /** @description As in the list. */
        inactive?: boolean;
        /** @description Each `name:value`. */
        attribute?: string[];
      };
      /**
       * @description All readers there are.
       * @constant
       */
      everybody?: true;
      /**
       * @description Only counts.
       * @default false
       */
      dryRun?: boolean;
      /** @description The `matched` of a dry run: it is refused when there are more by now. */
      expect?: number;
      /**
       * @description So long it waits before it begins, to be called off.
       * @default 10
       */
      waitSeconds?: number;
    };
    /** @description A correction. */
    NewCorrection: {
      /** @description What was wrong, and what is right: plain text, of several lines if need be. */
      note: string;
    };
    /** @description A new digest. */
    NewDigest: {
      /** @description What readers see: `The Morning Brief`. */
      name: string;
      /** @description In URLs and the List-Id; made from the name by default. Never changes later. */
      slug?: string;
      /** @description Ids or slugs of topics whose articles it takes. None or null: every article. */
      topics?: string[] | null;
      /** @description Name of a template in `templates/emails`, or MJML of your own. Default: `digest`. */
      template?: string;
      /** @description Liquid over `articles`, `digest`, `publication` and `date`: `{{ articles[0].title }} and more`. Default: the title of the first article. */
      subject?: string | null;
      /** @description With fewer articles an edition is not sent. Default 1. */
      minArticles?: number;
      /** @description How many articles an edition takes by itself. Default 20. */
      maxArticles?: number;
      /** @description Given to readers who sign up without naming a digest. The first digest made is a default. */
      isDefault?: boolean;
      /** @description When it goes out by itself. Null: only when an operator says so. */
      schedule?: {
        /** @description Five fields: minute, hour, day of the month, month, day of the week: `0 7 * * MON-FRI`. */
        cron: string;
        /** @description IANA name, `Europe/Lisbon`. Default: the publication's. */
        timeZone?: string | null;
        /** @description The cron is on the clock of each reader: seven in the morning wherever they are. Default: false. */
        readerLocal?: boolean;
      } | null;
      /** @description What was missed while nothing ran is sent late by at most so much; older ones are held for an operator. Default 360. */
      lateLimitMinutes?: number;
      /** @description Each edition needs an operator's yes before it goes out. Null: none does. */
      approval?: {
        /** @description How long before its time it is drafted, and owners and editors are asked by mail. */
        minutes: number;
        /**
         * @description What becomes of it when nobody said yes or no. Default: `skip`.
         * @enum {string}
         */
        otherwise?: 'skip' | 'send';
      } | null;
      /**
       * @description What a reader gets for whom nothing is new: no mail, or `emptyText`. Default: `skip`.
       * @enum {string}
       */
      whenEmpty?: 'skip' | 'send';
      /** @description Plain text. Needed when `whenEmpty` is `send`. */
      emptyText?: string | null;
      /** @description What decides which story comes first; the earlier rule outweighs the later. */
      orderBy?: ('pin' | 'priority' | 'recency')[];
      /** @description Ids of articles that come first, in this order. */
      pinned?: string[];
      /** @description Ids of articles that it never takes by itself. */
      excluded?: string[];
      /** @description Older stories are not taken, not even for a reader who is new. Default 14. */
      lookbackDays?: number;
      /** @description After so many days a reader may get a story again; 0: at once. Null, the default: never. */
      repeatAfterDays?: number | null;
      /** @description By locale, where it is another one than `template`. */
      templates?: {
        [key: string]: string;
      };
      /** @description For alerts. Default: `alert`. */
      alertTemplate?: string;
    };
    /** @description Keys to make. */
    NewDkimKeys: {
      /** @enum {string} */
      algorithm: 'rsa' | 'ed25519' | 'both';
      /** @description With `both`, -rsa and -ed25519 are put behind it. Default: made from the date. */
      selector?: string;
      /** @description Default: that of the sender's address. */
      domain?: string;
    };
    NewDomainRule: {
      domains: string[];
      /** @default null */
      connections?: number | null;
      /** @default null */
      perSecond?: number | null;
    };
    /** @description A new draft of an edition. */
    NewEdition: {
      /** @description The articles in their order; the first leads. Default: what this digest has not sent, news first. */
      articleIds?: string[];
      /** @description Liquid or plain; default: the digest's. */
      subject?: string | null;
      /** @description RFC 3339. When it is meant to go out; nothing is sent before it is scheduled. */
      sendAt?: string | null;
      /** @description RFC 3339. By when the last message should be accepted: the prediction is held against it, and a late one warned of. */
      deadline?: string | null;
    };
    /** @description A new feed. */
    NewFeed: {
      /** @description Of the feed itself: RSS, Atom, RDF or JSON Feed. It is fetched at once. */
      url: string;
      /** @description Default: what the feed calls itself. */
      name?: string;
      /** @description Ids or slugs of topics that each of its articles gets. */
      topics?: string[];
      /** @description Category of the feed → id or slug of a topic; null: that category gives no topic. A category with a topic's name or slug needs no rule. */
      categoryTopics?: {
        [key: string]: string | null;
      };
      /** @description How often it is polled. Default: 30. */
      everyMinutes?: number;
      /** @description Whether it is polled. Default: true. */
      enabled?: boolean;
    };
    NewInvitation: {
      email: string;
      name?: string;
      /**
       * @description owner: everything; editor: all editorial work and readers; author: drafts of articles and editions; analyst: numbers, no addresses
       * @enum {string}
       */
      role: 'owner' | 'editor' | 'author' | 'analyst';
    };
    NewOperator: {
      email: string;
      name?: string;
      /**
       * @description owner: everything; editor: all editorial work and readers; author: drafts of articles and editions; analyst: numbers, no addresses
       * @enum {string}
       */
      role: 'owner' | 'editor' | 'author' | 'analyst';
      /**
       * Format: password
       * @description The first one; they can change it.
       */
      password: string;
    };
    NewPasskey: {
      /** @description So that it can be told from others: the device. */
      name: string;
      /** @description As the options had it. */
      step: string;
      credential: {
        id: string;
        rawId: string;
        /** @constant */
        type: 'public-key';
        authenticatorAttachment?: string | null;
        /** @default {} */
        clientExtensionResults?: {
          [key: string]: unknown;
        };
        response: {
          clientDataJSON: string;
          attestationObject: string;
        } & {
          [key: string]: unknown;
        };
      } & {
        [key: string]: unknown;
      };
    };
    /** @description What is to be planned. Nothing is written. */
    NewPlan: {
      /** @description RFC 3339. The plan is of the first time of the schedule from then on; without a schedule, of an edition at that very time. Default: now. */
      at?: string | null;
      /** @description A reader to be told of in particular. */
      subscriberId?: string | null;
    };
    NewSubscriber: {
      email: string;
      name?: string | null;
      locale?: string;
      timeZone?: string | null;
      topics?: string[];
      digests?: string[];
      subscriptions?: components['schemas']['SubscriptionChoice'][];
      attributes?: {
        [key: string]: unknown;
      };
      /**
       * @default pending
       * @enum {string}
       */
      status?: 'pending' | 'active';
      consent?: components['schemas']['ConsentStatement'];
      /** @description What `consent` was given for. With `measurement` the reader may be measured; `newsletter` goes without saying. */
      purposes?: ('newsletter' | 'measurement')[];
    };
    NewSuppression: {
      email: string;
      /**
       * @default operator
       * @enum {string}
       */
      reason?: 'complaint' | 'hard_bounce' | 'operator' | 'erasure' | 'import';
      note?: string | null;
    };
    NewTerms: {
      locale?: string;
      text: string;
    };
    NewTestMails: {
      /** @description Who gets the test: colleagues, not readers. */
      to: string[];
    };
    NewTopic: {
      name: string;
      slug?: string;
      description?: string | null;
    };
    /** @description A new transport. */
    NewTransport: {
      /** @description Told apart by it. */
      name: string;
      /** @description Instead of host to auth: `smtps://user:password@smtp.example.org:465`, as SMTP_URL. */
      url?: string;
      host?: string;
      /** @description Default: 465 with `tls`, else 587. */
      port?: number;
      /**
       * @description `tls`: from the first byte. `starttls`: required. `opportunistic`: if offered.
       * @enum {string}
       */
      security?: 'tls' | 'starttls' | 'opportunistic' | 'none';
      verifyCertificate?: boolean;
      /** @description Said in EHLO. Null: the machine's name. */
      clientName?: string | null;
      /** @description How to sign in. */
      auth?:
        | {
            /** @constant */
            method: 'none';
          }
        | {
            /** @constant */
            method: 'password';
            user?: string;
            /** @description Never given out again. A change without it keeps it. */
            password?: string;
          }
        | {
            /** @constant */
            method: 'xoauth2';
            user?: string;
            clientId?: string;
            clientSecret?: string;
            refreshToken?: string;
            /** @description Where tokens are fetched. Default: Google's. */
            accessUrl?: string;
            /** @description A token, instead of what fetches one. */
            accessToken?: string;
          };
      /** @description Its share of the mail; 0: only while no other is usable. Default 1. */
      weight?: number;
      /** @description Per worker process. Default: SMTP_CONNECTIONS. */
      connections?: number;
      /** @description Messages, of all workers together. Null: no limit. */
      limits?: {
        perSecond?: number | null;
        perHour?: number | null;
        perDay?: number | null;
      };
      warmUp?: {
        startPerDay: number;
        growthPercent: number;
        ceilingPerDay: number;
        /**
         * Format: date
         * @description UTC. Default: today.
         */
        startedOn?: string;
      } | null;
      domainRules?: components['schemas']['NewDomainRule'][] | null;
      enabled?: boolean;
    };
    /** @description What to try. */
    NewTransportTest: {
      /** @description Gets a small test mail. None: only the connection is tried. */
      to?: string;
    };
    Operator: {
      /** @description Opaque. */
      id: string;
      email: string;
      name: string;
      /** @enum {string} */
      role: 'owner' | 'editor' | 'author' | 'analyst';
      /**
       * @description invited: has not accepted yet; disabled: may not sign in.
       * @enum {string}
       */
      status: 'invited' | 'active' | 'disabled';
      hasPassword: boolean;
      /** @description A code of an authenticator app is asked for. */
      hasTotp: boolean;
      passkeys: number;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
      lastSignInAt: string | null;
    };
    OperatorPage: {
      data: components['schemas']['Operator'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    OperatorPatch: {
      name?: string;
      /**
       * @description owner: everything; editor: all editorial work and readers; author: drafts of articles and editions; analyst: numbers, no addresses
       * @enum {string}
       */
      role?: 'owner' | 'editor' | 'author' | 'analyst';
      /**
       * @description disabled: kept, and refused; all their sessions end
       * @enum {string}
       */
      status?: 'active' | 'disabled';
    };
    Passkey: {
      /** @description Opaque. */
      id: string;
      name: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
      lastUsedAt: string | null;
    };
    PasskeyOptions: {
      [key: string]: unknown;
    };
    PasswordChange: {
      /**
       * Format: password
       * @description Not needed by who has none yet.
       */
      current?: string;
      /** Format: password */
      password: string;
    };
    Plan: {
      /**
       * Format: date-time
       * @description Of the first wave.
       */
      at: string;
      /** @description A local one is the wall clock written as if it were UTC. Null: there is no schedule. */
      slot: {
        /**
         * Format: date-time
         * @description RFC 3339, UTC.
         */
        at: string;
        previousAt: string | null;
        local: boolean;
      } | null;
      waves: {
        /**
         * Format: date-time
         * @description RFC 3339, UTC.
         */
        at: string;
        zones: string[];
        /** @description Active subscribers whose time it is. */
        readers: number;
        /** @description Null: to find out would have taken too long. */
        recipients: number | null;
        /** @description Those that most readers get. */
        variants: {
          articleIds: string[];
          locale: string;
          /** @description The maximum cuts articles off. */
          more: boolean;
          recipients: number;
          /** @description Null: it can not be written; see `problems`. */
          subject: string | null;
        }[];
        /** @description How many are not shown. */
        moreVariants: number;
      }[];
      articles: {
        id: string;
        title: string;
        recipients: number;
      }[];
      /** @description Of the variant that most readers get. */
      subject: string | null;
      /** @description Readers who would get nothing. */
      empty: number;
      /** @description What would keep it from being sent. */
      problems: string[];
      /** @description At the pace of the last editions; null: there are none to go by. */
      predicted: {
        seconds: number;
        perSecond: number;
        /**
         * Format: date-time
         * @description RFC 3339, UTC.
         */
        finishAt: string;
      } | null;
      /** @description Of `subscriberId`. */
      reader: components['schemas']['Explanation'] | null;
    };
    PostmarkHook: {
      /** @constant */
      provider: 'postmark';
      settings: {
        /**
         * Format: password
         * @description A long random word that the provider sends with each request: as the password of HTTP basic authentication (any user), as a bearer token, as the header X-Webhook-Token, or, where nothing else can be set, as ?token= of the URL.
         */
        secret: string;
      };
    };
    /** @description RFC 9457. */
    Problem: {
      type: string;
      title: string;
      status: number;
      detail: string;
      code: string;
      errors?: components['schemas']['FieldError'][];
    } & {
      [key: string]: unknown;
    };
    Publication: {
      /** @description Opaque. */
      id: string;
      name: string;
      baseUrl: string;
      senderName: string;
      senderEmail: string;
      replyTo: string | null;
      postalAddress: string;
      locale: string;
      timeZone: string;
      theme: {
        accentColor: string;
        logoUrl?: string | null;
      };
      wording: {
        [key: string]: string | null;
      };
      /**
       * @description Whether clicks in mails are counted, and how.
       * @enum {string}
       */
      measure: 'none' | 'totals' | 'consented';
      /** @description Added to the links of editions; null: nothing is. */
      utm: {
        source: string;
        medium: string;
        campaign?: string | null;
      } | null;
      /** @description What would keep mail from being lawful or from arriving. */
      warnings: components['schemas']['FieldError'][];
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      updatedAt: string;
    };
    PublicationPatch: {
      name?: string;
      baseUrl?: string;
      senderName?: string;
      senderEmail?: string;
      replyTo?: string | null;
      postalAddress?: string;
      locale?: string;
      timeZone?: string;
      theme?: {
        accentColor?: string;
        logoUrl?: string | null;
      };
      wording?: {
        invitation?: string | null;
        agreement?: string | null;
        button?: string | null;
      };
      /**
       * @description Whether clicks in mails are counted: not at all, in numbers that name nobody, or also by reader where they agreed.
       * @enum {string}
       */
      measure?: 'none' | 'totals' | 'consented';
      /** @description Added to the links of editions; null: nothing is. */
      utm?: {
        /** @description `utm_source` */
        source: string;
        /** @description `utm_medium` */
        medium: string;
        /** @description `utm_campaign`; `{digest}` and `{edition}` become the slugs of both. */
        campaign?: string | null;
      } | null;
    };
    QueuedMails: {
      queued: number;
    };
    ReaderClicks: {
      /** @description Opaque. */
      editionId: string;
      /** @description Null: it was never fetched. */
      pictures: {
        /**
         * Format: date-time
         * @description RFC 3339, UTC.
         */
        firstAt: string;
        /**
         * Format: date-time
         * @description RFC 3339, UTC.
         */
        lastAt: string;
        /** @description How often the picture was shown. */
        opened: number;
        /** @description How often a mail program fetched it by itself. */
        prefetched: number;
      } | null;
      clicks: {
        /** @description Of the link. */
        number: number;
        url: string;
        articleId: string | null;
        /**
         * Format: date-time
         * @description RFC 3339, UTC.
         */
        firstAt: string;
        /**
         * Format: date-time
         * @description RFC 3339, UTC.
         */
        lastAt: string;
        count: number;
      }[];
    };
    ReaderClicksPage: {
      data: components['schemas']['ReaderClicks'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    ReaderCounts: {
      readers: {
        pending: number;
        active: number;
        unsubscribed: number;
        bounced: number;
        complained: number;
        total: number;
      };
      locales: {
        locale: string;
        pending: number;
        active: number;
        unsubscribed: number;
        bounced: number;
        complained: number;
        total: number;
      }[];
      sources: {
        /** @description Which form they came by first. */
        source: string;
        pending: number;
        active: number;
        unsubscribed: number;
        bounced: number;
        complained: number;
        total: number;
      }[];
      digests: {
        /** @description Opaque. */
        digestId: string;
        slug: string;
        name: string;
        pending: number;
        active: number;
        unsubscribed: number;
        bounced: number;
        complained: number;
        total: number;
      }[];
      /** @description By digest: who chose the topic in it by name. */
      topics: {
        /** @description Opaque. */
        topicId: string;
        /** @description Opaque. */
        digestId: string;
        slug: string;
        name: string;
        pending: number;
        active: number;
        unsubscribed: number;
        bounced: number;
        complained: number;
        total: number;
      }[];
    };
    RecoveryCodes: {
      /** @description Each works once; shown this once. */
      codes?: string[];
    };
    Reply: {
      /** @description The basic reply code; null: none was given. */
      code?: number | null;
      /** @description The enhanced status code, where it is known beside the text. */
      status?: string | null;
      /** @description What the server said. */
      text: string;
      /**
       * @description Where in the dialogue; `message`: after its final dot, or in a bounce mail.
       * @enum {string}
       */
      stage?: 'connect' | 'mail' | 'rcpt' | 'data' | 'message';
    };
    ReplyReading: {
      /**
       * @description `hard`: the address is dead; `soft`: it may work later; `blocked`: it is about us.
       * @enum {string}
       */
      class: 'hard' | 'soft' | 'blocked' | 'none';
      /** @enum {string} */
      about: 'address' | 'mailbox' | 'content' | 'sender' | 'network';
      status: string | null;
    };
    ReportedSource: {
      sourceIp: string;
      messages: number;
      /** @description DMARC passed: DKIM or SPF did, with a domain that fits From. */
      passed: number;
      failed: number;
      dkimPassed: number;
      spfPassed: number;
      /** @description Put into the spam folder, or refused. */
      stopped: number;
      /** @description Receivers that reported it. */
      reporters: number;
      /**
       * Format: date-time
       * @description The end of the last report that names it.
       */
      lastAt: string;
    };
    ReportedSources: {
      /** @description Most messages first; at most 500. */
      data: components['schemas']['ReportedSource'][];
    };
    ResendHook: {
      /** @constant */
      provider: 'resend';
      settings: {
        /**
         * Format: password
         * @description The signing secret of the webhook, whsec_…
         */
        secret: string;
      };
    };
    ResetLink: {
      /** @description Shown this once: hand it over. It works once. */
      url?: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      expiresAt: string;
    };
    ReturnedMessage: {
      /** @enum {string} */
      kind:
        | 'bounce'
        | 'delayed'
        | 'complaint'
        | 'auto_reply'
        | 'unsubscribe'
        | 'dmarc_report'
        | 'tls_report'
        | 'other';
      results: components['schemas']['ReturnResult'][];
    };
    ReturnResult: {
      /** @description The address that failed or complained; null: it is not told. */
      recipient: string | null;
      /** @description Null: it is no bounce. */
      class: ('hard' | 'soft' | 'blocked' | 'none') | null;
      /** @description The enhanced status code. */
      status: string | null;
      /** @description The words, addresses taken out. */
      reason: string;
      /** @description Null: no reader of ours. */
      subscriberId: string | null;
      editionId: string | null;
      /** @enum {string} */
      action: 'suppressed' | 'counted' | 'rested' | 'unsubscribed' | 'none';
    };
    ScalewayHook: {
      /** @constant */
      provider: 'scaleway';
      settings: {
        /** @description The ARNs of the topics whose messages are believed. */
        topics: string[];
        /** @description Scaleway's root certificate, should it change. Default: the one that is valid until June 2032. */
        rootCertificate?: string;
      };
    };
    SendgridHook: {
      /** @constant */
      provider: 'sendgrid';
      settings: {
        /** @description The verification key of the signed event webhook. It is no secret. */
        publicKey: string;
      };
    };
    SesHook: {
      /** @constant */
      provider: 'ses';
      settings: {
        /** @description The ARNs of the topics whose messages are believed. */
        topics: string[];
      };
    };
    Session: {
      /** @description Opaque. */
      id: string;
      /** @description Null: of the holder of an API key. */
      operatorId: string | null;
      apiKeyId: string | null;
      /** @description Address of the operator, or name of the key. */
      name: string;
      /** @enum {string} */
      method: 'password' | 'key' | 'passkey' | 'oidc' | 'link';
      /** @description Address it was opened from. */
      client: string | null;
      userAgent: string | null;
      /** @description The one that asks. */
      isCurrent: boolean;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      lastSeenAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      expiresAt: string;
    };
    SessionPage: {
      data: components['schemas']['Session'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    Slot: {
      /** @description Opaque. */
      id: string;
      /** @description Opaque. */
      digestId: string;
      /** @description RFC 3339, UTC; if `local`, what readers' clocks show: `2026-11-23T07:00:00`, without a zone. */
      at: string;
      local: boolean;
      /**
       * Format: date-time
       * @description When its first readers are due.
       */
      opensAt: string;
      /**
       * Format: date-time
       * @description After this nobody is due any more.
       */
      closesAt: string;
      /**
       * @description `open`: drafted, waits for an operator's yes. `held`: was missed, waits for an operator.
       * @enum {string}
       */
      status: 'open' | 'fired' | 'held' | 'skipped';
      editionId: string | null;
      reason: string | null;
      decidedAt: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
    };
    SlotPage: {
      data: components['schemas']['Slot'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    SparkpostHook: {
      /** @constant */
      provider: 'sparkpost';
      settings: {
        /**
         * Format: password
         * @description A long random word that the provider sends with each request: as the password of HTTP basic authentication (any user), as a bearer token, as the header X-Webhook-Token, or, where nothing else can be set, as ?token= of the URL.
         */
        secret: string;
      };
    };
    Subscriber: {
      /** @description Opaque. */
      id: string;
      email: string;
      name: string | null;
      locale: string;
      timeZone: string | null;
      /** @enum {string} */
      status: 'pending' | 'active' | 'unsubscribed' | 'bounced' | 'complained';
      suppressed: boolean;
      attributes: {
        [key: string]: unknown;
      };
      followsDefaults: boolean;
      digests: components['schemas']['Subscription'][];
      /** @description Since when they agree to be measured; null: they do not. */
      measuredSince: string | null;
      confirmedAt: string | null;
      unsubscribedAt: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      updatedAt: string;
    };
    SubscriberData: {
      [key: string]: unknown;
    };
    SubscriberPage: {
      data: components['schemas']['Subscriber'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
      /** @description Null on a later page whose total was an estimate: it is as the first page said. */
      total: components['schemas']['Total'] | null;
    };
    SubscriberPatch: {
      name?: string | null;
      locale?: string;
      timeZone?: string | null;
      topics?: string[];
      digests?: string[];
      subscriptions?: components['schemas']['SubscriptionChoice'][];
      attributes?: {
        [key: string]: unknown;
      };
      /** @enum {string} */
      status?: 'active' | 'unsubscribed';
      consent?: components['schemas']['ConsentStatement'];
      /** @description What the reader agrees to from now on. `measurement` is new only with `consent`, and ends where it is left out. */
      purposes?: ('newsletter' | 'measurement')[];
    };
    Subscription: {
      /** @description Opaque. */
      digestId: string;
      slug: string;
      name: string;
      /** @description Null: all; empty: what was chosen is gone. */
      topics: string[] | null;
      /** @enum {string} */
      cadence: 'every' | 'daily' | 'weekly' | 'breaking';
      /** @description With `weekly`: 1 Monday to 7 Sunday; null: any. */
      weekday: number | null;
      /** @description The reader's local hour; null: the digest's time. */
      hour: number | null;
      /** @description Breaking articles too, at once. */
      alerts: boolean;
      /** @description The first day with mail again; null: not paused. */
      pausedUntil: string | null;
    };
    SubscriptionChoice: {
      /** @description Id or slug. */
      digest: string;
      /** @description Ids or slugs; null or empty: all. */
      topics?: string[] | null;
      /** @enum {string} */
      cadence?: 'every' | 'daily' | 'weekly' | 'breaking';
      /** @description With `weekly`: 1 Monday to 7 Sunday; null: any. */
      weekday?: number | null;
      /** @description The reader's local hour; null: the digest's time. */
      hour?: number | null;
      /** @description Breaking articles too, at once. */
      alerts?: boolean;
      /** @description The first day with mail again; null: no pause. */
      pausedUntil?: string | null;
    };
    Suppression: {
      /** @description Opaque. */
      id: string;
      /** @enum {string} */
      reason: 'complaint' | 'hard_bounce' | 'operator' | 'erasure' | 'import';
      note: string | null;
      /** @description What came back and told it. */
      returnedItemId: string | null;
      subscriberId: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
    };
    SuppressionLift: {
      reason: string;
    };
    SuppressionPage: {
      data: components['schemas']['Suppression'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    TemplateCheck: {
      /** @description MJML with Liquid, or the name of a template of ours. */
      template: string;
      /**
       * @description In which language it is tried out. Default: the publication’s.
       * @enum {string}
       */
      locale?: 'ar' | 'de' | 'en' | 'es' | 'fr';
      /**
       * @description `alert`: as the template of a digest’s alerts.
       * @default regular
       * @enum {string}
       */
      kind?: 'regular' | 'alert';
    };
    TemplateReport: {
      /** @description A digest may be given it. */
      accepted: boolean;
      /** @description None when it is accepted. */
      problems: {
        /** @description Of the template; null: it is about all of it, or about the MJML made of it. */
        line: number | null;
        code: string;
        /** @description What is wrong and what to do, with the place. */
        message: string;
      }[];
    };
    Terms: {
      /** @description Opaque. */
      id: string;
      version: number;
      locale: string;
      text: string;
      sha256: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
    };
    TermsPage: {
      data: components['schemas']['Terms'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    Topic: {
      /** @description Opaque. */
      id: string;
      slug: string;
      name: string;
      description: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
    };
    TopicPage: {
      data: components['schemas']['Topic'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    TopicPatch: {
      name?: string;
      slug?: string;
      description?: string | null;
    };
    Total: {
      value: number;
      /** @description False: about so many. */
      exact: boolean;
    };
    TotpCode: {
      code: string;
    };
    TotpStart: {
      /** @description In base32, to be typed in; shown this once. */
      secret?: string;
      /** @description `otpauth://…`, for a QR code; shown this once. */
      uri?: string;
    };
    Transport: {
      /** @description Opaque. */
      id: string;
      name: string;
      /**
       * @description `environment`: made from SMTP_URL.
       * @enum {string}
       */
      origin: 'environment' | 'operator';
      enabled: boolean;
      /** @description Null: SMTP_URL is unset. */
      host: string | null;
      port: number;
      /** @enum {string} */
      security: 'tls' | 'starttls' | 'opportunistic' | 'none';
      verifyCertificate: boolean;
      clientName: string | null;
      auth: {
        /** @enum {string} */
        method: 'none' | 'password' | 'xoauth2';
        user: string | null;
      };
      /** @description A password or token is kept. It is never given out. */
      hasSecret: boolean;
      weight: number;
      connections: number;
      limits: {
        perSecond: number | null;
        perHour: number | null;
        perDay: number | null;
      };
      warmUp: {
        startPerDay: number;
        growthPercent: number;
        ceilingPerDay: number;
        startedOn: string;
      } | null;
      /** @description Null: the defaults for the big mailbox providers. */
      domainRules:
        | {
            domains: string[];
            connections: number | null;
            perSecond: number | null;
          }[]
        | null;
      dkim: {
        domain: string;
        selector: string;
        /** @enum {string} */
        algorithm: 'rsa-sha256' | 'ed25519-sha256';
      }[];
      /** @description It failed and is left alone until then. */
      restingUntil: string | null;
      lastError: string | null;
      lastErrorAt: string | null;
      usedThisHour: number;
      usedToday: number;
      /** @description By limit and warm-up. Null: no limit. */
      allowedToday: number | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      createdAt: string;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      updatedAt: string;
    };
    TransportHook: {
      /** @enum {string} */
      provider:
        | 'ses'
        | 'postmark'
        | 'mailgun'
        | 'sendgrid'
        | 'brevo'
        | 'resend'
        | 'sparkpost'
        | 'mailjet'
        | 'scaleway';
      /**
       * Format: uri
       * @description Where the provider is to send its events.
       */
      url: string;
      /** @description Without its secrets. */
      settings: {
        [key: string]: unknown;
      };
      /** @description To the second. */
      lastEventAt: string | null;
      lastRefusalAt: string | null;
      /** @description Why a request was not believed. */
      lastRefusal: string | null;
    };
    TransportHookInput:
      | components['schemas']['SesHook']
      | components['schemas']['PostmarkHook']
      | components['schemas']['MailgunHook']
      | components['schemas']['SendgridHook']
      | components['schemas']['BrevoHook']
      | components['schemas']['ResendHook']
      | components['schemas']['SparkpostHook']
      | components['schemas']['MailjetHook']
      | components['schemas']['ScalewayHook'];
    TransportPage: {
      data: components['schemas']['Transport'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    /** @description Changes to a transport. */
    TransportPatch: {
      /** @description Told apart by it. */
      name?: string;
      /** @description Instead of host to auth: `smtps://user:password@smtp.example.org:465`, as SMTP_URL. */
      url?: string;
      host?: string;
      /** @description Default: 465 with `tls`, else 587. */
      port?: number;
      /**
       * @description `tls`: from the first byte. `starttls`: required. `opportunistic`: if offered.
       * @enum {string}
       */
      security?: 'tls' | 'starttls' | 'opportunistic' | 'none';
      verifyCertificate?: boolean;
      /** @description Said in EHLO. Null: the machine's name. */
      clientName?: string | null;
      /** @description How to sign in. */
      auth?:
        | {
            /** @constant */
            method: 'none';
          }
        | {
            /** @constant */
            method: 'password';
            user?: string;
            /** @description Never given out again. A change without it keeps it. */
            password?: string;
          }
        | {
            /** @constant */
            method: 'xoauth2';
            user?: string;
            clientId?: string;
            clientSecret?: string;
            refreshToken?: string;
            /** @description Where tokens are fetched. Default: Google's. */
            accessUrl?: string;
            /** @description A token, instead of what fetches one. */
            accessToken?: string;
          };
      /** @description Its share of the mail; 0: only while no other is usable. Default 1. */
      weight?: number;
      /** @description Per worker process. Default: SMTP_CONNECTIONS. */
      connections?: number;
      /** @description Messages, of all workers together. Null: no limit. */
      limits?: {
        perSecond?: number | null;
        perHour?: number | null;
        perDay?: number | null;
      };
      warmUp?: {
        startPerDay: number;
        growthPercent: number;
        ceilingPerDay: number;
        /**
         * Format: date
         * @description UTC. Default: today.
         */
        startedOn?: string;
      } | null;
      domainRules?: components['schemas']['NewDomainRule'][] | null;
      enabled?: boolean;
    };
    TransportTest: {
      ok: boolean;
      tls: {
        protocol: string;
        cipher: string;
        verified: boolean;
      } | null;
      authenticated: boolean;
      capabilities: {
        pipelining: boolean;
        smtpUtf8: boolean;
        eightBitMime: boolean;
        /** @description Bytes. */
        maxSize: number | null;
      } | null;
      sent: boolean;
      reply: string | null;
      /** @description What went wrong, in the server's words where they are its. */
      error: string | null;
      milliseconds: number;
    };
    Wave: {
      wave: number;
      /**
       * Format: date-time
       * @description When it was meant to go.
       */
      at: string;
      /**
       * Format: date-time
       * @description What was news by then is in it.
       */
      cutoff: string;
      recipients: number;
      variants: number;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      frozenAt: string;
    };
    WavePage: {
      data: components['schemas']['Wave'][];
      /** @description Null on the last page. */
      nextCursor: string | null;
    };
    WayIn: {
      /** @enum {string} */
      name: 'imap' | 'smtp';
      isWell: boolean;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      since: string;
      problem: string | null;
      lastMessageAt: string | null;
      /**
       * Format: date-time
       * @description RFC 3339, UTC.
       */
      updatedAt: string;
    };
    WaysIn: {
      data: components['schemas']['WayIn'][];
    };
  };
  responses: {
    /** @description The request cannot be read */
    Malformed: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description No valid API key */
    Unauthorized: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The key's role does not allow it */
    Forbidden: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description There is no such thing */
    NotFound: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The state does not allow it; `state` names it */
    Conflict: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The body is too large */
    TooLarge: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description The body is of another kind */
    UnsupportedMediaType: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Some fields need mending; `errors` names them */
    InvalidInput: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Too many requests; `Retry-After` says when to try again */
    RateLimited: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
    /** @description Not now; try again later */
    Unavailable: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/problem+json': components['schemas']['Problem'];
      };
    };
  };
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  account_get: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Your account */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Account'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      422: components['responses']['InvalidInput'];
    };
  };
  account_patch: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['AccountPatch'];
      };
    };
    responses: {
      /** @description Change your name */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Account'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      422: components['responses']['InvalidInput'];
    };
  };
  account_addPasskey: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewPasskey'];
      };
    };
    responses: {
      /** @description Add the passkey that the browser made */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Passkey'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  account_removePasskey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Remove a passkey */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  account_passkeyOptions: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What the browser needs to make a passkey (WebAuthn) */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['PasskeyOptions'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      422: components['responses']['InvalidInput'];
    };
  };
  account_password: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PasswordChange'];
      };
    };
    responses: {
      /** @description Change your password; all your other sessions end */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      422: components['responses']['InvalidInput'];
      429: components['responses']['RateLimited'];
      503: components['responses']['Unavailable'];
    };
  };
  account_renewCodes: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Make new recovery codes; those before work no more */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecoveryCodes'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  account_beginTotp: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Begin with an authenticator app; it counts once its first code is given */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TotpStart'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  account_removeTotp: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Remove the authenticator app */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      422: components['responses']['InvalidInput'];
    };
  };
  account_confirmTotp: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['TotpCode'];
      };
    };
    responses: {
      /** @description Turn the authenticator app on with its first code; answers with recovery codes */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecoveryCodes'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
      429: components['responses']['RateLimited'];
    };
  };
  alarms_list: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
        /** @description Only those in this state. */
        state?: 'open' | 'seen' | 'gone';
        /** @description Only those of this cause. */
        cause?:
          | 'edition_paused'
          | 'edition_late'
          | 'edition_failed'
          | 'provider_blocking'
          | 'complaint_rate'
          | 'bounce_rate'
          | 'feed_broken'
          | 'transport_resting'
          | 'mailbox_unreachable'
          | 'returned_mail_unread'
          | 'records_changed';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What operators are to look at, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AlarmPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  alarms_seen: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Note that somebody has seen it; once is enough */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Alarm'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  'api-keys_list': {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description API keys */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ApiKeyPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  'api-keys_create': {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewApiKey'];
      };
    };
    responses: {
      /** @description Make an API key; its text is shown this once */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MadeApiKey'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  'api-keys_revoke': {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Revoke an API key */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  articles_list: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
        /** @description Only articles that are so now. */
        state?: 'draft' | 'scheduled' | 'embargoed' | 'published' | 'retracted';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Articles, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ArticleItemPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  articles_create: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewArticle'];
      };
    };
    responses: {
      /** @description Add an article */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Article'];
        };
      };
      401: components['responses']['Unauthorized'];
      409: components['responses']['Conflict'];
      413: components['responses']['TooLarge'];
      422: components['responses']['InvalidInput'];
    };
  };
  articles_get: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description An article */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Article'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  articles_remove: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Delete an article that no reader has had */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  articles_patch: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ArticlePatch'];
      };
    };
    responses: {
      /** @description Change an article */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Article'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      413: components['responses']['TooLarge'];
      422: components['responses']['InvalidInput'];
    };
  };
  articles_correct: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewCorrection'];
      };
    };
    responses: {
      /** @description Correct an article: shown on its page, and mailed to those who had it */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Correction'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  articles_retract: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Take an article back: it is no longer shown or sent */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Article'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  articles_import: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['ArticleImport'];
      };
    };
    responses: {
      /** @description Make a draft of a page on the web, or give the article there is of it; takes at most 30 s */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Article'];
        };
      };
      /** @description Make a draft of a page on the web, or give the article there is of it; takes at most 30 s */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Article'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  audit_list: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
        /** @description Id of an operator or key, or its name then. */
        actor?: string;
        /** @description How it begins: `sign-in`, `DELETE /api/v1/subscribers`. */
        action?: string;
        /** @description Id of what it was done to. */
        subject?: string;
        /** @description RFC 3339: from then on. */
        from?: string;
        /** @description RFC 3339: before then. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Who did what, the newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AuditEntryPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  audit_export: {
    parameters: {
      query?: {
        /** @description Id of an operator or key, or its name then. */
        actor?: string;
        /** @description How it begins: `sign-in`, `DELETE /api/v1/subscribers`. */
        action?: string;
        /** @description Id of what it was done to. */
        subject?: string;
        /** @description RFC 3339: from then on. */
        from?: string;
        /** @description RFC 3339: before then. */
        to?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The same as CSV, all of it */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv': unknown;
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  calendar_list: {
    parameters: {
      query?: {
        /** @description RFC 3339, inclusive. Default: now. */
        from?: string;
        /** @description RFC 3339, exclusive; at most 366 days later. Default: 31 days later. */
        to?: string;
        /** @description Only of this digest. */
        digestId?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description When digests went out and will */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Calendar'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  consents_verify: {
    parameters: {
      query?: {
        /** @description Number and hash of a seal noted earlier; finds a tail that was cut off since. */
        head?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Check every row and seal of the consent ledger */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ConsentVerification'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  deliverability_check: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What receivers judge our mail by; asks DNS, at most once a minute, which takes at most 20 s */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Deliverability'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  deliverability_reported: {
    parameters: {
      query?: {
        /** @description How far back. */
        days?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description From which addresses mail came in our name, by the DMARC reports of the last days */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReportedSources'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  digests_list: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Digests that are not archived */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DigestPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  digests_create: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewDigest'];
      };
    };
    responses: {
      /** @description Make a digest */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Digest'];
        };
      };
      401: components['responses']['Unauthorized'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  digests_get: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A digest */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Digest'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  digests_remove: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description End a digest and every subscription to it */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  digests_patch: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['DigestPatch'];
      };
    };
    responses: {
      /** @description Change a digest */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Digest'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  digests_draft: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['NewEdition'];
      };
    };
    responses: {
      /** @description Draft an edition */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Edition'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  digests_plan: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['NewPlan'];
      };
    };
    responses: {
      /** @description What the next edition would be; nothing is written */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Plan'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
      503: components['responses']['Unavailable'];
    };
  };
  editions_list: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
        /** @description Only of this digest. */
        digestId?: string;
        /** @description Only those in this state. */
        status?: 'draft' | 'scheduled' | 'preparing' | 'sending' | 'paused' | 'sent' | 'cancelled' | 'failed';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Editions, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EditionPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  editions_get: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description An edition and how far it is */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Edition'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  editions_patch: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['EditionPatch'];
      };
    };
    responses: {
      /** @description Change a draft or scheduled edition */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Edition'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  editions_approve: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Say yes to a draft of a schedule: it goes out at its time, or now if that has passed */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Edition'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  editions_cancel: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description End it; who has not got it will not */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Edition'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  editions_decline: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Say no to a draft of a schedule */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Edition'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  editions_ledger: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
        /** @description Part of the reader's address or name. */
        q?: string;
        /** @description `deferred` is tried and waiting; `queued` is not tried yet. */
        status?:
          'queued' | 'claimed' | 'accepted' | 'failed' | 'suppressed' | 'expired' | 'uncertain' | 'deferred';
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The ledger: one row per reader; addresses masked for who may not read them */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeliveryPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  editions_explain: {
    parameters: {
      query: {
        /** @description The reader. */
        subscriberId: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Why a reader got each article, or not */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Explanation'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  editions_links: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The links of its mails, where they lead, and how many people followed them */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EditionLinks'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  editions_outcomes: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What became of its messages, by reply and provider, most first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EditionOutcomePage'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  editions_pause: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['EditionPause'];
      };
    };
    responses: {
      /** @description Stop it where it is */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Edition'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  editions_preview: {
    parameters: {
      query?: {
        /** @description `mjml` is the source, `eml` the whole message. */
        format?: 'html' | 'text' | 'mjml' | 'eml';
        /** @description Show the mail that this subscriber gets, byte for byte but for the links, which do nothing. */
        subscriberId?: string;
        /** @description Of `eml`: `8bit` is what a server that takes 8BITMIME gets, if the mail is not signed. */
        encoding?: '7bit' | '8bit';
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The mail as readers will get it; its links do nothing */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/html': unknown;
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  editions_resume: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Go on with a paused edition */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Edition'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  editions_schedule: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['EditionSchedule'];
      };
    };
    responses: {
      /** @description Send it at a time */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Edition'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  editions_send: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Send it now */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Edition'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  editions_test: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewTestMails'];
      };
    };
    responses: {
      /** @description Send it to a few addresses for a look; at most 60 mails an hour */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['QueuedMails'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
      429: components['responses']['RateLimited'];
    };
  };
  editions_waves: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Its waves: readers with the same send time */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WavePage'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  events_listen: {
    parameters: {
      query?: {
        /** @description As the header `Last-Event-ID`, which browsers send by themselves. */
        lastEventId?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What happens, as it happens: server-sent events, each with the id of what it is about */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': unknown;
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
      429: components['responses']['RateLimited'];
    };
  };
  feedback_classify: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['Reply'];
      };
    };
    responses: {
      /** @description What a reply of a mail server means */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReplyReading'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  feedback_list: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
        kind?:
          | 'bounce'
          | 'delayed'
          | 'complaint'
          | 'auto_reply'
          | 'unsubscribe'
          | 'dmarc_report'
          | 'tls_report'
          | 'other';
        /** @description Of a bounce. */
        class?: 'hard' | 'soft' | 'blocked' | 'none';
        subscriberId?: string;
        editionId?: string;
        /** @description Only what is of a reader of ours, or only what is not. */
        known?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What came back, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FeedbackEventPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  feedback_ingest: {
    parameters: {
      query?: {
        /** @description Only say what it would do. */
        dryRun?: string;
      };
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'message/rfc822': unknown;
      };
    };
    responses: {
      /** @description Take a mail that came back: a bounce, a complaint, an auto-reply, a report */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReturnedMessage'];
        };
      };
      401: components['responses']['Unauthorized'];
      413: components['responses']['TooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      422: components['responses']['InvalidInput'];
      503: components['responses']['Unavailable'];
    };
  };
  feedback_listWays: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description How it stands with the receiver and the mailbox that is read */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['WaysIn'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  feeds_list: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Feeds, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FeedPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  feeds_create: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewFeed'];
      };
    };
    responses: {
      /** @description Add a feed; it is fetched at once, which takes at most 30 s, and what is in it now is history */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Feed'];
        };
      };
      401: components['responses']['Unauthorized'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  feeds_get: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A feed, and what is wrong with it */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Feed'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  feeds_remove: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Remove a feed; its articles stay */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  feeds_patch: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['FeedPatch'];
      };
    };
    responses: {
      /** @description Change a feed; a new URL is fetched at once */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Feed'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  feeds_poll: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Poll a feed now; takes at most a minute or so */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['FeedPoll'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  invitations_invite: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewInvitation'];
      };
    };
    responses: {
      /** @description Invite somebody by mail, or once more who has not accepted; the link works for seven days */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Operator'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  operators_list: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Operators, the oldest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['OperatorPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  operators_create: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewOperator'];
      };
    };
    responses: {
      /** @description Make an operator with a first password; an invitation needs none */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Operator'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  operators_get: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description An operator */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Operator'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  operators_remove: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Remove an operator; the last owner stays */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  operators_patch: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['OperatorPatch'];
      };
    };
    responses: {
      /** @description Change an operator; another role or status ends their sessions */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Operator'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  operators_resetLink: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Make a link for a new password, to be handed over; it works for an hour */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ResetLink'];
        };
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  operators_removeSecondFactors: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Remove the authenticator app and the passkeys of who has lost them */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      403: components['responses']['Forbidden'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  publication_get: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The publication */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Publication'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  publication_update: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['PublicationPatch'];
      };
    };
    responses: {
      /** @description Change the publication; baseUrl only by an owner, and not when BASE_URL is set */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Publication'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  sessions_list: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Sessions that are open, the newest first: one's own; an owner sees everybody's */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SessionPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  sessions_end: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description End a session */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  slots_list: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
        /** @description Only of this digest. */
        digestId?: string;
        /** @description Only those; `held` wait for an operator. */
        status?: 'open' | 'fired' | 'held' | 'skipped';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Times at which digests were due, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SlotPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  slots_get: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A slot */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Slot'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  slots_send: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Fire a slot that is held: its readers get it now, those whose hour is to come then */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Slot'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  slots_skip: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Drop a slot that is held or open */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Slot'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  stats_articles: {
    parameters: {
      query?: {
        /** @description Default: what `Accept` asks for, else `json`. `csv` has the rows and no total. */
        format?: 'json' | 'csv';
        /** @description RFC 3339, inclusive; the full hour that it is in. Default: 30 days before `to`. */
        from?: string;
        /** @description RFC 3339, exclusive; at most 731 days later. Default: now. */
        to?: string;
        /** @description `clicks`: those first that most people clicked on. */
        order?: 'newest' | 'clicks';
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Articles beside each other */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ComparedStats'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  stats_article: {
    parameters: {
      query?: {
        /** @description Default: what `Accept` asks for, else `json`. `csv` has the rows and no total. */
        format?: 'json' | 'csv';
        /** @description RFC 3339, inclusive; the full hour that it is in. Default: 30 days before `to`. */
        from?: string;
        /** @description RFC 3339, exclusive; at most 731 days later. Default: now. */
        to?: string;
        by?: 'edition' | 'hour' | 'day';
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description An article in numbers: the mails that it was in */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ArticleStats'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  stats_audience: {
    parameters: {
      query?: {
        /** @description Default: what `Accept` asks for, else `json`. `csv` has the rows and no total. */
        format?: 'json' | 'csv';
        /** @description RFC 3339, inclusive; the full hour that it is in. Default: 30 days before `to`. */
        from?: string;
        /** @description RFC 3339, exclusive; at most 731 days later. Default: now. */
        to?: string;
        by?: 'source' | 'hour' | 'day';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Who came and who went */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['AudienceStats'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  stats_digest: {
    parameters: {
      query?: {
        /** @description Default: what `Accept` asks for, else `json`. `csv` has the rows and no total. */
        format?: 'json' | 'csv';
        /** @description RFC 3339, inclusive; the full hour that it is in. Default: 30 days before `to`. */
        from?: string;
        /** @description RFC 3339, exclusive; at most 731 days later. Default: now. */
        to?: string;
        by?: 'edition' | 'provider' | 'hour' | 'day';
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The editions of a digest in numbers */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EditionStats'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  stats_editions: {
    parameters: {
      query?: {
        /** @description Default: what `Accept` asks for, else `json`. `csv` has the rows and no total. */
        format?: 'json' | 'csv';
        /** @description RFC 3339, inclusive; the full hour that it is in. Default: 30 days before `to`. */
        from?: string;
        /** @description RFC 3339, exclusive; at most 731 days later. Default: now. */
        to?: string;
        /** @description `clicks`: those first that most people clicked on. */
        order?: 'newest' | 'clicks';
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Editions beside each other */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ComparedStats'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  stats_edition: {
    parameters: {
      query?: {
        /** @description Default: what `Accept` asks for, else `json`. `csv` has the rows and no total. */
        format?: 'json' | 'csv';
        by?: 'provider' | 'hour' | 'day';
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description An edition in numbers */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EditionStats'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  stats_providers: {
    parameters: {
      query?: {
        /** @description Default: what `Accept` asks for, else `json`. `csv` has the rows and no total. */
        format?: 'json' | 'csv';
        /** @description RFC 3339, inclusive; the full hour that it is in. Default: 30 days before `to`. */
        from?: string;
        /** @description RFC 3339, exclusive; at most 731 days later. Default: now. */
        to?: string;
        by?: 'provider' | 'hour' | 'day';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All editions by mailbox provider */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EditionStats'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  stats_topics: {
    parameters: {
      query?: {
        /** @description Default: what `Accept` asks for, else `json`. `csv` has the rows and no total. */
        format?: 'json' | 'csv';
        /** @description RFC 3339, inclusive; the full hour that it is in. Default: 30 days before `to`. */
        from?: string;
        /** @description RFC 3339, exclusive; at most 731 days later. Default: now. */
        to?: string;
        /** @description `clicks`: those first that most people clicked on. */
        order?: 'newest' | 'clicks';
        limit?: number;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Topics beside each other */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ComparedStats'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  stats_topic: {
    parameters: {
      query?: {
        /** @description Default: what `Accept` asks for, else `json`. `csv` has the rows and no total. */
        format?: 'json' | 'csv';
        /** @description RFC 3339, inclusive; the full hour that it is in. Default: 30 days before `to`. */
        from?: string;
        /** @description RFC 3339, exclusive; at most 731 days later. Default: now. */
        to?: string;
        by?: 'article' | 'edition' | 'hour' | 'day';
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The articles on a topic in numbers: a mail counts for each that was in it */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ArticleStats'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  subscribers_list: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
        /** @description Part of the address or the name; of several words each. Case and accents do not matter. Words of one or two letters are looked for everywhere among the newest ten thousand, and at the beginnings of addresses and names among the others. */
        q?: string;
        /** @description The whole address, in any spelling. */
        email?: string;
        status?: 'pending' | 'active' | 'unsubscribed' | 'bounced' | 'complained';
        /** @description Who has subscribed to it: its id or slug. */
        digest?: string;
        /** @description Who chose it by name (who takes all topics did not): its id or slug; with `digest`, in it. */
        topic?: string;
        /** @description Which form they came by first: `article`, `embed`, `import`, `api`, `operator` … */
        source?: string;
        /** @description As it is stored: `de`, `pt-BR`. */
        locale?: string;
        /** @description `true`: active, but nothing is sent to them now: their mailbox rests, or all they get is paused. */
        inactive?: string;
        /** @description `name:value`; may be given several times. */
        attribute?: string[];
        sort?: 'newest' | 'oldest' | 'address';
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Subscribers, newest first; found by what they are */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SubscriberPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  subscribers_create: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewSubscriber'];
      };
    };
    responses: {
      /** @description Add a subscriber; `active` needs `consent`, `pending` gets the confirmation mail */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Subscriber'];
        };
      };
      401: components['responses']['Unauthorized'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  subscribers_get: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A subscriber */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Subscriber'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  subscribers_erase: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Erase a subscriber; the proof of consent stays, without the address */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  subscribers_patch: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SubscriberPatch'];
      };
    };
    responses: {
      /** @description Change a subscriber */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Subscriber'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  subscribers_clicks: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What a subscriber who agreed to be measured clicked and opened, latest edition first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReaderClicksPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  subscribers_consents: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What the subscriber consented to, when, where and how */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ConsentPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  subscribers_data: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All that is held about a subscriber */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SubscriberData'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  subscribers_bulkList: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description What was done to many subscribers at once, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BulkActionPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  subscribers_startBulk: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewBulkAction'];
      };
    };
    responses: {
      /** @description Do something to many subscribers at once; `dryRun` counts them */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BulkAction'];
        };
      };
      401: components['responses']['Unauthorized'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  subscribers_bulk: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description One of it, and how far it is */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BulkAction'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  subscribers_undoBulk: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Call it off while it waits, or take back what was done; to unsubscribe can only be stopped */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['BulkAction'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  subscribers_counts: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description How many subscribers there are, by status and what they share */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ReaderCounts'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  subscribers_export: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description All subscribers as CSV */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/csv': unknown;
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  subscribers_import: {
    parameters: {
      query?: {
        /** @description How consent was given, kept as proof. Without it every new reader is asked to confirm by mail. */
        source?: string;
        terms?: 'accepted';
      };
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'text/csv': unknown;
      };
    };
    responses: {
      /** @description Import a CSV file with the columns email, name, locale, time_zone, topics, digests, status, attributes, cadence, weekday, hour, alerts, paused_until, subscriptions; only email must be there */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['ImportReport'];
        };
      };
      401: components['responses']['Unauthorized'];
      413: components['responses']['TooLarge'];
      415: components['responses']['UnsupportedMediaType'];
      422: components['responses']['InvalidInput'];
    };
  };
  suppressions_list: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
        /** @description Only of this subscriber’s address: one or none. */
        subscriberId?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Addresses never to be mailed (held as hashes) */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['SuppressionPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  suppressions_create: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewSuppression'];
      };
    };
    responses: {
      /** @description Suppress an address */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Suppression'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  suppressions_remove: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['SuppressionLift'];
      };
    };
    responses: {
      /** @description Let an address be mailed again; after a complaint only once it has consented anew */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  templates_check: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['TemplateCheck'];
      };
    };
    responses: {
      /** @description Whether a digest could be given a template, and if not, why; nothing is written */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TemplateReport'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
      503: components['responses']['Unavailable'];
    };
  };
  terms_list: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Versions of the terms, newest first */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TermsPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  terms_publish: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewTerms'];
      };
    };
    responses: {
      /** @description Publish a new version of the terms */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Terms'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  topics_list: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Topics */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TopicPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  topics_create: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewTopic'];
      };
    };
    responses: {
      /** @description Make a topic */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Topic'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  topics_get: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A topic */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Topic'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  topics_remove: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Remove a topic from articles and from readers’ choices */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  topics_update: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['TopicPatch'];
      };
    };
    responses: {
      /** @description Change a topic */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Topic'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  transports_list: {
    parameters: {
      query?: {
        /** @description How many per page, at most 200. */
        limit?: number;
        /** @description `nextCursor` of the page before. */
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Transports: SMTP accounts */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TransportPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      422: components['responses']['InvalidInput'];
    };
  };
  transports_create: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewTransport'];
      };
    };
    responses: {
      /** @description Make a transport */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Transport'];
        };
      };
      401: components['responses']['Unauthorized'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  transports_get: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description A transport, what it has sent and what is wrong with it */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Transport'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  transports_remove: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Remove a transport */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  transports_patch: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['TransportPatch'];
      };
    };
    responses: {
      /** @description Change a transport */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Transport'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  transports_keys: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description DKIM keys and their DNS records */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DkimKeyPage'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  transports_addKeys: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['NewDkimKeys'];
      };
    };
    responses: {
      /** @description Make a DKIM key, or one of each kind; answers with what belongs into DNS */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['MadeDkimKeys'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      409: components['responses']['Conflict'];
      422: components['responses']['InvalidInput'];
    };
  };
  transports_removeKey: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
        selector: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Remove a DKIM key */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  transports_hook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description The webhook of a transport's provider */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TransportHook'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  transports_setHook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        'application/json': components['schemas']['TransportHookInput'];
      };
    };
    responses: {
      /** @description Set the webhook of a transport's provider; it holds at once */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TransportHook'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  transports_removeHook: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Take no more events of this transport */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
  transports_test: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        'application/json': components['schemas']['NewTransportTest'];
      };
    };
    responses: {
      /** @description Connect, sign in and, with `to`, send one small mail; takes at most 20 s */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TransportTest'];
        };
      };
      401: components['responses']['Unauthorized'];
      404: components['responses']['NotFound'];
      422: components['responses']['InvalidInput'];
    };
  };
}
