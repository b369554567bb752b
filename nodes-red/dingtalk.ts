import { dingtalk } from '../src/services/dingtalk/dingtalk.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(dingtalk);
