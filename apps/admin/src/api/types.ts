import type { Schemas } from '#contract/paths.js';

/** What the operator API answers, by the names of its OpenAPI document. Times are RFC 3339 in UTC. */
export type Alarm = Schemas['Alarm'];
export type Account = Schemas['Account'];
export type ApiKey = Schemas['ApiKey'];
export type Article = Schemas['Article'];
export type ArticleItem = Schemas['ArticleItem'];
export type CalendarEntry = Schemas['CalendarEntry'];
export type Correction = Schemas['Correction'];
export type AudienceStats = Schemas['AudienceStats'];
export type Clicks = Schemas['Clicks'];
export type DeliverabilityLine = Schemas['DeliverabilityLine'];
export type Delivery = Schemas['Delivery'];
export type Digest = Schemas['Digest'];
export type Edition = Schemas['Edition'];
export type EditionStats = Schemas['EditionStats'];
export type Explanation = Schemas['Explanation'];
export type Feed = Schemas['Feed'];
export type FeedbackEvent = Schemas['FeedbackEvent'];
export type FeedPoll = Schemas['FeedPoll'];
export type OperatorPerson = Schemas['Operator'];
export type MadeApiKey = Schemas['MadeApiKey'];
export type Publication = Schemas['Publication'];
export type ReaderClicks = Schemas['ReaderClicks'];
export type ReportedSource = Schemas['ReportedSource'];
export type ReturnedMessage = Schemas['ReturnedMessage'];
export type Slot = Schemas['Slot'];
export type Subscriber = Schemas['Subscriber'];
export type Subscription = Schemas['Subscription'];
export type Suppression = Schemas['Suppression'];
export type Topic = Schemas['Topic'];
export type Transport = Schemas['Transport'];
export type TransportTest = Schemas['TransportTest'];
export type WayIn = Schemas['WayIn'];

/** Parts of them. */
export type AlarmCause = Alarm['cause'];
export type Role = NonNullable<ApiKey['role']>;
export type Permission = NonNullable<ApiKey['scopes']>[number];
export type ArticleState = ArticleItem['state'];
export type Schedule = NonNullable<Digest['schedule']>;
export type SkipOrSend = Digest['whenEmpty'];
export type DeliveryStatus = Delivery['status'];
export type SubscriberStatus = Subscriber['status'];
export type Cadence = Subscription['cadence'];
