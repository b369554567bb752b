export { bark } from '../src/channels/bark';
export { serverChan } from '../src/channels/serverChan';
export { deliver } from '../src/core/deliver';
