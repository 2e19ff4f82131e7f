import { pictureAgent } from './picture-agents.js';

describe('who fetched a picture', () => {
  it.each([
    ['Mozilla/5.0', 'prefetch'],
    [' mozilla/5.0 ', 'prefetch'],
    ['Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)', 'prefetch'],
    ['YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html', 'prefetch'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'reader'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.2.0', 'reader'],
    ['Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)', 'reader'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)', 'reader'],
    ['curl/8.5.0', 'machine'],
    ['', 'machine'],
    [undefined, 'machine'],
  ])('%s: %s', (userAgent, expected) => {
    expect(pictureAgent(userAgent)).toBe(expected);
  });
});
