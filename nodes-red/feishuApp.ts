import { feishuApp } from '../src/services/feishu/feishuApp.channel';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(feishuApp);
