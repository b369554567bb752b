import { vocechat } from '../src/channels/vocechat';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(vocechat);
