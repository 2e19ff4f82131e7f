import { usePublication } from '../api/queries';

/** The subject and the preheader as three inboxes show them. */
export function Inboxes({ lines }: { lines: { subject: string; preheader: string } }) {
  const publication = usePublication();
  const sender = publication.data?.senderName ?? publication.data?.name ?? '';
  const { subject, preheader } = lines;
  return (
    <div className="inboxes" role="group" aria-label="As inboxes show it">
      <figure className="inbox inbox-line">
        <figcaption>Gmail on a computer</figcaption>
        <div className="inbox-row">
          <b>{sender}</b>
          <span className="inbox-cut">
            <b>{subject}</b> <span className="quiet">– {preheader}</span>
          </span>
          <span className="quiet">07:00</span>
        </div>
      </figure>
      <figure className="inbox inbox-phone">
        <figcaption>Mail on a telephone</figcaption>
        <div>
          <div className="inbox-top">
            <b>{sender}</b> <span className="quiet">07:00</span>
          </div>
          <div className="inbox-cut">{subject}</div>
          <div className="inbox-two quiet">{preheader}</div>
        </div>
      </figure>
      <figure className="inbox inbox-pane">
        <figcaption>Outlook</figcaption>
        <div>
          <div className="inbox-cut">{sender}</div>
          <div className="inbox-top">
            <b className="inbox-cut">{subject}</b> <span className="quiet">07:00</span>
          </div>
          <div className="inbox-cut quiet">{preheader}</div>
        </div>
      </figure>
    </div>
  );
}
