import { feishuApp } from '../src/channels/feishuApp';
import { channelSet } from '../src/hosts/node-red/channel-node';

export = channelSet(feishuApp);
