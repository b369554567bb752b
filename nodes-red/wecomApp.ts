import { wecomApp } from '../src/channels/wecomApp';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(wecomApp);
