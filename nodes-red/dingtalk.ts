import { dingtalk } from '../src/channels/dingtalk';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(dingtalk);
