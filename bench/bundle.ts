export { bark } from '../src/services/bark/bark.channel';
export { serverChan } from '../src/services/serverChan/serverChan.channel';
export { sre24 } from '../src/services/sre24/sre24.channel';
export { deliver } from '../src/core/deliver/deliver';
export { chars } from '../src/core/base/limit';
export { render } from '../src/core/markup';
