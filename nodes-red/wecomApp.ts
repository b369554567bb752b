import { wecomApp } from '../src/services/wecom/wecomApp.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(wecomApp);
