import { vocechat } from '../src/services/vocechat/vocechat.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(vocechat);
