export { bark } from '../src/channels/bark';
export { serverChan } from '../src/channels/serverChan';
export { sre24 } from '../src/channels/sre24';
export { deliver } from '../src/core/deliver';
