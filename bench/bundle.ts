export { bark } from '../src/channels/bark';
export { serverChan } from '../src/channels/serverChan';
export { sre24 } from '../src/channels/sre24';
export { deliver } from '../src/core/deliver';
export { chars } from '../src/core/limit';
export { render } from '../src/core/markup';
